#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/internal/sm2_base_batch.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_multiples.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/sm2_secret_multiple.h"
#include "crypto/internal/sm2_shared_inversion.h"
#include "crypto/internal/sm2_table.h"
#include "crypto/internal/sm2_window.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// The functions of an Sm2Kernel over one arithmetic of the field.
template <typename Arithmetic>
class Sm2Group {
 public:
  static bool multiply_base(const Sm2ScalarOctets& k, Sm2Coordinates& out) {
    Limbs scalar = limbs_from(k);
    const WipeAtExit wipe_scalar(scalar);
    Extended product = secret_base_table().multiply(scalar);
    const WipeAtExit wipe_product(product);
    return to_coordinates(product, out);
  }

  static bool multiply(const Sm2ScalarOctets& k, const Sm2Coordinates& p, Sm2Coordinates& out) {
    Limbs scalar = limbs_from(k);
    const WipeAtExit wipe_scalar(scalar);
    Jacobian product = secret_multiple(scalar, from_coordinates<Arithmetic>(p));
    const WipeAtExit wipe_product(product);
    return to_coordinates(to_extended(product), out);
  }

  static void multiply_both(const Sm2ScalarOctets& k, const Sm2Coordinates& p, Sm2Coordinates& base_out,
                            Sm2Coordinates& out) {
    Limbs scalar = limbs_from(k);
    const WipeAtExit wipe_scalar(scalar);
    Extended base_product = secret_base_table().multiply(scalar);
    const WipeAtExit wipe_base_product(base_product);
    Extended product = to_extended(secret_multiple(scalar, from_coordinates<Arithmetic>(p)));
    const WipeAtExit wipe_product(product);
    to_coordinates(base_product, product, base_out, out);
  }

  static void multiply_base_x(std::span<const Sm2ScalarOctets> k, std::span<Sm2ScalarOctets> x) {
    while (!k.empty()) {
      const std::size_t count = std::min(k.size(), Sm2BaseBatch<Arithmetic>::kMost);
      Sm2BaseBatch<Arithmetic>::multiply(k.first(count), x);
      k = k.subspan(count);
      x = x.subspan(count);
    }
  }

  static bool multiply_add_public(const Sm2ScalarOctets& k, const Sm2Coordinates& p, const Sm2Coordinates& q,
                                  Sm2Coordinates& out) {
    const Extended product =
        to_extended(multiply_point_public(limbs_from(k), from_coordinates<Arithmetic>(p)));
    return to_coordinates(add_public(product, from_coordinates<Arithmetic>(q)), out);
  }

  static bool has_x(const Sm2ScalarOctets& s, const Sm2ScalarOctets& t, const Sm2Coordinates& p,
                    const Sm2ScalarOctets& x) {
    const Jacobian product = multiply_point_public(limbs_from(t), from_coordinates<Arithmetic>(p));
    return is_x_of(public_base_table().multiply_add_public(limbs_from(s), to_extended(product)), x);
  }

  static std::unique_ptr<const Sm2PreparedPoint> prepare(const Sm2Coordinates& p) {
    return std::make_unique<const Prepared>(from_coordinates<Arithmetic>(p));
  }

 private:
  using Affine = AffinePoint<Arithmetic>;
  using Jacobian = JacobianPoint<Arithmetic>;
  using Extended = ExtendedPoint<Arithmetic>;

  class Prepared final : public Sm2PreparedPoint {
   public:
    explicit Prepared(const Affine& point) : table_(point) {}
    bool has_x(const Sm2ScalarOctets& s, const Sm2ScalarOctets& t, const Sm2ScalarOctets& x) const override {
      const Extended part = table_.multiply_add_public(limbs_from(t), {});
      return is_x_of(public_base_table().multiply_add_public(limbs_from(s), part), x);
    }
    void multiply_both(const Sm2ScalarOctets& k, Sm2Coordinates& base_out,
                       Sm2Coordinates& out) const override {
      Limbs scalar = limbs_from(k);
      const WipeAtExit wipe_scalar(scalar);
      Extended base_product = secret_base_table().multiply(scalar);
      const WipeAtExit wipe_base_product(base_product);
      Extended product = table_.multiply(scalar);
      const WipeAtExit wipe_product(product);
      to_coordinates(base_product, product, base_out, out);
    }

