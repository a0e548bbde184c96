#include "crypto/sm4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/random.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using test::peer::Sm4Mode;
using test::peer::Sm4Padding;

Bytes random_bytes(std::size_t size) {
  Bytes bytes(size);
  system_random().fill(bytes);
  return bytes;
}

Sm4Key make_key(ByteView octets) { return std::move(Sm4Key::from_octets(octets)).value(); }

Sm4Block block_from(ByteView octets) {
  Sm4Block block{};
  std::ranges::copy(octets, block.begin());
  return block;
}

/// The whole input through a mode in chunks of `chunk` octets.
template <typename Mode>
Bytes stream(Mode& mode, ByteView in, std::size_t chunk) {
  Bytes out;
  for (std::size_t at = 0; at < in.size(); at += chunk) {
    append(out, mode.update(in.subspan(at, std::min(chunk, in.size() - at))));
  }
  return out;
}

template <typename Mode>
Result<Bytes> stream_and_finish(Mode mode, ByteView in, std::size_t chunk) {
  Bytes out = stream(mode, in, chunk);
  HUTONG_TRY(const Bytes rest, mode.finish());
  append(out, rest);
  return out;
}

class Sm4Vectors : public testing::TestWithParam<test::Vector> {
 protected:
  Bytes run(Direction direction, ByteView in, std::size_t chunk) const {
    const std::string& mode = GetParam().text("mode");
    Sm4Key key = make_key(GetParam().hex("key"));
    if (mode == "ecb") {
      return stream_and_finish(Sm4Ecb(std::move(key), direction, Padding::kNone), in, chunk).value();
    }
    const Sm4Block iv = block_from(GetParam().hex("iv"));
    if (mode == "cbc") {
      return stream_and_finish(Sm4Cbc(std::move(key), iv, direction, Padding::kNone), in, chunk).value();
    }
    Sm4Ctr ctr(std::move(key), iv);
    return stream(ctr, in, chunk);
  }
};

