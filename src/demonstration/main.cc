#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/time.h"
#include "crypto/self_test.h"
#include "demonstration/examples.h"
#include "demonstration/file_services.h"
#include "demonstration/people.h"
#include "demonstration/region.h"
#include "demonstration/subscribers.h"

namespace hutong::demonstration {
namespace {

namespace fs = std::filesystem;

constexpr int kUsageOrIo = 2;

struct Options {
  fs::path folder;
  std::string listen = "127.0.0.1:8080";
  fs::path portal;
  fs::path corpus;
  fs::path password;  ///< file; named: the platform has operators
  fs::path subscribers;
};

Status make_folders(const fs::path& folder) {
  std::error_code trouble;
  for (const auto* part : {"revocation", "examples", "reports"}) {
    fs::create_directories(folder / part, trouble);
    if (trouble) {
      return Error{Errc::kUnavailable, "file.unwritable", "cannot make " + (folder / part).string()};
    }
  }
  return ok();
}

/// The real lists of the corpus, put beside the region's own.
Status copy_national_lists(const Options& options) {
  for (const auto& path : files_in(options.corpus / "certs" / "crl")) {
    if (path.extension() == ".crl" || path.extension() == ".der") {
      HUTONG_TRY(const Bytes list, read_file(path, kMostServiceFile));
      HUTONG_CHECK(write_file(options.folder / "revocation" / path.filename(), list));
    }
  }
  return ok();
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump();
}  // JSON strings are TOML strings

std::string platform_toml(const Options& options) {
  const auto colon = options.listen.rfind(':');
  std::string text = "# Written by hutong-demonstration; see docs/operation.md.\n[server]\naddress = " +
                     quoted(options.listen.substr(0, colon)) +
                     "\nport = " + options.listen.substr(colon + 1) + "\n";
  if (!options.password.empty()) {
    const std::string password = quoted(fs::absolute(options.password).string());
    text +=
        "\n[connectors]\nkeys = \"connector-keys\"\n\n[database]\nurl = "
        "\"sqlite:platform.db\"\n\n[operators]\nauthorities = "
        "\"operators/authority.cer\"\n\n"
        "[trust_signer]\nkey = \"list-signer.p12\"\npassword_file = " +
        password + "\n\n[report_signer]\nkey = \"report-signer.p12\"\npassword_file = " + password +
        "\n\n[keys]\nfolder = \"keys\"\npassword_file = " + password + "\n";
  }
  return text + "\n[portal]\n" +
         (options.portal.empty() ? std::string()
                                 : "folder = " + quoted(fs::absolute(options.portal).string()) + "\n") +
         "examples = \"examples\"\n\n[trust]\nlist = \"trust-list.p7m\"\nlist_signer = \"list-signer.cer\"\n"
         "revocation = \"revocation\"\n" +
         (options.password.empty() ? "" : "fetch_seconds = 2\n") + "\n[reports]\nfolder = \"reports\"\n";
}

Status write_examples(const fs::path& folder, const std::vector<Example>& examples) {
  for (const Example& example : examples) {
    HUTONG_CHECK(write_file(folder / example.name, example.content));
    if (!example.detached_name.empty()) {
      HUTONG_CHECK(write_file(folder / example.detached_name, example.detached));
    }
  }
  return write_file(folder / "manifest.json", as_bytes(manifest_of(examples)));
}

/// Who works on the platform, and the keys that sign lists and reports.
Status write_operators(const Options& options, const Region& region) {
  constexpr std::size_t kMostPassword = 4096;
  HUTONG_TRY(const Bytes content, read_file(options.password, kMostPassword));
  const std::string_view text = as_text(content);
  const std::string_view password = text.substr(0, text.find_first_of("\r\n"));
  std::error_code trouble;
  fs::create_directories(options.folder / "operators", trouble);
  HUTONG_CHECK(write_people(options.folder / "operators", password, region.now));
  HUTONG_CHECK(write_key_file(options.folder / "list-signer.p12", region.list_signer, password));
  return write_key_file(options.folder / "report-signer.p12", region.report_signer, password);
}

Status write_region(const Options& options) {
  HUTONG_CHECK(crypto::require_self_test());
  HUTONG_CHECK(make_folders(options.folder));
  const Time now = SystemClock().now();
  HUTONG_TRY(Region region, make_region(now));
  const auto more = national_roots(options.corpus, region.root_a.certificate().not_before());
  HUTONG_TRY(const Bytes list, make_trust_list(region, more));
  HUTONG_TRY(const auto examples, make_examples(region));
  if (!options.subscribers.empty()) {
    HUTONG_CHECK(write_subscribers(options.subscribers, region));
  }
  HUTONG_CHECK(write_file(options.folder / "trust-list.p7m", list));
  HUTONG_CHECK(write_file(options.folder / "list-signer.cer", region.list_signer.certificate.der()));
  nlohmann::ordered_json manifest = {{"trust_list", "trust-list.p7m"},
                                     {"list_signer", "list-signer.cer"},
                                     {"revocation", nlohmann::ordered_json::array()}};
  for (const auto& [name, crl] : region.lists) {
    HUTONG_CHECK(write_file(options.folder / "revocation" / name, crl));
    manifest["revocation"].push_back(name);
  }
  if (!options.corpus.empty()) {
    HUTONG_CHECK(copy_national_lists(options));
  }
  HUTONG_CHECK(write_examples(options.folder / "examples", examples));
  const std::string manifest_text = manifest.dump(1) + "\n";
  HUTONG_CHECK(write_file(options.folder / "manifest.json", as_bytes(manifest_text)));
  if (!options.password.empty()) {
    HUTONG_CHECK(write_operators(options, region));
  }
  const std::string config = platform_toml(options);
  return write_file(options.folder / "platform.toml", as_bytes(config));
}

int run(int argc, char** argv) {
  CLI::App app(
      "hutong-demonstration: makes the demonstration region's material (two vendors, trust list no. 1, "
      "revocation "
      "lists, example files) and a platform.toml for it");
  Options options;
  app.add_option("FOLDER", options.folder, "where to put it")->required();
  app.add_option("--listen", options.listen, "ADDRESS:PORT of the platform; port 0 is any free one");
  app.add_option("--portal", options.portal, "folder with the built portal");
  app.add_option("--corpus", options.corpus,
                 "folder of real certificates: adds the national roots and their lists");
  app.add_option("--operators", options.password,
                 "password file: key files of operators and of the list signer, a platform with a database");
  app.add_option("--subscribers", options.subscribers,
                 "folder of certificate requests (supplier.csr, revoked.csr …): writes the certificates");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kUsageOrIo;
  }
  if (options.listen.find(':') == std::string::npos) {
    std::cerr << "hutong-demonstration: --listen wants ADDRESS:PORT\n";
    return kUsageOrIo;
  }
  if (const auto written = write_region(options); !written) {
    std::cerr << "hutong-demonstration: " << written.error().reason << ": " << written.error().detail << '\n';
    return kUsageOrIo;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace hutong::demonstration

int main(int argc, char** argv) {
  try {
    return hutong::demonstration::run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "hutong-demonstration: " << failure.what() << '\n';
    return 2;
  }
}
