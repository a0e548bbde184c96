#include "ca/vendor/webhook_sender.h"

#include "net/log.h"

namespace hutong::ca::vendor {

void WebhookSender::send() const {
  if (const auto sent = webhooks_->send_due(clock_->now()); !sent) {
    net::log(net::LogLevel::kError, "job.failed",
             {{"job", "webhooks"}, {"reason", sent.error().reason}, {"detail", sent.error().detail}});
  }
}

}  // namespace hutong::ca::vendor
