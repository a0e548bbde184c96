#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cli/test_program.h"
#include "cli/test_region.h"
#include "tests/support/support.h"
#include "x509/certificate.h"

namespace hutong::cli::test {
namespace {

const std::vector<std::vector<std::string>>& commands() {
  static const std::vector<std::vector<std::string>> kCommands{{"verify"},
                                                               {"cert", "show"},
                                                               {"cert", "verify"},
                                                               {"cert", "lint"},
                                                               {"crl", "show"},
                                                               {"crl", "verify"},
                                                               {"crl", "lint"},
                                                               {"key", "generate"},
                                                               {"key", "show"},
                                                               {"key", "convert"},
                                                               {"request", "create"},
                                                               {"request", "show"},
                                                               {"request", "lint"},
                                                               {"sign"},
                                                               {"encrypt"},
                                                               {"decrypt"},
                                                               {"timestamp", "request"},
                                                               {"timestamp", "verify"},
                                                               {"trust", "show"},
                                                               {"trust", "verify"},
                                                               {"token", "list"},
                                                               {"token", "info"},
                                                               {"token", "init"},
                                                               {"token", "login"},
                                                               {"token", "keygen"},
                                                               {"token", "request"},
                                                               {"token", "import"},
                                                               {"token", "export"},
                                                               {"token", "sign"},
                                                               {"token", "decrypt"},
                                                               {"token", "driver-test"},
                                                               {"token", "pin", "change"},
                                                               {"token", "pin", "unblock"},
                                                               {"completion"}};
  return kCommands;
}

TEST(Program, EveryHelpTeachesByExample) {
  for (auto arguments : commands()) {
    arguments.push_back("--help");
    const auto zh = hutong(arguments);
    EXPECT_EQ(zh.exit, 0) << arguments.front();
    EXPECT_NE(zh.out.find("例："), std::string::npos) << arguments.front() << zh.out;
    EXPECT_NE(zh.out.find("  hutong " + arguments.front()), std::string::npos) << zh.out;
    EXPECT_EQ(zh.out.find("Options"), std::string::npos) << zh.out;
    arguments.insert(arguments.end(), {"--lang", "en"});
    const auto en = hutong(arguments);
    EXPECT_NE(en.out.find("Examples:"), std::string::npos) << en.out;
  }
}

TEST(Program, LanguageFollowsTheLocaleAndTheOption) {
  const auto usage = [](const std::string& locale, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"cert", "show", "/nonexistent"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hutong(Call{.arguments = arguments, .environment = {{"LANG", locale}}}).err;
  };
  EXPECT_EQ(usage("zh_CN.UTF-8").find("错误"), 0U);
  EXPECT_EQ(usage("C.UTF-8").find("错误"), 0U);
  EXPECT_EQ(usage("en_US.UTF-8").find("error"), 0U);
  EXPECT_EQ(usage("en_US.UTF-8", {"--lang", "zh"}).find("错误"), 0U);
  EXPECT_EQ(usage("zh_CN.UTF-8", {"--lang=en"}).find("error"), 0U);
}

TEST(Program, WrongUsageIsTwo) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"cert"},
                                             {"nonsense"},
                                             {"cert", "verify"},
                                             {"cert", "verify", "--nonsense", "x"},
                                             {"cert", "verify", "x", "--revocation", "perhaps"},
                                             {"--lang", "fr", "verify", "x"}}) {
    const auto outcome = hutong(arguments);
    EXPECT_EQ(outcome.exit, 2) << outcome.out;
    EXPECT_NE(outcome.err.find("用法错误"), std::string::npos) << outcome.err;
  }
}

TEST(Program, TellsItsVersion) {
  const auto outcome = hutong({"--version"});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(outcome.out.find("hutong "), 0U) << outcome.out;
}

TEST(Program, CompletionCompletes) {
  const Folder folder;
  const auto script = hutong({"completion", "bash"});
  ASSERT_EQ(script.exit, 0);
  const std::string file = folder.write("completion", as_bytes(script.out));
  const std::string ask =
      "source " + file +
      "; COMP_WORDS=(hutong cert ver); COMP_CWORD=2; _hutong; echo \"${COMPREPLY[@]}\"; "
      "COMP_WORDS=(hutong cert verify --anc); COMP_CWORD=3; _hutong; echo \"${COMPREPLY[@]}\"; "
      "COMP_WORDS=(hutong sig); COMP_CWORD=1; _hutong; echo \"${COMPREPLY[@]}\"";
  const auto outcome = program("bash", {"-c", ask});
  EXPECT_EQ(outcome.out, "verify\n--anchor\nsign\n") << outcome.err;
  EXPECT_EQ(hutong({"completion", "zsh"}).out.find("#compdef hutong"), 0U);
  EXPECT_EQ(hutong({"completion", "fish"}).exit, 2);
}

