#include "crypto/sm2.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/sm2_ciphertext.h"
#include "crypto/internal/sm2_kdf.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/sm2_prepared.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/random_octets.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using test::random_bytes;

constexpr std::string_view kOrder = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";
constexpr std::string_view kOrderMinusOne =
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122";
constexpr std::string_view kOrderMinusTwo =
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54121";

/// Hands out the given octets, in turn.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(Bytes octets) : octets_(std::move(octets)) {}
  void fill(std::span<std::uint8_t> out) override {
    if (out.size() > octets_.size() - used_) {
      throw std::runtime_error("the test's random octets are used up");
    }
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
    used_ += out.size();
  }
  std::size_t used() const { return used_; }

 private:
  Bytes octets_;
  std::size_t used_ = 0;
};

Sm2PrivateKey private_key(ByteView d) { return std::move(Sm2PrivateKey::from_octets(d)).value(); }
Sm2PublicKey public_key(ByteView octets) { return std::move(Sm2PublicKey::from_octets(octets)).value(); }
test::peer::Sm2Key peer_of(const Sm2PrivateKey& key) {
  return test::peer::Sm2Key::from_private(key.expose().expose(), key.public_key().octets());
}

class Sm2SignVectors : public testing::TestWithParam<test::Vector> {};
TEST_P(Sm2SignVectors, MatchesStandard) {
  const test::Vector& vector = GetParam();
  const Sm2PrivateKey key = private_key(vector.hex("d"));
  const Sm2PublicKey& verifier = key.public_key();
  EXPECT_EQ(to_hex(verifier.octets()), to_hex(vector.hex("public_key")));
  EXPECT_EQ(to_hex(verifier.z(as_bytes(vector.text("id")))), to_hex(vector.hex("z")));
  FixedRandom random(vector.hex("k"));
  const ByteView message = as_bytes(vector.text("message"));
  const Sm2Signature signature = key.sign(message, vector.text("id"), random);
  EXPECT_EQ(to_hex(signature.r), to_hex(vector.hex("r")));
  EXPECT_EQ(to_hex(signature.s), to_hex(vector.hex("s")));
  EXPECT_EQ(to_hex(signature.to_der()), to_hex(vector.hex("der")));
  EXPECT_TRUE(verifier.verify(message, signature, vector.text("id")));
  Sm3Digest e;
  std::ranges::copy(vector.hex("e"), e.begin());
  EXPECT_TRUE(verifier.verify_digest(e, signature));
}
INSTANTIATE_TEST_SUITE_P(GbT32918, Sm2SignVectors,
                         testing::ValuesIn(test::load_vectors("crypto/sm2_sign.vec")),
                         [](const auto& vector) { return vector.param.name; });

class Sm2EncryptVectors : public testing::TestWithParam<test::Vector> {};
TEST_P(Sm2EncryptVectors, MatchesStandardInEveryLayout) {
  const test::Vector& vector = GetParam();
  const Sm2PrivateKey key = private_key(vector.hex("d"));
  const Sm2PreparedKey prepared(key.public_key());
  const ByteView message = as_bytes(vector.text("message"));
  const std::string c1 = to_hex(vector.hex("c1"));
  const std::string c2 = to_hex(vector.hex("c2"));
  const std::string c3 = to_hex(vector.hex("c3"));
  const std::vector<std::pair<Sm2CipherLayout, std::string>> expected = {
      {Sm2CipherLayout::kAsn1, to_hex(vector.hex("der"))},
      {Sm2CipherLayout::kC1C3C2, c1 + c3 + c2},
      {Sm2CipherLayout::kC1C2C3, c1 + c2 + c3},
      {Sm2CipherLayout::kC1C3C2NoPrefix, c1.substr(2) + c3 + c2},
      {Sm2CipherLayout::kC1C2C3NoPrefix, c1.substr(2) + c2 + c3}};
  for (const auto& [layout, octets] : expected) {
    FixedRandom random(vector.hex("k"));
    const auto ciphertext = sm2_encrypt(key.public_key(), message, layout, random);
    ASSERT_TRUE(ciphertext);
    EXPECT_EQ(to_hex(ciphertext.value()), octets);
    FixedRandom same_random(vector.hex("k"));
    const auto by_prepared_key = sm2_encrypt(prepared, message, layout, same_random);
    ASSERT_TRUE(by_prepared_key);
    EXPECT_EQ(to_hex(by_prepared_key.value()), octets);
    const auto decrypted = sm2_decrypt(key, ciphertext.value(), layout);
    ASSERT_TRUE(decrypted);
    EXPECT_TRUE(equal(decrypted->expose(), message));
  }
}
INSTANTIATE_TEST_SUITE_P(GbT32918, Sm2EncryptVectors,
                         testing::ValuesIn(test::load_vectors("crypto/sm2_encrypt.vec")),
                         [](const auto& vector) { return vector.param.name; });

