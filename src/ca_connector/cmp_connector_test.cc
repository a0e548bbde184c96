#include "ca_connector/cmp_connector.h"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <string>

#include "cmp/encrypted_key.h"
#include "cmp/information.h"
#include "cmp/oids.h"
#include "cmp/server.h"
#include "net/router.h"
#include "tests/support/operator_client.h"
#include "tests/tools/test_ca.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::ca_connector {
namespace {

using cmp::Body;
using hutong::test::kMid2027;
using hutong::test::Party;
using net::Request;
using net::Response;

constexpr asn1::Oid kCmcAuthority("1.3.6.1.5.5.7.3.27");
constexpr std::string_view kSecret = "a secret of the test, long enough";

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

template <typename T>
std::string_view outcome(const Result<T>& result) {
  return result ? "done" : result.error().reason;
}

x509::CertificateDer der_of(const x509::Certificate& certificate) {
  return x509::CertificateDer(to_bytes(certificate.der()));
}

/// A vendor over CMP that answers what it is told to: a CA, its endpoint, a subscriber of its.
class CmpVendor : public testing::Test {
 protected:
  using Answer = std::function<Result<Response>(const Request&)>;

  void SetUp() override {
    router_.add({.method = net::Method::kPost,
                 .pattern = "/.well-known/cmp",
                 .body_limit = cmp::kMostMessageOctets,
                 .handler = [this](const Request& request) { return answer_(request); }});
    router_.add({.method = net::Method::kPost,
                 .pattern = "/ca/one",
                 .body_limit = cmp::kMostMessageOctets,
                 .handler = [this](const Request& request) { return answer_(request); }});
    server_ = std::make_unique<hutong::test::RunningServer>(router_);
  }

  CmpConnector connector(CmpAccess access) const {
    access.address = server_->url() + access.address;
    return must(CmpConnector::create(access, clock_));
  }
  CmpAccess by_secret() const {
    return {.address = {},
            .protection = CmpSecret{{1, 2}, SecretBytes::copy_of(as_bytes(kSecret))},
            .authorities = {root_}};
  }
  CmpAccess by_signature() const {
    return {.address = {}, .protection = CmpIdentity{alice_.signer, subscriber_}, .authorities = {root_}};
  }

  static Response message(const Bytes& der) {
    return {.content_type = "application/pkixcmp", .body = std::string(as_text(der))};
  }
  /// The answer to the message with this body, protected so.
  Response protected_answer(const Request& request, const Body& body, const cmp::Protector& protector) {
    asked_.push_back(must(cmp::read_message(request.body)));
    cmp::Message answer{cmp::answer_header(asked_.back().header, root_.subject(), clock_.now()), body, {}};
    return message(must(protector.protect(std::move(answer))));
  }
  /// Answers the first message with the first body, and so on; the last one again and again.
  void answer_with(std::vector<Body> bodies) {
    asked_.clear();
    answer_ = [this, bodies = std::move(bodies)](const Request& request) -> Result<Response> {
      const Body& body = bodies.at(std::min(asked_.size(), bodies.size() - 1));
      return protected_answer(request, body, secret_);
    };
  }
  static Body authorities(const std::vector<x509::Certificate>& certificates) {
    std::vector<x509::CertificateDer> ders;
    for (const auto& certificate : certificates) {
      ders.push_back(der_of(certificate));
    }
    return cmp::GeneralMessage{cmp::BodyType::kGeneralResponse, {cmp::certificates_value(ders)}};
  }
  static cmp::CertificateResponse response(std::int64_t id, const x509::Certificate& certificate) {
    return {
        .id = id, .status = {}, .certificate = der_of(certificate), .private_key = {}, .response_info = {}};
  }
  static Body issued(std::vector<cmp::CertificateResponse> responses) {
    cmp::CertificateResponses body;
    body.kind = cmp::BodyType::kCertificationResponse;
    body.responses = std::move(responses);
    return body;
  }
  static Body waiting() {
    return issued({{.id = kOnlyRequest,
                    .status = {cmp::PkiStatus::kWaiting, {}, 0},
                    .certificate = {},
                    .private_key = {},
                    .response_info = {}}});
  }
  static Body ask_again(std::int64_t id, std::chrono::seconds after) {
    return cmp::PollResponse{{{id, after, {}}}};
  }
  static x509::CertificateRequest request_of(const Party& party) {
    const x509::TbsCertificateRequest wanted{
        .subject = party.name, .challenge_password = {}, .extensions = {}};
    const auto der = must(x509::sign(wanted, *party.signer));
    return must(x509::CertificateRequest::parse(der.view()));
  }
  std::string_view placed(const Body& body) {
    answer_with({body, cmp::Confirm{}});
    return outcome(connector(by_secret()).place(request_, {}));
  }
  const cmp::CertificateConfirm& confirmation() const {
    return std::get<cmp::CertificateConfirm>(asked_.back().body);
  }

