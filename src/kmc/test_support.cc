#include "kmc/test_support.h"

#include <array>
#include <chrono>

#include "base/file.h"
#include "crypto/pem.h"
#include "kmc/stores/key_repository.h"
#include "net/ulid.h"

namespace hutong::kmc::test {

TestCa::TestCa(std::string_view name)
    : party_(name),
      certificate_(hutong::test::self_signed(party_)),
      tls_(hutong::test::self_signed(hutong::test::Party(std::string(name) + " TLS"))) {}

AuthorityEntry TestCa::entry() const {
  return {.name = certificate_.subject().display(),
          .certificate = certificate_,
          .tls_certificate = to_bytes(tls_.der())};
}

Bytes TestCa::message(std::vector<cms::KeyRequest> requests, Time at) const {
  return must(cms::sign_key_service(
      cms::KeyServiceRequest{
          .ca = cms::KeyServiceParty::of(certificate_), .requests = std::move(requests), .at = at, .task = 7},
      *party_.signer));
}

x509::Serial serial(std::uint32_t number) {
  const std::array<std::uint8_t, 5> octets{
      0x40, static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
      static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  return x509::Serial::from_magnitude(octets);
}

cms::ApplyKeyRequest apply(std::uint32_t number, const Subscriber& subscriber) {
  return {.certificate = serial(number),
          .user_spki = subscriber.spki(),
          .not_before = hutong::test::kMid2027,
          .not_after = hutong::test::kMid2027 + std::chrono::days(365)};
}

void CentreTest::SetUp() { HUTONG_NEED_DATABASE(home_); }

void CentreTest::start() {
  config_.database = home_.url();
  config_.key_folder = home_.folder() / "keys";
  config_.key_password_file = home_.folder() / "keys.password";
  must(write_file(config_.key_password_file, as_bytes("a password for keys\n"), FileMode::kPrivate));
  config_.operator_authorities = home_.folder() / "operators.pem";
  must(write_file(config_.operator_authorities,
                  as_bytes(crypto::write_pem("CERTIFICATE", issuer_.certificate().der()))));
  std::vector<CustodianEntry> custodians;
  for (const std::string_view name : {"保管员一", "保管员二", "保管员三"}) {
    const hutong::test::Party party(name);
    const auto& key = dynamic_cast<const crypto::Sm2Signer&>(*party.signer).key();
    custodians_.push_back({.key = must(crypto::Sm2PrivateKey::from_octets(key.expose().expose())),
                           .certificate = hutong::test::self_signed(party)});
    custodians.push_back({.name = std::string(name), .certificate = custodians_.back().certificate});
  }
  report_ = must(initialise(config_,
                            {.name = "CN=演示密钥管理中心,O=演示,C=CN",
                             .certificate = std::nullopt,
                             .custodians = custodians,
                             .super_administrator = issuer_.make("超级管理员").certificate,
                             .audit_administrator = issuer_.make("审计管理员").certificate,
                             .demonstration_password = std::nullopt,
                             .authorities = {first_.entry(), second_.entry()},
                             .policy = policy_,
                             .output = home_.folder()},
                            clock_));
  centre_ = node();
}

std::unique_ptr<Centre> CentreTest::node() const { return must(Centre::open(config_, clock_)); }

Result<cms::KeyServiceResponse> CentreTest::ask(const Centre& centre, const TestCa& ca,
                                                std::vector<cms::KeyRequest> requests) const {
  HUTONG_TRY(const Bytes answer, centre.service().answer(ca.message(std::move(requests), clock_.now()),
                                                         ca.tls_certificate().der()));
  return cms::read_key_service_response(answer, centre.record().certificate);
}

cms::KeyServiceResponse CentreTest::ask(const TestCa& ca, std::vector<cms::KeyRequest> requests) {
  return must(ask(*centre_, ca, std::move(requests)));
}

StoreCounts CentreTest::counts() {
  auto reader = must(centre_->database().read());
  return must(KeyRepository::counts(reader));
}

std::vector<audit::Record> CentreTest::records(std::string_view action) {
  auto reader = must(centre_->database().read());
  return must(audit::search(reader, {.action = std::string(action), .limit = 1000})).records;
}

bool CentreTest::chain_is_whole() {
  auto reader = must(centre_->database().read());
  return must(audit::verify_chain(reader)).whole();
}

void CentreTest::make_spare(std::int64_t count) {
  must(storage::in_transaction(centre_->database(), [&](storage::Transaction& transaction) {
    return MakingRepository::insert(
        transaction, {.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()),
                      .wanted = count,
                      .due_at = clock_.now(),
                      .requested_by = "test",
                      .created_at = clock_.now()});
  }));
  must(centre_->stock().fill([] { return true; }));
}

}  // namespace hutong::kmc::test
