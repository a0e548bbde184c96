#include "crypto/p256_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "crypto/internal/openssl.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kScalar = 32;
constexpr std::size_t kPoint = 1 + 2 * kScalar;
constexpr const char* kP256Name = "P-256";

using EcdsaValues = ossl::Owned<ECDSA_SIG, ECDSA_SIG_free>;

bool is_p256(const EVP_PKEY* key) {
  char name[32] = {};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof(name), &size) == 1 &&
         (std::string_view(name, size) == "prime256v1" || std::string_view(name, size) == kP256Name);
}

}  // namespace

struct P256Key::Impl {
  ossl::Key key;
};

P256Key::P256Key(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
P256Key::P256Key(P256Key&&) noexcept = default;
P256Key& P256Key::operator=(P256Key&&) noexcept = default;
P256Key::~P256Key() = default;

/// As with random numbers: without a key nothing sensible can be done.
P256Key P256Key::generate() {
  const ossl::ErrorScope errors;
  auto impl = std::make_unique<Impl>(Impl{ossl::Key(EVP_EC_gen(kP256Name))});
  if (!impl->key) {
    std::abort();
  }
  return P256Key(std::move(impl));
}

Result<P256Key> P256Key::from_der(ByteView der) {
  const ossl::ErrorScope errors;
  const std::uint8_t* at = der.data();
  ossl::Key key(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, static_cast<long>(der.size())));
  if (!key || at != der.data() + der.size() || !is_p256(key.get())) {
    return Error{Errc::kMalformed, "p256.key", "no private key on P-256"};
  }
  return P256Key(std::make_unique<Impl>(Impl{std::move(key)}));
}

SecretBytes P256Key::to_der() const {
  const ossl::ErrorScope errors;
  const int size = i2d_PrivateKey(impl_->key.get(), nullptr);
  SecretBytes der(static_cast<std::size_t>(size));
  std::uint8_t* at = der.writable().data();
  i2d_PrivateKey(impl_->key.get(), &at);
  return der;
}

Bytes P256Key::public_point() const {
  const ossl::ErrorScope errors;
  Bytes point(kPoint);
  std::size_t size = 0;
  EVP_PKEY_get_octet_string_param(impl_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                  &size);
  return point;
}

Result<Bytes> P256Key::sign(ByteView message) const {
  const ossl::ErrorScope errors;
  const ossl::DigestContext context(EVP_MD_CTX_new());
  Bytes der(128);
  std::size_t size = der.size();
  if (EVP_DigestSignInit(context.get(), nullptr, ossl::message_digest(DigestAlgorithm::kSha256), nullptr,
                         impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1) {
    return Error{Errc::kInternal, "p256.sign", "the library did not sign"};
  }
  const std::uint8_t* at = der.data();
  const EcdsaValues values(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  Bytes signature(2 * kScalar);
  if (!values ||
      BN_bn2binpad(ECDSA_SIG_get0_r(values.get()), signature.data(), static_cast<int>(kScalar)) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(values.get()), signature.data() + kScalar, static_cast<int>(kScalar)) <
          0) {
    return Error{Errc::kInternal, "p256.sign", "the library did not sign"};
  }
  return signature;
}

bool P256Key::verify(ByteView message, ByteView signature) const {
  if (signature.size() != 2 * kScalar) {
    return false;
  }
  const ossl::ErrorScope errors;
  const EcdsaValues values(ECDSA_SIG_new());
  ossl::BigNumber r(BN_bin2bn(signature.data(), static_cast<int>(kScalar), nullptr));
  ossl::BigNumber s(BN_bin2bn(signature.data() + kScalar, static_cast<int>(kScalar), nullptr));
  if (!values || !r || !s || ECDSA_SIG_set0(values.get(), r.get(), s.get()) != 1) {
    return false;
  }
  static_cast<void>(r.release());  // the signature owns them now
  static_cast<void>(s.release());
  Bytes der(128);
  std::uint8_t* at = der.data();
  const int size = i2d_ECDSA_SIG(values.get(), &at);
  const ossl::DigestContext context(EVP_MD_CTX_new());
  return size > 0 &&
         EVP_DigestVerifyInit(context.get(), nullptr, ossl::message_digest(DigestAlgorithm::kSha256), nullptr,
                              impl_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), static_cast<std::size_t>(size), message.data(),
                          message.size()) == 1;
}

}  // namespace hutong::crypto
