#include "platform/login/id_token.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "crypto/signature.h"
#include "platform/login/login_support.h"

namespace hutong::platform::login {
namespace {

using test::Json;
using test::must;

/// A JWS in compact form, taken apart.
struct Parts {
  std::string header;
  std::string signed_text;
  Bytes signature;
};
Parts parts_of(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  return {.header = std::string(as_text(must(from_base64url(token.substr(0, first))))),
          .signed_text = token.substr(0, last),
          .signature = must(from_base64url(token.substr(last + 1)))};
}

crypto::Sm2PublicKey key_from(const Json& jwk) {
  Bytes point{4};
  append(point, must(from_base64url(jwk.at("x").get<std::string>())));
  append(point, must(from_base64url(jwk.at("y").get<std::string>())));
  return must(crypto::Sm2PublicKey::from_octets(point));
}

IdTokenSigner fresh_signer() { return {crypto::P256Key::generate(), crypto::Sm2PrivateKey::generate()}; }

/// docs/login.md, "ID tokens in SM2", octet by octet.
TEST(IdToken, InSm2IsWhatTheDocumentSays) {
  const IdTokenSigner signer = fresh_signer();
  const Json key = signer.keys().at("keys").at(1);
  EXPECT_EQ(key.at("kty"), "EC");
  EXPECT_EQ(key.at("crv"), "SM2-P-256");
  EXPECT_EQ(key.at("use"), "sig");
  const auto parts = parts_of(must(signer.sign({{"sub", "somebody"}}, IdTokenAlgorithm::kSm2)));
  EXPECT_EQ(parts.header,
            R"({"alg":"SGD_SM3_SM2","typ":"JWT","kid":")" + key.at("kid").get<std::string>() + "\"}");
  ASSERT_EQ(parts.signature.size(), 64U);
  const auto signature = must(crypto::Sm2Signature::from_raw(parts.signature));
  EXPECT_TRUE(key_from(key).verify(as_bytes(parts.signed_text), signature, "1234567812345678"));
  EXPECT_FALSE(key_from(key).verify(as_bytes(parts.signed_text + " "), signature));
  const std::string thumbprint = R"({"crv":"SM2-P-256","kty":"EC","x":")" + key.at("x").get<std::string>() +
                                 R"(","y":")" + key.at("y").get<std::string>() + "\"}";
  EXPECT_EQ(key.at("kid"),
            to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(thumbprint))));
}

TEST(IdToken, IsReadInBothAlgorithmsAndInNoOther) {
  const IdTokenSigner signer = fresh_signer();
  for (const auto algorithm : {IdTokenAlgorithm::kEs256, IdTokenAlgorithm::kSm2}) {
    const std::string token = must(signer.sign({{"sub", "somebody"}}, algorithm));
    EXPECT_EQ(must(signer.read(token)).at("sub"), "somebody");
    EXPECT_FALSE(fresh_signer().read(token)) << "of another platform";
    std::string changed = token;
    changed[token.find('.') + 3] ^= 1;
    EXPECT_FALSE(signer.read(changed));
    EXPECT_FALSE(signer.read(token.substr(0, token.size() - 2)));
  }
  const std::string es256 = must(signer.sign({{"sub", "somebody"}}, IdTokenAlgorithm::kEs256));
  const std::string sm2 = must(signer.sign({{"sub", "somebody"}}, IdTokenAlgorithm::kSm2));
  const std::string mixed = sm2.substr(0, sm2.find('.')) + es256.substr(es256.find('.'));
  EXPECT_FALSE(signer.read(mixed)) << "the header of one, the signature of the other";
  const std::string none = to_base64url(as_bytes(std::string_view(R"({"alg":"none"})")));
  EXPECT_FALSE(signer.read(none + es256.substr(es256.find('.'))));
  for (const auto* garbage : {"", ".", "..", "a.b.c", "no token"}) {
    EXPECT_FALSE(signer.read(garbage)) << garbage;
  }
}

class Sm2IdTokens : public test::LoginTest {};
INSTANTIATE_TEST_SUITE_P(Storage, Sm2IdTokens, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Sm2IdTokens, AreForBusinessSystemsThatAskForThem) {
  const auto sm2 = registered(kRedirect, "SGD_SM3_SM2");
  const auto es256 = registered();
  const test::Key key = issue(vendor_a_, "supplier");
  const Json keys = send({.target = "/oidc/keys"}).json.at("keys");
  ASSERT_EQ(keys.size(), 2U);
  const auto tokens = redeem(sm2, code_for(sm2, key));
  ASSERT_EQ(tokens.status, 200) << tokens.response.body;
  const std::string id_token = tokens.json.at("id_token");
  const auto parts = parts_of(id_token);
  EXPECT_TRUE(key_from(keys[1]).verify(as_bytes(parts.signed_text),
                                       must(crypto::Sm2Signature::from_raw(parts.signature))));
  EXPECT_EQ(claims_of(id_token).at("aud"), sm2.id);
  const auto refreshed = refresh(sm2, tokens.json);
  EXPECT_NE(parts_of(refreshed.json.at("id_token")).header.find("SGD_SM3_SM2"), std::string::npos);
  const auto foreign = redeem(es256, code_for(es256, key));
  EXPECT_NE(parts_of(foreign.json.at("id_token")).header.find("ES256"), std::string::npos);
  EXPECT_EQ(send({.target = "/oidc/end-session?id_token_hint=" + id_token}).status, 200);
  EXPECT_EQ(userinfo(refreshed.json.at("access_token")).code, "invalid_token") << "the hint in SM2 is known";
}

TEST_P(Sm2IdTokens, KeysAreTheSameAtEveryStart) {
  const auto again = must(IdTokenSigner::load(*database_, vault_));
  EXPECT_EQ(again.keys(), send({.target = "/oidc/keys"}).json);
}

}  // namespace
}  // namespace hutong::platform::login
