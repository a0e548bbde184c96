#include "x509/internal/revocation.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/time.h"
#include "x509/internal/path_validator.h"

namespace hutong::x509 {
namespace {

/// How long data without nextUpdate counts as fresh.
constexpr std::chrono::hours kFreshWithoutNextUpdate{24};

bool is_known(CertificateStatus status) {
  return status != CertificateStatus::kUnknown && status != CertificateStatus::kNotChecked;
}

Finding revoked_finding(const FindingKind& kind, const std::string& where, const std::string& since,
                        std::optional<CrlReason> given) {
  const CrlReason reason = given.value_or(CrlReason::kUnspecified);
  return {kind, where, {since, std::string(to_string(reason))}, {since, std::string(to_string_zh(reason))}};
}

void move_to(std::vector<Finding>& to, std::vector<Finding>& from) {
  for (auto& finding : from) {
    if (!has_finding(to, finding.code())) {
      to.push_back(std::move(finding));
    }
  }
}

/// When the key stopped being good: compromises count from the invalidity date (RFC 5280 5.3.2).
Time effective_since(const CrlEntry& entry) {
  const bool compromised =
      entry.reason == CrlReason::kKeyCompromise || entry.reason == CrlReason::kCaCompromise;
  return compromised && entry.invalidity_date ? std::min(entry.revoked_at, *entry.invalidity_date)
                                              : entry.revoked_at;
}

}  // namespace

std::vector<RevocationStatus> RevocationCheck::run(std::vector<Finding>& findings) {
  const auto& certificates = path_->certificates;
  std::vector<RevocationStatus> statuses(shown_certificates(*path_).size());
  for (std::size_t i = certificates.size(); i-- > 0;) {
    if (std::ranges::find(in_progress_, certificates[i]) != in_progress_.end()) {
      continue;
    }
    in_progress_.push_back(certificates[i]);
    const Issuer issuer = i + 1 < certificates.size() ? Issuer::of(*certificates[i + 1]) : *path_->anchor;
    std::vector<Finding> found;
    statuses[i] = check({certificates[i], issuer, chain_position(i)}, found);
    std::ranges::move(found, std::back_inserter(findings));
    if (statuses[i].status == CertificateStatus::kRevoked) {
      break;
    }
  }
  return statuses;
}

RevocationStatus RevocationCheck::check(const Target& target, std::vector<Finding>& findings) {
  return conclude(target, merge(ask_responders(target), ask_lists(target)), findings);
}

RevocationCheck::Answer RevocationCheck::merge(Answer a, Answer b) {
  if (b.status == CertificateStatus::kRevoked || a.status == CertificateStatus::kRevoked) {
    return a.status == CertificateStatus::kRevoked ? a : b;
  }
  if (is_known(a.status) && is_known(b.status)) {
    return b.as_of > a.as_of ? b : a;
  }
  if (is_known(a.status) || is_known(b.status)) {
    return is_known(a.status) ? a : b;
  }
  move_to(a.issues, b.issues);
  return a;
}

Finding RevocationCheck::modal(const findings::ModalKind& kind, const Target& target,
                               std::vector<std::string> arguments) const {
  const bool required = session_->request().revocation == RevocationMode::kRequire;
  return {required ? kind.required : kind.preferred, target.where, std::move(arguments)};
}

RevocationStatus RevocationCheck::conclude(const Target& target, Answer answer,
                                           std::vector<Finding>& findings) const {
  const std::string since = answer.revoked_at ? to_rfc3339(*answer.revoked_at) : std::string();
  switch (answer.status) {
    case CertificateStatus::kRevoked:
      findings.push_back(revoked_finding(findings::kRevoked, target.where, since, answer.reason));
      break;
    case CertificateStatus::kOnHold:
      findings.emplace_back(findings::kOnHold, target.where, std::vector{since});
      break;
    case CertificateStatus::kGood:
      if (answer.revoked_at) {
        findings.push_back(revoked_finding(findings::kRevokedLater, target.where, since, answer.reason));
      }
      move_to(findings, answer.infos);
      break;
    default:
      if (answer.issues.empty()) {
        answer.issues.push_back(modal(findings::kNoData, target));
      }
      move_to(findings, answer.issues);
  }
  return {answer.status, answer.revoked_at, answer.reason, std::move(answer.sources)};
}

void RevocationCheck::note_revoked(const CrlEntry& entry, Answer& answer) const {
  answer.revoked_at = entry.revoked_at;
  answer.reason = entry.reason;
  if (effective_since(entry) <= session_->request().at) {
    answer.status = entry.reason == CrlReason::kCertificateHold ? CertificateStatus::kOnHold
                                                                : CertificateStatus::kRevoked;
  }
}

bool RevocationCheck::is_fresh(const Target& target, Time this_update, std::optional<Time> next_update,
                               Answer& answer) const {
  const Time at = session_->request().at;
  if (at > next_update.value_or(this_update + kFreshWithoutNextUpdate)) {
    answer.issues.push_back(
        modal(findings::kStale, target, {next_update ? to_rfc3339(*next_update) : std::string("-")}));
    return false;
  }
  if (this_update > target.certificate->not_after()) {
    answer.issues.push_back(modal(findings::kAfterExpiry, target, {to_rfc3339(this_update)}));
    return false;
  }
  if (this_update > at) {
    answer.infos.emplace_back(findings::kFuture, target.where, std::vector{to_rfc3339(this_update)});
  }
  return true;
}

}  // namespace hutong::x509
