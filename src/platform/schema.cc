#include "platform/schema.h"

#include <array>

#include "audit/audit_log.h"
#include "operators/schema.h"

namespace hutong::platform {
namespace {

/// One step of a vendor waits for its second person at most; `content` is NULL unless it changes what is
/// known.
constexpr std::string_view kVendors = R"(
CREATE TABLE vendors (
  id TEXT PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  uscc TEXT NOT NULL,
  first_batch INTEGER NOT NULL,
  connector_kind INTEGER NOT NULL,
  connector_address TEXT NOT NULL,
  profile TEXT NOT NULL,
  state INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX vendors_uscc ON vendors (uscc);
CREATE INDEX vendors_state ON vendors (state, id);
CREATE TABLE vendor_documents (
  id TEXT PRIMARY KEY,
  vendor TEXT NOT NULL REFERENCES vendors (id),
  kind INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  sm3 TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL
);
CREATE INDEX vendor_documents_vendor ON vendor_documents (vendor, id);
CREATE TABLE vendor_steps (
  id TEXT PRIMARY KEY,
  vendor TEXT NOT NULL REFERENCES vendors (id),
  from_state INTEGER NOT NULL,
  to_state INTEGER NOT NULL,
  reason TEXT NOT NULL,
  vendor_version INTEGER NOT NULL,
  state INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER,
  decision_reason TEXT NOT NULL,
  content TEXT
);
CREATE INDEX vendor_steps_vendor ON vendor_steps (vendor, id);
CREATE UNIQUE INDEX vendor_steps_open ON vendor_steps (vendor) WHERE decided_at IS NULL;
)";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "vendors, their documents and steps", .sql = kVendors}};

}  // namespace

std::span<const storage::Migration> migrations() { return kMigrations; }

Result<storage::Database> open_database(std::string_view url, const Clock& clock) {
  HUTONG_TRY(auto database, storage::Database::open(url));
  HUTONG_CHECK(storage::migrate(database, "audit", audit::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, operators::kComponent, operators::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kComponent, migrations(), clock));
  return database;
}

}  // namespace hutong::platform
