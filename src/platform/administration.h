#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/key_store.h"
#include "net/router.h"
#include "operators/operator_system.h"
#include "platform/config.h"
#include "platform/login/login_room.h"
#include "platform/subjects/subject_desk.h"
#include "platform/trust/list_file.h"
#include "platform/trust/list_signer.h"
#include "platform/trust/trust_desk.h"
#include "platform/trust/trust_keeper.h"
#include "platform/vault.h"
#include "platform/vendors/vendor_connections.h"
#include "platform/vendors/vendor_desk.h"
#include "storage/database.h"

namespace hutong::platform {

/// All that needs the database: operators, vendors, the release of trust lists, and, where there are keys,
/// subjects and their logins.
class Administration {
 public:
  struct Parts {
    const Config& config;
    TrustKeeper& trust;
    const Clock& clock;
    std::string origin;  ///< under which operators and subjects reach the platform
  };
  /// All but the origin must outlive it. Errors of what it opens.
  static Result<std::unique_ptr<Administration>> open(Parts parts);
  Administration(const Administration&) = delete;
  Administration& operator=(const Administration&) = delete;
  ~Administration() = default;

  /// The newest list that was released goes to where it is read. One that cannot be fetched now is fetched at
  /// the next call.
  void fetch_list();
  void add_routes(net::Router& router);

 private:
  explicit Administration(Parts parts) : parts_(std::move(parts)) {}
  Status open_operators();
  Status open_vendors();
  Status open_trust_desk();
  Status open_subjects();

  Parts parts_;
  std::optional<storage::Database> database_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  std::unique_ptr<VendorDesk> vendors_;
  std::optional<VendorConnections> connections_;
  std::unique_ptr<crypto::FileKeyStore> keys_;  ///< null: no subjects, nobody but operators logs in
  std::optional<Vault> vault_;
  std::unique_ptr<SubjectDesk> subjects_;
  std::unique_ptr<login::LoginRoom> login_;
  std::optional<ListSigner> list_signer_;
  std::unique_ptr<TrustDesk> trust_desk_;
  std::unique_ptr<ListFile> list_file_;  ///< null: lists come from elsewhere
};

}  // namespace hutong::platform
