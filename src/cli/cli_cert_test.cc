#include <gtest/gtest.h>

#include "base/encoding.h"
#include "cli/test_program.h"
#include "cli/test_region.h"
#include "crypto/pem.h"
#include "tests/support/support.h"
#include "x509/lint.h"

namespace hutong::cli::test {
namespace {

std::vector<std::string> verify(const std::string& file, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"cert",
                                     "verify",
                                     region().file(file),
                                     "--anchor",
                                     region().file("root.cer"),
                                     "--chain",
                                     region().file("ca.cer"),
                                     "--at",
                                     Region::kAt};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

bool found(const nlohmann::json& report, const std::string& code) {
  for (const auto& finding : report["findings"]) {
    if (finding["code"] == code) {
      return true;
    }
  }
  return false;
}

TEST(CertShow, SpeaksBothLanguages) {
  const auto zh = hutong({"cert", "show", region().file("alice.cer")});
  EXPECT_EQ(zh.exit, 0) << zh.err;
  EXPECT_NE(zh.out.find("张三"), std::string::npos) << zh.out;
  EXPECT_NE(zh.out.find("序列号"), std::string::npos) << zh.out;
  const auto en = hutong({"cert", "show", region().file("alice.cer"), "--lang", "en"});
  EXPECT_NE(en.out.find("serial number"), std::string::npos) << en.out;
  EXPECT_EQ(en.out.find("序列号"), std::string::npos) << en.out;
}

TEST(CertShow, MasksNumbersOfPersons) {
  const auto text = hutong({"cert", "show", region().file("alice.cer")});
  EXPECT_EQ(text.out.find("11010519491231002X"), std::string::npos) << text.out;
}

TEST(CertShow, JsonHasTheFieldsOfTheReport) {
  const auto json = hutong({"cert", "show", "--json", region().file("alice.cer")}).json();
  EXPECT_EQ(json["subject"], "CN=张三,O=互通演示,C=CN");
  EXPECT_EQ(json["public_key"], "SM2");
  EXPECT_EQ(json["signature_algorithm"], "SM2-SM3");
  EXPECT_EQ(json["key_usage"].size(), 2U);
  EXPECT_EQ(json["is_ca"], false);
  EXPECT_FALSE(json.contains("status"));
}

TEST(CertShow, ShowsEveryCertificateOfAFile) {
  const Folder folder;
  const std::string both = crypto::write_pem("CERTIFICATE", region().folder().read("alice.cer")) +
                           crypto::write_pem("CERTIFICATE", region().folder().read("ca.cer"));
  const auto json = hutong({"cert", "show", "--json", folder.write("both.pem", as_bytes(both))}).json();
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[1]["is_ca"], true);
}

TEST(CertVerify, AGoodCertificateIsValid) {
  const auto outcome = hutong(verify("alice.cer", {"--crl", region().file("ca.crl"), "--json"}));
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
  const auto report = outcome.json();
  EXPECT_EQ(report["kind"], "certificate");
  EXPECT_EQ(report["indication"], "valid");
  EXPECT_EQ(report["at"], Region::kAt);
  ASSERT_EQ(report["chain"].size(), 3U);
  EXPECT_EQ(report["chain"][0]["status"], "good");
  EXPECT_EQ(report["chain"][2]["role"], "anchor");
  EXPECT_EQ(report["revocation"][0]["kind"], "crl");
}

TEST(CertVerify, TheVerdictIsMarkAndWord) {
  const auto good = hutong(verify("alice.cer"));
  EXPECT_EQ(good.out.find("✔ 有效"), 0U) << good.out;
  EXPECT_NE(good.out.find("└─ "), std::string::npos) << good.out;
  EXPECT_EQ(good.out.find('\x1b'), std::string::npos) << "colours without a terminal";
  const auto bad = hutong(verify("bob.cer", {"--crl", region().file("ca.crl"), "--lang", "en"}));
  EXPECT_EQ(bad.exit, 1);
  EXPECT_EQ(bad.out.find("✘ invalid"), 0U) << bad.out;
  EXPECT_NE(bad.out.find("RFC 5280"), std::string::npos) << bad.out;
}

TEST(CertVerify, ARevokedCertificateIsInvalid) {
  const auto outcome = hutong(verify("bob.cer", {"--crl", region().file("ca.crl"), "--json"}));
  EXPECT_EQ(outcome.exit, 1);
  const auto report = outcome.json();
  EXPECT_EQ(report["indication"], "invalid");
  EXPECT_EQ(report["chain"][0]["status"], "revoked");
  EXPECT_EQ(report["chain"][0]["revocation_reason"], "keyCompromise");
  EXPECT_EQ(hutong(verify("bob.cer", {"--crl", region().file("ca.crl"), "--revocation", "none"})).exit, 0);
}

TEST(CertVerify, RequiredRevocationDataMustBeThere) {
  const auto outcome = hutong(verify("alice.cer", {"--revocation", "require", "--json"}));
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["indication"], "indeterminate");
}

