#include <gtest/gtest.h>

#include "cli/test_program.h"
#include "cli/test_region.h"

namespace hutong::cli::test {
namespace {

constexpr std::string_view kContent = "投标文件 bid\n";

std::vector<std::string> with_trust(std::vector<std::string> arguments) {
  for (const std::string& more : {std::string("--anchor"), region().file("root.cer"), std::string("--chain"),
                                  region().file("ca.cer"), std::string("--at"), std::string(Region::kAt)}) {
    arguments.push_back(more);
  }
  return arguments;
}

std::vector<std::string> sign(const std::string& file, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{
      "sign", file, "--signer", region().file("alice.cer"), "--key", region().file("alice.key")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(Sign, AttachedIsVerifiedAndCarriesItsContent) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  for (const std::vector<std::string>& how :
       std::vector<std::vector<std::string>>{{}, {"--pem"}, {"--no-attributes"}, {"--form", "rfc"}}) {
    ASSERT_EQ(hutong(sign(file, how)).exit, 0);
    const auto outcome = hutong(with_trust({"verify", folder.file("bid.txt.p7m"), "--json"}));
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    const auto report = outcome.json();
    EXPECT_EQ(report["kind"], "signed_message");
    EXPECT_EQ(report["message"]["content_size"], kContent.size());
    EXPECT_EQ(report["signers"][0]["indication"], "valid");
    EXPECT_EQ(report["signers"][0]["subject"], "CN=张三,O=互通演示,C=CN");
  }
}

TEST(Sign, ARevokedSignerIsInvalid) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(
      hutong({"sign", file, "--signer", region().file("bob.cer"), "--key", region().file("bob.key")}).exit,
      0);
  const auto outcome =
      hutong(with_trust({"verify", folder.file("bid.txt.p7m"), "--crl", region().file("ca.crl"), "--json"}));
  EXPECT_EQ(outcome.exit, 1) << outcome.out;
  EXPECT_EQ(outcome.json()["indication"], "invalid");
}

TEST(Sign, SeveralSignersAreAllJudged) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(
      hutong(sign(file, {"--signer", region().file("bob.cer"), "--key", region().file("bob.key")})).exit, 0);
  const auto good = hutong(with_trust({"verify", folder.file("bid.txt.p7m"), "--json"}));
  EXPECT_EQ(good.exit, 0) << good.out;
  EXPECT_EQ(good.json()["signers"].size(), 2U);
  EXPECT_EQ(hutong(sign(file, {"--signer", region().file("bob.cer")})).exit, 2);
}

TEST(Sign, DetachedNeedsTheRightContent) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  const std::string other = folder.write("other.txt", as_bytes("something else"));
  ASSERT_EQ(hutong(sign(file, {"--detached"})).exit, 0);
  const std::string signature = folder.file("bid.txt.p7s");
  const auto good = hutong(with_trust({"verify", signature, "--content", file}));
  EXPECT_EQ(good.exit, 0) << good.out;
  EXPECT_NE(good.out.find("分离签名"), std::string::npos) << good.out;
  const auto bad = hutong(with_trust({"verify", signature, "--content", other, "--json"}));
  EXPECT_EQ(bad.exit, 1);
  EXPECT_EQ(bad.json()["indication"], "invalid");
  const auto alone = hutong(with_trust({"verify", signature, "--json"}));
  EXPECT_EQ(alone.exit, 1);
  EXPECT_EQ(alone.json()["indication"], "indeterminate");
}

TEST(Sign, StandardInputAndOutput) {
  const Call run{.arguments = sign("-"), .input = std::string(kContent)};
  const auto made = hutong(run);
  ASSERT_EQ(made.exit, 0) << made.err;
  const auto verified = hutong(Call{.arguments = with_trust({"verify", "-"}), .input = made.out});
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
}

TEST(Sign, TheKeyMustBeTheCertificates) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  const auto outcome = hutong(
      {"sign", file, "--signer", region().file("alice.cer"), "--key", region().file("bob.key"), "--json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["error"]["code"], "cms.signer_key");
  EXPECT_FALSE(folder.has("bid.txt.p7m"));
}

TEST(Sign, ATamperedMessageIsInvalid) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(hutong(sign(file)).exit, 0);
  Bytes message = folder.read("bid.txt.p7m");
  const auto at = as_text(message).find("bid\n");
  ASSERT_NE(at, std::string_view::npos);
  message[at] ^= 1;
  const auto outcome = hutong(with_trust({"verify", folder.write("forged.p7m", message), "--json"}));
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["indication"], "invalid");
}

