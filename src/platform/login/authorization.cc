#include "platform/login/authorization.h"

#include <algorithm>

#include "net/json_body.h"
#include "platform/login/oauth_message.h"

namespace hutong::platform::login {
namespace {

constexpr std::size_t kMostParameter = 512;
constexpr std::size_t kChallengeSize = 43;  ///< base64url of a SHA-256

bool is_code_challenge(std::string_view text) {
  return text.size() == kChallengeSize && from_base64url(text).has_value();
}

/// Printable ASCII, as RFC 6749 appendix A has it.
bool is_visible(std::string_view text) {
  return text.size() <= kMostParameter &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// The error and what it is about, or two empty texts.
std::pair<std::string, std::string> fault_of(const net::Request& http, const AuthorizationRequest& request) {
  const auto given = [&http](std::string_view name) { return net::query_text(http, name); };
  if (given("response_type") != "code") {
    return given("response_type").empty() ? std::pair{"invalid_request", "response_type is missing"}
                                          : std::pair{"unsupported_response_type", "code only"};
  }
  if (!is_visible(request.state) || !is_visible(request.nonce) || !is_visible(request.scope)) {
    return {"invalid_request", "state, nonce and scope: at most 512 visible characters"};
  }
  if (!has_word(request.scope, "openid")) {
    return {"invalid_scope", "the scope openid is needed"};
  }
  if (given("code_challenge_method") != "S256" || !is_code_challenge(request.code_challenge)) {
    return {"invalid_request", "a code_challenge with the method S256 is needed"};
  }
  if (!given("request").empty()) {
    return {"request_not_supported", "request objects are not supported"};
  }
  if (!given("request_uri").empty()) {
    return {"request_uri_not_supported", "request objects are not supported"};
  }
  if (has_word(given("prompt"), "none")) {
    return {"login_required", "the key is asked for at every login"};
  }
  return {};
}

}  // namespace

std::string known_scopes(std::string_view asked) {
  std::string scope = "openid";
  for (const auto* name : {"profile", "offline_access"}) {
    if (has_word(asked, name)) {
      scope += ' ';
      scope += name;
    }
  }
  return scope;
}

Result<Asked> read_authorization(const net::Request& request, const Result<BusinessSystem>& system) {
  const bool known =
      system && (system->state == SystemState::kActive || system->state == SystemState::kSuspended);
  if (!known) {
    if (!system && system.error().code != Errc::kNotFound) {
      return system.error();
    }
    return Error{Errc::kMalformed, "login.client",
                 "业务系统未登记或已停用；no active business system has this client_id"};
  }
  Asked asked{.request = {.system = system->id,
                          .redirect_uri = net::query_text(request, "redirect_uri"),
                          .scope = net::query_text(request, "scope"),
                          .state = net::query_text(request, "state"),
                          .nonce = net::query_text(request, "nonce"),
                          .code_challenge = net::query_text(request, "code_challenge")},
              .error = {}};
  const auto& uris = system->content.redirect_uris;
  if (std::ranges::find(uris, asked.request.redirect_uri) == uris.end()) {
    return Error{Errc::kMalformed, "login.redirect_uri",
                 "回调地址未登记；the redirect_uri is not registered for this business system"};
  }
  auto [error, description] = fault_of(request, asked.request);
  asked.error = std::move(error);
  asked.description = std::move(description);
  if (asked.error.empty()) {
    asked.request.scope = known_scopes(asked.request.scope);
  }
  return asked;
}

std::string error_redirect(const Asked& asked, const std::string& issuer) {
  std::string uri = asked.request.redirect_uri;
  add_parameter(uri, "error", asked.error);
  add_parameter(uri, "error_description", asked.description);
  if (!asked.request.state.empty() && is_visible(asked.request.state)) {
    add_parameter(uri, "state", asked.request.state);
  }
  add_parameter(uri, "iss", issuer);
  return uri;
}

}  // namespace hutong::platform::login
