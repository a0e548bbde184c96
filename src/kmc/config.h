#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "net/log.h"

namespace hutong::kmc {

/// Where something listens.
struct ListenConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one; the log says which
  unsigned io_threads = 1;
  unsigned workers = 2;
};

/// kmc.toml, see docs/operation.md. Paths are made absolute against the file's folder.
struct Config {
  net::LogLevel log_level = net::LogLevel::kInfo;  ///< less is not logged
  ListenConfig management{.port = 8444};           ///< operators and their console
  bool management_tls = true;  ///< with a TLS certificate; false behind a proxy that speaks TLS
  ListenConfig service{.port = 8445, .io_threads = 1, .workers = 4};  ///< CAs; always mutual TLS
  std::chrono::seconds window{600};  ///< how far the time in a CA's message may be from ours

  std::filesystem::path tls_certificate;     ///< PEM, for both ports; empty: plain HTTP and no key service
  std::filesystem::path tls_key;             ///< PEM, not encrypted
  std::filesystem::path client_authorities;  ///< PEM; whose clients may connect to the key service

  std::string database;  ///< sqlite:FILE or postgresql://…; empty: kmc.db beside the file

  std::filesystem::path key_folder;         ///< of the file key store
  std::filesystem::path key_password_file;  ///< its password, for unattended starts

  std::filesystem::path operator_authorities;  ///< PEM; who issues the operators' certificates, besides the
                                               ///< centre's own certificate when that is a CA's
  std::string audience;                        ///< origin of the console; empty: the management address

  std::filesystem::path archive_folder;  ///< of the audit log; "archives" beside the file
  std::chrono::days keep_audit{0};       ///< archived records are deleted after so long; 0: never

  std::filesystem::path console_folder;  ///< the built pages; empty: the API alone

  std::chrono::hours recovery_open{24 * 14};  ///< how long a recovery case waits for custodians
  std::chrono::seconds refill_every{2};
  unsigned threads = 2;  ///< that make keys
};

/// kMalformed "config.toml", "config.unknown_key", "config.value", "config.tls", "log.level"; and what
/// read_file says.
Result<Config> read_config(const std::filesystem::path& file);

}  // namespace hutong::kmc
