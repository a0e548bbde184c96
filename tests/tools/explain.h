#pragma once

#include <string>

#include "x509/chain_verifier.h"

namespace hutong::test {

/// A report for the message of a failed test.
inline std::string explain(const x509::VerifyReport& report) {
  std::string text(to_string(report.indication));
  for (const auto& finding : report.findings) {
    text += "\n  " + finding.where() + " " + std::string(finding.code()) + ": " + finding.message_en();
  }
  return text;
}

}  // namespace hutong::test
