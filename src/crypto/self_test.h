#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/random.h"

namespace hutong::crypto {

/// One known-answer test and how it went.
struct SelfTestFinding {
  std::string_view algorithm;       ///< "SM3", "SM4-GCM", "SM2 signature", ...
  std::string_view implementation;  ///< the kernel that it ran on: "portable", "gfni", "adx", ...
  bool passed = false;
};

struct SelfTestReport {
  std::vector<SelfTestFinding> findings;
  bool passed() const;
};

/// Known answers of the standards for SM3, HMAC-SM3, SM4 with each mode and SM2 (signature, encryption, key
/// exchange), and a new key that must sign and encrypt for itself (GM/T 0028 asks for such tests at
/// start-up). They run on the implementations chosen for this processor, in a few milliseconds. `random`
/// makes the new key.
SelfTestReport self_test(RandomSource& random = system_random());

/// What a program does before anything else; it does not run when this fails: kInternal "crypto.self_test",
/// the detail names what failed.
Status require_self_test(RandomSource& random = system_random());
/// The same from a report at hand.
Status require_passed(const SelfTestReport& report);

}  // namespace hutong::crypto
