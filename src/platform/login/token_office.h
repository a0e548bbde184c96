#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/json.h"
#include "platform/login/business_system.h"
#include "platform/login/device_office.h"
#include "platform/login/grant.h"
#include "platform/login/id_token.h"
#include "platform/login/oauth_message.h"
#include "platform/login/ticket.h"
#include "platform/login/token_login.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// What business systems get for a code, a device code, a refresh token or their secret (OpenID Connect Core
/// 3.1.3, 12; RFC 6749; RFC 8628). Codes and refresh tokens are good once, seen to by compare-and-set; who
/// uses one again ends the login (RFC 9700 4.14), and that is audited. A refresh looks at the certificate
/// again, and ends the login of one that would not get in any more; when merely nothing is known at the
/// moment, it is refused and may be tried again with the same token. Any thread.
///
/// Errors are those of OAuth: the reason is "login.oauth." and the error code of RFC 6749 5.2.
class TokenOffice {
 public:
  /// What is referred to must outlive it.
  struct Parts {
    storage::Database& database;
    const TokenLogin& login;
    const DeviceOffice& devices;
    const Tickets& tickets;
    const IdTokenSigner& signer;
    const LoginSettings& settings;
    const Clock& clock;
  };
  explicit TokenOffice(const Parts& parts)
      : database_(&parts.database),
        login_(&parts.login),
        devices_(&parts.devices),
        tickets_(&parts.tickets),
        signer_(&parts.signer),
        settings_(&parts.settings),
        clock_(&parts.clock) {}

  /// The token response. "login.oauth.invalid_request", "login.oauth.invalid_grant",
  /// "login.oauth.unsupported_grant_type", "login.oauth.temporarily_unavailable" and the errors of
  /// DeviceOffice::login_of.
  Result<net::Json> tokens(const BusinessSystem& system, const Form& form) const;
  /// The claims of userinfo. kUnauthorized "login.oauth.invalid_token".
  Result<net::Json> userinfo(std::string_view access_token) const;
  /// Ends the login of this ID token; the business system it was made for. kUnauthorized "login.id_token".
  Result<std::string> end(std::string_view id_token) const;

 private:
  Result<net::Json> by_code(const BusinessSystem& system, const Form& form) const;
  Result<net::Json> by_device_code(const BusinessSystem& system, const Form& form) const;
  Result<net::Json> first_tokens(const BusinessSystem& system, const Grant& grant, Time now) const;
  Result<net::Json> by_refresh_token(const BusinessSystem& system, const Form& form) const;
  net::Json for_itself(const BusinessSystem& system) const;
  Result<net::Json> answer_for(const BusinessSystem& system, const Grant& grant, std::int64_t refreshed,
                               Time now) const;
  Result<Grant> find(std::string_view id) const;
  Status look_again(const Grant& grant, Time now) const;
  struct Ending {
    std::string_view action;  ///< as the audit log calls it
    std::string_view reason;  ///< as the grant keeps it
    std::string_view why = {};
  };
  Status end_refused(const Grant& grant, const Ending& ending, Time now) const;

  storage::Database* database_;
  const TokenLogin* login_;
  const DeviceOffice* devices_;
  const Tickets* tickets_;
  const IdTokenSigner* signer_;
  const LoginSettings* settings_;
  const Clock* clock_;
};

}  // namespace hutong::platform::login
