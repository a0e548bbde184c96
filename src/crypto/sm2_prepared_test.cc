#include "crypto/sm2_prepared.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_window.h"
#include "tests/support/openssl_peer.h"

namespace hutong::crypto {
namespace {

const Bytes kMessage(300, 0x42);

TEST(Sm2PreparedKey, AcceptsWhatTheKeySigned) {
  const auto key = Sm2PrivateKey::generate();
  const Sm2PreparedKey prepared(key.public_key());
  EXPECT_EQ(prepared.key(), key.public_key());
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(prepared.verify(kMessage, key.sign(kMessage)));
  }
  const auto named = key.sign(kMessage, "another");
  EXPECT_TRUE(prepared.verify(kMessage, named, "another"));
  EXPECT_FALSE(prepared.verify(kMessage, named));
  EXPECT_FALSE(prepared.verify(kMessage, named, std::string(kSm2MostIdSize + 1, 'x')));
}

TEST(Sm2PreparedKey, AcceptsWhatOpensslSigned) {
  const auto peer = test::peer::Sm2Key::generate();
  const auto key = Sm2PublicKey::from_octets(peer.public_octets());
  ASSERT_TRUE(key);
  const Sm2PreparedKey prepared(key.value());
  for (int i = 0; i < 10; ++i) {
    const auto signature = Sm2Signature::from_der(peer.sign(kMessage, kSm2DefaultId));
    ASSERT_TRUE(signature);
    EXPECT_TRUE(prepared.verify(kMessage, signature.value()));
  }
}

TEST(Sm2PreparedKey, RefusesEverySignatureWithOneBitChanged) {
  const auto key = Sm2PrivateKey::generate();
  const Sm2PreparedKey prepared(key.public_key());
  const Sm3Digest e = sm3(kMessage);
  const Sm2Signature good = key.sign_digest(e);
  ASSERT_TRUE(prepared.verify_digest(e, good));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    const auto flip = [bit](auto octets) {
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 1U << bit % 8);
      return octets;
    };
    EXPECT_FALSE(prepared.verify_digest(e, {flip(good.r), good.s})) << bit;
    EXPECT_FALSE(prepared.verify_digest(e, {good.r, flip(good.s)})) << bit;
    EXPECT_FALSE(prepared.verify_digest(flip(e), good)) << bit;
  }
}

TEST(Sm2PreparedKey, RefusesNumbersOutOfRangeAndTZero) {
  const auto key = Sm2PrivateKey::generate();
  const Sm2PreparedKey prepared(key.public_key());
  const Sm3Digest e = sm3(kMessage);
  const Sm2Signature good = key.sign_digest(e);
  const Sm2Scalar order = internal::octets_from(internal::kGroupOrder);
  const Sm2Scalar minus_r = (internal::Scalar{} - internal::Scalar::reduce(good.r)).octets();
  EXPECT_FALSE(prepared.verify_digest(e, {Sm2Scalar{}, good.s}));
  EXPECT_FALSE(prepared.verify_digest(e, {good.r, Sm2Scalar{}}));
  EXPECT_FALSE(prepared.verify_digest(e, {order, good.s}));
  EXPECT_FALSE(prepared.verify_digest(e, {good.r, order}));
  EXPECT_FALSE(prepared.verify_digest(e, {good.r, minus_r}));
}

TEST(Sm2PreparedKey, SaysHowMuchMemoryItTakes) {
  using Shape = internal::Windows<internal::kSm2PreparedBits>;
  EXPECT_EQ(Sm2PreparedKey::kMemory, Shape::kCount * Shape::kPoints * 64);
}

TEST(Sm2PreparedKey, MovesWithItsTable) {
  const auto key = Sm2PrivateKey::generate();
  Sm2PreparedKey prepared(key.public_key());
  const Sm2PreparedKey moved = std::move(prepared);
  EXPECT_TRUE(moved.verify(kMessage, key.sign(kMessage)));
}

}  // namespace
}  // namespace hutong::crypto
