#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hutong::storage {

/// One step of a schema, as data. Once released it is never edited: a later step corrects it. A program of
/// the former release may run on the new schema during a rolling upgrade, so a step only adds.
struct Migration {
  int number;                            ///< from 1, without gaps, per component
  std::string_view name;                 ///< for people: "orders and their history"
  std::string_view sql;                  ///< statements for both databases, in the dialect of README.md
  std::string_view sql_sqlite = {};      ///< run after `sql` on SQLite only
  std::string_view sql_postgresql = {};  ///< run after `sql` on PostgreSQL only
};

/// Brings the tables of one component ("ca", "kmc", "audit" …) up to date. Each step is one transaction under
/// a lock, so nodes that start together do not meet; the step is recorded in `hutong_migrations` with the SM3
/// of its texts. A recorded step that is changed or missing here is kPolicy "storage.history" and nothing is
/// done; recorded steps beyond our last are those of a newer release and stay.
Status migrate(Database& database, std::string_view component, std::span<const Migration> migrations,
               const Clock& clock);

}  // namespace hutong::storage
