#include "kmc/schema.h"

#include <array>

namespace hutong::kmc {
namespace {

/// The three stores are three tables: a key pair is in exactly one of them.
constexpr std::string_view kStores = R"(
CREATE TABLE centre (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  key_label TEXT NOT NULL,
  certificate BLOB NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE master_keys (
  id TEXT PRIMARY KEY,
  public_key BLOB NOT NULL,
  threshold INTEGER NOT NULL,
  shares INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
);
CREATE TABLE master_shares (
  master TEXT NOT NULL REFERENCES master_keys (id),
  number INTEGER NOT NULL,
  check_value BLOB NOT NULL,
  custodian TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (master, number)
);
CREATE TABLE store_keys (
  id TEXT PRIMARY KEY,
  key_label TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  master TEXT NOT NULL REFERENCES master_keys (id),
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE spare_keys (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL,
  public_key BLOB NOT NULL,
  escrowed BLOB NOT NULL,
  store_key TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  made_at INTEGER NOT NULL
);
CREATE TABLE used_keys (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL,
  public_key BLOB NOT NULL,
  escrowed BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  authority TEXT NOT NULL,
  certificate TEXT NOT NULL,
  holder BLOB NOT NULL,
  envelope BLOB NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  delivered_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX used_keys_certificate ON used_keys (authority, certificate);
CREATE UNIQUE INDEX used_keys_public_key ON used_keys (public_key);
CREATE INDEX used_keys_end ON used_keys (not_after);
CREATE TABLE history_keys (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL,
  public_key BLOB NOT NULL,
  escrowed BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  authority TEXT NOT NULL,
  certificate TEXT NOT NULL,
  holder BLOB NOT NULL,
  envelope BLOB NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  delivered_at INTEGER NOT NULL,
  retired_at INTEGER NOT NULL,
  reason INTEGER NOT NULL
);
CREATE UNIQUE INDEX history_keys_certificate ON history_keys (authority, certificate);
CREATE UNIQUE INDEX history_keys_public_key ON history_keys (public_key);
CREATE INDEX history_keys_end ON history_keys (retired_at);
CREATE TABLE authorities (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  certificate BLOB NOT NULL,
  certificate_fingerprint TEXT NOT NULL,
  tls_fingerprint TEXT NOT NULL,
  state INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX authorities_tls ON authorities (tls_fingerprint);
CREATE UNIQUE INDEX authorities_certificate ON authorities (certificate_fingerprint);
CREATE TABLE policy (
  id INTEGER PRIMARY KEY,
  minimum INTEGER NOT NULL,
  target INTEGER NOT NULL,
  expired_days INTEGER NOT NULL,
  history_days INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE TABLE jobs (
  name TEXT PRIMARY KEY,
  last_run INTEGER
);
INSERT INTO jobs (name, last_run) VALUES ('making', NULL);
INSERT INTO jobs (name, last_run) VALUES ('retention', NULL);
CREATE TABLE makings (
  id TEXT PRIMARY KEY,
  wanted INTEGER NOT NULL,
  made INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
);
CREATE INDEX makings_open ON makings (due_at, id) WHERE finished_at IS NULL;
)";

constexpr std::string_view kRecovery = R"(
CREATE TABLE judicial_officers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  organisation TEXT NOT NULL,
  certificate BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  state INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX judicial_officers_certificate ON judicial_officers (fingerprint);
CREATE TABLE recoveries (
  id TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  master TEXT NOT NULL,
  authority TEXT NOT NULL,
  certificate TEXT NOT NULL,
  target_key BLOB NOT NULL,
  target_certificate BLOB,
  officer TEXT,
  document_number TEXT NOT NULL,
  grounds TEXT NOT NULL,
  document_name TEXT NOT NULL,
  document BLOB,
  requested_by TEXT NOT NULL,
  case_key BLOB NOT NULL,
  case_key_sealed BLOB,
  store_key TEXT NOT NULL,
  envelope BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  finished_at INTEGER,
  version INTEGER NOT NULL
);
CREATE INDEX recoveries_of_key ON recoveries (key_id, state);
CREATE INDEX recoveries_by_state ON recoveries (state, id);
CREATE TABLE recovery_shares (
  recovery TEXT NOT NULL REFERENCES recoveries (id),
  number INTEGER NOT NULL,
  custodian TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  share BLOB,
  given_at INTEGER NOT NULL,
  PRIMARY KEY (recovery, number)
);
CREATE UNIQUE INDEX recovery_shares_custodian ON recovery_shares (recovery, fingerprint);
)";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "key stores, authorities, policy, jobs", .sql = kStores},
    storage::Migration{.number = 2, .name = "recovery", .sql = kRecovery}};

}  // namespace

std::span<const storage::Migration> migrations() { return kMigrations; }

}  // namespace hutong::kmc
