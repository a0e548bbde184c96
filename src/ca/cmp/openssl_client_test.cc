// `openssl cmp`, as Debian has it, as the client of our endpoint.

#include <gtest/gtest.h>

#include "ca/cmp/test_ca_over_cmp.h"
#include "tests/support/program.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

using test::CaOverCmp;
using test::must;

class OpenSslClient : public testing::Test {
 protected:
  OpenSslClient() {
    make_key("new.key", "P-256");
    folder_.write("signer.der", server_.signer().der());
    run({"x509", "-inform", "der", "-in", file("signer.der"), "-out", file("signer.pem")});
  }
  std::string file(const std::string& name) const { return folder_.file(name); }
  static hutong::test::Outcome run(std::vector<std::string> arguments) {
    return hutong::test::program("openssl", {.arguments = std::move(arguments)});
  }
  void make_key(const std::string& name, const std::string& curve) const {
    const auto made =
        run({"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + curve, "-out", file(name)});
    ASSERT_EQ(made.exit, 0) << made.err;
  }
  /// The command with the address of our server in front.
  hutong::test::Outcome cmp(const std::string& profile, std::vector<std::string> more) const {
    std::vector<std::string> arguments{"cmp",
                                       "-server",
                                       "127.0.0.1:" + std::to_string(server_.port()),
                                       "-path",
                                       ".well-known/cmp" + (profile.empty() ? "" : "/p/" + profile),
                                       "-batch",
                                       "-no_proxy",
                                       "127.0.0.1",
                                       "-recipient",
                                       "/CN=CMP"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  static std::vector<std::string> with_secret(std::vector<std::string> more) {
    more.insert(more.end(), {"-ref", std::string(CaOverCmp::kReference), "-secret",
                             "pass:" + std::string(CaOverCmp::kSecret)});
    return more;
  }
  x509::Certificate certificate(const std::string& name) const {
    return must(x509::read_certificates(folder_.read(name))).certificates.at(0);
  }
  x509::Certificate enrolled(const std::string& out, std::vector<std::string> more) {
    more.insert(more.end(),
                {"-subject", "/C=CN/CN=device 1", "-newkey", file("new.key"), "-certout", file(out)});
    const auto outcome = cmp("interoperability-test", with_secret(std::move(more)));
    EXPECT_EQ(outcome.exit, 0) << outcome.err << outcome.out;
    return certificate(out);
  }

  CaOverCmp server_;
  hutong::test::Folder folder_;
};

TEST_F(OpenSslClient, EnrolsWithASharedSecretAndItsDefaultAlgorithms) {
  const auto made = enrolled("out.pem", {"-cmd", "ir", "-cacertsout", file("cas.pem")});
  EXPECT_EQ(made.subject().to_string(), "CN=device 1,C=CN");
  EXPECT_EQ(made.public_key()->name(), "P-256");
  EXPECT_TRUE(made.is_signed_by(server_.ca().signing().issuer().signer().public_key()));
  EXPECT_EQ(server_.enrolment().confirmed, 1);
  EXPECT_EQ(certificate("cas.pem"), server_.ca().signing().issuer().certificate());
}

TEST_F(OpenSslClient, EnrolsWithEveryKindOfRequestAndImplicitConfirmation) {
  enrolled("cr.pem", {"-cmd", "cr", "-implicit_confirm", "-mac", "hmacWithSHA256"});
  EXPECT_EQ(server_.enrolment().confirmed, 1);
  make_key("csr.key", "P-256");
  ASSERT_EQ(
      run({"req", "-new", "-key", file("csr.key"), "-subj", "/C=CN/CN=device 2", "-out", file("new.csr")})
          .exit,
      0);
  const auto outcome =
      cmp("interoperability-test",
          with_secret({"-cmd", "p10cr", "-csr", file("new.csr"), "-certout", file("p10.pem")}));
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(certificate("p10.pem").subject().text_of(asn1::Oid("2.5.4.3")), "device 2");
  EXPECT_EQ(server_.enrolment().confirmed, 2);
}

TEST_F(OpenSslClient, EnrolsAnSm2Key) {
  make_key("sm2.key", "SM2");
  const auto outcome =
      cmp("interoperability-test",
          with_secret({"-cmd", "ir", "-subject", "/C=CN/O=Org/CN=device 3", "-newkey", file("sm2.key"),
                       "-digest", "sm3", "-mac", "hmacWithSHA256", "-certout", file("sm2.pem")}));
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(certificate("sm2.pem").public_key()->name(), "SM2");
  EXPECT_EQ(server_.enrolment().confirmed, 1);
}

TEST_F(OpenSslClient, RenewsWithTheOldCertificatesKey) {
  const auto old = enrolled("old.pem", {"-cmd", "ir"});
  make_key("next.key", "P-256");
  const auto outcome =
      cmp("", {"-cmd", "kur", "-cert", file("old.pem"), "-key", file("new.key"), "-newkey", file("next.key"),
               "-srvcert", file("signer.pem"), "-certout", file("renewed.pem")});
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  const auto renewed = certificate("renewed.pem");
  EXPECT_EQ(renewed.subject(), old.subject());
  EXPECT_NE(renewed.serial(), old.serial());
  EXPECT_FALSE(equal(renewed.spki(), old.spki()));
}

TEST_F(OpenSslClient, RenewsAndRevokesWithTheSecretOfTheClientThatEnrolled) {
  const auto old = enrolled("old.pem", {"-cmd", "ir"});
  make_key("next.key", "P-256");
  const auto renewal = cmp("", with_secret({"-cmd", "kur", "-oldcert", file("old.pem"), "-newkey",
                                            file("next.key"), "-certout", file("renewed.pem")}));
  EXPECT_EQ(renewal.exit, 0) << renewal.err;
  const auto revocation =
      cmp("", with_secret({"-cmd", "rr", "-oldcert", file("old.pem"), "-revreason", "4"}));
  EXPECT_EQ(revocation.exit, 0) << revocation.err;
  EXPECT_EQ(server_.state_of(old.serial()), CertificateState::kRevoked);
  EXPECT_EQ(server_.state_of(certificate("renewed.pem").serial()), CertificateState::kValid);
}

TEST_F(OpenSslClient, AsksForInformation) {
  const auto outcome = cmp("", with_secret({"-cmd", "genm", "-infotype", "signKeyPairTypes"}));
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_NE((outcome.out + outcome.err).find("signKeyPairTypes"), std::string::npos)
      << outcome.out << outcome.err;
}

TEST_F(OpenSslClient, PollsForAnOrderThatWaits) {
  server_.enrolment().waits = 2;
  enrolled("late.pem", {"-cmd", "ir", "-total_timeout", "20"});
  EXPECT_EQ(server_.enrolment().confirmed, 1);
}

TEST_F(OpenSslClient, IsToldWhyItIsRefused) {
  const auto ask = [&](const std::string& profile, std::vector<std::string> more) {
    more.insert(more.end(), {"-cmd", "ir", "-subject", "/C=CN/CN=x", "-newkey", file("new.key"), "-certout",
                             file("none.pem"), "-unprotected_errors"});
    const auto outcome = cmp(profile, std::move(more));
    EXPECT_NE(outcome.exit, 0);
    return outcome.err + outcome.out;
  };
  EXPECT_NE(ask("interoperability-test", {"-ref", "3078", "-secret", "pass:wrong"}).find("badMessageCheck"),
            std::string::npos);
  EXPECT_NE(ask("interoperability-test", {"-ref", "9999", "-secret", "pass:wrong"}).find("notAuthorized"),
            std::string::npos);
  EXPECT_NE(ask("person-signing", with_secret({})).find("notAuthorized"), std::string::npos);
  EXPECT_NE(ask("device", with_secret({})).find("badCertTemplate"), std::string::npos);
  EXPECT_NE(ask("interoperability-test", with_secret({"-popo", "0"})).find("badPOP"), std::string::npos);
  server_.enrolment().refuses = true;
  EXPECT_NE(ask("interoperability-test", with_secret({})).find("rejection"), std::string::npos);
  EXPECT_FALSE(folder_.has("none.pem"));
}

}  // namespace
}  // namespace hutong::ca
