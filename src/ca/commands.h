#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// The command line of hutong-ca behind its options: each prints what it did on standard output.
namespace hutong::ca {

/// Options of `hutong-ca init` as they were typed.
struct InitOptions {
  std::string config;
  std::string organization;
  std::string name;
  bool root = false;             ///< this CA is a root itself
  std::string root_name;         ///< make a root of this name, too
  std::string root_folder;       ///< the key store of that root
  std::string request_file;      ///< make the key and a request, nothing else
  std::string certificate_file;  ///< the certificate issued for it
  std::vector<std::string> chain_files;
  std::string super_administrator;  ///< certificate request
  std::string audit_administrator;  ///< certificate request
  std::string demonstration;        ///< password file
  std::string output = ".";
};
Status run_init(const InitOptions& options, const Clock& clock);

struct RootListOptions {
  std::string config;
  std::string root_folder;
};
Status run_root_list(const RootListOptions& options, const Clock& clock);

}  // namespace hutong::ca