TEST(CertVerify, WithoutAnAnchorNothingIsValid) {
  const auto outcome = hutong({"cert", "verify", region().file("alice.cer"), "--json", "--at", Region::kAt});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["indication"], "indeterminate");
}

TEST(CertVerify, TimeIsAnArgument) {
  const auto outcome =
      hutong({"cert", "verify", region().file("alice.cer"), "--anchor", region().file("root.cer"), "--chain",
              region().file("ca.cer"), "--at", "2040-01-01", "--json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_TRUE(found(outcome.json(), "path.expired")) << outcome.out;
}

TEST(CertVerify, TakesPemBase64AndStandardInput) {
  const Folder folder;
  const Bytes der = region().folder().read("alice.cer");
  const std::string pem = crypto::write_pem("CERTIFICATE", der);
  const std::string base64 = to_base64(der);
  for (const std::string& text : {pem, base64}) {
    auto arguments = verify("alice.cer");
    arguments[2] = folder.write("alice.txt", as_bytes(text));
    EXPECT_EQ(hutong(arguments).exit, 0) << text;
    arguments[2] = "-";
    EXPECT_EQ(hutong(Call{.arguments = arguments, .input = text}).exit, 0) << text;
  }
}

TEST(CertVerify, SeveralFilesMakeAnArray) {
  auto arguments = verify("alice.cer", {"--json", "--crl", region().file("ca.crl")});
  arguments.insert(arguments.begin() + 3, region().file("bob.cer"));
  const auto outcome = hutong(arguments);
  EXPECT_EQ(outcome.exit, 1) << outcome.err;
  const auto reports = outcome.json();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0]["indication"], "valid");
  EXPECT_EQ(reports[1]["indication"], "invalid");
}

TEST(CertVerify, FoldersHoldAnchorsAndChains) {
  const Folder folder;
  folder.write("root.cer", region().folder().read("root.cer"));
  folder.write("ca.cer", region().folder().read("ca.cer"));
  folder.write("notes.txt", as_bytes("no certificate"));
  const auto outcome = hutong({"cert", "verify", region().file("alice.cer"), "--anchor",
                               folder.file("root.cer"), "--chain", folder.file(""), "--at", Region::kAt});
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
}

TEST(CertVerify, ATrustListDecides) {
  const std::vector<std::string> arguments{"cert",
                                           "verify",
                                           region().file("alice.cer"),
                                           "--trust-list",
                                           region().trust_list(),
                                           "--trust-list-signer",
                                           region().file("operator.cer"),
                                           "--chain",
                                           region().file("ca.cer"),
                                           "--json"};
  const auto good = hutong(arguments);
  EXPECT_EQ(good.exit, 0) << good.out << good.err;
  EXPECT_EQ(good.json()["trust_list"]["number"], 3);
  auto other_signer = arguments;
  other_signer[6] = region().file("bob.cer");
  const auto bad = hutong(other_signer);
  EXPECT_EQ(bad.exit, 1);
  EXPECT_TRUE(found(bad.json(), "trust_list.bad_signature")) << bad.out;
}

TEST(CertVerify, ErrorsHaveStableCodes) {
  const auto missing = hutong({"cert", "verify", "/nonexistent.cer", "--json"});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_EQ(missing.json()["error"]["code"], "file.not_found");
  const auto time = hutong(verify("alice.cer", {"--json"}));
  EXPECT_EQ(time.exit, 0);
  const auto bad_time = hutong({"cert", "verify", region().file("alice.cer"), "--at", "yesterday", "--json"});
  EXPECT_EQ(bad_time.exit, 2);
  EXPECT_EQ(bad_time.json()["error"]["code"], "time.rfc3339");
  const auto unsigned_list =
      hutong({"cert", "verify", region().file("alice.cer"), "--trust-list", region().trust_list(), "--json"});
  EXPECT_EQ(unsigned_list.exit, 2);
  EXPECT_EQ(unsigned_list.json()["error"]["code"], "usage.trust_list_signer");
  const auto other_kind = hutong({"cert", "verify", region().file("ca.crl"), "--json"});
  EXPECT_EQ(other_kind.exit, 1);
  EXPECT_EQ(other_kind.json()["error"]["code"], "input.kind");
}

