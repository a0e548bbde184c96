#include "x509/internal/path_builder.h"

#include <algorithm>
#include <cstddef>

namespace hutong::x509 {

void PathBuilder::search(const Certificate& leaf, Defects defects, const Visitor& visit) {
  defects_ = defects;
  path_.certificates.clear();
  const auto anchors = session_->request().anchors;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const bool is_leaf = anchors[i].certificate && *anchors[i].certificate == leaf;
    if (is_leaf && complete(session_->issuer_of_anchor(i), visit) == Visit::kStop) {
      return;
    }
  }
  path_.certificates.push_back(&leaf);
  extend(visit);
}

Visit PathBuilder::complete(const Issuer& anchor, const Visitor& visit) {
  if (only_anchor_ && anchor.anchor != only_anchor_) {
    return Visit::kContinue;
  }
  reached_anchor_ = true;
  Path path = path_;
  path.anchor = anchor;
  return visit(path);
}

void PathBuilder::note_dead_end() {
  if (path_.certificates.size() > longest_.certificates.size()) {
    longest_ = path_;
  }
}

/// An anchor ends the path and cannot loop; the certificate below it may be its own.
bool PathBuilder::would_loop(const Issuer& issuer) const {
  return !issuer.anchor && std::ranges::any_of(path_.certificates, [&issuer](const Certificate* certificate) {
    return same_name_and_key(*certificate, issuer);
  });
}

bool PathBuilder::is_usable_edge(const Issuer& issuer) {
  const Certificate& subject = *path_.certificates.back();
  if (defects_ == Defects::kRefused && !issuer.anchor && !may_issue(issuer, session_->request().at)) {
    return false;
  }
  const SignatureState signature = session_->check(subject, issuer);
  if (signature == SignatureState::kGood) {
    return true;
  }
  const auto match = match_key_identifier(subject.extensions().authority_key_identifier, issuer);
  return defects_ == Defects::kAllowed && signature != SignatureState::kBudget &&
         match != KeyIdMatch::kMismatch;
}

Visit PathBuilder::try_issuer(const Issuer& issuer, const Visitor& visit) {
  if (issuer.anchor) {
    return complete(issuer, visit);
  }
  path_.certificates.push_back(issuer.certificate);
  const Visit next = extend(visit);
  path_.certificates.pop_back();
  return next;
}

Visit PathBuilder::extend(const Visitor& visit) {
  note_dead_end();
  if (path_.certificates.size() >= session_->request().budget.path_length) {
    session_->note_limit("path_length");
    return Visit::kContinue;
  }
  const Certificate& subject = *path_.certificates.back();
  const auto issuers = session_->issuers(subject.issuer(), subject.extensions().authority_key_identifier);
  for (const Issuer& issuer : issuers) {
    if (!session_->take_step()) {
      return Visit::kStop;
    }
    if (would_loop(issuer) || !is_usable_edge(issuer)) {
      continue;
    }
    if (try_issuer(issuer, visit) == Visit::kStop) {
      return Visit::kStop;
    }
  }
  return session_->exhausted() ? Visit::kStop : Visit::kContinue;
}

}  // namespace hutong::x509
