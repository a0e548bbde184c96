#include "ca/vendor/webhook_sender.h"

#include "net/log.h"

namespace hutong::ca::vendor {

WebhookSender::~WebhookSender() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WebhookSender::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto sent = webhooks_->send_due(clock_->now()); !sent) {
      net::log(net::LogLevel::kError, "job.failed",
               {{"job", "webhooks"}, {"reason", sent.error().reason}, {"detail", sent.error().detail}});
    }
    lock.lock();
    changed_.wait_for(lock, every_, [this] { return stopping_; });
  }
}

}  // namespace hutong::ca::vendor
