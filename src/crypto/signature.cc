#include "crypto/signature.h"

#include <openssl/rsa.h>

#include <algorithm>

#include "asn1/writer.h"
#include "crypto/internal/public_key_impl.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kMostIdOctets = 8191;  ///< its length in bits is written into 16 bits

/// DigestInfo of RFC 8017 9.2: what a PKCS#1 v1.5 signature holds, hash parameters NULL.
Bytes digest_info(DigestAlgorithm algorithm, ByteView digest) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& info) {
    info.sequence([&](asn1::Writer& identifier) {
      identifier.oid(digest_oid(algorithm));
      identifier.null();
    });
    info.octet_string(digest);
  });
  return std::move(out).take();
}

ossl::KeyContext verify_context(EVP_PKEY* key) {
  ossl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1) {
    return nullptr;
  }
  return context;
}

bool verified(const ossl::KeyContext& context, ByteView message, ByteView signature) {
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
         1;
}

/// Compares the whole DigestInfo, so that every hash goes one way (OpenSSL 3.0 has no RSA with SM3).
bool verify_pkcs1(const ossl::KeyContext& context, DigestAlgorithm algorithm, ByteView digest,
                  ByteView signature) {
  return EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         verified(context, digest_info(algorithm, digest), signature);
}

bool verify_pss(const ossl::KeyContext& context, const SignatureAlgorithm& algorithm, ByteView digest,
                ByteView signature) {
  return EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), ossl::message_digest(algorithm.digest)) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), ossl::message_digest(algorithm.pss_mgf_digest)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(algorithm.pss_salt_size)) == 1 &&
         verified(context, digest, signature);
}

bool verify_with_openssl(EVP_PKEY* key, const SignatureAlgorithm& algorithm, ByteView digest,
                         ByteView signature) {
  const ossl::ErrorScope errors;
  const ossl::KeyContext context = verify_context(key);
  if (!context) {
    return false;
  }
  if (algorithm.scheme == SignatureScheme::kEcdsa) {
    return verified(context, digest, signature);
  }
  // RFC 8017 8.1.2, 8.2.2: a signature is as long as the modulus; OpenSSL would take a shorter one.
  if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) {
    return false;
  }
  return algorithm.scheme == SignatureScheme::kRsaPss
             ? verify_pss(context, algorithm, digest, signature)
             : verify_pkcs1(context, algorithm.digest, digest, signature);
}

Sm3Digest as_sm3_digest(ByteView digest) {
  Sm3Digest out{};
  std::ranges::copy(digest, out.begin());
  return out;
}

bool verify_sm2(const Sm2PublicKey& key, ByteView digest, ByteView signature) {
  const auto decoded = Sm2Signature::from_der(signature);
  return decoded && key.verify_digest(as_sm3_digest(digest), *decoded);
}

}  // namespace

bool verify_digest(const PublicKey& key, const SignatureAlgorithm& algorithm, ByteView digest,
                   ByteView signature) {
  if (!algorithm.fits(key.type()) || digest.size() != digest_size(algorithm.digest)) {
    return false;
  }
  return key.sm2() != nullptr
             ? verify_sm2(*key.sm2(), digest, signature)
             : verify_with_openssl(PublicKeyAccess::openssl(key), algorithm, digest, signature);
}

struct SignatureVerifier::Impl {
  PublicKey key;
  SignatureAlgorithm algorithm;
  Digest digest;
};

SignatureVerifier::SignatureVerifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SignatureVerifier::SignatureVerifier(SignatureVerifier&&) noexcept = default;
SignatureVerifier& SignatureVerifier::operator=(SignatureVerifier&&) noexcept = default;
SignatureVerifier::~SignatureVerifier() = default;

Result<SignatureVerifier> SignatureVerifier::create(const PublicKey& key, const SignatureAlgorithm& algorithm,
                                                    std::string_view sm2_id) {
  if (!algorithm.fits(key.type())) {
    return Error{Errc::kPolicy, "signature.key_mismatch",
                 "a key " + std::string(key.name()) + " makes no signature " + algorithm.name()};
  }
  Digest digest(algorithm.digest);
  if (key.sm2() != nullptr) {
    if (sm2_id.size() > kMostIdOctets) {
      return Error{Errc::kMalformed, "signature.id", "an SM2 id has at most 8191 octets"};
    }
    digest.update(key.sm2()->z(as_bytes(sm2_id)));
  }
  return SignatureVerifier(std::make_unique<Impl>(Impl{key, algorithm, std::move(digest)}));
}

void SignatureVerifier::update(ByteView message) { impl_->digest.update(message); }

bool SignatureVerifier::verify(ByteView signature) {
  return verify_digest(impl_->key, impl_->algorithm, impl_->digest.finish(), signature);
}

bool verify_signature(const PublicKey& key, const SignatureAlgorithm& algorithm, ByteView message,
                      ByteView signature) {
  auto verifier = SignatureVerifier::create(key, algorithm);
  if (!verifier) {
    return false;
  }
  verifier->update(message);
  return verifier->verify(signature);
}

bool verify_signature(const Sm2PreparedKey& key, const SignatureAlgorithm& algorithm, ByteView message,
                      ByteView signature) {
  const auto decoded = Sm2Signature::from_der(signature);
  return algorithm == kSm2WithSm3 && decoded && key.verify(message, *decoded);
}

bool verify_digest(const Sm2PreparedKey& key, const SignatureAlgorithm& algorithm, ByteView digest,
                   ByteView signature) {
  const auto decoded = Sm2Signature::from_der(signature);
  return algorithm == kSm2WithSm3 && digest.size() == kSm3DigestSize && decoded &&
         key.verify_digest(as_sm3_digest(digest), *decoded);
}

Sm2Signer::Sm2Signer(Sm2PrivateKey key, RandomSource& random)
    : key_(std::move(key)), public_key_(key_.public_key()), random_(&random) {}

Sm2Signer::Sm2Signer(Sm2PrivateKey key, Sm2NoncePool& pool)
    : key_(std::move(key)), public_key_(key_.public_key()), pool_(&pool) {}

Result<Bytes> Sm2Signer::sign(ByteView message) const {
  return (pool_ != nullptr ? key_.sign(message, kSm2DefaultId, *pool_)
                           : key_.sign(message, kSm2DefaultId, *random_))
      .to_der();
}

Result<Bytes> Sm2Signer::sign_digest(ByteView digest) const {
  if (digest.size() != kSm3DigestSize) {
    return Error{Errc::kMalformed, "signature.digest", "SM2 signs a digest of 32 octets"};
  }
  const Sm3Digest e = as_sm3_digest(digest);
  return (pool_ != nullptr ? key_.sign_digest(e, *pool_) : key_.sign_digest(e, *random_)).to_der();
}

}  // namespace hutong::crypto
