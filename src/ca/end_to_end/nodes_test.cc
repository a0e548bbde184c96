#include <csignal>
#include <filesystem>
#include <thread>

#include "ca/end_to_end/ca_home.h"
#include "ca/end_to_end/load.h"
#include "ca/signing/certificate_repository.h"
#include "x509/ocsp.h"

namespace hutong::ca {
namespace {

using test::Load;
using test::must;
using test::Promises;

/// Two nodes of one CA on one PostgreSQL: the same keys, ports of their own.
class CaNodes : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (!IsSkipped()) {
      write_config("second.toml", home_.url(), "keys", second_port_);
    }
  }
  void start_second() {
    second_.emplace(std::vector<std::string>{HUTONG_CA, "--config", file("second.toml")}, file("second-log"),
                    std::vector<std::string>{"server.listening"});
  }
  std::size_t issued() {
    const std::scoped_lock lock(mutex_);
    return promises_.issued.size();
  }
  /// Until this many more certificates were promised than now, for at most two minutes.
  void wait_for_more(std::size_t more) {
    const std::size_t wanted = issued() + more;
    for (int tries = 0; tries < 2'400 && issued() < wanted; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    EXPECT_GE(issued(), wanted);
  }
  /// What both nodes say of a certificate's state.
  std::vector<bool> listed(const x509::Serial& serial) {
    std::vector<bool> answers;
    for (const std::uint16_t port : {port_, second_port_}) {
      const std::string path = "/crl/" + authority();
      const auto full = test::see_list(port, path + "/0.crl", promises_, mutex_);
      const auto delta = test::see_list(port, path + "/0-delta.crl", promises_, mutex_);
      answers.push_back(full.find(serial) || delta.find(serial));
    }
    return answers;
  }

  std::string authority_of(std::uint16_t port) {
    const auto answer = must(net::fetch("127.0.0.1", port, {.target = "/api/v1/system"}));
    return must(net::parse_json(answer.body))["authority"]["id"];
  }
  /// Whether it comes true within half a minute.
  template <typename Condition>
  static bool happens(const Condition& condition) {
    for (int tries = 0; tries < 300; ++tries) {
      if (condition()) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }
  /// What was promised after the first `before` certificates, from the store.
  std::vector<CertificateRecord> issued_after(std::size_t before) {
    auto opened = database();
    auto reader = must(opened.read());
    const std::scoped_lock lock(mutex_);
    std::vector<CertificateRecord> records;
    for (std::size_t at = before; at < promises_.issued.size(); ++at) {
      records.push_back(must(CertificateRepository::find(reader, promises_.issued[at])));
    }
    return records;
  }
  /// What a node publishes as this authority's certificate.
  static x509::Certificate certificate_of(std::uint16_t port, const std::string& authority) {
    const auto answer = must(net::fetch("127.0.0.1", port, {.target = "/ca/" + authority + ".cer"}));
    return must(x509::Certificate::parse(as_bytes(answer.body)));
  }
  static crypto::PublicKey key_of(std::uint16_t port, const std::string& authority) {
    return must(crypto::PublicKey::from_spki(certificate_of(port, authority).spki()));
  }
  /// Who signed what a node says about a certificate of this authority: the responder's certificate.
  x509::Certificate responder_of(std::uint16_t port, const std::string& authority,
                                 const x509::Serial& serial) {
    const auto issuer = certificate_of(port, authority);
    const auto asked = x509::OcspCertId::of(serial, issuer.subject(), issuer.key_octets());
    const Bytes request = x509::OcspRequest{.certificates = {asked}}.to_der();
    const auto answer = must(net::fetch("127.0.0.1", port,
                                        {.method = net::Method::kPost,
                                         .target = "/ocsp",
                                         .headers = {{"Content-Type", "application/ocsp-request"}},
                                         .body = std::string(as_text(request))}));
    const auto response = must(x509::OcspResponse::parse(as_bytes(answer.body)));
    EXPECT_NE(response.responses().at(0).status, x509::OcspCertStatus::kUnknown);
    return response.certificates().at(0);
  }

  std::uint16_t second_port_ = hutong::test::free_port();
  std::optional<hutong::test::ServerProgram> second_;
  Promises promises_;
  std::mutex mutex_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CaNodes, testing::Values(storage::DatabaseKind::kPostgresql),
                         hutong::test::database_name);

TEST_P(CaNodes, WorkSideBySideAndOneThatIsKilledLosesNothing) {
  const test::Desk desk{carrier("录入员"), carrier("审核员"), carrier("制证员")};
  start();
  start_second();
  Load first(port_, url(), desk, authority(), promises_, mutex_);
  Load second(second_port_, url(), desk, authority(), promises_, mutex_);
  wait_for_more(20);
  second_->end(SIGKILL);
  second.stop();
  wait_for_more(10);  // the other one goes on
  start_second();
  Load again(second_port_, url(), desk, authority(), promises_, mutex_);
  wait_for_more(20);
  first.stop();
  again.stop();
  auto opened = database();
  check_store(opened, promises_);
  ASSERT_FALSE(promises_.revoked.empty());
  for (const x509::Serial& serial : promises_.revoked) {
    EXPECT_EQ(listed(serial), std::vector<bool>({true, true})) << serial.to_hex();
  }
}

/// The second node has a key folder of its own, into which the new keys come later.
TEST_P(CaNodes, TakeUpANewCaKeyWithoutBeingStartedAgain) {
  write_config("second.toml", home_.url(), "keys-of-the-second", second_port_);
  const auto copy_keys = [this] {
    std::filesystem::copy(
        file("keys"), file("keys-of-the-second"),
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_existing);
  };
  const test::Desk desk{carrier("录入员"), carrier("审核员"), carrier("制证员")};
  start();  // makes the key of personal data
  copy_keys();
  start_second();
  const std::string former = authority();
  {
    Load first(port_, url(), desk, former, promises_, mutex_);
    wait_for_more(2);
    ASSERT_EQ(command({"rollover", "--root-folder", file("root")}).exit, 0);
    EXPECT_TRUE(happens([&] { return authority_of(port_) != former; })) << server_->log();
  }  // people were at work meanwhile
  const std::string made = authority();
  EXPECT_TRUE(happens([&] { return second_->log().find("key_store.unknown") != std::string::npos; }));
  EXPECT_EQ(authority_of(second_port_), former) << "it goes on with the keys it has";
  copy_keys();
  EXPECT_TRUE(happens([&] { return authority_of(second_port_) == made; })) << second_->log();

  const std::size_t before = issued();
  const x509::Serial of_the_former = promises_.issued.front();
  for (const std::uint16_t port : {port_, second_port_}) {
    const std::size_t before_this = issued();
    {
      Load load(port, url(), desk, made, promises_, mutex_);
      wait_for_more(2);
    }
    for (const auto& record : issued_after(before_this)) {
      EXPECT_EQ(record.authority, made);
    }
  }
  for (const std::uint16_t port : {port_, second_port_}) {
    const auto records = issued_after(before);
    EXPECT_TRUE(responder_of(port, made, records.front().serial).is_signed_by(key_of(port, made)));
    EXPECT_TRUE(responder_of(port, former, of_the_former).is_signed_by(key_of(port, former)));
    test::see_list(port, "/crl/" + made + "/0.crl", promises_, mutex_);
    test::see_list(port, "/crl/" + former + "/0.crl", promises_, mutex_);
  }
  EXPECT_FALSE(promises_.stamps.empty());
  EXPECT_TRUE(server_->alive());
  EXPECT_TRUE(second_->alive());
}

}  // namespace
}  // namespace hutong::ca
