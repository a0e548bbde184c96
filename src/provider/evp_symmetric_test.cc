#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <optional>

#include "provider/test_session.h"
#include "tests/support/support.h"

namespace hutong::provider::test {
namespace {

using hutong::test::hex;
using hutong::test::Vector;

Bytes digest(const Session& session, const std::vector<ByteView>& chunks) {
  const Md md(EVP_MD_fetch(session.get(), "SM3", nullptr));
  const MdContext context(EVP_MD_CTX_new());
  EXPECT_EQ(EVP_DigestInit_ex2(context.get(), md.get(), nullptr), 1);
  for (const ByteView chunk : chunks) {
    EXPECT_EQ(EVP_DigestUpdate(context.get(), chunk.data(), chunk.size()), 1);
  }
  const MdContext copy(EVP_MD_CTX_new());
  EXPECT_EQ(EVP_MD_CTX_copy_ex(copy.get(), context.get()), 1);
  Bytes out(32);
  Bytes again(32);
  EXPECT_EQ(EVP_DigestFinal_ex(context.get(), out.data(), nullptr), 1);
  EXPECT_EQ(EVP_DigestFinal_ex(copy.get(), again.data(), nullptr), 1);
  EXPECT_EQ(out, again);
  return out;
}

Bytes hmac(const Session& session, const char* name, const char* digest_name, ByteView key,
           const std::vector<ByteView>& chunks) {
  const Mac mac(EVP_MAC_fetch(session.get(), name, nullptr));
  const MacContext context(EVP_MAC_CTX_new(mac.get()));
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest_name), 0),
      OSSL_PARAM_construct_end()};
  EXPECT_EQ(EVP_MAC_init(context.get(), key.data(), key.size(), params), 1);
  for (const ByteView chunk : chunks) {
    EXPECT_EQ(EVP_MAC_update(context.get(), chunk.data(), chunk.size()), 1);
  }
  const MacContext copy(EVP_MAC_CTX_dup(context.get()));
  Bytes out(32);
  Bytes again(32);
  std::size_t size = 0;
  EXPECT_EQ(EVP_MAC_final(context.get(), out.data(), &size, out.size()), 1);
  EXPECT_EQ(EVP_MAC_final(copy.get(), again.data(), &size, again.size()), 1);
  EXPECT_EQ(out, again);
  return out;
}

TEST(ProviderSm3, EqualsOpensslInChunksOfAnySize) {
  for (const std::size_t size : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 1000U, 20011U}) {
    const Bytes message = random_bytes(size);
    EXPECT_EQ(digest(ours(), pieces(message, {1, 63, 64, 129})), digest(peer(), {message})) << size;
  }
}

TEST(ProviderHmac, EqualsOpensslAndKeepsItsKey) {
  for (const std::size_t key_size : {1U, 16U, 64U, 65U, 200U}) {
    const Bytes key = random_bytes(key_size);
    const Bytes message = random_bytes(777);
    const Bytes expected = hmac(peer(), "HMAC", "SM3", key, {message});
    EXPECT_EQ(hmac(ours(), "HMAC-SM3", "SM3", key, pieces(message, {7, 64, 1})), expected) << key_size;
    EXPECT_EQ(hmac(ours(), "1.2.156.10197.1.401.2", "SM3", key, {message}), expected);
  }
}

TEST(ProviderHmac, RefusesOtherDigestsAndMissingKeys) {
  const Mac mac(EVP_MAC_fetch(ours().get(), "HMAC-SM3", nullptr));
  const MacContext context(EVP_MAC_CTX_new(mac.get()));
  EXPECT_EQ(EVP_MAC_init(context.get(), nullptr, 0, nullptr), 0);
  EXPECT_NE(take_errors().find("mac.key: no key is set"), std::string::npos);
  const Bytes key(16);
  char sha256[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0),
                               OSSL_PARAM_construct_end()};
  EXPECT_EQ(EVP_MAC_init(context.get(), key.data(), key.size(), params), 0);
  EXPECT_NE(take_errors().find("digest.unsupported"), std::string::npos);
  EXPECT_EQ(EVP_MAC_CTX_get_mac_size(context.get()), 32U);
}

