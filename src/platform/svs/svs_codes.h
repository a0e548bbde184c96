#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "recognition/report.h"
#include "x509/report.h"

namespace hutong::platform::svs {

/// respValue (GB/T 38629 Annex B, table B.1).
enum class Code : std::uint32_t {
  kSuccess = 0,
  kCertId = 0x04000001,         ///< wrong certificate identifier
  kCertInfoType = 0x04000002,   ///< wrong certificate item type
  kServerConnect = 0x04000003,  ///< CRL or OCSP server not reachable
  kSignMethod = 0x04000004,     ///< wrong signature algorithm
  kKeyIndex = 0x04000005,
  kKeyValue = 0x04000006,     ///< wrong private key access code
  kCert = 0x04000007,         ///< certificate illegal or not in the server
  kCertDecode = 0x04000008,   ///< certificate decoding error
  kCertExpired = 0x04000009,  ///< GM_ERROR_CERT_INVALID_AF
  kCertNotYet = 0x0400000A,   ///< GM_ERROR_CERT_INVALID_BF
  kCertRemoved = 0x0400000B,  ///< revoked
  kInvalidSignature = 0x0400000C,
  kDataFormat = 0x0400000D,
  kSystemFailure = 0x0400000E,
};

/// Which code a finding of recognition means. `only_end_entity`: the row is about the certificate itself; the
/// same fault of one of its issuers is kCert.
struct CodeRule {
  std::string_view finding;
  bool only_end_entity;
  Code code;
};
/// The first row that any finding fits decides, so that an answer does not depend on the order of findings.
std::span<const CodeRule> code_rules();

/// kSuccess exactly when the report is valid; a fault that no row names is kCert.
Code code_of(x509::Indication indication, const std::vector<x509::Finding>& findings);
inline Code code_of(const recognition::RecognitionReport& report) {
  return code_of(report.indication, report.findings);
}

}  // namespace hutong::platform::svs
