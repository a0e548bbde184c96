#include <array>
#include <vector>

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_window.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

/// digit * 32^window * G for every window and every digit from 1 to 16: 52 KiB, made once.
class BaseTable {
 public:
  BaseTable() {
    std::vector<JacobianPoint> points;
    points.reserve(kWindows * kWindowPoints);
    JacobianPoint window_base = to_jacobian(kGenerator);
    for (std::size_t window = 0; window < kWindows; ++window) {
      points.push_back(window_base);
      for (std::size_t digit = 2; digit <= kWindowPoints; ++digit) {
        points.push_back(add_public(points.back(), window_base));
      }
      window_base = twice(points.back());
    }
    affine_ = to_affine(points);
  }

  const AffinePoint& at(std::size_t window, std::size_t digit) const {
    return affine_[window * kWindowPoints + digit - 1];
  }
  /// Reads the whole window, whatever the digit; zeros for the digit 0.
  AffinePoint select(std::size_t window, std::uint64_t digit) const {
    AffinePoint out;
    for (std::size_t candidate = 1; candidate <= kWindowPoints; ++candidate) {
      const Mask wanted = mask_if_equal(candidate, digit);
      const AffinePoint& point = at(window, candidate);
      for (std::size_t i = 0; i < 4; ++i) {
        out.x.limbs[i] |= point.x.limbs[i] & wanted;
        out.y.limbs[i] |= point.y.limbs[i] & wanted;
      }
    }
    return out;
  }

 private:
  std::vector<AffinePoint> affine_;
};

const BaseTable& base_table() {
  static const BaseTable table;
  return table;
}

/// Windows from the lowest up: the sum so far is always smaller than the next window's addend, so that for k
/// in [0, n-1] no addition ever meets two equal points, and add_different() suffices.
JacobianPoint multiply_generator(const Limbs& k) {
  const BaseTable& table = base_table();
  JacobianPoint sum;
  for (std::size_t window = 0; window < kWindows; ++window) {
    const Digit digit = window_digit(k, window);
    AffinePoint addend = table.select(window, digit.magnitude);
    addend.y = select(digit.negative, negate(addend.y), addend.y);
    sum = add_different(sum, addend, mask_if_zero(digit.magnitude));
  }
  return sum;
}

using PointTable = std::array<JacobianPoint, kWindowPoints>;  ///< 1P to 16P

PointTable make_point_table(const AffinePoint& p) {
  PointTable table;
  table[0] = to_jacobian(p);
  for (std::size_t i = 1; i < table.size(); ++i) {
    table[i] = add_public(table[i - 1], table[0]);
  }
  return table;
}

/// Reads the whole table, whatever the digit; infinity for the digit 0.
JacobianPoint select(const PointTable& table, std::uint64_t digit) {
  JacobianPoint out;
  for (std::size_t i = 0; i < table.size(); ++i) {
    out = select(mask_if_equal(i + 1, digit), table[i], out);
  }
  return out;
}

/// Windows from the highest down. Before the last window the sum is 32*m*P with 32*m + digit < n, which meets
/// digit*P only in that last window (for k = n - 6): only there a complete addition is needed.
JacobianPoint multiply_point(const Limbs& k, const AffinePoint& p) {
  const PointTable table = make_point_table(p);
  JacobianPoint sum;
  for (std::size_t window = kWindows; window-- > 0;) {
    for (std::size_t i = 0; i < kWindowBits; ++i) {
      sum = twice(sum);
    }
    const Digit digit = window_digit(k, window);
    JacobianPoint addend = select(table, digit.magnitude);
    addend.y = select(digit.negative, negate(addend.y), addend.y);
    sum = window == 0 ? add_complete(sum, addend) : add_different(sum, addend);
  }
  return sum;
}

