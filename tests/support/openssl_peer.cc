#include "tests/support/openssl_peer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <stdexcept>

namespace hutong::test::peer {
namespace {

void require(bool succeeded, const char* what) {
  if (!succeeded) {
    throw std::runtime_error(std::string("OpenSSL failed: ") + what);
  }
}

using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Params = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using ParamBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using SecretNumber = Owned<BIGNUM, BN_clear_free>;

const EVP_CIPHER* cipher_of(Sm4Mode mode) {
  switch (mode) {
    case Sm4Mode::kEcb:
      return EVP_sm4_ecb();
    case Sm4Mode::kCbc:
      return EVP_sm4_cbc();
    case Sm4Mode::kCtr:
      return EVP_sm4_ctr();
  }
  return nullptr;
}

Bytes run_cipher(int encrypt, Sm4Mode mode, Sm4Padding padding, ByteView key, ByteView iv, ByteView in) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  require(EVP_CipherInit_ex(context.get(), cipher_of(mode), nullptr, key.data(), iv.data(), encrypt) == 1,
          "EVP_CipherInit_ex");
  EVP_CIPHER_CTX_set_padding(context.get(), padding == Sm4Padding::kPkcs7 ? 1 : 0);
  Bytes out(in.size() + 32);
  int size = 0;
  int last = 0;
  require(EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) == 1,
          "EVP_CipherUpdate");
  require(EVP_CipherFinal_ex(context.get(), out.data() + size, &last) == 1, "EVP_CipherFinal_ex");
  out.resize(static_cast<std::size_t>(size + last));
  return out;
}

Pkey key_from(ByteView public_key, const BIGNUM* d) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, public_key.data(),
                                   public_key.size());
  if (d != nullptr) {
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d);
  }
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  const int selection = d != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return Pkey(key);
}

/// The identifier must be set before the digest context is initialised, or Z is computed without it.
struct SignContext {
  SignContext(EVP_PKEY* key, std::string_view id)
      : key_context(EVP_PKEY_CTX_new(key, nullptr)), digest_context(EVP_MD_CTX_new()) {
    require(EVP_PKEY_CTX_set1_id(key_context.get(), id.data(), static_cast<int>(id.size())) == 1,
            "EVP_PKEY_CTX_set1_id");
    EVP_MD_CTX_set_pkey_ctx(digest_context.get(), key_context.get());
  }
  KeyContext key_context;
  DigestContext digest_context;
};

}  // namespace

Bytes sm3(ByteView message) {
  Bytes digest(32);
  require(EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sm3(), nullptr) == 1,
          "EVP_Digest");
  return digest;
}

Bytes hmac_sm3(ByteView key, ByteView message) {
  Bytes mac(32);
  require(HMAC(EVP_sm3(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
               mac.data(), nullptr) != nullptr,
          "HMAC");
  return mac;
}

Bytes sm4_encrypt(Sm4Mode mode, Sm4Padding padding, ByteView key, ByteView iv, ByteView plaintext) {
  return run_cipher(1, mode, padding, key, iv, plaintext);
}

Bytes sm4_decrypt(Sm4Mode mode, Sm4Padding padding, ByteView key, ByteView iv, ByteView ciphertext) {
  return run_cipher(0, mode, padding, key, iv, ciphertext);
}

std::optional<Sm2Key> Sm2Key::from_public(ByteView public_key) {
  Pkey key = key_from(public_key, nullptr);
  if (!key) {
    return std::nullopt;
  }
  return Sm2Key(std::move(key));
}

Sm2Key Sm2Key::from_private(ByteView d, ByteView public_key) {
  const SecretNumber number(BN_bin2bn(d.data(), static_cast<int>(d.size()), nullptr));
  Pkey key = key_from(public_key, number.get());
  require(key != nullptr, "EVP_PKEY_fromdata");
  return Sm2Key(std::move(key));
}

Sm2Key Sm2Key::generate() {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_generate(context.get(), &key) == 1,
          "EVP_PKEY_generate");
  return Sm2Key(Pkey(key));
}

Bytes Sm2Key::sign(ByteView message, std::string_view id) const {
  const SignContext context(key_.get(), id);
  Bytes signature(80);
  std::size_t size = signature.size();
  EVP_MD_CTX* const digest = context.digest_context.get();
  require(EVP_DigestSignInit(digest, nullptr, EVP_sm3(), nullptr, key_.get()) == 1 &&
              EVP_DigestSign(digest, signature.data(), &size, message.data(), message.size()) == 1,
          "EVP_DigestSign");
  signature.resize(size);
  return signature;
}

Bytes Sm2Key::sign_digest(ByteView e) const {
  const KeyContext context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  Bytes signature(80);
  std::size_t size = signature.size();
  require(EVP_PKEY_sign_init(context.get()) == 1 &&
              EVP_PKEY_sign(context.get(), signature.data(), &size, e.data(), e.size()) == 1,
          "EVP_PKEY_sign");
  signature.resize(size);
  return signature;
}

bool Sm2Key::verify(ByteView message, ByteView signature, std::string_view id) const {
  const SignContext context(key_.get(), id);
  EVP_MD_CTX* const digest = context.digest_context.get();
  const bool valid =
      EVP_DigestVerifyInit(digest, nullptr, EVP_sm3(), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(digest, signature.data(), signature.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return valid;
}

Bytes Sm2Key::encrypt(ByteView message) const {
  const KeyContext context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  Bytes out(message.size() + 200);
  std::size_t size = out.size();
  require(EVP_PKEY_encrypt_init(context.get()) == 1 &&
              EVP_PKEY_encrypt(context.get(), out.data(), &size, message.data(), message.size()) == 1,
          "EVP_PKEY_encrypt");
  out.resize(size);
  return out;
}

std::optional<Bytes> Sm2Key::decrypt(ByteView ciphertext) const {
  const KeyContext context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  Bytes out(ciphertext.size());
  std::size_t size = out.size();
  if (EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_decrypt(context.get(), out.data(), &size, ciphertext.data(), ciphertext.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

Bytes Sm2Key::public_octets() const {
  Bytes octets(65);
  std::size_t size = 0;
  require(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size(),
                                          &size) == 1,
          "EVP_PKEY_get_octet_string_param");
  octets.resize(size);
  return octets;
}

}  // namespace hutong::test::peer
