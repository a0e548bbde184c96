#include "platform/desk_support.h"

#include <array>

#include "base/encoding.h"
#include "platform/rights.h"
#include "platform/schema.h"
#include "platform/subjects/region.h"
#include "platform/trust/list_handlers.h"
#include "platform/vendors/commitment_handlers.h"
#include "platform/vendors/connector_check.h"
#include "platform/vendors/vendor_content.h"
#include "platform/vendors/vendor_handlers.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform::test {
namespace {

constexpr std::string_view kOrigin = "https://platform.example";

struct Person {
  std::string name;
  operators::Role role;
  operators::RightSet rights;
  std::string region = {};
};

std::vector<Person> people() {
  using enum operators::Role;
  return {{"system", kSuperAdministrator, {}},
          {"security", kBusinessAdministrator, {}},
          {"audit", kAuditAdministrator, {}},
          {"clerk",
           kBusinessOperator,
           {std::string(kManageVendors), std::string(kManageTrust), std::string(kManageSubjects),
            std::string(kManageSystems)}},
          {"second clerk", kBusinessOperator, {std::string(kManageVendors)}},
          {"reviewer",
           kBusinessOperator,
           {std::string(kManageVendors), std::string(kReleaseVendors), std::string(kManageTrust),
            std::string(kReleaseTrust), std::string(kManageSystems), std::string(kReleaseSystems)}},
          {"league clerk",
           kBusinessOperator,
           {std::string(kManageVendors), std::string(kManageSubjects)},
           "150100"},
          {"league reviewer",
           kBusinessOperator,
           {std::string(kManageVendors), std::string(kReleaseVendors)},
           "150100"},
          {"banner clerk", kBusinessOperator, {std::string(kManageSubjects)}, "150102"},
          {"idler", kBusinessOperator, {}},
          {"auditor", kAuditor, {std::string(operators::kReadAudit)}}};
}

}  // namespace

const std::vector<std::string>& DeskTest::everybody() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> found;
    for (const Person& person : people()) {
      found.push_back(person.name);
    }
    return found;
  }();
  return names;
}

std::unique_ptr<operators::OperatorSystem> DeskTest::appoint(storage::Database& database) {
  auto system = must(operators::OperatorSystem::create({.database = database,
                                                        .rights = rights(),
                                                        .is_region = is_part_of_region,
                                                        .settings = {.audiences = {std::string(kOrigin)}},
                                                        .authority = issuer_.authority(),
                                                        .clock = clock_}));
  std::vector<operators::NewOperator> first;
  for (const Person& person : people()) {
    const auto& carrier = carriers_.emplace(person.name, issuer_.make(person.name)).first->second;
    first.push_back({.display_name = person.name,
                     .role = person.role,
                     .rights = person.rights,
                     .region = person.region,
                     .certificate = carrier.certificate});
  }
  must(storage::in_transaction(database, [&](storage::Transaction& transaction) {
    return system->registry().bootstrap(transaction, first);
  }));
  return system;
}

void DeskTest::SetUp() {
  HUTONG_NEED_DATABASE(home_);
  database_.emplace(must(open_database(home_.url(), clock_)));
  operators_ = appoint(*database_);
  vendors_ = std::make_unique<VendorDesk>(*database_, clock_);
  subjects_ = std::make_unique<SubjectDesk>(*database_, vault_, clock_);
  keeper_ = std::make_unique<TrustKeeper>(trust_files_, clock_);
  login_ = must(login::LoginRoom::create({.database = *database_,
                                          .vault = vault_,
                                          .subjects = *subjects_,
                                          .trust = *keeper_,
                                          .settings = login_settings_,
                                          .clock = clock_}));
  const auto signer = issuer_.make("list signer");
  signer_ =
      std::make_unique<ListSigner>(SigningIdentity(signer.key, signer.certificate), std::vector<Bytes>());
  trust_ = std::make_unique<TrustDesk>(TrustDesk::Parts{.database = *database_,
                                                        .signer = has_signer_ ? signer_.get() : nullptr,
                                                        .in_force = [this] { return in_force_; },
                                                        .clock = clock_,
                                                        .on_release = [this] { ++released_; },
                                                        .operator_zh = "演示运营方",
                                                        .operator_en = "Demonstration authority"});
  operators_->add_routes(router_);
  add_vendor_routes(router_, *vendors_, operators_->guard());
  connections_.emplace(must(VendorConnections::load({}, clock_)));
  add_commitment_routes(router_, ShowCommitments(*vendors_, *connections_, clock_), operators_->guard());
  add_connector_routes(router_, CheckConnector(*vendors_, *connections_, clock_), operators_->guard());
  add_trust_routes(router_, *trust_, operators_->guard());
  add_subject_routes(router_, *subjects_, operators_->guard());
  login_->add_routes(router_, operators_->guard());
  server_ = std::make_unique<hutong::test::RunningServer>(router_, server_options_);
}

