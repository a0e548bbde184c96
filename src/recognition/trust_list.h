#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "recognition/revocation_data.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/report.h"

/// The signed trust list (design decision 4). The file is a GM/T 0010 SignedData with its content attached:
/// JSON text of format "hutong-trust-list/1", signed with SM2 by the list signer, whose certificate the
/// reader is configured with. docs/trust-list.md describes the members.
namespace hutong::recognition {

enum class ServiceKind : std::uint8_t { kRoot, kCa, kTsa, kOcsp };
std::string_view to_string(ServiceKind kind);  ///< "root", "ca", "tsa", "ocsp"
std::optional<ServiceKind> service_kind_from(std::string_view text);

/// Ids that a service may name in `quirks`, and in `refused_quirks`.
bool is_tolerable_quirk(std::string_view id);
bool is_refusable_quirk(std::string_view id);
inline constexpr std::size_t kMostRevocationAddresses = 16;  ///< of one service
/// An http URL of at most 1,024 printable characters: what a list may name in `revocation_addresses`.
bool is_revocation_address(std::string_view text);

enum class ServiceStatus : std::uint8_t { kGranted, kSuspended, kWithdrawn };
std::string_view to_string(ServiceStatus status);  ///< "granted", "suspended", "withdrawn"

struct StatusPeriod {
  ServiceStatus status = ServiceStatus::kGranted;
  Time since{};  ///< until the next period begins
};

/// One accredited service of a vendor.
struct Service {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::string vendor_zh;
  std::string vendor_en;
  ServiceKind kind = ServiceKind::kCa;
  x509::Certificate certificate;
  std::vector<StatusPeriod> periods;  ///< in order of time, at least one; the last one is the present status
  std::vector<std::string> quirks;    ///< ids of x509::Quirk that this vendor's objects may show
  /// Ids of quirks, of messages too (cms::findings::kTolerated), that others may show but this vendor's
  /// objects may not: then what rests on this service is invalid.
  std::vector<std::string> refused_quirks = {};
  /// Where its revocation lists are fetched before anybody asks: http URLs.
  std::vector<std::string> revocation_addresses = {};

  /// Nothing before the first period.
  std::optional<ServiceStatus> status_at(Time at) const;
};

/// What a list says.
struct TrustListContent {
  std::uint64_t number = 1;
  std::optional<crypto::Sm3Digest> previous_sm3;  ///< of the list before this one, as a file
  Time issued_at{};
  Time next_update{};
  std::string operator_zh;
  std::string operator_en;
  std::vector<Service> services;
  /// Messages in which list signers named the next one (list_signers.h), for readers who know an older one.
  std::vector<Bytes> signer_announcements = {};
};

/// A list whose signature was good. Immutable, usable from any thread.
class TrustList {
 public:
  TrustList(TrustListContent content, const crypto::Sm3Digest& sm3);
  const TrustListContent& content() const { return content_; }
  const crypto::Sm3Digest& sm3() const { return sm3_; }  ///< of the file
  bool is_current(Time now) const { return now <= content_.next_update; }

  /// Where trust begins: root services, and CA services whose issuer is no service of this list, each limited
  /// to the periods in which it was granted. A list that has the root and the CA so lets the root's
  /// revocation lists speak about the CA.
  const std::vector<x509::TrustAnchor>& anchors() const { return anchors_; }
  /// The CA services that are no anchors.
  const std::vector<x509::Certificate>& intermediates() const { return intermediates_; }
  /// The part of the two above that can matter to certificates with these issuers: whoever has one of the
  /// names as its subject, its issuer, and so on up. So that a list of 10,000 services costs nothing per
  /// question.
  struct Candidates {
    std::vector<x509::TrustAnchor> anchors;
    std::vector<x509::Certificate> intermediates;
    NameSet names;  ///< all that were looked for
  };
  Candidates candidates_for(std::vector<x509::Name> names) const;
  /// The service with exactly this certificate, or null.
  const Service* find(const x509::Certificate& certificate) const;
  /// The services whose certificate has this subject.
  std::vector<const Service*> find(const x509::Name& subject) const;

 private:
  void add_anchors(const Service& service);

  TrustListContent content_;
  crypto::Sm3Digest sm3_;
  std::vector<x509::TrustAnchor> anchors_;
  std::vector<x509::Certificate> intermediates_;
  using Index = std::unordered_multimap<x509::Name, std::size_t, x509::NameHash>;
  Index by_subject_;                ///< into content_.services
  Index anchors_by_subject_;        ///< into anchors_
  Index intermediates_by_subject_;  ///< into intermediates_
};

enum class TrustListState : std::uint8_t { kCurrent, kMissing, kExpired, kBadSignature, kMalformed };
std::string_view to_string(
    TrustListState state);  ///< "current", "missing", "expired", "bad_signature", "malformed"

/// The outcome of loading: a list, or why there is none. Without a current list nothing is ever valid.
struct LoadedTrustList {
  std::shared_ptr<const TrustList> list;              ///< null when missing, badly signed or malformed
  TrustListState failure = TrustListState::kMissing;  ///< counts when `list` is null
  std::string reason = "trust_list.missing";          ///< stable; likewise
  std::string detail;

  /// kExpired is a question of time, so it is asked each time.
  TrustListState state(Time now) const;
};

/// Checks the signature first and reads only what the list signer signed: the signer's certificate must be
/// exactly `signer`, or one that the list's own announcements lead to from `signer`; either in its validity
/// at `now`. Reasons: "trust_list.bad_signature" (also for something else than a signed message),
/// "trust_list.signer_expired", "trust_list.malformed".
LoadedTrustList load_trust_list(ByteView file, const x509::Certificate& signer, Time now);

/// The JSON text that gets signed, and back. kMalformed "trust_list.malformed"; the detail names the member.
std::string to_json_text(const TrustListContent& content);
Result<TrustListContent> trust_list_from_json(std::string_view text);

/// The same in XML, for readers who want that; write only.
std::string to_xml_text(const TrustListContent& content);

/// The file: JSON text in an attached GM/T 0010 signature.
Result<Bytes> write_trust_list(const TrustListContent& content, const crypto::Signer& key,
                               const x509::Certificate& signer);

}  // namespace hutong::recognition
