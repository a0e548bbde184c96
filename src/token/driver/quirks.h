#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hutong::token {

/// What drivers do otherwise than GM/T 0016 says. A driver's description lists those that it has; without
/// that, the deviation is an error. Which were met is counted. Append only.
enum class Quirk : std::uint8_t {
  kLeftAlignedNumbers,    ///< coordinates, r and s in the left half of their 64 octets
  kDerSignatures,         ///< ECCSignData gives DER instead of ECCSIGNATUREBLOB
  kNoSessionKeyImport,    ///< no envelope can be opened in the token
  kUnendedNameLists,      ///< the NUL behind the last name is missing
  kDraftAlgorithms,       ///< the SM2 numbers of the draft of 2010
  kInvalidPinIsWrongPin,  ///< a wrong PIN gives SAR_PIN_INVALID
  kFailIsNotFound,        ///< an absent container or certificate gives SAR_FAIL
};
inline constexpr std::size_t kQuirkCount = static_cast<std::size_t>(Quirk::kFailIsNotFound) + 1;

/// A row of the table of quirks.
struct QuirkRow {
  Quirk quirk;
  std::string_view name;  ///< in descriptions and reports: "left_aligned_numbers"
  std::string_view zh;
  std::string_view en;
};
std::span<const QuirkRow> quirk_table();
std::optional<Quirk> quirk_from_name(std::string_view name);

/// The quirks a driver is allowed, and how often each was met. Thread-safe once it is filled.
class Quirks {
 public:
  void allow(Quirk quirk) { allowed_.at(static_cast<std::size_t>(quirk)) = true; }
  bool allows(Quirk quirk) const { return allowed_.at(static_cast<std::size_t>(quirk)); }
  /// Whether the deviation may pass; counts it if so.
  bool meets(Quirk quirk) const {
    const auto index = static_cast<std::size_t>(quirk);
    if (allowed_.at(index)) {
      met_.at(index).fetch_add(1, std::memory_order_relaxed);
    }
    return allowed_.at(index);
  }
  std::uint64_t met(Quirk quirk) const { return met_.at(static_cast<std::size_t>(quirk)).load(); }

 private:
  std::array<bool, kQuirkCount> allowed_{};
  mutable std::array<std::atomic<std::uint64_t>, kQuirkCount> met_{};
};

}  // namespace hutong::token
