#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/stream.h"
#include "tests/tools/test_ca.h"
#include "x509/crl.h"

namespace hutong::x509 {
namespace {

/// A list of many entries and where its snapshot lies.
class CrlSnapshot : public testing::Test {
 protected:
  static constexpr std::uint32_t kRevoked = 5'000;

  static Serial serial_of(std::uint32_t number) {
    const Bytes magnitude = {1, static_cast<std::uint8_t>(number >> 16),
                             static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    return Serial::from_magnitude(magnitude);
  }
  static Crl make() {
    std::vector<RevokedCertificate> entries;
    for (std::uint32_t i = 0; i < kRevoked; ++i) {
      entries.push_back({.serial = serial_of(2 * i),
                         .revoked_at = test::kYear2026 + std::chrono::seconds(i),
                         .reason = i % 2 == 0 ? CrlReason::kKeyCompromise : CrlReason::kSuperseded,
                         .invalidity_date = std::nullopt,
                         .certificate_issuer = std::nullopt});
    }
    return test::list(test::Party("snapshot"), entries);
  }
  ~CrlSnapshot() override { std::filesystem::remove(file_); }
  static Bytes snapshot_of(const Crl& list, std::string_view origin = "a list") {
    MemorySink octets(1 << 24);
    EXPECT_TRUE(list.write_snapshot(octets, origin));
    return std::move(octets).take();
  }
  Result<Crl> open(const Bytes& octets, std::string_view origin = "a list") const {
    EXPECT_TRUE(write_file(file_, octets));
    return Crl::open_snapshot(MappedFile::open(file_).value(), origin);
  }
  std::string refusal(const Bytes& octets, std::string_view origin = "a list") const {
    const auto opened = open(octets, origin);
    return opened ? "" : std::string(opened.error().reason);
  }

  const Crl list_ = make();
  const std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) / ("hutong-crl-" + std::to_string(getpid()) + ".snapshot");
};

TEST_F(CrlSnapshot, SaysWhatTheListSays) {
  const auto opened = open(snapshot_of(list_));
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->sm3(), list_.sm3());
  EXPECT_EQ(opened->issuer(), list_.issuer());
  EXPECT_EQ(opened->this_update(), list_.this_update());
  EXPECT_EQ(opened->next_update(), list_.next_update());
  EXPECT_EQ(opened->entry_count(), kRevoked);
  EXPECT_EQ(opened->quirks(), list_.quirks());
  EXPECT_EQ(opened->index_octets(), 0U) << "nothing on the heap";
  for (std::uint32_t i = 0; i < 2 * kRevoked; ++i) {
    const auto entry = opened->find(serial_of(i));
    ASSERT_EQ(entry.has_value(), i % 2 == 0) << i;
    if (entry) {
      EXPECT_EQ(entry->revoked_at, test::kYear2026 + std::chrono::seconds(i / 2));
      EXPECT_EQ(entry->reason, list_.find(serial_of(i))->reason);
    }
  }
  std::size_t visited = 0;
  opened->for_each([&visited](const CrlEntry&, const Name&) { return ++visited > 0; });
  EXPECT_EQ(visited, kRevoked);
}

TEST_F(CrlSnapshot, AnEmptyListToo) {
  const Crl empty = test::list(test::Party("empty"), {});
  EXPECT_EQ(open(snapshot_of(empty, ""), "")->entry_count(), 0U);
}

TEST_F(CrlSnapshot, OfAnotherListIsNotTaken) {
  Bytes octets = snapshot_of(list_);
  EXPECT_EQ(refusal(octets, "another list"), "crl_snapshot.other");
  octets[6] = '2';
  EXPECT_EQ(refusal(octets), "crl_snapshot.other") << "a later form";
}

TEST_F(CrlSnapshot, DamageIsSeenWhereverItIs) {
  const Bytes good = snapshot_of(list_);
  for (std::size_t at = 12; at < good.size(); at += at < 160 ? 1 : 1'999) {
    Bytes bad = good;
    bad[at] ^= 0x10;
    EXPECT_NE(refusal(bad), "") << at;
  }
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{50}, std::size_t{112}, good.size() / 2, good.size() - 1}) {
    EXPECT_NE(refusal({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}), "") << size;
  }
  EXPECT_EQ(refusal(good), "");
}

}  // namespace
}  // namespace hutong::x509
