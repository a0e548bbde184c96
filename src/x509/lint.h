#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "x509/report.h"

namespace hutong::x509 {

/// Lint tells whether an object keeps to the Chinese certificate profile: GM/T 0015 (GB/T 20518 has the same
/// content) with GM/T 0092 for requests, on top of RFC 5280. It is stricter than recognition on purpose: a
/// certificate of a real CA may be valid and still have lapses; what we issue must have none.
enum class LintTarget : std::uint8_t { kCertificate, kCrl, kRequest };
std::string_view to_string(LintTarget target);  ///< "certificate", "crl", "request"

/// One check as a reader of docs/lint.md sees it. Severity: error = the norm says shall, warning = should,
/// info = habit of the Chinese market. All views are to static storage.
struct LintRule {
  LintTarget target;
  FindingKind kind;  ///< the texts state the rule; "{0}" stands for what was found instead
  std::string_view where;
  std::string_view applies_to_zh;
  std::string_view applies_to_en;
};

/// Every check of this build, in the order in which they run.
const std::vector<LintRule>& lint_rules();
/// docs/lint.md.
std::string lint_rules_markdown();

struct LintReport {
  LintTarget target = LintTarget::kCertificate;
  std::vector<Finding> findings;                 ///< the rules not kept, errors first
  std::vector<std::string_view> passed;          ///< ids of the rules kept
  std::vector<std::string_view> not_applicable;  ///< ids of rules about other kinds of object
  bool clean() const { return findings.empty(); }
};

/// Each reads the object with a tolerant structure reader of its own, so that objects which recognition
/// refuses can be explained too. An Error (the reasons of asn1::Reader, or kMalformed "lint.structure") means
/// that the octets are not such an object at all. No I/O, no clock, no state; any thread.
Result<LintReport> lint_certificate(ByteView der);
Result<LintReport> lint_crl(ByteView der);
Result<LintReport> lint_request(ByteView der);
/// A certificate before it is signed: `tbs` is TBSCertificate. The rules about the outer fields do not apply.
Result<LintReport> lint_tbs_certificate(ByteView tbs);

}  // namespace hutong::x509