enum class Way : int { kDecrypt = 0, kEncrypt = 1 };

struct CipherCall {
  const char* name;
  Way way;
  Bytes key;
  Bytes iv;
  bool is_padded = true;
};

CipherContext begin(const Session& session, const CipherCall& call) {
  const Cipher cipher(EVP_CIPHER_fetch(session.get(), call.name, nullptr));
  CipherContext context(EVP_CIPHER_CTX_new());
  EXPECT_EQ(
      EVP_CipherInit_ex2(context.get(), cipher.get(), call.key.data(),
                         call.iv.empty() ? nullptr : call.iv.data(), static_cast<int>(call.way), nullptr),
      1);
  EVP_CIPHER_CTX_set_padding(context.get(), call.is_padded ? 1 : 0);
  return context;
}

Bytes update(EVP_CIPHER_CTX* context, ByteView chunk) {
  Bytes out(chunk.size() + 16);
  int size = 0;
  EXPECT_EQ(EVP_CipherUpdate(context, out.data(), &size, chunk.data(), static_cast<int>(chunk.size())), 1);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<Bytes> finish(EVP_CIPHER_CTX* context) {
  Bytes out(16);
  int size = 0;
  if (EVP_CipherFinal_ex(context, out.data(), &size) != 1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<Bytes> run(const Session& session, const CipherCall& call,
                         const std::vector<ByteView>& chunks) {
  const CipherContext context = begin(session, call);
  Bytes out;
  for (const ByteView chunk : chunks) {
    append(out, update(context.get(), chunk));
  }
  const auto rest = finish(context.get());
  if (!rest) {
    return std::nullopt;
  }
  append(out, *rest);
  return out;
}

TEST(ProviderSm4, EqualsOpensslInBothDirectionsAndChunksOfAnySize) {
  for (const char* name : {"SM4-ECB", "SM4-CBC", "SM4-CTR"}) {
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 32U, 1000U, 4099U}) {
      const Bytes text = random_bytes(size);
      CipherCall call{name, Way::kEncrypt, random_bytes(16), random_bytes(16)};
      const Bytes sealed = run(peer(), call, {text}).value();
      EXPECT_EQ(run(ours(), call, pieces(text, {1, 15, 16, 17, 33})), sealed) << name << size;
      call.way = Way::kDecrypt;
      EXPECT_EQ(run(ours(), call, pieces(sealed, {16, 1, 31, 5})), text) << name << size;
    }
  }
}

TEST(ProviderSm4, CopiedStreamsGoOnAndTellTheirIv) {
  for (const char* name : {"SM4-CBC", "SM4-CTR"}) {
    const CipherCall call{name, Way::kEncrypt, random_bytes(16), random_bytes(16)};
    const CipherContext first = begin(ours(), call);
    const CipherContext other = begin(peer(), call);
    EXPECT_EQ(update(first.get(), Bytes(37, 1)), update(other.get(), Bytes(37, 1)));
    const CipherContext copy(EVP_CIPHER_CTX_new());
    ASSERT_EQ(EVP_CIPHER_CTX_copy(copy.get(), first.get()), 1);
    EXPECT_EQ(update(copy.get(), Bytes(50, 2)), update(other.get(), Bytes(50, 2)));
    Bytes iv(16);
    Bytes expected(16);
    EXPECT_EQ(EVP_CIPHER_CTX_get_updated_iv(copy.get(), iv.data(), iv.size()), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_get_updated_iv(other.get(), expected.data(), expected.size()), 1);
    EXPECT_EQ(iv, expected) << name;
    EXPECT_EQ(EVP_CIPHER_CTX_get_original_iv(copy.get(), iv.data(), iv.size()), 1);
    EXPECT_EQ(iv, call.iv);
    EXPECT_EQ(update(first.get(), Bytes(50, 2)).size(), std::string_view(name) == "SM4-CTR" ? 50U : 48U);
  }
}

TEST(ProviderSm4, RefusesBrokenPaddingLengthsKeysAndMissingIvs) {
  CipherCall call{"SM4-CBC", Way::kDecrypt, Bytes(16, 7), Bytes(16, 9)};
  EXPECT_FALSE(run(ours(), call, {Bytes(17)}));
  EXPECT_NE(take_errors().find("sm4.length"), std::string::npos);
  EXPECT_FALSE(run(ours(), call, {Bytes(32, 0xEE)}));
  EXPECT_NE(take_errors().find("sm4.padding"), std::string::npos);
  call.way = Way::kEncrypt;
  call.is_padded = false;
  EXPECT_FALSE(run(ours(), call, {Bytes(17)}));
  take_errors();

  const Cipher cipher(EVP_CIPHER_fetch(ours().get(), "SM4-CTR", nullptr));
  const CipherContext context(EVP_CIPHER_CTX_new());
  ASSERT_EQ(EVP_CipherInit_ex2(context.get(), cipher.get(), call.key.data(), nullptr, 1, nullptr), 1);
  Bytes out(16);
  int size = 0;
  EXPECT_EQ(EVP_CipherUpdate(context.get(), out.data(), &size, out.data(), 16), 0);
  EXPECT_NE(take_errors().find("no IV is set"), std::string::npos);
  EXPECT_EQ(EVP_CIPHER_CTX_set_key_length(context.get(), 32), 0);
}

/// The default provider's CMAC over our SM4-CBC: EVP_Cipher(), new IVs without a new key, copies.
TEST(ProviderSm4, CarriesTheCmacOfTheDefaultProvider) {
  const Session both({"default", "hutong-gm"});
  const auto cmac = [&](const char* properties) {
    const Mac mac(EVP_MAC_fetch(both.get(), "CMAC", nullptr));
    const MacContext context(EVP_MAC_CTX_new(mac.get()));
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, const_cast<char*>("SM4-CBC"), 0),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_PROPERTIES, const_cast<char*>(properties), 0),
        OSSL_PARAM_construct_end()};
    const Bytes key(16, 0x21);
    const Bytes message(100, 0x43);
    Bytes out(16);
    std::size_t size = 0;
    EXPECT_EQ(EVP_MAC_init(context.get(), key.data(), key.size(), params), 1);
    EXPECT_EQ(EVP_MAC_update(context.get(), message.data(), message.size()), 1);
    EXPECT_EQ(EVP_MAC_final(context.get(), out.data(), &size, out.size()), 1);
    return out;
  };
  EXPECT_EQ(cmac("provider=hutong-gm"), cmac("provider=default"));
}

