#include "crypto/sm2.h"

#include <algorithm>
#include <stdexcept>

#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_signing_factor.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto {
namespace {

using internal::Scalar;

constexpr std::uint8_t kUncompressed = 0x04;

/// a || b || Gx || Gy as they stand in Z (GB/T 32918.5 clause 2).
constexpr std::array<std::uint8_t, 128> kCurveOctets = {
    0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC,
    0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34, 0x4D, 0x5A, 0x9E, 0x4B, 0xCF, 0x65, 0x09, 0xA7,
    0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92, 0xDD, 0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93,
    0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46, 0x6A, 0x39, 0xC9, 0x94,
    0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7,
    0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53,
    0xD0, 0xA9, 0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0};

/// 1 <= d <= n-2 (GB/T 32918.1 6.1), so that 1 + d has an inverse.
bool is_private_key(const Sm2Scalar& d) {
  const internal::Mask is_minus_one = (Scalar::reduce(d) + internal::kScalarOne).is_zero();
  return internal::is_in_order_range(d) && internal::declassify(is_minus_one) == 0;
}

Error refused_private_key() {
  return {Errc::kMalformed, "sm2.private_key", "a private key is 32 octets, from 1 to n-2"};
}

}  // namespace

Result<Sm2PublicKey> Sm2PublicKey::from_octets(ByteView octets) {
  Sm2PublicKey key;
  if (octets.size() != key.octets_.size() || octets[0] != kUncompressed) {
    return Error{Errc::kMalformed, "sm2.public_key", "a public key is 65 octets that begin with 04"};
  }
  if (!is_on_curve(internal::coordinates_from(octets.subspan(1)))) {
    return Error{Errc::kMalformed, "sm2.public_key", "the point is not on sm2p256v1"};
  }
  std::ranges::copy(octets, key.octets_.begin());
  return key;
}

Sm3Digest Sm2PublicKey::z(ByteView id) const {
  if (id.size() > kSm2MostIdSize) {
    throw std::length_error("an SM2 identifier of more than 8191 octets");
  }
  const std::size_t bits = id.size() * 8;
  const std::array<std::uint8_t, 2> entl = {static_cast<std::uint8_t>(bits >> 8),
                                            static_cast<std::uint8_t>(bits)};
  Sm3 hash;
  hash.update(entl);
  hash.update(id);
  hash.update(kCurveOctets);
  hash.update(ByteView(octets_).subspan(1));
  return hash.finish();
}

Sm2PrivateKey::Sm2PrivateKey(ByteView d)
    : d_(SecretBytes::copy_of(d)), signing_factor_(std::make_unique<internal::Sm2SigningFactor>()) {
  Sm2Scalar scalar = internal::scalar_octets(d);
  const internal::WipeAtExit wipe_scalar(scalar);
  internal::Sm2Coordinates point;
  internal::sm2_kernel().multiply_base(scalar, point);
  public_key_.octets_[0] = kUncompressed;
  std::ranges::copy(point.x, public_key_.octets_.begin() + 1);
  std::ranges::copy(point.y, public_key_.octets_.begin() + 33);
}

Sm2PrivateKey::Sm2PrivateKey(Sm2PrivateKey&&) noexcept = default;
Sm2PrivateKey& Sm2PrivateKey::operator=(Sm2PrivateKey&&) noexcept = default;
Sm2PrivateKey::~Sm2PrivateKey() = default;

Sm2PrivateKey Sm2PrivateKey::generate(RandomSource& random) {
  Sm2Scalar d;
  const internal::WipeAtExit wipe_d(d);
  do {
    random.fill(d);
  } while (!is_private_key(d));
  return Sm2PrivateKey(d);
}

Result<Sm2PrivateKey> Sm2PrivateKey::from_octets(ByteView d) {
  if (d.size() != std::tuple_size_v<Sm2Scalar>) {
    return refused_private_key();
  }
  Sm2Scalar scalar = internal::scalar_octets(d);
  const internal::WipeAtExit wipe_scalar(scalar);
  if (!is_private_key(scalar)) {
    return refused_private_key();
  }
  return Sm2PrivateKey(d);
}

}  // namespace hutong::crypto
