#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include <atomic>
#include <optional>
#include <thread>

#include "provider/test_session.h"

namespace hutong::provider::test {
namespace {

constexpr std::string_view kDefaultId = "1234567812345678";

Pkey generate(const Session& session) { return Pkey(EVP_PKEY_Q_keygen(session.get(), nullptr, "SM2")); }

std::string provider_of(const Pkey& key) {
  return OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(key.get()));
}

Pkey import_key(const Session& session, const OSSL_PARAM* params, int selection) {
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(session.get(), "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  EVP_PKEY_fromdata(context.get(), &key, selection, const_cast<OSSL_PARAM*>(params));
  return Pkey(key);
}

/// The same key in another session, through export and import.
Pkey carry(const Pkey& key, const Session& to, int selection = EVP_PKEY_KEYPAIR) {
  OSSL_PARAM* params = nullptr;
  EXPECT_EQ(EVP_PKEY_todata(key.get(), selection, &params), 1) << take_errors();
  Pkey out = import_key(to, params, selection);
  OSSL_PARAM_free(params);
  return out;
}

struct Signing {
  const Session& session;
  const Pkey& key;
  std::optional<std::string_view> id = std::nullopt;
};

MdContext begin(const Signing& by, bool is_signing, EVP_PKEY_CTX*& context) {
  MdContext md(EVP_MD_CTX_new());
  const auto init = is_signing ? EVP_DigestSignInit_ex : EVP_DigestVerifyInit_ex;
  EXPECT_EQ(init(md.get(), &context, "SM3", by.session.get(), nullptr, by.key.get(), nullptr), 1)
      << take_errors();
  if (by.id) {
    EXPECT_EQ(EVP_PKEY_CTX_set1_id(context, by.id->data(), static_cast<int>(by.id->size())), 1);
  }
  return md;
}

Bytes sign(const Signing& by, const std::vector<ByteView>& chunks) {
  EVP_PKEY_CTX* context = nullptr;
  const MdContext md = begin(by, true, context);
  for (const ByteView chunk : chunks) {
    EXPECT_EQ(EVP_DigestSignUpdate(md.get(), chunk.data(), chunk.size()), 1);
  }
  std::size_t size = 0;
  EXPECT_EQ(EVP_DigestSignFinal(md.get(), nullptr, &size), 1);
  Bytes signature(size);
  EXPECT_EQ(EVP_DigestSignFinal(md.get(), signature.data(), &size), 1) << take_errors();
  signature.resize(size);
  return signature;
}

bool verify(const Signing& by, const std::vector<ByteView>& chunks, ByteView signature) {
  EVP_PKEY_CTX* context = nullptr;
  const MdContext md = begin(by, false, context);
  for (const ByteView chunk : chunks) {
    EXPECT_EQ(EVP_DigestVerifyUpdate(md.get(), chunk.data(), chunk.size()), 1);
  }
  return EVP_DigestVerifyFinal(md.get(), signature.data(), signature.size()) == 1;
}

TEST(ProviderSm2Signature, TakesTheDefaultIdWhenNobodySetsOne) {
  const Pkey key = generate(ours());
  const Pkey same = carry(key, peer());
  ASSERT_TRUE(same);
  EXPECT_EQ(provider_of(key), "hutong-gm");
  for (const std::size_t size : {0U, 1U, 64U, 1000U}) {
    const Bytes message = random_bytes(size);
    const auto chunks = pieces(message, {1, 31, 64, 65});
    const Bytes signature = sign({ours(), key}, chunks);
    EXPECT_TRUE(verify({ours(), key}, {message}, signature));
    EXPECT_TRUE(verify({peer(), same, kDefaultId}, {message}, signature)) << size;
    EXPECT_FALSE(verify({peer(), same}, {message}, signature));
    EXPECT_TRUE(verify({ours(), key}, chunks, sign({peer(), same, kDefaultId}, {message})));
    EXPECT_FALSE(verify({ours(), key}, chunks, sign({peer(), same}, {message})));
  }
}

TEST(ProviderSm2Signature, TakesTheIdThatIsSet) {
  const Pkey key = generate(peer());
  const Pkey same = carry(key, ours());
  ASSERT_TRUE(same);
  const Bytes message = random_bytes(200);
  const std::string longest(8190, 'x');  // OpenSSL takes no more
  for (const std::string_view id : {std::string_view("ALICE123@YAHOO.COM"), std::string_view(longest)}) {
    EXPECT_TRUE(verify({peer(), key, id}, {message}, sign({ours(), same, id}, {message})));
    EXPECT_TRUE(verify({ours(), same, id}, {message}, sign({peer(), key, id}, {message})));
    EXPECT_FALSE(verify({ours(), same}, {message}, sign({peer(), key, id}, {message})));
  }
  EVP_PKEY_CTX* context = nullptr;
  const MdContext md = begin({ours(), same}, true, context);
  EXPECT_LE(EVP_PKEY_CTX_set1_id(context, std::string(8192, 'x').data(), 8192), 0);
  EXPECT_NE(take_errors().find("sm2.id"), std::string::npos);
  EXPECT_EQ(EVP_DigestSignUpdate(md.get(), "a", 1), 1);
  EXPECT_LE(EVP_PKEY_CTX_set1_id(context, "late", 4), 0);
  EXPECT_NE(take_errors().find("sm2.order"), std::string::npos);
}

TEST(ProviderSm2Signature, RefusesChangesAndOtherDigests) {
  const Pkey key = generate(ours());
  const Bytes message = random_bytes(100);
  const Bytes signature = sign({ours(), key}, {message});
  for (std::size_t i = 0; i < signature.size(); ++i) {
    Bytes changed = signature;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 0x01);
    EXPECT_FALSE(verify({ours(), key}, {message}, changed)) << i;
  }
  EXPECT_FALSE(verify({ours(), key}, {message, Bytes(1)}, signature));
  EXPECT_FALSE(verify({ours(), key}, {message}, ByteView(signature).first(signature.size() - 1)));
  EXPECT_FALSE(verify({ours(), generate(ours())}, {message}, signature));
  const MdContext md(EVP_MD_CTX_new());
  EXPECT_LE(EVP_DigestSignInit_ex(md.get(), nullptr, "SHA256", ours().get(), nullptr, key.get(), nullptr), 0);
  take_errors();
}

PkeyContext operation(const Session& session, const Pkey& key, int (*init)(EVP_PKEY_CTX*)) {
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(session.get(), key.get(), nullptr));
  EXPECT_EQ(init(context.get()), 1) << take_errors();
  return context;
}

