#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "net/router.h"
#include "platform/config.h"

namespace hutong::platform {

/// The whole program, wired. Built bottom-up from the configuration and destroyed in reverse. It starts also
/// without a trust list, or with a bad one: then it says so and calls nothing valid. Without a database it
/// recognises only: no operators, no vendors.
class App {
 public:
  /// Reads everything and listens. An Error for what makes starting pointless: the address is taken, the
  /// reports folder or a folder of files is named but cannot be used, likewise the database.
  static Result<std::unique_ptr<App>> create(const Config& config, const Clock& clock);
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();
  std::uint16_t port() const;
  /// What it answers, for tests. Lives as long as the program.
  const net::Router& router() const;
  /// Serves until SIGTERM or SIGINT.
  void run();

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The OpenAPI 3.1 document, docs/openapi.json, built into the program.
std::string_view openapi_document();

}  // namespace hutong::platform
