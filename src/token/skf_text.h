#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hutong::token {

/// What a result of an SKF function is called and says.
struct SkfResultText {
  std::uint32_t code;
  std::string_view name;  ///< "SAR_PIN_INCORRECT"
  std::string_view chinese;
  std::string_view english;
};

/// The results of GM/T 0016-2012 annex A and of the later edition (from 0x0A000033 on), by code.
std::span<const SkfResultText> skf_results();
/// nullptr for a code of a vendor's own.
const SkfResultText* find_skf_result(std::uint32_t code);
/// "SAR_PIN_INCORRECT (0x0A000024)"; of an unknown code the number only: "0x0B000033".
std::string skf_result_label(std::uint32_t code);

}  // namespace hutong::token
