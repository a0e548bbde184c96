#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "asn1/oid.h"
#include "asn1/oids.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/name.h"
#include "x509/ocsp.h"
#include "x509/peer_name.h"
#include "x509/policy_graph.h"
#include "x509/report.h"
#include "x509/signature_cache.h"

namespace hutong::x509 {

/// Where trust begins: a name and a key (RFC 5280 6.1.1 (d)), usually taken from a certificate. With a
/// certificate, that certificate is checked as well (validity, CA, key usage, critical extensions) and its
/// name constraints and path length count (RFC 5937); its policies do not.
struct TrustAnchor {
  Name name;
  crypto::PublicKey key;
  std::optional<Certificate> certificate;
  std::string label;                  ///< what the trust list calls it; shown, never compared
  std::optional<Time> trusted_from;   ///< first second
  std::optional<Time> trusted_until;  ///< last second

  /// kPolicy "key.unsupported" and its like when the key is none of ours.
  static Result<TrustAnchor> of(const Certificate& certificate, std::string label = {});
  static TrustAnchor of(const Name& name, const crypto::PublicKey& key, std::string label = {});
};

enum class RevocationMode : std::uint8_t {
  kRequire,  ///< a certificate without fresh revocation data makes the verdict indeterminate
  kPrefer,   ///< data that is there counts; missing and stale data is a warning
  kNone,     ///< revocation is not looked at
};

/// How the profile rules of RFC 5280 section 4 ("conforming CAs MUST …") count that have no bearing on trust:
/// identifiers missing, extensions with the wrong criticality, serial numbers out of range. Real Chinese
/// certificates, the national root first, break several.
enum class Profile : std::uint8_t {
  kTolerant,  ///< warnings
  kRfc5280,   ///< errors
};

enum class Sha1 : std::uint8_t { kRefused, kAccepted };

/// Which signatures and keys are believed. Whatever crypto does not know (MD5, DSA, P-192) is refused anyway.
struct AlgorithmPolicy {
  Sha1 sha1 = Sha1::kRefused;
  unsigned smallest_rsa_bits = 2048;
  std::vector<crypto::SignatureScheme> refused_schemes;
};

enum class InitialExplicitPolicy : bool { kNotRequired, kRequired };
enum class InitialPolicyMapping : bool { kAllowed, kInhibited };
enum class InitialAnyPolicy : bool { kAllowed, kInhibited };

/// Inputs (c), (e), (f), (g) of RFC 5280 6.1.1.
struct PolicyInputs {
  PolicySet user_initial = {asn1::oids::kAnyPolicy};
  InitialExplicitPolicy explicit_policy = InitialExplicitPolicy::kNotRequired;
  InitialPolicyMapping policy_mapping = InitialPolicyMapping::kAllowed;
  InitialAnyPolicy any_policy = InitialAnyPolicy::kAllowed;
};

/// Work to spend on hostile input. When one of them is used up, the search ends with "path.budget".
struct Budget {
  std::uint32_t signature_checks = 100;
  std::uint32_t path_steps = 2'000;          ///< issuers tried, in all paths together
  std::uint32_t path_length = 64;            ///< certificates in one path
  std::uint64_t name_comparisons = 250'000;  ///< names with name constraints, per path
};

/// Everything a verdict depends on; nothing else does. What is referred to must live during the call.
struct VerifyRequest {
  const Certificate& leaf;
  Time at;  ///< the time the question is about; the core never reads a clock
  std::span<const TrustAnchor> anchors = {};
  std::span<const Certificate> intermediates = {};  ///< candidates in any order, related or not
  std::span<const Crl> crls = {};
  std::span<const OcspResponse> ocsp_responses = {};
  RevocationMode revocation = RevocationMode::kPrefer;
  Profile profile = Profile::kTolerant;
  PolicyInputs policy = {};
  AlgorithmPolicy algorithms = {};
  /// The leaf must have at least one of these key usage bits, when it has the extension at all.
  KeyUsage key_usage = {};
  /// The leaf must allow this extended key usage, when it has the extension at all.
  std::optional<asn1::Oid> purpose = std::nullopt;
  /// Names that the leaf's subjectAltName must contain, each of them.
  std::vector<PeerName> peer_names = {};
  /// Intermediates that are not self-issued, at most (the "maximum path length" of applications).
  std::optional<std::uint32_t> most_intermediates = std::nullopt;
  Budget budget = {};
  SignatureCache* cache = nullptr;  ///< optional, shared between calls and threads
};

enum class CertificateStatus : std::uint8_t { kNotChecked, kGood, kRevoked, kOnHold, kUnknown };
std::string_view to_string(
    CertificateStatus status);  ///< "not_checked", "good", "revoked", "on_hold", "unknown"

/// The revocation object that a status rests on. Copies are cheap.
using RevocationSource = std::variant<Crl, OcspResponse>;

struct RevocationStatus {
  CertificateStatus status = CertificateStatus::kNotChecked;
  std::optional<Time> revoked_at;  ///< also for a revocation later than `at`, where the status is kGood
  std::optional<CrlReason> reason;
  std::vector<RevocationSource> sources;
};

struct PathElement {
  Certificate certificate;
  RevocationStatus revocation;
};

struct Work {
  std::uint32_t signature_checks = 0;
  std::uint32_t cached_signatures = 0;  ///< answered by the cache, free of charge
  std::uint32_t path_steps = 0;
  std::uint64_t name_comparisons = 0;
};

/// A rejected certificate is an answer, not an Error. Findings name their certificate as "chain[i]", an index
/// into `path`.
struct VerifyReport {
  Indication indication = Indication::kIndeterminate;
  std::vector<Finding> findings;
  /// Leaf first. The anchor's certificate is the last element when the anchor has one. When nothing is
  /// trusted: the candidate that got furthest.
  std::vector<PathElement> path;
  std::optional<std::size_t> anchor;  ///< position in VerifyRequest::anchors; set when the path reaches one
  PolicySet user_constrained_policy_set;
  Work work;

  bool trusted() const { return indication == Indication::kValid; }
};

/// Builds and validates certification paths (RFC 5280 sections 6.1 and 6.3, RFC 6960, SM2 as in GB/T 20518)
/// for SM2, RSA and ECDSA keys in any mixture. No I/O, no clock, no state between calls but the cache that
/// the caller may share: any thread may call. The work is bounded by the budget, whatever the input.
VerifyReport verify_chain(const VerifyRequest& request);

}  // namespace hutong::x509
