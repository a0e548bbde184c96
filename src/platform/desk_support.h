#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "net/router.h"
#include "operators/operator_system.h"
#include "platform/login/login_room.h"
#include "platform/subjects/subject_desk.h"
#include "platform/trust/trust_desk.h"
#include "platform/vendors/vendor_connections.h"
#include "platform/vendors/vendor_desk.h"
#include "storage/database.h"
#include "tests/support/operator_client.h"
#include "tests/support/test_database.h"

namespace hutong::platform::test {

using hutong::test::Answer;
using hutong::test::OperatorClient;

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

/// The platform's desks over HTTP on a database of either kind, with one operator of each sort. All of them
/// are logged in by `client(name)`.
class DeskTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override;
  /// Operators on an empty database: everybody below, with one carrier each whatever the database.
  std::unique_ptr<operators::OperatorSystem> appoint(storage::Database& database);

  /// "system", "security", "audit" (the three powers), "clerk" and "second clerk" (who may propose),
  /// "reviewer" (who may propose and release), "league clerk", "league reviewer" (bound to 150100), "banner
  /// clerk" (bound to 150102), "idler" (an operator without rights), "auditor".
  const OperatorClient& client(const std::string& name);
  static const std::vector<std::string>& everybody();
  std::string id_of(const std::string& name) { return client(name).self()["id"]; }
  std::vector<audit::Record> records(std::string_view action);
  bool log_is_whole();
  /// A vendor as it stands after all its steps; they have tests of their own.
  std::string make_vendor(const net::Json& content, VendorState state);
  void set_state(const std::string& id, VendorState state);
  void set_content(const std::string& id, const net::Json& content);

  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::MovableClock clock_{hutong::test::kMid2027};
  hutong::test::CarrierIssuer issuer_;
  std::optional<storage::Database> database_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  std::unique_ptr<VendorDesk> vendors_;
  std::optional<VendorConnections> connections_;
  const Vault vault_{SecretBytes::copy_of(as_bytes("a master secret for the tests ..."))};
  std::unique_ptr<SubjectDesk> subjects_;
  TrustFiles trust_files_ = {};  ///< by which subjects' certificates are judged; none: nobody gets in
  std::unique_ptr<TrustKeeper> keeper_;
  login::LoginSettings login_settings_{.issuer = "https://platform.example"};
  std::unique_ptr<login::LoginRoom> login_;
  bool has_signer_ = true;
  std::unique_ptr<ListSigner> signer_;
  std::shared_ptr<const recognition::TrustList> in_force_;
  std::unique_ptr<TrustDesk> trust_;
  int released_ = 0;  ///< lists
  int vendors_made_ = 0;
  net::Router router_;
  net::ServerOptions server_options_ = {};
  std::unique_ptr<hutong::test::RunningServer> server_;
  std::map<std::string, hutong::test::Carrier> carriers_;
  std::map<std::string, OperatorClient> clients_;
};

/// What a clerk enters about a vendor, with everything a vendor may have.
net::Json vendor_content();
/// The same with a code of its own.
net::Json vendor_content(std::string_view uscc);

/// A request that must be refused: what is sent and what comes back.
struct BadRequest {
  std::string what;
  std::string body;
  int status = 0;
  std::string code;
};

}  // namespace hutong::platform::test
