#include "platform/svs/svs_codes.h"

#include <algorithm>
#include <array>

#include "cms/cms_findings.h"
#include "recognition/recognition_findings.h"
#include "x509/path_findings.h"

namespace hutong::platform::svs {
namespace {

using x509::Finding;
using x509::FindingKind;
using x509::Severity;

constexpr CodeRule any(const FindingKind& kind, Code code) { return {kind.code, false, code}; }
constexpr CodeRule itself(const FindingKind& kind, Code code) { return {kind.code, true, code}; }

/// Without a list the platform cannot do its work; then what cannot be read; then what was signed; then the
/// certificate, what is certain before what could not be found out.
constexpr std::array kRules{
    any(recognition::findings::kListMissing, Code::kSystemFailure),
    any(recognition::findings::kListExpired, Code::kSystemFailure),
    any(recognition::findings::kListBadSignature, Code::kSystemFailure),
    any(recognition::findings::kListMalformed, Code::kSystemFailure),
    any(recognition::findings::kInputUnknown, Code::kDataFormat),
    any(recognition::findings::kInputUnreadable, Code::kDataFormat),
    any(cms::findings::kMalformed, Code::kDataFormat),
    any(cms::findings::kNotSignedContent, Code::kDataFormat),
    any(cms::findings::kTooLarge, Code::kDataFormat),
    any(cms::findings::kMissingContent, Code::kDataFormat),
    any(cms::findings::kNoSigner, Code::kDataFormat),
    any(cms::findings::kAlgorithmUnsupported, Code::kSignMethod),
    any(cms::findings::kAlgorithmMismatch, Code::kSignMethod),
    any(cms::findings::kWeakDigest, Code::kSignMethod),
    any(cms::findings::kContentDiffers, Code::kInvalidSignature),
    any(cms::findings::kDigestMismatch, Code::kInvalidSignature),
    any(cms::findings::kDigestLength, Code::kInvalidSignature),
    any(cms::findings::kSignatureInvalid, Code::kInvalidSignature),
    any(cms::findings::kAttributeMissing, Code::kInvalidSignature),
    any(cms::findings::kAttributeMalformed, Code::kInvalidSignature),
    any(cms::findings::kContentIsAttributes, Code::kInvalidSignature),
    any(cms::findings::kContentTypeMismatch, Code::kInvalidSignature),
    any(cms::findings::kSigningCertificateMismatch, Code::kInvalidSignature),
    itself(x509::findings::kRevoked, Code::kCertRemoved),
    itself(x509::findings::kExpired, Code::kCertExpired),
    itself(x509::findings::kNotYetValid, Code::kCertNotYet),
    itself(x509::findings::kOnHold, Code::kCertRemoved),
    any(x509::findings::kSignatureInvalid, Code::kCert),
    any(x509::findings::kUntrustedRoot, Code::kCert),
    any(x509::findings::kNoIssuer, Code::kCert),
    any(x509::findings::kNoData.required, Code::kServerConnect),
    any(x509::findings::kPartialReasons.required, Code::kServerConnect),
    any(x509::findings::kStale.required, Code::kServerConnect),
    any(x509::findings::kAfterExpiry.required, Code::kServerConnect),
    any(x509::findings::kCrlSignature, Code::kServerConnect),
    any(x509::findings::kCrlIssuer, Code::kServerConnect),
    any(x509::findings::kCrlUnusable, Code::kServerConnect),
    any(x509::findings::kCrlProfile, Code::kServerConnect),
    any(x509::findings::kOcspSignature, Code::kServerConnect),
    any(x509::findings::kOcspResponder, Code::kServerConnect),
};

bool decides(const CodeRule& rule, const Finding& finding) {
  const bool counts = finding.severity() == Severity::kError || finding.severity() == Severity::kUndecided;
  return counts && finding.code() == rule.finding &&
         (!rule.only_end_entity || finding.where().find("chain[0]") != std::string::npos);
}

/// A fault of an issuer weighs as much as one of the certificate: missing lists do not hide it.
bool has_issuer_fault(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.severity() == Severity::kError &&
           std::ranges::any_of(kRules, [&finding](const CodeRule& rule) {
             return rule.only_end_entity && finding.code() == rule.finding;
           });
  });
}

}  // namespace

std::span<const CodeRule> code_rules() { return kRules; }

Code code_of(x509::Indication indication, const std::vector<Finding>& findings) {
  if (indication == x509::Indication::kValid) {
    return Code::kSuccess;
  }
  for (const CodeRule& rule : kRules) {
    if (rule.code == Code::kServerConnect && has_issuer_fault(findings)) {
      break;
    }
    if (std::ranges::any_of(findings, [&rule](const Finding& one) { return decides(rule, one); })) {
      return rule.code;
    }
  }
  return Code::kCert;
}

}  // namespace hutong::platform::svs
