#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tests/differential/inputs.h"

namespace hutong::test {

/// One kind of input. `run` draws one, computes with every implementation there is on this processor, and
/// compares with the portable one and with OpenSSL; what it returns is empty, or says what differs.
struct Check {
  std::string_view name;
  unsigned per_mille;  ///< share of all inputs; dear ones get less
  std::string (*run)(Inputs& inputs);
};

std::span<const Check> arithmetic_checks();
std::span<const Check> group_checks();
std::span<const Check> symmetric_checks();
std::span<const Check> mode_checks();
std::span<const Check> sm2_function_checks();

}  // namespace hutong::test