class Sm2ExchangeVectors : public testing::TestWithParam<test::Vector> {};
TEST_P(Sm2ExchangeVectors, BothSidesGetTheStandardsKey) {
  const test::Vector& vector = GetParam();
  const Sm2PrivateKey initiator = private_key(vector.hex("d_initiator"));
  const Sm2PrivateKey responder = private_key(vector.hex("d_responder"));
  const Sm2PrivateKey initiator_ephemeral = private_key(vector.hex("r_initiator"));
  const Sm2PrivateKey responder_ephemeral = private_key(vector.hex("r_responder"));
  EXPECT_EQ(initiator.public_key(), public_key(vector.hex("public_initiator")));
  EXPECT_EQ(responder.public_key(), public_key(vector.hex("public_responder")));
  EXPECT_EQ(initiator_ephemeral.public_key(), public_key(vector.hex("ephemeral_initiator")));
  EXPECT_EQ(responder_ephemeral.public_key(), public_key(vector.hex("ephemeral_responder")));
  EXPECT_EQ(to_hex(initiator.public_key().z(as_bytes(kSm2DefaultId))), to_hex(vector.hex("z_initiator")));
  EXPECT_EQ(to_hex(responder.public_key().z(as_bytes(kSm2DefaultId))), to_hex(vector.hex("z_responder")));
  const auto size = vector.hex("key").size();
  const Sm2KeyExchange one{Sm2KeyExchange::Role::kInitiator, initiator, initiator_ephemeral,
                           responder.public_key(), responder_ephemeral.public_key()};
  const Sm2KeyExchange other{Sm2KeyExchange::Role::kResponder, responder, responder_ephemeral,
                             initiator.public_key(), initiator_ephemeral.public_key()};
  for (const Sm2KeyExchange& side : {one, other}) {
    const auto shared = sm2_exchange(side, size);
    ASSERT_TRUE(shared);
    EXPECT_EQ(to_hex(shared->key.expose()), to_hex(vector.hex("key")));
    EXPECT_EQ(to_hex(shared->responder_confirmation), to_hex(vector.hex("responder_confirmation")));
    EXPECT_EQ(to_hex(shared->initiator_confirmation), to_hex(vector.hex("initiator_confirmation")));
  }
}
INSTANTIATE_TEST_SUITE_P(GbT32918, Sm2ExchangeVectors,
                         testing::ValuesIn(test::load_vectors("crypto/sm2_exchange.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(Sm2Exchange, DiffersWithIdentifiersAndAgreesOnKeysOfAnySize) {
  const Sm2PrivateKey a = Sm2PrivateKey::generate();
  const Sm2PrivateKey b = Sm2PrivateKey::generate();
  const Sm2PrivateKey ra = Sm2PrivateKey::generate();
  const Sm2PrivateKey rb = Sm2PrivateKey::generate();
  const auto as_initiator = [&](std::string_view own_id, std::size_t size) {
    return to_hex(
        sm2_exchange(
            {Sm2KeyExchange::Role::kInitiator, a, ra, b.public_key(), rb.public_key(), own_id, "Bob"}, size)
            ->key.expose());
  };
  const auto as_responder = [&](std::string_view peer_id, std::size_t size) {
    return to_hex(
        sm2_exchange(
            {Sm2KeyExchange::Role::kResponder, b, rb, a.public_key(), ra.public_key(), "Bob", peer_id}, size)
            ->key.expose());
  };
  for (const std::size_t size : {1U, 16U, 32U, 33U, 100U}) {
    EXPECT_EQ(as_initiator("Alice", size), as_responder("Alice", size));
    EXPECT_EQ(as_initiator("Alice", size).size(), 2 * size);
  }
  EXPECT_NE(as_initiator("Alice", 16), as_responder("Alicf", 16));
}

/// The peer chooses its long-term point as the negative of xbar*R: the inner sum is infinity.
TEST(Sm2Exchange, RefusesAPeerWhoseSumIsInfinity) {
  using internal::Scalar;
  const Sm2PrivateKey own = Sm2PrivateKey::generate();
  const Sm2PrivateKey own_ephemeral = Sm2PrivateKey::generate();
  const Sm2PrivateKey peer_ephemeral = Sm2PrivateKey::generate();
  Sm2Scalar shortened{};
  std::copy_n(peer_ephemeral.public_key().octets().begin() + 17, 16, shortened.begin() + 16);
  shortened[16] |= 0x80;
  const Scalar product =
      Scalar::reduce(shortened) * Scalar::reduce(internal::scalar_octets(peer_ephemeral.expose().expose()));
  const Sm2PrivateKey peer = private_key((Scalar{} - product).octets());
  const auto shared = sm2_exchange(
      {Sm2KeyExchange::Role::kInitiator, own, own_ephemeral, peer.public_key(), peer_ephemeral.public_key()},
      16);
  ASSERT_FALSE(shared);
  EXPECT_EQ(shared.error().code, Errc::kCryptoFail);
  EXPECT_EQ(shared.error().reason, "sm2.key_exchange");
}

TEST(Sm2PrivateKey, RefusesZeroAndWhatIsNotBelowNMinusOne) {
  const std::string zeros(64, '0');
  const std::string ones(64, 'F');
  for (const std::string_view d : {std::string_view(zeros), kOrderMinusOne, kOrder, std::string_view(ones)}) {
    const auto key = Sm2PrivateKey::from_octets(test::hex(d));
    ASSERT_FALSE(key) << d;
    EXPECT_EQ(key.error().code, Errc::kMalformed);
    EXPECT_EQ(key.error().reason, "sm2.private_key");
  }
  EXPECT_FALSE(Sm2PrivateKey::from_octets(Bytes(31, 1)));
  EXPECT_FALSE(Sm2PrivateKey::from_octets(Bytes(33, 1)));
  EXPECT_TRUE(Sm2PrivateKey::from_octets(test::hex(kOrderMinusTwo)));
}

TEST(Sm2PrivateKey, GenerationSkipsNumbersOutOfRange) {
  Bytes octets(32, 0);
  append(octets, test::hex(kOrderMinusOne));
  append(octets, Bytes(32, 0xFF));
  append(octets, test::hex(kOrderMinusTwo));
  FixedRandom random(octets);
  const Sm2PrivateKey key = Sm2PrivateKey::generate(random);
  EXPECT_EQ(to_hex(key.expose().expose()), to_hex(test::hex(kOrderMinusTwo)));
  EXPECT_EQ(random.used(), octets.size());
}

TEST(Sm2PrivateKey, EdgeKeysSignForOpenssl) {
  for (std::string d : {std::string(63, '0') + "1", std::string(63, '0') + "2", std::string(kOrderMinusTwo),
                        std::string("8") + std::string(63, '0'), std::string("7") + std::string(63, 'F')}) {
    const Sm2PrivateKey key = private_key(test::hex(d));
    const Bytes message = random_bytes(50);
    const Bytes signature = key.sign(message).to_der();
    EXPECT_TRUE(peer_of(key).verify(message, signature, kSm2DefaultId)) << d;
  }
}

/// The first signatures compute what the later ones find.
TEST(Sm2PrivateKey, ThreadsMaySignFirstAtTheSameTime) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 20; ++round) {
    Sm2PrivateKey made = Sm2PrivateKey::generate();
    const Sm2PrivateKey key = std::move(made);
    std::atomic<int> good = 0;
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
          for (int n = 0; n < 3; ++n) {
            good += key.public_key().verify(ByteView(), key.sign(ByteView())) ? 1 : 0;
          }
        });
      }
    }
    EXPECT_EQ(good, 3 * kThreads);
  }
}

