#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ca_connector/vendor_answers.h"
#include "net/client.h"
#include "net/tls.h"

namespace hutong::ca_connector {

/// How a vendor is reached, and who we are there.
struct Access {
  std::string address;                             ///< of its REST profile, "https://ca.example"
  std::shared_ptr<const net::ClientTls> tls = {};  ///< for https; with our certificate
  std::string key = {};  ///< of a registered client; shown to a vendor on this machine alone
  std::chrono::milliseconds patience{30'000};  ///< with all that one call asks
};

/// A vendor by its REST profile (docs/api/vendor.yaml). Immutable; any thread, each call a connection of its
/// own.
///
/// Errors of all: kUnavailable "connector.away" (no answer in time), "connector.refused" (it does not know
/// us, or we may not), "connector.answer" (not as the profile says).
class RestConnector {
 public:
  /// kMalformed "client.url", kPolicy "client.no_tls".
  static Result<RestConnector> create(Access access);

  Result<Promises> promises() const;
  /// Our own orders, the newest first, each with its times.
  Result<std::vector<OrderTimes>> orders(std::size_t most) const;

 private:
  RestConnector(net::Client client, std::string key, std::chrono::milliseconds patience)
      : client_(std::move(client)), key_(std::move(key)), patience_(patience) {}
  Result<std::string> get(std::string target) const;

  net::Client client_;
  std::string key_;
  std::chrono::milliseconds patience_;
};

}  // namespace hutong::ca_connector
