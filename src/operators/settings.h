#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hutong::operators {

/// When an API client may show a key instead of a TLS certificate.
enum class ClientKeys : std::uint8_t {
  kRefused,
  kLoopback,  ///< from this machine only: demonstrations over plain HTTP
  kAccepted,
};

/// What a program configures. Times are whole seconds.
struct Settings {
  /// The origins under which the pages are reached ("https://ca.example:8443"): a login names one of them.
  std::vector<std::string> audiences = {};
  std::chrono::seconds challenge_life{120};
  std::chrono::seconds idle{15 * 60};          ///< without a request; heartbeats do not count
  std::chrono::seconds longest{10 * 60 * 60};  ///< from the login, whatever happens
  /// How often the page lets the carrier sign a heartbeat, 0 for never. A session whose carrier signed
  /// nothing for this long and the grace is over: the carrier was pulled (GM/T 0037 A.5.5).
  std::chrono::seconds heartbeat{30};
  std::chrono::seconds heartbeat_grace{45};  ///< browsers slow a hidden page's timers to one a minute
  std::chrono::seconds action_window{300};   ///< how far Hutong-Time may be from our clock
  ClientKeys client_keys = ClientKeys::kLoopback;
};

}  // namespace hutong::operators
