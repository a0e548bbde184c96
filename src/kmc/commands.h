#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// The command line of hutong-kmc behind its options: each prints what it did on standard output.
namespace hutong::kmc {

/// Options of `hutong-kmc init` as they were typed.
struct InitOptions {
  std::string config;
  std::string name = "CN=密钥管理中心,C=CN";
  std::string output = ".";
  std::string request_file;      ///< make the key and a request, nothing else
  std::string certificate_file;  ///< the certificate issued for it
  unsigned threshold = 2;
  std::vector<std::string> custodians;           ///< NAME=CERTIFICATE
  std::vector<std::string> password_custodians;  ///< NAME=PASSWORD-FILE
  std::string super_administrator;
  std::string audit_administrator;
  std::string demonstration;             ///< password file
  std::vector<std::string> authorities;  ///< NAME,CERTIFICATE,TLS-CERTIFICATE
  std::int64_t minimum = 1'000;
  std::int64_t target = 5'000;
};
Status run_init(const InitOptions& options, const Clock& clock);

/// `hutong-kmc doctor`: one line for each thing looked at. True when nothing is bad.
Result<bool> run_doctor(const std::string& config, const Clock& clock);
Status run_backup(const std::string& config, const std::string& folder, const Clock& clock);
Status run_restore(const std::string& config, const std::string& folder, const Clock& clock);

/// Options of `hutong-kmc recover-authority-key`.
struct AuthorityKeyOptions {
  std::string config;
  std::string backup;
  std::vector<std::string> custodians;  ///< SHARE,PKCS12,PASSWORD-FILE or SHARE,PASSWORD-FILE
};
Status run_recover_authority_key(const AuthorityKeyOptions& options);

/// "A,B,C" taken apart.
std::vector<std::string> split_list(const std::string& text, char at);
/// The first line of a file.
Result<std::string> read_first_line(const std::string& file);

}  // namespace hutong::kmc
