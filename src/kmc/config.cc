#include "kmc/config.h"

#include <limits>
#include <string_view>

#include "base/config_reader.h"

namespace hutong::kmc {
namespace {

constexpr std::int64_t kMostThreads = 256;

void read_listen(ConfigReader& in, std::string_view section, ListenConfig& out) {
  in.text(section, "address", out.address);
  in.number(section, "port", 0, std::numeric_limits<std::uint16_t>::max(), out.port);
  in.number(section, "io_threads", 1, kMostThreads, out.io_threads);
  in.number(section, "workers", 1, kMostThreads, out.workers);
}

template <typename Duration>
void read_duration(ConfigReader& in, std::string_view section, std::string_view key, std::int64_t most,
                   Duration& out) {
  std::int64_t count = out.count();
  in.number(section, key, 1, most, count);
  out = Duration(count);
}

/// A SQLite file is named against the configuration's folder, as all files are.
std::string resolved(const std::string& url, const std::filesystem::path& folder) {
  constexpr std::string_view kSqlite = "sqlite:";
  return url.starts_with(kSqlite) ? std::string(kSqlite) + (folder / url.substr(kSqlite.size())).string()
                                  : url;
}

Status check_tls(const Config& config) {
  const bool whole = config.tls_certificate.empty() == config.tls_key.empty() &&
                     (config.client_authorities.empty() || !config.tls_certificate.empty());
  return whole ? ok()
               : Status(Error{Errc::kMalformed, "config.tls",
                              "configuration: TLS needs tls.certificate and tls.key"});
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
  HUTONG_TRY(ConfigReader in, ConfigReader::open(file));
  constexpr std::int64_t kMostHours = 24 * 365;
  constexpr std::int64_t kMostSeconds = 86'400;
  constexpr std::int64_t kMostDays = 36'500;
  Config config;
  const auto folder = std::filesystem::absolute(file).parent_path();
  config.database = "sqlite:kmc.db";
  config.key_folder = folder / "keys";
  config.key_password_file = folder / "keys.password";
  config.archive_folder = folder / "archives";
  read_listen(in, "server", config.management);
  in.flag("server", "tls", config.management_tls);
  std::string log_level = "info";
  in.text("server", "log_level", log_level);
  HUTONG_TRY(config.log_level, net::log_level_from(log_level));
  read_listen(in, "service", config.service);
  in.path("service", "client_authorities", config.client_authorities);
  read_duration(in, "service", "window_seconds", kMostSeconds, config.window);
  in.path("tls", "certificate", config.tls_certificate);
  in.path("tls", "key", config.tls_key);
  in.text("database", "url", config.database);
  in.path("keys", "folder", config.key_folder);
  in.path("keys", "password_file", config.key_password_file);
  in.path("operators", "authorities", config.operator_authorities);
  in.text("operators", "audience", config.audience);
  in.path("audit", "archive_folder", config.archive_folder);
  std::int64_t keep_days = config.keep_audit.count();
  in.number("audit", "keep_days", 0, kMostDays, keep_days);
  config.keep_audit = std::chrono::days(keep_days);
  in.path("console", "folder", config.console_folder);
  read_duration(in, "recovery", "open_hours", kMostHours, config.recovery_open);
  read_duration(in, "stores", "refill_seconds", kMostSeconds, config.refill_every);
  in.number("stores", "threads", 1, kMostThreads, config.threads);
  HUTONG_CHECK(in.finish());
  config.database = resolved(config.database, folder);
  HUTONG_CHECK(check_tls(config));
  return config;
}

}  // namespace hutong::kmc
