#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "ca/publishing/ocsp_responder.h"
#include "net/exposition.h"
#include "storage/database.h"

namespace hutong::ca {

/// What the CA measures beside its requests. Any thread may call.
class Metrics {
 public:
  void count_failed_job() { failed_jobs_.fetch_add(1, std::memory_order_relaxed); }
  /// Reads a few counts from the database: certificates and orders by state, what waits for the key
  /// management centre, the number of the list of `authority`.
  Status expose(net::Exposition& out, storage::Database& database, const OcspResponder& ocsp,
                const std::string& authority) const;

 private:
  std::atomic<std::uint64_t> failed_jobs_ = 0;
};

}  // namespace hutong::ca
