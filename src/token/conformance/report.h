#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What a trial of a vendor's SKF library has found.
namespace hutong::token::conformance {

enum class Verdict {
  kPassed,
  kFailed,
  kUnsupported,  ///< the library says that it does not have this (SAR_NOTSUPPORTYETERR)
};
std::string_view verdict_name(Verdict verdict);  ///< "passed" ...

struct BothTexts {
  std::string_view zh;
  std::string_view en;
};

struct CheckResult {
  std::string_view id;  ///< "access.pin_counter"; never changes
  std::string_view clause;
  BothTexts title;
  Verdict verdict = Verdict::kPassed;
  std::vector<std::string> notes;  ///< what was seen and what was expected
};

struct ConformanceReport {
  std::string library;
  std::string device;
  std::string library_sm3;
  std::string made_at;  ///< RFC 3339
  std::vector<CheckResult> checks;
  std::size_t count(Verdict verdict) const;
  bool passed() const { return count(Verdict::kFailed) == 0; }
};

std::string to_json(const ConformanceReport& report);
/// One page without anything from elsewhere, Chinese before English.
std::string to_html(const ConformanceReport& report);

}  // namespace hutong::token::conformance
