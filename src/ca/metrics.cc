#include "ca/metrics.h"

#include "ca/publishing/list_publisher.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/order_repository.h"
#include "ca/signing/certificate_repository.h"

namespace hutong::ca {
namespace {

/// A gauge of one series for each state; `State` counts from 0 in the order of `counts`.
template <typename State, typename Counts>
void expose_states(net::Exposition& out, std::string_view name, std::string_view help, const Counts& counts) {
  out.head(name, "gauge", help);
  for (std::size_t at = 0; at < counts.size(); ++at) {
    out.series(name, net::label("state", to_string(static_cast<State>(at))), counts.at(at));
  }
}

}  // namespace

Status Metrics::expose(net::Exposition& out, storage::Database& database, const OcspResponder& ocsp,
                       const std::string& authority) const {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto certificates, CertificateRepository::counts(reader));
  HUTONG_TRY(const auto orders, registration::OrderRepository::counts(reader));
  HUTONG_TRY(const auto waiting, registration::KeyCentreTasks::waiting(reader));
  expose_states<CertificateState>(out, "hutong_ca_certificates", "Certificates by state.", certificates);
  expose_states<registration::OrderState>(out, "hutong_ca_orders", "Orders by state.", orders);
  out.metric("hutong_ca_key_centre_waiting", "gauge", "Revocations that the key centre does not know yet.",
             waiting);
  if (const auto list = ListPublisher::find_number(reader, authority, 0, ListKind::kFull)) {
    out.metric("hutong_ca_list_number", "gauge", "Number of the full list of the first partition.", *list);
  }
  out.metric("hutong_ca_ocsp_kept", "gauge", "Answers signed ahead and kept.", ocsp.kept_answers());
  out.metric("hutong_ca_jobs_failed_total", "counter", "Runs of background jobs that failed.",
             failed_jobs_.load(std::memory_order_relaxed));
  return ok();
}

}  // namespace hutong::ca
