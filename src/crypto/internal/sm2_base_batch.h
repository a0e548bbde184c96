#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "crypto/internal/sm2_odd_digits.h"
#include "crypto/internal/sm2_odd_multiples.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// The x coordinates of k*G for a batch of k, in constant time: what prepared nonces need.
///
/// As -k*G has the same x, k may be odd; then it is a sum of 43 odd digits times 64^i. The 43 points of each
/// k are summed in a tree, neighbours first, in affine coordinates: six rounds in all, and one inversion
/// serves a whole round of the batch (Montgomery's trick), which makes an addition 5M + 1S, where a sum of
/// its own takes 8M + 2S.
template <typename Arithmetic>
class Sm2BaseBatch {
 public:
  static constexpr std::size_t kMost = 32;

  /// 1 to kMost of them, each in [1, n-1].
  static void multiply(std::span<const Sm2ScalarOctets> k, std::span<Sm2ScalarOctets> x) {
    const auto batch = std::make_unique<Sm2BaseBatch>();
    const WipeAtExit wipe_batch(*batch);
    batch->read_addends(k);
    for (std::size_t columns = kWindows; columns > 1; columns = (columns + 1) / 2) {
      batch->add_neighbours(columns);
    }
    for (std::size_t row = 0; row < k.size(); ++row) {
      x[row] = octets_from(from_field(batch->points_[0][row].x));
    }
  }

 private:
  using Field = Element<Arithmetic>;
  using Affine = AffinePoint<Arithmetic>;
  using Digits = OddDigits<6>;
  static constexpr std::size_t kWindows = Digits::kCount;

  void read_addends(std::span<const Sm2ScalarOctets> k) {
    static const std::vector<Affine> table = odd_multiples_of_generator<Arithmetic>(kWindows, Digits::kRows);
    rows_ = k.size() + k.size() % 2;
    for (std::size_t row = 0; row < rows_; ++row) {
      digits_[row] = Digits(limbs_from(k[std::min(row, k.size() - 1)]));
    }
    for (std::size_t window = 0; window < kWindows; ++window) {
      const std::span<const Affine> multiples(table.data() + window * Digits::kRows, Digits::kRows);
      for (std::size_t row = 0; row < rows_; ++row) {
        const auto digit = digits_[row].at(window);
        Affine addend = Arithmetic::read_row(multiples, digit.row);
        addend.y = select(digit.negative, negate(addend.y), addend.y);
        points_[window][row] = addend;
      }
    }
  }
  /// One round: in every row, the points 2i and 2i + 1 become point i. Sums of different windows are never
  /// equal or opposite, except that in the last round two equal ones meet for a single k.
  void add_neighbours(std::size_t columns) {
    const std::size_t pairs = columns / 2;
    const bool is_last = columns == 2;
    Field even = Field::one();
    Field odd = Field::one();
    for (std::size_t column = pairs; column-- > 0;) {
      for (std::size_t row = rows_; row != 0; row -= 2) {
        append_run(column, row - 1, is_last, odd);
        append_run(column, row - 2, is_last, even);
      }
    }
    const Field inverse = invert(even * odd);
    Inverses inverses{inverse * odd, inverse * even};
    for (std::size_t column = 0; column < pairs; ++column) {
      for (std::size_t row = 0; row < rows_; row += 2) {
        add_two_rows(column, row, is_last, inverses);
      }
    }
    if (columns % 2 != 0) {
      points_[pairs] = points_[columns - 1];
    }
  }
  void append_run(std::size_t column, std::size_t row, bool is_last, Field& product) {
    const Affine& p = points_[2 * column][row];
    const Affine& q = points_[2 * column + 1][row];
    const Field run = is_last ? complete_run(p, q) : q.x - p.x;
    runs_[column][row] = run;
    products_after_[column][row] = product;
    product = product * run;
  }

  /// The inverse of the product of all runs that are still to come, in even and in odd rows. Two products,
  /// and two additions side by side, because one waits for itself at every step.
  struct Inverses {
    Field even;
    Field odd;
  };
  void add_two_rows(std::size_t column, std::size_t row, bool is_last, Inverses& inverses) {
    const Affine p0 = points_[2 * column][row];
    const Affine p1 = points_[2 * column][row + 1];
    const Affine q0 = points_[2 * column + 1][row];
    const Affine q1 = points_[2 * column + 1][row + 1];
    const Field run_inverse0 = inverses.even * products_after_[column][row];
    const Field run_inverse1 = inverses.odd * products_after_[column][row + 1];
    inverses.even = inverses.even * runs_[column][row];
    inverses.odd = inverses.odd * runs_[column][row + 1];
    const Field slope0 = (is_last ? complete_rise(p0, q0) : q0.y - p0.y) * run_inverse0;
    const Field slope1 = (is_last ? complete_rise(p1, q1) : q1.y - p1.y) * run_inverse1;
    const Field x0 = square(slope0) - p0.x - q0.x;
    const Field x1 = square(slope1) - p1.x - q1.x;
    points_[column][row] = {x0, slope0 * (p0.x - x0) - p0.y};
    points_[column][row + 1] = {x1, slope1 * (p1.x - x1) - p1.y};
  }

  /// The slope through two points is rise / run; that of the tangent, (3x^2 - 3) / 2y, when they are one.
  static Field complete_run(const Affine& p, const Affine& q) {
    const Field run = q.x - p.x;
    return select(mask_if_zero(run), twice(p.y), run);
  }
  static Field complete_rise(const Affine& p, const Affine& q) {
    const Field less_one = square(p.x) - Field::one();
    return select(mask_if_zero(q.x - p.x), twice(less_one) + less_one, q.y - p.y);
  }

  template <typename Entry, std::size_t kColumns>
  using Columns = std::array<std::array<Entry, kMost>, kColumns>;
  std::size_t rows_ = 0;  ///< even; the last scalar stands twice if need be
  std::array<Digits, kMost> digits_;
  Columns<Affine, kWindows> points_;
  Columns<Field, kWindows / 2> runs_;
  Columns<Field, kWindows / 2> products_after_;
};

}  // namespace hutong::crypto::internal