using Transform = int (*)(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t);
std::optional<Bytes> transform(const PkeyContext& context, Transform function, ByteView in) {
  std::size_t size = 0;
  if (function(context.get(), nullptr, &size, in.data(), in.size()) != 1) {
    return std::nullopt;
  }
  Bytes out(size);
  if (function(context.get(), out.data(), &size, in.data(), in.size()) != 1) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

TEST(ProviderSm2Signature, SignsAndVerifiesReadyDigests) {
  const Pkey key = generate(ours());
  const Pkey same = carry(key, peer());
  const Bytes e = random_bytes(32);
  const auto check = [&](const Session& session, const Pkey& with, const Bytes& signature) {
    const auto context = operation(session, with, EVP_PKEY_verify_init);
    return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), e.data(), e.size()) == 1;
  };
  const auto made = transform(operation(ours(), key, EVP_PKEY_sign_init), EVP_PKEY_sign, e);
  ASSERT_TRUE(made);
  EXPECT_TRUE(check(ours(), key, *made));
  EXPECT_TRUE(check(peer(), same, *made));
  const auto theirs = transform(operation(peer(), same, EVP_PKEY_sign_init), EVP_PKEY_sign, e);
  EXPECT_TRUE(check(ours(), key, theirs.value()));
  EXPECT_FALSE(transform(operation(ours(), key, EVP_PKEY_sign_init), EVP_PKEY_sign, Bytes(31)));
  EXPECT_NE(take_errors().find("digest.size"), std::string::npos);
}

