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
  std::string key_store;         ///< "file" or "sdf": fails when the configuration says otherwise
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

/// A platform that may use the REST profile.
struct AddClientOptions {
  std::string config;
  std::string name;
  std::vector<std::string> rights;
  std::string certificate_file;  ///< of its TLS client; empty: it gets a key, shown this once
};
/// The reasons of operators::ClientRegistry::add().
Status run_add_client(const AddClientOptions& options, const Clock& clock);

/// A client of CMP, known by a shared secret.
struct AddCmpClientOptions {
  std::string config;
  std::string name;
  std::string reference;    ///< senderKID, as text
  std::string secret_file;  ///< its first line
  std::vector<std::string> templates;
  std::vector<std::string> rights;  ///< enrol, renew, revoke, vouch, automatic, empty-sm2-id
  std::string organization;
  std::string organization_number;
};
/// kMalformed "cmp.right"; the reasons of CmpClients::add().
Status run_add_cmp_client(const AddCmpClientOptions& options, const Clock& clock);

/// Options of the commands that take no others.
struct CareOptions {
  std::string config;
};
struct DoctorOptions {
  std::string config;
  std::string language = "zh";  ///< or "en"
  bool json = false;
  bool offline = false;  ///< the publishing points are not asked
};
/// The exit code: 0, or 1 when something is bad.
Result<int> run_doctor(const DoctorOptions& options, const Clock& clock);

struct BackupOptions {
  std::string config;
  std::string folder;
};
Status run_backup(const BackupOptions& options, const Clock& clock);
Status run_restore(const BackupOptions& options, const Clock& clock);

struct RolloverOptions {
  std::string config;
  std::string root_folder;       ///< key store of the own root
  std::string request_file;      ///< only make the key and this request
  std::string certificate_file;  ///< the certificate issued for it
};
/// kMalformed "rollover.usage" when a CA under a root is told nothing about it.
Status run_rollover(const RolloverOptions& options, const Clock& clock);
Status run_renew_services(const CareOptions& options, const Clock& clock);
/// From now on only records written later say whether the clock is behind (audit::check_clock).
Status run_accept_clock(const CareOptions& options, const Clock& clock);
/// The exit code: 0, or 1 when the chain is broken.
Result<int> run_audit_verify(const CareOptions& options, const Clock& clock);

}  // namespace hutong::ca
