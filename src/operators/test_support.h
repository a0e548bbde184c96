#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_log.h"
#include "net/router.h"
#include "operators/operator_system.h"
#include "storage/database.h"
#include "tests/support/operator_client.h"
#include "tests/support/test_database.h"

namespace hutong::operators::test {

using hutong::test::Answer;
using hutong::test::Carrier;
using hutong::test::OperatorClient;

inline constexpr std::string_view kOrigin = "https://ca.example";

/// A little program with operators on a database of either kind, served over HTTP. Its rights: "thing.make"
/// (business operators, machines), "thing.configure" (business administrators), and POST /api/v1/things wants
/// the first. `start()` adds one operator of each role.
class OperatorsTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override;
  void start(Settings settings = {});
  /// Another node on the same database.
  std::unique_ptr<OperatorSystem> node(const Settings& settings);
  OperatorClient client(const Carrier& carrier) const;
  /// Logged in.
  OperatorClient client_of(Role role) const;
  const Carrier& carrier(Role role) const { return *carriers_[static_cast<std::size_t>(role)]; }
  std::string id_of(Role role) const;
  std::vector<audit::Record> records(std::string_view action);
  audit::ChainReport chain();
  net::Json new_operator(Role role, const std::string& name, std::vector<std::string> rights = {});

  template <typename T>
  static T must(Result<T> result) {
    if (!result) {
      throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
    }
    return std::move(result).value();
  }

  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::MovableClock clock_{hutong::test::kMid2027};
  hutong::test::CarrierIssuer issuer_;
  const Carrier program_ = issuer_.make("hutong-test");  ///< signs archives
  std::optional<storage::Database> database_;
  std::array<std::optional<Carrier>, 6> carriers_;
  Settings settings_;
  net::Router router_;
  std::unique_ptr<OperatorSystem> system_;
  std::unique_ptr<hutong::test::RunningServer> server_;

 private:
  void add_first_operators();
  void add_thing_routes();
};

}  // namespace hutong::operators::test
