#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "platform/login/business_system.h"
#include "platform/login/token_login.h"

namespace hutong::platform::login {

/// What came to the authorization endpoint: either a request, or an error for the business system that asked
/// (RFC 6749 4.1.2.1), who gets it by redirection.
struct Asked {
  AuthorizationRequest request;
  std::string error;  ///< empty: none
  std::string description = {};
};

/// Reads it. As long as it is not sure who asks the browser is not sent back: kMalformed "login.client"
/// (none, or neither active nor suspended: the page tells the users of a suspended one why),
/// "login.redirect_uri" (not one of this system's, octet by octet).
Result<Asked> read_authorization(const net::Request& request, const Result<BusinessSystem>& system);
/// Of the scopes asked for, those that we know (RFC 6749 3.3).
std::string known_scopes(std::string_view asked);
/// The address with error, error_description, state and iss.
std::string error_redirect(const Asked& asked, const std::string& issuer);

}  // namespace hutong::platform::login
