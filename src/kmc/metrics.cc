#include "kmc/metrics.h"

namespace hutong::kmc {

void Metrics::count_made(std::int64_t keys) {
  const std::lock_guard lock(mutex_);
  made_ += keys;
}

void Metrics::count_failed_job() {
  const std::lock_guard lock(mutex_);
  ++failed_jobs_;
}

void Metrics::expose(net::Exposition& out, const StoreCounts& stores, const KeyService& service) const {
  out.head("hutong_kmc_keys", "gauge", "Key pairs by store.");
  out.series("hutong_kmc_keys", net::label("store", "spare"), stores.spare);
  out.series("hutong_kmc_keys", net::label("store", "in_use"), stores.in_use);
  out.series("hutong_kmc_keys", net::label("store", "history"), stores.history);
  out.head("hutong_kmc_services_total", "counter", "Requests of CAs answered, by what was answered.");
  for (std::size_t at = 0; at < kServices; ++at) {
    const auto kind = static_cast<Service>(at);
    out.series("hutong_kmc_services_total", net::label("service", to_string(kind)), service.count(kind));
  }
  const std::lock_guard lock(mutex_);
  out.metric("hutong_kmc_keys_made_total", "counter", "Key pairs made ahead by this node.", made_);
  out.metric("hutong_kmc_jobs_failed_total", "counter", "Runs of background jobs that failed.", failed_jobs_);
}

}  // namespace hutong::kmc
