#include "platform/login/id_token.h"

#include <utility>

#include "crypto/digest.h"
#include "platform/login/ticket.h"

namespace hutong::platform::login {
namespace {

constexpr std::string_view kKeyClass = "login key";
constexpr std::string_view kEs256Key = "es256";
constexpr std::string_view kSm2Key = "sm2";
constexpr std::size_t kMostToken = 16'384;

/// RFC 7638: the SHA-256 of the required members, in this order.
std::string thumbprint(const net::Json& members) {
  return to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(net::to_text(members))));
}

/// The JWK of a point 04 || x || y.
net::Json jwk_of(ByteView point, std::string_view curve, IdTokenAlgorithm algorithm) {
  net::Json key = {{"crv", curve},
                   {"kty", "EC"},
                   {"x", to_base64url(point.subspan(1, 32))},
                   {"y", to_base64url(point.subspan(33, 32))}};
  key["kid"] = thumbprint(key);
  key["use"] = "sig";
  key["alg"] = to_string(algorithm);
  return key;
}

std::string header_of(const net::Json& key) {
  return to_base64url(
      as_bytes(net::to_text({{"alg", key.at("alg")}, {"typ", "JWT"}, {"kid", key.at("kid")}})));
}

/// The key of this name in the database; `fresh` becomes it where there is none yet.
Result<SecretBytes> stored_key(storage::Database& database, const Vault& vault, std::string_view name,
                               ByteView fresh) {
  HUTONG_TRY(const Bytes sealed, vault.seal(kKeyClass, name, fresh));
  HUTONG_TRY(
      const storage::Row row,
      storage::in_transaction(database, [&](storage::Transaction& transaction) -> Result<storage::Row> {
        HUTONG_CHECK(
            transaction.execute("INSERT INTO login_keys (name, sealed) VALUES (?, ?)"
                                " ON CONFLICT (name) DO NOTHING",
                                name, sealed));
        return transaction.query_one("SELECT sealed FROM login_keys WHERE name = ?", name);
      }));
  return vault.unseal(kKeyClass, name, row.bytes(0));
}

}  // namespace

IdTokenSigner::IdTokenSigner(crypto::P256Key es256, crypto::Sm2PrivateKey sm2)
    : es256_(std::move(es256)), sm2_(std::move(sm2)) {
  const net::Json es256_key = jwk_of(es256_.public_point(), "P-256", IdTokenAlgorithm::kEs256);
  const net::Json sm2_key = jwk_of(sm2_.public_key().octets(), "SM2-P-256", IdTokenAlgorithm::kSm2);
  es256_header_ = header_of(es256_key);
  sm2_header_ = header_of(sm2_key);
  keys_ = {{"keys", net::Json::array({es256_key, sm2_key})}};
}

Result<IdTokenSigner> IdTokenSigner::load(storage::Database& database, const Vault& vault) {
  const SecretBytes fresh = crypto::P256Key::generate().to_der();
  HUTONG_TRY(const SecretBytes der, stored_key(database, vault, kEs256Key, fresh.expose()));
  HUTONG_TRY(auto es256, crypto::P256Key::from_der(der.expose()));
  const auto fresh_sm2 = crypto::Sm2PrivateKey::generate();
  HUTONG_TRY(const SecretBytes scalar, stored_key(database, vault, kSm2Key, fresh_sm2.expose().expose()));
  HUTONG_TRY(auto sm2, crypto::Sm2PrivateKey::from_octets(scalar.expose()));
  return IdTokenSigner(std::move(es256), std::move(sm2));
}

Result<std::string> IdTokenSigner::sign(const net::Json& claims, IdTokenAlgorithm algorithm) const {
  const bool in_sm2 = algorithm == IdTokenAlgorithm::kSm2;
  std::string token =
      (in_sm2 ? sm2_header_ : es256_header_) + "." + to_base64url(as_bytes(net::to_text(claims)));
  if (in_sm2) {
    return token + "." + to_base64url(sm2_.sign(as_bytes(token)).to_raw());
  }
  HUTONG_TRY(const Bytes signature, es256_.sign(as_bytes(token)));
  return token + "." + to_base64url(signature);
}

bool IdTokenSigner::is_right(std::string_view header, ByteView signed_octets, ByteView signature) const {
  if (header == es256_header_) {
    return es256_.verify(signed_octets, signature);
  }
  if (header != sm2_header_) {
    return false;
  }
  const auto sm2_signature = crypto::Sm2Signature::from_raw(signature);
  return sm2_signature && sm2_.public_key().verify(signed_octets, *sm2_signature);
}

Result<net::Json> IdTokenSigner::read(std::string_view token) const {
  const Error refused{Errc::kUnauthorized, "login.id_token", "no ID token of this system"};
  const std::size_t last = token.rfind('.');
  const std::size_t first = token.find('.');
  if (token.size() > kMostToken || first == std::string_view::npos || first == last) {
    return refused;
  }
  const auto signature = from_base64url(token.substr(last + 1));
  const auto claims = from_base64url(token.substr(first + 1, last - first - 1));
  if (!signature || !claims ||
      !is_right(token.substr(0, first), as_bytes(token.substr(0, last)), *signature)) {
    return refused;
  }
  return net::parse_json(as_text(*claims));
}

}  // namespace hutong::platform::login
