#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <thread>
#include <vector>

#include "audit/audit_log.h"
#include "audit/clock_check.h"
#include "base/encoding.h"
#include "storage/database.h"
#include "tests/support/test_database.h"

namespace hutong::audit {
namespace {

using namespace std::chrono_literals;
using storage::Database;
using storage::Transaction;
using Defect = ChainReport::Defect;

constexpr storage::Moment kStart{1'780'000'000s};

Event event(std::string action, std::string object_id, storage::Moment time = kStart) {
  return {.time = time,
          .actor = {"CN=录入员甲", "aa11"},
          .action = std::move(action),
          .object_kind = "order",
          .object_id = std::move(object_id)};
}

class Audit : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    database_.emplace(open());
    ASSERT_TRUE(storage::migrate(*database_, "audit", migrations(), SystemClock()));
  }

  Database open() { return must(Database::open(home_.url())); }

  template <typename T>
  static T must(Result<T> result) {
    if (!result) {
      throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
    }
    return std::move(result).value();
  }

  void append_one(const Event& what) {
    must(in_transaction(*database_, [&](Transaction& transaction) { return append(transaction, what); }));
  }
  template <typename... Values>
  std::int64_t tamper(std::string_view sql, const Values&... values) {
    return must(in_transaction(
        *database_, [&](Transaction& transaction) { return transaction.execute(sql, values...); }));
  }
  ChainReport verify(const std::optional<Head>& expected = std::nullopt) {
    auto reader = must(database_->read());
    return must(verify_chain(reader, expected));
  }
  Head current() {
    auto reader = must(database_->read());
    return must(head(reader));
  }
  std::vector<std::int64_t> found(const Query& query) {
    auto reader = must(database_->read());
    std::vector<std::int64_t> numbers;
    for (const Record& record : must(search(reader, query)).records) {
      numbers.push_back(record.sequence);
    }
    return numbers;
  }

