#include "ca/jobs.h"

#include "audit/clock_check.h"
#include "net/log.h"

namespace hutong::ca {

template <typename Outcome>
void Jobs::report(std::string_view job, const Outcome& outcome) {
  if (!outcome) {
    parts_.metrics.count_failed_job();
    net::log(net::LogLevel::kError, "job.failed",
             {{"job", job}, {"reason", outcome.error().reason}, {"detail", outcome.error().detail}});
  }
}

Status Jobs::check_clock() const {
  HUTONG_TRY(auto reader, parts_.database.read());
  return audit::check_clock(reader, parts_.clock.now());
}

void Jobs::publish() {
  const auto made = parts_.lists.publish_due(parts_.clock.now());
  report("lists", made);
  if (made && *made != 0) {
    net::log(net::LogLevel::kInfo, "lists.published", {{"lists", *made}});
  }
  if (parts_.files != nullptr) {
    report("files", parts_.files->publish());
  }
}

void Jobs::run_once() {
  const Status clock = check_clock();
  report("clock", clock);
  if (clock) {
    publish();
  }
  report("outage", parts_.outage.settle(parts_.database, parts_.clock.now()));
  report("key_centre", parts_.key_centre.run_due(parts_.clock.now()));
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_hourly_) {
    next_hourly_ = now + std::chrono::hours(1);
    run_hourly();
  }
}

void Jobs::run_hourly() {
  report("sessions", parts_.operators.remove_old_sessions());
  if (parts_.keep_audit.count() > 0) {
    report("audit", parts_.operators.audit_office().prune(parts_.keep_audit));
  }
}

void Jobs::look_after_status() {
  const Status looked = parts_.ocsp.refresh();
  report("ocsp", looked);
  if (looked) {
    report("ocsp", parts_.ocsp.renew_due(parts_.clock.now()));
  }
}

}  // namespace hutong::ca
