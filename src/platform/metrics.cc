#include "platform/metrics.h"

#include "x509/quirks.h"

namespace hutong::platform {

void Metrics::count(const recognition::RecognitionReport& report) {
  const std::lock_guard lock(mutex_);
  ++validations_[net::label("kind", to_string(report.kind)) + "," +
                 net::label("indication", x509::to_string(report.indication))];
  for (const x509::Quirk quirk : report.quirks.list()) {
    ++quirks_[net::label("quirk", x509::quirk_info(quirk).finding.code)];
  }
}

void Metrics::count_trust_reload() {
  const std::lock_guard lock(mutex_);
  ++trust_reloads_;
}

void Metrics::expose(net::Exposition& out, const recognition::LoadedTrustList& list,
                     std::size_t revocation_objects, Time now) const {
  const std::lock_guard lock(mutex_);
  out.counters("hutong_validations_total", "Recognition reports by kind and indication.", validations_);
  out.counters("hutong_quirks_total", "Deviations tolerated, by quirk.", quirks_);
  out.metric("hutong_trust_reloads_total", "counter", "Times the trust files were read.", trust_reloads_);
  out.metric("hutong_revocation_objects", "gauge", "CRLs and OCSP responses in use.", revocation_objects);
  const bool current = list.state(now) == recognition::TrustListState::kCurrent;
  out.metric("hutong_trust_list_current", "gauge", "1 when a current trust list is in force.",
             current ? 1 : 0);
  if (list.list != nullptr) {
    const auto& content = list.list->content();
    out.metric("hutong_trust_list_number", "gauge", "Number of the trust list.", content.number);
    out.metric("hutong_trust_list_age_seconds", "gauge", "Time since it was issued.",
               (now - content.issued_at).count());
    out.metric("hutong_trust_list_expires_in_seconds", "gauge", "Time until its next update is due.",
               (content.next_update - now).count());
    out.metric("hutong_trust_list_services", "gauge", "Services on the list.", content.services.size());
  }
}

}  // namespace hutong::platform
