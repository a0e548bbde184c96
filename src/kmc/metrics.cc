#include "kmc/metrics.h"

#include <sstream>

namespace hutong::kmc {
namespace {

void heading(std::ostream& out, std::string_view name, std::string_view type, std::string_view help) {
  out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

void write_series(std::ostream& out, std::string_view name,
                  const std::map<std::string, std::uint64_t>& series) {
  for (const auto& [labels, value] : series) {
    out << name << '{' << labels << "} " << value << '\n';
  }
}

}  // namespace

void Metrics::count(const net::RequestRecord& request) {
  const std::string route = "route=\"" + request.route + "\"";
  const std::lock_guard lock(mutex_);
  ++requests_[route + ",status=\"" + std::to_string(request.status) + "\""];
  if (!request.problem_code.empty()) {
    ++problems_["code=\"" + request.problem_code + "\""];
  }
  Duration& duration = durations_[route];
  ++duration.total;
  duration.seconds += std::chrono::duration<double>(request.duration).count();
}

void Metrics::count_made(std::int64_t keys) {
  const std::lock_guard lock(mutex_);
  made_ += keys;
}

void Metrics::count_failed_job() {
  const std::lock_guard lock(mutex_);
  ++failed_jobs_;
}

std::string Metrics::expose(const StoreCounts& stores, const KeyService& service) const {
  std::ostringstream out;
  heading(out, "hutong_kmc_keys", "gauge", "Key pairs by store.");
  out << "hutong_kmc_keys{store=\"spare\"} " << stores.spare << "\nhutong_kmc_keys{store=\"in_use\"} "
      << stores.in_use << "\nhutong_kmc_keys{store=\"history\"} " << stores.history << '\n';
  heading(out, "hutong_kmc_services_total", "counter", "Requests of CAs answered, by what was answered.");
  for (std::size_t at = 0; at < kServices; ++at) {
    const auto kind = static_cast<Service>(at);
    out << "hutong_kmc_services_total{service=\"" << to_string(kind) << "\"} " << service.count(kind) << '\n';
  }
  const std::lock_guard lock(mutex_);
  heading(out, "hutong_kmc_keys_made_total", "counter", "Key pairs made ahead by this node.");
  out << "hutong_kmc_keys_made_total " << made_ << '\n';
  heading(out, "hutong_kmc_jobs_failed_total", "counter", "Runs of background jobs that failed.");
  out << "hutong_kmc_jobs_failed_total " << failed_jobs_ << '\n';
  heading(out, "hutong_http_requests_total", "counter", "Requests by route and status.");
  write_series(out, "hutong_http_requests_total", requests_);
  heading(out, "hutong_http_problems_total", "counter", "Problem answers by code.");
  write_series(out, "hutong_http_problems_total", problems_);
  heading(out, "hutong_http_request_seconds", "summary", "Time to answer, by route.");
  for (const auto& [route, duration] : durations_) {
    out << "hutong_http_request_seconds_count{" << route << "} " << duration.total
        << "\nhutong_http_request_seconds_sum{" << route << "} " << duration.seconds << '\n';
  }
  return out.str();
}

}  // namespace hutong::kmc
