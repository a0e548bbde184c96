#include <utility>

#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/sm3.h"
#include "crypto/sm3_many.h"
#include "crypto/sm4.h"
#include "tests/constant_time/secrets.h"

namespace hutong::crypto {
namespace {

/// Odd sizes: full groups of any vector width, single blocks and a rest.
constexpr std::size_t kTextSize = 16 * 37 + 5;

class Sm4Kernels : public test::Unreported<testing::TestWithParam<const internal::Sm4Kernel*>> {};

TEST_P(Sm4Kernels, ExpandKeysAndEncrypt) {
  const auto key = random_.octets<16>();
  std::array<std::uint8_t, internal::kSm4RoundKeysSize> round_keys{};
  GetParam()->expand_key(key.data(), round_keys.data());
  EXPECT_TRUE(test::is_secret(round_keys));
  for (const std::size_t blocks : {1U, 2U, 4U, 7U, 16U, 33U, 64U}) {
    const Bytes in = random_.bytes(16 * blocks);
    Bytes out(in.size());
    GetParam()->encrypt(round_keys.data(), in.data(), out.data(), blocks);
    EXPECT_TRUE(test::is_secret(out));
    auto chain = random_.octets<16>();
    GetParam()->encrypt_chain(round_keys.data(), chain.data(), in.data(), out.data(), blocks);
    EXPECT_TRUE(test::is_secret(out) && test::is_secret(chain));
  }
}

INSTANTIATE_TEST_SUITE_P(OnThisPath, Sm4Kernels,
                         testing::ValuesIn(internal::sm4_kernels().begin(), internal::sm4_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

class GhashKernels : public test::Unreported<testing::TestWithParam<const internal::GhashKernel*>> {};

TEST_P(GhashKernels, Absorb) {
  const auto h = random_.octets<16>();
  for (const std::size_t blocks : {1U, 7U, 8U, 25U, 41U}) {
    auto y = random_.octets<16>();
    const Bytes data = random_.bytes(16 * blocks);
    GetParam()->absorb(h, y, data.data(), blocks);
    EXPECT_TRUE(test::is_secret(y));
  }
}

INSTANTIATE_TEST_SUITE_P(OnThisPath, GhashKernels,
                         testing::ValuesIn(internal::ghash_kernels().begin(),
                                           internal::ghash_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

class Sm3Kernels : public test::Unreported<testing::TestWithParam<const internal::Sm3Kernel*>> {};

TEST_P(Sm3Kernels, Compress) {
  internal::Sm3State state = internal::kSm3InitialState;
  const Bytes blocks = random_.bytes(64 * 5);
  GetParam()->compress(state, blocks.data(), 5);
  EXPECT_TRUE(test::is_secret({reinterpret_cast<const std::uint8_t*>(state.data()), sizeof state}));
}

INSTANTIATE_TEST_SUITE_P(OnThisPath, Sm3Kernels,
                         testing::ValuesIn(internal::sm3_kernels().begin(), internal::sm3_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

class Symmetric : public test::ConstantTime {
 protected:
  Sm4Key make_key() { return Sm4Key::from_octets(random_.octets<16>()).value(); }
  /// What comes back is what went in, and both were secret until now.
  static void expect_same(ByteView plaintext, ByteView opened) {
    EXPECT_TRUE(test::is_secret(opened));
    test::publish(plaintext);
    test::publish(opened);
    EXPECT_TRUE(equal(plaintext, opened));
  }
  template <typename Stream>
  static Bytes run(Stream stream, ByteView in) {
    Bytes out = stream.update(in.first(in.size() / 3));
    append(out, stream.update(in.subspan(in.size() / 3)));
    append(out, stream.finish().value());
    return out;
  }
};

TEST_F(Symmetric, Sm4Ecb) {
  const auto key = random_.octets<16>();
  const Bytes text = random_.bytes(kTextSize);
  const Bytes sealed =
      run(Sm4Ecb(Sm4Key::from_octets(key).value(), Direction::kEncrypt, Padding::kPkcs7), text);
  expect_same(text,
              run(Sm4Ecb(Sm4Key::from_octets(key).value(), Direction::kDecrypt, Padding::kPkcs7), sealed));
}

TEST_F(Symmetric, Sm4Cbc) {
  const auto key = random_.octets<16>();
  const Bytes text = random_.bytes(kTextSize);
  const Sm4Block iv{};
  const Bytes sealed =
      run(Sm4Cbc(Sm4Key::from_octets(key).value(), iv, Direction::kEncrypt, Padding::kPkcs7), text);
  expect_same(
      text, run(Sm4Cbc(Sm4Key::from_octets(key).value(), iv, Direction::kDecrypt, Padding::kPkcs7), sealed));
}

TEST_F(Symmetric, Sm4CbcWithWrongPadding) {
  Sm4Cbc cbc(make_key(), Sm4Block{}, Direction::kDecrypt, Padding::kPkcs7);
  cbc.update(random_.bytes(64));
  EXPECT_FALSE(cbc.finish());
}

TEST_F(Symmetric, Sm4Ctr) {
  const auto key = random_.octets<16>();
  const Bytes text = random_.bytes(kTextSize);
  const auto crypt = [&key](ByteView in) {
    crypto::Sm4Ctr ctr(Sm4Key::from_octets(key).value(), Sm4Block{});
    Bytes out = ctr.update(in.first(21));
    append(out, ctr.update(in.subspan(21)));
    return out;
  };
  expect_same(text, crypt(crypt(text)));
}

TEST_F(Symmetric, Sm4Gcm) {
  const auto key = random_.octets<16>();
  for (const std::size_t nonce_size : {12U, 7U}) {
    const Bytes text = random_.bytes(kTextSize);
    const Bytes nonce(nonce_size, 3);
    const Bytes data(20, 4);
    Bytes sealed = sm4_gcm_encrypt(key, nonce, data, text).value();
    const Bytes opened = sm4_gcm_decrypt(key, nonce, data, sealed).value();
    expect_same(text, opened);
    sealed.back() ^= 1;
    EXPECT_FALSE(sm4_gcm_decrypt(key, nonce, data, sealed));
  }
}

TEST_F(Symmetric, Sm4Ccm) {
  const auto key = random_.octets<16>();
  const Bytes text = random_.bytes(kTextSize);
  const Bytes nonce(12, 3);
  const Bytes data(20, 4);
  Bytes sealed = sm4_ccm_encrypt(key, nonce, data, text).value();
  expect_same(text, sm4_ccm_decrypt(key, nonce, data, sealed).value());
  sealed.front() ^= 1;
  EXPECT_FALSE(sm4_ccm_decrypt(key, nonce, data, sealed));
}

TEST_F(Symmetric, Sm3AndHmac) {
  for (const std::size_t size : {0U, 1U, 55U, 56U, 64U, 200U}) {
    const Bytes message = random_.bytes(size);
    const Bytes key = random_.bytes(size + 16);
    EXPECT_EQ(test::is_secret(sm3(message)), size != 0);
    EXPECT_TRUE(test::is_secret(hmac_sm3(key, message)));
  }
}

TEST_F(Symmetric, Sm3OfManyMessages) {
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 19; ++i) {
    messages.push_back(random_.bytes(i * 23 + 1));
  }
  const std::vector<ByteView> views(messages.begin(), messages.end());
  for (const Sm3Digest& digest : sm3_many(views)) {
    EXPECT_TRUE(test::is_secret(digest));
  }
}

/// As private keys are written to PEM files.
TEST_F(Symmetric, Base64) {
  const std::string text = to_base64(random_.bytes(47));
  EXPECT_TRUE(test::is_secret(as_bytes(text)));
}

TEST_F(Symmetric, Comparison) {
  const Bytes a = random_.bytes(32);
  Bytes b = a;
  EXPECT_TRUE(constant_time_equal(a, b));
  b[7] ^= 0x10;
  EXPECT_FALSE(constant_time_equal(a, b));
  EXPECT_FALSE(constant_time_equal(a, random_.bytes(31)));
}

}  // namespace
}  // namespace hutong::crypto
