#include "operators/schema.h"

#include <array>

namespace hutong::operators {
namespace {

constexpr std::string_view kTables = R"(
CREATE TABLE operators (
  id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  role INTEGER NOT NULL,
  rights TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  certificate BLOB NOT NULL,
  state INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX operators_one_certificate ON operators (fingerprint) WHERE state = 1;
CREATE INDEX operators_by_role ON operators (role, state, id);
-- Every certificate that ever was an operator's: signatures in old audit records are verified with them.
CREATE TABLE operator_certificates (
  fingerprint TEXT PRIMARY KEY,
  certificate BLOB NOT NULL,
  operator_id TEXT NOT NULL,
  registered_at INTEGER NOT NULL
);
CREATE TABLE operator_sessions (
  id TEXT PRIMARY KEY,
  token_sm3 BLOB NOT NULL,
  operator_id TEXT NOT NULL REFERENCES operators (id),
  remote TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  active_at INTEGER NOT NULL,
  proven_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT
);
CREATE UNIQUE INDEX operator_sessions_token ON operator_sessions (token_sm3);
CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator_id) WHERE ended_at IS NULL;
CREATE INDEX operator_sessions_by_end ON operator_sessions (expires_at);
-- Challenges and signatures that were used, kept until they are too old to be used again.
CREATE TABLE operator_used_once (
  digest BLOB PRIMARY KEY,
  used_at INTEGER NOT NULL
);
CREATE INDEX operator_used_once_by_time ON operator_used_once (used_at);
-- The fingerprint is empty for certificates that are nobody's.
CREATE TABLE operator_login_failures (
  fingerprint TEXT NOT NULL,
  remote TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, remote)
);
CREATE INDEX operator_login_failures_by_time ON operator_login_failures (last_at);
CREATE TABLE operator_challenge_key (
  id INTEGER PRIMARY KEY,
  secret BLOB NOT NULL
);
CREATE TABLE api_clients (
  id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  rights TEXT NOT NULL,
  fingerprint TEXT,
  certificate BLOB,
  key_sm3 BLOB,
  state INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE UNIQUE INDEX api_clients_one_certificate ON api_clients (fingerprint) WHERE state = 1 AND fingerprint IS NOT NULL;
CREATE UNIQUE INDEX api_clients_one_key ON api_clients (key_sm3) WHERE key_sm3 IS NOT NULL;
CREATE TABLE audit_archives (
  id TEXT PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  file_name TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX audit_archives_one_first ON audit_archives (first_sequence);
)";

constexpr std::string_view kRegions = "ALTER TABLE operators ADD COLUMN region TEXT NOT NULL DEFAULT ''";

constexpr std::array kMigrations{
    storage::Migration{
        .number = 1, .name = "operators, sessions, API clients, audit archives", .sql = kTables},
    storage::Migration{.number = 2, .name = "operators bound to a region", .sql = kRegions}};

}  // namespace

std::span<const storage::Migration> migrations() { return kMigrations; }

}  // namespace hutong::operators
