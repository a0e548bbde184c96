#include <array>

#include "audit/audit_log.h"

namespace hutong::audit {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{
    {1, "records and the head of their chain",
     R"(
CREATE TABLE audit_records (
  sequence INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  subject TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  detail TEXT NOT NULL,
  signed_content BLOB,
  signature BLOB,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL,
  audited_at INTEGER,
  audited_by TEXT,
  archived_at INTEGER
);
CREATE INDEX audit_records_time ON audit_records (time);
CREATE INDEX audit_records_subject ON audit_records (subject, sequence);
CREATE INDEX audit_records_action ON audit_records (action, sequence);
CREATE INDEX audit_records_object ON audit_records (object_kind, object_id, sequence);
-- `before_*` is the link before the oldest record kept; it moves when archived records are pruned.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL,
  before_sequence INTEGER NOT NULL,
  before_hash BLOB NOT NULL
);)",
     "INSERT INTO audit_head VALUES (1, 0, zeroblob(32), 0, zeroblob(32))",
     "INSERT INTO audit_head VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), "
     "'hex'))"},
}};

}  // namespace

std::span<const storage::Migration> migrations() { return kMigrations; }

}  // namespace hutong::audit
