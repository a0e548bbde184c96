#include "x509/internal/path_session.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <type_traits>

namespace hutong::x509 {
namespace {

/// A response is mostly met once, what a CA signs again and again.
template <typename Signed>
constexpr bool kIsCached = std::is_same_v<Signed, Certificate> || std::is_same_v<Signed, Crl>;

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

PathSession::PathSession(const VerifyRequest& request) : request_(request) {
  by_name_.reserve(request.intermediates.size() + request.anchors.size());
  for (const auto& anchor : request.anchors) {
    anchor_spkis_.push_back(anchor.certificate ? Bytes() : anchor.key.to_spki());
  }
  for (std::size_t i = 0; i < request.anchors.size(); ++i) {
    by_name_.emplace(as_text(request.anchors[i].name.key()), issuer_of_anchor(i));
  }
  for (const auto& certificate : request.intermediates) {
    by_name_.emplace(as_text(certificate.subject().key()), Issuer::of(certificate));
  }
}

Issuer PathSession::issuer_of_anchor(std::size_t index) const {
  const TrustAnchor& anchor = request_.anchors[index];
  const Certificate* certificate = anchor.certificate ? &*anchor.certificate : nullptr;
  const ByteView spki = certificate != nullptr ? certificate->spki() : ByteView(anchor_spkis_[index]);
  return {&anchor.name, &anchor.key, certificate, index, spki};
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

template <typename Signed>
SignatureState PathSession::verify(const Signed& object, const crypto::PublicKey& key) {
  if (work_.signature_checks >= request_.budget.signature_checks) {
    exhaust("signature_checks");
    return SignatureState::kBudget;
  }
  ++work_.signature_checks;
  if constexpr (kIsCached<Signed>) {
    const auto prepared = request_.cache != nullptr ? request_.cache->keys().use(key) : nullptr;
    if (prepared != nullptr) {
      return object.is_signed_by(*prepared) ? SignatureState::kGood : SignatureState::kBad;
    }
  }
  return object.is_signed_by(key) ? SignatureState::kGood : SignatureState::kBad;
}

template <typename Signed>
SignatureState PathSession::check_once(const Signed& object, const Issuer& issuer) {
  const crypto::PublicKey* key = issuer.key();
  if (!object.signature_algorithm() || key == nullptr) {
    return SignatureState::kUnsupported;
  }
  const EdgeKey edge = {object.der().data(), as_text(issuer.spki)};
  if (const auto known = checked_.find(edge); known != checked_.end()) {
    return known->second;
  }
  SignatureCache* cache = request_.cache;
  if constexpr (kIsCached<Signed>) {
    if (cache != nullptr && cache->contains(object, issuer.spki)) {
      ++work_.cached_signatures;
      return checked_[edge] = SignatureState::kGood;
    }
  }
  const SignatureState state = verify(object, *key);
  if (state == SignatureState::kBudget) {
    return state;
  }
  if constexpr (kIsCached<Signed>) {
    if (cache != nullptr && state == SignatureState::kGood) {
      cache->add(object, issuer.spki);
    }
  }
  return checked_[edge] = state;
}

SignatureState PathSession::check(const Certificate& certificate, const Issuer& issuer) {
  return check_once(certificate, issuer);
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
  return certificate.subject() == *issuer.name && equal(certificate.spki(), issuer.spki);
}

}  // namespace hutong::x509
