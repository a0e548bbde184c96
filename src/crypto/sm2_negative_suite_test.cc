#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/sm2_prepared.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using Json = nlohmann::json;

const Json& suite() {
  static const Json parsed = Json::parse(test::read(test::data_path("crypto/sm2_wycheproof_style.json")));
  return parsed;
}

Bytes field(const Json& object, const char* name) { return test::hex(object.at(name).get<std::string>()); }
bool is_valid(const Json& test) { return test.at("result") == "valid"; }
bool has_flag(const Json& test, std::string_view flag) {
  const auto& flags = test.at("flags");
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}
std::string describe(const Json& test) {
  return "tcId " + test.at("tcId").dump() + ": " + test.at("comment").get<std::string>();
}

/// Runs `check` on every case of every group of a type; gives their number.
template <typename Check>
int for_each_case(std::string_view type, Check check) {
  int count = 0;
  for (const Json& group : suite().at("testGroups")) {
    if (group.at("type") != type) {
      continue;
    }
    for (const Json& test : group.at("tests")) {
      check(group, test);
      ++count;
    }
  }
  return count;
}

TEST(Sm2NegativeSuite, IsCountedAndNumbered) {
  int count = 0;
  for (const Json& group : suite().at("testGroups")) {
    for (const Json& test : group.at("tests")) {
      EXPECT_EQ(test.at("tcId").get<int>(), ++count);
      for (const Json& flag : test.at("flags")) {
        EXPECT_TRUE(suite().at("notes").contains(flag)) << flag;
      }
    }
  }
  EXPECT_EQ(suite().at("numberOfTests").get<int>(), count);
}

TEST(Sm2NegativeSuite, Signatures) {
  int refused = 0;
  const int count = for_each_case("Sm2Verify", [&](const Json& group, const Json& test) {
    const auto key = Sm2PublicKey::from_octets(field(group.at("publicKey"), "uncompressed"));
    ASSERT_TRUE(key);
    const Bytes id = field(test, "id");
    const auto signature = Sm2Signature::from_der(field(test, "sig"));
    const bool accepted = signature && key->verify(field(test, "msg"), signature.value(), as_text(id));
    EXPECT_EQ(accepted, is_valid(test)) << describe(test);
    const bool accepted_prepared =
        signature && Sm2PreparedKey(key.value()).verify(field(test, "msg"), signature.value(), as_text(id));
    EXPECT_EQ(accepted_prepared, accepted) << describe(test);
    if (!signature) {
      EXPECT_EQ(signature.error().code, Errc::kMalformed) << describe(test);
      EXPECT_EQ(signature.error().reason, "sm2.signature") << describe(test);
    } else {
      EXPECT_EQ(signature->to_der(), field(test, "sig")) << describe(test);
      EXPECT_EQ(Sm2Signature::from_raw(signature->to_raw()).value(), signature.value());
    }
    refused += is_valid(test) ? 0 : 1;
  });
  EXPECT_GE(count, 150);
  EXPECT_GE(refused, 150);
}

/// OpenSSL refuses identifiers of 8191 octets, which the standard allows.
TEST(Sm2NegativeSuite, OpensslGivesTheSameVerdictsOnSignatures) {
  const int count = for_each_case("Sm2Verify", [](const Json& group, const Json& test) {
    if (has_flag(test, "LongId")) {
      return;
    }
    const auto key = test::peer::Sm2Key::from_public(field(group.at("publicKey"), "uncompressed"));
    ASSERT_TRUE(key);
    const Bytes id = field(test, "id");
    EXPECT_EQ(key->verify(field(test, "msg"), field(test, "sig"), as_text(id)), is_valid(test))
        << describe(test);
  });
  EXPECT_GE(count, 150);
}

TEST(Sm2NegativeSuite, PublicKeys) {
  const int count = for_each_case("Sm2PublicKey", [](const Json&, const Json& test) {
    const auto key = Sm2PublicKey::from_octets(field(test, "publicKey"));
    ASSERT_EQ(key.has_value(), is_valid(test)) << describe(test);
    if (!key) {
      EXPECT_EQ(key.error().code, Errc::kMalformed);
      EXPECT_EQ(key.error().reason, "sm2.public_key");
    } else {
      EXPECT_TRUE(test::peer::Sm2Key::from_public(key->octets())) << describe(test);
    }
  });
  EXPECT_GE(count, 30);
}

TEST(Sm2NegativeSuite, PrivateKeys) {
  const int count = for_each_case("Sm2PrivateKey", [](const Json&, const Json& test) {
    const auto key = Sm2PrivateKey::from_octets(field(test, "privateKey"));
    ASSERT_EQ(key.has_value(), is_valid(test)) << describe(test);
    if (!key) {
      EXPECT_EQ(key.error().reason, "sm2.private_key");
    }
  });
  EXPECT_GE(count, 10);
}

Sm2CipherLayout layout_of(const Json& group) {
  static const std::map<std::string, Sm2CipherLayout> kLayouts = {
      {"asn1", Sm2CipherLayout::kAsn1},
      {"c1c3c2", Sm2CipherLayout::kC1C3C2},
      {"c1c2c3", Sm2CipherLayout::kC1C2C3},
      {"c1c3c2-without-04", Sm2CipherLayout::kC1C3C2NoPrefix},
      {"c1c2c3-without-04", Sm2CipherLayout::kC1C2C3NoPrefix}};
  return kLayouts.at(group.at("layout").get<std::string>());
}

TEST(Sm2NegativeSuite, Decryption) {
  const int count = for_each_case("Sm2Decrypt", [](const Json& group, const Json& test) {
    const Sm2PrivateKey key = std::move(Sm2PrivateKey::from_octets(field(group, "privateKey"))).value();
    const auto text = sm2_decrypt(key, field(test, "ct"), layout_of(group));
    ASSERT_EQ(text.has_value(), is_valid(test)) << describe(test);
    if (text) {
      EXPECT_TRUE(equal(text->expose(), field(test, "msg"))) << describe(test);
      return;
    }
    const bool is_layout_error = has_flag(test, "Structure");
    EXPECT_EQ(text.error().code, is_layout_error ? Errc::kMalformed : Errc::kCryptoFail) << describe(test);
    EXPECT_EQ(text.error().reason, is_layout_error ? "sm2.ciphertext" : "sm2.decrypt") << describe(test);
  });
  EXPECT_GE(count, 100);
}

TEST(Sm2NegativeSuite, OpensslOpensTheGoodAsn1Ciphertexts) {
  for_each_case("Sm2Decrypt", [](const Json& group, const Json& test) {
    if (layout_of(group) != Sm2CipherLayout::kAsn1 || !is_valid(test)) {
      return;
    }
    const Sm2PrivateKey key = std::move(Sm2PrivateKey::from_octets(field(group, "privateKey"))).value();
    const auto peer = test::peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets());
    const auto text = peer.decrypt(field(test, "ct"));
    ASSERT_TRUE(text) << describe(test);
    EXPECT_EQ(*text, field(test, "msg")) << describe(test);
  });
}

}  // namespace
}  // namespace hutong::crypto
