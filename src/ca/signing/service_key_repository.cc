#include "ca/signing/service_key_repository.h"

#include <utility>

namespace hutong::ca {
namespace {

constexpr std::string_view kPutServiceKey =
    "INSERT INTO service_keys (purpose, authority, key_label, certificate) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (purpose, authority) DO UPDATE SET key_label = excluded.key_label, "
    "certificate = excluded.certificate";
constexpr std::string_view kAllServiceKeys =
    "SELECT authority, key_label, certificate FROM service_keys WHERE purpose = ? ORDER BY authority";

}  // namespace

Status ServiceKeyRepository::put(storage::Transaction& transaction, const ServiceKey& key) {
  HUTONG_CHECK(
      transaction.execute(kPutServiceKey, key.purpose, key.authority, key.key_label, key.certificate.der()));
  return ok();
}

Result<std::vector<ServiceKey>> ServiceKeyRepository::all(storage::Reader& reader, std::string_view purpose) {
  HUTONG_TRY(const auto rows, reader.query(kAllServiceKeys, purpose));
  std::vector<ServiceKey> keys;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(2)));
    keys.push_back({.purpose = std::string(purpose),
                    .authority = row.text(0),
                    .key_label = row.text(1),
                    .certificate = std::move(certificate)});
  }
  return keys;
}

}  // namespace hutong::ca
