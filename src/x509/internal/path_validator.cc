#include "x509/internal/path_validator.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "x509/internal/certificate_checks.h"
#include "x509/name_constraint_check.h"
#include "x509/path_findings.h"

namespace hutong::x509 {
namespace {

constexpr std::string_view kSubjectAltName = "subjectAltName";

void decrease(std::size_t& counter) { counter -= counter > 0 ? 1 : 0; }
void limit(std::size_t& counter, const std::optional<std::uint32_t>& most) {
  counter = most ? std::min<std::size_t>(counter, *most) : counter;
}

/// The state variables of RFC 5280 6.1.2 and what is done with them, certificate by certificate from the
/// anchor to the leaf.
class Validation {
 public:
  Validation(PathSession& session, const Path& path, PathRole role)
      : session_(session),
        request_(session.request()),
        path_(path),
        role_(role),
        names_(request_.budget.name_comparisons),
        max_path_length_(path.certificates.size()) {
    const std::size_t unlimited = path.certificates.size() + 1;
    const bool asked = role == PathRole::kLeaf;
    const PolicyInputs& inputs = request_.policy;
    explicit_policy_ = asked && inputs.explicit_policy == InitialExplicitPolicy::kRequired ? 0 : unlimited;
    policy_mapping_ = asked && inputs.policy_mapping == InitialPolicyMapping::kInhibited ? 0 : unlimited;
    any_policy_ = asked && inputs.any_policy == InitialAnyPolicy::kInhibited ? 0 : unlimited;
  }

  PathVerdict run() {
    start_from_anchor();
    for (std::size_t i = path_.certificates.size(); i-- > 0;) {
      process(i);
      if (i != 0) {
        prepare_for_next(i);
      }
    }
    wrap_up();
    session_.add_name_comparisons(request_.budget.name_comparisons - names_.comparisons_left());
    return std::move(verdict_);
  }

 private:
  void add(const FindingKind& kind, std::size_t index, std::vector<std::string> arguments = {},
           std::string_view part = {}) {
    verdict_.findings.emplace_back(kind, chain_position(index, part), std::move(arguments));
  }

  void check_alone(const Certificate& certificate, std::size_t index, SignatureCounts counts) {
    const std::string where = chain_position(index);
    auto& findings = verdict_.findings;
    check_validity(certificate, request_.at, where, findings);
    check_algorithms(certificate, request_.algorithms, counts, where, findings);
    check_extensions(certificate, where, findings);
    check_profile(certificate, index == 0 ? Position::kEndEntity : Position::kIssuer, request_.profile, where,
                  findings);
  }

  void start_from_anchor() {
    const TrustAnchor& anchor = request_.anchors[*path_.anchor->anchor];
    const std::size_t index = path_.certificates.size();
    const bool outside = (anchor.trusted_from && request_.at < *anchor.trusted_from) ||
                         (anchor.trusted_until && request_.at > *anchor.trusted_until);
    if (outside) {
      add(findings::kAnchorWindow, anchor.certificate ? index : index - 1,
          {anchor.label.empty() ? anchor.name.to_string() : anchor.label, to_rfc3339(request_.at)});
    }
    if (!anchor.certificate) {
      return;
    }
    const Certificate& certificate = *anchor.certificate;
    check_alone(certificate, index, SignatureCounts::kNo);
    check_own_signature(certificate, index);
    if (index != 0) {
      check_issuer(certificate, index);
    }
    limit(max_path_length_, path_length_of(certificate));
  }

  /// No trust comes from it, but an anchor whose self-signature is broken is not what somebody signed.
  void check_own_signature(const Certificate& certificate, std::size_t index) {
    if (!path_.certificates.empty() || !certificate.is_self_issued()) {
      return;
    }
    check_signature(certificate, *path_.anchor, index);
  }

  void check_signature(const Certificate& certificate, const Issuer& issuer, std::size_t index) {
    const SignatureState state = session_.check(certificate, issuer);
    if (state == SignatureState::kGood) {
      return;
    }
    verdict_.signatures_good = false;
    if (state == SignatureState::kBad) {
      add(findings::kSignatureInvalid, index, {issuer.name->to_string()});
    } else if (state == SignatureState::kUnsupported && certificate.signature_algorithm()) {
      add(findings::kAlgorithmRefused, index, {certificate.signature_algorithm()->name()},
          "signatureAlgorithm");
    }
  }

  Issuer issuer_at(std::size_t index) const {
    return index + 1 < path_.certificates.size() ? Issuer::of(*path_.certificates[index + 1]) : *path_.anchor;
  }

  /// RFC 5280 6.1.3.
  void process(std::size_t index) {
    const Certificate& certificate = *path_.certificates[index];
    check_alone(certificate, index, SignatureCounts::kYes);
    check_signature(certificate, issuer_at(index), index);
    if (index == 0 || !certificate.is_self_issued()) {
      check_names(certificate, index);
    }
    const bool any_allowed = any_policy_ > 0 || (index != 0 && certificate.is_self_issued());
    policies_.add_level(certificate.extensions().policies,
                        any_allowed ? PolicyGraph::AnyPolicy::kAllowed : PolicyGraph::AnyPolicy::kInhibited);
    require_policy(index);
  }

  void check_names(const Certificate& certificate, std::size_t index) {
    const auto& alternative = certificate.extensions().subject_alt_name;
    const auto problem =
        names_.check(certificate.subject(), alternative ? std::span<const GeneralName>(*alternative)
                                                        : std::span<const GeneralName>());
    if (problem) {
      add_name_problem(*problem, index);
    }
  }

