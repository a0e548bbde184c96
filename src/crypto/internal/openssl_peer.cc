#include "crypto/internal/openssl_peer.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace hutong::crypto::peer {
namespace {

void require(bool success, const char* what) {
  if (!success) {
    throw std::runtime_error(std::string("OpenSSL peer: ") + what);
  }
}

struct FreeMemory {
  void operator()(unsigned char* memory) const { OPENSSL_free(memory); }
};
using Memory = std::unique_ptr<unsigned char, FreeMemory>;

Bytes take(unsigned char* memory, int size, const char* what) {
  const Memory owned(memory);
  require(size > 0, what);
  return {owned.get(), owned.get() + size};
}

Bytes digest_sign(const ossl::DigestContext& context, ByteView message) {
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1, "sign size");
  Bytes signature(size);
  require(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
          "sign");
  signature.resize(size);
  return signature;
}

Bytes algorithm_of(EVP_PKEY_CTX* context) {
  Bytes der(256);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, der.data(), der.size()),
      OSSL_PARAM_construct_end()};
  require(EVP_PKEY_CTX_get_params(context, parameters) == 1, "algorithm");
  der.resize(parameters[0].return_size);
  return der;
}

/// SM2 with its id, ready for EVP_DigestSignInit and EVP_DigestVerifyInit.
struct Sm2Context {
  Sm2Context(EVP_PKEY* key, std::string_view id)
      : key_context(EVP_PKEY_CTX_new(key, nullptr)), context(EVP_MD_CTX_new()) {
    require(EVP_PKEY_CTX_set1_id(key_context.get(), id.data(), static_cast<int>(id.size())) == 1, "SM2 id");
    EVP_MD_CTX_set_pkey_ctx(context.get(), key_context.get());
  }
  ossl::KeyContext key_context;
  ossl::DigestContext context;
};

}  // namespace

ossl::Key generate_rsa(unsigned bits) {
  ossl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits)));
  require(key != nullptr, "RSA key");
  return key;
}

ossl::Key generate_ec(const char* curve) {
  ossl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
  require(key != nullptr, "EC key");
  return key;
}

ossl::Key generate_sm2() {
  ossl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
  require(key != nullptr, "SM2 key");
  return key;
}

ossl::Key read_private_key(ByteView der) {
  const ossl::ErrorScope errors;
  const unsigned char* at = der.data();
  return ossl::Key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
}

ossl::Key read_spki(ByteView der) {
  const ossl::ErrorScope errors;
  const unsigned char* at = der.data();
  return ossl::Key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
}

Bytes spki(const ossl::Key& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  return take(der, size, "SPKI");
}

Bytes pkcs8(const ossl::Key& key) {
  const ossl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key.get()));
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  return take(der, size, "PKCS#8");
}

Bytes private_scalar(const ossl::Key& key) {
  BIGNUM* raw = nullptr;
  require(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &raw) == 1, "private scalar");
  const ossl::BigNumber d(raw);
  Bytes octets(32);
  require(BN_bn2binpad(d.get(), octets.data(), 32) == 32, "private scalar size");
  return octets;
}

Signed sign(const ossl::Key& key, DigestAlgorithm digest, ByteView message) {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* borrowed = nullptr;
  require(EVP_DigestSignInit(context.get(), &borrowed, ossl::message_digest(digest), nullptr, key.get()) == 1,
          "sign init");
  return {algorithm_of(borrowed), digest_sign(context, message)};
}

Signed sign_pss(const ossl::Key& key, DigestAlgorithm digest, DigestAlgorithm mgf_digest, int salt_size,
                ByteView message) {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* borrowed = nullptr;
  require(EVP_DigestSignInit(context.get(), &borrowed, ossl::message_digest(digest), nullptr, key.get()) == 1,
          "PSS init");
  require(EVP_PKEY_CTX_set_rsa_padding(borrowed, RSA_PKCS1_PSS_PADDING) == 1 &&
              EVP_PKEY_CTX_set_rsa_mgf1_md(borrowed, ossl::message_digest(mgf_digest)) == 1 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(borrowed, salt_size) == 1,
          "PSS parameters");
  return {algorithm_of(borrowed), digest_sign(context, message)};
}

Bytes sign_payload(const ossl::Key& key, ByteView payload) {
  const ossl::KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
  require(EVP_PKEY_sign_init(context.get()) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1,
          "payload init");
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
  std::size_t size = signature.size();
  require(EVP_PKEY_sign(context.get(), signature.data(), &size, payload.data(), payload.size()) == 1,
          "payload");
  signature.resize(size);
  return signature;
}

Bytes sm2_sign(const ossl::Key& key, std::string_view id, ByteView message) {
  const Sm2Context sm2(key.get(), id);
  require(EVP_DigestSignInit(sm2.context.get(), nullptr, EVP_sm3(), nullptr, key.get()) == 1, "SM2 init");
  return digest_sign(sm2.context, message);
}

bool sm2_verify(const ossl::Key& key, std::string_view id, ByteView message, ByteView signature) {
  const ossl::ErrorScope errors;
  const Sm2Context sm2(key.get(), id);
  require(EVP_DigestVerifyInit(sm2.context.get(), nullptr, EVP_sm3(), nullptr, key.get()) == 1, "SM2 init");
  return EVP_DigestVerify(sm2.context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace hutong::crypto::peer
