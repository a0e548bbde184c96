#include <gtest/gtest.h>

#include "cli/test_program.h"
#include "cli/test_region.h"
#include "cms/enveloped_key.h"
#include "cms/signed_data.h"
#include "crypto/key_file.h"
#include "login_challenge/challenge.h"
#include "tests/support/card_reader.h"
#include "tests/support/server_program.h"
#include "x509/certificate_request.h"
#include "x509/extension_builder.h"

namespace hutong::cli::test {
namespace {

TEST(Token, InitMakesADeviceWithAnApplication) {
  const Folder folder;
  const Call call{.arguments = {"token", "init", "--name", "demo", "--label", "演示钥匙", "--application",
                                "HUTONG", "--json"},
                  .environment = {{"HUTONG_TOKEN_HOME", folder.file("home")}}};
  const auto made = hutong(call);
  ASSERT_EQ(made.exit, 0) << made.out << made.err;
  EXPECT_EQ(made.json()["device"], "demo");
  EXPECT_EQ(made.json()["folder"], folder.file("home/demo"));
  EXPECT_TRUE(folder.has("home/demo/applications/4855544f4e47/application"));
  const auto again = hutong(call);
  EXPECT_EQ(again.exit, 1);
  EXPECT_EQ(again.json()["error"]["code"], "token.device_exists");
}

TEST(Token, InitRefusesPinsThatDoNotFitAndLeavesNothing) {
  const Folder folder;
  const auto refused =
      hutong({"token", "init", "--home", folder.file("home"), "--name", "demo", "--application", "HUTONG",
              "--user-pin-file", folder.write("pin", as_bytes("12345\n")), "--json"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.json()["error"]["code"], "SAR_PIN_LEN_RANGE");
  EXPECT_FALSE(folder.has("home/demo"));
  const auto unnamed = hutong({"token", "init", "--home", folder.file("home"), "--name", "../x", "--json"});
  EXPECT_EQ(unnamed.json()["error"]["code"], "token.device_name");
}

/// A demonstration token in a folder of its own, spoken to through its driver's process.
class TokenCommands : public testing::Test {
 protected:
  TokenCommands() {
    EXPECT_EQ(token({"init", "--name", "demo", "--label", "演示", "--application", "HUTONG"}).exit, 0);
    folder_.write("pin", as_bytes("12345678\n"));
    folder_.write("admin.pin", as_bytes("88888888\n"));
    folder_.write("wrong.pin", as_bytes("87654321\n"));
    folder_.write("new.pin", as_bytes("a new pin\n"));
  }
  Outcome token(std::vector<std::string> arguments) const {
    const bool by_driver = arguments.front() != "init" && arguments.front() != "driver-test";
    arguments.insert(arguments.begin(), "token");
    if (by_driver) {
      arguments.insert(arguments.end(), {"--library", HUTONG_SKF_LIBRARY});
    }
    return hutong(Call{.arguments = arguments, .environment = {{"HUTONG_TOKEN_HOME", folder_.file("home")}}});
  }
  Outcome with_pin(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--container", "supplier", "--pin-file", folder_.file("pin")});
    return token(std::move(arguments));
  }
  /// A certificate by the region's CA for a key of the token.
  std::string issue(const std::string& file, ByteView spki, std::string_view common_name,
                    x509::KeyUsageBit usage = x509::KeyUsageBit::kDigitalSignature) const {
    const auto ca = x509::Certificate::parse(region().folder().read("ca.cer")).value();
    const crypto::Sm2Signer key(crypto::read_private_key(region().folder().read("ca.key")).value());
    x509::TbsCertificate tbs;
    tbs.serial = x509::Serial::from_magnitude(Bytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08});
    tbs.issuer = ca.subject();
    tbs.subject = x509::Name::from_string("CN=" + std::string(common_name) + ",C=CN").value();
    tbs.not_before = from_rfc3339("2026-01-01").value();
    tbs.not_after = from_rfc3339("2028-01-01").value();
    tbs.spki = to_bytes(spki);
    tbs.extensions.push_back(x509::extension::key_usage({usage}));
    tbs.extensions.push_back(
        x509::extension::authority_key_identifier(x509::key_identifier(key.public_key())));
    const auto der = x509::sign(tbs, key).value();
    return folder_.write(file, der.view());
  }
  Folder folder_;
};

TEST_F(TokenCommands, AKeyIsMadeCertifiedAndSigns) {
  ASSERT_EQ(with_pin({"keygen"}).exit, 0);
  EXPECT_EQ(with_pin({"keygen", "--json"}).json()["error"]["code"], "token.exists");
  const auto requested =
      with_pin({"request", "--subject", "CN=某公司,C=CN", "--der", "-o", folder_.file("csr")});
  ASSERT_EQ(requested.exit, 0) << requested.err;
  const auto request = x509::CertificateRequest::parse(folder_.read("csr")).value();
  EXPECT_TRUE(request.is_signed_by_own_key());
  const auto certificate = issue("sign.cer", request.spki(), "某公司");
  const auto imported = with_pin({"import", "--signature", certificate});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  EXPECT_EQ(with_pin({"import", "--signature", region().file("alice.cer"), "--json"}).json()["error"]["code"],
            "token.certificate_key");

  const std::string file = folder_.write("bid.txt", as_bytes("投标文件"));
  const auto made = with_pin({"sign", file, "--detached"});
  ASSERT_EQ(made.exit, 0) << made.err;
  const auto verified =
      hutong({"verify", file + ".p7s", "--content", file, "--anchor", region().file("root.cer"), "--chain",
              region().file("ca.cer"), "--at", Region::kAt, "--json"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  EXPECT_EQ(verified.json()["signers"][0]["subject"], "CN=某公司,C=CN");
  ASSERT_EQ(token({"export", "--container", "supplier", "--der", "-o", folder_.file("out.cer")}).exit, 0);
  EXPECT_EQ(folder_.read("out.cer"), folder_.read("sign.cer"));
}

TEST_F(TokenCommands, ALoginChallengeIsSignedForTheOriginThatTheCallerNames) {
  ASSERT_EQ(with_pin({"keygen"}).exit, 0);
  ASSERT_EQ(
      token({"export", "--container", "supplier", "--public-key", "--der", "-o", folder_.file("spki")}).exit,
      0);
  ASSERT_EQ(with_pin({"import", "--signature", issue("sign.cer", folder_.read("spki"), "某公司")}).exit, 0);
  const std::string asked = R"({"audience":"https://platform.example","purpose":"登录 采购平台",
    "nonce":"MDEyMzQ1Njc4OWFiY2RlZg==","time":"2027-06-01T00:00:00Z","origin":"https://evil.example"})";
  const auto answered = with_pin({"challenge", folder_.write("asked.json", as_bytes(asked)), "--origin",
                                  "https://platform.example", "--der", "-o", folder_.file("answer.p7m")});
  ASSERT_EQ(answered.exit, 0) << answered.err;
  const Bytes message = folder_.read("answer.p7m");
  Bytes content;
  const auto structure = cms::read_signed_data(message, &content).value();
  EXPECT_EQ(structure.content_type, login_challenge::kContentType);
  const auto challenge = login_challenge::read_challenge(content).value();
  EXPECT_EQ(challenge.origin, "https://platform.example") << "not what the file says";
  EXPECT_EQ(challenge.purpose, "登录 采购平台");
  for (const auto* bad : {"", "[]", R"({"audience":"a","purpose":"b","nonce":"!","time":"x"})",
                          R"({"audience":"","purpose":"b","nonce":"MDEyMzQ1Njc4OWFiY2RlZg==",
                              "time":"2027-06-01T00:00:00Z"})"}) {
    const auto refused = with_pin({"challenge", folder_.write("bad.json", as_bytes(std::string_view(bad))),
                                   "--origin", "https://platform.example", "--json"});
    EXPECT_EQ(refused.json()["error"]["code"], "challenge.value") << bad;
  }
}

TEST_F(TokenCommands, AnEncryptionKeyComesEnveloped) {
  ASSERT_EQ(with_pin({"keygen"}).exit, 0);
  ASSERT_EQ(
      token({"export", "--container", "supplier", "--public-key", "--der", "-o", folder_.file("spki")}).exit,
      0);
  const auto holder = crypto::PublicKey::from_spki(folder_.read("spki")).value();
  const auto pair = crypto::Sm2PrivateKey::generate();
  const auto wrapped =
      cms::wrap_key_pair(pair, crypto::Sm2PublicKey::from_octets(holder.key_octets()).value()).value();
  const auto certificate = issue("enc.cer", crypto::PublicKey(pair.public_key()).to_spki(), "某公司加密",
                                 x509::KeyUsageBit::kKeyEncipherment);
  const auto imported =
      with_pin({"import", "--key", folder_.write("key.der", wrapped), "--encryption", certificate});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  const auto info = token({"info", "--json"}).json();
  const auto container = info["applications"][0]["containers"][0];
  EXPECT_EQ(container["encryption_certificate"], "CN=某公司加密,C=CN");
  EXPECT_EQ(container["signature_certificate"], nullptr);
  EXPECT_EQ(container["signature_key"], true);
  const std::string shown = token({"info"}).out;
  EXPECT_NE(shown.find("加密 CN=某公司加密,C=CN"), std::string::npos) << shown;
  EXPECT_NE(shown.find("签名 有密钥，尚无证书"), std::string::npos) << shown;

  const std::string content(100'000, 'x');
  const std::string file = folder_.write("bid.txt", as_bytes(content));
  ASSERT_EQ(hutong({"encrypt", file, "--to", certificate}).exit, 0);
  const auto opened = with_pin({"decrypt", file + ".p7e", "-o", folder_.file("out")});
  ASSERT_EQ(opened.exit, 0) << opened.err;
  EXPECT_EQ(as_text(folder_.read("out")), content);
  ASSERT_EQ(
      hutong({"encrypt", file, "--to", region().file("alice-enc.cer"), "-o", folder_.file("other.p7e")}).exit,
      0);
  EXPECT_EQ(with_pin({"decrypt", folder_.file("other.p7e"), "--json"}).json()["error"]["code"],
            "cms.not_a_recipient");
}

TEST_F(TokenCommands, PinsAreTriedChangedAndUnblocked) {
  EXPECT_EQ(token({"login", "--pin-file", folder_.file("pin")}).exit, 0);
  const auto wrong = token({"login", "--pin-file", folder_.file("wrong.pin"), "--json"});
  EXPECT_EQ(wrong.exit, 1);
  EXPECT_EQ(wrong.json()["error"]["code"], "token.pin_incorrect");
  EXPECT_NE(wrong.json()["error"]["detail"].get<std::string>().find("tries left: 9"), std::string::npos)
      << wrong.out;
  EXPECT_EQ(
      token({"pin", "change", "--pin-file", folder_.file("pin"), "--new-pin-file", folder_.file("new.pin")})
          .exit,
      0);
  EXPECT_EQ(token({"login", "--pin-file", folder_.file("new.pin")}).exit, 0);
  for (int i = 0; i < 10; ++i) {
    token({"login", "--pin-file", folder_.file("wrong.pin")});
  }
  EXPECT_EQ(token({"login", "--pin-file", folder_.file("new.pin"), "--json"}).json()["error"]["code"],
            "token.pin_locked");
  EXPECT_EQ(token({"pin", "unblock", "--admin-pin-file", folder_.file("admin.pin"), "--new-pin-file",
                   folder_.file("pin")})
                .exit,
            0);
  EXPECT_EQ(token({"login", "--pin-file", folder_.file("pin")}).exit, 0);
}

TEST_F(TokenCommands, TokensAreListed) {
  const auto listed = token({"list", "--json"}).json();
  ASSERT_EQ(listed["devices"].size(), 1U);
  EXPECT_EQ(listed["devices"][0]["device"], "demo");
  EXPECT_EQ(listed["devices"][0]["label"], "演示");
  const auto unknown = token({"info", "--device", "none", "--json"});
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_EQ(unknown.json()["error"]["code"], "token.none");
}

/// Descriptions of the software token and of a vendor whose keys are cards and whose driver is not here.
TEST_F(TokenCommands, DriversAreCheckedWithTheCardsInReaders) {
  folder_.write("software.toml", as_bytes("[driver]\nname = \"software\"\n[library]\nlinux = [\"" +
                                          std::string(HUTONG_SKF_LIBRARY) + "\"]\n"));
  folder_.write("card.toml",
                as_bytes("[driver]\nname = \"card-vendor\"\n[pcsc]\natr = [\"3b 86 80 01*\"]\n"));
  const auto check = [this](const std::string& socket) {
    return hutong(Call{.arguments = {"token", "driver", "check", "--json"},
                       .environment = {{"HUTONG_TOKEN_HOME", folder_.file("home")},
                                       {"HUTONG_DRIVERS", folder_.file("")},
                                       {"PCSCLITE_CSOCK_NAME", socket}}});
  };
  const auto without = check(folder_.file("nowhere"));
  EXPECT_EQ(without.exit, 0) << without.out;
  EXPECT_EQ(without.json()["smart_cards"]["problem"], "pcsc.no_service");
  EXPECT_EQ(without.json()["drivers"][0]["installed"], false);
  EXPECT_EQ(without.json()["drivers"][1]["devices"], 1);

  const hutong::test::CardReader reader;
  const hutong::test::ServerProgram card({HUTONG_CARD, "--port", std::to_string(reader.port())},
                                         folder_.file("card.log"), {"card.inserted"});
  auto with = check(hutong::test::CardReader::socket());
  for (int tries = 0; tries < 20 && with.json()["smart_cards"]["cards"].empty(); ++tries) {
    with = check(hutong::test::CardReader::socket());
  }
  EXPECT_EQ(with.exit, 1) << "a card without its driver";
  ASSERT_EQ(with.json()["smart_cards"]["cards"].size(), 1U) << with.out;
  EXPECT_EQ(with.json()["smart_cards"]["cards"][0]["driver"], "card-vendor");
  EXPECT_EQ(with.json()["smart_cards"]["cards"][0]["installed"], false);
  EXPECT_EQ(with.json()["good"], false);
}

TEST_F(TokenCommands, ALibraryIsTriedAgainstTheNorm) {
  const auto tried = token({"driver-test", HUTONG_SKF_LIBRARY, "--only", "device.", "--html",
                            folder_.file("report.html"), "--json"});
  EXPECT_EQ(tried.exit, 0) << tried.out;
  EXPECT_EQ(tried.json()["failed"], 0);
  EXPECT_NE(as_text(folder_.read("report.html")).find("SKF 接口一致性测试报告"), std::string_view::npos);
}

}  // namespace
}  // namespace hutong::cli::test
