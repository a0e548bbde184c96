#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>

#include "ca/end_to_end/ca_home.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/service_key_repository.h"
#include "cms/timestamp.h"
#include "x509/crl.h"

namespace hutong::ca {
namespace {

using test::must;
using testing::HasSubstr;

class CaCommands : public test::CaHome {
 protected:
  std::string ocsp_certificate() {
    auto opened = database();
    auto reader = must(opened.read());
    const auto services = must(ServiceKeyRepository::all(reader, kOcspPurpose));
    return services.at(0).certificate.serial().to_hex();
  }
  std::string pem(const std::string& der_file) {
    EXPECT_EQ(openssl({"x509", "-inform", "DER", "-in", der_file, "-out", der_file + ".pem"}).exit, 0);
    return der_file + ".pem";
  }
  x509::Crl list(const std::string& id, const std::string& name) {
    return must(x509::Crl::parse(as_bytes(get("/crl/" + id + "/" + name).body)));
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, CaCommands, hutong::test::every_database(), hutong::test::database_name);

TEST_P(CaCommands, OpensslReadsListsCertificatesAndStatus) {
  start();
  const std::string id = authority();
  const auto full = fetch_to("/crl/" + id + "/0.crl", "full.crl");
  const auto shown = openssl({"crl", "-inform", "DER", "-in", full, "-noout", "-text"});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("X509v3 CRL Number"));
  EXPECT_EQ(folder_.read("published/crl/" + id + "/0.crl"), folder_.read("full.crl")) << "also a file";
  const auto delta = openssl({"crl", "-inform", "DER", "-in",
                              fetch_to("/crl/" + id + "/0-delta.crl", "delta.crl"), "-noout", "-text"});
  EXPECT_THAT(delta.out, HasSubstr("X509v3 Delta CRL Indicator"));
  const auto ca = pem(fetch_to("/ca/" + id + ".cer", "ca.cer"));
  const auto leaf = pem(fetch_to("/certificates/" + ocsp_certificate() + ".cer", "leaf.cer"));
  const auto verified =
      openssl({"verify", "-partial_chain", "-vfyopt", "distid:1234567812345678", "-trusted", ca, leaf});
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
  const auto asked = openssl({"ocsp", "-issuer", ca, "-cert", leaf, "-url", url() + "/ocsp", "-noverify"});
  EXPECT_EQ(asked.exit, 0) << asked.err;
  EXPECT_THAT(asked.out, HasSubstr("leaf.cer.pem: good"));
  const auto chain =
      openssl({"pkcs7", "-inform", "DER", "-in", fetch_to("/ca/chain.p7b", "chain.p7b"), "-print_certs"});
  EXPECT_THAT(chain.out, HasSubstr("BEGIN CERTIFICATE"));
}

TEST_P(CaCommands, StampsAreGivenAndRecorded) {
  start();
  const cms::TimestampRequest wanted{.imprint = cms::imprint_of(as_bytes("标书")),
                                     .policy = std::nullopt,
                                     .nonce = x509::Serial::from_hex("0102030405060708").value(),
                                     .certificate_wanted = true,
                                     .extensions = {}};
  const Bytes query = wanted.to_der();
  const auto reply = send({.method = net::Method::kPost,
                           .target = "/tsa",
                           .headers = {{"Content-Type", "application/timestamp-query"}},
                           .body = std::string(as_text(query))});
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.find("content-type"), "application/timestamp-reply");
  const auto ca = must(x509::Certificate::parse(as_bytes(get("/ca/" + authority() + ".cer").body)));
  const std::vector<x509::TrustAnchor> anchors{must(x509::TrustAnchor::of(ca))};
  const cms::TrustContext trust{.anchors = anchors, .revocation = x509::RevocationMode::kNone};
  const auto report = cms::verify_timestamp(as_bytes(reply.body), cms::expectation_of(wanted),
                                            {.at = SystemClock().now(), .trust = &trust});
  EXPECT_EQ(report.indication, x509::Indication::kValid);
  EXPECT_TRUE(report.info && report.info->ordering);
  EXPECT_EQ(send({.method = net::Method::kPost, .target = "/tsa", .body = "{}"}).status, 415);
}

TEST_P(CaCommands, TheDoctorSeesItRunAndSeesItStopped) {
  start();
  const auto well = command({"doctor", "--json"});
  EXPECT_EQ(well.exit, 0) << well.out << well.err;
  EXPECT_NE(well.json()["health"], "bad");
  server_->end(SIGTERM);
  const auto ill = command({"doctor", "--language", "en"});
  EXPECT_EQ(ill.exit, 1);
  EXPECT_THAT(ill.out, HasSubstr("does not work"));
  EXPECT_EQ(command({"doctor", "--offline"}).exit, 0);
}

TEST_P(CaCommands, ABackupMadeWhileItRunsComesBack) {
  start();
  const std::string id = authority();
  const auto before = list(id, "0.crl").number()->to_hex();
  const auto saved = command({"backup", file("copy")});
  ASSERT_EQ(saved.exit, 0) << saved.err;
  EXPECT_EQ(command({"backup", file("copy")}).exit, 2) << "it is there already";
  server_->end(SIGTERM);
  if (GetParam() == storage::DatabaseKind::kPostgresql) {
    EXPECT_THAT(saved.out, HasSubstr("pg_dump"));
    return;
  }
  write_config("other.toml", "sqlite:" + file("other.db"), "other-keys");
  const auto restored = run({"restore", "--config", file("other.toml"), file("copy")});
  ASSERT_EQ(restored.exit, 0) << restored.err;
  start("other.toml");
  EXPECT_EQ(authority(), id);
  EXPECT_EQ(list(id, "0.crl").number()->to_hex(), before) << "no list is due yet";
  EXPECT_EQ(run({"audit-verify", "--config", file("other.toml")}).exit, 0);
}

TEST_P(CaCommands, ANewCaKeyTakesOverAndBothGoOnPublishing) {
  start();
  const std::string former = authority();
  EXPECT_EQ(command({"rollover"}).exit, 2) << "a CA under a root says who certifies it";
  const auto done = command({"rollover", "--root-folder", file("root")});
  ASSERT_EQ(done.exit, 0) << done.err;
  std::string now = authority();
  for (int tries = 0; tries < 300 && now == former; ++tries) {  // it is not started again
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    now = authority();
  }
  EXPECT_NE(now, former) << server_->log();
  for (const std::string& id : {former, now}) {
    EXPECT_EQ(get("/ca/" + id + ".cer").status, 200);
    EXPECT_EQ(get("/crl/" + id + "/0.crl").status, 200);
  }
  const auto well = command({"doctor"});
  EXPECT_EQ(well.exit, 0) << well.out;
  auto opened = database();
  auto reader = must(opened.read());
  EXPECT_EQ(must(AuthorityRepository::links(reader)).size(), 2U);
}

TEST_P(CaCommands, ATamperedAuditLogIsNamed) {
  auto opened = database();
  must(storage::in_transaction(opened, [](storage::Transaction& transaction) {
    return transaction.execute("UPDATE audit_records SET action = 'nothing' WHERE sequence = 1");
  }));
  const auto verified = command({"audit-verify"});
  EXPECT_EQ(verified.exit, 1);
  EXPECT_THAT(verified.out, HasSubstr("broken at record 1"));
}

}  // namespace
}  // namespace hutong::ca
