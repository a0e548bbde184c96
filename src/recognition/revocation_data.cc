#include "recognition/revocation_data.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace hutong::recognition {

RevocationData::RevocationData(std::vector<x509::Crl> crls, std::vector<x509::OcspResponse> responses)
    : crls_(std::move(crls)), responses_(std::move(responses)) {
  for (std::size_t i = 0; i < crls_.size(); ++i) {
    if (crls_[i].is_indirect()) {
      indirect_.push_back(i);
    } else {
      by_issuer_.emplace(crls_[i].issuer(), i);
    }
  }
  for (std::size_t i = 0; i < responses_.size(); ++i) {
    std::set<Bytes> seen;
    for (const auto& single : responses_[i].responses()) {
      if (std::ranges::find(hashes_, single.certificate.hash) == hashes_.end()) {
        hashes_.push_back(single.certificate.hash);
      }
      if (seen.insert(single.certificate.issuer_name_hash).second) {
        by_issuer_hash_.emplace(single.certificate.issuer_name_hash, i);
      }
    }
  }
}

std::size_t RevocationData::IssuerHash::operator()(const Bytes& hash) const {
  return std::hash<std::string_view>()(as_text(hash));
}

void RevocationData::add_indirect_issuers(std::vector<x509::Name>& out) const {
  for (const std::size_t index : indirect_) {
    out.push_back(crls_[index].issuer());
  }
}

void RevocationData::add_crls_for(const NameSet& issuers, std::vector<x509::Crl>& out) const {
  for (const x509::Name& issuer : issuers) {
    const auto [first, last] = by_issuer_.equal_range(issuer);
    std::for_each(first, last, [&](const auto& entry) { out.push_back(crls_[entry.second]); });
  }
  for (const std::size_t index : indirect_) {
    out.push_back(crls_[index]);
  }
}

void RevocationData::add_responses_for(const NameSet& issuers, std::vector<x509::OcspResponse>& out) const {
  std::set<std::size_t> found;
  for (const x509::Name& issuer : issuers) {
    for (const auto hash : hashes_) {
      const auto [first, last] = by_issuer_hash_.equal_range(crypto::digest(hash, issuer.der()));
      std::for_each(first, last, [&](const auto& entry) { found.insert(entry.second); });
    }
  }
  for (const std::size_t index : found) {
    out.push_back(responses_[index]);
  }
}

}  // namespace hutong::recognition
