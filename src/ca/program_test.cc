#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "audit/audit_log.h"
#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "net/client.h"
#include "net/json.h"
#include "tests/support/operator_client.h"
#include "tests/support/server_program.h"
#include "tests/support/support.h"
#include "tests/support/test_database.h"
#include "tests/tools/test_ca.h"
#include "x509/certificate_request.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/ocsp.h"

namespace hutong::ca {
namespace {

using hutong::test::Folder;
using hutong::test::ServerProgram;

constexpr std::string_view kPassword = "demonstration";

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

/// The real hutong-ca: initialised in a folder of its own, then serving on a free port.
class ProgramTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  ProgramTest() : port_(hutong::test::free_port()) {}
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    folder_.write("password", as_bytes(std::string(kPassword) + "\n"));
    folder_.write(
        "ca.toml",
        as_bytes("[ca]\nvendor = \"演示CA甲\"\n[server]\nport = " + std::to_string(port_) +
                 "\n[storage]\ndatabase = \"" + home_.url() +
                 "\"\n[keys]\nfolder = \"keys\"\npassword_file = \"password\"\n[publishing]\nurl = \"" +
                 url() + "\"\njobs_seconds = 1\n"));
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  hutong::test::Outcome init(std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"init",           "--config",         folder_.file("ca.toml"),
                                          "--organization", "演示CA甲有限公司", "--name",
                                          "演示CA甲",       "--output",         folder_.file("")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return hutong::test::program(HUTONG_CA, {.arguments = arguments});
  }
  hutong::test::Outcome init_under_own_root() const {
    return init({"--root-name", "演示CA甲 根", "--root-folder", folder_.file("root"), "--demonstration",
                 folder_.file("password")});
  }
  void serve() {
    program_ = std::make_unique<ServerProgram>(
        std::vector<std::string>{HUTONG_CA, "--config", folder_.file("ca.toml")}, folder_.file("log"),
        std::vector<std::string>{"server.listening"});
    client_ = must(net::Client::create(url()));
    for (int i = 0; i < 200 && get("/readyz").status != 200; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  net::ClientResponse get(const std::string& target) const { return must(client_->send({.target = target})); }
  Bytes fetch(const std::string& address) const {
    EXPECT_TRUE(address.starts_with(url())) << address;
    const auto answer = get(address.substr(url().size()));
    EXPECT_EQ(answer.status, 200) << address << " " << answer.body;
    return to_bytes(as_bytes(answer.body));
  }
  net::Json system() const { return must(net::parse_json(get("/api/v1/system").body)); }
  x509::Certificate certificate_at(const std::string& target) const {
    return must(x509::Certificate::parse(fetch(url() + target)));
  }

  hutong::test::Carrier carrier(const std::string& name) const {
    auto content = must(crypto::read_pkcs12(folder_.read(name + ".p12"), kPassword));
    return {std::make_shared<crypto::Sm2Signer>(std::move(*content.key)),
            must(x509::Certificate::parse(content.certificates.front()))};
  }

  Folder folder_;
  hutong::test::TestDatabase home_{GetParam()};
  std::uint16_t port_;
  std::unique_ptr<ServerProgram> program_;
  std::optional<net::Client> client_;
};

x509::VerifyReport verify(const x509::Certificate& leaf, const x509::Certificate& ca,
                          const x509::Certificate& root, const std::vector<x509::Crl>& crls) {
  const std::vector<x509::Certificate> intermediates = {ca};
  const std::vector<x509::TrustAnchor> anchors = {must(x509::TrustAnchor::of(root))};
  return x509::verify_chain({.leaf = leaf,
                             .at = SystemClock().now(),
                             .anchors = anchors,
                             .intermediates = intermediates,
                             .crls = crls,
                             .revocation = x509::RevocationMode::kRequire});
}

/// GM/T 0037 A.5.4, A.5.9, A.5.11: the ceremony, then a chain from an operator's certificate to the root with
/// the lists that the running program publishes, and the operators at work.
TEST_P(ProgramTest, TheCeremonyMakesACaThatServes) {
  const auto made = init_under_own_root();
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_TRUE(folder_.has("root/root.key"));
  serve();
  const std::string authority = system()["authority"]["id"];
  const auto ca = certificate_at("/ca/" + authority + ".cer");
  EXPECT_EQ(must(x509::Certificate::parse(folder_.read("ca.cer"))), ca) << "for the key management centre";
  const auto root = certificate_at("/pki/root.cer");
  EXPECT_EQ(ca.issuer(), root.subject());
  EXPECT_TRUE(root.is_self_signed());

  const auto operator_ = carrier("录入员");
  std::vector<x509::Crl> crls = {must(x509::Crl::parse(fetch(url() + "/pki/root.crl"))),
                                 must(x509::Crl::parse(fetch(url() + "/crl/" + authority + "/0.crl")))};
  const auto report = verify(operator_.certificate, ca, root, crls);
  EXPECT_TRUE(report.trusted());
  EXPECT_EQ(certificate_at("/certificates/" + operator_.certificate.serial().to_hex() + ".cer"),
            operator_.certificate);

  const SystemClock clock;
  for (const char* name :
       {"超级管理员", "审计管理员", "业务管理员", "录入员", "审核员", "制证员", "审计员"}) {
    hutong::test::OperatorClient client(url(), url(), carrier(name), clock);
    EXPECT_EQ(client.try_log_in().status, 201) << name;
    EXPECT_EQ(client.self()["display_name"], name);
  }
  EXPECT_EQ(program_->end(SIGTERM), 0);
}

TEST_P(ProgramTest, TheFolderOfTheCeremonysFilesIsMade) {
  const auto made = hutong::test::program(
      HUTONG_CA, {.arguments = {"init", "--config", folder_.file("ca.toml"), "--organization", "甲", "--name",
                                "甲", "--root", "--demonstration", folder_.file("password"), "--output",
                                folder_.file("new/operators")}});
  EXPECT_EQ(made.exit, 0) << made.err;
  EXPECT_TRUE(folder_.has("new/operators/审计员.p12"));
}

TEST_P(ProgramTest, TheDocumentSaysWhatTheSystemSays) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const Bytes octets = hutong::test::read(hutong::test::data_path("../../docs/api/ca.yaml"));
  const std::string_view document = as_text(octets);
  EXPECT_NE(document.find("\n  /api/v1/system:\n"), std::string_view::npos);
  const auto schema = document.substr(document.find("\n    System:\n"));
  const net::Json answer = system();
  for (const auto& part : {answer, answer["authority"], answer["addresses"]}) {
    for (const auto& [name, value] : part.items()) {
      EXPECT_NE(schema.find(" " + name + ":"), std::string_view::npos) << name;
    }
  }
}

/// What an auditor and a monitoring system take away.
TEST_P(ProgramTest, ArchivesOfTheLogAndMeasurements) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const SystemClock clock;
  hutong::test::OperatorClient auditor(url(), url(), carrier("审计员"), clock);
  ASSERT_EQ(auditor.try_log_in().status, 201);
  const auto archive = auditor.post("/api/v1/audit/archives", {{"last", 3}});
  ASSERT_EQ(archive.status, 201) << archive.code;
  EXPECT_FALSE(std::filesystem::is_empty(folder_.file("archives")));

