#include <gtest/gtest.h>

#include "agent/test_supplier.h"
#include "base/encoding.h"
#include "base/time.h"
#include "cms/signed_data.h"
#include "cms/verify.h"
#include "crypto/sm3.h"
#include "login_challenge/challenge.h"
#include "x509/certificate_request.h"

namespace hutong::agent::test {
namespace {

constexpr const char* kPurpose = Supplier::kPurpose;

std::string text_of(ByteView octets) { return to_base64(octets); }
Bytes octets_of(const Json& json) { return *from_base64(json.get<std::string>()); }

/// A token with a signature key and an encryption key, certified; a page that is logged in.
class AgentSigning : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    agent_ = std::make_unique<RunningAgent>(RunningAgent::Options{.allowed = {kShop}});
    Page page(agent_->port(), kShop);
    supplier_ = std::make_unique<Supplier>(*agent_, page, "a");
  }
  static void TearDownTestSuite() {
    agent_.reset();
    supplier_.reset();
  }
  void SetUp() override { Supplier::log_in(*agent_, page_); }

  static Bytes large(std::size_t size) {
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) {
      content[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
    }
    return content;
  }

  static std::unique_ptr<RunningAgent> agent_;
  static std::unique_ptr<Supplier> supplier_;
  Page page_{agent_->port(), kShop};
  const std::string signing_ = supplier_->signing();
  const std::string encryption_ = supplier_->encryption();
};
std::unique_ptr<RunningAgent> AgentSigning::agent_;
std::unique_ptr<Supplier> AgentSigning::supplier_;

TEST_F(AgentSigning, MakesKeysAndTakesTheirCertificates) {
  const auto request = x509::CertificateRequest::parse(supplier_->request());
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->is_signed_by_own_key());
  EXPECT_EQ(page_.refusal("keys.generate", Supplier::at("a"), kPurpose), "agent.key_exists");
  EXPECT_EQ(page_.refusal("request.create", Supplier::at("a", {{"subject", "no name"}}), kPurpose),
            "agent.request");
  EXPECT_EQ(page_.refusal("request.create", Supplier::at("b", {{"subject", "CN=x"}}), kPurpose),
            "token.not_found");
  EXPECT_EQ(page_.refusal("certificates.import", Supplier::at("a"), kPurpose), "agent.request");
  EXPECT_EQ(page_.refusal("certificates.import", Supplier::at("a", {{"signature", encryption_}}), kPurpose),
            "agent.certificate_key");
  EXPECT_EQ(
      page_.refusal("keys.import", Supplier::at("a", {{"enveloped_key", "AAAA"}}), kPurpose).substr(0, 5),
      "asn1.");
}

TEST_F(AgentSigning, ListsTheCertificatesWithTheirFacts) {
  const Json list = page_.call("certificates.list").at("certificates");
  ASSERT_EQ(list.size(), 2U) << list.dump();
  EXPECT_EQ(list[0].at("use"), "signature");
  EXPECT_EQ(list[0].at("certificate"), signing_);
  EXPECT_EQ(list[0].at("container"), "a");
  EXPECT_EQ(list[0].at("key_usage"), (Json{"digital_signature"}));
  EXPECT_EQ(list[1].at("use"), "encryption");
  const Json info = page_.call("certificate.info", {{"certificate", signing_}});
  EXPECT_EQ(info.at("version"), 3);
  EXPECT_EQ(info.at("algorithm"), "SM2-SM3");
  EXPECT_GT(info.at("extensions").size(), 0U);
  EXPECT_EQ(page_.call("certificate.validate", {{"certificate", signing_}}).at("indication"), "indeterminate")
      << "no anchors are configured";
  EXPECT_EQ(page_.refusal("certificate.info", {{"certificate", "AAAA"}}).substr(0, 5), "asn1.");
}

