#pragma once

#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {

/// Both points made affine with one inversion: that of the product gives those of the factors (Montgomery's
/// trick). In constant time. Neither may be infinite: a factor of zero spoils both.
template <typename Arithmetic>
void to_coordinates(const ExtendedPoint<Arithmetic>& p, const ExtendedPoint<Arithmetic>& q,
                    Sm2Coordinates& p_out, Sm2Coordinates& q_out) {
  const auto inverse = invert(p.zzz * q.zzz);
  const auto write = [](const ExtendedPoint<Arithmetic>& point, const Element<Arithmetic>& zzz_inverse,
                        Sm2Coordinates& out) {
    const auto z_inverse = point.zz * zzz_inverse;
    out.x = octets_from(from_field(point.x * square(z_inverse)));
    out.y = octets_from(from_field(point.y * zzz_inverse));
  };
  write(p, inverse * q.zzz, p_out);
  write(q, inverse * p.zzz, q_out);
}

}  // namespace hutong::crypto::internal