  const auto measured = get("/metrics");
  ASSERT_EQ(measured.status, 200) << measured.body;
  for (const char* line :
       {"hutong_ca_certificates{state=\"valid\"} ", "hutong_ca_orders{state=\"entered\"} 0\n",
        "hutong_ca_jobs_failed_total 0\n", "hutong_ca_list_number ",
        "hutong_http_requests_total{route=\"/api/v1/audit/archives\",method=\"POST\",status=\"201\"} 1\n"}) {
    EXPECT_NE(measured.body.find(line), std::string::npos) << line << measured.body;
  }
}

/// GM/T 0037 B.2: firewalls can keep the public and the operators apart, for each comes in by a port of its
/// own.
TEST_P(ProgramTest, OperatorsComeInApartFromThePublic) {
  auto config = std::string(as_text(folder_.read("ca.toml")));
  folder_.write("ca.toml", as_bytes(config + "[management]\nport = 0\n[operators]\naudience = \"" + url() +
                                    "\"\n[console]\nfolder = \"portal\"\n"));
  std::filesystem::create_directory(folder_.file("portal"));
  folder_.write("portal/index.html", as_bytes("<!doctype html>"));
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  for (const char* target : {"/api/v1/session", "/api/v1/operators", "/api/v1/orders",
                             "/api/v1/audit/records", "/api/v1/certificates", "/metrics"}) {
    EXPECT_EQ(get(target).status, 404) << target;
  }
  EXPECT_EQ(get("/crl/" + std::string(system()["authority"]["id"]) + "/0.crl").status, 200);
  EXPECT_EQ(get("/api/v1/order-templates").status, 200);
  EXPECT_EQ(system()["pages"], "public");

  const std::string inside = "http://127.0.0.1:" + std::to_string(program_->port("management.listening"));
  const SystemClock clock;
  hutong::test::OperatorClient entering(inside, url(), carrier("录入员"), clock);
  ASSERT_EQ(entering.try_log_in().status, 201);
  EXPECT_EQ(entering.get("/api/v1/orders").status, 200);
  const auto client = must(net::Client::create(inside));
  EXPECT_EQ(must(client.send({.target = "/metrics"})).status, 200);
  EXPECT_EQ(must(client.send({.target = "/api/v1/order-templates"})).status, 404) << "nothing public inside";
  EXPECT_EQ(program_->end(SIGTERM), 0);
}

/// A clock that had been ahead left records of the future: nothing is issued until somebody says it is right.
TEST_P(ProgramTest, AClockThatHadBeenAheadIsAccepted) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  {
    auto database = must(storage::Database::open(home_.url()));
    must(storage::in_transaction(database, [](storage::Transaction& transaction) {
      return audit::append(transaction, audit::Event{.time = SystemClock().now() + std::chrono::hours(48),
                                                     .action = "session.closed",
                                                     .object_kind = "session",
                                                     .detail = "{}"});
    }));
  }
  const auto doctor = [this] {
    return hutong::test::program(HUTONG_CA, {.arguments = {"doctor", "--config", folder_.file("ca.toml"),
                                                           "--language", "en", "--offline"}});
  };
  EXPECT_NE(doctor().out.find("accept-clock"), std::string::npos);
  EXPECT_EQ(
      hutong::test::program(HUTONG_CA, {.arguments = {"accept-clock", "--config", folder_.file("ca.toml")}})
          .exit,
      0);
  EXPECT_EQ(doctor().out.find("accept-clock"), std::string::npos);
}