  void add_name_problem(const NameProblem& problem, std::size_t index) {
    switch (problem.kind) {
      case NameProblem::Kind::kBudget:
        session_.note_limit("name_comparisons");
        return add(findings::kBudget, index, {"name_comparisons"}, kSubjectAltName);
      case NameProblem::Kind::kMalformedConstraint:
        return add(findings::kNameConstraintsMalformed, index, {problem.name}, "nameConstraints");
      default:
        return add(findings::kNameConstraints, index, {problem.name});
    }
  }

  void require_policy(std::size_t index) {
    if (explicit_policy_ == 0 && policies_.empty() && !policy_reported_) {
      policy_reported_ = true;
      add(findings::kPolicyRequired, index);
    }
  }

  std::optional<std::uint32_t> path_length_of(const Certificate& certificate) const {
    const auto& constraints = certificate.extensions().basic_constraints;
    return constraints ? constraints->path_length : std::nullopt;
  }

  /// What any certificate that issues others must have, an anchor's too: 6.1.4 (g), (k), (n).
  void check_issuer(const Certificate& certificate, std::size_t index) {
    const CertificateExtensions& extensions = certificate.extensions();
    if (!certificate.is_ca()) {
      add(findings::kNotACa, index, {}, "basicConstraints");
    }
    if (extensions.key_usage && !extensions.key_usage->has(KeyUsageBit::kKeyCertSign)) {
      add(findings::kCaKeyUsage, index, {}, "keyUsage");
    }
    if (extensions.name_constraints) {
      if (const auto problem = names_.add(*extensions.name_constraints)) {
        add_name_problem(*problem, index);
      }
    }
  }

  /// RFC 5280 6.1.4.
  void prepare_for_next(std::size_t index) {
    const Certificate& certificate = *path_.certificates[index];
    apply_mappings(certificate, index);
    check_issuer(certificate, index);
    apply_policy_limits(certificate);
    apply_path_length(certificate, index);
  }

  void apply_mappings(const Certificate& certificate, std::size_t index) {
    const auto& mappings = certificate.extensions().policy_mappings;
    if (!mappings) {
      return;
    }
    const bool names_any = std::ranges::any_of(*mappings, [](const PolicyMapping& mapping) {
      return mapping.issuer_domain == asn1::oids::kAnyPolicy ||
             mapping.subject_domain == asn1::oids::kAnyPolicy;
    });
    if (names_any) {
      return add(findings::kPolicyMapping, index, {}, "policyMappings");
    }
    policies_.apply_mappings(
        *mappings, policy_mapping_ > 0 ? PolicyGraph::Mapping::kAllowed : PolicyGraph::Mapping::kInhibited);
  }

  void apply_policy_limits(const Certificate& certificate) {
    if (!certificate.is_self_issued()) {
      decrease(explicit_policy_);
      decrease(policy_mapping_);
      decrease(any_policy_);
    }
    const CertificateExtensions& extensions = certificate.extensions();
    if (extensions.policy_constraints) {
      limit(explicit_policy_, extensions.policy_constraints->require_explicit_policy);
      limit(policy_mapping_, extensions.policy_constraints->inhibit_policy_mapping);
    }
    limit(any_policy_, extensions.inhibit_any_policy);
  }

  void apply_path_length(const Certificate& certificate, std::size_t index) {
    if (!certificate.is_self_issued()) {
      ++intermediates_;
      if (max_path_length_ == 0) {
        add(findings::kPathLength, index, {issuer_at(index).name->to_string()});
      }
      decrease(max_path_length_);
    }
    limit(max_path_length_, path_length_of(certificate));
  }

  /// RFC 5280 6.1.5.
  void wrap_up() {
    if (role_ == PathRole::kLeaf) {
      check_wishes(request_, chain_position(0), verdict_.findings);
    }
    if (request_.most_intermediates && role_ == PathRole::kLeaf &&
        intermediates_ > *request_.most_intermediates) {
      add(findings::kTooManyIntermediates, 0,
          {std::to_string(intermediates_), std::to_string(*request_.most_intermediates)});
    }
    if (path_.certificates.empty()) {
      return;
    }
    decrease(explicit_policy_);
    const auto& constraints = path_.certificates.front()->extensions().policy_constraints;
    if (constraints && constraints->require_explicit_policy == 0U) {
      explicit_policy_ = 0;
    }
    verdict_.user_constrained = policies_.user_constrained(
        role_ == PathRole::kLeaf ? request_.policy.user_initial : PolicySet{asn1::oids::kAnyPolicy});
    if (explicit_policy_ == 0 && verdict_.user_constrained.empty() && !policy_reported_) {
      add(findings::kPolicyRequired, 0);
    }
  }

  PathSession& session_;
  const VerifyRequest& request_;
  const Path& path_;
  PathRole role_;
  PathVerdict verdict_;
  PolicyGraph policies_;
  NameConstraintCheck names_;
  std::size_t max_path_length_;
  std::size_t explicit_policy_ = 0;
  std::size_t policy_mapping_ = 0;
  std::size_t any_policy_ = 0;
  std::size_t intermediates_ = 0;
  bool policy_reported_ = false;
};

}  // namespace

PathVerdict validate_path(PathSession& session, const Path& path, PathRole role) {
  return Validation(session, path, role).run();
}

std::vector<const Certificate*> shown_certificates(const Path& path) {
  std::vector<const Certificate*> shown = path.certificates;
  if (path.anchor && path.anchor->certificate != nullptr) {
    shown.push_back(path.anchor->certificate);
  }
  return shown;
}

std::string chain_position(std::size_t index, std::string_view part) {
  std::string position = "chain[" + std::to_string(index) + "]";
  return part.empty() ? position : position + "." + std::string(part);
}

}  // namespace hutong::x509
