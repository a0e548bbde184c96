#include "ca/registration/personal_seal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "crypto/random.h"
#include "crypto/sm2.h"
#include "crypto/sm3.h"
#include "crypto/sm4.h"

namespace hutong::ca::registration {
namespace {

constexpr std::size_t kKeyOctets = 48;
constexpr std::size_t kNonceOctets = 12;
constexpr std::size_t kBlindOctets = 16;
constexpr std::string_view kFindSeal = "SELECT wrapped FROM sealing_keys WHERE name = ?";
constexpr std::string_view kInsertSeal =
    "INSERT INTO sealing_keys (name, wrapped) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";

Result<std::optional<Bytes>> find_wrapped(storage::Database& database) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto row, reader.query_optional(kFindSeal, PersonalSeal::kKeyLabel));
  return row ? std::optional(row->bytes(0)) : std::nullopt;
}

Status make_key(storage::Database& database, crypto::KeyStore& keys) {
  const auto labels = keys.labels();
  if (std::ranges::find(labels, PersonalSeal::kKeyLabel) == labels.end()) {
    HUTONG_CHECK(keys.generate(PersonalSeal::kKeyLabel));
  }
  HUTONG_TRY(const auto key, keys.encryption_key(PersonalSeal::kKeyLabel));
  SecretBytes fresh(kKeyOctets);
  crypto::system_random().fill(fresh.writable());
  HUTONG_TRY(const Bytes wrapped, crypto::sm2_encrypt(key, fresh.expose()));
  return storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kInsertSeal, PersonalSeal::kKeyLabel, wrapped));
    return ok();
  });
}

}  // namespace

Result<PersonalSeal> PersonalSeal::load(storage::Database& database, crypto::KeyStore& keys) {
  HUTONG_TRY(auto wrapped, find_wrapped(database));
  if (!wrapped) {
    HUTONG_CHECK(make_key(database, keys));
    HUTONG_TRY(wrapped, find_wrapped(database));  // another node's, when it was faster
  }
  HUTONG_TRY(auto opened, keys.decrypt(kKeyLabel, *wrapped));
  if (opened.size() != kKeyOctets) {
    return Error{Errc::kCryptoFail, "personal_seal.open", "the key for personal data has another size"};
  }
  return PersonalSeal(std::move(opened));
}

Result<Bytes> PersonalSeal::seal(ByteView content, std::string_view context) const {
  Bytes sealed(kNonceOctets);
  crypto::system_random().fill(sealed);
  HUTONG_TRY(const Bytes text, crypto::sm4_gcm_encrypt(cipher_key(), sealed, as_bytes(context), content));
  append(sealed, text);
  return sealed;
}

Result<Bytes> PersonalSeal::open(ByteView sealed, std::string_view context) const {
  auto opened = sealed.size() < kNonceOctets
                    ? Result<Bytes>(Error{Errc::kCryptoFail, "personal_seal.open", {}})
                    : crypto::sm4_gcm_decrypt(cipher_key(), sealed.first(kNonceOctets), as_bytes(context),
                                              sealed.subspan(kNonceOctets));
  if (!opened) {
    return Error{Errc::kCryptoFail, "personal_seal.open",
                 "sealed data of " + std::string(context) + " does not open"};
  }
  return opened;
}

std::string PersonalSeal::blind(std::string_view number) const {
  const auto mac = crypto::hmac_sm3(blinding_key(), as_bytes(number));
  return "person-" + to_hex(ByteView(mac).first(kBlindOctets));
}

}  // namespace hutong::ca::registration
