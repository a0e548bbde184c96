#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "base/time.h"
#include "crypto/self_test.h"
#include "kmc/app.h"
#include "kmc/commands.h"
#include "kmc/config.h"
#include "net/log.h"

namespace {

constexpr int kUsageOrIo = 2;

int fail(const hutong::Error& error) {
  hutong::net::log(hutong::net::LogLevel::kError, "server.not_started",
                   {{"reason", error.reason}, {"detail", error.detail}});
  return kUsageOrIo;
}

int finish(const hutong::Status& done) {
  if (done) {
    return EXIT_SUCCESS;
  }
  std::cerr << "hutong-kmc: " << done.error().reason << ": " << done.error().detail << '\n';
  return kUsageOrIo;
}

int serve(const std::string& config_file, const hutong::Clock& clock) {
  const auto config = hutong::kmc::read_config(config_file);
  if (!config) {
    return fail(config.error());
  }
  const auto app = hutong::kmc::App::create(*config, clock);
  if (!app) {
    return fail(app.error());
  }
  (*app)->run();
  return EXIT_SUCCESS;
}

void add_init(CLI::App& init, hutong::kmc::InitOptions& options) {
  init.add_option("--config", options.config, "kmc.toml, see docs/operation.md")->required();
  init.add_option("--name", options.name, "distinguished name of the centre, RFC 4514");
  init.add_option("--output", options.output, "folder for shares, the back-up and identities");
  init.add_option("--request", options.request_file, "only make the key and this certificate request");
  init.add_option("--certificate", options.certificate_file, "certificate issued for that request");
  init.add_option("--threshold", options.threshold, "custodians that a recovery needs");
  init.add_option("--custodian", options.custodians, "NAME=CERTIFICATE, once for each custodian");
  init.add_option("--custodian-password", options.password_custodians, "NAME=FILE with the share's password");
  init.add_option("--super-administrator", options.super_administrator, "certificate");
  init.add_option("--audit-administrator", options.audit_administrator, "certificate");
  init.add_option("--demonstration", options.demonstration,
                  "file with a password: makes PKCS#12 identities for everybody who has no certificate");
  init.add_option("--authority", options.authorities, "NAME,CERTIFICATE,TLS-CERTIFICATE of a CA to serve");
  init.add_option("--minimum", options.minimum, "spare keys below which the store is refilled");
  init.add_option("--target", options.target, "spare keys it is refilled to");
}

/// The subcommands and what was typed after them.
class Commands {
 public:
  explicit Commands(CLI::App& options) {
    init_ = options.add_subcommand("init", "the initialisation ceremony");
    add_init(*init_, init_options_);
    doctor_ = with_config(options, "doctor", "looks at everything and says what to do");
    backup_ =
        with_config(options, "backup", "writes a back-up into a new folder, also while the service runs");
    backup_->add_option("folder", folder_)->required();
    restore_ = with_config(options, "restore", "puts a back-up where the configuration says");
    restore_->add_option("folder", folder_)->required();
    recover_ =
        options.add_subcommand("recover-authority-key", "brings the centre's key back with custodians");
    recover_->add_option("--config", key_options_.config, "kmc.toml")->required();
    recover_->add_option("--backup", key_options_.backup, "authority-key.backup")->required();
    recover_->add_option("--custodian", key_options_.custodians,
                         "SHARE,PKCS12,PASSWORD-FILE or SHARE,PASSWORD-FILE, once for each custodian");
    options.require_subcommand(0, 1);
  }
  /// Nothing when no subcommand was given.
  std::optional<int> run(const hutong::Clock& clock) const {
    if (init_->parsed()) {
      return finish(hutong::kmc::run_init(init_options_, clock));
    }
    if (doctor_->parsed()) {
      const auto healthy = hutong::kmc::run_doctor(config_, clock);
      return healthy ? (*healthy ? EXIT_SUCCESS : EXIT_FAILURE) : finish(healthy.error());
    }
    if (backup_->parsed()) {
      return finish(hutong::kmc::run_backup(config_, folder_, clock));
    }
    if (restore_->parsed()) {
      return finish(hutong::kmc::run_restore(config_, folder_, clock));
    }
    if (recover_->parsed()) {
      return finish(hutong::kmc::run_recover_authority_key(key_options_));
    }
    return std::nullopt;
  }

 private:
  CLI::App* with_config(CLI::App& options, const std::string& name, const std::string& help) {
    CLI::App* command = options.add_subcommand(name, help);
    command->add_option("--config", config_, "kmc.toml")->required();
    return command;
  }
  hutong::kmc::InitOptions init_options_;
  hutong::kmc::AuthorityKeyOptions key_options_;
  std::string config_;
  std::string folder_;
  CLI::App* init_;
  CLI::App* doctor_;
  CLI::App* backup_;
  CLI::App* restore_;
  CLI::App* recover_;
};

int run(int argc, char** argv) {
  CLI::App options("hutong-kmc: key management centre for several certification authorities");
  std::string config_file;
  options.add_option("--config", config_file, "kmc.toml, see docs/operation.md");
  const Commands commands(options);
  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  }
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const hutong::SystemClock clock;
  if (const auto done = commands.run(clock)) {
    return *done;
  }
  if (config_file.empty()) {
    std::cerr << options.help();
    return kUsageOrIo;
  }
  return serve(config_file, clock);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    return fail({hutong::Errc::kInternal, "internal", failure.what()});
  }
}
