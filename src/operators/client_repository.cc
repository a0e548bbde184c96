#include "operators/client_repository.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/sm3.h"
#include "storage/error.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kMostClientsListed =
    1'001;  // a page and one more, which tells whether there is a next page

#define HUTONG_CLIENT_COLUMNS \
  "id, display_name, rights, fingerprint, state, created_by, created_at, changed_at, version, key_sm3"
constexpr std::string_view kFindClient = "SELECT " HUTONG_CLIENT_COLUMNS " FROM api_clients WHERE id = ?";
constexpr std::string_view kByCertificate =
    "SELECT " HUTONG_CLIENT_COLUMNS " FROM api_clients WHERE fingerprint = ? AND state = 1";
constexpr std::string_view kByKey =
    "SELECT " HUTONG_CLIENT_COLUMNS " FROM api_clients WHERE key_sm3 = ? AND state = 1";
constexpr std::string_view kList =
    "SELECT " HUTONG_CLIENT_COLUMNS " FROM api_clients WHERE id > ? ORDER BY id LIMIT ?";
#undef HUTONG_CLIENT_COLUMNS
constexpr std::string_view kInsertClient =
    "INSERT INTO api_clients (id, display_name, rights, fingerprint, certificate, key_sm3, state, created_by,"
    " created_at, changed_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kUpdateClient =
    "UPDATE api_clients SET display_name = ?, rights = ?, state = ?, changed_at = ?, version = version + 1"
    " WHERE id = ? AND version = ?";

ApiClient client_of(const storage::Row& row) {
  return {.id = row.text(0),
          .display_name = row.text(1),
          .rights = rights_from_text(row.text(2)),
          .fingerprint = row.get<std::optional<std::string>>(3).value_or(""),
          .state = row.get<State>(4),
          .created_by = row.text(5),
          .created_at = row.time(6),
          .changed_at = row.time(7),
          .version = row.integer(8)};
}

std::optional<Bytes> if_filled(const Bytes& octets) {
  return octets.empty() ? std::nullopt : std::optional(octets);
}

}  // namespace

Status ClientRepository::insert(storage::Transaction& transaction, const ApiClient& added,
                                const ClientCredential& credential) {
  const auto fingerprint =
      added.fingerprint.empty() ? std::nullopt : std::optional<std::string>(added.fingerprint);
  const auto certificate = if_filled(credential.certificate);
  const auto key_sm3 = if_filled(credential.key_sm3);
  const auto inserted = transaction.execute(
      kInsertClient, added.id, added.display_name, to_text(added.rights), fingerprint, certificate, key_sm3,
      added.state, added.created_by, added.created_at, added.changed_at, added.version);
  if (!inserted && storage::violates(inserted.error(), "api_clients_one_certificate")) {
    return Error{Errc::kConflict, "client.certificate_taken", "the certificate is an active client's"};
  }
  HUTONG_CHECK(inserted);
  return ok();
}

Result<ApiClient> ClientRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindClient, id));
  if (!row) {
    return Error{Errc::kNotFound, "client.unknown", std::string(id)};
  }
  return client_of(*row);
}

Result<std::optional<ApiClient>> ClientRepository::find_by_certificate(storage::Reader& reader,
                                                                       ByteView der) {
  HUTONG_TRY(const auto row, reader.query_optional(kByCertificate, to_hex(crypto::sm3(der))));
  return row ? std::optional(client_of(*row)) : std::nullopt;
}

Result<std::optional<ApiClient>> ClientRepository::find_by_key(storage::Reader& reader,
                                                               std::string_view key) {
  const auto digest = crypto::sm3(as_bytes(key));
  HUTONG_TRY(const auto row, reader.query_optional(kByKey, ByteView(digest)));
  if (!row || !crypto::constant_time_equal(row->bytes(9), digest)) {
    return std::optional<ApiClient>();
  }
  return std::optional(client_of(*row));
}

Result<std::vector<ApiClient>> ClientRepository::list(storage::Reader& reader, std::string_view after,
                                                      std::size_t limit) {
  HUTONG_TRY(const auto rows,
             reader.query(kList, after, std::clamp<std::size_t>(limit, 1, kMostClientsListed)));
  std::vector<ApiClient> clients;
  for (const storage::Row& row : rows) {
    clients.push_back(client_of(row));
  }
  return clients;
}

Status ClientRepository::update(storage::Transaction& transaction, const ApiClient& changed) {
  return transaction.compare_and_set(kUpdateClient, changed.display_name, to_text(changed.rights),
                                     changed.state, changed.changed_at, changed.id, changed.version);
}

}  // namespace hutong::operators
