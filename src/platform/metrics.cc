#include "platform/metrics.h"

#include <sstream>

#include "x509/quirks.h"

namespace hutong::platform {
namespace {

void head(std::ostream& out, std::string_view name, std::string_view type, std::string_view help) {
  out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

void write(std::ostream& out, std::string_view name, std::string_view help,
           const std::map<std::string, std::uint64_t>& counters) {
  head(out, name, "counter", help);
  for (const auto& [labels, value] : counters) {
    out << name << '{' << labels << "} " << value << '\n';
  }
}

template <typename Value>
void write(std::ostream& out, std::string_view name, std::string_view type, std::string_view help,
           Value value) {
  head(out, name, type, help);
  out << name << ' ' << value << '\n';
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + '"';
}

}  // namespace

void Metrics::count(const recognition::RecognitionReport& report) {
  const std::lock_guard lock(mutex_);
  ++validations_[label("kind", to_string(report.kind)) + "," +
                 label("indication", x509::to_string(report.indication))];
  for (const x509::Quirk quirk : report.quirks.list()) {
    ++quirks_[label("quirk", x509::quirk_info(quirk).finding.code)];
  }
}

void Metrics::count(const net::RequestRecord& request) {
  const double seconds = std::chrono::duration<double>(request.duration).count();
  const std::string route = label("route", request.route);
  const std::lock_guard lock(mutex_);
  ++requests_[route + "," + label("method", net::to_string(request.method)) + "," +
              label("status", std::to_string(request.status))];
  if (!request.problem_code.empty()) {
    ++problems_[label("code", request.problem_code)];
  }
  octets_in_ += request.octets_in;
  octets_out_ += request.octets_out;
  Histogram& histogram = durations_[route];
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    if (seconds <= kBuckets[i]) {
      ++histogram.counts[i];
      break;
    }
  }
  ++histogram.total;
  histogram.sum += seconds;
}

void Metrics::count_trust_reload() {
  const std::lock_guard lock(mutex_);
  ++trust_reloads_;
}

std::string Metrics::expose(const recognition::LoadedTrustList& list, std::size_t revocation_objects,
                            Time now) const {
  std::ostringstream out;
  const std::lock_guard lock(mutex_);
  write(out, "hutong_validations_total", "Recognition reports by kind and indication.", validations_);
  write(out, "hutong_quirks_total", "Deviations tolerated, by quirk.", quirks_);
  write(out, "hutong_problems_total", "Problem answers by code.", problems_);
  write(out, "hutong_http_requests_total", "Requests answered.", requests_);
  head(out, "hutong_http_request_duration_seconds", "histogram", "From the header read to the answer ready.");
  for (const auto& [route, histogram] : durations_) {
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < kBuckets.size(); ++i) {
      so_far += histogram.counts[i];
      out << "hutong_http_request_duration_seconds_bucket{" << route << ",le=\"" << kBuckets[i] << "\"} "
          << so_far << '\n';
    }
    out << "hutong_http_request_duration_seconds_bucket{" << route << ",le=\"+Inf\"} " << histogram.total
        << '\n'
        << "hutong_http_request_duration_seconds_sum{" << route << "} " << histogram.sum << '\n'
        << "hutong_http_request_duration_seconds_count{" << route << "} " << histogram.total << '\n';
  }
  write(out, "hutong_http_received_octets_total", "counter", "Octets of requests.", octets_in_);
  write(out, "hutong_http_sent_octets_total", "counter", "Octets of answers.", octets_out_);
  write(out, "hutong_trust_reloads_total", "counter", "Times the trust files were read.", trust_reloads_);
  write(out, "hutong_revocation_objects", "gauge", "CRLs and OCSP responses in use.", revocation_objects);
  const bool current = list.state(now) == recognition::TrustListState::kCurrent;
  write(out, "hutong_trust_list_current", "gauge", "1 when a current trust list is in force.",
        current ? 1 : 0);
  if (list.list != nullptr) {
    const auto& content = list.list->content();
    write(out, "hutong_trust_list_number", "gauge", "Number of the trust list.", content.number);
    write(out, "hutong_trust_list_age_seconds", "gauge", "Time since it was issued.",
          (now - content.issued_at).count());
    write(out, "hutong_trust_list_expires_in_seconds", "gauge", "Time until its next update is due.",
          (content.next_update - now).count());
    write(out, "hutong_trust_list_services", "gauge", "Services on the list.", content.services.size());
  }
  return out.str();
}

}  // namespace hutong::platform
