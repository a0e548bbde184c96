#include "ca/registration/status_announcer.h"

#include <set>
#include <string>
#include <utility>

#include "net/log.h"

namespace hutong::ca::registration {
namespace {

void log_failure(std::string_view event, const Status& status) {
  if (!status) {
    net::log(net::LogLevel::kError, event,
             {{"code", status.error().reason}, {"detail", status.error().detail}});
  }
}

}  // namespace

StatusListener announce_by(const ListPublisher& publisher, OcspResponder* responder) {
  return [&publisher, responder](std::span<const ChangedCertificate> changed, Time now) {
    if (responder != nullptr) {
      log_failure("ocsp.refresh_failed", responder->refresh());
    }
    std::set<std::pair<std::string, std::uint32_t>> published;
    for (const ChangedCertificate& certificate : changed) {
      if (published.emplace(certificate.authority, certificate.partition).second) {
        log_failure("crl.publish_failed",
                    publisher.publish_change(certificate.authority, certificate.serial, now));
      }
    }
  };
}

}  // namespace hutong::ca::registration