TEST_P(Sm4Vectors, EncryptsAndDecryptsInChunksOfAnySize) {
  const Bytes plaintext = GetParam().hex("plaintext");
  const Bytes ciphertext = GetParam().hex("ciphertext");
  for (const std::size_t chunk : {1U, 5U, 15U, 16U, 17U, 33U, 1000U}) {
    EXPECT_EQ(to_hex(run(Direction::kEncrypt, plaintext, chunk)), to_hex(ciphertext)) << chunk;
    EXPECT_EQ(to_hex(run(Direction::kDecrypt, ciphertext, chunk)), to_hex(plaintext)) << chunk;
  }
}
INSTANTIATE_TEST_SUITE_P(GbT32907, Sm4Vectors, testing::ValuesIn(test::load_vectors("crypto/sm4.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(Sm4, OneMillionIterations) {
  const Bytes start = test::hex("0123456789ABCDEFFEDCBA9876543210");
  const Sm4Key key = make_key(start);
  Sm4Block block = block_from(start);
  for (int i = 0; i < 1'000'000; ++i) {
    key.encrypt_blocks(block, block);
  }
  EXPECT_EQ(to_hex(block), "595298c7c6fd271f0402f804c33d3f66");
}

TEST(Sm4, EveryKernelEqualsThePortableOne) {
  const Bytes key = random_bytes(16);
  const Bytes in = random_bytes(70 * kSm4BlockSize);
  Bytes expected_keys(internal::kSm4RoundKeysSize);
  internal::kSm4Portable.expand_key(key.data(), expected_keys.data());
  for (const internal::Sm4Kernel* kernel : internal::sm4_kernels()) {
    Bytes round_keys(internal::kSm4RoundKeysSize);
    kernel->expand_key(key.data(), round_keys.data());
    EXPECT_EQ(round_keys, expected_keys) << kernel->name;
    for (std::size_t blocks = 0; blocks <= 70; ++blocks) {
      const ByteView part = ByteView(in).first(blocks * kSm4BlockSize);
      Bytes out(part.size());
      kernel->encrypt(round_keys.data(), part.data(), out.data(), blocks);
      EXPECT_EQ(out, test::peer::sm4_encrypt(Sm4Mode::kEcb, Sm4Padding::kNone, key, {}, part))
          << kernel->name << " " << blocks;
    }
  }
}

TEST(Sm4, RefusesKeysOfOtherSizes) {
  for (const std::size_t size : {0U, 15U, 17U, 32U}) {
    const auto key = Sm4Key::from_octets(Bytes(size));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().reason, "sm4.key");
  }
}

TEST(Sm4Modes, EqualOpensslOnRandomInputOfEveryLength) {
  for (std::size_t size = 0; size <= 300; ++size) {
    const Bytes key = random_bytes(16);
    const Bytes iv = random_bytes(16);
    const Bytes plaintext = random_bytes(size);
    const std::size_t chunk = 1 + size % 37;
    const Bytes ecb = test::peer::sm4_encrypt(Sm4Mode::kEcb, Sm4Padding::kPkcs7, key, {}, plaintext);
    EXPECT_EQ(stream_and_finish(Sm4Ecb(make_key(key), Direction::kEncrypt, Padding::kPkcs7), plaintext, chunk)
                  .value(),
              ecb);
    EXPECT_EQ(
        stream_and_finish(Sm4Ecb(make_key(key), Direction::kDecrypt, Padding::kPkcs7), ecb, chunk).value(),
        plaintext);
    const Bytes cbc = test::peer::sm4_encrypt(Sm4Mode::kCbc, Sm4Padding::kPkcs7, key, iv, plaintext);
    const Sm4Block iv_block = block_from(iv);
    EXPECT_EQ(stream_and_finish(Sm4Cbc(make_key(key), iv_block, Direction::kEncrypt, Padding::kPkcs7),
                                plaintext, chunk)
                  .value(),
              cbc);
    EXPECT_EQ(
        stream_and_finish(Sm4Cbc(make_key(key), iv_block, Direction::kDecrypt, Padding::kPkcs7), cbc, chunk)
            .value(),
        plaintext);
    Sm4Ctr ctr(make_key(key), iv_block);
    EXPECT_EQ(stream(ctr, plaintext, chunk),
              test::peer::sm4_encrypt(Sm4Mode::kCtr, Sm4Padding::kNone, key, iv, plaintext));
  }
}

TEST(Sm4Modes, EqualOpensslOnLongInputAndWrappingCounters) {
  const Bytes key = random_bytes(16);
  const Bytes plaintext = random_bytes(5003);
  for (const std::string_view counter :
       {"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE", "000000000000000000000000FFFFFFFE",
        "00000000FFFFFFFFFFFFFFFFFFFFFFF0", "0123456789ABCDEF0011223344556677"}) {
    const Bytes iv = test::hex(counter);
    const Bytes expected = test::peer::sm4_encrypt(Sm4Mode::kCtr, Sm4Padding::kNone, key, iv, plaintext);
    for (const std::size_t chunk : {1U, 1023U, 1024U, 1025U, 6000U}) {
      Sm4Ctr ctr(make_key(key), block_from(iv));
      EXPECT_EQ(stream(ctr, plaintext, chunk), expected) << counter << " " << chunk;
    }
  }
}

TEST(Sm4Modes, ClonesGoOnByThemselvesAndCountersAreWrittenInPlace) {
  const Bytes key = random_bytes(16);
  const Sm4Block iv = block_from(random_bytes(16));
  const Bytes plaintext = random_bytes(100);
  const auto goes_on = [&](auto stream_once) {
    Bytes whole = stream_once.update(ByteView(plaintext).first(37));
    auto copy = stream_once.clone();
    const Bytes rest = stream_once.update(ByteView(plaintext).subspan(37, 50));
    EXPECT_EQ(copy.update(ByteView(plaintext).subspan(37, 50)), rest);
  };
  goes_on(Sm4Ecb(make_key(key), Direction::kEncrypt, Padding::kPkcs7));
  goes_on(Sm4Cbc(make_key(key), iv, Direction::kDecrypt, Padding::kPkcs7));
  goes_on(Sm4Ctr(make_key(key), iv));

  Bytes in_place = plaintext;
  Sm4Ctr(make_key(key), iv).update(in_place, in_place);
  EXPECT_EQ(in_place, Sm4Ctr(make_key(key), iv).update(plaintext));

  Sm4Cbc cbc(make_key(key), iv, Direction::kEncrypt, Padding::kNone);
  EXPECT_EQ(cbc.chain(), iv);
  EXPECT_EQ(block_from(ByteView(cbc.update(ByteView(plaintext).first(32))).last(16)), cbc.chain());
  Sm4Ctr ctr(make_key(key), Sm4Block{});
  ctr.update(ByteView(plaintext).first(17));
  EXPECT_EQ(ctr.counter().back(), 2);
}

TEST(Sm4Modes, RefuseBrokenLengthsAndPadding) {
  const Bytes key(16, 0x11);
  const auto reason = [&](Direction direction, Padding padding, ByteView in) {
    const auto out = stream_and_finish(Sm4Cbc(make_key(key), {}, direction, padding), in, 7);
    return out ? std::string("accepted") : std::string(out.error().reason);
  };
  EXPECT_EQ(reason(Direction::kEncrypt, Padding::kNone, Bytes(17)), "sm4.length");
  EXPECT_EQ(reason(Direction::kEncrypt, Padding::kNone, Bytes(32)), "accepted");
  EXPECT_EQ(reason(Direction::kDecrypt, Padding::kNone, Bytes(31)), "sm4.length");
  EXPECT_EQ(reason(Direction::kDecrypt, Padding::kPkcs7, Bytes()), "sm4.length");
  EXPECT_EQ(reason(Direction::kDecrypt, Padding::kPkcs7, Bytes(33)), "sm4.length");
  for (const std::string_view last :
       {"00000000000000000000000000000000", "00000000000000000000000000000011",
        "00000000000000000000000000000102", "00000000000000000000000000030203",
        "0F101010101010101010101010101010", "000000000000000000000000000000FF"}) {
    const Bytes padded = test::hex(last);
    const Bytes ciphertext =
        test::peer::sm4_encrypt(Sm4Mode::kCbc, Sm4Padding::kNone, key, Bytes(16), padded);
    EXPECT_EQ(reason(Direction::kDecrypt, Padding::kPkcs7, ciphertext), "sm4.padding") << last;
  }
}

}  // namespace
}  // namespace hutong::crypto
