#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <optional>
#include <stdexcept>

#include "crypto/internal/sm2_kernel.h"
#include "tests/support/openssl_owned.h"

/// The curve and numbers of OpenSSL, as the other side of tests of the arithmetic.
namespace hutong::test::peer {

using BigNumber = Owned<BIGNUM, BN_free>;
using BigNumberContext = Owned<BN_CTX, BN_CTX_free>;
using Group = Owned<EC_GROUP, EC_GROUP_free>;
using Point = Owned<EC_POINT, EC_POINT_free>;

inline crypto::internal::Sm2ScalarOctets octets_of(const BIGNUM* number) {
  crypto::internal::Sm2ScalarOctets out{};
  BN_bn2binpad(number, out.data(), static_cast<int>(out.size()));
  return out;
}
inline BigNumber number_from(const crypto::internal::Sm2ScalarOctets& octets) {
  return BigNumber(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

class Curve {
 public:
  Curve() : group_(EC_GROUP_new_by_curve_name(NID_sm2)), context_(BN_CTX_new()) {}

  /// a*G + b*P; nothing at infinity. Throws when P is not on the curve.
  std::optional<crypto::internal::Sm2Coordinates> combine(const crypto::internal::Sm2ScalarOctets& a,
                                                          const crypto::internal::Sm2ScalarOctets& b,
                                                          const crypto::internal::Sm2Coordinates& p) {
    const Point point(EC_POINT_new(group_.get()));
    const Point sum(EC_POINT_new(group_.get()));
    if (EC_POINT_set_affine_coordinates(group_.get(), point.get(), number_from(p.x).get(),
                                        number_from(p.y).get(), context_.get()) != 1) {
      throw std::runtime_error("OpenSSL refuses the point");
    }
    EC_POINT_mul(group_.get(), sum.get(), number_from(a).get(), point.get(), number_from(b).get(),
                 context_.get());
    if (EC_POINT_is_at_infinity(group_.get(), sum.get()) == 1) {
      return std::nullopt;
    }
    return coordinates(sum.get());
  }

  /// The point with this x and an even y, or zeros when there is none.
  crypto::internal::Sm2Coordinates lift(const crypto::internal::Sm2ScalarOctets& x) {
    const Point point(EC_POINT_new(group_.get()));
    if (EC_POINT_set_compressed_coordinates(group_.get(), point.get(), number_from(x).get(), 0,
                                            context_.get()) != 1) {
      return {};
    }
    return coordinates(point.get());
  }

 private:
  crypto::internal::Sm2Coordinates coordinates(const EC_POINT* point) {
    const BigNumber x(BN_new());
    const BigNumber y(BN_new());
    EC_POINT_get_affine_coordinates(group_.get(), point, x.get(), y.get(), context_.get());
    return {octets_of(x.get()), octets_of(y.get())};
  }

  Group group_;
  BigNumberContext context_;
};

}  // namespace hutong::test::peer
