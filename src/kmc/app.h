#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "kmc/config.h"

namespace hutong::kmc {

/// The running centre, wired: the key service for CAs, the management port for operators, the background
/// jobs. Built bottom-up from the configuration and destroyed in reverse.
class App {
 public:
  /// Opens the stores and listens. An Error for what makes starting pointless: not initialised, no database,
  /// a wrong password, an address that is taken.
  static Result<std::unique_ptr<App>> create(const Config& config, const Clock& clock);
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();
  /// Serves until SIGTERM or SIGINT.
  void run();

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hutong::kmc
