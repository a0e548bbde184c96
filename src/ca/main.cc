#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "ca/app.h"
#include "ca/commands.h"
#include "ca/config.h"
#include "crypto/self_test.h"
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
  std::cerr << "hutong-ca: " << done.error().reason << ": " << done.error().detail << '\n';
  return kUsageOrIo;
}

int finish(const hutong::Result<int>& done) { return done ? *done : finish(hutong::Status(done.error())); }

int serve(const std::string& config_file, const hutong::Clock& clock) {
  const auto config = hutong::ca::read_config(config_file);
  if (!config) {
    return fail(config.error());
  }
  const auto app = hutong::ca::App::create(*config, clock);
  if (!app) {
    return fail(app.error());
  }
  (*app)->run();
  return EXIT_SUCCESS;
}

void add_init(CLI::App& init, hutong::ca::InitOptions& options) {
  init.add_option("--config", options.config, "ca.toml, see docs/operation.md")->required();
  init.add_option("--organization", options.organization, "O of the CA's name")->required();
  init.add_option("--name", options.name, "CN of the CA's name")->required();
  init.add_option("--key-store", options.key_store,
                  "where keys are made: goes on only when ca.toml says the same")
      ->check(CLI::IsMember({"file", "sdf"}));
  init.add_flag("--root", options.root, "this CA is a root itself");
  init.add_option("--root-name", options.root_name, "CN of a root to make, too");
  init.add_option("--root-folder", options.root_folder,
                  "key store of that root, to be taken off the machine");
  init.add_option("--request", options.request_file, "only make the key and this certificate request");
  init.add_option("--certificate", options.certificate_file, "certificate issued for that request");
  init.add_option("--chain", options.chain_files, "certificates above it, the root last");
  init.add_option("--super-administrator", options.super_administrator, "certificate request");
  init.add_option("--audit-administrator", options.audit_administrator, "certificate request");
  init.add_option("--demonstration", options.demonstration,
                  "file with a password: makes PKCS#12 identities for operators of every role");
  init.add_option("--output", options.output, "folder for ca.cer and the operators' files");
}

using Run = std::function<int(const hutong::Clock&)>;

/// A command beside the ceremony: `run` does it with what its options hold.
struct Command {
  CLI::App* parser;
  Run run;
};

/// Adds a command; `describe` gives it the options that it has beside --config.
template <typename Options, typename Describe, typename Perform>
Command add_command(CLI::App& all, const char* name, const char* help, Describe describe, Perform perform) {
  CLI::App* parser = all.add_subcommand(name, help);
  auto options = std::make_shared<Options>();
  parser->add_option("--config", options->config, "ca.toml")->required();
  describe(*parser, *options);
  return {parser,
          [options, perform](const hutong::Clock& clock) { return finish(perform(*options, clock)); }};
}

std::vector<Command> add_care_commands(CLI::App& all) {
  using namespace hutong::ca;
  const auto nothing = [](CLI::App&, CareOptions&) {};
  const auto folder = [](CLI::App& parser, BackupOptions& options) {
    parser.add_option("folder", options.folder, "of the backup")->required();
  };
  return {
      add_command<DoctorOptions>(
          all, "doctor", "looks at everything and says what to do",
          [](CLI::App& parser, DoctorOptions& options) {
            parser.add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}));
            parser.add_flag("--json", options.json, "for programs");
            parser.add_flag("--offline", options.offline, "does not ask the publishing points");
          },
          run_doctor),
      add_command<BackupOptions>(all, "backup", "saves database, keys and configuration while all runs",
                                 folder, run_backup),
      add_command<BackupOptions>(all, "restore", "puts a backup back where nothing is", folder, run_restore),
      add_command<RolloverOptions>(
          all, "rollover", "a new key of this CA takes over",
          [](CLI::App& parser, RolloverOptions& options) {
            parser.add_option("--root-folder", options.root_folder, "key store of the own root");
            parser.add_option("--request", options.request_file, "only make the key and this request");
            parser.add_option("--certificate", options.certificate_file, "issued for that request");
          },
          run_rollover),
      add_command<CareOptions>(all, "renew-services", "new keys for OCSP and time stamps that end soon",
                               nothing, run_renew_services),
      add_command<AddClientOptions>(
          all, "add-client", "a platform may use the REST profile",
          [](CLI::App& parser, AddClientOptions& options) {
            parser.add_option("--name", options.name, "how audit records call it")->required();
            parser.add_option("--right", options.rights, "order.enter, order.query …")->required();
            parser.add_option("--certificate", options.certificate_file,
                              "of its TLS client; left out: a key");
          },
          run_add_client),
      add_command<AddCmpClientOptions>(
          all, "add-cmp-client", "a client of CMP, known by a shared secret",
          [](CLI::App& parser, AddCmpClientOptions& options) {
            parser.add_option("--name", options.name, "how audit records call it")->required();
            parser.add_option("--reference", options.reference, "senderKID of its messages")->required();
            parser.add_option("--secret-file", options.secret_file, "16 octets or more")->required();
            parser.add_option("--template", options.templates, "that it may order by")->required();
            parser.add_option("--right", options.rights,
                              "enrol, renew, revoke, vouch, automatic, empty-sm2-id");
            parser.add_option("--organization", options.organization, "on whose behalf it orders");
            parser.add_option("--organization-number", options.organization_number, "its credit code");
          },
          run_add_cmp_client),
      add_command<CareOptions>(all, "accept-clock", "the clock had been ahead and is right now", nothing,
                               run_accept_clock),
      add_command<CareOptions>(all, "audit-verify", "computes the audit chain again", nothing,
                               run_audit_verify),
  };
}

int run(int argc, char** argv) {
  CLI::App options("hutong-ca: certification authority of one vendor");
  std::string config_file;
  options.add_option("--config", config_file, "ca.toml, see docs/operation.md");
  hutong::ca::InitOptions init_options;
  CLI::App* init = options.add_subcommand("init", "the initialisation ceremony");
  add_init(*init, init_options);
  hutong::ca::RootListOptions root_list_options;
  CLI::App* root_list = options.add_subcommand("root-list", "publishes the list of the own root anew");
  root_list->add_option("--config", root_list_options.config, "ca.toml")->required();
  root_list->add_option("--root-folder", root_list_options.root_folder, "key store of the root")->required();
  const std::vector<Command> care = add_care_commands(options);
  options.require_subcommand(0, 1);
  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  }
  if (const auto tested = hutong::crypto::require_self_test(); !tested) {
    return fail(tested.error());
  }
  const hutong::SystemClock clock;
  if (init->parsed()) {
    return finish(hutong::ca::run_init(init_options, clock));
  }
  if (root_list->parsed()) {
    return finish(hutong::ca::run_root_list(root_list_options, clock));
  }
  for (const Command& command : care) {
    if (command.parser->parsed()) {
      return command.run(clock);
    }
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