TEST_F(AgentSigning, SignsDataOfAnySizeInBothForms) {
  const Bytes content = large(3'000'000);
  const Json small =
      page_.call("sign.data", Supplier::at("a", {{"data", text_of(as_bytes("投标文件"))}}), kPurpose);
  EXPECT_EQ(small.at("certificate"), signing_);
  const Json verified = page_.call("verify.data", {{"data", text_of(as_bytes("投标文件"))},
                                                   {"signature", small.at("signature")},
                                                   {"certificate", signing_}});
  EXPECT_EQ(verified, (Json{{"valid", true}}));
  EXPECT_EQ(page_.call("verify.data",
                       {{"data", "AAAA"}, {"signature", small.at("signature")}, {"certificate", signing_}}),
            (Json{{"valid", false}}));
  const Json big = page_.stream("sign.data", Supplier::at("a"), content, nullptr, kPurpose);
  EXPECT_EQ(
      page_.stream("verify.data", {{"signature", big.at("signature")}, {"certificate", signing_}}, content),
      (Json{{"valid", true}}));
  EXPECT_EQ(page_.refusal("sign.data", Supplier::at("none", {{"data", "AAAA"}}), kPurpose),
            "token.not_found");
}

TEST_F(AgentSigning, DigestsAreSignedWithTheUsersConsentEachTime) {
  const Json digest = page_.call("digest", {{"data", "AAAA"}, {"certificate", signing_}});
  agent_->refuse_confirmations(true);
  EXPECT_EQ(page_.refusal("sign.digest", Supplier::at("a", {{"digest", digest.at("digest")}}), kPurpose),
            "agent.refused_by_user");
  agent_->refuse_confirmations(false);
  const Json signature =
      page_.call("sign.digest", Supplier::at("a", {{"digest", digest.at("digest")}}), kPurpose);
  EXPECT_EQ(
      page_.call("verify.data",
                 {{"data", "AAAA"}, {"signature", signature.at("signature")}, {"certificate", signing_}}),
      (Json{{"valid", true}}));
  EXPECT_EQ(page_.refusal("sign.digest", Supplier::at("a", {{"digest", "AAAA"}}), kPurpose), "agent.request");
  EXPECT_EQ(octets_of(page_.call("digest", {{"data", text_of(as_bytes("abc"))}}).at("digest")),
            to_bytes(crypto::sm3(as_bytes("abc"))));
}

TEST_F(AgentSigning, SignsMessagesAttachedAndDetached) {
  const Bytes content = large(2'500'000);
  for (const bool attributes : {true, false}) {
    Bytes message;
    const Json attached = page_.stream("sign.message", Supplier::at("a", {{"attributes", attributes}}),
                                       content, &message, kPurpose);
    ASSERT_FALSE(attached.contains("problem")) << attached.dump();
    Bytes inside;
    const Json report = page_.stream("verify.message", Json::object(), message, &inside);
    EXPECT_EQ(report.at("signature_verified"), true) << report.dump(1);
    EXPECT_EQ(report.at("signers")[0].at("certificate"), signing_);
    EXPECT_EQ(inside, content);
    const Json detached =
        page_.stream("sign.message", Supplier::at("a", {{"attributes", attributes}, {"detached", true}}),
                     content, nullptr, kPurpose);
    EXPECT_EQ(page_.stream("verify.message", {{"message", detached.at("message")}}, content)
                  .at("signature_verified"),
              true);
    Bytes other = content;
    other[1'000'000] ^= 1;
    EXPECT_EQ(
        page_.stream("verify.message", {{"message", detached.at("message")}}, other).at("signature_verified"),
        false);
  }
  const Json small = page_.call("sign.message", Supplier::at("a", {{"data", "AAAA"}}), kPurpose);
  const Json report = page_.call("verify.message", {{"message", small.at("message")}});
  EXPECT_EQ(report.at("content"), "AAAA");
  EXPECT_EQ(report.at("detached"), false);
  const Json info = page_.call("message.info", {{"message", small.at("message")}});
  EXPECT_EQ(info.at("type"), "signed_data");
  EXPECT_EQ(info.at("signers")[0].at("certificate"), signing_);
}

