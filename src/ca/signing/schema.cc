#include "ca/signing/schema.h"

#include <array>

namespace hutong::ca {
namespace {

constexpr std::string_view kCertificates = R"(
CREATE TABLE authorities (
  id TEXT PRIMARY KEY,
  key_label TEXT NOT NULL,
  certificate BLOB NOT NULL,
  state INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE link_certificates (
  sm3 BLOB PRIMARY KEY,
  authority TEXT NOT NULL,
  kind INTEGER NOT NULL,
  der BLOB NOT NULL
);
CREATE TABLE templates (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  in_use INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id, version)
);
CREATE TABLE certificates (
  serial TEXT PRIMARY KEY,
  authority TEXT NOT NULL,
  template_id TEXT NOT NULL,
  template_version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  holder TEXT NOT NULL,
  order_id TEXT NOT NULL,
  pair TEXT,
  key_sm3 BLOB NOT NULL,
  der BLOB NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  partition_number INTEGER NOT NULL,
  state INTEGER NOT NULL,
  changed_at INTEGER,
  reason INTEGER,
  version INTEGER NOT NULL
);
CREATE INDEX certificates_by_key ON certificates (key_sm3);
CREATE INDEX certificates_by_order ON certificates (order_id);
CREATE INDEX certificates_by_holder ON certificates (holder, serial);
CREATE INDEX certificates_by_end ON certificates (not_after);
CREATE INDEX certificates_changed ON certificates (authority, partition_number, changed_at) WHERE changed_at IS NOT NULL;
CREATE TABLE status_counter (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL
);
INSERT INTO status_counter (id, number) VALUES (1, 0);
CREATE TABLE status_changes (
  number INTEGER PRIMARY KEY,
  serial TEXT NOT NULL
);
CREATE TABLE service_keys (
  purpose TEXT NOT NULL,
  authority TEXT NOT NULL,
  key_label TEXT NOT NULL,
  certificate BLOB NOT NULL,
  PRIMARY KEY (purpose, authority)
);
CREATE TABLE list_numbers (
  authority TEXT NOT NULL,
  partition_number INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (authority, partition_number)
);
CREATE TABLE lists (
  authority TEXT NOT NULL,
  partition_number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  number INTEGER NOT NULL,
  base_number INTEGER,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (authority, partition_number, kind)
);
)";

/// Up to which change of a state a list knows them all.
constexpr std::string_view kListChanges =
    "ALTER TABLE lists ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0;";

/// For a million certificates: a list, a search and the counts read an index, not the certificates.
constexpr std::string_view kIndexes = R"(
DROP INDEX certificates_changed;
CREATE INDEX certificates_listed
  ON certificates (authority, partition_number, serial, state, changed_at, reason, not_after)
  WHERE changed_at IS NOT NULL;
CREATE INDEX certificates_by_state ON certificates (state, serial) WHERE changed_at IS NOT NULL;
CREATE INDEX certificates_searched ON certificates (serial, state, template_id, not_after, subject);
)";

constexpr std::array kSigningMigrations{
    storage::Migration{
        .number = 1, .name = "authorities, templates, certificates, lists", .sql = kCertificates},
    storage::Migration{.number = 2, .name = "changes that a list knows", .sql = kListChanges},
    storage::Migration{.number = 3, .name = "indexes for many certificates", .sql = kIndexes}};

}  // namespace

std::span<const storage::Migration> signing_migrations() { return kSigningMigrations; }

}  // namespace hutong::ca
