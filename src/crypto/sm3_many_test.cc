#include "crypto/sm3_many.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/openssl_peer.h"

namespace hutong::crypto {
namespace {

class Messages {
 public:
  explicit Messages(std::span<const std::size_t> sizes) {
    std::mt19937_64 random(sizes.size());
    for (const std::size_t size : sizes) {
      Bytes& message = messages_.emplace_back(size);
      for (std::uint8_t& octet : message) {
        octet = static_cast<std::uint8_t>(random());
      }
    }
    views_.assign(messages_.begin(), messages_.end());
  }
  std::span<const ByteView> views() const { return views_; }

 private:
  std::vector<Bytes> messages_;
  std::vector<ByteView> views_;
};

void expect_digests(std::span<const std::size_t> sizes) {
  const Messages messages(sizes);
  const auto digests = sm3_many(messages.views());
  ASSERT_EQ(digests.size(), sizes.size());
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const Bytes expected = test::peer::sm3(messages.views()[i]);
    EXPECT_EQ(Bytes(digests[i].begin(), digests[i].end()), expected) << i << " of " << sizes[i];
  }
}

TEST(Sm3Many, EqualsOpensslOnMessagesOfEverySize) {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 400; ++size) {
    sizes.push_back(size);
  }
  expect_digests(sizes);
}

TEST(Sm3Many, EqualsOpensslOnAnyNumberOfMessages) {
  for (std::size_t count = 0; count <= 20; ++count) {
    expect_digests(std::vector<std::size_t>(count, 150));
  }
}

/// Lanes that end at different times, with one that outlives them all.
TEST(Sm3Many, EqualsOpensslOnLongAndShortMessagesMixed) {
  std::mt19937_64 random(3);
  std::vector<std::size_t> sizes = {100'000};
  for (int i = 0; i < 200; ++i) {
    sizes.push_back(random() % 3000);
  }
  expect_digests(sizes);
}

TEST(Sm3Many, EqualsOpensslOnMessagesOfOneSize) {
  for (const std::size_t size : {std::size_t{32}, std::size_t{55}, std::size_t{56}, std::size_t{64},
                                 std::size_t{65}, std::size_t{4096}}) {
    expect_digests(std::vector<std::size_t>(33, size));
  }
}

}  // namespace
}  // namespace hutong::crypto