TEST_P(ProgramTest, InitialisationIsDoneOnce) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  const auto again = init_under_own_root();
  EXPECT_EQ(again.exit, 2);
  EXPECT_NE(again.err.find("ca.initialised"), std::string::npos) << again.err;
}

TEST_P(ProgramTest, AnUninitialisedCaDoesNotStart) {
  const auto outcome = hutong::test::program(HUTONG_CA, {.arguments = {"--config", folder_.file("ca.toml")}});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_NE(outcome.err.find("ca.not_initialised"), std::string::npos) << outcome.err;
}

/// GM/T 0037 A.5.10 rows 3 and 4: every address in a certificate is fetched.
TEST_P(ProgramTest, TheAddressesInCertificatesAnswer) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const auto certificate = carrier("审核员").certificate;
  folder_.write("leaf.cer", certificate.der());
  folder_.write("ca.cer", fetch(url() + "/ca/" + std::string(system()["authority"]["id"]) + ".cer"));
  std::size_t lists = 0;
  for (const auto& point : *certificate.extensions().crl_distribution_points) {
    for (const auto& name : point.name->full_name) {
      EXPECT_TRUE(x509::Crl::parse(fetch(std::string(name.text())))) << name.text();
      ++lists;
    }
  }
  EXPECT_EQ(lists, 1U);
  std::set<std::string> addresses;
  for (const auto& access : *certificate.extensions().authority_info_access) {
    addresses.emplace(access.location.text());
  }
  EXPECT_EQ(addresses,
            (std::set<std::string>{url() + "/ocsp",
                                   url() + "/ca/" + std::string(system()["authority"]["id"]) + ".cer"}));
  const auto asked = hutong::test::program(
      "openssl", {.arguments = {"ocsp", "-issuer", folder_.file("ca.cer"), "-cert", folder_.file("leaf.cer"),
                                "-url", url() + "/ocsp", "-noverify", "-resp_text"}});
  EXPECT_EQ(asked.exit, 0) << asked.err;
  EXPECT_NE(asked.out.find("leaf.cer: good"), std::string::npos) << asked.out;
}

/// RFC 5019 clause 6.2.
TEST_P(ProgramTest, AWebCacheMayKeepWhatTheStatusServiceSays) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const auto ca = certificate_at("/ca/" + std::string(system()["authority"]["id"]) + ".cer");
  const x509::OcspRequest request{.certificates = {x509::OcspCertId::of(carrier("录入员").certificate, ca)}};
  const std::string target = "/ocsp/" + x509::ocsp_get_path(request.to_der());
  const auto answer = get(target);
  const auto response = must(x509::OcspResponse::parse(as_bytes(answer.body)));
  EXPECT_EQ(response.responses()[0].status, x509::OcspCertStatus::kGood);
  EXPECT_EQ(answer.headers.find("last-modified"), net::http_date(response.produced_at()));
  EXPECT_EQ(answer.headers.find("expires"), net::http_date(*response.responses()[0].next_update));
  EXPECT_TRUE(answer.headers.find("date"));
  EXPECT_TRUE(answer.headers.find("cache-control")->starts_with("max-age="));
  const std::string tag(answer.headers.find("etag").value());
  const auto again = must(client_->send({.target = target, .headers = {{"If-None-Match", tag}}}));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.headers.find("etag"), tag);
}

