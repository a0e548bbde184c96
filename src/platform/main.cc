#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <string>

#include "base/time.h"
#include "crypto/self_test.h"
#include "net/log.h"
#include "platform/app.h"
#include "platform/config.h"

namespace {

constexpr int kUsageOrIo = 2;

int fail(const hutong::Error& error) {
  hutong::net::log(hutong::net::LogLevel::kError, "server.not_started",
                   {{"reason", error.reason}, {"detail", error.detail}});
  return kUsageOrIo;
}

int serve(const std::string& config_file) {
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const auto config = hutong::platform::read_config(config_file);
  if (!config) {
    return fail(config.error());
  }
  const hutong::SystemClock clock;
  const auto app = hutong::platform::App::create(*config, clock);
  if (!app) {
    return fail(app.error());
  }
  (*app)->run();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options("hutong-platform: recognises certificates, lists, messages and time stamps over HTTP");
  std::string config_file;
  options.add_option("--config", config_file, "platform.toml, see docs/operation.md")->required();
  try {
    options.parse(argc, argv);
    return serve(config_file);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  } catch (const std::exception& failure) {
    return fail({hutong::Errc::kInternal, "internal", failure.what()});
  }
}
