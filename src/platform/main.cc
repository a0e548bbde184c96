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

/// Runs a command with the configuration; says `done` when it worked.
template <typename Command>
int run_command(const std::string& config_file, const std::string& done, const Command& act) {
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const auto config = hutong::platform::read_config(config_file);
  if (!config) {
    return fail(config.error());
  }
  if (const hutong::Status outcome = act(*config); !outcome) {
    std::cerr << "hutong-platform: " << outcome.error().reason << ": " << outcome.error().detail << '\n';
    return kUsageOrIo;
  }
  std::cout << done << '\n';
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

CLI::App* add_announce(CLI::App& options, hutong::platform::AnnounceOptions& announce) {
  CLI::App* command = options.add_subcommand("announce-signer", "announces the next signer of trust lists");
  command->add_option("--config", announce.config, "platform.toml, see docs/operation.md")->required();
  command->add_option("--next", announce.next, "certificate of the next signer")->required();
  command->add_option("--from", announce.from, "time (RFC 3339); now unless given");
  command->add_option("--until", announce.until, "time; the end of the present certificate unless given");
  command->add_option("--output", announce.output, "file in the folder trust_signer.announcements")
      ->required();
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options("hutong-platform: recognises certificates, lists, messages and time stamps over HTTP");
  hutong::platform::InitOptions init_options;
  hutong::platform::AnnounceOptions announce_options;
  const hutong::SystemClock clock;
  std::string config_file;
  options.add_option("--config", config_file, "platform.toml, see docs/operation.md");
  options.require_subcommand(0, 1);
  try {
    const CLI::App* init = add_init(options, init_options);
    const CLI::App* announce = add_announce(options, announce_options);
    options.parse(argc, argv);
    if (init->parsed()) {
      return run_command(init_options.config, "three operators: system, security and audit administrator",
                         [&](const auto& config) { return initialise(config, init_options, clock); });
    }
    if (announce->parsed()) {
      return run_command(announce_options.config, announce_options.output, [&](const auto& config) {
        return announce_signer(config, announce_options, clock);
      });
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
