#include "ca/publishing/ocsp_responder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "ca/test_support.h"
#include "tests/support/test_database.h"

namespace hutong::ca {
namespace {

using test::at;
using test::TestCa;
using x509::OcspCertStatus;
using x509::OcspResponseStatus;

class OcspResponderTest : public testing::Test {
 protected:
  OcspResponderTest() {
    auto delegates = test::delegates_of(ca_);
    responder_key_ = delegates.begin()->second.signer->public_key();
    responder_.emplace(ca_.database(), ca_.signing(), std::move(delegates),
                       OcspOptions{.kept_answers = 3, .longest_blindness = std::chrono::milliseconds(500)});
    EXPECT_TRUE(responder_->refresh());
  }
  const x509::Certificate& ca_certificate() { return ca_.signing().issuer().certificate(); }
  x509::OcspCertId id_of(const x509::Certificate& certificate) {
    return x509::OcspCertId::of(certificate, ca_certificate());
  }
  x509::OcspResponse ask(const x509::OcspRequest& request, std::string_view when = "2026-06-10") {
    return x509::OcspResponse::parse(*responder_->answer(request.to_der(), at(when)).der).value();
  }
  x509::OcspResponse ask(const x509::Certificate& certificate, std::string_view when = "2026-06-10") {
    return ask(x509::OcspRequest{.certificates = {id_of(certificate)}}, when);
  }
  void revoke(const x509::Certificate& certificate) {
    ca_.change_state(certificate.serial(), {.to = CertificateState::kRevoked,
                                            .at = at("2026-06-09"),
                                            .reason = x509::CrlReason::kKeyCompromise});
  }

