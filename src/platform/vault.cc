#include "platform/vault.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "crypto/sm2.h"
#include "crypto/sm3.h"
#include "crypto/sm4.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMasterOctets = 32;
constexpr std::size_t kSealNonce = 12;

Status make_key(crypto::KeyStore& keys) {
  const auto labels = keys.labels();
  if (std::ranges::find(labels, Vault::kKeyLabel) == labels.end()) {
    HUTONG_CHECK(keys.generate(Vault::kKeyLabel));
  }
  return ok();
}

}  // namespace

Result<Vault> Vault::open(storage::Database& database, crypto::KeyStore& keys, crypto::RandomSource& random) {
  HUTONG_CHECK(make_key(keys));
  SecretBytes fresh(kMasterOctets);
  random.fill(fresh.writable());
  HUTONG_TRY(const auto key, keys.encryption_key(kKeyLabel));
  HUTONG_TRY(const Bytes sealed, crypto::sm2_encrypt(key, fresh.expose()));
  HUTONG_TRY(
      const storage::Row row,
      storage::in_transaction(database, [&](storage::Transaction& transaction) -> Result<storage::Row> {
        HUTONG_CHECK(
            transaction.execute("INSERT INTO platform_secrets (id, key_label, sealed) VALUES (1, ?, ?)"
                                " ON CONFLICT (id) DO NOTHING",
                                kKeyLabel, sealed));
        return transaction.query_one("SELECT sealed FROM platform_secrets WHERE id = 1");
      }));
  auto master = keys.decrypt(kKeyLabel, row.bytes(0));
  if (!master || master->size() != kMasterOctets) {
    return Error{Errc::kUnavailable, "vault.key",
                 "this key store cannot open the platform's secret in the database"};
  }
  return Vault(std::move(*master), random);
}

SecretBytes Vault::derive(std::string_view purpose) const {
  crypto::HmacSm3 hmac(master_.expose());
  hmac.update(as_bytes("hutong-platform-1 "));
  hmac.update(as_bytes(purpose));
  auto digest = hmac.finish();
  const ScopedWipe wipe_digest(digest);
  return SecretBytes::copy_of(digest);
}

Result<Bytes> Vault::seal(std::string_view record_class, std::string_view about, ByteView text) const {
  const SecretBytes key = derive("seal " + std::string(record_class));
  Bytes sealed(kSealNonce);
  random_->fill(sealed);
  HUTONG_TRY(const Bytes encrypted,
             crypto::sm4_gcm_encrypt(key.expose().first(crypto::kSm4KeySize), sealed, as_bytes(about), text));
  append(sealed, encrypted);
  return sealed;
}

Result<SecretBytes> Vault::unseal(std::string_view record_class, std::string_view about,
                                  ByteView sealed) const {
  if (sealed.size() < kSealNonce) {
    return Error{Errc::kMalformed, "sm4.length", "too short for anything sealed"};
  }
  const SecretBytes key = derive("seal " + std::string(record_class));
  HUTONG_TRY(Bytes text,
             crypto::sm4_gcm_decrypt(key.expose().first(crypto::kSm4KeySize), sealed.first(kSealNonce),
                                     as_bytes(about), sealed.subspan(kSealNonce)));
  const ScopedWipe wipe_text(text);
  return SecretBytes::copy_of(text);
}

Bytes Vault::index(std::string_view record_class, std::string_view text) const {
  const SecretBytes key = derive("index " + std::string(record_class));
  const auto digest = crypto::hmac_sm3(key.expose(), as_bytes(text));
  return to_bytes(digest);
}

}  // namespace hutong::platform
