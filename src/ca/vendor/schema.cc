#include "ca/vendor/schema.h"

#include <array>

namespace hutong::ca::vendor {
namespace {

constexpr std::string_view kWebhooks = R"(
CREATE TABLE webhooks (
  client TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  last_error TEXT NOT NULL
);
CREATE TABLE webhook_events (
  id TEXT PRIMARY KEY,
  client TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL
);
CREATE INDEX webhook_events_by_client ON webhook_events (client, attempts, id);
)";

constexpr std::array kMigrations{
    storage::Migration{.number = 1, .name = "webhooks and what waits for them", .sql = kWebhooks}};

}  // namespace

std::span<const storage::Migration> vendor_migrations() { return kMigrations; }

}  // namespace hutong::ca::vendor
