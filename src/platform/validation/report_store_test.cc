#include "platform/validation/report_store.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "crypto/random.h"
#include "net/ulid.h"

namespace hutong::platform {
namespace {

class ReportStoreTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string id(std::chrono::hours ago = std::chrono::hours(0)) {
    return net::make_ulid(std::chrono::system_clock::now() - ago, crypto::system_random());
  }
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "hutong-reports-test";
};

TEST_F(ReportStoreTest, KeepsWhatWasPut) {
  const auto store = *ReportStore::open(folder_, {});
  const std::string one = id();
  ASSERT_TRUE(store->put(one, "{\"a\":1}"));
  EXPECT_EQ(*store->get(one), "{\"a\":1}");
  const auto again = *ReportStore::open(folder_, {});
  EXPECT_EQ(*again->get(one), "{\"a\":1}") << "also after a restart";
}

TEST_F(ReportStoreTest, NothingButUlidsIsLookedUp) {
  const auto store = *ReportStore::open(folder_, {});
  for (const auto* bad : {"", "../../etc/passwd", "01J", "..", "01ARZ3NDEKTSV4RRFFQ69G5FAVX"}) {
    EXPECT_EQ(store->get(bad).error().reason, "report.not_found") << bad;
  }
  EXPECT_EQ(store->get(id()).error().reason, "report.not_found");
}

TEST_F(ReportStoreTest, TheOldestGoFirst) {
  const auto store = *ReportStore::open(folder_, {.keep = 2});
  const std::string first = id(std::chrono::hours(3));
  const std::string second = id(std::chrono::hours(2));
  const std::string third = id(std::chrono::hours(1));
  for (const auto& one : {first, second, third}) {
    ASSERT_TRUE(store->put(one, "{}"));
  }
  EXPECT_FALSE(store->get(first));
  EXPECT_TRUE(store->get(second));
  EXPECT_TRUE(store->get(third));
}

TEST_F(ReportStoreTest, AgeCounts) {
  const auto store = *ReportStore::open(folder_, {.keep = 100, .keep_for = std::chrono::hours(24)});
  const std::string old = id(std::chrono::hours(25));
  ASSERT_TRUE(store->put(old, "{}"));
  EXPECT_FALSE(store->get(old));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ReportStoreTest, AFolderThatCannotBeIsAnError) {
  EXPECT_EQ(ReportStore::open("/proc/nothing", {}).error().reason, "reports.folder");
  const auto none = *ReportStore::open({}, {});
  EXPECT_TRUE(none->put(id(), "{}"));
}

}  // namespace
}  // namespace hutong::platform