TEST(ProviderSm2Encryption, OpensWhatOpensslSealsAndTheReverse) {
  const Pkey key = generate(ours());
  const Pkey same = carry(key, peer());
  for (const std::size_t size : {1U, 32U, 127U, 128U, 300U, 70000U}) {
    const Bytes message = random_bytes(size);
    const auto sealed = transform(operation(ours(), key, EVP_PKEY_encrypt_init), EVP_PKEY_encrypt, message);
    ASSERT_TRUE(sealed) << size;
    EXPECT_EQ(transform(operation(peer(), same, EVP_PKEY_decrypt_init), EVP_PKEY_decrypt, *sealed), message);
    const auto theirs = transform(operation(peer(), same, EVP_PKEY_encrypt_init), EVP_PKEY_encrypt, message);
    EXPECT_EQ(transform(operation(ours(), key, EVP_PKEY_decrypt_init), EVP_PKEY_decrypt, theirs.value()),
              message);
    Bytes changed = *sealed;
    changed.back() ^= 1;
    EXPECT_FALSE(transform(operation(ours(), key, EVP_PKEY_decrypt_init), EVP_PKEY_decrypt, changed));
    EXPECT_NE(take_errors().find("sm2.decrypt"), std::string::npos);
  }
  EXPECT_FALSE(transform(operation(ours(), key, EVP_PKEY_decrypt_init), EVP_PKEY_decrypt, Bytes(50, 0x30)));
  EXPECT_NE(take_errors().find("sm2.ciphertext"), std::string::npos);
}

struct Bio {
  explicit Bio(BIO* made) : bio(made) {}
  Bio(const Bio&) = delete;
  Bio& operator=(const Bio&) = delete;
  ~Bio() { BIO_free(bio); }
  BIO* bio;
};

TEST(ProviderSm2Keys, AreReadFromPemByTheBaseProviderAndWritten) {
  const Pkey made = generate(peer());
  const Bio secret(BIO_new(BIO_s_mem()));
  const Bio open(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_PrivateKey(secret.bio, made.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  ASSERT_EQ(PEM_write_bio_PUBKEY(open.bio, made.get()), 1);
  const Pkey pair(PEM_read_bio_PrivateKey_ex(secret.bio, nullptr, nullptr, nullptr, ours().get(), nullptr));
  const Pkey half(PEM_read_bio_PUBKEY_ex(open.bio, nullptr, nullptr, nullptr, ours().get(), nullptr));
  ASSERT_TRUE(pair && half) << take_errors();
  EXPECT_EQ(provider_of(pair), "hutong-gm");
  EXPECT_EQ(provider_of(half), "hutong-gm");
  EXPECT_EQ(EVP_PKEY_eq(pair.get(), half.get()), 1);
  EXPECT_EQ(EVP_PKEY_eq(pair.get(), generate(ours()).get()), 0);
  const Bytes message = random_bytes(50);
  EXPECT_TRUE(verify({ours(), half}, {message}, sign({ours(), pair}, {message})));

  const Bio again(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_PrivateKey(again.bio, pair.get(), nullptr, nullptr, 0, nullptr, nullptr), 1)
      << take_errors();
  const Pkey back(PEM_read_bio_PrivateKey_ex(again.bio, nullptr, nullptr, nullptr, peer().get(), nullptr));
  EXPECT_EQ(EVP_PKEY_eq(back.get(), made.get()), 1);
}

TEST(ProviderSm2Keys, AreDuplicatedCheckedAndDescribed) {
  const Pkey key = generate(ours());
  const Pkey copy(EVP_PKEY_dup(key.get()));
  const Pkey half = carry(key, ours(), EVP_PKEY_PUBLIC_KEY);
  ASSERT_TRUE(copy && half);
  EXPECT_EQ(EVP_PKEY_eq(key.get(), copy.get()), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
  EXPECT_EQ(EVP_PKEY_get_security_bits(key.get()), 128);
  EXPECT_EQ(EVP_PKEY_get_size(key.get()), 72);
  EXPECT_EQ(EVP_PKEY_check(operation(ours(), key, [](EVP_PKEY_CTX*) { return 1; }).get()), 1);
  EXPECT_NE(EVP_PKEY_check(operation(ours(), half, [](EVP_PKEY_CTX*) { return 1; }).get()), 1);
  char group[16] = {};
  EXPECT_EQ(EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr), 1);
  EXPECT_STREQ(group, "SM2");
  const PkeyContext signing(EVP_PKEY_CTX_new_from_pkey(ours().get(), half.get(), nullptr));
  EXPECT_NE(EVP_PKEY_sign_init(signing.get()), 1);
  EXPECT_NE(take_errors().find("sm2.key"), std::string::npos);
}

TEST(ProviderSm2Keys, AreRefusedWhenTheyAreNone) {
  const Pkey key = generate(ours());
  OSSL_PARAM* params = nullptr;
  ASSERT_EQ(EVP_PKEY_todata(key.get(), EVP_PKEY_KEYPAIR, &params), 1);
  OSSL_PARAM* const point = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_PUB_KEY);
  OSSL_PARAM* const number = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_PRIV_KEY);
  ASSERT_TRUE(point != nullptr && number != nullptr);
  auto* const octets = static_cast<unsigned char*>(point->data);
  auto* const d = static_cast<unsigned char*>(number->data);
  octets[64] ^= 1;
  EXPECT_FALSE(import_key(ours(), params, EVP_PKEY_KEYPAIR));
  EXPECT_NE(take_errors().find("sm2.public_key"), std::string::npos);
  octets[64] ^= 1;
  d[0] ^= 1;
  EXPECT_FALSE(import_key(ours(), params, EVP_PKEY_KEYPAIR));
  EXPECT_NE(take_errors().find("sm2.mismatch"), std::string::npos);
  std::fill(d, d + number->data_size, static_cast<unsigned char>(0));
  EXPECT_FALSE(import_key(ours(), params, EVP_PKEY_KEYPAIR));
  EXPECT_NE(take_errors().find("sm2.private_key"), std::string::npos);
  OSSL_PARAM_free(params);

  char group[] = "prime256v1";
  const OSSL_PARAM other[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                              OSSL_PARAM_construct_end()};
  EXPECT_FALSE(import_key(ours(), other, EVP_PKEY_KEY_PARAMETERS));
  EXPECT_NE(take_errors().find("sm2.group"), std::string::npos);
}

