#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/test_program.h"
#include "cli/test_region.h"

namespace hutong::cli::test {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

TEST(Key, AnEncryptedKeyOpensWithItsPassword) {
  const Folder folder;
  const std::string key = folder.file("a.key");
  const std::string secret = folder.write("secret", as_bytes("correct horse\n"));
  const auto made = hutong({"key", "generate", "-o", key, "--password-file", secret, "--json"});
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(mode_of(key), 0600U);
  EXPECT_NE(as_text(folder.read("a.key")).find("BEGIN ENCRYPTED PRIVATE KEY"), std::string_view::npos);
  const auto shown = hutong({"key", "show", key, "--password-file", secret, "--json"});
  ASSERT_EQ(shown.exit, 0) << shown.err;
  EXPECT_EQ(shown.json()["key_identifier"], made.json()["key_identifier"]);
  EXPECT_EQ(shown.json()["private"], true);
}

TEST(Key, PasswordsComeFromTheEnvironmentToo) {
  const Folder folder;
  const std::string key = folder.file("a.key");
  const Call make{.arguments = {"key", "generate", "-o", key, "--password-env", "HUTONG_SECRET"},
                  .environment = {{"HUTONG_SECRET", "swordfish"}}};
  EXPECT_EQ(hutong(make).exit, 0);
  const Call wrong{.arguments = {"key", "show", key, "--password-env", "HUTONG_SECRET", "--json"},
                   .environment = {{"HUTONG_SECRET", "other"}}};
  const auto refused = hutong(wrong);
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.json()["error"]["code"], "key_file.password");
}

TEST(Key, WithoutTerminalAndPasswordNothingIsWritten) {
  const Folder folder;
  const auto outcome = hutong({"key", "generate", "-o", folder.file("a.key"), "--json"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.json()["error"]["code"], "usage.password");
  EXPECT_FALSE(folder.has("a.key"));
}

TEST(Key, AnExistingFileIsKept) {
  const Folder folder;
  const std::string key = folder.write("a.key", as_bytes("precious"));
  const auto outcome = hutong({"key", "generate", "-o", key, "--no-password", "--json"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.json()["error"]["code"], "file.exists");
  EXPECT_EQ(as_text(folder.read("a.key")), "precious");
  EXPECT_EQ(hutong({"key", "generate", "-o", key, "--no-password", "--force"}).exit, 0);
}

TEST(Key, EveryFormHoldsTheSameKey) {
  const Folder folder;
  const std::string key = folder.file("a.key");
  const std::string secret = folder.write("secret", as_bytes("correct horse"));
  ASSERT_EQ(hutong({"key", "generate", "-o", key, "--no-password", "--public", folder.file("a.pub")}).exit,
            0);
  const auto id = hutong({"key", "show", key, "--json"}).json()["key_identifier"];
  const std::vector<std::vector<std::string>> conversions{
      {"--format", "sec1", "--no-password"},
      {"--format", "pkcs8", "--new-password-file", secret},
      {"--format", "pkcs8", "--no-password", "--der"},
      {"--format", "public"},
  };
  for (const auto& conversion : conversions) {
    std::vector<std::string> arguments{"key", "convert", key, "-o", folder.file("b"), "--force"};
    arguments.insert(arguments.end(), conversion.begin(), conversion.end());
    ASSERT_EQ(hutong(arguments).exit, 0) << conversion[1];
    const auto shown = hutong({"key", "show", folder.file("b"), "--password-file", secret, "--json"});
    ASSERT_EQ(shown.exit, 0) << shown.err << conversion[1];
    EXPECT_EQ(shown.json()["key_identifier"], id);
  }
  EXPECT_EQ(hutong({"key", "show", folder.file("a.pub"), "--json"}).json()["private"], false);
}

TEST(Key, OpensslReadsOurs) {
  const Folder folder;
  const std::string key = folder.file("a.key");
  ASSERT_EQ(hutong({"key", "generate", "-o", key, "--no-password"}).exit, 0);
  const auto peer = program("openssl", {"pkey", "-in", key, "-noout", "-text"});
  EXPECT_EQ(peer.exit, 0) << peer.err;
  EXPECT_NE(peer.out.find("SM2"), std::string::npos) << peer.out;
}

TEST(Key, OursReadsOpenssl) {
  const Folder folder;
  const auto made = program("openssl", {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2",
                                        "-out", folder.file("peer.key")});
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(hutong({"key", "show", folder.file("peer.key")}).exit, 0);
  program("openssl", {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                      folder.file("p256.key")});
  const auto refused = hutong({"key", "show", folder.file("p256.key"), "--json"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.json()["error"]["code"], "key_file.unsupported");
}

TEST(Request, OpensslVerifiesOurs) {
  const Folder folder;
  const std::string csr = folder.file("a.csr");
  const auto made = hutong({"request", "create", "--key", region().file("alice.key"), "--subject",
                            "CN=张三,O=某公司,C=CN", "--dns", "example.cn", "-o", csr});
  ASSERT_EQ(made.exit, 0) << made.err;
  const auto peer = program(
      "openssl", {"req", "-in", csr, "-noout", "-verify", "-vfyopt", "distid:1234567812345678", "-text"});
  EXPECT_EQ(peer.exit, 0) << peer.err;
  EXPECT_NE((peer.out + peer.err).find("OK"), std::string::npos) << peer.out << peer.err;
  EXPECT_NE(peer.out.find("example.cn"), std::string::npos) << peer.out;
}

TEST(Request, ShowAndLint) {
  const Folder folder;
  const std::string csr = folder.file("a.csr");
  const std::string challenge = folder.write("challenge", as_bytes("111111\n"));
  ASSERT_EQ(hutong({"request", "create", "--key", region().file("alice.key"), "--subject", "CN=张三,C=CN",
                    "--challenge-file", challenge, "-o", csr, "--der"})
                .exit,
            0);
  const auto shown = hutong({"request", "show", csr, "--json"});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_EQ(shown.json()["subject"], "CN=张三,C=CN");
  EXPECT_EQ(shown.json()["signature_ok"], true);
  EXPECT_EQ(hutong({"request", "show", csr}).out.find("111111"), std::string::npos);
  const auto linted = hutong({"request", "lint", csr, "--json"});
  EXPECT_EQ(linted.exit, 0) << linted.out;
  EXPECT_TRUE(linted.json()["findings"].empty()) << linted.out;
}

TEST(Request, ASubjectMustBeAName) {
  const auto outcome =
      hutong({"request", "create", "--key", region().file("alice.key"), "--subject", "nonsense", "--json"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.json()["error"]["code"], "usage.subject");
}

}  // namespace
}  // namespace hutong::cli::test
