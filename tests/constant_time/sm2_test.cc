#include "crypto/sm2.h"

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/sm2_nonce_pool.h"
#include "tests/constant_time/secrets.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;
using internal::Sm2Coordinates;
using internal::Sm2Kernel;
using internal::Sm2ScalarOctets;

/// A secret below n.
Sm2ScalarOctets secret_scalar(test::SecretRandom& random) {
  return Scalar::reduce(random.octets<32>()).octets();
}

class Sm2Kernels : public test::Unreported<testing::TestWithParam<const Sm2Kernel*>> {};

TEST_P(Sm2Kernels, MultiplyTheGenerator) {
  const Sm2ScalarOctets k = secret_scalar(random_);
  Sm2Coordinates out;
  EXPECT_TRUE(GetParam()->multiply_base(k, out));
  EXPECT_TRUE(test::is_secret(out.x) && test::is_secret(out.y));
}

TEST_P(Sm2Kernels, MultiplyAPoint) {
  Sm2Coordinates point;
  ASSERT_TRUE(GetParam()->multiply_base(secret_scalar(random_), point));
  test::publish(point);
  Sm2Coordinates out;
  EXPECT_TRUE(GetParam()->multiply(secret_scalar(random_), point, out));
  EXPECT_TRUE(test::is_secret(out.x) && test::is_secret(out.y));
}

TEST_P(Sm2Kernels, MultiplyTheGeneratorAndAPoint) {
  Sm2Coordinates point;
  ASSERT_TRUE(GetParam()->multiply_base(secret_scalar(random_), point));
  test::publish(point);
  const Sm2ScalarOctets k = secret_scalar(random_);
  Sm2Coordinates base_out;
  Sm2Coordinates out;
  GetParam()->multiply_both(k, point, base_out, out);
  EXPECT_TRUE(test::is_secret(base_out.x) && test::is_secret(out.x));
  GetParam()->prepare(point)->multiply_both(k, base_out, out);
  EXPECT_TRUE(test::is_secret(base_out.y) && test::is_secret(out.y));
}

TEST_P(Sm2Kernels, MultiplyTheGeneratorManyTimes) {
  std::array<Sm2ScalarOctets, 32> k;
  std::array<Sm2ScalarOctets, 32> x;
  for (Sm2ScalarOctets& one : k) {
    one = secret_scalar(random_);
  }
  GetParam()->multiply_base_x(k, x);
  EXPECT_TRUE(test::is_secret(x.front()) && test::is_secret(x.back()));
}

INSTANTIATE_TEST_SUITE_P(OnThisPath, Sm2Kernels,
                         testing::ValuesIn(internal::sm2_kernels().begin(), internal::sm2_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

class Sm2 : public test::ConstantTime {
 protected:
  Sm2PrivateKey make_key() {
    Sm2PrivateKey key = Sm2PrivateKey::generate(random_);
    EXPECT_TRUE(test::is_secret(key.expose().expose()));
    test::publish(key.public_key().octets());
    return key;
  }
};

TEST_F(Sm2, ArithmeticModuloTheOrder) {
  const Scalar a = Scalar::reduce(random_.octets<32>());
  const Scalar b = Scalar::reduce(random_.octets<32>());
  for (const Scalar& result : {a + b, a - b, a * b, invert(a)}) {
    EXPECT_TRUE(test::is_secret(result.octets()));
  }
}

TEST_F(Sm2, KeyGeneration) { make_key(); }

TEST_F(Sm2, KeysFromOctets) {
  EXPECT_TRUE(Sm2PrivateKey::from_octets(secret_scalar(random_)));
  Sm2ScalarOctets too_large;
  too_large.fill(0xFF);
  test::make_secret(too_large);
  EXPECT_FALSE(Sm2PrivateKey::from_octets(too_large));
}

TEST_F(Sm2, Signing) {
  const Sm2PrivateKey key = make_key();
  const Sm2Signature signature = key.sign(as_bytes("a message"), kSm2DefaultId, random_);
  test::publish(signature);
  EXPECT_TRUE(key.public_key().verify(as_bytes("a message"), signature));
}

TEST_F(Sm2, SigningWithPreparedNonces) {
  const Sm2PrivateKey key = make_key();
  Sm2NoncePool pool(random_);
  for (int i = 0; i < 3; ++i) {
    const Sm2Signature signature = key.sign(as_bytes("a message"), kSm2DefaultId, pool);
    test::publish(signature);
    EXPECT_TRUE(key.public_key().verify(as_bytes("a message"), signature));
  }
}

TEST_F(Sm2, EncryptionAndDecryption) {
  const Sm2PrivateKey key = make_key();
  const Bytes message = random_.bytes(100);
  Bytes ciphertext = sm2_encrypt(key.public_key(), message, Sm2CipherLayout::kAsn1, random_).value();
  test::publish(ciphertext);
  const auto opened = sm2_decrypt(key, ciphertext);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(test::is_secret(opened->expose()));
  test::publish(opened->expose());
  test::publish(message);
  EXPECT_TRUE(equal(opened->expose(), message));
  ciphertext.back() ^= 1;
  EXPECT_FALSE(sm2_decrypt(key, ciphertext));
}

/// One octet of the key stream is zero once in 256 times; decryption must not take another way then.
TEST_F(Sm2, DecryptionOfOneOctet) {
  const Sm2PrivateKey key = make_key();
  Bytes ciphertext = sm2_encrypt(key.public_key(), random_.bytes(1), Sm2CipherLayout::kAsn1, random_).value();
  test::publish(ciphertext);
  const auto opened = sm2_decrypt(key, ciphertext);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(test::is_secret(opened->expose()));
}

TEST_F(Sm2, KeyExchange) {
  const Sm2PrivateKey a = make_key();
  const Sm2PrivateKey b = make_key();
  const Sm2PrivateKey ra = make_key();
  const Sm2PrivateKey rb = make_key();
  const auto of_a =
      sm2_exchange({Sm2KeyExchange::Role::kInitiator, a, ra, b.public_key(), rb.public_key()}, 48);
  const auto of_b =
      sm2_exchange({Sm2KeyExchange::Role::kResponder, b, rb, a.public_key(), ra.public_key()}, 48);
  ASSERT_TRUE(of_a && of_b);
  EXPECT_TRUE(test::is_secret(of_a->key.expose()));
  test::publish(of_a->key.expose());
  test::publish(of_b->key.expose());
  EXPECT_TRUE(equal(of_a->key.expose(), of_b->key.expose()));
}

}  // namespace
}  // namespace hutong::crypto
