#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "net/json.h"
#include "platform/login/business_system.h"
#include "platform/login/device.h"
#include "platform/login/oauth_message.h"
#include "platform/login/ticket.h"
#include "platform/login/token_login.h"
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// The device authorization grant (RFC 8628): a device gets a code to show, its user enters it at the portal
/// and logs in there, and the device, which keeps asking, gets the tokens. What waits is a row of the
/// database, so that every node knows it. Any thread.
class DeviceOffice {
 public:
  /// What is referred to must outlive it.
  struct Parts {
    storage::Database& database;
    const Tickets& tickets;
    const Vault& vault;
    const LoginSettings& settings;
    const Clock& clock;
    crypto::RandomSource& random = crypto::system_random();
  };
  explicit DeviceOffice(const Parts& parts)
      : database_(&parts.database),
        tickets_(&parts.tickets),
        vault_(&parts.vault),
        settings_(&parts.settings),
        clock_(&parts.clock),
        random_(&parts.random) {}

  /// The answer of the device authorization endpoint (RFC 8628 3.2). "login.oauth.invalid_scope".
  Result<net::Json> begin(const BusinessSystem& system, const Form& form) const;
  /// What the page of the portal goes on with when its user typed this. kNotFound "login.user_code".
  Result<AuthorizationRequest> opened_by(std::string_view typed) const;
  /// The user did not want this, and that is audited. kConflict "login.device_done": it does not wait.
  Status deny(const AuthorizationRequest& request, std::string_view remote) const;
  /// The login that the device of this code was waiting for. "login.oauth." and authorization_pending,
  /// slow_down (the pause grows by five seconds), access_denied, expired_token, invalid_grant (of another
  /// system, or none of ours), invalid_request.
  Result<std::string> login_of(const BusinessSystem& system, const Form& form) const;

 private:
  Bytes index_of(std::string_view user_code) const;
  Status insert(Device device, std::string& user_code) const;
  Error not_yet(const Device& device, Time now) const;

  storage::Database* database_;
  const Tickets* tickets_;
  const Vault* vault_;
  const LoginSettings* settings_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::platform::login
