#pragma once

#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "crypto/digest.h"
#include "x509/crl.h"
#include "x509/name.h"
#include "x509/ocsp.h"

namespace hutong::recognition {

using NameSet = std::unordered_set<x509::Name, x509::NameHash>;

/// Revocation lists and OCSP responses, found by the issuers they speak about. Immutable, usable from any
/// thread.
class RevocationData {
 public:
  RevocationData() = default;
  RevocationData(std::vector<x509::Crl> crls, std::vector<x509::OcspResponse> responses);

  const std::vector<x509::Crl>& crls() const { return crls_; }
  const std::vector<x509::OcspResponse>& ocsp_responses() const { return responses_; }

  /// Appends the issuers of indirect lists, whose certificates are needed as well.
  void add_indirect_issuers(std::vector<x509::Name>& out) const;
  /// Appends the lists of these issuers, and every indirect list, whoever signed it.
  void add_crls_for(const NameSet& issuers, std::vector<x509::Crl>& out) const;
  /// Appends the responses about certificates of these issuers.
  void add_responses_for(const NameSet& issuers, std::vector<x509::OcspResponse>& out) const;

 private:
  struct IssuerHash {
    std::size_t operator()(const Bytes& hash) const;
  };
  std::vector<x509::Crl> crls_;
  std::vector<x509::OcspResponse> responses_;
  std::unordered_multimap<x509::Name, std::size_t, x509::NameHash> by_issuer_;  ///< into crls_
  std::vector<std::size_t> indirect_;                                           ///< into crls_
  std::unordered_multimap<Bytes, std::size_t, IssuerHash> by_issuer_hash_;      ///< into responses_
  std::vector<crypto::DigestAlgorithm> hashes_;                                 ///< that the responses use
};

}  // namespace hutong::recognition
