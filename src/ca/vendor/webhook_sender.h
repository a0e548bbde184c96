#pragma once

#include <chrono>

#include "base/repeating.h"
#include "base/time.h"
#include "ca/vendor/webhooks.h"

namespace hutong::ca::vendor {

/// Sends what platforms are to be told, on a thread of its own: a platform that hangs holds up no other job.
/// What fails is logged and tried again. Stops when destroyed, after the request in flight.
class WebhookSender {
 public:
  WebhookSender(const Webhooks& webhooks, const Clock& clock,
                std::chrono::milliseconds every = std::chrono::seconds(1))
      : webhooks_(&webhooks), clock_(&clock), sending_(every, [this] { send(); }) {}
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

 private:
  void send() const;
  const Webhooks* webhooks_;
  const Clock* clock_;
  Repeating sending_;  ///< last: it uses the others
};

}  // namespace hutong::ca::vendor
