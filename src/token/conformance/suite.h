#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "token/conformance/report.h"

/// A black-box trial of an SKF library (GM/T 0016-2012), function by function. Each check runs in a process
/// of its own that loads the library anew: a library that crashes or hangs fails the check at hand, by name,
/// and nothing else.
namespace hutong::token::conformance {

struct SuiteOptions {
  std::filesystem::path library = {};
  std::string device = {};  ///< which one; the first that is listed when empty
  /// The device authentication key (SM4). The suite makes an application of its own, kApplication, and
  /// deletes it in the end.
  std::string device_key = "1234567812345678";
  std::chrono::seconds longest_check{60};
  std::vector<std::string> only = {};  ///< ids or their beginnings, such as "key."; all checks when empty
  /// What is about to be tried, for whoever waits.
  std::function<void(const CheckResult&)> progress = [](const CheckResult&) {};
};

inline constexpr std::string_view kApplication = "HUTONG-TEST";

/// kUnavailable "token.library" when there is no such file. A library that cannot be loaded is an answer, not
/// an error.
Result<ConformanceReport> run_suite(const SuiteOptions& options, Time now);

}  // namespace hutong::token::conformance
