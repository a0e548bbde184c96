#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "kmc/config.h"

namespace hutong::kmc {

enum class Health : std::uint8_t { kGood, kWarning, kBad };

/// One thing looked at, what was found, and what to do about it.
struct DoctorFinding {
  Health health = Health::kGood;
  std::string check;  ///< stable: "database", "key_store", "audit_chain" …
  std::string text;
  std::string advice = {};
};

/// Looks at configuration, database, keys, certificates, stores, log and clock; changes nothing but that the
/// tables are brought up to date. Whatever cannot be looked at is itself a finding.
std::vector<DoctorFinding> examine(const Config& config, const Clock& clock);

}  // namespace hutong::kmc
