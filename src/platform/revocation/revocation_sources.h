#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "recognition/report.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace hutong::platform {

/// How an address became known: the trust list names it for a service, a recognised certificate names it
/// (cRLDistributionPoints), or a list that was fetched does (freshestCRL).
enum class SourceOrigin : std::uint8_t { kTrustList, kCertificate, kList };
std::string_view to_string(SourceOrigin origin);  ///< "trust_list", "certificate", "revocation_list"

/// What is said about a list that was fetched.
struct FetchedList {
  Time this_update{};
  std::optional<Time> next_update;
  std::string number;  ///< hexadecimal; empty when there is none
  std::size_t entries = 0;
  crypto::Sm3Digest sm3{};
};
FetchedList facts_of(const x509::Crl& list);

/// An address where an authority's revocation lists lie, and how asking it went.
struct RevocationSource {
  std::string address;  ///< http://…
  /// Whose lists may lie there, at least one: an authority with a new key mostly keeps its address.
  std::vector<x509::Certificate> issuers;
  SourceOrigin origin = SourceOrigin::kTrustList;
  std::optional<FetchedList> list = std::nullopt;  ///< the newest one
  std::optional<Time> checked_at = std::nullopt;   ///< last time that the address answered well
  Time next_try{};
  std::string entity_tag = {};  ///< of `list`, as the server says
  std::string failure = {};     ///< reason of the last try; empty when it went well
  unsigned failures = 0;        ///< in a row
};

/// The http addresses among distribution points. What names another signer than the certificate's issuer is
/// left out: such lists are placed by hand.
std::vector<std::string> addresses_of(const std::vector<x509::DistributionPoint>& points);

/// The addresses that are asked. Bounded: kMost in all, kMostPerIssuer that an authority's certificates may
/// add to those on the trust list. Any thread may call.
class RevocationSources {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kMostPerIssuer = 256;
  static constexpr std::size_t kMostIssuers = 16;  ///< of one address

  /// The addresses of the list in force, at once when the list is a new one. What the list names no longer
  /// is not asked any longer.
  void follow(const std::shared_ptr<const recognition::TrustList>& list, Time now);
  /// What the certificates of a recognised chain name. Quick when it is known already, as it mostly is.
  void learn(const recognition::RecognitionReport& report, Time now);
  void learn(const x509::Certificate& issuer, const std::vector<std::string>& addresses, SourceOrigin origin,
             Time now);

  /// One whose time has come; nobody else gets it before it is given back.
  std::optional<RevocationSource> take_due(Time now);
  /// How asking it went; who may sign there is what became known meanwhile.
  void give_back(RevocationSource source);
  /// Sorted by address.
  std::vector<RevocationSource> all() const;

 private:
  struct Entry {
    RevocationSource source;
    bool taken = false;
  };
  bool knows(const std::string& address, const x509::Certificate& issuer) const;
  void add(const std::string& address, const x509::Certificate& issuer, SourceOrigin origin, Time now);

  mutable std::mutex mutex_;
  std::optional<crypto::Sm3Digest> followed_;        ///< the list whose addresses these are
  std::map<std::string, Entry> entries_;             ///< by address
  std::map<crypto::Sm3Digest, std::size_t> learnt_;  ///< how many, by issuer's certificate
};

}  // namespace hutong::platform