/// Skips a nonce for which r + k = n: with e chosen as n - k - x1 - k + n that happens for the first nonce.
TEST(Sm2PrivateKey, SigningSkipsTheNoncesThatTheStandardForbids) {
  using internal::Scalar;
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Sm2PrivateKey nonce = Sm2PrivateKey::generate();
  const Scalar k = Scalar::reduce(internal::scalar_octets(nonce.expose().expose()));
  const Scalar x1 = Scalar::reduce(internal::scalar_octets(ByteView(nonce.public_key().octets()).subspan(1)));
  const Scalar d = Scalar::reduce(internal::scalar_octets(key.expose().expose()));
  const Scalar r_is_zero = Scalar{} - x1;
  const Scalar sum_is_zero = Scalar{} - k - x1;
  const Scalar s_is_zero = k * invert(d) - x1;  // k = r*d
  for (const Scalar& e : {r_is_zero, sum_is_zero, s_is_zero}) {
    Bytes octets = to_bytes(nonce.expose().expose());
    append(octets, Bytes(32, 0x5A));
    FixedRandom random(octets);
    const Sm2Signature signature = key.sign_digest(e.octets(), random);
    EXPECT_EQ(random.used(), 64U);
    EXPECT_TRUE(key.public_key().verify_digest(e.octets(), signature));
  }
}

