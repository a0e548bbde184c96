#include "platform/config.h"

#include <limits>
#include <string_view>

#include "base/config_reader.h"

namespace hutong::platform {
namespace {

Status fill(ConfigReader& in, Config& config) {
  constexpr std::int64_t kMostMebibytes = 4096;
  constexpr std::int64_t kMostThreads = 256;
  constexpr std::int64_t kMostPort = std::numeric_limits<std::uint16_t>::max();
  in.text("server", "address", config.address);
  in.number("server", "port", 0, kMostPort, config.port);
  in.number("server", "io_threads", 1, kMostThreads, config.io_threads);
  in.number("server", "workers", 1, kMostThreads, config.workers);
  std::string log_level = "info";
  in.text("server", "log_level", log_level);
  HUTONG_TRY(config.log_level, net::log_level_from(log_level));
  std::size_t mebibytes = config.upload_limit >> 20;
  in.number("server", "upload_limit_mib", 1, kMostMebibytes, mebibytes);
  config.upload_limit = mebibytes << 20;
  in.path("tls", "certificate", config.tls_certificate);
  in.path("tls", "key", config.tls_key);
  in.path("tls", "client_authorities", config.tls_client_authorities);
  in.text("database", "url", config.database);
  in.path("operators", "authorities", config.operator_authorities);
  in.text("operators", "audience", config.audience);
  in.path("keys", "folder", config.key_folder);
  in.path("keys", "password_file", config.key_password_file);
  std::string revocation = "require";
  in.text("login", "revocation", revocation);
  if (revocation != "require" && revocation != "prefer") {
    return Error{Errc::kMalformed, "config.value", "configuration: login.revocation is require or prefer"};
  }
  config.login_needs_revocation = revocation == "require";
  in.number("login", "requests_per_minute", 1, 1'000'000'000, config.login_most_per_minute);
  in.number("limits", "requests_per_minute", 0, 1'000'000'000, config.most_per_minute);
  in.text("limits", "address_field", config.address_field);
  in.path("trust_signer", "key", config.trust_signer_key);
  in.path("trust_signer", "password_file", config.trust_signer_password);
  in.path("trust_signer", "announcements", config.trust_signer_announcements);
  in.text("trust_signer", "operator_zh", config.trust_operator_zh);
  in.text("trust_signer", "operator_en", config.trust_operator_en);
  in.path("connectors", "authorities", config.connector_authorities);
  in.path("connectors", "certificate", config.connector_certificate);
  in.path("connectors", "key", config.connector_key);
  in.path("connectors", "keys", config.connector_keys);
  in.path("connectors", "signer", config.connector_signer);
  in.path("connectors", "signer_password_file", config.connector_signer_password);
  in.path("portal", "folder", config.portal_folder);
  in.path("portal", "examples", config.examples_folder);
  in.path("trust", "list", config.trust_list);
  in.path("trust", "list_signer", config.list_signer);
  in.path("trust", "revocation", config.revocation_folder);
  std::int64_t reload = config.reload.count();
  in.number("trust", "reload_seconds", 1, 86'400, reload);
  config.reload = std::chrono::seconds(reload);
  std::int64_t fetch = config.fetch.count();
  in.number("trust", "fetch_seconds", 0, 86'400, fetch);
  config.fetch = std::chrono::seconds(fetch);
  in.path("svs", "entities", config.svs_entities);
  in.path("svs", "certificates", config.svs_certificates);
  in.path("reports", "folder", config.reports_folder);
  in.number("reports", "keep", 1, 100'000'000, config.keep_reports);
  std::int64_t days = config.keep_reports_for.count() / 24;
  in.number("reports", "keep_days", 1, 36'500, days);
  config.keep_reports_for = std::chrono::hours(24 * days);
  days = config.keep_evidence_for.count() / 24;
  in.number("reports", "keep_evidence_days", 1, 36'500, days);
  config.keep_evidence_for = std::chrono::hours(24 * days);
  in.path("report_signer", "key", config.report_signer_key);
  in.path("report_signer", "password_file", config.report_signer_password);
  return in.finish();
}

/// What only makes sense together.
Status check(const Config& config) {
  if (config.tls_certificate.empty() != config.tls_key.empty() ||
      (config.tls_certificate.empty() && !config.tls_client_authorities.empty())) {
    return Error{Errc::kMalformed, "config.tls", "configuration: TLS needs tls.certificate and tls.key"};
  }
  if (config.connector_certificate.empty() != config.connector_key.empty() ||
      (!config.connector_certificate.empty() && config.connector_authorities.empty())) {
    return Error{Errc::kMalformed, "config.connectors",
                 "configuration: connectors.certificate needs connectors.key and connectors.authorities"};
  }
  if (config.connector_signer.empty() != config.connector_signer_password.empty()) {
    return Error{Errc::kMalformed, "config.connectors",
                 "configuration: connectors.signer needs connectors.signer_password_file"};
  }
  if (!config.database.empty() && config.operator_authorities.empty()) {
    return Error{Errc::kMalformed, "config.database",
                 "configuration: a database needs operators.authorities, who issued operators' certificates"};
  }
  if (!config.trust_signer_key.empty() &&
      (config.trust_signer_password.empty() || config.trust_list.empty())) {
    return Error{Errc::kMalformed, "config.trust_signer",
                 "configuration: a key that signs lists needs trust_signer.password_file and trust.list"};
  }
  if (!config.report_signer_key.empty() &&
      (config.report_signer_password.empty() || config.reports_folder.empty())) {
    return Error{
        Errc::kMalformed, "config.report_signer",
        "configuration: a key that signs reports needs report_signer.password_file and reports.folder"};
  }
  if (config.fetch.count() > 0 && config.revocation_folder.empty()) {
    return Error{Errc::kMalformed, "config.fetch",
                 "configuration: trust.fetch_seconds needs trust.revocation, where the lists are kept"};
  }
  if (!config.key_folder.empty() && (config.key_password_file.empty() || config.database.empty())) {
    return Error{Errc::kMalformed, "config.keys",
                 "configuration: keys.folder needs keys.password_file and a database"};
  }
  if (!config.database.empty() && config.port == 0 && config.audience.empty()) {
    return Error{
        Errc::kMalformed, "config.audience",
        "configuration: with any free port nobody knows what a login is signed for: operators.audience"};
  }
  return ok();
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
  HUTONG_TRY(ConfigReader reader, ConfigReader::open(file));
  Config config;
  HUTONG_CHECK(fill(reader, config));
  HUTONG_CHECK(check(config));
  // A SQLite file is named against the configuration's folder, as all files are.
  constexpr std::string_view kSqlite = "sqlite:";
  if (config.database.starts_with(kSqlite)) {
    config.database.replace(
        kSqlite.size(), std::string::npos,
        (std::filesystem::absolute(file).parent_path() / config.database.substr(kSqlite.size())).string());
  }
  return config;
}

}  // namespace hutong::platform