  hutong::test::MovableClock clock_{kMid2027};
  Party ca_{"Demonstration CA"};
  Party alice_{"Alice"};
  Party endpoint_{"CMP"};
  /// May sign messages as well.
  x509::Certificate root_ =
      hutong::test::issue(ca_, ca_,
                          {.kind = hutong::test::Kind::kCa,
                           .extensions = {x509::extension::key_usage(
                               {x509::KeyUsageBit::kKeyCertSign, x509::KeyUsageBit::kDigitalSignature})}});
  x509::Certificate subscriber_ = hutong::test::issue(ca_, alice_, {.serial = 2});
  x509::Certificate responder_ = hutong::test::issue(
      ca_, endpoint_, {.serial = 3, .extensions = {x509::extension::extended_key_usage({kCmcAuthority})}});
  x509::CertificateRequest request_ = request_of(alice_);
  cmp::PasswordProtector secret_{SecretBytes::copy_of(as_bytes(kSecret)), {1, 2}};
  cmp::SignatureProtector signed_by_endpoint_{*endpoint_.signer, responder_};
  Answer answer_;
  std::vector<cmp::ReceivedMessage> asked_;
  net::Router router_;
  std::unique_ptr<hutong::test::RunningServer> server_;
};

TEST_F(CmpVendor, SaysWhoItIs) {
  answer_with({authorities({root_})});
  const auto by_secret = connector(this->by_secret()).ask();
  ASSERT_TRUE(by_secret) << by_secret.error().detail;
  EXPECT_EQ(by_secret->authorities, std::vector{root_});
  EXPECT_FALSE(by_secret->signer);
  EXPECT_EQ(asked_.back().header.recipient, cmp::Party::of(root_.subject()));
  answer_ = [this](const Request& request) -> Result<Response> {
    return protected_answer(request, authorities({subscriber_, root_}), signed_by_endpoint_);
  };
  auto access = by_signature();
  access.address = "/ca/one";
  const auto by_signature = connector(std::move(access)).ask();
  ASSERT_TRUE(by_signature) << by_signature.error().detail;
  EXPECT_EQ(by_signature->signer, responder_);
  EXPECT_EQ(asked_.back().header.sender, cmp::Party::of(subscriber_.subject()));
}

TEST_F(CmpVendor, AStrangerAtItsAddressIsNoneOfIts) {
  const Party stranger("Somebody else");
  answer_with({authorities({hutong::test::self_signed(stranger)})});
  EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer");
  const auto signed_answer = [&](const cmp::Protector& protector) {
    answer_ = [&](const Request& request) -> Result<Response> {
      return protected_answer(request, authorities({root_}), protector);
    };
    return outcome(connector(by_signature()).ask());
  };
  EXPECT_EQ(signed_answer(signed_by_endpoint_), "done");
  EXPECT_EQ(signed_answer(cmp::SignatureProtector(*ca_.signer, root_)), "done") << "the CA itself";
  const auto other_root = hutong::test::issue(ca_, ca_, {.kind = hutong::test::Kind::kCa, .serial = 7});
  EXPECT_EQ(signed_answer(cmp::SignatureProtector(*ca_.signer, other_root)), "connector.answer")
      << "a certificate that may not sign messages";
  EXPECT_EQ(signed_answer(cmp::SignatureProtector(*alice_.signer, subscriber_)), "connector.answer")
      << "a subscriber may not answer for the CA";
  const auto forged = hutong::test::issue(
      stranger, endpoint_, {.extensions = {x509::extension::extended_key_usage({kCmcAuthority})}});
  EXPECT_EQ(signed_answer(cmp::SignatureProtector(*endpoint_.signer, forged)), "connector.answer");
  EXPECT_EQ(signed_answer(secret_), "connector.answer") << "a secret that we do not know";
  clock_.move(std::chrono::hours(24 * 365 * 20));
  EXPECT_EQ(signed_answer(signed_by_endpoint_), "connector.answer") << "expired";
}

TEST_F(CmpVendor, MakesWhatIsOrderedAndIsTold) {
  answer_with({issued({response(kOnlyRequest, subscriber_)}), cmp::Confirm{}});
  const auto order = connector(by_secret()).place(request_, "device");
  ASSERT_TRUE(order) << order.error().detail;
  EXPECT_FALSE(order->waits());
  EXPECT_EQ(order->certificates().at(0).certificate, subscriber_);
  ASSERT_EQ(asked_.size(), 2U);
  EXPECT_EQ(must(cmp::certificate_profile(asked_[0].header)), "device");
  EXPECT_EQ(std::get<cmp::Pkcs10Request>(asked_[0].body).der, to_bytes(request_.der()));
  EXPECT_EQ(confirmation().certificates.at(0).id, kOnlyRequest);
  EXPECT_TRUE(confirmation().certificates.at(0).accepted());
}

TEST_F(CmpVendor, MakesASecondCertificateWithItsKey) {
  auto second = response(1, responder_);
  EXPECT_EQ(placed(issued({response(kOnlyRequest, subscriber_), second})), "connector.answer") << "no key";
  second.private_key = cmp::write_enveloped_key(Bytes{0x30, 0x03, 0x02, 0x01, 0x05});
  EXPECT_EQ(placed(issued({response(kOnlyRequest, subscriber_), second})), "done");
  EXPECT_EQ(confirmation().certificates.size(), 2U);
}

TEST_F(CmpVendor, MayLetUsWait) {
  answer_with({waiting(), ask_again(kOnlyRequest, std::chrono::seconds(60)),
               issued({response(kOnlyRequest, subscriber_)}), cmp::Confirm{}});
  const auto over_cmp = connector(by_secret());
  auto order = must(over_cmp.place(request_, {}));
  EXPECT_TRUE(order.waits());
  ASSERT_EQ(outcome(over_cmp.poll(order)), "done");
  EXPECT_TRUE(order.waits());
  EXPECT_EQ(order.check_after(), std::chrono::seconds(60));
  ASSERT_EQ(outcome(over_cmp.poll(order)), "done");
  EXPECT_FALSE(order.waits());
  EXPECT_EQ(std::get<cmp::PollRequest>(asked_.at(2).body).ids, std::vector{kOnlyRequest});
  EXPECT_EQ(asked_.at(3).header.transaction_id, asked_.at(0).header.transaction_id);
  EXPECT_EQ(outcome(over_cmp.poll(order)), "done");
  EXPECT_EQ(asked_.size(), 4U) << "nobody is asked about what is there";
}

TEST_F(CmpVendor, WhatItDidNotIssueIsGivenBack) {
  const auto foreign = hutong::test::issue(Party("Somebody else"), alice_, {});
  answer_with({issued({response(kOnlyRequest, foreign)}), cmp::Confirm{}});
  EXPECT_EQ(outcome(connector(by_secret()).place(request_, {})), "connector.answer");
  ASSERT_EQ(asked_.size(), 2U);
  EXPECT_FALSE(confirmation().certificates.at(0).accepted());
}

TEST_F(CmpVendor, AnswersThatAreNotAsTheNormSaysAreRefused) {
  EXPECT_EQ(placed(authorities({root_})), "connector.answer") << "another body";
  EXPECT_EQ(placed(issued({response(0, subscriber_)})), "connector.answer") << "another request";
  EXPECT_EQ(placed(issued({response(kOnlyRequest, responder_)})), "connector.answer") << "another key";
  EXPECT_EQ(placed(issued({response(kOnlyRequest, subscriber_), response(kOnlyRequest, subscriber_),
                           response(2, subscriber_)})),
            "connector.answer");
  EXPECT_EQ(placed(ask_again(0, std::chrono::seconds(1))), "connector.answer");
  EXPECT_EQ(placed(ask_again(kOnlyRequest, std::chrono::hours(24 * 31))), "connector.answer");
  answer_with({issued({response(kOnlyRequest, subscriber_)}), waiting()});
  EXPECT_EQ(outcome(connector(by_secret()).place(request_, {})), "connector.answer") << "not confirmed";
  for (const Body& body :
       {authorities({}), Body(cmp::GeneralMessage{cmp::BodyType::kGeneralResponse, {}}),
        Body(cmp::GeneralMessage{cmp::BodyType::kGeneralResponse, {{cmp::oids::kCaCertificates, {}}}}),
        Body(cmp::Confirm{})}) {
    answer_with({body});
    EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer");
  }
  answer_ = [](const Request&) -> Result<Response> { return message({0x30, 0x00}); };
  EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer");
  answer_ = [](const Request&) -> Result<Response> { return Response{.body = "{}"}; };
  EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer") << "no CMP at all";
  answer_ = [](const Request&) -> Result<Response> { return message(Bytes(cmp::kMostMessageOctets + 1)); };
  EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer") << "too large";
  answer_ = [this](const Request& request) -> Result<Response> {
    asked_.push_back(must(cmp::read_message(request.body)));
    return message(cmp::write_unprotected(
        {cmp::answer_header(asked_.back().header, root_.subject(), clock_.now()), authorities({root_}), {}}));
  };
  EXPECT_EQ(outcome(connector(by_secret()).ask()), "connector.answer") << "not protected";
  EXPECT_EQ(outcome(connector(by_signature()).ask()), "connector.answer");
}

TEST_F(CmpVendor, RevokesOneCertificate) {
  answer_with({cmp::RevocationResponse{{{}}, {}, {}}});
  EXPECT_EQ(outcome(connector(by_secret()).revoke(subscriber_, x509::CrlReason::kSuperseded)), "done");
  const auto& details = std::get<cmp::RevocationRequest>(asked_.back().body).certificates.at(0);
  EXPECT_EQ(details.certificate.serial, subscriber_.serial());
  EXPECT_EQ(must(details.reason()), x509::CrlReason::kSuperseded);
  answer_with({cmp::RevocationResponse{{{}, {}}, {}, {}}});
  EXPECT_EQ(outcome(connector(by_secret()).revoke(subscriber_, x509::CrlReason::kSuperseded)),
            "connector.answer");
  answer_with({cmp::RevocationResponse{
      {cmp::rejection({Errc::kUnauthorized, "cmp.not_allowed", "of somebody else"})}, {}, {}}});
  EXPECT_EQ(outcome(connector(by_secret()).revoke(subscriber_, x509::CrlReason::kSuperseded)),
            "connector.refused");
}

TEST_F(CmpVendor, SaysWhyThereIsNoAnswer) {
  answer_with({cmp::error_message({Errc::kUnauthorized, "cmp.not_allowed", "no right to enrol"})});
  const auto refused = connector(by_secret()).place(request_, {});
  EXPECT_EQ(outcome(refused), "connector.refused");
  EXPECT_NE(refused.error().detail.find("no right to enrol"), std::string::npos);
  for (const auto& [status, reason] :
       {std::pair<int, std::string_view>{403, "connector.refused"}, {500, "connector.away"}}) {
    answer_ = [status = status](const Request&) -> Result<Response> { return Response{.status = status}; };
    EXPECT_EQ(outcome(connector(by_secret()).ask()), reason);
  }
  auto nobody = by_secret();
  nobody.address = "http://127.0.0.1:1";
  EXPECT_EQ(outcome(must(CmpConnector::create(nobody, clock_)).ask()), "connector.away");
  nobody.address = "ftp://x";
  EXPECT_EQ(outcome(CmpConnector::create(nobody, clock_)), "client.url");
  nobody.address = "https://x";
  EXPECT_EQ(outcome(CmpConnector::create(nobody, clock_)), "client.no_tls");
  nobody.authorities.clear();
  EXPECT_EQ(outcome(CmpConnector::create(nobody, clock_)), "connector.no_authority");
}

TEST_F(CmpVendor, IsNotWaitedForWithoutEnd) {
  std::promise<void> gave_up;
  answer_ = [waited = gave_up.get_future().share()](const Request&) -> Result<Response> {
    waited.wait();
    return Response{};
  };
  auto access = by_secret();
  access.patience = std::chrono::milliseconds(50);
  EXPECT_EQ(outcome(connector(std::move(access)).ask()), "connector.away");
  gave_up.set_value();
}

}  // namespace
}  // namespace hutong::ca_connector
