#include <algorithm>
#include <optional>

#include "x509/internal/certificate_checks.h"
#include "x509/internal/distribution_points.h"
#include "x509/internal/path_builder.h"
#include "x509/internal/path_validator.h"
#include "x509/internal/revocation.h"

namespace hutong::x509 {

std::vector<std::size_t> RevocationCheck::complete_lists_newest_first() const {
  const auto crls = session_->request().crls;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < crls.size(); ++i) {
    if (!crls[i].is_delta()) {
      indices.push_back(i);
    }
  }
  std::ranges::stable_sort(indices, [crls](std::size_t a, std::size_t b) {
    return crls[a].this_update() > crls[b].this_update();
  });
  return indices;
}

RevocationCheck::Answer RevocationCheck::ask_lists(const Target& target) {
  Answer answer;
  const auto crls = session_->request().crls;
  if (crls.empty()) {
    return answer;
  }
  const auto newest_first = complete_lists_newest_first();
  std::uint16_t covered = 0;
  for (const auto& point : points_of(*target.certificate)) {
    for (const std::size_t index : newest_first) {
      const std::uint16_t reasons = covered_reasons(crls[index], point);
      if ((reasons & ~covered) == 0 || !is_in_scope(crls[index], point, *target.certificate)) {
        continue;
      }
      read_list(target, index, reasons, covered, answer);
      if (answer.status != CertificateStatus::kUnknown) {
        return answer;
      }
    }
  }
  if (covered == kAllReasons) {
    answer.status = CertificateStatus::kGood;
  } else if (covered != 0) {
    answer.issues.push_back(modal(findings::kPartialReasons, target));
  }
  return answer;
}

bool RevocationCheck::is_readable(const Target& target, const Crl& crl, Answer& answer) const {
  if (crl.has_unknown_critical_extension()) {
    answer.issues.emplace_back(findings::kCrlUnusable, target.where);
    return false;
  }
  if (session_->request().profile != Profile::kRfc5280) {
    return true;
  }
  const Extension* number = find_extension(crl.extensions(), asn1::oids::kCrlNumber);
  if (number == nullptr || number->critical) {
    answer.issues.emplace_back(findings::kCrlProfile, target.where);
    return false;
  }
  return true;
}

void RevocationCheck::read_list(const Target& target, std::size_t index, std::uint16_t reasons,
                                std::uint16_t& covered, Answer& answer) {
  const Crl& complete = session_->request().crls[index];
  if (!is_readable(target, complete, answer)) {
    return;
  }
  const auto signer = list_signer(target, complete, answer);
  if (!signer) {
    return;
  }
  const auto delta_index = find_delta(complete, *signer);
  const Crl* delta = delta_index ? &session_->request().crls[*delta_index] : nullptr;
  const Serial& serial = target.certificate->serial();
  const Name& issuer = target.certificate->issuer();
  auto entry = delta != nullptr ? delta->find(serial, issuer) : std::nullopt;
  if (!entry) {
    entry = complete.find(serial, issuer);
  }
  const bool listed = entry && entry->reason != CrlReason::kRemoveFromCrl;
  const Crl& newest = delta != nullptr ? *delta : complete;
  const bool for_good = listed && entry->reason != CrlReason::kCertificateHold;
  if (!for_good && complete.has_unknown_critical_entry_extension()) {
    answer.issues.emplace_back(findings::kCrlUnusable, target.where);
    return;
  }
  if (!for_good && !is_fresh(target, newest.this_update(), newest.next_update(), answer)) {
    return;
  }
  answer.as_of = std::max(answer.as_of, newest.this_update());
  answer.sources.emplace_back(complete);
  if (delta != nullptr) {
    answer.sources.emplace_back(*delta);
  }
  covered = static_cast<std::uint16_t>(covered | reasons);
  if (listed) {
    note_revoked(*entry, answer);
  }
}

std::optional<std::size_t> RevocationCheck::find_delta(const Crl& complete, const Issuer& signer) {
  const auto crls = session_->request().crls;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < crls.size(); ++i) {
    const Crl& delta = crls[i];
    const bool usable = is_delta_of(delta, complete) && !delta.has_unknown_critical_extension() &&
                        !delta.has_unknown_critical_entry_extension() &&
                        !(delta.next_update() && session_->request().at > *delta.next_update());
    const bool newer = !best || delta.this_update() > crls[*best].this_update();
    if (usable && newer && session_->check(delta, signer) == SignatureState::kGood) {
      best = i;
    }
  }
  return best;
}

bool RevocationCheck::is_in_path(const Issuer& issuer) const {
  return issuer.anchor ? issuer.anchor == path_->anchor->anchor
                       : std::ranges::any_of(path_->certificates, [&issuer](const Certificate* certificate) {
                           return *certificate == *issuer.certificate;
                         });
}

std::optional<Issuer> RevocationCheck::list_signer(const Target& target, const Crl& crl, Answer& answer) {
  const auto& algorithm = crl.signature_algorithm();
  if (!algorithm || !is_accepted(*algorithm, session_->request().algorithms)) {
    answer.issues.emplace_back(findings::kCrlSignature, target.where);
    return std::nullopt;
  }
  auto candidates = session_->issuers(crl.issuer(), crl.authority_key_identifier());
  std::stable_partition(candidates.begin(), candidates.end(),
                        [this](const Issuer& issuer) { return is_in_path(issuer); });
  bool wrong_signature = false;
  for (const Issuer& candidate : candidates) {
    const bool other_anchor = candidate.anchor && !is_in_path(candidate);
    const auto* extensions =
        candidate.certificate != nullptr ? &candidate.certificate->extensions() : nullptr;
    const bool may_sign =
        extensions == nullptr || !extensions->key_usage || extensions->key_usage->has(KeyUsageBit::kCrlSign);
    if (other_anchor || !may_sign || !session_->take_step()) {
      continue;
    }
    if (session_->check(crl, candidate) != SignatureState::kGood) {
      wrong_signature = true;
    } else if (is_in_path(candidate) || has_valid_path(*candidate.certificate)) {
      return candidate;
    }
  }
  answer.issues.emplace_back(wrong_signature ? findings::kCrlSignature : findings::kCrlIssuer, target.where);
  return std::nullopt;
}

bool RevocationCheck::has_valid_path(const Certificate& signer) {
  bool valid = false;
  PathBuilder builder(*session_);
  builder.set_anchor(*path_->anchor->anchor);
  builder.search(signer, PathBuilder::Defects::kRefused, [&](const Path& path) {
    PathVerdict verdict = validate_path(*session_, path, PathRole::kListIssuer);
    if (indication_of(verdict.findings) == Indication::kInvalid) {
      return Visit::kContinue;
    }
    RevocationCheck own(*session_, path);
    own.in_progress_ = in_progress_;
    own.run(verdict.findings);
    valid = indication_of(verdict.findings) == Indication::kValid;
    return valid ? Visit::kStop : Visit::kContinue;
  });
  return valid;
}

}  // namespace hutong::x509
