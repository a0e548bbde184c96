// `openssl cmp`, as Debian has it, as the client of the real hutong-ca.

#include <gmock/gmock.h>

#include "ca/end_to_end/ca_home.h"
#include "ca/registration/template_grants.h"
#include "ca/signing/certificate_repository.h"
#include "ca/signing/template_repository.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

using test::must;
using testing::HasSubstr;

constexpr const char* kTemplate = "interoperability-test";
constexpr const char* kReference = "registrar-1";
constexpr const char* kSecret = "a secret for tests only";

/// The CA has a template for P-256 keys, and a registrar whose orders need no review here.
class CaOverCmpProgram : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    add_template();
    folder_.write("secret", as_bytes(std::string(kSecret) + "\n"));
    const auto added = command({"add-cmp-client",
                                "--name",
                                "registrar",
                                "--reference",
                                kReference,
                                "--secret-file",
                                file("secret"),
                                "--template",
                                kTemplate,
                                "--right",
                                "enrol",
                                "--right",
                                "renew",
                                "--right",
                                "revoke",
                                "--right",
                                "automatic",
                                "--organization",
                                "演示机构",
                                "--organization-number",
                                "91350100M000100Y43"});
    ASSERT_EQ(added.exit, 0) << added.out << added.err;
    make_key("new.key");
    start();
  }
  void add_template() {
    auto opened = database();
    must(storage::in_transaction(opened, [&](storage::Transaction& transaction) -> Status {
      HUTONG_TRY(auto made, TemplateRepository::find(transaction, "device"));
      made.id = kTemplate;
      made.key_algorithms = {"P-256"};
      const Time now = SystemClock().now();
      HUTONG_CHECK(TemplateRepository::add(transaction, made, now));
      HUTONG_CHECK(registration::TemplateGrants::grant(transaction, kTemplate, now));
      HUTONG_CHECK(registration::TemplateGrants::synchronise(transaction, now));
      return ok();
    }));
  }
  void make_key(const std::string& name) const {
    const auto made =
        openssl({"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file(name)});
    ASSERT_EQ(made.exit, 0) << made.err;
  }
  hutong::test::Outcome cmp(std::vector<std::string> more, const std::string& secret = kSecret) const {
    std::vector<std::string> arguments{"cmp",
                                       "-server",
                                       "127.0.0.1:" + std::to_string(port_),
                                       "-path",
                                       ".well-known/cmp",
                                       "-batch",
                                       "-no_proxy",
                                       "127.0.0.1",
                                       "-recipient",
                                       "/CN=CMP",
                                       "-ref",
                                       kReference,
                                       "-secret",
                                       "pass:" + secret,
                                       "-unprotected_errors"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return openssl(arguments);
  }
  static std::vector<std::string> for_device(std::vector<std::string> more) {
    more.insert(more.end(), {"-subject", "/C=CN/O=Org/CN=device 1", "-sans", "device-1.example"});
    return more;
  }
  x509::Certificate certificate(const std::string& name) const {
    return must(x509::read_certificates(folder_.read(name))).certificates.at(0);
  }
  CertificateState state_of(const x509::Certificate& certificate) {
    auto opened = database();
    auto reader = must(opened.read());
    return must(CertificateRepository::find(reader, certificate.serial())).state;
  }
  x509::Certificate enrolled(const std::string& out) {
    const auto outcome = cmp(for_device({"-cmd", "ir", "-newkey", file("new.key"), "-certout", file(out)}));
    EXPECT_EQ(outcome.exit, 0) << outcome.err << outcome.out;
    return certificate(out);
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, CaOverCmpProgram, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(CaOverCmpProgram, OpensslEnrolsRenewsAndRevokes) {
  const auto first = enrolled("first.pem");
  EXPECT_EQ(first.public_key()->name(), "P-256");
  EXPECT_EQ(state_of(first), CertificateState::kValid);
  make_key("next.key");
  const auto renewal = cmp({"-cmd", "kur", "-oldcert", file("first.pem"), "-newkey", file("next.key"),
                            "-certout", file("renewed.pem")});
  ASSERT_EQ(renewal.exit, 0) << renewal.err;
  const auto renewed = certificate("renewed.pem");
  EXPECT_EQ(renewed.subject(), first.subject());
  EXPECT_FALSE(equal(renewed.spki(), first.spki()));
  EXPECT_EQ(state_of(first), CertificateState::kRevoked) << "superseded";
  const auto revocation = cmp({"-cmd", "rr", "-oldcert", file("renewed.pem"), "-revreason", "4"});
  EXPECT_EQ(revocation.exit, 0) << revocation.err;
  EXPECT_EQ(state_of(renewed), CertificateState::kRevoked);
  auto opened = database();
  auto reader = must(opened.read());
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
  EXPECT_EQ(must(audit::search(reader, {.action = "order.delivered"})).records.size(), 2U) << "certConf";
}

TEST_P(CaOverCmpProgram, OpensslEnrolsWithAPkcs10Request) {
  const auto made = openssl({"req", "-new", "-key", file("new.key"), "-subj", "/C=CN/O=Org/CN=device 2",
                             "-addext", "subjectAltName=DNS:device-2.example", "-out", file("request.pem")});
  ASSERT_EQ(made.exit, 0) << made.err;
  const auto outcome = cmp({"-cmd", "p10cr", "-csr", file("request.pem"), "-certout", file("p10.pem")});
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(state_of(certificate("p10.pem")), CertificateState::kValid);
}

TEST_P(CaOverCmpProgram, OpensslIsToldWhyItIsRefusedAndNothingIsIssued) {
  const std::vector<std::string> wanted =
      for_device({"-cmd", "ir", "-newkey", file("new.key"), "-certout", file("none.pem")});
  const auto said = [&](const std::vector<std::string>& more, const std::string& secret) {
    const auto outcome = cmp(more, secret);
    EXPECT_NE(outcome.exit, 0);
    return outcome.out + outcome.err;
  };
  EXPECT_THAT(said(wanted, "another secret"), HasSubstr("badMessageCheck"));
  std::vector<std::string> unproved = wanted;
  unproved.insert(unproved.end(), {"-popo", "0"});
  EXPECT_THAT(said(unproved, kSecret), HasSubstr("badPOP"));
  EXPECT_FALSE(folder_.has("none.pem"));
  enrolled("first.pem");
  EXPECT_THAT(said(wanted, kSecret), HasSubstr("order.key_repeated"));
  EXPECT_FALSE(folder_.has("none.pem"));
}

}  // namespace
}  // namespace hutong::ca
