#include "x509/chain_verifier.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "x509/internal/certificate_checks.h"
#include "x509/internal/path_builder.h"
#include "x509/internal/path_session.h"
#include "x509/internal/path_validator.h"
#include "x509/internal/revocation.h"
#include "x509/path_findings.h"

namespace hutong::x509 {
namespace {

/// Complete paths looked at when all of them are faulty.
constexpr unsigned kMostFaultyPaths = 16;
/// A wrong signature says that this is no path at all; every other error is a lesser fault.
constexpr unsigned kSignatureFault = 1'000;

/// A complete path with its verdict.
struct Candidate {
  Path path;
  std::vector<Finding> findings;
  std::vector<RevocationStatus> statuses;
  PolicySet user_constrained;

  /// 0 for a path without a fault; the path with the least faults is reported.
  unsigned faults() const {
    unsigned sum = 0;
    for (const auto& finding : findings) {
      if (finding.severity() == Severity::kError) {
        sum += finding.code() == findings::kSignatureInvalid.code ? kSignatureFault : 10;
      } else if (finding.severity() == Severity::kUndecided) {
        sum += 1;
      }
    }
    return sum;
  }
};

Candidate assess(PathSession& session, const Path& path) {
  PathVerdict verdict = validate_path(session, path, PathRole::kLeaf);
  Candidate candidate{path, std::move(verdict.findings), {}, std::move(verdict.user_constrained)};
  candidate.statuses.resize(shown_certificates(path).size());
  if (verdict.signatures_good && session.request().revocation != RevocationMode::kNone) {
    candidate.statuses = RevocationCheck(session, path).run(candidate.findings);
  }
  return candidate;
}

/// The search of one call: good paths first, then whatever there is.
class Search {
 public:
  explicit Search(PathSession& session) : session_(session), builder_(session) {}

  void run() {
    const Certificate& leaf = session_.request().leaf;
    const auto visit = [this](const Path& path) { return consider(path); };
    builder_.search(leaf, PathBuilder::Defects::kRefused, visit);
    if (!best_ && !session_.exhausted()) {
      builder_.search(leaf, PathBuilder::Defects::kAllowed, visit);
    }
  }

  std::optional<Candidate>& best() { return best_; }
  const Path& longest() const { return builder_.longest(); }

 private:
  Visit consider(const Path& path) {
    Candidate candidate = assess(session_, path);
    const unsigned faults = candidate.faults();
    if (faults < fewest_faults_) {
      fewest_faults_ = faults;
      best_ = std::move(candidate);
    }
    ++considered_;
    return faults == 0 || considered_ >= kMostFaultyPaths ? Visit::kStop : Visit::kContinue;
  }

