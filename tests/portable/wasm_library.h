#pragma once

#include <algorithm>
#include <compare>

/// What the C++ library of clang 16 lacks of C++20. Included before everything else, for WebAssembly alone.
#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 170000
namespace std {
template <typename First, typename Second>
constexpr auto lexicographical_compare_three_way(First a, First a_end, Second b, Second b_end)
    -> decltype(*a <=> *b) {
  for (; a != a_end && b != b_end; ++a, ++b) {
    if (const auto order = *a <=> *b; order != 0) {
      return order;
    }
  }
  return (a != a_end) <=> (b != b_end);
}
}  // namespace std
#endif
