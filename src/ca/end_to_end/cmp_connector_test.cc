// The platform's CMP connector against the real hutong-ca.

#include "ca_connector/cmp_connector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "ca/end_to_end/ca_home.h"
#include "ca/signing/certificate_repository.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

using ca_connector::CmpAccess;
using ca_connector::CmpConnector;
using ca_connector::CmpIdentity;
using ca_connector::CmpOrder;
using ca_connector::CmpSecret;
using hutong::test::OperatorClient;
using test::must;

constexpr std::string_view kPlatformReference = "platform-1";
constexpr std::string_view kPlatformSecret = "a secret for tests only";
constexpr std::string_view kDevice = "C=CN,O=演示机构,CN=device-1";

template <typename T>
std::string_view outcome(const Result<T>& result) {
  return result ? "done" : result.error().reason;
}

/// A platform that is a registered client of the CA; people review what it orders.
class CmpConnectorProgram : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    folder_.write("secret", as_bytes(std::string(kPlatformSecret) + "\n"));
    const auto added =
        command({"add-cmp-client", "--name", "platform", "--reference", std::string(kPlatformReference),
                 "--secret-file", file("secret"), "--template", "device", "--right", "enrol", "--right",
                 "revoke", "--organization", "演示机构", "--organization-number", "91350100M000100Y43"});
    ASSERT_EQ(added.exit, 0) << added.out << added.err;
    start();
    authorities_ =
        must(x509::read_certificates(folder_.read("published/ca/" + authority() + ".cer"))).certificates;
  }
  CmpConnector by_secret(std::string_view secret = kPlatformSecret) const {
    return must(CmpConnector::create({.address = url(),
                                      .protection = CmpSecret{to_bytes(as_bytes(kPlatformReference)),
                                                              SecretBytes::copy_of(as_bytes(secret))},
                                      .authorities = authorities_},
                                     clock_));
  }
  CmpConnector by_signature(const x509::Certificate& certificate) const {
    return must(CmpConnector::create(
        {.address = url(), .protection = CmpIdentity{key_, certificate}, .authorities = authorities_},
        clock_));
  }
  x509::CertificateRequest request() const {
    const x509::TbsCertificateRequest wanted{
        .subject = must(x509::Name::from_string(kDevice)),
        .challenge_password = {},
        .extensions = {x509::extension::subject_alt_name({x509::dns_name("device-1.example")})}};
    const auto der = must(x509::sign(wanted, *key_));
    return must(x509::CertificateRequest::parse(der.view()));
  }
  OperatorClient logged_in(const std::string& name) const {
    OperatorClient person(url(), url(), carrier(name), clock_);
    person.log_in();
    return person;
  }
  /// What people of the CA do with the one order that waits.
  void approve_and_make() const {
    const OperatorClient reviewer = logged_in("审核员");
    const auto orders = reviewer.get("/api/v1/orders?state=submitted").json.at("items");
    ASSERT_EQ(orders.size(), 1U);
    const std::string path = "/api/v1/orders/" + orders[0].at("id").get<std::string>();
    const auto approved = reviewer.post(path + "/approval", {{"version", orders[0].at("version")}});
    ASSERT_EQ(approved.status, 200) << approved.response.body;
    const auto made =
        logged_in("制证员").post(path + "/issuance", {{"version", approved.json.at("version")}});
    ASSERT_EQ(made.status, 200) << made.response.body;
  }
  CertificateState state_of(const x509::Certificate& certificate) {
    auto opened = database();
    auto reader = must(opened.read());
    return must(CertificateRepository::find(reader, certificate.serial())).state;
  }

  SystemClock clock_;
  std::shared_ptr<const crypto::Signer> key_ =
      std::make_shared<const crypto::Sm2Signer>(crypto::Sm2PrivateKey::generate());
  std::vector<x509::Certificate> authorities_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CmpConnectorProgram, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(CmpConnectorProgram, OrdersWaitsConfirmsAndRevokes) {
  const CmpConnector platform = by_secret();
  const auto there = must(platform.ask());
  EXPECT_EQ(there.authorities.front(), authorities_.at(0));
  EXPECT_EQ(outcome(by_secret("another secret, long enough").ask()), "connector.answer")
      << "what comes is not protected by the secret";
  CmpOrder order = must(platform.place(request(), "device"));
  EXPECT_TRUE(order.waits());
  ASSERT_EQ(outcome(platform.poll(order)), "done");
  EXPECT_TRUE(order.waits());
  EXPECT_GT(order.check_after().count(), 0);
  approve_and_make();
  ASSERT_EQ(outcome(platform.poll(order)), "done");
  ASSERT_EQ(order.certificates().size(), 1U);
  const x509::Certificate& certificate = order.certificates().front().certificate;
  EXPECT_EQ(state_of(certificate), CertificateState::kValid);
  {
    auto opened = database();
    auto reader = must(opened.read());
    EXPECT_EQ(must(audit::search(reader, {.action = "order.delivered"})).records.size(), 1U) << "certConf";
  }
  EXPECT_EQ(outcome(platform.place(request(), "device")), "connector.refused") << "the key is certified";
  EXPECT_EQ(outcome(platform.place(request(), "seal-maker")), "connector.refused") << "not for this client";

  const CmpConnector device = by_signature(certificate);
  const auto signed_answer = must(device.ask());
  ASSERT_TRUE(signed_answer.signer);
  EXPECT_EQ(signed_answer.signer->issuer(), authorities_.at(0).subject());
  EXPECT_EQ(outcome(device.place(request(), "device")), "connector.refused") << "subscribers do not enrol";

  EXPECT_EQ(outcome(platform.revoke(certificate, x509::CrlReason::kSuperseded)), "done");
  EXPECT_EQ(state_of(certificate), CertificateState::kRevoked);
  EXPECT_EQ(outcome(platform.revoke(certificate, x509::CrlReason::kSuperseded)), "connector.refused");
  EXPECT_EQ(outcome(device.ask()), "connector.refused") << "its certificate is revoked";
  EXPECT_EQ(server_->end(SIGTERM), 0);
  EXPECT_EQ(outcome(platform.ask()), "connector.away");
}

}  // namespace
}  // namespace hutong::ca