TEST(Sign, LargeContentRoundTrips) {
  const Folder folder;
  const Bytes content(5'000'000, 0x5A);
  const std::string file = folder.write("large.bin", content);
  ASSERT_EQ(hutong(sign(file)).exit, 0);
  const auto outcome = hutong(with_trust({"verify", folder.file("large.bin.p7m"), "--json"}));
  EXPECT_EQ(outcome.exit, 0) << outcome.out;
  EXPECT_EQ(outcome.json()["message"]["content_size"], content.size());
}

TEST(Envelope, EachRecipientOpensIt) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  const auto made = hutong({"encrypt", file, "--to", region().file("alice-enc.cer"), "--json"});
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(made.json()["recipients"], 1);
  const std::string message = folder.file("bid.txt.p7e");
  const auto opened = hutong({"decrypt", message, "--key", region().file("alice-enc.key"), "--certificate",
                              region().file("alice-enc.cer"), "-o", folder.file("out.txt"), "--json"});
  EXPECT_EQ(opened.exit, 0) << opened.out << opened.err;
  EXPECT_EQ(as_text(folder.read("out.txt")), kContent);
  const auto piped = hutong({"decrypt", message, "--key", region().file("alice-enc.key"), "-o", "-"});
  EXPECT_EQ(piped.out, kContent);
}

TEST(Envelope, AStrangerGetsNothing) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(
      hutong({"encrypt", file, "--to", region().file("alice-enc.cer"), "--pem", "-o", folder.file("m")}).exit,
      0);
  const auto refused = hutong({"decrypt", folder.file("m"), "--key", region().file("bob.key"), "-o",
                               folder.file("out.txt"), "--json"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_FALSE(folder.has("out.txt"));
  EXPECT_EQ(hutong({"decrypt", folder.file("m"), "--key", region().file("alice-enc.key"), "-o", "-"}).out,
            kContent);
  const auto wrong_usage = hutong({"encrypt", file, "--to", region().file("alice.cer"), "--json"});
  EXPECT_EQ(wrong_usage.exit, 1);
  EXPECT_EQ(wrong_usage.json()["error"]["code"], "cms.recipient_usage");
}

TEST(Envelope, VerifyTellsWhoItIsFor) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(hutong({"encrypt", file, "--to", region().file("alice-enc.cer")}).exit, 0);
  const auto outcome = hutong({"verify", folder.file("bid.txt.p7e"), "--json"});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(outcome.json()["kind"], "enveloped_message");
  EXPECT_EQ(outcome.json()["message"]["recipients"].size(), 1U);
}

TEST(Timestamp, AnswersTheRequestForTheContent) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  const std::string other = folder.write("other.txt", as_bytes("something else"));
  ASSERT_EQ(hutong({"timestamp", "request", file}).exit, 0);
  const std::string response = folder.write("bid.tsr", region().stamp(folder.read("bid.txt.tsq")));
  const auto good = hutong(with_trust({"timestamp", "verify", response, "--content", file, "--request",
                                       folder.file("bid.txt.tsq"), "--json"}));
  EXPECT_EQ(good.exit, 0) << good.out << good.err;
  EXPECT_EQ(good.json()["timestamp"]["imprint_matches"], true);
  EXPECT_EQ(good.json()["timestamp"]["time"], Region::kAt);
  const auto bad = hutong(with_trust({"timestamp", "verify", response, "--content", other, "--json"}));
  EXPECT_EQ(bad.exit, 1);
  EXPECT_EQ(bad.json()["timestamp"]["imprint_matches"], false);
}

TEST(Timestamp, AnotherRequestIsNotAnswered) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(hutong({"timestamp", "request", file, "-o", folder.file("1.tsq")}).exit, 0);
  ASSERT_EQ(hutong({"timestamp", "request", file, "-o", folder.file("2.tsq")}).exit, 0);
  const std::string response = folder.write("1.tsr", region().stamp(folder.read("1.tsq")));
  const auto outcome =
      hutong(with_trust({"timestamp", "verify", response, "--request", folder.file("2.tsq"), "--json"}));
  EXPECT_EQ(outcome.exit, 1) << outcome.out;
  EXPECT_EQ(outcome.json()["findings"][0]["code"], "timestamp.nonce_mismatch");
}

TEST(Timestamp, OpensslReadsOurRequest) {
  const Folder folder;
  const std::string file = folder.write("bid.txt", as_bytes(kContent));
  ASSERT_EQ(hutong({"timestamp", "request", file, "--digest", "sha256", "-o", folder.file("q")}).exit, 0);
  const auto peer = program("openssl", {"ts", "-query", "-in", folder.file("q"), "-text"});
  EXPECT_EQ(peer.exit, 0) << peer.err;
  EXPECT_NE(peer.out.find("sha256"), std::string::npos) << peer.out;
}

}  // namespace
}  // namespace hutong::cli::test
