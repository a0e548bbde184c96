#include <sys/mount.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "ca/end_to_end/ca_home.h"
#include "ca/end_to_end/load.h"

namespace hutong::ca {
namespace {

using hutong::test::Answer;
using hutong::test::OperatorClient;
using test::must;

/// A CA whose database fails under it, with an order that waits to be made.
class CaFailure : public test::CaHome {
 protected:
  OperatorClient logged_in(const std::string& name) {
    OperatorClient person(url(), url(), carrier(name), clock_);
    person.log_in();
    return person;
  }
  /// The paths of so many orders that are entered and approved.
  std::vector<std::string> approved(std::size_t orders) {
    const OperatorClient enterer = logged_in("录入员");
    const OperatorClient reviewer = logged_in("审核员");
    std::vector<std::string> paths;
    while (paths.size() < orders) {
      const Answer entered = enterer.post("/api/v1/orders", test::application("seal-maker"));
      EXPECT_EQ(entered.status, 201) << entered.response.body;
      paths.push_back("/api/v1/orders/" + entered.json.at("id").get<std::string>());
      const Answer done = reviewer.post(paths.back() + "/approval", {{"version", 1}});
      EXPECT_EQ(done.status, 200) << done.response.body;
    }
    return paths;
  }
  static Answer make(const OperatorClient& maker, const std::string& order, std::int64_t version) {
    return maker.post(order + "/issuance", {{"version", version}});
  }
  /// Makes it by the version it has now, and notes what was promised.
  void make_good(const OperatorClient& maker, const std::string& order) {
    const Answer before = maker.get(order);
    ASSERT_EQ(before.status, 200) << before.response.body;
    EXPECT_EQ(before.json.at("state"), "approved");
    EXPECT_TRUE(before.json.at("certificates").empty()) << "nothing is half issued";
    const Answer made = make(maker, order, before.json.at("version").get<std::int64_t>());
    ASSERT_EQ(made.status, 200) << made.response.body;
    promises_.issued.push_back(
        must(x509::Serial::from_hex(made.json.at("certificates").at(0).at("serial").get<std::string>())));
  }

  /// The audit log tells of the outage once the database serves again: what was refused, and how often.
  void expect_recorded(const std::string& code) {
    auto opened = database();
    std::vector<audit::Record> records;
    for (int tries = 0; tries < 100 && records.empty(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      auto reader = must(opened.read());
      records = must(audit::search(reader, {.action = "database.outage"})).records;
    }
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(records.front().event.outcome, audit::Outcome::kFailed);
    const net::Json detail = must(net::parse_json(records.front().event.detail));
    EXPECT_LE(detail.at("since").get<std::string>(), detail.at("until").get<std::string>());
    EXPECT_TRUE(std::ranges::any_of(detail.at("refused"), [&](const net::Json& refused) {
      return refused.at("code") == code && refused.at("method") == "POST" &&
             refused.at("route") == "/api/v1/orders/{id}/issuance" && refused.at("count") >= 1;
    })) << detail;
  }

  SystemClock clock_;
  test::Promises promises_;
};

class CaLostDatabase : public CaFailure {
 protected:
  /// Lets nobody in any more and ends the connections that there are, or lets everybody in again.
  void allow_connections(bool allowed) {
    const std::string own = home_.url();
    const auto begin = own.find("///") + 3;
    const auto end = own.find('?');
    const std::string name = own.substr(begin, end - begin);
    auto other = must(storage::Database::open(own.substr(0, begin) + "postgres" + own.substr(end)));
    const std::string script =
        "ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + (allowed ? "true" : "false") + ";";
    must(storage::in_transaction(
        other, [&](storage::Transaction& transaction) { return transaction.run_script(script); }));
    if (!allowed) {
      auto reader = must(other.read());
      must(reader.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = ?",
                        name));
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, CaLostDatabase, testing::Values(storage::DatabaseKind::kPostgresql),
                         hutong::test::database_name);

TEST_P(CaLostDatabase, IsSaidClearlyAndTheOrderGoesOnWhenItIsBack) {
  start();
  const auto orders = approved(2);
  const OperatorClient maker = logged_in("制证员");
  make_good(maker, orders.at(0));
  const auto version = maker.get(orders.at(1)).json.at("version").get<std::int64_t>();
  allow_connections(false);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Answer refused = make(maker, orders.at(1), version);
    EXPECT_EQ(refused.status, 503) << refused.response.body;
    EXPECT_EQ(refused.code, "storage.unavailable");
  }
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/healthz").status, 200) << "it lives and waits";
  for (int tries = 0; tries < 100 && server_->log().find("job.failed") == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_NE(server_->log().find("\"reason\":\"storage.unavailable\""), std::string::npos) << server_->log();
  allow_connections(true);
  make_good(maker, orders.at(1));
  EXPECT_EQ(get("/readyz").status, 200);
  expect_recorded("storage.unavailable");
  server_->end(SIGTERM);
  auto opened = database();
  test::check_store(opened, promises_);
}

/// The database's folder is a file system of its own, a few megabytes large.
class CaFullDisk : public CaFailure {
 protected:
  void SetUp() override {
    mounted_ = ::mount("tmpfs", home_.folder().c_str(), "tmpfs", 0, "size=24m") == 0;
    if (!mounted_) {
      GTEST_SKIP() << "skipped: this account may not mount a file system to fill";
    }
    CaFailure::SetUp();
  }
  void TearDown() override {
    server_.reset();
    if (mounted_) {
      ::umount2(home_.folder().c_str(), MNT_DETACH);
    }
  }
  std::filesystem::path filler() const { return home_.folder() / "filler"; }
  void fill() const {
    std::ofstream out(filler(), std::ios::binary);
    const std::string block(4096, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }

  bool mounted_ = false;
};
INSTANTIATE_TEST_SUITE_P(Storage, CaFullDisk, testing::Values(storage::DatabaseKind::kSqlite),
                         hutong::test::database_name);

TEST_P(CaFullDisk, IsSaidClearlyAndTheOrderGoesOnWhenThereIsRoom) {
  constexpr std::size_t kOrders = 5;
  start();
  const auto orders = approved(kOrders);
  const OperatorClient enterer = logged_in("录入员");
  const OperatorClient maker = logged_in("制证员");
  const auto version = maker.get(orders.front()).json.at("version").get<std::int64_t>();
  fill();
  Answer entered;
  for (int more = 0; more < 2'000 && entered.status != 503;
       ++more) {  // the log of the database has some room
    entered = enterer.post("/api/v1/orders", test::application("seal-maker"));
  }
  EXPECT_EQ(entered.code, "storage.full") << entered.response.body;
  std::size_t at = 0;
  Answer refused;
  for (; at < kOrders; ++at) {
    refused = make(maker, orders.at(at), version);
    if (refused.status != 200) {
      break;
    }
  }
  ASSERT_LT(at, kOrders) << "it never became full";
  EXPECT_EQ(refused.status, 503) << refused.response.body;
  EXPECT_EQ(refused.code, "storage.full");
  EXPECT_EQ(get("/healthz").status, 200) << "it lives and waits";
  std::filesystem::remove(filler());
  make_good(maker, orders.at(at));
  expect_recorded("storage.full");
  server_->end(SIGTERM);
  auto opened = database();
  test::check_store(opened, promises_);
}

}  // namespace
}  // namespace hutong::ca