TEST(CertVerify, BrokenFilesAreInvalidNotFatal) {
  const Folder folder;
  const Bytes der = region().folder().read("alice.cer");
  const Bytes zeros(100'000, 0);
  for (const ByteView content : {ByteView(der).first(der.size() / 2), ByteView(zeros), ByteView()}) {
    const auto outcome = hutong({"cert", "verify", folder.write("broken", content), "--json"});
    EXPECT_EQ(outcome.exit, 1) << outcome.err;
    EXPECT_EQ(outcome.json()["indication"], "invalid") << outcome.out;
  }
}

TEST(CertLint, ACleanCertificatePasses) {
  const auto outcome = hutong({"cert", "lint", "--json", region().file("alice.cer")});
  EXPECT_EQ(outcome.exit, 0) << outcome.out;
  const auto json = outcome.json();
  EXPECT_TRUE(json["findings"].empty()) << outcome.out;
  EXPECT_GT(json["passed"].size(), 50U);
}

TEST(CertLint, LapsesAreListedWithTheirClause) {
  HUTONG_NEED_CORPUS();
  const auto file = hutong::test::corpus_path("certs/roots/nrcac_rootca.der").string();
  const auto outcome = hutong({"cert", "lint", file});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_NE(outcome.out.find("lint.cert.basic_constraints_critical"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("RFC 5280 4.2.1.9"), std::string::npos) << outcome.out;
}

TEST(CertLint, ListsItsRules) {
  EXPECT_EQ(hutong({"cert", "lint", "--list", "--markdown"}).out, x509::lint_rules_markdown());
  const auto json = hutong({"cert", "lint", "--list", "--json"}).json();
  EXPECT_GE(json.size(), 50U);
  EXPECT_EQ(json[0]["id"], "lint.cert.version_3");
  EXPECT_EQ(hutong({"cert", "lint"}).exit, 2);
}

TEST(Crl, ShowVerifyLint) {
  const std::string file = region().file("ca.crl");
  const auto shown = hutong({"crl", "show", file, "--json"}).json();
  EXPECT_EQ(shown["entries"], 1);
  EXPECT_EQ(shown["revoked_sample"][0]["reason"], "keyCompromise");
  const auto verified = hutong({"crl", "verify", file, "--anchor", region().file("root.cer"), "--chain",
                                region().file("ca.cer"), "--at", Region::kAt, "--json"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  EXPECT_EQ(verified.json()["kind"], "crl");
  EXPECT_EQ(hutong({"crl", "lint", file}).exit, 0);
  EXPECT_NE(hutong({"crl", "show", file}).out.find("密钥泄露"), std::string::npos);
}

TEST(Crl, LooksUpASerialNumber) {
  const auto bob =
      hutong({"cert", "show", "--json", region().file("bob.cer")}).json()["serial"].get<std::string>();
  const auto listed = hutong({"crl", "show", region().file("ca.crl"), "--serial", bob, "--json"});
  EXPECT_EQ(listed.exit, 0);
  EXPECT_EQ(listed.json()["listed"], true);
  EXPECT_EQ(hutong({"crl", "show", region().file("ca.crl"), "--serial", "01"}).exit, 1);
}

TEST(Trust, ShowAndVerify) {
  const std::string list = region().trust_list();
  const auto shown = hutong({"trust", "show", list, "--signer", region().file("operator.cer")});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_NE(shown.out.find("演示厂商"), std::string::npos) << shown.out;
  const auto json =
      hutong({"trust", "show", list, "--signer", region().file("operator.cer"), "--json"}).json();
  EXPECT_EQ(json["state"], "current");
  EXPECT_EQ(json["services"].size(), 1U);
  const auto forged = hutong({"trust", "verify", list, "--signer", region().file("alice.cer"), "--json"});
  EXPECT_EQ(forged.exit, 1);
  EXPECT_EQ(forged.json()["state"], "bad_signature");
}

}  // namespace
}  // namespace hutong::cli::test