struct Sealed {
  Bytes text;
  Bytes tag;
};

CipherContext begin_aead(const Vector& vector, Way way, ByteView tag) {
  const std::string name = vector.text("mode") == "gcm" ? "SM4-GCM" : "SM4-CCM";
  const Cipher cipher(EVP_CIPHER_fetch(ours().get(), name.c_str(), nullptr));
  CipherContext context(EVP_CIPHER_CTX_new());
  const Bytes nonce = vector.hex("nonce");
  EXPECT_EQ(EVP_CipherInit_ex2(context.get(), cipher.get(), nullptr, nullptr, static_cast<int>(way), nullptr),
            1);
  EXPECT_EQ(
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(nonce.size()), nullptr),
      1);
  if (way == Way::kDecrypt || name == "SM4-CCM") {
    void* const octets = way == Way::kDecrypt ? const_cast<std::uint8_t*>(tag.data()) : nullptr;
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, 16, octets), 1);
  }
  EXPECT_EQ(EVP_CipherInit_ex2(context.get(), nullptr, vector.hex("key").data(), nonce.data(),
                               static_cast<int>(way), nullptr),
            1);
  return context;
}

void add_data(EVP_CIPHER_CTX* context, ByteView data) {
  int size = 0;
  EXPECT_EQ(EVP_CipherUpdate(context, nullptr, &size, data.data(), static_cast<int>(data.size())), 1);
}

