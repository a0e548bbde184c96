#include "ca/config.h"

#include <limits>
#include <sstream>

#include "base/config_reader.h"
#include "net/url.h"

namespace hutong::ca {
namespace {

constexpr std::int64_t kMostThreads = 256;
constexpr std::int64_t kMostDays = 36'500;
constexpr std::int64_t kMostSeconds = std::int64_t{366} * 86'400;
/// So many looks at the changes may fail in a row; then the status service says nothing that it kept.
constexpr int kLooksMissed = 5;

void read_seconds(ConfigReader& in, std::string_view section, std::string_view key, std::int64_t least,
                  std::chrono::seconds& out) {
  std::int64_t seconds = out.count();
  in.number(section, key, least, kMostSeconds, seconds);
  out = std::chrono::seconds(seconds);
}

void read_management(ConfigReader& in, Config& config) {
  std::int64_t port = -1;
  in.number("management", "port", 0, std::numeric_limits<std::uint16_t>::max(), port);
  in.text("management", "address", config.management_address);
  if (port >= 0) {
    config.management_port = static_cast<std::uint16_t>(port);
  }
}

/// Where a browser finds the console.
std::string console_origin(const Config& config) {
  if (!config.management_port) {
    return config.public_url;
  }
  const std::string scheme = config.tls_certificate.empty() ? "http://" : "https://";
  return scheme + config.management_address + ":" + std::to_string(*config.management_port);
}

void read_keys(ConfigReader& in, Config& config) {
  constexpr std::int64_t kMostIndex = 1 << 16;
  in.path("keys", "folder", config.key_folder);
  in.path("keys", "password_file", config.key_password_file);
  in.path("sdf", "library", config.sdf.library);
  in.path("sdf", "password_file", config.sdf.password_file);
  in.number("sdf", "first_index", 1, kMostIndex, config.sdf.first_index);
  in.number("sdf", "last_index", 1, kMostIndex, config.sdf.last_index);
}

Status read_server(ConfigReader& in, Config& config) {
  std::string log_level = "info";
  in.text("server", "log_level", log_level);
  HUTONG_TRY(config.log_level, net::log_level_from(log_level));
  in.text("ca", "vendor", config.vendor);
  in.text("server", "address", config.address);
  in.number("server", "port", 0, std::numeric_limits<std::uint16_t>::max(), config.port);
  in.number("server", "io_threads", 1, kMostThreads, config.io_threads);
  in.number("server", "workers", 1, kMostThreads, config.workers);
  read_management(in, config);
  in.path("tls", "certificate", config.tls_certificate);
  in.path("tls", "key", config.tls_key);
  in.path("tls", "client_authorities", config.client_authorities);
  in.text("storage", "database", config.database);
  read_keys(in, config);
  in.text("operators", "audience", config.audience);
  in.path("operators", "authorities", config.operator_authorities);
  in.path("audit", "archive_folder", config.archive_folder);
  std::int64_t keep_days = config.keep_audit.count();
  in.number("audit", "keep_days", 0, kMostDays, keep_days);
  config.keep_audit = std::chrono::days(keep_days);
  in.path("console", "folder", config.console_folder);
  return ok();
}

void read_publishing(ConfigReader& in, Config& config) {
  in.text("publishing", "url", config.public_url);
  in.number("publishing", "crl_partitions", 1, 1024, config.crl_partitions);
  in.flag("publishing", "delta_lists", config.delta_lists);
  read_seconds(in, "publishing", "full_list_seconds", 60, config.lists.full_interval);
  read_seconds(in, "publishing", "delta_list_seconds", 10, config.lists.delta_interval);
  read_seconds(in, "publishing", "overlap_seconds", 0, config.lists.overlap);
  read_seconds(in, "publishing", "ocsp_seconds", 10, config.ocsp.validity);
  read_seconds(in, "publishing", "ocsp_renewal_seconds", 1, config.ocsp.renewal);
  read_seconds(in, "publishing", "jobs_seconds", 1, config.jobs_every);
  in.path("publishing", "folder", config.publishing_folder);
}

void read_key_centre(ConfigReader& in, KeyCentreConfig& centre) {
  in.text("key_centre", "url", centre.url);
  in.path("key_centre", "tls_authority", centre.tls_authority);
  in.path("key_centre", "tls_certificate", centre.tls_certificate);
  in.path("key_centre", "tls_key", centre.tls_key);
  in.path("key_centre", "certificate", centre.certificate);
}

/// Separated by spaces.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

void read_platforms(ConfigReader& in, PlatformConfig& platforms) {
  std::string hosts;
  in.text("platforms", "webhook_hosts", hosts);
  platforms.webhook_hosts = words_of(hosts);
  in.path("platforms", "webhook_authorities", platforms.webhook_authorities);
  vendor::ServiceCommitments& promised = platforms.commitments;
  in.number("platforms", "order_hours", 1, kMostSeconds, promised.order_hours);
  in.number("platforms", "revocation_minutes", 1, kMostSeconds, promised.revocation_minutes);
  in.number("platforms", "availability_permille", 0, 1'000, promised.availability_permille);
  in.text("platforms", "support_phone", promised.support_phone);
  in.text("platforms", "support_email", promised.support_email);
}

Status read_timestamps(ConfigReader& in, TimestampOptions& timestamps) {
  std::string policy = timestamps.policies.front().to_string();
  bool ordering = false;
  in.text("timestamps", "policy", policy);
  in.flag("timestamps", "ordering", ordering);
  read_seconds(in, "timestamps", "accuracy_seconds", 1, timestamps.accuracy);
  const auto oid = asn1::Oid::parse(policy);
  if (!oid) {
    return Error{Errc::kMalformed, "config.timestamps",
                 "configuration: timestamps.policy is no object identifier"};
  }
  timestamps.policies = {*oid};
  timestamps.ordering =
      ordering ? TimestampOptions::Ordering::kByTime : TimestampOptions::Ordering::kByAccuracy;
  return ok();
}

Status check(const Config& config) {
  if (config.tls_certificate.empty() != config.tls_key.empty() ||
      (config.tls_certificate.empty() && !config.client_authorities.empty())) {
    return Error{Errc::kMalformed, "config.tls", "configuration: TLS needs tls.certificate and tls.key"};
  }
  if (config.sdf.library.empty() != config.sdf.password_file.empty() ||
      config.sdf.first_index > config.sdf.last_index) {
    return Error{Errc::kMalformed, "config.sdf",
                 "configuration: a device needs sdf.library, sdf.password_file and indexes in order"};
  }
  if (!net::parse_url(config.public_url) || config.public_url.ends_with('/')) {
    return Error{Errc::kMalformed, "config.public_url",
                 "configuration: publishing.url is what certificates will name, http://HOST[:PORT] without "
                 "a / at the end"};
  }
  return ok();
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
  HUTONG_TRY(ConfigReader in, ConfigReader::open(file));
  Config config;
  HUTONG_CHECK(read_server(in, config));
  read_publishing(in, config);
  read_key_centre(in, config.key_centre);
  read_platforms(in, config.platforms);
  HUTONG_CHECK(read_timestamps(in, config.timestamps));
  HUTONG_CHECK(in.finish());
  HUTONG_CHECK(check(config));
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (config.database.empty()) {
    config.database = "sqlite:" + (folder / "ca.db").string();
  }
  if (config.key_folder.empty()) {
    config.key_folder = folder / "keys";
  }
  if (config.archive_folder.empty()) {
    config.archive_folder = folder / "archives";
  }
  if (config.audience.empty()) {
    config.audience = console_origin(config);
  }
  config.ocsp.longest_blindness = kLooksMissed * config.jobs_every;
  return config;
}

PublishingAddresses addresses_of(const Config& config) {
  const std::string lists = config.public_url + "/crl/{authority}/{partition}";
  return {.crl = lists + ".crl",
          .crl_partitions = config.crl_partitions,
          .delta_crl = config.delta_lists ? lists + "-delta.crl" : "",
          .ocsp = config.public_url + "/ocsp",
          .ca_certificate = config.public_url + "/ca/{authority}.cer"};
}

}  // namespace hutong::ca
