#include "x509/internal/path_session.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace hutong::x509 {
namespace {

bool is_valid_at(const Issuer& issuer, Time at) {
  return issuer.certificate == nullptr ||
         (issuer.certificate->not_before() <= at && at <= issuer.certificate->not_after());
}

}  // namespace

const crypto::PublicKey* Issuer::key() const {
  if (anchor_key != nullptr) {
    return anchor_key;
  }
  const auto& decoded = certificate->public_key();
  return decoded ? &decoded.value() : nullptr;
}

Bytes Issuer::spki() const {
  return certificate != nullptr ? to_bytes(certificate->spki()) : anchor_key->to_spki();
}

PathSession::PathSession(const VerifyRequest& request) : request_(request) {
  by_name_.reserve(request.intermediates.size() + request.anchors.size());
  for (std::size_t i = 0; i < request.anchors.size(); ++i) {
    by_name_.emplace(as_text(request.anchors[i].name.key()), issuer_of_anchor(i));
  }
  for (const auto& certificate : request.intermediates) {
    by_name_.emplace(as_text(certificate.subject().key()), Issuer::of(certificate));
  }
}

Issuer PathSession::issuer_of_anchor(std::size_t index) const {
  const TrustAnchor& anchor = request_.anchors[index];
  return {&anchor.name, &anchor.key, anchor.certificate ? &*anchor.certificate : nullptr, index};
}

void PathSession::exhaust(std::string_view limit) {
  exhausted_ = true;
  note_limit(limit);
}

bool PathSession::take_step() {
  if (exhausted()) {
    return false;
  }
  if (work_.path_steps >= request_.budget.path_steps) {
    exhaust("path_steps");
    return false;
  }
  ++work_.path_steps;
  return true;
}

std::vector<Issuer> PathSession::issuers(const Name& name,
                                         const std::optional<AuthorityKeyIdentifier>& key_identifier) const {
  struct Ranked {
    std::tuple<KeyIdMatch, bool, bool, const void*> rank;
    Issuer issuer;
  };
  std::vector<Ranked> ranked;
  const auto [first, last] = by_name_.equal_range(as_text(name.key()));
  for (auto it = first; it != last; ++it) {
    const Issuer& issuer = it->second;
    ranked.push_back({{match_key_identifier(key_identifier, issuer), !issuer.anchor.has_value(),
                       !is_valid_at(issuer, request_.at), issuer.certificate},
                      issuer});
  }
  std::ranges::sort(ranked, {}, &Ranked::rank);
  std::vector<Issuer> issuers;
  issuers.reserve(ranked.size());
  std::ranges::transform(ranked, std::back_inserter(issuers), &Ranked::issuer);
  return issuers;
}

bool PathSession::is_cached(const Certificate& certificate, const Issuer& issuer) {
  if (request_.cache == nullptr || !request_.cache->contains(certificate, issuer.spki())) {
    return false;
  }
  ++work_.cached_signatures;
  return true;
}

template <typename Signed>
SignatureState PathSession::check_once(const Signed& object, const Issuer& issuer) {
  if (!object.signature_algorithm() || issuer.key() == nullptr) {
    return SignatureState::kUnsupported;
  }
  const auto [known, is_new] =
      checked_.try_emplace({object.der().data(), issuer.key()}, SignatureState::kBudget);
  if (!is_new && known->second != SignatureState::kBudget) {
    return known->second;
  }
  if (work_.signature_checks >= request_.budget.signature_checks) {
    exhaust("signature_checks");
    return SignatureState::kBudget;
  }
  ++work_.signature_checks;
  known->second = object.is_signed_by(*issuer.key()) ? SignatureState::kGood : SignatureState::kBad;
  return known->second;
}

SignatureState PathSession::check(const Certificate& certificate, const Issuer& issuer) {
  if (issuer.key() != nullptr && is_cached(certificate, issuer)) {
    return SignatureState::kGood;
  }
  const SignatureState state = check_once(certificate, issuer);
  if (state == SignatureState::kGood && request_.cache != nullptr) {
    request_.cache->add(certificate, issuer.spki());
  }
  return state;
}

SignatureState PathSession::check(const Crl& crl, const Issuer& issuer) { return check_once(crl, issuer); }

SignatureState PathSession::check(const OcspResponse& response, const Issuer& issuer) {
  return check_once(response, issuer);
}

KeyIdMatch match_key_identifier(const std::optional<AuthorityKeyIdentifier>& key_identifier,
                                const Issuer& issuer) {
  if (!key_identifier || issuer.certificate == nullptr) {
    return KeyIdMatch::kUnknown;
  }
  const Certificate& candidate = *issuer.certificate;
  if (key_identifier->serial && *key_identifier->serial != candidate.serial() &&
      std::ranges::any_of(key_identifier->issuer, [&candidate](const GeneralName& name) {
        return name.directory && *name.directory == candidate.issuer();
      })) {
    return KeyIdMatch::kMismatch;
  }
  const auto& subject_id = candidate.extensions().subject_key_identifier;
  if (!key_identifier->key_identifier || !subject_id) {
    return KeyIdMatch::kUnknown;
  }
  return equal(*key_identifier->key_identifier, *subject_id) ? KeyIdMatch::kMatch : KeyIdMatch::kMismatch;
}

bool may_issue(const Issuer& issuer, Time at) {
  if (issuer.certificate == nullptr) {
    return true;
  }
  const auto& key_usage = issuer.certificate->extensions().key_usage;
  return is_valid_at(issuer, at) && issuer.certificate->is_ca() &&
         (!key_usage || key_usage->has(KeyUsageBit::kKeyCertSign));
}

bool same_name_and_key(const Certificate& certificate, const Issuer& issuer) {
  return certificate.subject() == *issuer.name &&
         (issuer.certificate != nullptr
              ? equal(certificate.spki(), issuer.certificate->spki())
              : certificate.public_key() && *certificate.public_key() == *issuer.key());
}

}  // namespace hutong::x509
