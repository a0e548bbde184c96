#pragma once

#include <cstddef>
#include <vector>

#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {

/// (2*row + 1) * (2*rows)^window * G, one window after the other: the table for scalars written in odd
/// digits.
template <typename Arithmetic>
std::vector<AffinePoint<Arithmetic>> odd_multiples_of_generator(std::size_t windows, std::size_t rows) {
  std::vector<JacobianPoint<Arithmetic>> multiples;
  multiples.reserve(windows * rows);
  auto base = to_jacobian(generator<Arithmetic>());
  for (std::size_t window = 0; window < windows; ++window) {
    const auto step = twice(base);
    multiples.push_back(base);
    for (std::size_t row = 1; row < rows; ++row) {
      multiples.push_back(add_public(multiples.back(), step));
    }
    base = add_public(multiples.back(), base);  // 2*rows - 1 of them, and one more
  }
  return to_affine<Arithmetic>(multiples);
}

}  // namespace hutong::crypto::internal