  PathSession& session_;
  PathBuilder builder_;
  std::optional<Candidate> best_;
  unsigned fewest_faults_ = std::numeric_limits<unsigned>::max();
  unsigned considered_ = 0;
};

/// Why the longest path without an anchor ends where it ends.
void explain_dead_end(PathSession& session, const Path& path, std::vector<Finding>& findings) {
  const std::size_t last = path.certificates.size() - 1;
  const Certificate& top = *path.certificates[last];
  if (!top.is_self_issued()) {
    findings.emplace_back(findings::kNoIssuer, chain_position(last), std::vector{top.issuer().to_string()});
    return;
  }
  const SignatureState own = session.check(top, Issuer::of(top));
  const bool claims_own_key = match_key_identifier(top.extensions().authority_key_identifier,
                                                   Issuer::of(top)) != KeyIdMatch::kMismatch;
  if (own == SignatureState::kBad && claims_own_key) {
    findings.emplace_back(findings::kSignatureInvalid, chain_position(last),
                          std::vector{top.issuer().to_string()});
  } else if (own == SignatureState::kGood) {
    findings.emplace_back(findings::kUntrustedRoot, chain_position(last),
                          std::vector{top.subject().to_string()});
  } else {
    findings.emplace_back(findings::kNoIssuer, chain_position(last), std::vector{top.issuer().to_string()});
  }
}

/// What can be said of a path that reaches no anchor: each certificate alone, and where the path breaks.
Candidate unanchored(PathSession& session, const Path& path) {
  Candidate candidate;
  candidate.path = path;
  candidate.statuses.resize(path.certificates.size());
  const VerifyRequest& request = session.request();
  for (std::size_t i = 0; i < path.certificates.size(); ++i) {
    const Certificate& certificate = *path.certificates[i];
    const std::string where = chain_position(i);
    check_validity(certificate, request.at, where, candidate.findings);
    check_algorithms(certificate, request.algorithms, SignatureCounts::kYes, where, candidate.findings);
    check_extensions(certificate, where, candidate.findings);
    const bool signature_checked = i + 1 < path.certificates.size();
    if (signature_checked &&
        session.check(certificate, Issuer::of(*path.certificates[i + 1])) == SignatureState::kBad) {
      candidate.findings.emplace_back(findings::kSignatureInvalid, where,
                                      std::vector{certificate.issuer().to_string()});
    }
  }
  check_wishes(request, chain_position(0), candidate.findings);
  explain_dead_end(session, path, candidate.findings);
  return candidate;
}

/// "chain[12].keyUsage" -> 12; whatever has no position comes last.
std::size_t position_of(const Finding& finding) {
  constexpr std::string_view kPrefix = "chain[";
  const std::string& where = finding.where();
  if (!where.starts_with(kPrefix)) {
    return std::numeric_limits<std::size_t>::max();
  }
  std::size_t position = 0;
  for (std::size_t i = kPrefix.size(); i < where.size() && where[i] >= '0' && where[i] <= '9'; ++i) {
    position = position * 10 + static_cast<std::size_t>(where[i] - '0');
  }
  return position;
}

VerifyReport report_of(PathSession& session, Candidate candidate) {
  VerifyReport report;
  report.findings = std::move(candidate.findings);
  const auto shown = shown_certificates(candidate.path);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    report.path.push_back({*shown[i], std::move(candidate.statuses[i])});
    for (auto& finding : quirk_findings(shown[i]->quirks(), chain_position(i))) {
      report.findings.push_back(std::move(finding));
    }
  }
  std::ranges::stable_sort(report.findings, {}, position_of);
  if (candidate.path.anchor) {
    report.anchor = candidate.path.anchor->anchor;
  }
  report.indication = indication_of(report.findings);
  if (!session.limit().empty() && report.indication != Indication::kValid) {
    report.findings.emplace_back(findings::kBudget, std::string(), std::vector{std::string(session.limit())});
    report.indication = indication_of(report.findings);
  }
  report.user_constrained_policy_set = std::move(candidate.user_constrained);
  report.work = session.work();
  return report;
}

}  // namespace

Result<TrustAnchor> TrustAnchor::of(const Certificate& certificate, std::string label) {
  HUTONG_TRY(auto key, Result<crypto::PublicKey>(certificate.public_key()));
  return TrustAnchor{certificate.subject(), std::move(key), certificate, std::move(label), {}, {}};
}

TrustAnchor TrustAnchor::of(const Name& name, const crypto::PublicKey& key, std::string label) {
  return {name, key, std::nullopt, std::move(label), {}, {}};
}

std::string_view to_string(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::kGood:
      return "good";
    case CertificateStatus::kRevoked:
      return "revoked";
    case CertificateStatus::kOnHold:
      return "on_hold";
    case CertificateStatus::kUnknown:
      return "unknown";
    case CertificateStatus::kNotChecked:
      break;
  }
  return "not_checked";
}

VerifyReport verify_chain(const VerifyRequest& request) {
  PathSession session(request);
  Search search(session);
  search.run();
  if (search.best()) {
    return report_of(session, std::move(*search.best()));
  }
  return report_of(session, unanchored(session, search.longest()));
}

}  // namespace hutong::x509
