#include "platform/trust/trust_keeper.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "net/log.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform {
namespace {

namespace fs = std::filesystem;

/// A folder with one list of more than a mebibyte.
class LargeLists : public testing::Test {
 protected:
  LargeLists() {
    net::set_log_level(net::LogLevel::kError);
    fs::create_directories(folder_);
    std::vector<x509::RevokedCertificate> entries;
    for (std::uint32_t i = 0; i < 40'000; ++i) {
      entries.push_back({.serial = serial_of(2 * i),
                         .revoked_at = hutong::test::kYear2026,
                         .reason = x509::CrlReason::kKeyCompromise,
                         .invalidity_date = std::nullopt,
                         .certificate_issuer = std::nullopt});
    }
    write(hutong::test::list(hutong::test::Party("large"), entries).der());
  }
  ~LargeLists() override { fs::remove_all(folder_); }

  static x509::Serial serial_of(std::uint32_t number) {
    const Bytes magnitude = {1, static_cast<std::uint8_t>(number >> 16),
                             static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    return x509::Serial::from_magnitude(magnitude);
  }
  void write(ByteView octets) { ASSERT_TRUE(write_file(folder_ / "large.crl", octets)); }
  TrustFiles files() const {
    TrustFiles files;
    files.revocation_folder = folder_;
    return files;
  }
  void expect_in_force() const {
    const TrustKeeper keeper(files(), clock_);
    const auto snapshot = keeper.current();
    ASSERT_EQ(snapshot->revocation.crls().size(), 1U);
    const auto& list = snapshot->revocation.crls().front();
    EXPECT_TRUE(list.find(serial_of(4'000)));
    EXPECT_FALSE(list.find(serial_of(4'001)));
    EXPECT_EQ(list.index_octets(), 0U) << "nothing on the heap";
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("hutong-large-lists-" + std::to_string(getpid()));
  const fs::path mapped_ = folder_ / ".snapshots" / "large.crl.snapshot";
  const FixedClock clock_{hutong::test::kMid2027};
};

TEST_F(LargeLists, AreOpenedByARestartAndNotRead) {
  expect_in_force();
  ASSERT_TRUE(fs::exists(mapped_));
  const fs::path file = folder_ / "large.crl";
  const auto written = fs::last_write_time(file);
  write(Bytes(fs::file_size(file), 0x30));  // as long, and then as old
  fs::last_write_time(file, written);
  expect_in_force();
}

TEST_F(LargeLists, ADamagedSnapshotIsMadeAgain) {
  expect_in_force();
  Bytes damaged = read_file(mapped_, 1 << 28).value();
  damaged[damaged.size() / 2] ^= 1;
  ASSERT_TRUE(write_file(mapped_, damaged));
  expect_in_force();
  EXPECT_NE(read_file(mapped_, 1 << 28).value(), damaged);
}

TEST_F(LargeLists, SnapshotsGoWithTheirLists) {
  expect_in_force();
  fs::remove(folder_ / "large.crl");
  const TrustKeeper keeper(files(), clock_);
  EXPECT_TRUE(keeper.current()->revocation.crls().empty());
  EXPECT_FALSE(fs::exists(mapped_));
}

TEST_F(LargeLists, AFolderThatTakesNothingCostsMemoryOnly) {
  ASSERT_TRUE(write_file(folder_ / ".snapshots", as_bytes("in the way")));
  const TrustKeeper keeper(files(), clock_);
  ASSERT_EQ(keeper.current()->revocation.crls().size(), 1U);
  EXPECT_TRUE(keeper.current()->revocation.crls().front().find(serial_of(4'000)));
}

}  // namespace
}  // namespace hutong::platform
