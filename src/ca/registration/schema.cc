#include "ca/registration/schema.h"

#include <array>

namespace hutong::ca::registration {
namespace {

constexpr std::string_view kOrders = R"(
CREATE TABLE sealing_keys (
  name TEXT PRIMARY KEY,
  wrapped BLOB NOT NULL
);
CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  version INTEGER NOT NULL,
  template_id TEXT NOT NULL,
  name TEXT NOT NULL,
  shown_number TEXT NOT NULL,
  role INTEGER NOT NULL,
  region TEXT NOT NULL,
  sealed BLOB NOT NULL,
  holder TEXT NOT NULL,
  days INTEGER,
  request BLOB NOT NULL,
  key_sm3 BLOB,
  target TEXT,
  reason INTEGER,
  signing_serial TEXT NOT NULL,
  encryption_serial TEXT NOT NULL,
  enveloped_key BLOB NOT NULL,
  issued_signing TEXT,
  issued_encryption TEXT,
  secret_sm3 BLOB NOT NULL,
  problem_code TEXT,
  problem_detail TEXT,
  problem_at INTEGER,
  batch TEXT NOT NULL,
  client TEXT NOT NULL,
  idempotency_key TEXT,
  entered_subject TEXT NOT NULL,
  entered_fingerprint TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX orders_one_key ON orders (key_sm3) WHERE key_sm3 IS NOT NULL;
CREATE UNIQUE INDEX orders_one_request ON orders (client, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX orders_by_state ON orders (state, id);
CREATE INDEX orders_by_holder ON orders (holder, id);
CREATE INDEX orders_by_batch ON orders (batch, id);
CREATE INDEX orders_by_target ON orders (target);
CREATE TABLE order_steps (
  order_id TEXT NOT NULL REFERENCES orders (id),
  number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  at INTEGER NOT NULL,
  subject TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  is_signed INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (order_id, number)
);
CREATE TABLE materials (
  order_id TEXT NOT NULL REFERENCES orders (id),
  sm3 TEXT NOT NULL,
  kind INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (order_id, sm3)
);
CREATE TABLE fees (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders (id),
  item TEXT NOT NULL,
  cents INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX fees_by_order ON fees (order_id, id);
CREATE TABLE template_grants (
  id TEXT PRIMARY KEY,
  granted_at INTEGER NOT NULL
);
CREATE TABLE order_templates (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  taken_at INTEGER NOT NULL
);
CREATE TABLE escrowed_keys (
  certificate TEXT PRIMARY KEY,
  key_serial TEXT NOT NULL
);
CREATE TABLE key_centre_tasks (
  id TEXT PRIMARY KEY,
  key_serial TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  last_error TEXT NOT NULL
);
CREATE INDEX key_centre_tasks_by_time ON key_centre_tasks (next_at, id);
)";

/// Keys whose possession a CMP message proved.
constexpr std::string_view kProvenKeys = "ALTER TABLE orders ADD COLUMN proven_key BLOB";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "orders, their history, materials, fees", .sql = kOrders},
    storage::Migration{.number = 2, .name = "keys that CMP proved", .sql = kProvenKeys}};

}  // namespace

std::span<const storage::Migration> registration_migrations() { return kMigrations; }

}  // namespace hutong::ca::registration
