#include "ca/cmp/cmp_schema.h"

#include <array>

namespace hutong::ca {
namespace {

constexpr std::string_view kTables = R"(
CREATE TABLE cmp_clients (
  reference BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  templates TEXT NOT NULL,
  rights INTEGER NOT NULL,
  organization TEXT NOT NULL,
  organization_number TEXT NOT NULL,
  sealed_secret BLOB NOT NULL,
  retired INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE cmp_transactions (
  id BLOB PRIMARY KEY,
  sender TEXT NOT NULL,
  request_sm3 BLOB NOT NULL,
  answer_kind INTEGER NOT NULL,
  request_ids TEXT NOT NULL,
  order_id TEXT NOT NULL,
  state INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX cmp_transactions_by_age ON cmp_transactions (created_at);
)";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "CMP clients and transactions", .sql = kTables}};

}  // namespace

std::span<const storage::Migration> cmp_migrations() { return kMigrations; }

}  // namespace hutong::ca