TEST(Sm2PublicKey, ZRefusesIdentifiersThatEntlCannotCount) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const std::string longest(kSm2MostIdSize, 'x');
  const Bytes message = random_bytes(10);
  const Sm2Signature signature = key.sign(message, longest);
  EXPECT_TRUE(key.public_key().verify(message, signature, longest));
  EXPECT_FALSE(key.public_key().verify(message, signature, longest + "x"));
  EXPECT_THROW(static_cast<void>(key.public_key().z(as_bytes(longest + "x"))), std::length_error);
}

TEST(Sm2WithOpenssl, SignaturesAreAcceptedBothWays) {
  for (int i = 0; i < 40; ++i) {
    const Sm2PrivateKey key = Sm2PrivateKey::generate();
    const test::peer::Sm2Key peer = peer_of(key);
    EXPECT_EQ(to_hex(peer.public_octets()), to_hex(key.public_key().octets()));
    const Bytes message = random_bytes(static_cast<std::size_t>(i) * 7);
    const std::string id =
        i % 3 == 0 ? std::string(kSm2DefaultId) : std::string(static_cast<std::size_t>(i), 'i');
    const Bytes ours = key.sign(message, id).to_der();
    EXPECT_TRUE(peer.verify(message, ours, id));
    EXPECT_FALSE(peer.verify(message, ours, id + "!"));
    const auto theirs = Sm2Signature::from_der(peer.sign(message, id));
    ASSERT_TRUE(theirs);
    EXPECT_TRUE(key.public_key().verify(message, theirs.value(), id));
    EXPECT_FALSE(key.public_key().verify(message, theirs.value(), id + "!"));
  }
}

TEST(Sm2WithOpenssl, CiphertextsAreOpenedBothWays) {
  for (std::size_t size = 8; size < 200; size += 5) {
    const Sm2PrivateKey key = Sm2PrivateKey::generate();
    const test::peer::Sm2Key peer = peer_of(key);
    const Bytes message = random_bytes(size);
    const auto opened_by_peer = peer.decrypt(sm2_encrypt(key.public_key(), message).value());
    ASSERT_TRUE(opened_by_peer) << size;
    EXPECT_EQ(*opened_by_peer, message);
    const auto opened = sm2_decrypt(key, peer.encrypt(message));
    ASSERT_TRUE(opened) << size;
    EXPECT_TRUE(equal(opened->expose(), message));
  }
}

TEST(Sm2Encryption, MessagesOfOneOctetComeBack) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  for (int i = 0; i < 600; ++i) {  // about two of them meet a key stream of zeros and take another nonce
    const Bytes message = {static_cast<std::uint8_t>(i)};
    const auto opened = sm2_decrypt(key, sm2_encrypt(key.public_key(), message).value());
    ASSERT_TRUE(opened);
    EXPECT_TRUE(equal(opened->expose(), message));
  }
}

/// C2 of one octet under a key stream of one zero, with the hash that belongs to it: GB/T 32918.4 7.1 B4.
TEST(Sm2Encryption, AKeyStreamOfZerosIsRefusedAlthoughTheHashIsRight) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const auto p = internal::coordinates_from(ByteView(key.public_key().octets()).subspan(1));
  internal::Sm2Ciphertext forged{.c1 = {}, .c2 = {0x5A}, .c3 = {}};
  internal::Sm2Coordinates shared;
  std::uint8_t stream = 1;
  while (stream != 0) {
    const Sm2PrivateKey nonce = Sm2PrivateKey::generate();
    internal::sm2_kernel().multiply_both(internal::scalar_octets(nonce.expose().expose()), p, forged.c1,
                                         shared);
    Sm3 hash;
    hash.update(shared.x);
    hash.update(shared.y);
    internal::derive_key(hash, std::span(&stream, 1));
  }
  Sm3 hash;
  hash.update(shared.x);
  hash.update(forged.c2);
  hash.update(shared.y);
  forged.c3 = hash.finish();
  const auto opened = sm2_decrypt(key, internal::write_ciphertext(forged, Sm2CipherLayout::kAsn1));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().reason, "sm2.decrypt");
}

TEST(Sm2Encryption, RefusesEmptyMessagesAndForeignKeys) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const auto empty = sm2_encrypt(key.public_key(), {});
  EXPECT_FALSE(sm2_encrypt(Sm2PreparedKey(key.public_key()), {}));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().reason, "sm2.empty_message");
  EXPECT_EQ(empty.error().code, Errc::kPolicy);
  const Bytes ciphertext = sm2_encrypt(key.public_key(), Bytes(20, 1)).value();
  const auto opened = sm2_decrypt(Sm2PrivateKey::generate(), ciphertext);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCryptoFail);
  EXPECT_EQ(opened.error().reason, "sm2.decrypt");
}

}  // namespace
}  // namespace hutong::crypto