TEST_F(AgentSigning, EncryptsAndDecryptsAsAStream) {
  const Bytes content = large(5'000'000);
  Bytes message;
  const Json encrypted =
      page_.stream("encrypt.envelope", {{"certificates", {encryption_}}}, content, &message);
  ASSERT_FALSE(encrypted.contains("problem")) << encrypted.dump();
  Bytes opened;
  const Json decrypted = page_.stream("decrypt.envelope", Supplier::at("a"), message, &opened, kPurpose);
  ASSERT_FALSE(decrypted.contains("problem")) << decrypted.dump();
  EXPECT_EQ(opened, content);
  const Json small = page_.call("encrypt.envelope", {{"certificates", {encryption_}}, {"data", "AAAA"}});
  EXPECT_EQ(page_.call("decrypt.envelope", Supplier::at("a", {{"message", small.at("message")}}), kPurpose),
            (Json{{"data", "AAAA"}}));
  EXPECT_EQ(page_.call("message.info", {{"message", small.at("message")}}).at("type"), "enveloped_data");
  message.resize(message.size() / 2);
  Bytes half;
  EXPECT_TRUE(
      page_.stream("decrypt.envelope", Supplier::at("a"), message, &half, kPurpose).contains("problem"));
  EXPECT_EQ(page_.refusal("encrypt.envelope", {{"certificates", {signing_}}, {"data", "AAAA"}}),
            "cms.recipient_usage");
}

TEST_F(AgentSigning, ChallengesAreBoundToTheOriginAndGoodOnce) {
  const auto challenge = [](std::uint8_t nonce, Time time) {
    return Supplier::at(
        "a",
        {{"challenge",
          {{"audience", "采购平台"}, {"nonce", text_of(Bytes(16, nonce))}, {"time", to_rfc3339(time)}}}});
  };
  const Time now = SystemClock().now();
  const Json signed_one = page_.call("challenge.sign", challenge(1, now), kPurpose);
  ASSERT_TRUE(signed_one.contains("message")) << signed_one.dump();
  Bytes content;
  const auto message = cms::read_signed_data(octets_of(signed_one.at("message")), &content);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->content_type, login_challenge::kContentType);
  const auto read = login_challenge::read_challenge(content);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->origin, kShop);
  EXPECT_EQ(read->purpose, kPurpose);
  EXPECT_EQ(page_.refusal("challenge.sign", challenge(1, now), kPurpose), "agent.challenge_replayed");
  EXPECT_EQ(page_.refusal("challenge.sign", challenge(2, now - std::chrono::minutes(6)), kPurpose),
            "agent.challenge_expired");
  Json chosen = challenge(3, now);
  chosen["challenge"]["origin"] = "https://bank.example";
  EXPECT_EQ(page_.refusal("challenge.sign", chosen, kPurpose), "agent.request");
  agent_->refuse_confirmations(true);
  EXPECT_EQ(page_.refusal("challenge.sign", challenge(4, now), "付款"), "agent.refused_by_user");
  agent_->refuse_confirmations(false);
}

TEST_F(AgentSigning, NoOtherMethodSignsALogin) {
  const Json honest = page_.call("challenge.sign",
                                 Supplier::at("a", {{"challenge",
                                                     {{"audience", "x"},
                                                      {"nonce", text_of(Bytes(16, 9))},
                                                      {"time", to_rfc3339(SystemClock().now())}}}}),
                                 kPurpose);
  const auto message = cms::read_signed_data(octets_of(honest.at("message")));
  ASSERT_TRUE(message);
  const Bytes attributes = message->signers.at(0).signed_attributes->encoded;
  const Json data{{"data", text_of(attributes)}};
  EXPECT_EQ(page_.refusal("sign.data", Supplier::at("a", data), kPurpose), "agent.reserved_content");
  EXPECT_EQ(
      page_.stream("sign.data", Supplier::at("a"), attributes, nullptr, kPurpose).at("problem").at("code"),
      "agent.reserved_content");
  Json bare = Supplier::at("a", data);
  bare["attributes"] = false;
  bare["detached"] = true;
  EXPECT_EQ(page_.refusal("sign.message", bare, kPurpose), "agent.reserved_content");
}

TEST_F(AgentSigning, ResultsThatDoNotFitAreRefused) {
  // Base64 of the content fits in a frame, that of the message does not.
  EXPECT_EQ(page_.refusal("encrypt.envelope",
                          {{"certificates", {encryption_}}, {"data", text_of(Bytes(1'500'000))}}),
            "agent.too_large");
  EXPECT_EQ(page_.call("random", {{"octets", 16}}).at("random").get<std::string>().size(), 24U);
  EXPECT_EQ(page_.call("random", {{"octets", 16}, {"token", "software-token/supplier"}})
                .at("random")
                .get<std::string>()
                .size(),
            24U);
  EXPECT_EQ(page_.refusal("random", {{"octets", 0}}), "agent.request");
}

}  // namespace
}  // namespace hutong::agent::test
