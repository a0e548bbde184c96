#include <string>

#include "audit/audit_log.h"
#include "audit/internal/rows.h"

namespace hutong::audit {
namespace {

using Defect = ChainReport::Defect;

/// Follows the chain link by link; the first defect ends it.
class ChainWalk {
 public:
  ChainWalk(Head before, const std::optional<Head>& expected) : last_(before), expected_(expected) {
    found_expected_ = !expected || is_expected(before);
  }

  void follow(const Record& record) {
    ++report_.records;
    report_.first = report_.first == 0 ? record.sequence : report_.first;
    if (!report_.whole()) {
      return;
    }
    if (record.sequence != last_.sequence + 1) {
      return blame(Defect::kGap, last_.sequence + 1);
    }
    if (record.previous != last_.hash) {
      return blame(Defect::kPreviousHash, record.sequence);
    }
    if (record.hash != chain_hash(last_.hash, record.sequence, record.event)) {
      return blame(Defect::kHash, record.sequence);
    }
    last_ = {record.sequence, record.hash};
    found_expected_ = found_expected_ || is_expected(last_);
  }

  ChainReport finish(const Head& head) {
    report_.head = head;
    if (report_.whole() && (head.sequence != last_.sequence || head.hash != last_.hash)) {
      blame(Defect::kTail, last_.sequence + 1);
    }
    if (report_.whole() && !found_expected_) {
      blame(Defect::kTail, expected_->sequence);
    }
    return report_;
  }

 private:
  bool is_expected(const Head& link) const {
    return link.sequence == expected_->sequence && link.hash == expected_->hash;
  }
  void blame(Defect defect, std::int64_t at) {
    report_.defect = defect;
    report_.defect_at = at;
  }

  Head last_;
  const std::optional<Head>& expected_;
  bool found_expected_ = false;
  ChainReport report_;
};

}  // namespace

Result<Head> head(storage::Reader& reader) {
  HUTONG_TRY(const storage::Row row, reader.query_one("SELECT sequence, hash FROM audit_head WHERE id = 1"));
  return Head{row.integer(0), digest_of(row, 1)};
}

Result<ChainReport> verify_chain(storage::Reader& reader, const std::optional<Head>& expected) {
  HUTONG_TRY(const storage::Row row, reader.query_one("SELECT sequence, hash, before_sequence, before_hash"
                                                      " FROM audit_head WHERE id = 1"));
  ChainWalk walk({row.integer(2), digest_of(row, 3)}, expected);
  HUTONG_CHECK(reader.for_each(
      [&](const storage::Row& record) {
        walk.follow(record_of(record));
        return ok();
      },
      std::string("SELECT ") + kRecordColumns + " FROM audit_records ORDER BY sequence"));
  return walk.finish({row.integer(0), digest_of(row, 1)});
}

}  // namespace hutong::audit
