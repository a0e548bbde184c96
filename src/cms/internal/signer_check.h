#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "cms/internal/algorithms.h"
#include "cms/internal/content_hasher.h"
#include "cms/report.h"
#include "cms/signed_data.h"
#include "x509/certificate.h"

namespace hutong::cms::internal {

/// The certificates in which signers are looked for; found by serial number or key identifier.
class CertificateIndex {
 public:
  void add(const x509::Certificate& certificate);
  /// Those that fit, at most `most`.
  std::vector<x509::Certificate> find(const PartyIdentifier& party, std::size_t most) const;

 private:
  std::multimap<x509::Serial, x509::Certificate> by_serial_;
};

/// The cryptographic judgement of one signer (GM/T 0010; RFC 5652 5.4 to 5.6), in two steps: first what
/// digests of the content are needed, then, when the content has passed, the verdict.
class SignerCheck {
 public:
  static constexpr std::size_t kMostCandidates = 4;

  /// Everything referred to must outlive the check. Findings go into `report`; `cache` may be null.
  SignerCheck(const SignerInfo& signer, const SignedData& message, std::string where, SignerReport& report,
              x509::SignatureCache* cache);

  void find_candidates(const CertificateIndex& certificates);
  const std::vector<DigestNeed>& needs() const { return needs_; }
  void judge(const ContentHasher& content);
  void add(const x509::FindingKind& kind, std::vector<std::string> arguments = {});

 private:
  struct Candidate {
    x509::Certificate certificate;
    SignatureChoice choice;
    DigestNeed need;
  };
  void add_candidate(const x509::Certificate& certificate);
  void add_algorithm_error(const Error& error);
  void check_attributes(const ContentHasher& content);
  void check_content_type(const AttributeSet& attributes);
  void check_message_digest(const AttributeSet& attributes, const ContentHasher& content);
  void check_signing_time(const AttributeSet& attributes);
  void check_signing_certificate(const AttributeSet& attributes);
  void check_plain_content(const ContentHasher& content);
  void check_certificate();
  bool verifies(const Candidate& candidate, const ContentHasher& content);
  template <typename Key>
  bool verifies(const Key& key, const Candidate& candidate, const ContentHasher& content);

  const SignerInfo* signer_;
  const SignedData* message_;
  std::string where_;
  SignerReport* report_;
  x509::SignatureCache* cache_;
  std::optional<crypto::DigestAlgorithm> digest_;
  std::vector<Candidate> candidates_;
  std::vector<DigestNeed> needs_;
  bool used_sorted_attributes_ = false;
};

}  // namespace hutong::cms::internal