/// Non-adjacent form of width 5: odd digits from -15 to 15, at least four zeros after each, lowest first.
std::array<int, 257> non_adjacent_form(Limbs k) {
  std::array<int, 257> digits{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if ((k[0] & 1) != 0) {
      const int low = static_cast<int>(k[0] & 31);
      digits[i] = low > 16 ? low - 32 : low;
      if (digits[i] > 0) {
        subtract(k, k, {static_cast<std::uint64_t>(digits[i]), 0, 0, 0});
      } else {
        add(k, k, {static_cast<std::uint64_t>(-digits[i]), 0, 0, 0});  // k < n leaves room for the carry
      }
    }
    for (std::size_t limb = 0; limb < 4; ++limb) {
      k[limb] = k[limb] >> 1 | (limb < 3 ? k[limb + 1] << 63 : 0);
    }
  }
  return digits;
}

JacobianPoint with_sign(const JacobianPoint& p, bool negative) {
  return negative ? JacobianPoint{p.x, negate(p.y), p.z} : p;
}

JacobianPoint multiply_point_public(const Limbs& k, const AffinePoint& p) {
  std::array<JacobianPoint, 8> odd_multiples;
  odd_multiples[0] = to_jacobian(p);
  const JacobianPoint step = twice(odd_multiples[0]);
  for (std::size_t i = 1; i < odd_multiples.size(); ++i) {
    odd_multiples[i] = add_public(odd_multiples[i - 1], step);
  }
  const std::array<int, 257> digits = non_adjacent_form(k);
  JacobianPoint sum;
  for (std::size_t i = digits.size(); i-- > 0;) {
    sum = twice(sum);
    if (digits[i] != 0) {
      const auto index = static_cast<std::size_t>(digits[i] > 0 ? digits[i] : -digits[i]) / 2;
      sum = add_public(sum, with_sign(odd_multiples[index], digits[i] < 0));
    }
  }
  return sum;
}

JacobianPoint multiply_generator_public(const Limbs& k) {
  const BaseTable& table = base_table();
  JacobianPoint sum;
  for (std::size_t window = 0; window < kWindows; ++window) {
    const Digit digit = window_digit(k, window);
    if (digit.magnitude != 0) {
      AffinePoint addend = table.at(window, digit.magnitude);
      if (digit.negative != 0) {
        addend.y = negate(addend.y);
      }
      sum = add_different(sum, addend, Mask{0});
    }
  }
  return sum;
}

bool multiply_base(const Sm2ScalarOctets& k, Sm2Coordinates& out) {
  Limbs scalar = limbs_from(k);
  const WipeAtExit wipe_scalar(scalar);
  JacobianPoint product = multiply_generator(scalar);
  const WipeAtExit wipe_product(product);
  return to_coordinates(product, out);
}

bool multiply(const Sm2ScalarOctets& k, const Sm2Coordinates& p, Sm2Coordinates& out) {
  Limbs scalar = limbs_from(k);
  const WipeAtExit wipe_scalar(scalar);
  JacobianPoint product = multiply_point(scalar, from_coordinates(p));
  const WipeAtExit wipe_product(product);
  return to_coordinates(product, out);
}

bool multiply_add_public(const Sm2ScalarOctets& k, const Sm2Coordinates& p, const Sm2Coordinates& q,
                         Sm2Coordinates& out) {
  const JacobianPoint product = multiply_point_public(limbs_from(k), from_coordinates(p));
  return to_coordinates(add_public(product, to_jacobian(from_coordinates(q))), out);
}

/// Compares X with x*Z^2, which saves the inversion. As p > n, x + n may be the coordinate as well.
bool has_x(const Sm2ScalarOctets& s, const Sm2ScalarOctets& t, const Sm2Coordinates& p,
           const Sm2ScalarOctets& x) {
  const JacobianPoint sum = add_public(multiply_point_public(limbs_from(t), from_coordinates(p)),
                                       multiply_generator_public(limbs_from(s)));
  if (sum.is_infinity() != 0) {
    return false;
  }
  const FieldElement z2 = square(sum.z);
  const Limbs small = limbs_from(x);
  if (to_field(small) * z2 == sum.x) {
    return true;
  }
  Limbs large;
  const Carry carry = add(large, small, kGroupOrder);
  return carry == 0 && mask_if_less(large, kFieldPrime) != 0 && to_field(large) * z2 == sum.x;
}

}  // namespace

const Sm2Kernel kSm2Portable = {"portable", multiply_base, multiply, multiply_add_public, has_x};

}  // namespace hutong::crypto::internal
