#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hutong::bench {

/// Orders and certificates for a database that must be large, made by SQLite itself from those that are
/// there: the same rows with serials, keys, holders and names of their own, in the real schema with all its
/// indexes. SQLite only.

/// So many orders of the first one's kind, with its two certificates each.
Status multiply_orders(storage::Database& database, std::int64_t orders);
/// So many revoked certificates like the first one.
Status multiply_revoked(storage::Database& database, std::int64_t certificates, Time revoked_at);

}  // namespace hutong::bench
