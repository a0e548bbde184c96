#include <gtest/gtest.h>

#include <vector>

#include "cms/internal/test_identities.h"
#include "login_challenge/challenge_mint.h"
#include "login_challenge/verify.h"

namespace hutong::login_challenge {
namespace {

using std::chrono::seconds;

const Time kNow = cms::test::midsummer();

/// A server, and a supplier with a certificate that it trusts.
class LoginChallengeTest : public testing::Test {
 protected:
  Challenge issued() {
    const auto nonce = mint_.issue(kNow);
    return {.origin = expected_.origin,
            .audience = expected_.audience,
            .nonce = nonce.nonce,
            .time = nonce.time,
            .purpose = expected_.purpose};
  }
  Bytes answer(const Challenge& challenge) const {
    const auto key = alice_.signer();
    return sign(challenge, {key, alice_.certificate}, kNow).value();
  }
  std::string verdict(ByteView message, Time now = kNow) {
    const auto login = verify(message, expected_, mint_, now);
    return login ? "" : std::string(login.error().reason);
  }

  const Expected expected_{"https://mall.example.cn", "procurement", "登录采购平台"};
  const cms::test::Identity alice_ = cms::test::identity("signer");
  const ChallengeMint mint_{SecretBytes::copy_of(as_bytes("a secret that the nodes share ....")), {}};
};

TEST_F(LoginChallengeTest, SaysWhoIsThere) {
  const Challenge challenge = issued();
  const auto login = verify(answer(challenge), expected_, mint_, kNow + seconds(60));
  ASSERT_TRUE(login) << login.error().reason << " " << login.error().detail;
  EXPECT_EQ(login->challenge, challenge);
  EXPECT_EQ(login->certificate.subject().display(), "Alice");
}

TEST_F(LoginChallengeTest, IsOfThisSystem) {
  Challenge changed = issued();
  changed.nonce[0] = static_cast<std::uint8_t>(changed.nonce[0] ^ 1);
  EXPECT_EQ(verdict(answer(changed)), "challenge.foreign");
  Challenge younger = issued();
  younger.time += seconds(60);
  EXPECT_EQ(verdict(answer(younger), kNow + seconds(130)), "challenge.foreign");
  Challenge shorter = issued();
  shorter.nonce.pop_back();
  EXPECT_EQ(verdict(answer(shorter)), "challenge.foreign");
  const ChallengeMint other(SecretBytes::copy_of(as_bytes("a secret of another system ......")));
  EXPECT_EQ(verify(answer(issued()), expected_, other, kNow).error().reason, "challenge.foreign");
}

TEST_F(LoginChallengeTest, IsKnownToAnotherNode) {
  const ChallengeMint node(SecretBytes::copy_of(as_bytes("a secret that the nodes share ....")));
  EXPECT_TRUE(verify(answer(issued()), expected_, node, kNow));
}

TEST_F(LoginChallengeTest, IsGoodForAWhile) {
  EXPECT_EQ(verdict(answer(issued()), kNow + seconds(120)), "");
  EXPECT_EQ(verdict(answer(issued()), kNow + seconds(121)), "challenge.expired");
  EXPECT_EQ(verdict(answer(issued()), kNow - seconds(30)), "");  // a node whose clock is behind
  EXPECT_EQ(verdict(answer(issued()), kNow - seconds(31)), "challenge.expired");
  EXPECT_GE(mint_.remember(), seconds(120 + 30));
}

TEST_F(LoginChallengeTest, IsForOneOriginAudienceAndPurpose) {
  Challenge challenge = issued();
  challenge.origin = "https://evil.example.cn";
  EXPECT_EQ(verdict(answer(challenge)), "challenge.origin");
  challenge.origin = expected_.origin;
  challenge.audience = "another";
  EXPECT_EQ(verdict(answer(challenge)), "challenge.audience");
  challenge.audience = expected_.audience;
  challenge.purpose = "confirm a bid";
  EXPECT_EQ(verdict(answer(challenge)), "challenge.purpose");
  challenge.purpose = expected_.purpose;
  EXPECT_EQ(verdict(answer(challenge)), "");
}

TEST_F(LoginChallengeTest, WantsASignatureOfItsOwnKind) {
  const Challenge challenge = issued();
  const auto key = alice_.signer();
  const std::vector<cms::MessageSigner> signers{{key, alice_.certificate}};
  const Bytes plain = cms::sign_attached(to_der(challenge).value(), signers).value();
  EXPECT_EQ(verdict(plain), "challenge.message");
  EXPECT_EQ(verdict(as_bytes("garbage")), "challenge.message");
  Bytes message = answer(challenge);
  message.back() = static_cast<std::uint8_t>(message.back() ^ 1);
  EXPECT_EQ(verdict(message), "challenge.signature");
  EXPECT_EQ(verdict(answer(challenge)), "");
}

TEST_F(LoginChallengeTest, RefusesValuesThatDoNotFit) {
  Challenge challenge = issued();
  EXPECT_EQ(read_challenge(to_der(challenge).value()).value(), challenge);
  challenge.purpose = "two\nlines";
  EXPECT_EQ(to_der(challenge).error().reason, "challenge.value");
  challenge.purpose = std::string(kMostText + 1, 'x');
  EXPECT_EQ(to_der(challenge).error().reason, "challenge.value");
  challenge.purpose = "x";
  challenge.nonce.resize(kLeastNonce - 1);
  EXPECT_EQ(to_der(challenge).error().reason, "challenge.value");
}

TEST_F(LoginChallengeTest, ItsAttributesAreReserved) {
  const Bytes message = answer(issued());
  const auto read = cms::read_signed_data(message);
  ASSERT_TRUE(read);
  EXPECT_TRUE(is_reserved(read->signers.at(0).signed_attributes->encoded));
  EXPECT_FALSE(is_reserved(as_bytes("1 is the number of a SET")));
  EXPECT_FALSE(is_reserved(message));
  EXPECT_FALSE(is_reserved({}));
}

TEST(ChallengeMint, NeverMakesOneTwice) {
  const ChallengeMint mint(SecretBytes::copy_of(as_bytes("a secret that the nodes share ....")));
  EXPECT_NE(mint.issue(kNow).nonce, mint.issue(kNow).nonce);
}

}  // namespace
}  // namespace hutong::login_challenge
