#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "crypto/sm3.h"
#include "x509/certificate.h"
#include "x509/certificate_cache.h"
#include "x509/crl.h"
#include "x509/prepared_keys.h"

namespace hutong::x509 {

/// Remembers which certificates and lists were found to be signed by which keys, so that an intermediate is
/// verified once and not with every leaf, and a list once and not with every certificate it speaks about.
/// Holds good signatures only, so nobody can fill it without a signing key that verifies; a signature does
/// not become wrong with time. Bounded: the oldest entry makes room. Keeps what else is worth keeping between
/// calls: the tables of keys that sign again and again, and the certificates that were read. Any thread may
/// call.
class SignatureCache {
 public:
  explicit SignatureCache(std::size_t most_entries = 10'000, PreparedKeys::Limits keys = {});

  bool contains(const Certificate& certificate, ByteView issuer_spki) const {
    return contains(certificate.sm3(), issuer_spki);
  }
  bool contains(const Crl& crl, ByteView issuer_spki) const { return contains(crl.sm3(), issuer_spki); }
  void add(const Certificate& certificate, ByteView issuer_spki) { add(certificate.sm3(), issuer_spki); }
  void add(const Crl& crl, ByteView issuer_spki) { add(crl.sm3(), issuer_spki); }
  std::size_t size() const;
  PreparedKeys& keys() { return keys_; }
  CertificateCache& certificates() { return certificates_; }

 private:
  bool contains(const crypto::Sm3Digest& object, ByteView issuer_spki) const;
  void add(const crypto::Sm3Digest& object, ByteView issuer_spki);
  struct Hash {
    std::size_t operator()(const crypto::Sm3Digest& digest) const;
  };

  mutable std::mutex mutex_;
  std::size_t most_entries_;
  std::unordered_set<crypto::Sm3Digest, Hash> known_;
  std::vector<crypto::Sm3Digest> ring_;  ///< in the order of arrival; `oldest_` is overwritten next
  std::size_t oldest_ = 0;
  PreparedKeys keys_;
  CertificateCache certificates_;
};

}  // namespace hutong::x509
