#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "net/json.h"

/// What requests and answers of OAuth look like on the wire. Pure functions; any thread.
namespace hutong::platform::login {

using Form = std::map<std::string, std::string, std::less<>>;

/// RFC 8628 3.4.
inline constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/// The value of this name, or nothing.
std::string_view member(const Form& form, std::string_view name);
/// Whether a list of words, separated by blanks, has this one.
bool has_word(std::string_view words, std::string_view word);
/// An application/x-www-form-urlencoded body: kMalformed "login.oauth.invalid_request" when it is none.
Result<Form> read_form(const net::Request& request);

/// Whose business system a request says it is of.
struct Credentials {
  std::string system;
  std::string secret;
};
/// client_secret_basic (RFC 6749 2.3.1), else client_secret_post. Empty where there are none.
Credentials credentials_of(const net::Request& request, const Form& form);

/// The answer, or an Error in OAuth's own form (RFC 6749 5.2, RFC 8628 3.5) where its reason is one of them:
/// "login.oauth." and the error code. Status 400; 401 for invalid_client and invalid_token; 503 with
/// Retry-After for temporarily_unavailable. Every other Error stays one.
Result<net::Response> oauth_answer(Result<net::Json> answer);

/// The members of OpenID Connect Discovery 1.0 3, of RFC 8414 and RFC 8628 4.
net::Json discovery(const std::string& issuer);

net::Response redirect(std::string address);

}  // namespace hutong::platform::login
