#include "platform/login/grant.h"

#include <array>

namespace hutong::platform::login {
namespace {

constexpr std::string_view kLogin = R"(
CREATE TABLE login_keys (
  name TEXT PRIMARY KEY,
  sealed BLOB NOT NULL
);
CREATE TABLE business_systems (
  id TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  secret_index BLOB NOT NULL,
  state INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER
);
CREATE TABLE login_grants (
  id TEXT PRIMARY KEY,
  system TEXT NOT NULL REFERENCES business_systems (id),
  subject TEXT NOT NULL REFERENCES subjects (id),
  claims TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL,
  nonce TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  authenticated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  code_used_at INTEGER,
  refreshed INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT
);
CREATE INDEX login_grants_by_end ON login_grants (expires_at);
-- Nonces of challenges that were answered, kept until they are too old to be answered again.
CREATE TABLE login_used_nonces (
  nonce BLOB PRIMARY KEY,
  used_at INTEGER NOT NULL
);
CREATE INDEX login_used_nonces_by_time ON login_used_nonces (used_at);
)";
// Of whoever logged in, so that a refresh looks at it again. Sealed, for it may tell a citizen number.
constexpr std::string_view kCertificates = "ALTER TABLE login_grants ADD COLUMN certificate BLOB;";
// Suspended business systems; what takes two persons there.
constexpr std::string_view kSystemSteps = R"(
ALTER TABLE business_systems ADD COLUMN suspended_because TEXT;
CREATE TABLE business_system_steps (
  id TEXT PRIMARY KEY,
  system TEXT NOT NULL REFERENCES business_systems (id),
  kind INTEGER NOT NULL,
  reason TEXT NOT NULL,
  secret_index BLOB,
  state INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER,
  decision_reason TEXT NOT NULL
);
CREATE UNIQUE INDEX business_system_steps_open ON business_system_steps (system) WHERE decided_at IS NULL;
)";
// Devices that wait for a login elsewhere (RFC 8628); `pause` in seconds.
constexpr std::string_view kDevices = R"(
CREATE TABLE login_devices (
  id TEXT PRIMARY KEY,
  system TEXT NOT NULL REFERENCES business_systems (id),
  scope TEXT NOT NULL,
  code_index BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  pause INTEGER NOT NULL,
  asked_at INTEGER,
  login TEXT,
  denied_at INTEGER
);
CREATE UNIQUE INDEX login_devices_code ON login_devices (code_index);
CREATE INDEX login_devices_by_end ON login_devices (expires_at);
)";
constexpr std::array kLoginMigrations{
    storage::Migration{.number = 1, .name = "business systems, logins", .sql = kLogin},
    storage::Migration{.number = 2, .name = "certificates of logins", .sql = kCertificates},
    storage::Migration{.number = 3, .name = "suspended business systems, steps", .sql = kSystemSteps},
    storage::Migration{.number = 4, .name = "devices that wait for a login", .sql = kDevices}};

#define HUTONG_GRANT_COLUMNS                                                                    \
  "id, system, subject, claims, redirect_uri, scope, nonce, code_challenge, authenticated_at, " \
  "expires_at, code_used_at, refreshed, ended_at, certificate"
constexpr std::string_view kInsertGrant =
    "INSERT INTO login_grants (" HUTONG_GRANT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindGrant = "SELECT " HUTONG_GRANT_COLUMNS " FROM login_grants WHERE id = ?";
constexpr std::string_view kUseCode =
    "UPDATE login_grants SET code_used_at = ? WHERE id = ? AND code_used_at IS NULL AND ended_at IS NULL";
constexpr std::string_view kRefresh =
    "UPDATE login_grants SET refreshed = refreshed + 1 WHERE id = ? AND refreshed = ? AND ended_at IS NULL";
constexpr std::string_view kEndGrant =
    "UPDATE login_grants SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL";

}  // namespace

std::span<const storage::Migration> login_migrations() { return kLoginMigrations; }

Status GrantRepository::insert(storage::Transaction& transaction, const Grant& grant) {
  HUTONG_CHECK(transaction.execute(kInsertGrant, grant.id, grant.system, grant.subject, grant.claims,
                                   grant.redirect_uri, grant.scope, grant.nonce, grant.code_challenge,
                                   grant.authenticated_at, grant.expires_at, grant.code_used_at,
                                   grant.refreshed, grant.ended_at, grant.certificate));
  return ok();
}

Result<Grant> GrantRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindGrant, id));
  if (!row) {
    return Error{Errc::kNotFound, "login.grant_unknown", "there is no such login"};
  }
  return Grant{.id = row->text(0),
               .system = row->text(1),
               .subject = row->text(2),
               .claims = row->text(3),
               .redirect_uri = row->text(4),
               .scope = row->text(5),
               .nonce = row->text(6),
               .code_challenge = row->text(7),
               .authenticated_at = row->time(8),
               .expires_at = row->time(9),
               .code_used_at = row->get<std::optional<Time>>(10),
               .refreshed = row->integer(11),
               .ended_at = row->get<std::optional<Time>>(12),
               .certificate = row->get<std::optional<Bytes>>(13)};
}

Result<bool> GrantRepository::use_code(storage::Transaction& transaction, std::string_view id, Time now) {
  HUTONG_TRY(const auto used, transaction.execute(kUseCode, now, id));
  return used == 1;
}

Result<bool> GrantRepository::refresh(storage::Transaction& transaction, std::string_view id,
                                      std::int64_t number) {
  HUTONG_TRY(const auto refreshed, transaction.execute(kRefresh, id, number));
  return refreshed == 1;
}

Result<bool> GrantRepository::end(storage::Transaction& transaction, std::string_view id,
                                  std::string_view reason, Time now) {
  HUTONG_TRY(const auto ended, transaction.execute(kEndGrant, now, reason, id));
  return ended == 1;
}

Result<bool> GrantRepository::use_nonce(storage::Transaction& transaction, ByteView nonce, Time now,
                                        Time forget_before) {
  HUTONG_CHECK(transaction.execute("DELETE FROM login_used_nonces WHERE used_at < ?", forget_before));
  HUTONG_TRY(const auto inserted,
             transaction.execute("INSERT INTO login_used_nonces (nonce, used_at) VALUES (?, ?)"
                                 " ON CONFLICT (nonce) DO NOTHING",
                                 nonce, now));
  return inserted == 1;
}

Result<std::int64_t> GrantRepository::remove_old(storage::Transaction& transaction, Time before) {
  return transaction.execute("DELETE FROM login_grants WHERE expires_at < ?", before);
}

}  // namespace hutong::platform::login