TEST(Program, AnOpensslChainOverP256IsValid) {
  const Folder folder;
  const auto openssl = [&](const std::vector<std::string>& arguments) {
    const auto outcome = program("openssl", arguments);
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
  };
  const auto path = [&](const char* name) { return folder.file(name); };
  const std::string curve = "ec_paramgen_curve:P-256";
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-keyout", path("root.key"), "-out",
           path("root.pem"), "-subj", "/C=CN/CN=Peer root", "-days", "30"});
  openssl({"req", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-keyout", path("leaf.key"), "-out",
           path("leaf.csr"), "-subj", "/C=CN/CN=Peer leaf"});
  openssl({"x509", "-req", "-in", path("leaf.csr"), "-CA", path("root.pem"), "-CAkey", path("root.key"),
           "-CAcreateserial", "-out", path("leaf.pem"), "-days", "20"});
  const auto outcome = hutong({"cert", "verify", path("leaf.pem"), "--anchor", path("root.pem"), "--json"});
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.json()["chain"][0]["public_key"], "P-256");
}

/// Every certificate of the corpus whose issuers are there, up to a self-signed one.
struct CorpusCertificate {
  std::filesystem::path path;
  x509::Certificate certificate;
};

std::vector<CorpusCertificate> corpus_certificates() {
  std::vector<CorpusCertificate> all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(hutong::test::corpus_path("certs"))) {
    if (entry.path().extension() == ".der") {
      auto certificate = x509::Certificate::parse(hutong::test::read(entry.path()));
      if (certificate) {
        all.push_back({entry.path(), *certificate});
      }
    }
  }
  return all;
}

const CorpusCertificate* issuer_of(const x509::Certificate& certificate,
                                   const std::vector<CorpusCertificate>& all) {
  for (const auto& candidate : all) {
    const auto& key = candidate.certificate.public_key();
    if (candidate.certificate.subject() == certificate.issuer() && key && certificate.is_signed_by(*key)) {
      return &candidate;
    }
  }
  return nullptr;
}

TEST(ProgramCorpus, EveryCertificateWithItsIssuersVerifies) {
  HUTONG_NEED_CORPUS();
  const auto all = corpus_certificates();
  std::size_t verified = 0;
  for (const auto& one : all) {
    std::vector<std::string> arguments{"cert", "verify", one.path.string(), "--revocation", "none", "--json"};
    Time at = one.certificate.not_before();
    const CorpusCertificate* issuer = issuer_of(one.certificate, all);
    while (issuer != nullptr && !issuer->certificate.is_self_signed()) {
      arguments.insert(arguments.end(), {"--chain", issuer->path.string()});
      at = std::max(at, issuer->certificate.not_before());
      issuer = issuer_of(issuer->certificate, all);
    }
    if (issuer == nullptr) {
      continue;
    }
    at = std::max(at, issuer->certificate.not_before()) + std::chrono::hours(24);
    arguments.insert(arguments.end(), {"--anchor", issuer->path.string(), "--at", to_rfc3339(at)});
    const auto outcome = hutong(arguments);
    EXPECT_EQ(outcome.exit, 0) << one.path << "\n" << outcome.out << outcome.err;
    ++verified;
  }
  std::cout << verified << " of " << all.size() << " certificates of the corpus have their issuers there\n";
  EXPECT_EQ(verified, 27U) << "as CorpusChains.ValidateWhereTheIssuerIsKnown counts them";
}

TEST(ProgramCorpus, TheTwoThatDoNotVerifyAreRefused) {
  HUTONG_NEED_CORPUS();
  for (const char* file : {"certs/odd/openssl_sm2_noza.der", "certs/odd/openssl_sm2_india_root.der"}) {
    const std::string path = hutong::test::corpus_path(file).string();
    const auto outcome = hutong(
        {"cert", "verify", path, "--anchor", path, "--at", "2025-01-01", "--revocation", "none", "--json"});
    EXPECT_EQ(outcome.exit, 1) << file;
    EXPECT_EQ(outcome.json()["findings"][0]["code"], "path.signature_invalid") << outcome.out;
  }
}

TEST(ProgramCorpus, TheNationalListRevokesACa) {
  HUTONG_NEED_CORPUS();
  const auto path = [](const char* name) { return hutong::test::corpus_path(name).string(); };
  const auto outcome = hutong(
      {"cert", "verify", path("certs/cas/gdca_sm2.der"), "--anchor", path("certs/roots/nrcac_rootca.der"),
       "--crl", path("certs/crl/rootca_77bdbb.crl"), "--at", "2022-05-06T00:00:00Z", "--json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["chain"][0]["status"], "revoked") << outcome.out;
}

}  // namespace
}  // namespace hutong::cli::test
