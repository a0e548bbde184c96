#include "platform/login/id_token.h"

#include <utility>

#include "crypto/digest.h"
#include "platform/login/ticket.h"

namespace hutong::platform::login {
namespace {

constexpr std::string_view kKeyClass = "login key";
constexpr std::string_view kKeyName = "es256";
constexpr std::size_t kMostToken = 16'384;

/// RFC 7638: the SHA-256 of the required members, in this order.
std::string thumbprint(std::string_view x, std::string_view y) {
  const net::Json members = {{"crv", "P-256"}, {"kty", "EC"}, {"x", x}, {"y", y}};
  return to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(net::to_text(members))));
}

}  // namespace

IdTokenSigner::IdTokenSigner(crypto::P256Key key) : key_(std::move(key)) {
  const Bytes point = key_.public_point();
  const std::string x = to_base64url(ByteView(point).subspan(1, 32));
  const std::string y = to_base64url(ByteView(point).subspan(33, 32));
  const std::string id = thumbprint(x, y);
  keys_ = {{"keys", net::Json::array({{{"kty", "EC"},
                                       {"crv", "P-256"},
                                       {"use", "sig"},
                                       {"alg", "ES256"},
                                       {"kid", id},
                                       {"x", x},
                                       {"y", y}}})}};
  header_ = to_base64url(as_bytes(net::to_text({{"alg", "ES256"}, {"typ", "JWT"}, {"kid", id}})));
}

Result<IdTokenSigner> IdTokenSigner::load(storage::Database& database, const Vault& vault) {
  const SecretBytes fresh = crypto::P256Key::generate().to_der();
  HUTONG_TRY(const Bytes sealed, vault.seal(kKeyClass, kKeyName, fresh.expose()));
  HUTONG_TRY(
      const storage::Row row,
      storage::in_transaction(database, [&](storage::Transaction& transaction) -> Result<storage::Row> {
        HUTONG_CHECK(
            transaction.execute("INSERT INTO login_keys (name, sealed) VALUES (?, ?)"
                                " ON CONFLICT (name) DO NOTHING",
                                kKeyName, sealed));
        return transaction.query_one("SELECT sealed FROM login_keys WHERE name = ?", kKeyName);
      }));
  HUTONG_TRY(const SecretBytes der, vault.unseal(kKeyClass, kKeyName, row.bytes(0)));
  HUTONG_TRY(auto key, crypto::P256Key::from_der(der.expose()));
  return IdTokenSigner(std::move(key));
}

Result<std::string> IdTokenSigner::sign(const net::Json& claims) const {
  std::string token = header_ + "." + to_base64url(as_bytes(net::to_text(claims)));
  HUTONG_TRY(const Bytes signature, key_.sign(as_bytes(token)));
  return token + "." + to_base64url(signature);
}

Result<net::Json> IdTokenSigner::read(std::string_view token) const {
  const Error refused{Errc::kUnauthorized, "login.id_token", "no ID token of this system"};
  const std::size_t last = token.rfind('.');
  const std::size_t first = token.find('.');
  if (token.size() > kMostToken || first == std::string_view::npos || first == last ||
      token.substr(0, first) != header_) {
    return refused;
  }
  const auto signature = from_base64url(token.substr(last + 1));
  const auto claims = from_base64url(token.substr(first + 1, last - first - 1));
  if (!signature || !claims || !key_.verify(as_bytes(token.substr(0, last)), *signature)) {
    return refused;
  }
  return net::parse_json(as_text(*claims));
}

}  // namespace hutong::platform::login
