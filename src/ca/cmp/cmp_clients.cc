#include "ca/cmp/cmp_clients.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "net/json.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostReferenceOctets = 64;
constexpr std::size_t kFewestSecretOctets = 16;

constexpr std::string_view kInsertClient =
    "INSERT INTO cmp_clients (reference, name, templates, rights, organization, organization_number, "
    "sealed_secret, retired, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)";
constexpr std::string_view kFindClient =
    "SELECT reference, name, templates, rights, organization, organization_number, retired, sealed_secret "
    "FROM cmp_clients WHERE reference = ?";
constexpr std::string_view kList =
    "SELECT reference, name, templates, rights, organization, organization_number, retired FROM cmp_clients "
    "ORDER BY name";
constexpr std::string_view kRetire = "UPDATE cmp_clients SET retired = 1 WHERE reference = ? AND retired = 0";

Error unknown(Errc code) { return {code, "cmp.client_unknown", "nobody has this reference"}; }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

CmpClient client_from(const storage::Row& row) {
  return {.reference = row.bytes(0),
          .name = row.text(1),
          .templates = split(row.text(2)),
          .rights = row.get<std::uint32_t>(3),
          .organization = row.text(4),
          .organization_number = row.text(5),
          .retired = row.get<bool>(6)};
}

/// The secret behind the SM3 of its reference, so that a sealed secret belongs to one client only.
SecretBytes bound_to(ByteView reference, ByteView secret) {
  const auto owner = crypto::sm3(reference);
  SecretBytes bound(owner.size() + secret.size());
  std::ranges::copy(owner, bound.writable().begin());
  std::ranges::copy(secret, bound.writable().subspan(owner.size()).begin());
  return bound;
}

audit::Event event_of(std::string_view action, ByteView reference, const audit::Actor& by, Time now) {
  audit::Event event;
  event.time = now;
  event.actor = by;
  event.action = action;
  event.object_kind = "cmp_client";
  event.object_id = to_hex(reference);
  return event;
}

Status check(const CmpClient& client, ByteView secret) {
  const bool good = !client.reference.empty() && client.reference.size() <= kMostReferenceOctets &&
                    !client.name.empty() && secret.size() >= kFewestSecretOctets;
  return good ? ok()
              : Status(Error{Errc::kPolicy, "cmp.client",
                             "a client has a reference, a name and a secret of 16 octets or more"});
}

}  // namespace

bool CmpClient::may_use(std::string_view template_id) const {
  return std::ranges::find(templates, template_id) != templates.end();
}

Result<CmpClients> CmpClients::load(storage::Database& database, crypto::KeyStore& keys) {
  const auto labels = keys.labels();
  if (std::ranges::find(labels, kKeyLabel) == labels.end()) {
    HUTONG_CHECK(keys.generate(kKeyLabel));
  }
  HUTONG_TRY(const auto key, keys.encryption_key(kKeyLabel));
  return CmpClients(database, keys, key);
}

Status CmpClients::add(const CmpClient& client, ByteView secret, const audit::Actor& by, Time now) const {
  HUTONG_CHECK(check(client, secret));
  const SecretBytes bound = bound_to(client.reference, secret);
  HUTONG_TRY(const Bytes sealed, crypto::sm2_encrypt(key_, bound.expose()));
  audit::Event event = event_of("cmp_client.added", client.reference, by, now);
  event.detail =
      net::Json{{"name", client.name}, {"templates", client.templates}, {"rights", client.rights}}.dump();
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kInsertClient, client.reference, client.name, joined(client.templates),
                                     std::int64_t{client.rights}, client.organization,
                                     client.organization_number, sealed, now));
    return audit::append(transaction, event);
  });
}

Status CmpClients::retire(ByteView reference, const audit::Actor& by, Time now) const {
  const Bytes key = to_bytes(reference);
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const std::int64_t rows, transaction.execute(kRetire, key));
    if (rows == 0) {
      return unknown(Errc::kNotFound);
    }
    return audit::append(transaction, event_of("cmp_client.retired", reference, by, now));
  });
}

Result<std::vector<CmpClient>> CmpClients::list() const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto rows, reader.query(kList));
  std::vector<CmpClient> clients;
  for (const storage::Row& row : rows) {
    clients.push_back(client_from(row));
  }
  return clients;
}

Result<CmpClients::Found> CmpClients::find(ByteView reference) const {
  const Bytes key = to_bytes(reference);
  HUTONG_TRY(const auto row, [&]() -> Result<std::optional<storage::Row>> {
    HUTONG_TRY(auto reader, database_->read());
    return reader.query_optional(kFindClient, key);
  }());
  if (!row || row->get<bool>(6)) {
    return unknown(Errc::kUnauthorized);
  }
  HUTONG_TRY(const SecretBytes bound, keys_->decrypt(kKeyLabel, row->bytes(7)));
  const auto owner = crypto::sm3(reference);
  if (bound.size() <= owner.size() || !equal(bound.expose().first(owner.size()), owner)) {
    return Error{Errc::kInternal, "cmp.client_secret", "a sealed secret belongs to another client"};
  }
  return Found{client_from(*row), SecretBytes::copy_of(bound.expose().subspan(owner.size()))};
}

}  // namespace hutong::ca
