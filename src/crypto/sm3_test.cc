#include "crypto/sm3.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/random.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/random_octets.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using test::random_bytes;

class Sm3Vectors : public testing::TestWithParam<test::Vector> {};
TEST_P(Sm3Vectors, MatchesStandard) {
  std::string message;
  for (int i = 0; i < std::stoi(GetParam().text("repeat")); ++i) {
    message += GetParam().text("text");
  }
  EXPECT_EQ(to_hex(sm3(as_bytes(message))), to_hex(GetParam().hex("digest")));
}
INSTANTIATE_TEST_SUITE_P(GbT32905, Sm3Vectors, testing::ValuesIn(test::load_vectors("crypto/sm3.vec")),
                         [](const auto& vector) { return vector.param.name; });

class HmacSm3Vectors : public testing::TestWithParam<test::Vector> {};
TEST_P(HmacSm3Vectors, MatchesStandard) {
  EXPECT_EQ(to_hex(hmac_sm3(GetParam().hex("key"), GetParam().hex("msg"))), to_hex(GetParam().hex("mac")));
}
INSTANTIATE_TEST_SUITE_P(GbT15852, HmacSm3Vectors,
                         testing::ValuesIn(test::load_vectors("crypto/hmac_sm3.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(Sm3, EqualsOpensslForEveryLengthUpToFiveBlocks) {
  const Bytes message = random_bytes(5 * 64);
  for (std::size_t size = 0; size <= message.size(); ++size) {
    const ByteView part = ByteView(message).first(size);
    EXPECT_EQ(to_hex(sm3(part)), to_hex(test::peer::sm3(part))) << size;
  }
}

TEST(Sm3, StreamsInChunksOfAnySize) {
  const Bytes message = random_bytes(1000);
  const std::string expected = to_hex(test::peer::sm3(message));
  for (const std::size_t chunk : {1U, 3U, 7U, 63U, 64U, 65U, 127U, 129U, 333U}) {
    Sm3 hash;
    for (std::size_t at = 0; at < message.size(); at += chunk) {
      hash.update(ByteView(message).subspan(at, std::min(chunk, message.size() - at)));
      hash.update({});
    }
    EXPECT_EQ(to_hex(hash.finish()), expected) << chunk;
  }
}

TEST(Sm3, IsAsNewAfterFinishAndCopiesItsState) {
  Sm3 hash;
  hash.update(as_bytes("a"));
  Sm3 copy = hash;
  copy.update(as_bytes("bc"));
  EXPECT_EQ(copy.finish(), sm3(as_bytes("abc")));
  EXPECT_EQ(hash.finish(), sm3(as_bytes("a")));
  EXPECT_EQ(hash.finish(), sm3({}));
}

/// Any number of blocks at any distance from an aligned address.
TEST(Sm3, EveryKernelGivesTheStateOfThePortableOne) {
  constexpr std::size_t kMostBlocks = 9;
  const Bytes octets = random_bytes(32 + kMostBlocks * 64);
  for (const internal::Sm3Kernel* kernel : internal::sm3_kernels()) {
    for (std::size_t offset = 0; offset < 32; ++offset) {
      for (std::size_t count = 0; count <= kMostBlocks; ++count) {
        internal::Sm3State expected{1, 2, 3, 4, 5, 6, 7, 0xFFFFFFFF};
        internal::Sm3State state = expected;
        internal::kSm3Portable.compress(expected, octets.data() + offset, count);
        kernel->compress(state, octets.data() + offset, count);
        EXPECT_EQ(state, expected) << kernel->name << " " << offset << " " << count;
      }
    }
  }
}

/// Single bits: carries and rotations of every message word.
TEST(Sm3, EveryKernelGivesTheStateOfThePortableOneOnSingleBits) {
  for (const internal::Sm3Kernel* kernel : internal::sm3_kernels()) {
    for (std::size_t bit = 0; bit < 512; ++bit) {
      std::array<std::uint8_t, 64> block{};
      block[bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
      internal::Sm3State expected = internal::kSm3InitialState;
      internal::Sm3State state = expected;
      internal::kSm3Portable.compress(expected, block.data(), 1);
      kernel->compress(state, block.data(), 1);
      ASSERT_EQ(state, expected) << kernel->name << " " << bit;
    }
  }
}

TEST(HmacSm3, EqualsOpensslForKeysAroundTheBlockSize) {
  const Bytes key = random_bytes(200);
  const Bytes message = random_bytes(150);
  for (std::size_t size = 1; size <= key.size(); ++size) {
    const ByteView part = ByteView(key).first(size);
    EXPECT_EQ(to_hex(hmac_sm3(part, message)), to_hex(test::peer::hmac_sm3(part, message))) << size;
  }
}

TEST(HmacSm3, KeepsItsKeyAfterFinish) {
  HmacSm3 mac(as_bytes("key"));
  mac.update(as_bytes("other"));
  static_cast<void>(mac.finish());
  mac.update(as_bytes("mess"));
  mac.update(as_bytes("age"));
  EXPECT_EQ(mac.finish(), hmac_sm3(as_bytes("key"), as_bytes("message")));
}

TEST(HmacSm3, Wycheproof) {
  HUTONG_NEED_CORPUS();
  const auto suite = nlohmann::json::parse(test::read(test::corpus_path("wycheproof/hmac_sm3_test.json")));
  int count = 0;
  for (const auto& group : suite.at("testGroups")) {
    const auto tag_size = group.at("tagSize").get<std::size_t>() / 8;
    for (const auto& test : group.at("tests")) {
      const Bytes tag = test::hex(test.at("tag").get<std::string>());
      const Sm3Digest mac = hmac_sm3(test::hex(test.at("key").get<std::string>()),
                                     test::hex(test.at("msg").get<std::string>()));
      EXPECT_EQ(equal(ByteView(mac).first(tag_size), tag), test.at("result") == "valid") << test.dump();
      ++count;
    }
  }
  EXPECT_EQ(count, suite.at("numberOfTests").get<int>());
}

}  // namespace
}  // namespace hutong::crypto