const OperatorClient& DeskTest::client(const std::string& name) {
  const auto known = clients_.find(name);
  if (known != clients_.end()) {
    return known->second;
  }
  OperatorClient made(server_->url(), std::string(kOrigin), carriers_.at(name), clock_);
  made.log_in();
  return clients_.emplace(name, std::move(made)).first->second;
}

std::vector<audit::Record> DeskTest::records(std::string_view action) {
  auto reader = must(database_->read());
  return must(audit::search(reader, {.action = std::string(action), .limit = 1'000})).records;
}

bool DeskTest::log_is_whole() {
  auto reader = must(database_->read());
  return must(audit::verify_chain(reader)).whole();
}

std::string DeskTest::make_vendor(const net::Json& content, VendorState state) {
  const std::string id = "01J00000000000000000000" + std::to_string(100 + vendors_made_++);
  const Vendor vendor{.id = id,
                      .content = must(read_vendor_content(content)),
                      .state = state,
                      .created_at = clock_.now(),
                      .changed_at = clock_.now()};
  must(storage::in_transaction(*database_, [&](storage::Transaction& transaction) {
    return VendorRepository::insert(transaction, vendor);
  }));
  return id;
}

void DeskTest::set_state(const std::string& id, VendorState state) {
  must(storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(Vendor vendor, VendorRepository::find_for_update(transaction, id));
    vendor.state = state;
    return VendorRepository::update(transaction, vendor);
  }));
}

void DeskTest::set_content(const std::string& id, const net::Json& content) {
  must(storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(Vendor vendor, VendorRepository::find_for_update(transaction, id));
    HUTONG_TRY(vendor.content, read_vendor_content(content));
    return VendorRepository::update(transaction, vendor);
  }));
}

net::Json vendor_content() {
  static const std::string certificate =
      to_base64(hutong::test::self_signed(hutong::test::Party("演示CA甲 根")).der());
  return {
      {"name_zh", "演示CA甲有限公司"},
      {"name_en", "Demonstration CA A"},
      {"uscc", "91350100M000100Y43"},
      {"first_batch", true},
      {"connector", {{"kind", "rest"}, {"address", "https://ca-a.example"}}},
      {"commitments",
       {{"issue_hours", 24},
        {"hotline", "400-000-0000"},
        {"replacement_hours", 48},
        {"online_address", "https://ca-a.example/apply"}}},
      {"contacts", {{{"name", "张三"}, {"telephone", "0471-0000000"}, {"position", "客户经理"}}}},
      {"licences", {{{"kind", "电子认证服务许可证"}, {"number", "ECP-1"}, {"valid_until", "2030-12-31"}}}},
      {"fees", {{{"role", "supplier"}, {"certificate_fen_per_year", 20000}, {"token_fen", 5000}}}},
      {"drivers", {{{"name", "演示驱动"}, {"version", "1.2"}, {"system", "Windows 10"}}}},
      {"counters", {{{"region", "150100"}, {"address", "呼和浩特市演示路 1 号"}}}},
      {"services",
       {{{"kind", "root"},
         {"name_zh", "演示CA甲根证书"},
         {"name_en", "Root of CA A"},
         {"certificate", certificate}}}}};
}

net::Json vendor_content(std::string_view uscc) {
  net::Json content = vendor_content();
  content["uscc"] = uscc;
  return content;
}

}  // namespace hutong::platform::test
