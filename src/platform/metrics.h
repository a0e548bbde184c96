#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "base/time.h"
#include "net/exposition.h"
#include "recognition/report.h"
#include "recognition/trust_list.h"

namespace hutong::platform {

/// What the platform counts beside its requests. Any thread may call.
class Metrics {
 public:
  void count(const recognition::RecognitionReport& report);
  void count_trust_reload();
  void expose(net::Exposition& out, const recognition::LoadedTrustList& list, std::size_t revocation_objects,
              Time now) const;

 private:
  mutable std::mutex mutex_;
  net::Counters validations_;
  net::Counters quirks_;
  std::uint64_t trust_reloads_ = 0;
};

}  // namespace hutong::platform