  TestCa ca_{{.crl = "http://ca.example/ca.crl"}};
  std::optional<crypto::PublicKey> responder_key_;
  std::optional<OcspResponder> responder_;
};

TEST_F(OcspResponderTest, SaysGoodRevokedAndUnknownUnderTheDelegatesKey) {
  const auto good = ca_.issue_device("甲");
  const auto revoked = ca_.issue_device("乙");
  revoke(revoked);
  const auto answer = ask(good);
  EXPECT_TRUE(answer.is_signed_by(*responder_key_));
  ASSERT_EQ(answer.certificates().size(), 1U);
  EXPECT_TRUE(answer.is_by(answer.certificates()[0]));
  EXPECT_TRUE(answer.certificates()[0].is_signed_by(ca_.signing().issuer().signer().public_key()));
  EXPECT_EQ(answer.find(good, ca_certificate())->status, OcspCertStatus::kGood);
  const auto bad_news = ask(revoked);
  const auto* entry = bad_news.find(revoked, ca_certificate());
  EXPECT_EQ(entry->status, OcspCertStatus::kRevoked);
  EXPECT_EQ(entry->reason, x509::CrlReason::kKeyCompromise);
  EXPECT_EQ(entry->revoked_at, at("2026-06-09"));
  auto stranger = id_of(good);
  stranger.serial = fresh_serial();
  EXPECT_EQ(ask(x509::OcspRequest{.certificates = {stranger}}).responses()[0].status,
            OcspCertStatus::kUnknown);
}

TEST_F(OcspResponderTest, CommonAnswersAreSignedOnceAndForgottenWhenTheStateChanges) {
  const auto certificate = ca_.issue_device("甲");
  const auto request = x509::OcspRequest{.certificates = {id_of(certificate)}}.to_der();
  const auto first = responder_->answer(request, at("2026-06-10"));
  EXPECT_EQ(first.fresh_until, at("2026-06-10T01:00:00Z"));
  EXPECT_EQ(responder_->answer(request, at("2026-06-10T00:10:00Z")).der, first.der);
  EXPECT_NE(responder_->answer(request, at("2026-06-10T00:40:00Z")).der, first.der) << "little time was left";
  revoke(certificate);
  ASSERT_TRUE(responder_->refresh());
  EXPECT_EQ(responder_->kept_answers(), 0U);
  EXPECT_EQ(ask(certificate).responses()[0].status, OcspCertStatus::kRevoked);
}

TEST_F(OcspResponderTest, NothingKeptIsSaidWhenTheChangesWereNotLookedAtForTooLong) {
  const auto certificate = ca_.issue_device("甲");
  const auto request = x509::OcspRequest{.certificates = {id_of(certificate)}}.to_der();
  const auto first = responder_->answer(request, at("2026-06-10"));
  EXPECT_EQ(responder_->find_kept(request, at("2026-06-10"))->der, first.der);
  revoke(certificate);  // on another node, which this one does not hear of
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_FALSE(responder_->find_kept(request, at("2026-06-10")));
  EXPECT_EQ(ask(certificate).responses()[0].status, OcspCertStatus::kRevoked);
}

TEST_F(OcspResponderTest, NothingIsKeptBeforeTheFirstLook) {
  OcspResponder fresh(ca_.database(), ca_.signing(), test::delegates_of(ca_));
  const auto request = x509::OcspRequest{.certificates = {id_of(ca_.issue_device("甲"))}}.to_der();
  fresh.answer(request, at("2026-06-10"));
  EXPECT_EQ(fresh.kept_answers(), 0U);
}

TEST_F(OcspResponderTest, AnAnswerFromTheFutureIsNotSaid) {
  const auto certificate = ca_.issue_device("甲");
  const auto request = x509::OcspRequest{.certificates = {id_of(certificate)}}.to_der();
  const auto first = responder_->answer(request, at("2026-06-10T12:00:00Z"));
  EXPECT_EQ(responder_->answer(request, at("2026-06-10T11:59:30Z")).der, first.der)
      << "clocks differ a little";
  EXPECT_EQ(ask(certificate, "2026-06-10T09:00:00Z").produced_at(), at("2026-06-10T09:00:00Z"));
  EXPECT_EQ(ask(certificate, "2026-06-10T09:10:00Z").produced_at(), at("2026-06-10T09:00:00Z"))
      << "kept in place of the one from the future";
}

TEST_F(OcspResponderTest, WhatIsAskedForIsSignedAnewInTheBackground) {
  const auto asked = ca_.issue_device("甲");
  const auto request = x509::OcspRequest{.certificates = {id_of(asked)}}.to_der();
  const auto first = responder_->answer(request, at("2026-06-10"));
  responder_->answer(request, at("2026-06-10T00:01:00Z"));
  ask(ca_.issue_device("乙"), "2026-06-10");  // and never again
  EXPECT_EQ(responder_->renew_due(at("2026-06-10T00:22:00Z")).value(), 0U) << "there is time";
  EXPECT_EQ(responder_->kept_answers(), 2U);
  EXPECT_EQ(responder_->renew_due(at("2026-06-10T00:25:00Z")).value(), 1U);
  EXPECT_EQ(responder_->kept_answers(), 1U);
  const auto renewed = responder_->find_kept(request, at("2026-06-10T00:26:00Z"));
  ASSERT_TRUE(renewed);
  EXPECT_NE(renewed->der, first.der);
  EXPECT_NE(renewed->entity_tag, first.entity_tag);
  EXPECT_EQ(renewed->produced_at, at("2026-06-10T00:25:00Z"));
}

TEST_F(OcspResponderTest, AnOccasionalAnswerIsNeverFoundAmongTheKept) {
  const auto certificate = ca_.issue_device("甲");
  const x509::OcspRequest common{.certificates = {id_of(certificate)}};
  EXPECT_FALSE(responder_->find_kept(common.to_der(), at("2026-06-10"))) << "not signed yet";
  ask(common);
  EXPECT_TRUE(responder_->find_kept(common.to_der(), at("2026-06-10")));
  x509::OcspRequest with_nonce = common;
  with_nonce.nonce = x509::OcspNonce{.value = {1, 2, 3, 4, 5, 6, 7, 8}};
  EXPECT_FALSE(responder_->find_kept(with_nonce.to_der(), at("2026-06-10")));
  EXPECT_FALSE(responder_->find_kept(Bytes{0x30, 0x00}, at("2026-06-10")));
}

/// While one look waits for the database, what is kept is said on.
TEST(OcspResponderOnPostgresql, ALookThatHangsStopsNobody) {
  const hutong::test::TestDatabase home(storage::DatabaseKind::kPostgresql);
  HUTONG_NEED_DATABASE(home);
  TestCa ca({.crl = "http://ca.example/ca.crl"}, home.url());
  OcspResponder responder(ca.database(), ca.signing(), test::delegates_of(ca));
  ASSERT_TRUE(responder.refresh());
  const auto& issuer = ca.signing().issuer().certificate();
  const auto request =
      x509::OcspRequest{.certificates = {x509::OcspCertId::of(ca.issue_device("甲"), issuer)}}.to_der();
  const auto first = responder.answer(request, at("2026-06-10"));
  auto blocking = ca.database().begin();
  ASSERT_TRUE(blocking);
  ASSERT_TRUE(blocking->run_script("LOCK TABLE status_changes IN ACCESS EXCLUSIVE MODE"));
  auto look = std::async(std::launch::async, [&] { return responder.refresh(); });
  EXPECT_EQ(look.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  EXPECT_EQ(responder.answer(request, at("2026-06-10")).der, first.der);
  EXPECT_EQ(look.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  ASSERT_TRUE(blocking->commit());
  EXPECT_TRUE(look.get());
}

TEST_F(OcspResponderTest, ANonceIsEchoedAndNeverKept) {
  const auto certificate = ca_.issue_device("甲");
  for (const bool raw_form : {false, true}) {
    const x509::OcspNonce nonce{.value = {1, 2, 3, 4, 5, 6, 7, 8}, .raw_form = raw_form};
    const auto answer = ask(x509::OcspRequest{.certificates = {id_of(certificate)}, .nonce = nonce});
    EXPECT_EQ(answer.nonce(), nonce);
  }
  EXPECT_EQ(responder_->kept_answers(), 0U);
}

TEST_F(OcspResponderTest, MemoryIsBounded) {
  for (int i = 0; i < 5; ++i) {
    ask(ca_.issue_device("设备" + std::to_string(i)));
  }
  EXPECT_EQ(responder_->kept_answers(), 3U);
}

TEST_F(OcspResponderTest, WhatCannotBeAnsweredGetsAnErrorStatus) {
  const auto certificate = ca_.issue_device("甲");
  const auto status = [&](ByteView request) {
    return x509::OcspResponse::parse(*responder_->answer(request, at("2026-06-10")).der).value().status();
  };
  EXPECT_EQ(status(Bytes{0x30, 0x01}), OcspResponseStatus::kMalformedRequest);
  EXPECT_EQ(status({}), OcspResponseStatus::kMalformedRequest);
  const std::vector<x509::OcspCertId> many(33, id_of(certificate));
  EXPECT_EQ(status(x509::OcspRequest{.certificates = many}.to_der()), OcspResponseStatus::kMalformedRequest);
  auto foreign = id_of(certificate);
  foreign.issuer_key_hash[0] ^= 1;
  EXPECT_EQ(status(x509::OcspRequest{.certificates = {foreign}}.to_der()), OcspResponseStatus::kUnauthorized);
  EXPECT_EQ(status(x509::OcspRequest{.certificates = {id_of(certificate), foreign}}.to_der()),
            OcspResponseStatus::kUnauthorized);
}

TEST_F(OcspResponderTest, KnowsTheCaByEveryHash) {
  const auto certificate = ca_.issue_device("甲");
  for (const auto hash :
       {crypto::DigestAlgorithm::kSm3, crypto::DigestAlgorithm::kSha1, crypto::DigestAlgorithm::kSha256}) {
    const auto id = x509::OcspCertId::of(certificate, ca_certificate(), hash);
    EXPECT_EQ(ask(x509::OcspRequest{.certificates = {id}}).responses()[0].status, OcspCertStatus::kGood);
  }
}

}  // namespace
}  // namespace hutong::ca
