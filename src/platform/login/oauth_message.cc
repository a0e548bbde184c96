#include "platform/login/oauth_message.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "net/router.h"
#include "net/url.h"

namespace hutong::platform::login {
namespace {

using net::Json;
using net::Request;
using net::Response;

constexpr std::string_view kOauth = "login.oauth.";
constexpr const char* kTryAgain = "60";  ///< seconds

Credentials credentials_in(const Form& form) {
  return {std::string(member(form, "client_id")), std::string(member(form, "client_secret"))};
}

/// The error code of OAuth for this Error, or nothing.
std::string oauth_code(const Error& error) {
  if (error.reason.starts_with(kOauth)) {
    return std::string(error.reason.substr(kOauth.size()));
  }
  if (error.reason == "system.credentials") {
    return "invalid_client";
  }
  if (error.reason == "system.suspended") {
    return "unauthorized_client";
  }
  return error.code == Errc::kNotFound ? "invalid_grant" : "";
}

int status_of(std::string_view code) {
  if (code == "temporarily_unavailable") {
    return 503;
  }
  return code == "invalid_client" || code == "invalid_token" ? 401 : 400;
}

}  // namespace

std::string_view member(const Form& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string_view() : std::string_view(found->second);
}

Response redirect(std::string address) {
  return {.status = 302, .content_type = "text/plain", .headers = {{"Location", std::move(address)}}};
}

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) {
      return true;
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

Result<Form> read_form(const Request& request) {
  const auto type = request.headers.find("Content-Type");
  const auto target = net::parse_target("/?" + std::string(as_text(request.body)));
  if (!type || net::parse_media_type(*type).type != "application/x-www-form-urlencoded" || !target) {
    return Error{Errc::kMalformed, "login.oauth.invalid_request",
                 "an application/x-www-form-urlencoded body is wanted"};
  }
  return target->query;
}

Credentials credentials_of(const Request& request, const Form& form) {
  constexpr std::string_view kBasic = "Basic ";
  const auto header = request.headers.find("Authorization");
  if (!header || !header->starts_with(kBasic)) {
    return credentials_in(form);
  }
  const auto octets = from_base64(header->substr(kBasic.size()));
  const std::string_view text = octets ? as_text(*octets) : std::string_view();
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return {};
  }
  const auto decoded = net::parse_target("/?client_id=" + std::string(text.substr(0, colon)) +
                                         "&client_secret=" + std::string(text.substr(colon + 1)));
  return decoded ? credentials_in(decoded->query) : Credentials{};
}

Result<Response> oauth_answer(Result<Json> answer) {
  if (answer) {
    Response response = net::json_response(*answer);
    response.headers.emplace_back("Pragma", "no-cache");
    return response;
  }
  const std::string code = oauth_code(answer.error());
  if (code.empty()) {
    return std::move(answer).error();
  }
  const int status = status_of(code);
  Response response =
      net::json_response({{"error", code}, {"error_description", answer.error().detail}}, status);
  response.problem_code = code;
  if (status == 401) {
    response.headers.emplace_back("WWW-Authenticate", code == "invalid_client"
                                                          ? std::string("Basic realm=\"hutong\"")
                                                          : "Bearer error=\"" + code + "\"");
  }
  if (status == 503) {
    response.headers.emplace_back("Retry-After", kTryAgain);
  }
  return response;
}

Json discovery(const std::string& issuer) {
  return {
      {"issuer", issuer},
      {"authorization_endpoint", issuer + "/oidc/authorize"},
      {"token_endpoint", issuer + "/oidc/token"},
      {"userinfo_endpoint", issuer + "/oidc/userinfo"},
      {"jwks_uri", issuer + "/oidc/keys"},
      {"end_session_endpoint", issuer + "/oidc/end-session"},
      {"device_authorization_endpoint", issuer + "/oidc/device-authorization"},
      {"response_types_supported", {"code"}},
      {"response_modes_supported", {"query"}},
      {"grant_types_supported", {"authorization_code", "refresh_token", "client_credentials", kDeviceGrant}},
      {"subject_types_supported", {"public"}},
      {"id_token_signing_alg_values_supported", {"ES256", "SGD_SM3_SM2"}},
      {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
      {"code_challenge_methods_supported", {"S256"}},
      {"scopes_supported", {"openid", "profile", "offline_access"}},
      {"claims_supported",
       {"sub", "name", "kind", "uscc", "roles", "region", "certificate_sm3", "vendor", "vendor_en",
        "assurance", "acr", "amr", "auth_time", "sid"}},
      {"acr_values_supported", {"urn:hutong:acr:certificate"}},
      {"request_parameter_supported", false},
      {"request_uri_parameter_supported", false},
      {"authorization_response_iss_parameter_supported", true}};
}

}  // namespace hutong::platform::login
