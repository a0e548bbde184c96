#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/time.h"
#include "ca/vendor/webhooks.h"

namespace hutong::ca::vendor {

/// Sends what platforms are to be told, on a thread of its own: a platform that hangs holds up no other job.
/// What fails is logged and tried again. Stops when destroyed, after the request in flight.
class WebhookSender {
 public:
  WebhookSender(const Webhooks& webhooks, const Clock& clock,
                std::chrono::milliseconds every = std::chrono::seconds(1))
      : webhooks_(&webhooks), clock_(&clock), every_(every), thread_([this] { work(); }) {}
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;
  ~WebhookSender();

 private:
  void work();
  const Webhooks* webhooks_;
  const Clock* clock_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace hutong::ca::vendor