  test::TestDatabase home_{GetParam()};
  std::optional<Database> database_;
};
INSTANTIATE_TEST_SUITE_P(Storage, Audit, test::every_database(), test::database_name);
using Numbers = std::vector<std::int64_t>;

TEST_P(Audit, ARecordComesBackWhole) {
  Event told = event("order.approved", "01J", kStart + 123'456us);
  told.outcome = Outcome::kRefused;
  told.detail = R"({"理由":"材料不全"})";
  told.signature = OperatorSignature{{1, 2, 0}, {}};
  append_one(told);
  auto reader = must(database_->read());
  const Record record = must(find(reader, 1));
  EXPECT_EQ(record.event.time, told.time);
  EXPECT_EQ(record.event.actor.subject, told.actor.subject);
  EXPECT_EQ(record.event.actor.fingerprint, "aa11");
  EXPECT_EQ(record.event.outcome, Outcome::kRefused);
  EXPECT_EQ(record.event.detail, told.detail);
  ASSERT_TRUE(record.event.signature);
  EXPECT_EQ(record.event.signature->content, told.signature->content);
  EXPECT_EQ(record.event.signature->value, Bytes{});
  EXPECT_EQ(record.hash, chain_hash(crypto::Sm3Digest{}, 1, told));
  EXPECT_FALSE(record.marks.audited_at);
}

TEST_P(Audit, AStateAndItsRecordShareATransaction) {
  const Status refused = in_transaction(*database_, [&](Transaction& transaction) -> Status {
    HUTONG_CHECK(append(transaction, event("order.approved", "1")));
    return Error{Errc::kPolicy, "test.refused", ""};
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(current().sequence, 0);
  EXPECT_TRUE(verify().whole());
  EXPECT_EQ(verify().records, 0);
}

TEST_P(Audit, TheChainIsLinearUnderConcurrentNodes) {
  constexpr int kNodes = 3;
  constexpr int kThreads = 2;
  constexpr int kEach = 20;
  {
    std::vector<std::jthread> nodes;
    for (int node = 0; node < kNodes; ++node) {
      nodes.emplace_back([&, node] {
        Database own = open();
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
          threads.emplace_back([&, thread] {
            for (int round = 0; round < kEach; ++round) {
              const std::array<Event, 2> events{event("order.entered", std::to_string(node)),
                                                event("order.reviewed", std::to_string(thread))};
              const Status done = in_transaction(own, [&](Transaction& transaction) -> Status {
                HUTONG_CHECK(append(transaction, events));
                return round % 5 == 4 ? Status(Error{Errc::kPolicy, "test.refused", ""}) : ok();
              });
              ASSERT_EQ(done.has_value(), round % 5 != 4) << (done ? "" : done.error().detail);
            }
          });
        }
      });
    }
  }
  const ChainReport report = verify();
  EXPECT_TRUE(report.whole()) << "broken at " << report.defect_at;
  EXPECT_EQ(report.records, kNodes * kThreads * kEach * 2 * 4 / 5);
  EXPECT_EQ(report.head.sequence, report.records);
}

TEST_P(Audit, EveryKindOfTamperingIsFound) {
  for (int at = 1; at <= 5; ++at) {
    append_one(event("order.entered", std::to_string(at)));
  }
  const Head honest = current();
  ASSERT_TRUE(verify(honest).whole());
  for (const char* column : {"time", "outcome"}) {
    tamper("UPDATE audit_records SET " + std::string(column) + " = " + column + " + 1 WHERE sequence = 2");
    EXPECT_EQ(verify().defect, Defect::kHash) << column;
    EXPECT_EQ(verify().defect_at, 2);
    tamper("UPDATE audit_records SET " + std::string(column) + " = " + column + " - 1 WHERE sequence = 2");
  }
  for (const char* column : {"subject", "fingerprint", "action", "object_kind", "object_id", "detail"}) {
    auto reader = must(database_->read());
    const std::string former =
        must(reader.query_one("SELECT " + std::string(column) + " FROM audit_records WHERE sequence = 2"))
            .text(0);
    tamper("UPDATE audit_records SET " + std::string(column) + " = ? WHERE sequence = 2", former + "x");
    EXPECT_EQ(verify().defect, Defect::kHash) << column;
    tamper("UPDATE audit_records SET " + std::string(column) + " = ? WHERE sequence = 2", former);
  }
  EXPECT_TRUE(verify().whole()) << "everything is as it was";
  tamper("UPDATE audit_records SET previous = ? WHERE sequence = 4", Bytes(32, 7));
  EXPECT_EQ(verify().defect, Defect::kPreviousHash);
  tamper("DELETE FROM audit_records WHERE sequence = 4");
  EXPECT_EQ(verify().defect, Defect::kGap);
  EXPECT_EQ(verify().defect_at, 4);
  tamper("DELETE FROM audit_records WHERE sequence = 5");
  EXPECT_EQ(verify().defect, Defect::kTail) << "a tail cut off";
  EXPECT_EQ(verify().defect_at, 4);
}

TEST_P(Audit, AChainRewrittenAsAWholeContradictsAKeptHead) {
  append_one(event("order.entered", "1"));
  append_one(event("order.entered", "2"));
  const Head kept = current();
  append_one(event("order.entered", "3"));
  EXPECT_TRUE(verify(kept).whole());
  tamper("DELETE FROM audit_records");
  tamper("UPDATE audit_head SET sequence = 0, hash = before_hash");
  for (const char* id : {"1", "not 2", "3"}) {
    append_one(event("order.entered", id));
  }
  EXPECT_TRUE(verify().whole());
  EXPECT_EQ(verify(kept).defect, Defect::kTail);
  EXPECT_EQ(verify(kept).defect_at, 2);
}

TEST_P(Audit, SearchCombinesConditionsAndPages) {
  for (int at = 1; at <= 9; ++at) {
    Event told =
        event(at % 3 == 0 ? "crl.published" : "order.entered", std::to_string(at % 2), kStart + at * 1s);
    told.actor.subject = at <= 4 ? "CN=甲" : "CN=乙";
    append_one(told);
  }
  EXPECT_EQ(found({}), (Numbers{9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(found({.subject = "CN=甲", .action = "order."}), (Numbers{4, 2, 1}));
  EXPECT_EQ(found({.action = "order"}), Numbers{});
  EXPECT_EQ(found({.action = "crl.published", .object_kind = "order", .object_id = "0"}), (Numbers{6}));
  EXPECT_EQ(found({.from = kStart + 3s, .until = kStart + 6s}), (Numbers{5, 4, 3}));
  EXPECT_EQ(found({.outcome = Outcome::kFailed}), Numbers{});
  auto reader = must(database_->read());
  const Page first = must(search(reader, {.action = "order.", .limit = 4}));
  EXPECT_EQ(first.records.size(), 4U);
  EXPECT_EQ(first.next, 4);
  const Page second = must(search(reader, {.action = "order.", .before = first.next, .limit = 4}));
  EXPECT_EQ(second.records.size(), 2U);
  EXPECT_EQ(second.next, 0);
}

TEST_P(Audit, AClockBehindTheRecordsIsFoundOutUntilSomebodyAcceptsIt) {
  const auto behind = [this](storage::Moment now) {
    auto reader = must(database_->read());
    const Status checked = check_clock(reader, std::chrono::floor<std::chrono::seconds>(now));
    return !checked && checked.error().reason == "clock.behind";
  };
  EXPECT_FALSE(behind(kStart)) << "nothing was written yet";
  append_one(event("order.entered", "1", kStart + 24h));
  EXPECT_FALSE(behind(kStart + 24h - 1min)) << "nodes differ a little";
  EXPECT_TRUE(behind(kStart + 24h - 2min));
  append_one(event("access.refused", "2", kStart));
  EXPECT_TRUE(behind(kStart)) << "a record with the false time proves nothing";
  append_one(event(std::string(kClockAccepted), "", kStart + 1h));
  EXPECT_FALSE(behind(kStart + 1h));
  EXPECT_TRUE(behind(kStart)) << "and from there it counts again";
}

TEST_P(Audit, MarksAreOutsideTheHashAndPruningKeepsTheChain) {
  for (int at = 1; at <= 6; ++at) {
    append_one(event("order.entered", std::to_string(at)));
  }
  const Time now(1'790'000'000s);
  const auto run = [&](const auto& step) { return must(in_transaction(*database_, step)); };
  EXPECT_EQ(run([&](Transaction& t) { return mark_audited(t, 2, 3, "CN=审计员", now); }), 2);
  EXPECT_EQ(run([&](Transaction& t) { return mark_audited(t, 1, 3, "CN=其他", now); }), 1) << "marks stay";
  EXPECT_EQ(found({.review = Query::Review::kAudited}), (Numbers{3, 2, 1}));
  EXPECT_EQ(found({.review = Query::Review::kOpen}), (Numbers{6, 5, 4}));
  EXPECT_EQ(run([&](Transaction& t) { return prune(t, 6); }), 0) << "nothing is archived";
  EXPECT_EQ(run([&](Transaction& t) { return mark_archived(t, 4, now); }), 4);
  EXPECT_EQ(run([&](Transaction& t) { return prune(t, 6); }), 4);
  const ChainReport report = verify();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.first, 5);
  EXPECT_EQ(report.records, 2);
  append_one(event("order.entered", "7"));
  EXPECT_TRUE(verify().whole());
  EXPECT_EQ(run([&](Transaction& t) { return mark_archived(t, 7, now); }), 3);
  EXPECT_EQ(run([&](Transaction& t) { return prune(t, 7); }), 3);
  append_one(event("order.entered", "8"));
  EXPECT_TRUE(verify().whole()) << "also when everything was pruned";
}

TEST(ChainHash, FieldsDoNotFlowIntoEachOther) {
  Event a = event("x", "12");
  Event b = event("x1", "2");
  EXPECT_NE(chain_hash({}, 1, a), chain_hash({}, 1, b));
  b = a;
  b.signature = OperatorSignature{};
  EXPECT_NE(chain_hash({}, 1, a), chain_hash({}, 1, b));
  EXPECT_NE(chain_hash({}, 1, a), chain_hash({}, 2, a));
}

}  // namespace
}  // namespace hutong::audit
