#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "bench/ratio_reporter.h"

namespace hutong::bench {
namespace {

constexpr std::size_t kSize = 16384;
const char* const kOurs = "provider=hutong-gm";
const char* const kPeer = "provider=default";
const Bytes kMessage(100, 0x5A);
const Bytes kKey(16, 0x3C);
const Bytes kIv(16, 0x71);

void require(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "provider_bench: %s\n", what);
    std::exit(1);
  }
}

/// Registers "name/ours" and "name/openssl", which differ in the property of the fetch; `make` prepares one.
using Action = std::function<void()>;
using Make = std::function<Action(const char* properties)>;
void add_one(const std::string& name, const char* properties, const Make& make, std::size_t size) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const Action action = make(properties);
    for (auto _ : state) {
      action();
    }
    if (size != 0) {
      state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
    }
  });
}
void add_pair(const std::string& name, const Make& make, std::size_t size = 0) {
  add_one(name + "/ours", kOurs, make, size);
  add_one(name + "/openssl", kPeer, make, size);
}

using Pkey = std::shared_ptr<EVP_PKEY>;
Pkey new_key(const char* properties) {
  return {EVP_PKEY_Q_keygen(nullptr, properties, "SM2"), EVP_PKEY_free};
}

/// A new context for every signature, as programs do.
using Md = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
Bytes sign(EVP_PKEY* key, const char* properties) {
  const Md md(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Bytes out(80);
  std::size_t size = out.size();
  require(EVP_DigestSignInit_ex(md.get(), nullptr, "SM3", nullptr, properties, key, nullptr) == 1 &&
              EVP_DigestSign(md.get(), out.data(), &size, kMessage.data(), kMessage.size()) == 1,
          "signing failed");
  out.resize(size);
  return out;
}

void verify(EVP_PKEY* key, const char* properties, ByteView signature) {
  const Md md(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  require(EVP_DigestVerifyInit_ex(md.get(), nullptr, "SM3", nullptr, properties, key, nullptr) == 1 &&
              EVP_DigestVerify(md.get(), signature.data(), signature.size(), kMessage.data(),
                               kMessage.size()) == 1,
          "verification failed");
}

/// One public key again and again: ours prepares it, as it does for a CA's.
Action verify_same_key(const char* properties) {
  const Pkey key = new_key(properties);
  const Bytes signature = sign(key.get(), properties);
  for (int i = 0; i < 100; ++i) {
    verify(key.get(), properties, signature);
  }
  return [=] { verify(key.get(), properties, signature); };
}

/// A public key imported for one verification, as a leaf certificate's.
using Params = std::shared_ptr<OSSL_PARAM>;
Pkey import_public(const char* properties, const Params& params) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "SM2", properties), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_fromdata_init(context.get()) == 1 &&
              EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1,
          "import failed");
  return {key, EVP_PKEY_free};
}

Action verify_new_key(const char* properties) {
  const Pkey key = new_key(properties);
  const Bytes signature = sign(key.get(), properties);
  OSSL_PARAM* exported = nullptr;
  require(EVP_PKEY_todata(key.get(), EVP_PKEY_PUBLIC_KEY, &exported) == 1, "export failed");
  const Params params(exported, OSSL_PARAM_free);
  return [=] { verify(import_public(properties, params).get(), properties, signature); };
}

void add_sm2() {
  add_pair("Sm2Sign", [](const char* properties) -> Action {
    const Pkey key = new_key(properties);
    return [=] { sign(key.get(), properties); };
  });
  add_pair("Sm2VerifySameKey", verify_same_key);
  add_pair("Sm2VerifyNewKey", verify_new_key);
  add_pair("Sm2KeyGeneration", [](const char* properties) -> Action {
    return [=] { require(new_key(properties) != nullptr, "key generation failed"); };
  });
}

Action digest(const char* properties) {
  const std::shared_ptr<EVP_MD> md(EVP_MD_fetch(nullptr, "SM3", properties), EVP_MD_free);
  return [md] {
    static const Bytes input(kSize, 0x5A);
    unsigned char out[32];
    require(EVP_Digest(input.data(), input.size(), out, nullptr, md.get(), nullptr) == 1, "SM3 failed");
  };
}

Make cipher(const std::string& name, int direction) {
  return [=](const char* properties) -> Action {
    const std::shared_ptr<EVP_CIPHER> fetched(EVP_CIPHER_fetch(nullptr, name.c_str(), properties),
                                              EVP_CIPHER_free);
    require(fetched != nullptr, "no such cipher");
    const std::shared_ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    return [=] {
      static Bytes buffer(kSize + 16, 0x5A);
      int size = 0;
      require(EVP_CipherInit_ex2(context.get(), fetched.get(), kKey.data(), kIv.data(), direction, nullptr) ==
                      1 &&
                  EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                  EVP_CipherUpdate(context.get(), buffer.data(), &size, buffer.data(), kSize) == 1 &&
                  EVP_CipherFinal_ex(context.get(), buffer.data(), &size) == 1,
              "the cipher failed");
    };
  };
}

void add_symmetric() {
  add_pair("Sm3", digest, kSize);
  add_pair("Sm4Ctr", cipher("SM4-CTR", 1), kSize);
  add_pair("Sm4CbcDecrypt", cipher("SM4-CBC", 0), kSize);
  add_pair("Sm4CbcEncrypt", cipher("SM4-CBC", 1), kSize);
  add_one("Sm4Gcm/ours", kOurs, cipher("SM4-GCM", 1), kSize);  // the default provider of 3.0 has none
}

void load_providers() {
  OSSL_PROVIDER_set_default_search_path(nullptr, HUTONG_PROVIDER_FOLDER);
  require(OSSL_PROVIDER_load(nullptr, "default") != nullptr, "no default provider");
  require(OSSL_PROVIDER_load(nullptr, "hutong-gm") != nullptr, "hutong-gm does not load");
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  hutong::bench::load_providers();
  hutong::bench::add_sm2();
  hutong::bench::add_symmetric();
  return hutong::bench::run_with_ratios(argc, argv);
}