   private:
    FixedPointTable<Arithmetic, kSm2PreparedBits> table_;
  };

  /// Small, because every read goes through a whole window.
  static const FixedPointTable<Arithmetic, 6>& secret_base_table() {
    static const FixedPointTable<Arithmetic, 6> table(generator<Arithmetic>());
    return table;
  }
  static const FixedPointTable<Arithmetic, 8>& public_base_table() {
    static const FixedPointTable<Arithmetic, 8> table(generator<Arithmetic>());
    return table;
  }

  static constexpr std::size_t kNafBits = 5;

  /// Non-adjacent form: odd digits below 2^(kNafBits-1) in magnitude, at least kNafBits-1 zeros after each,
  /// lowest first.
  static std::array<int, 257> non_adjacent_form(Limbs k) {
    constexpr int kModulus = 1 << kNafBits;
    std::array<int, 257> digits{};
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if ((k[0] & 1) != 0) {
        const int low = static_cast<int>(k[0] & (kModulus - 1));
        digits[i] = low > kModulus / 2 ? low - kModulus : low;
        if (digits[i] > 0) {
          internal::subtract(k, k, {static_cast<std::uint64_t>(digits[i]), 0, 0, 0});
        } else {  // k < n leaves room for the carry
          internal::add(k, k, {static_cast<std::uint64_t>(-digits[i]), 0, 0, 0});
        }
      }
      for (std::size_t limb = 0; limb < 4; ++limb) {
        k[limb] = k[limb] >> 1 | (limb < 3 ? k[limb + 1] << 63 : 0);
      }
    }
    return digits;
  }

  static Jacobian multiply_point_public(const Limbs& k, const Affine& p) {
    const auto multiples = CommonMultiples<Arithmetic, std::size_t{1} << (kNafBits - 2)>::odd(p);
    const std::array<int, 257> digits = non_adjacent_form(k);
    Jacobian sum;
    std::size_t doublings = 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
      ++doublings;
      if (digits[i] != 0) {
        sum = sum.is_infinity() != 0 ? sum : twice_times(sum, doublings, multiples.a());
        doublings = 0;
        Affine addend =
            multiples.points()[static_cast<std::size_t>(digits[i] > 0 ? digits[i] : -digits[i]) / 2];
        if (digits[i] < 0) {
          addend.y = negate(addend.y);
        }
        sum = add_public(sum, addend, multiples.a());
      }
    }
    return multiples.bring_back(twice_times(sum, doublings, multiples.a()));
  }

  /// Compares X with x*Z^2, which saves the inversion. As p > n, x + n may be the coordinate as well.
  static bool is_x_of(const Extended& point, const Sm2ScalarOctets& x) {
    if (point.is_infinity() != 0) {
      return false;
    }
    const Limbs small = limbs_from(x);
    if (to_field<Arithmetic>(small) * point.zz == point.x) {
      return true;
    }
    Limbs large;
    const Carry carry = internal::add(large, small, kGroupOrder);
    return carry == 0 && mask_if_less(large, kFieldPrime) != 0 &&
           to_field<Arithmetic>(large) * point.zz == point.x;
  }
};

/// The kernel over one arithmetic.
template <typename Arithmetic>
constexpr Sm2Kernel make_sm2_kernel(std::string_view name) {
  using Group = Sm2Group<Arithmetic>;
  return {name,
          Group::multiply_base,
          Group::multiply,
          Group::multiply_both,
          Group::multiply_base_x,
          Group::multiply_add_public,
          Group::has_x,
          Group::prepare};
}

}  // namespace hutong::crypto::internal
