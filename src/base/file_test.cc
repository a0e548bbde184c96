#include "base/file.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(FileTest, WritesAndReadsBack) {
  const auto path = folder_ / "a.bin";
  ASSERT_TRUE(write_file(path, Bytes{1, 2, 3}, FileMode::kPrivate));
  EXPECT_EQ(read_file(path, 3).value(), (Bytes{1, 2, 3}));
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_TRUE(equal(MappedFile::open(path).value().view(), Bytes{1, 2, 3}));
}

TEST_F(FileTest, LeavesNoTemporaryFileBehind) {
  ASSERT_TRUE(write_file(folder_ / "a", Bytes{1}));
  EXPECT_FALSE(write_file(folder_ / "missing" / "a", Bytes{1}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, KeepsToTheLimit) {
  ASSERT_TRUE(write_file(folder_ / "a", Bytes(100)));
  EXPECT_EQ(read_file(folder_ / "a", 99).error().reason, "file.too_large");
}

TEST_F(FileTest, NamesTheMissingFile) {
  EXPECT_EQ(read_file(folder_ / "none", 1).error().reason, "file.not_found");
  EXPECT_EQ(MappedFile::open(folder_ / "none").error().code, Errc::kNotFound);
}

TEST_F(FileTest, PagesGivenBackAreReadAgain) {
  ASSERT_TRUE(write_file(folder_ / "a", Bytes(10'000, 7)));
  const auto file = MappedFile::open(folder_ / "a").value();
  EXPECT_EQ(file.view()[9'999], 7);
  file.give_back_pages();
  EXPECT_TRUE(equal(file.view(), Bytes(10'000, 7)));
}

TEST_F(FileTest, MapsAnEmptyFile) {
  ASSERT_TRUE(write_file(folder_ / "empty", {}));
  EXPECT_TRUE(MappedFile::open(folder_ / "empty").value().view().empty());
}

}  // namespace
}  // namespace hutong
