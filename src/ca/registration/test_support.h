#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "ca/registration/key_centre.h"
#include "ca/registration/registration_system.h"
#include "ca/test_support.h"
#include "crypto/signature.h"
#include "tests/support/operator_client.h"
#include "tests/support/test_database.h"
#include "x509/builder.h"

namespace hutong::ca::registration::test {

inline constexpr std::string_view kCreditCode = "91350100M000100Y43";
inline constexpr std::string_view kOtherCreditCode = "91350211M000100Y46";
inline constexpr std::string_view kCitizenNumber = "11010519491231002X";

/// A key management centre in memory, which keeps the promises of KeyCentre and can be switched off.
class FakeKeyCentre final : public KeyCentre {
 public:
  Result<Keys> apply(std::span<const cms::ApplyKeyRequest> requests, Time now) const override;
  Result<Keys> restore(std::span<const cms::RestoreKeyRequest> requests, Time now) const override;
  Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest> requests,
                                     Time now) const override;

  void set_away(bool away);
  void set_refusing(bool refusing);
  /// Names another key than the one in the envelope.
  void set_swapping(bool swapping);
  std::size_t keys() const;
  bool is_revoked(const x509::Serial& serial) const;

 private:
  Result<EscrowedKey> key_of(const x509::Serial& serial, ByteView holder_spki, bool may_make) const;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const crypto::Sm2PrivateKey>> keys_;
  mutable std::set<std::string> revoked_;
  bool away_ = false;
  bool refusing_ = false;
  bool swapping_ = false;
};

/// A subscriber's signature key and the request for it.
struct Subscriber {
  crypto::Sm2Signer key{crypto::Sm2PrivateKey::generate()};
  Bytes request() const;
};

/// A CA with its registration system on a database of either kind, with a clock that can be moved, and three
/// people: one enters, one reviews, one makes.
class RegistrationTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override;

  template <typename T>
  static T must(Result<T> result) {
    if (!result) {
      throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
    }
    return std::move(result).value();
  }
  template <typename T>
  static std::string_view reason_of(const Result<T>& result) {
    return result ? std::string_view("ok") : result.error().reason;
  }

  NewOrder application(const Subscriber& subscriber, std::string_view number = kCreditCode) const;
  NewOrder order_for(OrderKind kind, const x509::Serial& target) const;
  Order enter(const NewOrder& wish) const { return must(desk().enter(wish, enterer_)).order; }
  /// Entered, submitted and approved.
  Order approved(const NewOrder& wish) const;
  /// The same, and made. Throws when that fails.
  Order issued(const NewOrder& wish) const;
  std::optional<Error> make(const std::string& order) const;
  Order now(const Order& order) const { return must(desk().find(order.id)); }
  StepWish step(const Order& order, std::string note = {}) const {
    return {order.id, order.version, std::move(note)};
  }
  CertificateRecord record(const x509::Serial& serial) const;
  std::vector<audit::Record> records(std::string_view action) const;
  std::int64_t count(std::string_view table) const;

  storage::Database& database() const { return ca_->database(); }
  const OrderDesk& desk() const { return system_->desk(); }
  const OrderMaker& maker() const { return system_->maker(); }

  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::MovableClock clock_{hutong::test::kMid2027};
  FakeKeyCentre centre_;
  std::unique_ptr<ca::test::TestCa> ca_;
  std::optional<PersonalSeal> seal_;
  std::unique_ptr<RegistrationSystem> system_;
  std::vector<ChangedCertificate> told_;
  StepObserver observer_;  ///< may be set later
  Doer enterer_{.actor = {"CN=录入员", "aa"}};
  Doer reviewer_{.actor = {"CN=审核员", "bb"}};
  Doer maker_of_certificates_{.actor = {"CN=制证员", "cc"}};
};

}  // namespace hutong::ca::registration::test
