#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "agent/agent.h"
#include "agent/browsers.h"
#include "agent/loopback_identity.h"
#include "agent/version.h"
#include "base/time.h"
#include "crypto/self_test.h"
#include "net/log.h"

namespace {

namespace fs = std::filesystem;

constexpr int kUsageOrIo = 2;

int fail(const hutong::Error& error) {
  hutong::net::log(hutong::net::LogLevel::kError, "agent.not_started",
                   {{"reason", error.reason}, {"detail", error.detail}});
  return kUsageOrIo;
}

hutong::Result<hutong::agent::Config> config_from(const std::string& file) {
  return file.empty() ? hutong::agent::default_config() : hutong::agent::read_config(file);
}

int serve(const hutong::agent::Config& config) {
  const hutong::SystemClock clock;
  const auto agent = hutong::agent::Agent::create(config, clock);
  if (!agent) {
    return fail(agent.error());
  }
  (*agent)->run();
  return EXIT_SUCCESS;
}

fs::path home() {
  const char* folder = std::getenv("HOME");
  return folder == nullptr ? fs::path() : fs::path(folder);
}

/// Makes the certificate and has this user's browsers believe it.
int install(const hutong::agent::Config& config) {
  std::error_code failure;
  fs::create_directories(config.state_folder, failure);
  const auto identity =
      hutong::agent::keep_loopback_identity(config.state_folder, hutong::SystemClock().now());
  if (!identity) {
    return fail(identity.error());
  }
  for (const fs::path& store : hutong::agent::browser_stores(home())) {
    if (const auto done = hutong::agent::trust_in_store(store, identity->authority); !done) {
      return fail(done.error());
    }
    std::cout << "✔ " << store.string() << "\n";
  }
  std::cout << "证书有效期至 / certificate good until " << hutong::to_rfc3339(identity->expires) << "\n";
  return EXIT_SUCCESS;
}

int uninstall() {
  for (const fs::path& store : hutong::agent::browser_stores(home())) {
    if (const auto done = hutong::agent::forget_in_store(store); !done) {
      return fail(done.error());
    }
    std::cout << "✔ " << store.string() << "\n";
  }
  return EXIT_SUCCESS;
}

int run(const CLI::App& options, const std::string& config_file) {
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const auto config = config_from(config_file);
  if (!config) {
    return fail(config.error());
  }
  if (options.got_subcommand("install")) {
    return install(*config);
  }
  return options.got_subcommand("uninstall") ? uninstall() : serve(*config);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options("hutong-agent: tokens for web pages on this machine");
  std::string config_file;
  options.add_option("--config", config_file, "agent.toml, see docs/agent.md");
  options.set_version_flag("--version", std::string(hutong::agent::kVersion));
  options.require_subcommand(0, 1);
  options.add_subcommand("install", "make the certificate and have this user's browsers believe it");
  options.add_subcommand("uninstall", "have them forget it");
  try {
    options.parse(argc, argv);
    return run(options, config_file);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  } catch (const std::exception& failure) {
    return fail({hutong::Errc::kInternal, "internal", failure.what()});
  }
}
