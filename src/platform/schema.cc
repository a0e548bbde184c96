#include "platform/schema.h"

#include <array>

#include "audit/audit_log.h"
#include "operators/schema.h"
#include "platform/login/grant.h"
#include "platform/subjects/subject_repository.h"

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

/// What came of asking vendors who they are; `problem` is empty where one answered.
constexpr std::string_view kConnectorChecks = R"(
CREATE TABLE connector_checks (
  id TEXT PRIMARY KEY,
  vendor TEXT NOT NULL REFERENCES vendors (id),
  kind INTEGER NOT NULL,
  address TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  answered_by TEXT NOT NULL,
  problem TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX connector_checks_vendor ON connector_checks (vendor, id);
)";

/// One draft waits for its second person at most. Lists are never changed or removed.
constexpr std::string_view kTrustLists = R"(
CREATE TABLE trust_releases (
  id TEXT PRIMARY KEY,
  base_number INTEGER NOT NULL,
  draft_sm3 TEXT NOT NULL,
  valid_days INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER,
  decision_reason TEXT NOT NULL
);
CREATE UNIQUE INDEX trust_releases_open ON trust_releases (base_number) WHERE decided_at IS NULL;
CREATE TABLE trust_lists (
  number INTEGER PRIMARY KEY,
  sm3 TEXT NOT NULL,
  previous_sm3 TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  release TEXT NOT NULL REFERENCES trust_releases (id),
  message BLOB NOT NULL,
  json BLOB NOT NULL,
  xml BLOB NOT NULL,
  xml_signature BLOB NOT NULL,
  signer BLOB NOT NULL
);
)";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "vendors, their documents and steps", .sql = kVendors},
    storage::Migration{.number = 2, .name = "trust lists and their releases", .sql = kTrustLists},
    storage::Migration{.number = 3, .name = "checks of connectors", .sql = kConnectorChecks}};

}  // namespace

std::span<const storage::Migration> migrations() { return kMigrations; }

Result<storage::Database> open_database(std::string_view url, const Clock& clock) {
  HUTONG_TRY(auto database, storage::Database::open(url));
  HUTONG_CHECK(storage::migrate(database, "audit", audit::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, operators::kComponent, operators::migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, kComponent, migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, "subjects", subject_migrations(), clock));
  HUTONG_CHECK(storage::migrate(database, "login", login::login_migrations(), clock));
  return database;
}

}  // namespace hutong::platform