/// A key that is used long enough to be prepared, by many threads at once.
TEST(ProviderSm2Signature, ServesManyThreads) {
  const Pkey key = generate(ours());
  const Bytes message = random_bytes(100);
  const Bytes signature = sign({ours(), key}, {message});
  std::atomic<int> failures = 0;
  const auto work = [&] {
    for (int i = 0; i < 40; ++i) {
      const bool right = verify({ours(), key}, {message}, signature) &&
                         !verify({ours(), key}, {message, Bytes(1)}, signature) &&
                         verify({ours(), key}, {message}, sign({ours(), key}, {message}));
      failures += right ? 0 : 1;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failures, 0);
}

TEST(Provider, TellsItsNameAndTestsItself) {
  const Session session({"base"});
  OSSL_PROVIDER* const provider = OSSL_PROVIDER_load(session.get(), "hutong-gm");
  ASSERT_NE(provider, nullptr);
  char* name = nullptr;
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_ptr(OSSL_PROV_PARAM_NAME, &name, 0),
                         OSSL_PARAM_construct_end()};
  EXPECT_EQ(OSSL_PROVIDER_get_params(provider, params), 1);
  EXPECT_STREQ(name, "Hutong SM2, SM3 and SM4");
  EXPECT_EQ(OSSL_PROVIDER_self_test(provider), 1);
  OSSL_PROVIDER_unload(provider);
}

/// A key of the default provider, used by ours because the properties say so.
TEST(Provider, IsPreferredByProperties) {
  const Session both({"default", "hutong-gm"});
  ASSERT_EQ(EVP_set_default_properties(both.get(), "?provider=hutong-gm"), 1);
  const Pkey key = carry(generate(peer()), both);
  EXPECT_EQ(provider_of(key), "hutong-gm");
  const Md sm3(EVP_MD_fetch(both.get(), "SM3", nullptr));
  EXPECT_STREQ(OSSL_PROVIDER_get0_name(EVP_MD_get0_provider(sm3.get())), "hutong-gm");
  const Md sha256(EVP_MD_fetch(both.get(), "SHA256", nullptr));
  EXPECT_STREQ(OSSL_PROVIDER_get0_name(EVP_MD_get0_provider(sha256.get())), "default");
  const Mac hmac(EVP_MAC_fetch(both.get(), "HMAC", nullptr));
  EXPECT_STREQ(OSSL_PROVIDER_get0_name(EVP_MAC_get0_provider(hmac.get())), "default");
}

}  // namespace
}  // namespace hutong::provider::test
