#include "audit/audit_log.h"
#include "audit/internal/rows.h"

namespace hutong::audit {
namespace {

Status insert(storage::Transaction& transaction, const Head& former, const Head& link, const Event& event) {
  std::optional<ByteView> content;
  std::optional<ByteView> signature;
  if (event.signature) {
    content = event.signature->content;
    signature = event.signature->value;
  }
  HUTONG_CHECK(transaction.execute(
      "INSERT INTO audit_records (sequence, time, subject, fingerprint, action, object_kind, object_id, "
      "outcome, detail,"
      " signed_content, signature, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      link.sequence, event.time, event.actor.subject, event.actor.fingerprint, event.action,
      event.object_kind, event.object_id, event.outcome, event.detail, content, signature,
      ByteView(former.hash), ByteView(link.hash)));
  return ok();
}

}  // namespace

Status append(storage::Transaction& transaction, std::span<const Event> events) {
  HUTONG_TRY(const storage::Rows locked,
             transaction.query_for_update("SELECT sequence, hash FROM audit_head WHERE id = 1"));
  if (locked.size() != 1) {
    return Error{Errc::kInternal, "audit.no_head", "the head of the audit chain is missing"};
  }
  Head last{locked[0].integer(0), digest_of(locked[0], 1)};
  for (const Event& event : events) {
    const Head link{last.sequence + 1, chain_hash(last.hash, last.sequence + 1, event)};
    HUTONG_CHECK(insert(transaction, last, link, event));
    last = link;
  }
  HUTONG_CHECK(transaction.execute("UPDATE audit_head SET sequence = ?, hash = ? WHERE id = 1", last.sequence,
                                   ByteView(last.hash)));
  return ok();
}

}  // namespace hutong::audit
