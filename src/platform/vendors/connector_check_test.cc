#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/encoding.h"
#include "cmp/information.h"
#include "cmp/server.h"
#include "crypto/key_file.h"
#include "net/router.h"
#include "platform/desk_support.h"
#include "tests/support/program.h"
#include "tests/tools/test_ca.h"
#include "x509/extension_builder.h"

namespace hutong::platform {
namespace {

using hutong::test::Party;
using net::Json;
using test::must;

constexpr std::string_view kCmpReference = "platform-1";
constexpr std::string_view kCmpSecret = "a secret of the test, long enough";
constexpr const char* kVendorUscc = "91350100M000100Y43";

/// A vendor whose REST profile and CMP endpoint are at one address.
class ConnectorChecks : public test::DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    vendor_routes_.add({.method = net::Method::kGet,
                        .pattern = "/api/v1/vendor/service",
                        .body_limit = 0,
                        .handler = [](const net::Request&) -> Result<net::Response> {
                          return net::Response{.body = R"({"vendor":"演示CA甲\u0000\n"})"};
                        }});
    vendor_routes_.add({.method = net::Method::kPost,
                        .pattern = "/.well-known/cmp",
                        .body_limit = cmp::kMostMessageOctets,
                        .handler = [this](const net::Request& request) { return answer_over_cmp(request); }});
    vendor_ = std::make_unique<hutong::test::RunningServer>(vendor_routes_);
  }
  /// Certificates of the CA, protected as the question was.
  Result<net::Response> answer_over_cmp(const net::Request& request) const {
    const auto asked = must(cmp::read_message(request.body));
    const bool is_signed = must(cmp::protection_kind(asked)) == cmp::ProtectionKind::kSignature;
    const x509::Certificate responder = hutong::test::issue(
        ca_, endpoint_,
        {.serial = 2,
         .extensions = {x509::extension::extended_key_usage({asn1::Oid("1.3.6.1.5.5.7.3.27")})}});
    const cmp::SignatureProtector by_signature(*endpoint_.signer, responder);
    const cmp::PasswordProtector by_secret(SecretBytes::copy_of(as_bytes(kCmpSecret)),
                                           to_bytes(as_bytes(kCmpReference)));
    const cmp::Protector& protector =
        is_signed ? static_cast<const cmp::Protector&>(by_signature) : by_secret;
    const cmp::GeneralMessage body{cmp::BodyType::kGeneralResponse,
                                   {cmp::certificates_value({x509::CertificateDer(to_bytes(root_.der()))})}};
    const Bytes der =
        must(protector.protect({cmp::answer_header(asked.header, root_.subject(), clock_.now()), body, {}}));
    return net::Response{.content_type = "application/pkixcmp", .body = std::string(as_text(der))};
  }
  std::string vendor(const std::string& kind, const std::string& address,
                     VendorState state = VendorState::kAccredited) {
    Json content = test::vendor_content(kVendorUscc);
    content["services"][0]["certificate"] = to_base64(root_.der());
    content["connector"] = {{"kind", kind}, {"address", address}};
    return make_vendor(content, state);
  }
  void connect(const ConnectionFiles& files) {
    connections_.emplace(must(VendorConnections::load(files, clock_)));
  }
  test::Answer check(const std::string& id, const std::string& who = "clerk") {
    return client(who).post("/api/v1/vendors/" + id + "/connector-checks");
  }

