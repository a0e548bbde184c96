#include "crypto/sm4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/random.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/random_octets.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using test::random_bytes;
using test::peer::Sm4Mode;
using test::peer::Sm4Padding;

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

class Sm4Kernels : public testing::TestWithParam<const internal::Sm4Kernel*> {
 protected:
  const internal::Sm4Kernel& kernel() const { return *GetParam(); }
  Bytes round_keys(ByteView key) const {
    Bytes keys(internal::kSm4RoundKeysSize);
    kernel().expand_key(key.data(), keys.data());
    return keys;
  }
};

/// Every number of blocks, at every distance from an aligned address, into another buffer and in place.
TEST_P(Sm4Kernels, EqualOpensslOnAnyNumberOfBlocksAnywhere) {
  const Bytes key = random_bytes(kSm4KeySize);
  const Bytes keys = round_keys(key);
  for (std::size_t blocks = 0; blocks <= 70; ++blocks) {
    const std::size_t offset = blocks % 33;
    Bytes in = random_bytes(offset + blocks * kSm4BlockSize);
    const Bytes expected =
        test::peer::sm4_encrypt(Sm4Mode::kEcb, Sm4Padding::kNone, key, {}, ByteView(in).subspan(offset));
    Bytes out(1 + expected.size() + 1, 0xEE);
    kernel().encrypt(keys.data(), in.data() + offset, out.data() + 1, blocks);
    EXPECT_EQ(Bytes(out.begin() + 1, out.end() - 1), expected) << blocks;
    EXPECT_EQ(out.front() + out.back(), 2 * 0xEE) << blocks;
    kernel().encrypt(keys.data(), in.data() + offset, in.data() + offset, blocks);
    EXPECT_TRUE(equal(ByteView(in).subspan(offset), expected)) << blocks;
  }
}

TEST_P(Sm4Kernels, ChainAsOpensslDoes) {
  const Bytes key = random_bytes(kSm4KeySize);
  const Bytes keys = round_keys(key);
  for (std::size_t blocks = 0; blocks <= 40; ++blocks) {
    const std::size_t offset = blocks % 33;
    const Bytes iv = random_bytes(kSm4BlockSize);
    Bytes in = random_bytes(offset + blocks * kSm4BlockSize);
    const Bytes expected =
        test::peer::sm4_encrypt(Sm4Mode::kCbc, Sm4Padding::kNone, key, iv, ByteView(in).subspan(offset));
    Bytes out(1 + expected.size() + 1, 0xEE);
    Bytes chain = iv;
    kernel().encrypt_chain(keys.data(), chain.data(), in.data() + offset, out.data() + 1, blocks);
    EXPECT_EQ(Bytes(out.begin() + 1, out.end() - 1), expected) << blocks;
    EXPECT_EQ(out.front() + out.back(), 2 * 0xEE) << blocks;
    EXPECT_EQ(chain, blocks == 0 ? iv : Bytes(expected.end() - kSm4BlockSize, expected.end())) << blocks;
    chain = iv;
    kernel().encrypt_chain(keys.data(), chain.data(), in.data() + offset, in.data() + offset, blocks);
    EXPECT_TRUE(equal(ByteView(in).subspan(offset), expected)) << blocks;
  }
}

/// Every octet at every place goes through the S-box, in the cipher and in the key schedule.
TEST_P(Sm4Kernels, EqualThePortableOneOnEveryOctet) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    for (std::size_t place = 0; place < kSm4KeySize; ++place) {
      Sm4Block key{};
      Sm4Block block{};
      key[place] = static_cast<std::uint8_t>(octet);
      block[kSm4BlockSize - 1 - place] = static_cast<std::uint8_t>(octet);
      Bytes portable_keys(internal::kSm4RoundKeysSize);
      internal::kSm4Portable.expand_key(key.data(), portable_keys.data());
      Sm4Block expected;
      internal::kSm4Portable.encrypt(portable_keys.data(), block.data(), expected.data(), 1);
      kernel().encrypt(round_keys(key).data(), block.data(), block.data(), 1);
      ASSERT_EQ(block, expected) << octet << " " << place;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OnThisProcessor, Sm4Kernels,
                         testing::ValuesIn(internal::sm4_kernels().begin(), internal::sm4_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

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

/// Whether the memory of a stream shows the text that it was given and has not encrypted yet.
struct Remains {
  bool before = false;  ///< while the stream lives
  bool after = false;   ///< when it is gone
};
template <typename Mode, typename Make>
Remains remains_of(ByteView text, Make make) {
  alignas(Mode) std::array<std::uint8_t, sizeof(Mode)> memory{};
  const auto shows_text = [&memory, text] {
    const volatile std::uint8_t* octets = memory.data();
    const Bytes now(octets, octets + memory.size());
    return std::search(now.begin(), now.end(), text.begin(), text.end()) != now.end();
  };
  Mode* const mode = new (memory.data()) Mode(make());
  EXPECT_TRUE(mode->update(text).empty());
  Remains remains{.before = shows_text()};
  mode->~Mode();
  remains.after = shows_text();
  return remains;
}

TEST(Sm4Modes, LeaveNothingOfTheTextBehind) {
  const Bytes text = to_bytes(as_bytes("fifteen octets!"));
  const auto ecb = remains_of<Sm4Ecb>(
      text, [] { return Sm4Ecb(make_key(Bytes(16)), Direction::kEncrypt, Padding::kPkcs7); });
  EXPECT_TRUE(ecb.before);  // else the test looks at the wrong place
  EXPECT_FALSE(ecb.after);
  const auto cbc = remains_of<Sm4Cbc>(
      text, [] { return Sm4Cbc(make_key(Bytes(16)), Sm4Block{}, Direction::kEncrypt, Padding::kPkcs7); });
  EXPECT_TRUE(cbc.before);
  EXPECT_FALSE(cbc.after);
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
