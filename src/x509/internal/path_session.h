#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "x509/chain_verifier.h"

namespace hutong::x509 {

/// Somebody who may have signed: a trust anchor or a candidate certificate.
struct Issuer {
  const Name* name = nullptr;
  const crypto::PublicKey* anchor_key = nullptr;
  const Certificate* certificate = nullptr;  ///< null for an anchor that is only a name and a key
  std::optional<std::size_t> anchor;         ///< position in VerifyRequest::anchors
  ByteView spki;                             ///< of the certificate, or kept by the session

  static Issuer of(const Certificate& certificate) {
    return {&certificate.subject(), nullptr, &certificate, {}, certificate.spki()};
  }
  /// Null when its algorithm is none of ours. Decoding a key costs something: only those tried are.
  const crypto::PublicKey* key() const;
};

/// A path under construction or complete. `certificates` is leaf first and does not hold the anchor.
struct Path {
  std::vector<const Certificate*> certificates;
  std::optional<Issuer> anchor;
};

enum class SignatureState : std::uint8_t { kGood, kBad, kUnsupported, kBudget };

/// What belongs to one call of verify_chain: the candidates by name, the work done, the signatures already
/// checked. Every path (of the leaf, of list issuers, of responders) is built from the same session, so they
/// share one budget.
class PathSession {
 public:
  explicit PathSession(const VerifyRequest& request);

  const VerifyRequest& request() const { return request_; }
  const Work& work() const { return work_; }
  void add_name_comparisons(std::uint64_t count) { work_.name_comparisons += count; }

  /// False, and exhausted from then on, when the budget is used up.
  bool take_step();
  bool exhausted() const { return exhausted_; }
  /// The first limit that cut something off, or empty.
  std::string_view limit() const { return limit_; }
  void note_limit(std::string_view limit) { limit_ = limit_.empty() ? limit : limit_; }

  /// Anchors and candidates of this name: those that the key identifier points at first, anchors before
  /// others, currently valid before expired.
  std::vector<Issuer> issuers(const Name& name,
                              const std::optional<AuthorityKeyIdentifier>& key_identifier) const;
  Issuer issuer_of_anchor(std::size_t index) const;

  SignatureState check(const Certificate& certificate, const Issuer& issuer);
  SignatureState check(const Crl& crl, const Issuer& issuer);
  SignatureState check(const OcspResponse& response, const Issuer& issuer);

 private:
  using EdgeKey = std::pair<const void*, std::string_view>;  ///< what is signed, the key's octets
  void exhaust(std::string_view limit);
  template <typename Signed>
  SignatureState check_once(const Signed& object, const Issuer& issuer);
  template <typename Signed>
  SignatureState verify(const Signed& object, const crypto::PublicKey& key);

  const VerifyRequest& request_;
  Work work_;
  bool exhausted_ = false;
  std::string_view limit_;
  std::vector<Bytes> anchor_spkis_;  ///< of anchors without certificate; same positions
  std::unordered_multimap<std::string_view, Issuer> by_name_;
  std::map<EdgeKey, SignatureState> checked_;
};

/// How far a candidate fits a key identifier.
enum class KeyIdMatch : std::uint8_t { kMatch, kUnknown, kMismatch };
KeyIdMatch match_key_identifier(const std::optional<AuthorityKeyIdentifier>& key_identifier,
                                const Issuer& issuer);
/// The certificate may sign certificates now: valid at `at`, CA, keyCertSign. An anchor without certificate
/// may.
bool may_issue(const Issuer& issuer, Time at);
bool same_name_and_key(const Certificate& certificate, const Issuer& issuer);

}  // namespace hutong::x509
