#include "kmc/stores/stock_keeper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cms/enveloped_key.h"
#include "kmc/stores/key_repository.h"
#include "kmc/test_support.h"
#include "net/json.h"

namespace hutong::kmc::test {
namespace {

using StockTest = CentreTest;
INSTANTIATE_TEST_SUITE_P(Databases, StockTest, hutong::test::every_database(), hutong::test::database_name);

const auto kAlways = [] { return true; };

/// The octets of every table that holds a private key.
std::vector<Bytes> stored_keys(Centre& centre) {
  auto reader = must(centre.database().read());
  std::vector<Bytes> stored;
  for (const storage::Row& row : must(reader.query("SELECT escrowed, wrapped FROM spare_keys"))) {
    stored.push_back(row.bytes(0));
    stored.push_back(row.bytes(1));
  }
  return stored;
}

TEST_P(StockTest, BelowTheMinimumTheStoreIsRefilledToItsTarget) {
  policy_ = {.minimum = 100, .target = 2'500};
  start();
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 2'500);
  EXPECT_EQ(counts().spare, 2'500);
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 0) << "full";
  std::vector<cms::KeyRequest> requests;
  for (std::uint32_t number = 0; number < 1'000; ++number) {
    requests.emplace_back(apply(number, Subscriber()));
  }
  ask(first_, requests);
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 0) << "1,500 are above the minimum";
  for (auto& request : requests) {
    std::get<cms::ApplyKeyRequest>(request).certificate =
        serial(10'000 + static_cast<std::uint32_t>(&request - requests.data()));
  }
  ask(first_, requests);
  ask(second_, std::vector<cms::KeyRequest>(requests.begin(), requests.begin() + 401));
  EXPECT_EQ(counts().spare, 99);
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 2'401);
  EXPECT_EQ(counts().spare, 2'500);
  EXPECT_TRUE(chain_is_whole());
}

TEST_P(StockTest, AMakingAddsItsNumberAtOnceOrAtItsTime) {
  start();
  make_spare(1'234);
  EXPECT_EQ(counts().spare, 1'234);
  must(storage::in_transaction(centre_->database(), [&](storage::Transaction& transaction) {
    return MakingRepository::insert(transaction, {.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                                                  .wanted = 10,
                                                  .due_at = clock_.now() + std::chrono::hours(1),
                                                  .requested_by = "test",
                                                  .created_at = clock_.now()});
  }));
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 0) << "not yet";
  clock_.move(std::chrono::hours(1));
  EXPECT_EQ(must(centre_->stock().fill(kAlways)), 10);
  EXPECT_EQ(counts().spare, 1'244);
  auto reader = must(centre_->database().read());
  for (const Making& making : must(MakingRepository::newest(reader, 10))) {
    EXPECT_EQ(making.made, making.wanted);
    EXPECT_TRUE(making.finished_at);
  }
  std::int64_t logged = 0;
  for (const auto& record : records("keys.made")) {
    logged += must(net::parse_json(record.event.detail)).at("count").get<std::int64_t>();
  }
  EXPECT_EQ(logged, 1'244);
}

TEST_P(StockTest, NodesTogetherMakeWhatIsMissingAndNoMore) {
  policy_ = {.minimum = 1, .target = 4'000};
  start();
  const auto other = node();
  std::int64_t there = 0;
  std::thread second([&] { there = must(other->stock().fill(kAlways)); });
  const std::int64_t here = must(centre_->stock().fill(kAlways));
  second.join();
  // A node that comes late may find the minimum reached and leave the rest to the other.
  EXPECT_EQ(here + there, 4'000);
  EXPECT_EQ(counts().spare, 4'000);
}

TEST_P(StockTest, KeysLieWrappedAndBoundToTheirPlace) {
  start();
  make_spare(20);
  const auto stored = stored_keys(*centre_);
  ASSERT_EQ(stored.size(), 40U);
  const Subscriber subscriber;
  const auto answer = ask(first_, {apply(1, subscriber)});
  const cms::Sm2KeyOpener opener(subscriber.key);
  const auto pair =
      must(cms::unwrap_key_pair(std::get<cms::ReturnedKey>(answer.responses.at(0)).protected_key, opener));
  const ByteView d = pair.expose().expose();
  for (const Bytes& octets : stored) {
    EXPECT_EQ(std::search(octets.begin(), octets.end(), d.begin(), d.end()), octets.end());
    EXPECT_EQ(octets.size(), 12U + 32U + 16U);
  }
  // One key's wrapping under another key's row does not open.
  must(storage::in_transaction(centre_->database(), [](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const auto rows, transaction.query("SELECT id, wrapped FROM spare_keys ORDER BY id LIMIT 2"));
    HUTONG_CHECK(transaction.execute("UPDATE spare_keys SET wrapped = ? WHERE id = ?", rows[1].bytes(1),
                                     rows[0].text(0)));
    return ok();
  }));
  EXPECT_EQ(ask(*centre_, first_, {apply(2, subscriber)}).error().reason, "kmc.sealed");
}

TEST_P(StockTest, ExpiredKeysGoToTheHistoryAndOldHistoryGoesAway) {
  policy_ = {.minimum = 0, .target = 0, .expired_days = 30, .history_days = 100};
  start();
  make_spare(2);
  auto ends_soon = apply(1, Subscriber());
  ends_soon.not_after = clock_.now() + std::chrono::days(10);
  ask(first_, {ends_soon, apply(2, Subscriber())});
  EXPECT_EQ(must(centre_->stock().retire_and_forget()), 0);
  clock_.move(std::chrono::days(41));
  EXPECT_EQ(must(centre_->stock().retire_and_forget()), 1);
  EXPECT_EQ(counts().in_use, 1);
  EXPECT_EQ(counts().history, 1);
  clock_.move(std::chrono::days(101));
  EXPECT_EQ(must(centre_->stock().retire_and_forget()), 1);
  EXPECT_EQ(counts().history, 0);
  EXPECT_EQ(counts().in_use, 1);
  EXPECT_EQ(records("keys.retention").size(), 2U);
}

TEST(StockPolicyTest, ValuesOutOfRange) {
  EXPECT_TRUE(check_policy({}));
  for (const StockPolicy& policy : {StockPolicy{.minimum = -1}, StockPolicy{.minimum = 10, .target = 9},
                                    StockPolicy{.minimum = 0, .target = kMostSpareKeys + 1},
                                    StockPolicy{.expired_days = -1}, StockPolicy{.history_days = 0}}) {
    EXPECT_EQ(check_policy(policy).error().reason, "policy.value");
  }
}

}  // namespace
}  // namespace hutong::kmc::test
