#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

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
  init.add_option("--output", options.output, "folder for the operators' files");
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
