#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ca/publishing/list_publisher.h"
#include "ca/publishing/ocsp_responder.h"
#include "ca/signing/issuer.h"
#include "ca/timestamping/timestamp_service.h"
#include "ca/vendor/vendor_parts.h"
#include "net/log.h"

namespace hutong::ca {

/// How the key management centre is reached: mutual TLS outside, SM2 signatures inside.
struct KeyCentreConfig {
  std::string url;                      ///< https://…, without the path; empty: no encryption certificates
  std::filesystem::path tls_authority;  ///< PEM; who issued the centre's TLS certificate
  std::filesystem::path tls_certificate;  ///< PEM; ours
  std::filesystem::path tls_key;          ///< PEM, not encrypted
  std::filesystem::path certificate;      ///< the centre's SM2 certificate, which signs its answers
};

/// A cryptographic device that keeps the CA's keys (GM/T 0018), see docs/operation.md.
struct SdfConfig {
  std::filesystem::path library;        ///< of its maker; empty: the keys are files
  std::filesystem::path password_file;  ///< the access right of its private keys
  unsigned first_index = 1;             ///< that are ours
  unsigned last_index = 32;
};

/// What platforms are offered and promised.
struct PlatformConfig {
  std::vector<std::string> webhook_hosts;     ///< that platforms may name; no other host is ever called
  std::filesystem::path webhook_authorities;  ///< PEM; who issued the platforms' TLS certificates
  vendor::ServiceCommitments commitments;
};

/// The policy of the demonstration; an authority of its own names its own (timestamps.policy).
inline constexpr asn1::Oid kTimestampPolicy("1.2.156.10197.6.1.4.9.1");

/// ca.toml, see docs/operation.md. Paths are made absolute against the file's folder.
struct Config {
  std::string vendor = "CA";  ///< how the pages call this vendor

  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;  ///< 0: any free one; the log says which
  unsigned io_threads = 2;
  unsigned workers = 4;
  net::LogLevel log_level = net::LogLevel::kInfo;  ///< less is not logged

  /// Where operators and their console come in; nothing: where everybody does. With it the address above
  /// serves the public and the platforms alone, and firewalls can keep the two apart (GM/T 0037 B.2).
  std::optional<std::uint16_t> management_port;  ///< 0: any free one
  std::string management_address = "127.0.0.1";

  std::filesystem::path tls_certificate;     ///< PEM; empty: plain HTTP
  std::filesystem::path tls_key;             ///< PEM, not encrypted
  std::filesystem::path client_authorities;  ///< PEM; platforms may show a certificate of theirs

  std::string database;  ///< sqlite:FILE or postgresql://…; empty: ca.db beside the file

  std::filesystem::path key_folder;         ///< of the key store; empty: keys beside the file
  std::filesystem::path key_password_file;  ///< its password, for unattended starts
  SdfConfig sdf;                            ///< the device, where the keys are in one; the folder has labels

  std::string public_url;  ///< what certificates say before /crl, /ocsp and /ca: "http://ca.example"
  std::uint32_t crl_partitions = 1;
  bool delta_lists = true;
  ListPolicy lists;
  OcspOptions ocsp;
  std::filesystem::path publishing_folder;  ///< everything as plain files too; empty: not
  std::chrono::seconds jobs_every{2};

  std::filesystem::path archive_folder;  ///< of audit archives, shared by all nodes; empty: beside the file
  std::chrono::days keep_audit{0};       ///< archived records are deleted after so long; 0: never

  std::string audience;                        ///< origin of the console; empty: where it is served
  std::filesystem::path operator_authorities;  ///< PEM; whose certificates operators may use besides ours

  TimestampOptions timestamps{.policies = {kTimestampPolicy}};

  KeyCentreConfig key_centre;
  PlatformConfig platforms;
  std::filesystem::path console_folder;  ///< the built pages; empty: the API alone
};

/// kMalformed "config.toml", "config.unknown_key", "config.value", "config.tls", "config.public_url",
/// "config.sdf", "config.timestamps", "log.level"; and what read_file says.
Result<Config> read_config(const std::filesystem::path& file);

/// Where the certificates of this CA say that lists, status and the CA's certificate are.
PublishingAddresses addresses_of(const Config& config);

}  // namespace hutong::ca
