#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "net/log.h"

namespace hutong::platform {

/// platform.toml, see docs/operation.md. Paths are made absolute against the file's folder; an empty path
/// switches the capability off (except the trust list: then nothing is valid).
struct Config {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one; the log says which
  unsigned io_threads = 2;
  unsigned workers = 16;  ///< more than processors: a login waits for the disk, and many share one wait
  net::LogLevel log_level = net::LogLevel::kInfo;    ///< less is not logged
  std::size_t upload_limit = std::size_t{64} << 20;  ///< octets of one request body

  std::filesystem::path tls_certificate;  ///< PEM, with the intermediate ones; empty: plain HTTP
  std::filesystem::path tls_key;          ///< PEM, not encrypted
  std::filesystem::path
      tls_client_authorities;  ///< PEM; named: nobody gets in without a certificate of theirs

  /// "sqlite:FILE" or "postgresql://…"; empty: recognition only, nobody logs in.
  std::string database;
  std::filesystem::path operator_authorities;  ///< certificates that issue operators' ones; with a database
  std::string audience;                        ///< the origin the portal is reached under; empty: our own URL

  std::filesystem::path key_folder;  ///< of the file key store; with a database: subjects log in
  std::filesystem::path key_password_file;
  bool login_needs_revocation = true;  ///< nobody logs in whose revocation is not known
  std::int64_t login_most_per_minute = 6'000;

  std::int64_t most_per_minute = 60'000;  ///< requests of one address, large ones count more; 0: any number
  std::string address_field;              ///< header field in which our proxy tells it; empty: the peer's

  std::filesystem::path trust_signer_key;  ///< PKCS#12; with a database: lists can be released
  std::filesystem::path trust_signer_password;
  std::filesystem::path trust_signer_announcements;
  std::string trust_operator_zh;  ///< who runs the region; empty: as the list before says
  std::string trust_operator_en;

  std::filesystem::path connector_authorities;  ///< PEM: who issued the vendors' TLS certificates
  std::filesystem::path connector_certificate;  ///< PEM: what we show vendors
  std::filesystem::path connector_key;          ///< PEM, not encrypted
  std::filesystem::path connector_keys;         ///< folder of USCC.key and USCC.cmp; see ConnectionFiles
  std::filesystem::path connector_signer;       ///< PKCS#12: what we sign CMP messages with
  std::filesystem::path connector_signer_password;

  std::filesystem::path portal_folder;
  std::filesystem::path examples_folder;

  std::filesystem::path trust_list;
  std::filesystem::path list_signer;        ///< its certificate
  std::filesystem::path revocation_folder;  ///< CRLs and OCSP responses, DER or PEM
  std::chrono::seconds reload{2};           ///< how often the files above are looked at
  /// How often lists are fetched into revocation_folder (revocation_fetcher.h); 0: never.
  std::chrono::seconds fetch{0};

  std::filesystem::path svs_entities;      ///< keys that programs may sign with: docs/svs.md
  std::filesystem::path svs_certificates;  ///< folder of certificates that requests name by serial number

  std::filesystem::path reports_folder;
  std::size_t keep_reports = 10'000;
  std::chrono::hours keep_reports_for{24 * 30};
  std::chrono::hours keep_evidence_for{24 * 3653};  ///< what reports rested on: evidence_store.h
  std::filesystem::path report_signer_key;          ///< PKCS#12; empty: reports are not signed
  std::filesystem::path report_signer_password;
};

/// kMalformed "config.toml", "config.unknown_key", "config.value", "config.tls" (a certificate without a key
/// or the like), "config.database" (one without operators.authorities), "config.trust_signer" (a key without
/// a password file or trust.list), "config.report_signer" (a key without a password file or reports.folder),
/// "config.fetch" (fetching without trust.revocation), "config.connectors" (a certificate without a key or
/// authorities), "config.audience" (none, and any free port), "config.keys" (a folder without a password file
/// or without a database), "log.level"; and what read_file says.
Result<Config> read_config(const std::filesystem::path& file);

}  // namespace hutong::platform
