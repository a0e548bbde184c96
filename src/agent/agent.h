#pragma once

#include <cstdint>
#include <memory>

#include "agent/config.h"
#include "base/result.h"
#include "base/time.h"

namespace hutong::agent {

/// The whole program, wired. Built bottom-up from the configuration and destroyed in reverse.
class Agent {
 public:
  /// Reads everything and listens on 127.0.0.1. The errors of the parts; the certificate for TLS is made when
  /// there is none or the one there is about to expire.
  static Result<std::unique_ptr<Agent>> create(const Config& config, const Clock& clock);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();
  std::uint16_t port() const;
  /// Serves until SIGTERM or SIGINT, or stop().
  void run();
  void stop();

 private:
  struct Parts;
  explicit Agent(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hutong::agent
