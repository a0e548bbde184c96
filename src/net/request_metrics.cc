#include "net/request_metrics.h"

#include <algorithm>
#include <sstream>

namespace hutong::net {
namespace {

constexpr std::string_view kDuration = "hutong_http_request_duration_seconds";

std::string bound_label(double bound) {
  std::ostringstream text;
  text << bound;
  return label("le", text.str());
}

}  // namespace

void RequestMetrics::count(const RequestRecord& request) {
  const double seconds = std::chrono::duration<double>(request.duration).count();
  const std::string route = label("route", request.route);
  const std::scoped_lock lock(mutex_);
  ++requests_[route + "," + label("method", to_string(request.method)) + "," +
              label("status", std::to_string(request.status))];
  if (!request.problem_code.empty()) {
    ++problems_[label("code", request.problem_code)];
  }
  octets_in_ += request.octets_in;
  octets_out_ += request.octets_out;
  Histogram& histogram = durations_[route];
  const auto* const bucket = std::ranges::lower_bound(kBuckets, seconds);
  if (bucket != kBuckets.end()) {
    ++histogram.counts[static_cast<std::size_t>(bucket - kBuckets.begin())];
  }
  ++histogram.total;
  histogram.sum += seconds;
}

void RequestMetrics::expose(Exposition& out) const {
  const std::scoped_lock lock(mutex_);
  out.counters("hutong_problems_total", "Problem answers by code.", problems_);
  out.counters("hutong_http_requests_total", "Requests answered.", requests_);
  expose_durations(out);
  out.metric("hutong_http_received_octets_total", "counter", "Octets of requests.", octets_in_);
  out.metric("hutong_http_sent_octets_total", "counter", "Octets of answers.", octets_out_);
}

void RequestMetrics::expose_durations(Exposition& out) const {
  const std::string name(kDuration);
  out.head(name, "histogram", "From the header read to the answer ready.");
  for (const auto& [route, histogram] : durations_) {
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < kBuckets.size(); ++i) {
      so_far += histogram.counts[i];
      out.series(name + "_bucket", route + "," + bound_label(kBuckets[i]), so_far);
    }
    out.series(name + "_bucket", route + "," + label("le", "+Inf"), histogram.total);
    out.series(name + "_sum", route, histogram.sum);
    out.series(name + "_count", route, histogram.total);
  }
}

}  // namespace hutong::net