Sealed seal(const Vector& vector) {
  const CipherContext context = begin_aead(vector, Way::kEncrypt, {});
  const bool is_gcm = vector.text("mode") == "gcm";
  const Bytes data = vector.hex("aad");
  const Bytes text = vector.hex("plaintext");
  for (const ByteView piece : pieces(data, {3, 1, 16})) {
    add_data(context.get(), piece);
  }
  Sealed sealed;
  for (const ByteView piece : is_gcm ? pieces(text, {1, 15, 17}) : std::vector<ByteView>{text}) {
    append(sealed.text, update(context.get(), piece));
  }
  EXPECT_TRUE(finish(context.get()));
  sealed.tag.resize(16);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, sealed.tag.data()), 1);
  return sealed;
}

std::optional<Bytes> open(const Vector& vector, const Sealed& sealed) {
  const CipherContext context = begin_aead(vector, Way::kDecrypt, sealed.tag);
  add_data(context.get(), vector.hex("aad"));
  Bytes out(sealed.text.size());
  int size = 0;
  if (EVP_CipherUpdate(context.get(), out.data(), &size, sealed.text.data(), static_cast<int>(out.size())) !=
          1 ||
      !finish(context.get())) {
    return std::nullopt;
  }
  return out;
}

class ProviderAead : public testing::TestWithParam<Vector> {};
TEST_P(ProviderAead, SealsOpensAndNoticesChanges) {
  const Vector& vector = GetParam();
  const Sealed sealed = seal(vector);
  EXPECT_EQ(sealed.text, vector.hex("ciphertext"));
  EXPECT_EQ(sealed.tag, vector.hex("tag"));
  EXPECT_EQ(open(vector, sealed), vector.hex("plaintext"));
  Sealed changed = sealed;
  changed.tag[15] ^= 1;
  EXPECT_FALSE(open(vector, changed));
  EXPECT_NE(take_errors().find("sm4.tag: the authentication tag is wrong"), std::string::npos);
  changed = sealed;
  changed.text[3] ^= 1;
  EXPECT_FALSE(open(vector, changed));
  take_errors();
}
INSTANTIATE_TEST_SUITE_P(Rfc8998, ProviderAead,
                         testing::ValuesIn(hutong::test::load_vectors("crypto/sm4_aead.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST_P(ProviderAead, UsesANonceOnceAndAsksForTheTagFirst) {
  const Vector& vector = GetParam();
  const CipherContext sealing = begin_aead(vector, Way::kEncrypt, {});
  update(sealing.get(), Bytes(5));
  EXPECT_TRUE(finish(sealing.get()));
  Bytes out(32);
  int size = 0;
  EXPECT_EQ(EVP_CipherUpdate(sealing.get(), out.data(), &size, out.data(), 5), 0);
  EXPECT_NE(take_errors().find("sm4.order"), std::string::npos);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(sealing.get(), EVP_CTRL_AEAD_GET_TAG, 3, out.data()), 0);
  take_errors();

  const Cipher cipher(
      EVP_CIPHER_fetch(ours().get(), vector.text("mode") == "gcm" ? "SM4-GCM" : "SM4-CCM", nullptr));
  const CipherContext opening(EVP_CIPHER_CTX_new());
  ASSERT_EQ(
      EVP_CipherInit_ex2(opening.get(), cipher.get(), vector.hex("key").data(), Bytes(12).data(), 0, nullptr),
      1);
  EXPECT_FALSE(EVP_CipherUpdate(opening.get(), out.data(), &size, out.data(), 5) == 1 &&
               finish(opening.get()));
  EXPECT_NE(take_errors().find("the tag to be checked"), std::string::npos);
}

TEST_P(ProviderAead, CopiesOfAMessageGoOnByThemselves) {
  const Vector& vector = GetParam();
  const CipherContext context = begin_aead(vector, Way::kEncrypt, {});
  add_data(context.get(), Bytes(5));
  const CipherContext copy(EVP_CIPHER_CTX_new());
  ASSERT_EQ(EVP_CIPHER_CTX_copy(copy.get(), context.get()), 1);
  EXPECT_EQ(update(copy.get(), Bytes(33)), update(context.get(), Bytes(33)));
  EXPECT_TRUE(finish(copy.get()) && finish(context.get()));
  Bytes one(16);
  Bytes other(16);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(copy.get(), EVP_CTRL_AEAD_GET_TAG, 16, one.data()), 1);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, other.data()), 1);
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace hutong::provider::test
