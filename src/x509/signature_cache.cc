#include "x509/signature_cache.h"

#include <algorithm>
#include <cstring>

namespace hutong::x509 {
namespace {

crypto::Sm3Digest key_of(const crypto::Sm3Digest& object, ByteView issuer_spki) {
  crypto::Sm3 hash;
  hash.update(object);
  hash.update(issuer_spki);
  return hash.finish();
}

}  // namespace

std::size_t SignatureCache::Hash::operator()(const crypto::Sm3Digest& digest) const {
  std::size_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

SignatureCache::SignatureCache(std::size_t most_entries, PreparedKeys::Limits keys)
    : most_entries_(std::max<std::size_t>(most_entries, 1)), keys_(keys) {}

bool SignatureCache::contains(const crypto::Sm3Digest& object, ByteView issuer_spki) const {
  const crypto::Sm3Digest key = key_of(object, issuer_spki);
  const std::lock_guard lock(mutex_);
  return known_.contains(key);
}

void SignatureCache::add(const crypto::Sm3Digest& object, ByteView issuer_spki) {
  const crypto::Sm3Digest key = key_of(object, issuer_spki);
  const std::lock_guard lock(mutex_);
  if (!known_.insert(key).second) {
    return;
  }
  if (ring_.size() < most_entries_) {
    ring_.push_back(key);
    return;
  }
  known_.erase(ring_[oldest_]);
  ring_[oldest_] = key;
  oldest_ = (oldest_ + 1) % most_entries_;
}

std::size_t SignatureCache::size() const {
  const std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace hutong::x509
