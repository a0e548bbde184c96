#include "platform/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostConfig = 1 << 20;

/// Takes values out of the tables one by one; what is left in the end nobody knows.
class ConfigReader {
 public:
  ConfigReader(toml::table& root, std::filesystem::path folder) : root_(root), folder_(std::move(folder)) {}

  void text(std::string_view section, std::string_view key, std::string& out) {
    if (const auto value = take<std::string>(section, key)) {
      out = *value;
    }
  }
  void path(std::string_view section, std::string_view key, std::filesystem::path& out) {
    if (const auto value = take<std::string>(section, key); value && !value->empty()) {
      out = (folder_ / *value).lexically_normal();
    }
  }
  template <typename Number>
  void number(std::string_view section, std::string_view key, std::int64_t least, std::int64_t most,
              Number& out) {
    const auto value = take<std::int64_t>(section, key);
    if (value && (*value < least || *value > most)) {
      complain("config.value", section, key);
    } else if (value) {
      out = static_cast<Number>(*value);
    }
  }
  Status finish() {
    for (const auto& [section, node] : root_) {
      const auto* table = node.as_table();
      if (table == nullptr) {
        complain("config.unknown_key", section.str(), "");
      } else if (!table->empty()) {
        complain("config.unknown_key", section.str(), table->begin()->first.str());
      }
    }
    return first_error_ ? Status(*first_error_) : ok();
  }

 private:
  template <typename Value>
  std::optional<Value> take(std::string_view section, std::string_view key) {
    auto* table = root_[section].as_table();
    auto* node = table != nullptr ? table->get(key) : nullptr;
    if (node == nullptr) {
      return std::nullopt;
    }
    auto value = node->value_exact<Value>();
    if (!value) {
      complain("config.value", section, key);
    }
    table->erase(key);
    return value;
  }
  void complain(std::string_view reason, std::string_view section, std::string_view key) {
    if (!first_error_) {
      first_error_ =
          Error{Errc::kMalformed, reason, "configuration: " + std::string(section) + "." + std::string(key)};
    }
  }

  toml::table& root_;
  std::filesystem::path folder_;
  std::optional<Error> first_error_;
};

Status fill(ConfigReader& in, Config& config) {
  constexpr std::int64_t kMostMebibytes = 4096;
  constexpr std::int64_t kMostThreads = 256;
  constexpr std::int64_t kMostPort = std::numeric_limits<std::uint16_t>::max();
  in.text("server", "address", config.address);
  in.number("server", "port", 0, kMostPort, config.port);
  in.number("server", "io_threads", 1, kMostThreads, config.io_threads);
  in.number("server", "workers", 1, kMostThreads, config.workers);
  std::size_t mebibytes = config.upload_limit >> 20;
  in.number("server", "upload_limit_mib", 1, kMostMebibytes, mebibytes);
  config.upload_limit = mebibytes << 20;
  in.path("tls", "certificate", config.tls_certificate);
  in.path("tls", "key", config.tls_key);
  in.path("tls", "client_authorities", config.tls_client_authorities);
  in.path("portal", "folder", config.portal_folder);
  in.path("portal", "examples", config.examples_folder);
  in.path("trust", "list", config.trust_list);
  in.path("trust", "list_signer", config.list_signer);
  in.path("trust", "revocation", config.revocation_folder);
  std::int64_t reload = config.reload.count();
  in.number("trust", "reload_seconds", 1, 86'400, reload);
  config.reload = std::chrono::seconds(reload);
  in.path("reports", "folder", config.reports_folder);
  in.number("reports", "keep", 1, 100'000'000, config.keep_reports);
  std::int64_t days = config.keep_reports_for.count() / 24;
  in.number("reports", "keep_days", 1, 36'500, days);
  config.keep_reports_for = std::chrono::hours(24 * days);
  HUTONG_CHECK(in.finish());
  if (config.tls_certificate.empty() != config.tls_key.empty() ||
      (config.tls_certificate.empty() && !config.tls_client_authorities.empty())) {
    return Error{Errc::kMalformed, "config.tls", "configuration: TLS needs tls.certificate and tls.key"};
  }
  return ok();
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
  HUTONG_TRY(const Bytes content, read_file(file, kMostConfig));
  try {
    toml::table root = toml::parse(as_text(content), file.string());
    Config config;
    ConfigReader reader(root, std::filesystem::absolute(file).parent_path());
    HUTONG_CHECK(fill(reader, config));
    return config;
  } catch (const toml::parse_error& error) {
    std::ostringstream text;
    text << error;
    return Error{Errc::kMalformed, "config.toml", text.str()};
  }
}

}  // namespace hutong::platform
