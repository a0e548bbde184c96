#include "audit/internal/rows.h"

#include <algorithm>

namespace hutong::audit {

crypto::Sm3Digest digest_of(const storage::Row& row, std::size_t column) {
  crypto::Sm3Digest digest{};
  const Bytes& octets = row.bytes(column);
  if (octets.size() == digest.size()) {
    std::ranges::copy(octets, digest.begin());
  } else {
    digest.fill(0xff);
  }
  return digest;
}

Record record_of(const storage::Row& row) {
  Record record;
  record.sequence = row.integer(0);
  Event& event = record.event;
  event.time = row.moment(1);
  event.actor = {row.text(2), row.text(3)};
  event.action = row.text(4);
  event.object_kind = row.text(5);
  event.object_id = row.text(6);
  event.outcome = row.get<Outcome>(7);
  event.detail = row.text(8);
  if (!row.is_null(9) && !row.is_null(10)) {
    event.signature = OperatorSignature{row.bytes(9), row.bytes(10)};
  }
  record.previous = digest_of(row, 11);
  record.hash = digest_of(row, 12);
  record.marks = {row.get<std::optional<Time>>(13), row.get<std::optional<std::string>>(14).value_or(""),
                  row.get<std::optional<Time>>(15)};
  return record;
}

}  // namespace hutong::audit