  const Party ca_{"演示CA甲 根"};
  const x509::Certificate root_ = hutong::test::self_signed(ca_);
  const Party endpoint_{"演示CA甲 CMP"};
  hutong::test::Folder folder_;
  net::Router vendor_routes_;
  std::unique_ptr<hutong::test::RunningServer> vendor_;
};
INSTANTIATE_TEST_SUITE_P(Storage, ConnectorChecks, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(ConnectorChecks, SayWhoAnsweredAndAreKept) {
  const std::string id = vendor("rest", vendor_->url());
  const auto answered = check(id);
  ASSERT_EQ(answered.status, 201) << answered.response.body;
  EXPECT_EQ(answered.json["outcome"], "answered");
  EXPECT_EQ(answered.json["question"], "service");
  EXPECT_EQ(answered.json["answered_by"], "演示CA甲  ") << "shown without control characters";
  EXPECT_EQ(answered.json["address"], vendor_->url());
  EXPECT_EQ(answered.json["asked_by"], id_of("clerk"));
  EXPECT_GE(answered.json["milliseconds"], 0);
  vendor_.reset();
  const auto away = check(id);
  ASSERT_EQ(away.status, 201) << "that nobody answers is what was found out: " << away.response.body;
  EXPECT_EQ(away.json["outcome"], "connector.away");
  EXPECT_EQ(away.json["answered_by"], "");
  EXPECT_NE(away.json["detail"], "");
  const Json kept = client("auditor").get("/api/v1/vendors/" + id).json["connector_checks"];
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0], away.json) << "the newest first";
  EXPECT_EQ(kept[1], answered.json);
  const auto told = records("vendor.connector_checked");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].event.object_id, id);
  EXPECT_EQ(must(net::parse_json(told[0].event.detail)), away.json);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(ConnectorChecks, AskOverCmpByASharedSecret) {
  folder_.write(std::string(kVendorUscc) + ".cmp",
                as_bytes(std::string(kCmpReference) + "\r\n" + std::string(kCmpSecret) + "\n"));
  connect({.authorities = {},
           .certificate = {},
           .key = {},
           .keys = folder_.file(""),
           .signer = {},
           .signer_password = {}});
  const std::string id = vendor("cmp", vendor_->url());
  const auto answered = check(id);
  ASSERT_EQ(answered.status, 201) << answered.response.body;
  EXPECT_EQ(answered.json["outcome"], "answered") << answered.response.body;
  EXPECT_EQ(answered.json["question"], "ca_certificates");
  EXPECT_EQ(answered.json["answered_by"], ca_.name.to_string());
  folder_.write(std::string(kVendorUscc) + ".cmp",
                as_bytes(std::string(kCmpReference) + "\nanother secret\n"));
  EXPECT_EQ(check(id).json["outcome"], "connector.answer");
  folder_.write(std::string(kVendorUscc) + ".cmp", as_bytes(kCmpReference));
  EXPECT_EQ(check(id).code, "connector.secret_file");
}

TEST_P(ConnectorChecks, AskOverCmpBySignature) {
  const auto own = issuer_.make("platform");
  const auto& signer = dynamic_cast<const crypto::Sm2Signer&>(*own.key);
  const Bytes file =
      must(crypto::write_pkcs12(signer.key(), {to_bytes(own.certificate.der())}, "password", "platform"));
  folder_.write("signer.p12", file);
  folder_.write("password", as_bytes("password\n"));
  const std::string id = vendor("cmp", vendor_->url());
  EXPECT_EQ(check(id).code, "connector.no_identity");
  connect({.authorities = {},
           .certificate = {},
           .key = {},
           .keys = {},
           .signer = folder_.file("signer.p12"),
           .signer_password = folder_.file("password")});
  const auto answered = check(id);
  EXPECT_EQ(answered.json["outcome"], "answered") << answered.response.body;
  EXPECT_EQ(answered.json["answered_by"], endpoint_.name.to_string());
}

TEST_P(ConnectorChecks, AreForWhoWorksForTheWholeRegionAndForReleasedAddresses) {
  EXPECT_EQ(check("unknown").code, "vendor.unknown");
  const std::string id = vendor("rest", vendor_->url(), VendorState::kJointTestPassed);
  EXPECT_EQ(check(id).code, "vendor.not_accredited") << "nobody released its address";
  set_state(id, VendorState::kSuspended);
  EXPECT_EQ(check(id, "league clerk").code, "region.foreign");
  EXPECT_EQ(check(id).status, 201);
  EXPECT_EQ(records("vendor.connector_checked").size(), 1U);
}

}  // namespace
}  // namespace hutong::platform
