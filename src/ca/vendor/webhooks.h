#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/registration/order.h"
#include "ca/registration/step_observer.h"
#include "crypto/signature.h"
#include "net/client.h"
#include "storage/database.h"

namespace hutong::ca::vendor {

/// What a platform hears of its orders without asking. An event is written in the transaction of the step
/// that it tells of, sent afterwards, and kept until the platform has answered with 2xx: nothing is lost
/// while it is away. Events may arrive twice, or in another order; they say the order's version. A platform
/// that fails pauses, with growing pauses; that holds up no other.
///
/// Each is a POST with the fields Hutong-Event (its id), Hutong-Time and Hutong-Signature: base64 of the DER
/// SM2 signature over webhook_text(), to be verified with the certificate that GET /api/v1/vendor/service
/// names.
class Webhooks {
 public:
  struct Options {
    /// Hosts that a platform may name; nothing else is ever called.
    std::vector<std::string> hosts = {};
    std::int64_t most_attempts = 24;     ///< then an event is dropped, with a line in the log
    std::int64_t most_waiting = 10'000;  ///< of one client; more are not written
    net::ClientOptions client = {};
  };
  /// Everything must outlive it. The signer is usable from any thread.
  Webhooks(storage::Database& database, const crypto::Signer& signer, Options options)
      : database_(&database), signer_(&signer), options_(std::move(options)) {}

  /// kMalformed, or kPolicy "webhook.url" (neither https nor http on this machine), "webhook.host".
  Status check_url(std::string_view url) const;
  static Status set(storage::Transaction& transaction, std::string_view client, std::string_view url,
                    Time now);
  static Status remove(storage::Transaction& transaction, std::string_view client);
  struct Webhook {
    std::string url;
    std::int64_t waiting = 0;
    std::string last_error;
  };
  static Result<std::optional<Webhook>> find(storage::Reader& reader, std::string_view client);

  /// For RegistrationSystem::Parts: writes the events.
  registration::StepObserver observer() const;
  /// Sends what is due, at most 100 events to each platform, until one fails; how many arrived. Call it
  /// often, from one thread for each node.
  Result<std::size_t> send_due(Time now) const;

 private:
  struct Listener {
    std::string client;
    std::string url;
    std::int64_t failures = 0;
  };
  struct Event {
    std::string id;
    std::string body;
    std::int64_t attempts = 0;
  };
  Result<std::vector<Listener>> due(Time now) const;
  Result<std::vector<Event>> waiting_for(const Listener& listener) const;
  Result<std::size_t> send_all(const Listener& listener, Time now) const;
  Status send(const Listener& listener, const Event& event, Time now) const;
  Status settle(const Listener& listener, const std::vector<std::string>& arrived) const;
  Status note_failure(const Listener& listener, const Event& event, const Error& error, Time now) const;

  storage::Database* database_;
  const crypto::Signer* signer_;
  Options options_;
};

/// "hutong-webhook-1\n" ID "\n" TIME "\n" hex(SM3(body)).
std::string webhook_text(std::string_view id, std::string_view time, std::string_view body);

}  // namespace hutong::ca::vendor