TEST_P(ProgramTest, AWebCacheMayKeepWhatIsPublishedAndAskWhetherItIsTheSame) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const std::string authority = system()["authority"]["id"];
  const std::string serial = carrier("录入员").certificate.serial().to_hex();
  for (const std::string& target :
       {"/crl/" + authority + "/0.crl", "/crl/" + authority + "/0-delta.crl", "/ca/" + authority + ".cer",
        std::string("/ca/chain.p7b"), std::string("/pki/root.crl"), "/certificates/" + serial + ".cer"}) {
    const auto answer = get(target);
    ASSERT_EQ(answer.status, 200) << target;
    EXPECT_TRUE(answer.headers.find("expires")) << target;
    EXPECT_NE(answer.headers.find("cache-control").value_or("").find("public"), std::string::npos) << target;
    const std::string tag(answer.headers.find("etag").value_or(""));
    EXPECT_TRUE(tag.size() > 2 && tag.front() == '"' && tag.back() == '"') << target << tag;
    const auto again = must(client_->send({.target = target, .headers = {{"If-None-Match", tag}}}));
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_EQ(again.body, "");
    const auto other = must(client_->send({.target = target, .headers = {{"If-None-Match", "\"x\""}}}));
    EXPECT_EQ(other.status, 200) << target;
    EXPECT_EQ(other.body, answer.body);
  }
}

/// GM/T 0037 8.10: the CA under a root that is not its own.
TEST_P(ProgramTest, ACaUnderAnotherRootTakesTheCertificateForItsRequest) {
  ASSERT_EQ(init({"--request", folder_.file("request.pem")}).exit, 0);
  const auto shown = hutong::test::program(
      "openssl", {.arguments = {"req", "-in", folder_.file("request.pem"), "-noout", "-text"}});
  EXPECT_NE(shown.out.find("SM2"), std::string::npos) << shown.out << shown.err;
  const auto pem = folder_.read("request.pem");
  const auto blocks = must(crypto::read_pem(as_text(pem)));
  const auto request = must(x509::CertificateRequest::parse(blocks.front().der));
  ASSERT_TRUE(request.is_signed_by_own_key());

  const hutong::test::Party root("国家根");
  hutong::test::Party subject("演示CA甲", std::make_shared<hutong::test::FakeSigner>(*request.public_key()));
  subject.name = request.subject();
  const auto certificate = hutong::test::issue(root, subject, {.kind = hutong::test::Kind::kCa, .serial = 7});
  folder_.write("ca.cer", certificate.der());
  folder_.write("root.cer", hutong::test::self_signed(root).der());
  const auto wrong = init({"--certificate", folder_.file("root.cer"), "--chain", folder_.file("root.cer"),
                           "--demonstration", folder_.file("password")});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_NE(wrong.err.find("ceremony.certificate"), std::string::npos) << wrong.err;
  const auto made = init({"--certificate", folder_.file("ca.cer"), "--chain", folder_.file("root.cer"),
                          "--demonstration", folder_.file("password")});
  ASSERT_EQ(made.exit, 0) << made.err;
  serve();
  EXPECT_EQ(certificate_at("/ca/" + std::string(system()["authority"]["id"]) + ".cer"), certificate);
  EXPECT_TRUE(carrier("审计员").certificate.is_signed_by(*certificate.public_key()));
}

TEST_P(ProgramTest, WhatNobodyPublishesIsNotFound) {
  ASSERT_EQ(init_under_own_root().exit, 0);
  serve();
  const std::string authority = system()["authority"]["id"];
  const std::vector<std::string> targets = {"/crl/" + authority + "/1.crl",
                                            "/crl/" + authority + "/x.crl",
                                            "/crl/" + authority + "/0",
                                            "/crl/NOBODY/0.crl",
                                            "/ca/NOBODY.cer",
                                            "/pki/other.cer",
                                            "/certificates/00.cer",
                                            "/certificates/zz.cer",
                                            "/certificates/.cer"};
  for (const std::string& target : targets) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 404) << target << " " << answer.body;
  }
  EXPECT_EQ(get("/ocsp/AAAA").body.size(), 5U) << "malformedRequest, unsigned";
  EXPECT_EQ(get("/ocsp/AA/AA=").body.size(), 5U) << "base64 may hold slashes";
}

INSTANTIATE_TEST_SUITE_P(Storage, ProgramTest, hutong::test::every_database(), hutong::test::database_name);

}  // namespace
}  // namespace hutong::ca
