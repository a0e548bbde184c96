#include "platform/validation/verified_lists.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace hutong::platform {
namespace {

using recognition::LoadedTrustList;

crypto::Sm3Digest digest_of(std::uint8_t first) { return {first}; }
Time hour(int number) { return Time(std::chrono::hours(500'000 + number)); }

class Lists : public testing::Test {
 protected:
  Result<LoadedTrustList> get(std::uint8_t list, int at) {
    return lists_.get(digest_of(list), hour(at), load_);
  }

  int loads_ = 0;
  bool fails_ = false;
  VerifiedLists lists_{2};
  VerifiedLists::Load load_ = [this](const crypto::Sm3Digest& sm3, Time /*at*/) -> Result<LoadedTrustList> {
    ++loads_;
    if (fails_) {
      return Error{Errc::kNotFound, "evidence.not_found", "gone"};
    }
    recognition::TrustListContent content;
    content.number = sm3[0];
    return LoadedTrustList{.list = std::make_shared<const recognition::TrustList>(content, sm3),
                           .failure = {},
                           .reason = {},
                           .detail = {}};
  };
};

TEST_F(Lists, AreVerifiedOnceForTheTimesBetween) {
  EXPECT_EQ(get(1, 5)->list->content().number, 1U);
  EXPECT_EQ(get(1, 5)->list->content().number, 1U);
  EXPECT_EQ(loads_, 1);
  get(1, 9).value();
  EXPECT_EQ(loads_, 2) << "its signer may have expired between";
  get(1, 7).value();
  get(1, 9).value();
  EXPECT_EQ(loads_, 2) << "good at five and at nine is good at seven";
  get(1, 4).value();
  EXPECT_EQ(loads_, 3);
}

TEST_F(Lists, TheOneNotAskedForLongestGoes) {
  get(1, 5).value();
  get(2, 5).value();
  get(1, 5).value();
  get(3, 5).value();
  EXPECT_EQ(loads_, 3);
  get(1, 5).value();
  EXPECT_EQ(loads_, 3);
  EXPECT_EQ(get(2, 5)->list->content().number, 2U);
  EXPECT_EQ(loads_, 4);
}

TEST_F(Lists, FailuresAreNotKept) {
  fails_ = true;
  EXPECT_EQ(get(1, 5).error().reason, "evidence.not_found");
  fails_ = false;
  EXPECT_TRUE(get(1, 5));
  fails_ = true;
  EXPECT_EQ(get(1, 6).error().reason, "evidence.not_found");
  EXPECT_TRUE(get(1, 5)) << "what was good stays so";
}

TEST_F(Lists, ManyWhoAskAtOnceHaveItVerifiedOnce) {
  std::atomic<int> loads = 0;
  const VerifiedLists::Load counted = [&](const crypto::Sm3Digest& sm3, Time at) {
    ++loads;
    return load_(sm3, at);
  };
  std::promise<void> start;
  const auto started = start.get_future().share();
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      started.wait();
      EXPECT_TRUE(lists_.get(digest_of(1), hour(5), counted));
    });
  }
  start.set_value();
  for (std::thread& asker : askers) {
    asker.join();
  }
  EXPECT_EQ(loads, 1);
}

}  // namespace
}  // namespace hutong::platform
