#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "cms/key_service.h"
#include "crypto/sm2.h"
#include "kmc/centre.h"
#include "kmc/initialisation/ceremony.h"
#include "kmc/initialisation/identity.h"
#include "tests/support/operator_client.h"
#include "tests/support/test_database.h"
#include "tests/tools/test_ca.h"

namespace hutong::kmc::test {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

/// A CA as a client of the centre: SM2 for its messages, a stand-in for its TLS certificate (any DER).
class TestCa {
 public:
  explicit TestCa(std::string_view name);
  const x509::Certificate& certificate() const { return certificate_; }
  const x509::Certificate& tls_certificate() const { return tls_; }
  AuthorityEntry entry() const;
  Bytes message(std::vector<cms::KeyRequest> requests, Time at) const;

 private:
  hutong::test::Party party_;
  x509::Certificate certificate_;
  x509::Certificate tls_;
};

/// A subscriber's signature key.
struct Subscriber {
  crypto::Sm2PrivateKey key = crypto::Sm2PrivateKey::generate();
  Bytes spki() const { return crypto::PublicKey(key.public_key()).to_spki(); }
};

x509::Serial serial(std::uint32_t number);
cms::ApplyKeyRequest apply(std::uint32_t number, const Subscriber& subscriber);

/// An initialised centre on a new database of either kind, with 演示CA甲 and 演示CA乙 and three custodians,
/// of whom two are needed. Time stands in the middle of 2027.
class CentreTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override;
  /// The rules of the stock before start(): nothing is made ahead unless told so.
  StockPolicy policy_{.minimum = 0, .target = 0};
  void start();
  /// Another node on the same database.
  std::unique_ptr<Centre> node() const;

  /// What the centre answers a CA; throws when it does not answer.
  cms::KeyServiceResponse ask(const TestCa& ca, std::vector<cms::KeyRequest> requests);
  Result<cms::KeyServiceResponse> ask(const Centre& centre, const TestCa& ca,
                                      std::vector<cms::KeyRequest> requests) const;
  StoreCounts counts();
  std::vector<audit::Record> records(std::string_view action);
  bool chain_is_whole();
  void make_spare(std::int64_t count);
  /// A custodian, from 1 to 3.
  const Identity& custodian(std::size_t number) const { return custodians_.at(number - 1); }

  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::MovableClock clock_{hutong::test::kMid2027};
  Config config_;
  TestCa first_{"演示CA甲"};
  TestCa second_{"演示CA乙"};
  hutong::test::CarrierIssuer issuer_;
  std::optional<CeremonyReport> report_;
  std::unique_ptr<Centre> centre_;

 private:
  std::vector<Identity> custodians_;
};

}  // namespace hutong::kmc::test
