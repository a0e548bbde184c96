#include "operators/test_support.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "operators/operator_repository.h"
#include "operators/schema.h"

namespace hutong::operators::test {
namespace {

constexpr std::array kRights{
    Right{.code = "thing.make",
          .zh = "制作",
          .en = "Make things",
          .grantable = {Role::kBusinessOperator},
          .machines = ForMachines::kYes},
    Right{.code = "thing.configure",
          .zh = "配置",
          .en = "Configure things",
          .grantable = {Role::kBusinessAdministrator}},
};

}  // namespace

void OperatorsTest::SetUp() {
  HUTONG_NEED_DATABASE(home_);
  database_.emplace(must(storage::Database::open(home_.url())));
  must(storage::migrate(*database_, "audit", audit::migrations(), clock_));
  must(storage::migrate(*database_, kComponent, migrations(), clock_));
}

std::unique_ptr<OperatorSystem> OperatorsTest::node(const Settings& settings) {
  return must(OperatorSystem::create({.database = *database_,
                                      .rights = kRights,
                                      .settings = settings,
                                      .authority = issuer_.authority(),
                                      .clock = clock_,
                                      .archive = ArchiveSettings{.folder = home_.folder() / "archives",
                                                                 .program = "hutong-test",
                                                                 .key = *program_.key,
                                                                 .certificate = program_.certificate}}));
}

void OperatorsTest::start(Settings settings) {
  settings.audiences = {std::string(kOrigin)};
  settings_ = settings;
  system_ = node(settings);
  add_first_operators();
  system_->add_routes(router_);
  add_thing_routes();
  server_ = std::make_unique<hutong::test::RunningServer>(router_);
}

void OperatorsTest::add_first_operators() {
  std::vector<NewOperator> first;
  for (const Role role : kAllRoles) {
    const std::string name(to_string(role));
    const Carrier& made = carriers_[static_cast<std::size_t>(role)].emplace(issuer_.make(name));
    first.push_back({.display_name = name, .role = role, .certificate = made.certificate});
  }
  first.at(3).rights = {"thing.make"};
  first.at(4).rights = {std::string(kReadAudit), std::string(kVerifyAudit), std::string(kMarkAudit),
                        std::string(kArchiveAudit)};
  must(storage::in_transaction(*database_, [&](storage::Transaction& transaction) {
    return system_->registry().bootstrap(transaction, first);
  }));
}

void OperatorsTest::add_thing_routes() {
  router_.add({.method = net::Method::kPost,
               .pattern = "/api/v1/things",
               .weight = net::Weight::kHeavy,
               .body_limit = 1'000,
               .handler = [this](const net::Request& request) -> Result<net::Response> {
                 HUTONG_TRY(const Authorized by, system_->guard().authorize(request, "thing.make"));
                 HUTONG_CHECK(audited_change(
                     *database_, by, "thing.made", clock_.now(),
                     [&](storage::Transaction& /*transaction*/, audit::Event& event) -> Status {
                       event.object_kind = "thing";
                       event.object_id = "1";
                       return ok();
                     }));
                 return net::json_response({{"by", by.id()}}, 201);
               }});
}

OperatorClient OperatorsTest::client(const Carrier& carrier) const {
  return {server_->url(), std::string(kOrigin), carrier, clock_};
}

OperatorClient OperatorsTest::client_of(Role role) const {
  OperatorClient made = client(carrier(role));
  made.log_in();
  return made;
}

std::string OperatorsTest::id_of(Role role) const {
  auto reader = must(database_->read());
  return must(OperatorRepository::find_active(reader, fingerprint_of(carrier(role).certificate)))->id;
}

std::vector<audit::Record> OperatorsTest::records(std::string_view action) {
  auto reader = must(database_->read());
  return must(audit::search(reader, {.action = std::string(action), .limit = 1'000})).records;
}

audit::ChainReport OperatorsTest::chain() {
  auto reader = must(database_->read());
  return must(audit::verify_chain(reader));
}

net::Json OperatorsTest::new_operator(Role role, const std::string& name, std::vector<std::string> rights) {
  return {{"display_name", name},
          {"role", to_string(role)},
          {"rights", std::move(rights)},
          {"certificate", to_base64(issuer_.make(name).certificate.der())}};
}

}  // namespace hutong::operators::test
