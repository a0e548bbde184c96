#pragma once

#include <cstddef>

#include "audit/record.h"
#include "base/result.h"
#include "storage/row.h"

namespace hutong::audit {

/// The columns that record_of() reads, in its order.
inline constexpr const char* kRecordColumns =
    "sequence, time, subject, fingerprint, action, object_kind, object_id, outcome, detail, signed_content,"
    " signature, previous, hash, audited_at, audited_by, archived_at";

/// A hash column; other lengths than 32 octets mean tampering and become a hash that matches nothing real.
crypto::Sm3Digest digest_of(const storage::Row& row, std::size_t column);
Record record_of(const storage::Row& row);

}  // namespace hutong::audit
