#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "x509/certificate.h"

namespace hutong::x509 {

/// Remembers certificates that were read, by their octets, so that whoever signs a thousand messages is read
/// once. Only under the standard quirks, only those that can be read, and only of an ordinary size. Bounded:
/// what was met longest ago makes room. Any thread may call.
class CertificateCache {
 public:
  static constexpr std::size_t kMostOctets = 4'096;  ///< of one certificate

  explicit CertificateCache(std::size_t most = 4'096) : most_(most) {}
  /// As Certificate::parse.
  Result<Certificate> parse(ByteView der);
  std::size_t size() const;

 private:
  using Entries = std::list<Certificate>;  ///< last met first

  mutable std::mutex mutex_;
  std::size_t most_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_octets_;  ///< of the certificate in its entry
};

}  // namespace hutong::x509
