#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "base/time.h"
#include "crypto/self_test.h"
#include "net/log.h"
#include "platform/app.h"
#include "platform/commands.h"
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

int initialise(const hutong::platform::InitOptions& options) {
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const auto config = hutong::platform::read_config(options.config);
  if (!config) {
    return fail(config.error());
  }
  const hutong::SystemClock clock;
  if (const auto done = hutong::platform::initialise(*config, options, clock); !done) {
    std::cerr << "hutong-platform: " << done.error().reason << ": " << done.error().detail << '\n';
    return kUsageOrIo;
  }
  std::cout << "three operators: system, security and audit administrator\n";
  return EXIT_SUCCESS;
}

CLI::App* add_init(CLI::App& options, hutong::platform::InitOptions& init) {
  CLI::App* command = options.add_subcommand("init", "makes the tables and the first three operators");
  command->add_option("--config", init.config, "platform.toml, see docs/operation.md")->required();
  command->add_option("--system-administrator", init.system_administrator, "certificate")->required();
  command->add_option("--security-administrator", init.security_administrator, "certificate")->required();
  command->add_option("--audit-administrator", init.audit_administrator, "certificate")->required();
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options("hutong-platform: recognises certificates, lists, messages and time stamps over HTTP");
  hutong::platform::InitOptions init_options;
  std::string config_file;
  options.add_option("--config", config_file, "platform.toml, see docs/operation.md");
  options.require_subcommand(0, 1);
  try {
    const CLI::App* init = add_init(options, init_options);
    options.parse(argc, argv);
    if (init->parsed()) {
      return initialise(init_options);
    }
    if (config_file.empty()) {
      std::cerr << options.help();
      return kUsageOrIo;
    }
    return serve(config_file);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  } catch (const std::exception& failure) {
    return fail({hutong::Errc::kInternal, "internal", failure.what()});
  }
}
