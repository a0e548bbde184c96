#include "x509/certificate_cache.h"

#include <utility>

namespace hutong::x509 {

Result<Certificate> CertificateCache::parse(ByteView der) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_octets_.find(as_text(der)); found != by_octets_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front();
    }
  }
  HUTONG_TRY(auto certificate, Certificate::parse(der));
  if (der.size() > kMostOctets) {
    return certificate;
  }
  const std::lock_guard lock(mutex_);
  if (by_octets_.contains(as_text(der))) {
    return certificate;  // another thread was faster
  }
  if (entries_.size() >= most_) {
    by_octets_.erase(as_text(entries_.back().der()));
    entries_.pop_back();
  }
  entries_.push_front(certificate);
  by_octets_.emplace(as_text(entries_.front().der()), entries_.begin());
  return certificate;
}

std::size_t CertificateCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace hutong::x509
