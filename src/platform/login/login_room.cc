#include "platform/login/login_room.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "net/json_body.h"
#include "net/problem.h"
#include "platform/desk_input.h"
#include "platform/login/authorization.h"
#include "platform/login/system_desk.h"
#include "platform/login/token_office.h"
#include "platform/rate_limit.h"

namespace hutong::platform::login {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kFormBody = std::size_t{16} << 10;
constexpr std::size_t kAnswerBody = std::size_t{64} << 10;
constexpr std::chrono::seconds kRequestLife{600};  ///< from the authorization endpoint to the signed answer
constexpr std::chrono::hours kLoginsKept{24 * 30};
constexpr std::string_view kOauth = "login.oauth.";

Response redirect(std::string address) {
  return {.status = 302, .content_type = "text/plain", .headers = {{"Location", std::move(address)}}};
}

/// An application/x-www-form-urlencoded body; kMalformed when it is none.
Result<Form> read_form(const Request& request) {
  const auto type = request.headers.find("Content-Type");
  const auto target = net::parse_target("/?" + std::string(as_text(request.body)));
  if (!type || net::parse_media_type(*type).type != "application/x-www-form-urlencoded" || !target) {
    return Error{Errc::kMalformed, "login.oauth.invalid_request",
                 "an application/x-www-form-urlencoded body is wanted"};
  }
  return target->query;
}

struct Credentials {
  std::string system;
  std::string secret;
};

Credentials credentials_in(const Form& form) {
  const auto value = [&form](std::string_view name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
  };
  return {value("client_id"), value("client_secret")};
}

/// client_secret_basic (RFC 6749 2.3.1), else client_secret_post.
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

/// OAuth's own form of errors (RFC 6749 5.2), where the reason is one of them; everything else is a problem.
Result<Response> oauth_answer(Result<Json> answer) {
  if (answer) {
    Response response = net::json_response(*answer);
    response.headers.emplace_back("Pragma", "no-cache");
    return response;
  }
  const Error& error = answer.error();
  std::string code;
  if (error.reason.starts_with(kOauth)) {
    code = error.reason.substr(kOauth.size());
  } else if (error.reason == "system.credentials") {
    code = "invalid_client";
  } else if (error.code == Errc::kNotFound) {
    code = "invalid_grant";
  } else {
    return std::move(answer).error();
  }
  const bool unauthorized = code == "invalid_client" || code == "invalid_token";
  Response response =
      net::json_response({{"error", code}, {"error_description", error.detail}}, unauthorized ? 401 : 400);
  response.problem_code = code;
  if (unauthorized) {
    response.headers.emplace_back("WWW-Authenticate", code == "invalid_client"
                                                          ? std::string("Basic realm=\"hutong\"")
                                                          : "Bearer error=\"" + code + "\"");
  }
  return response;
}

Json discovery(const std::string& issuer) {
  return {{"issuer", issuer},
          {"authorization_endpoint", issuer + "/oidc/authorize"},
          {"token_endpoint", issuer + "/oidc/token"},
          {"userinfo_endpoint", issuer + "/oidc/userinfo"},
          {"jwks_uri", issuer + "/oidc/keys"},
          {"end_session_endpoint", issuer + "/oidc/end-session"},
          {"response_types_supported", {"code"}},
          {"response_modes_supported", {"query"}},
          {"grant_types_supported", {"authorization_code", "refresh_token", "client_credentials"}},
          {"subject_types_supported", {"public"}},
          {"id_token_signing_alg_values_supported", {"ES256"}},
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

}  // namespace

struct LoginRoom::Impl {
  Impl(Parts given, IdTokenSigner id_tokens)
      : database(&given.database),
        settings(std::move(given.settings)),
        clock(&given.clock),
        tickets(given.vault.derive("login tickets")),
        signer(std::move(id_tokens)),
        systems(given.database, given.vault, given.clock),
        login({.database = given.database,
               .subjects = given.subjects,
               .trust = given.trust,
               .tickets = tickets,
               .vault = given.vault,
               .settings = settings,
               .clock = given.clock}),
        office({.database = given.database,
                .login = login,
                .tickets = tickets,
                .signer = signer,
                .settings = settings,
                .clock = given.clock}),
        per_address(settings.most_per_minute),
        per_system(settings.most_per_minute) {}

  storage::Database* database;
  LoginSettings settings;
  const Clock* clock;
  Tickets tickets;
  IdTokenSigner signer;
  SystemDesk systems;
  TokenLogin login;
  TokenOffice office;
  mutable RateLimit per_address;
  mutable RateLimit per_system;

  using Serve = Result<Response> (Impl::*)(const Request&) const;
  void open(net::Router& router, Method method, std::string pattern, std::size_t body_limit,
            Serve serve) const {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .weight = net::Weight::kHeavy,
                .body_limit = body_limit,
                .handler = [this, serve](const Request& request) { return (this->*serve)(request); }});
  }

  struct Opened {
    AuthorizationRequest request;
    BusinessSystem system;
  };
  Result<Opened> opened(const std::string& ticket) const;

  Result<Response> describe(const Request&) const { return net::json_response(discovery(settings.issuer)); }
  Result<Response> keys(const Request&) const { return net::json_response(signer.keys()); }
  Result<Response> authorize(const Request& request) const;
  Result<Response> challenge(const Request& request) const;
  Result<Response> answer(const Request& request) const;
  Result<Response> token(const Request& request) const;
  Result<Response> userinfo(const Request& request) const;
  Result<Response> end_session(const Request& request) const;
  Result<Json> token_answer(const Request& request) const;
};

/// GET /oidc/authorize
Result<Response> LoginRoom::Impl::authorize(const Request& request) const {
  HUTONG_CHECK(per_address.count(request.remote, clock->now()));
  HUTONG_TRY(const Asked asked,
             read_authorization(request, systems.find(net::query_text(request, "client_id"))));
  if (!asked.error.empty()) {
    return redirect(error_redirect(asked, settings.issuer));
  }
  std::string page = settings.issuer + "/sign-in";
  add_parameter(page, "request",
                tickets.make(TicketKind::kRequest, to_json(asked.request), clock->now() + kRequestLife));
  return redirect(std::move(page));
}

Result<LoginRoom::Impl::Opened> LoginRoom::Impl::opened(const std::string& ticket) const {
  HUTONG_TRY(const Json json, tickets.read(TicketKind::kRequest, ticket, clock->now()));
  AuthorizationRequest request = authorization_request_from(json);
  HUTONG_TRY(auto system, systems.find(request.system));
  if (system.state != SystemState::kActive) {
    return Error{Errc::kUnauthorized, "login.client", "业务系统已停用；the business system was retired"};
  }
  return Opened{std::move(request), std::move(system)};
}

/// POST /api/v1/login/challenges
Result<Response> LoginRoom::Impl::challenge(const Request& request) const {
  HUTONG_CHECK(per_address.count(request.remote, clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"request"}));
  HUTONG_TRY(const std::string ticket, body.text("request"));
  HUTONG_TRY(const Opened asked, opened(ticket));
  const auto made = login.challenge(asked.system);
  return net::json_response(
      {{"system", {{"name_zh", asked.system.content.name_zh}, {"name_en", asked.system.content.name_en}}},
       {"audience", made.expected.audience},
       {"purpose", made.expected.purpose},
       {"nonce", to_base64(made.nonce.nonce)},
       {"time", to_rfc3339(made.nonce.time)},
       {"expires_at", to_rfc3339(made.expires_at)}},
      201);
}

/// POST /api/v1/login/answers
Result<Response> LoginRoom::Impl::answer(const Request& request) const {
  HUTONG_CHECK(per_address.count(request.remote, clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"request", "message", "role"}));
  HUTONG_TRY(const std::string ticket, body.text("request"));
  HUTONG_TRY(Bytes message, body.octets("message"));
  HUTONG_TRY(const auto role_name, body.optional_text("role"));
  const auto role = role_name ? subject_role_from(*role_name) : std::nullopt;
  if (role_name && !role) {
    return wrong_member("role");
  }
  HUTONG_TRY(Opened asked, opened(ticket));
  HUTONG_TRY(const auto outcome, login.answer(asked.system, {.request = std::move(asked.request),
                                                             .message = std::move(message),
                                                             .role = role,
                                                             .remote = request.remote}));
  if (outcome.choice.empty()) {
    return net::json_response({{"redirect", outcome.redirect}});
  }
  Json choice = Json::array();
  for (const SubjectRole one : outcome.choice) {
    choice.push_back(to_string(one));
  }
  return net::json_response({{"choice", std::move(choice)}});
}

Result<Json> LoginRoom::Impl::token_answer(const Request& request) const {
  HUTONG_TRY(const Form form, read_form(request));
  const Credentials shown = credentials_of(request, form);
  HUTONG_CHECK(per_system.count(shown.system, clock->now()));
  HUTONG_TRY(const auto system, systems.authenticate(shown.system, shown.secret));
  return office.tokens(system, form);
}

/// POST /oidc/token
Result<Response> LoginRoom::Impl::token(const Request& request) const {
  return oauth_answer(token_answer(request));
}

/// GET and POST /oidc/userinfo
Result<Response> LoginRoom::Impl::userinfo(const Request& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.find("Authorization");
  return oauth_answer(office.userinfo(header && header->starts_with(kBearer) ? header->substr(kBearer.size())
                                                                             : std::string_view()));
}

/// GET and POST /oidc/end-session (OpenID Connect RP-Initiated Logout 1.0)
Result<Response> LoginRoom::Impl::end_session(const Request& request) const {
  Form given = request.query;
  if (request.method == Method::kPost) {
    HUTONG_TRY(given, read_form(request));
  }
  HUTONG_TRY(const std::string client, office.end(given["id_token_hint"]));
  std::string address = given["post_logout_redirect_uri"];
  if (address.empty()) {
    return net::json_response({{"status", "ended"}});
  }
  HUTONG_TRY(const auto system, systems.find(client));
  const auto& uris = system.content.after_logout_uris;
  if (std::ranges::find(uris, address) == uris.end()) {
    return Error{Errc::kMalformed, "login.redirect_uri",
                 "the post_logout_redirect_uri is not registered for this business system"};
  }
  if (const std::string state = given["state"]; !state.empty()) {
    add_parameter(address, "state", state);
  }
  return redirect(std::move(address));
}

LoginRoom::LoginRoom(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LoginRoom::~LoginRoom() = default;

Result<std::unique_ptr<LoginRoom>> LoginRoom::create(Parts parts) {
  HUTONG_TRY(auto signer, IdTokenSigner::load(parts.database, parts.vault));
  return std::unique_ptr<LoginRoom>(
      new LoginRoom(std::make_unique<Impl>(std::move(parts), std::move(signer))));
}

void LoginRoom::add_routes(net::Router& router, const operators::Guard& guard) const {
  add_system_routes(router, impl_->systems, guard);
  impl_->open(router, Method::kGet, "/.well-known/openid-configuration", 0, &Impl::describe);
  impl_->open(router, Method::kGet, "/oidc/keys", 0, &Impl::keys);
  impl_->open(router, Method::kGet, "/oidc/authorize", 0, &Impl::authorize);
  impl_->open(router, Method::kPost, "/api/v1/login/challenges", kFormBody, &Impl::challenge);
  impl_->open(router, Method::kPost, "/api/v1/login/answers", kAnswerBody, &Impl::answer);
  impl_->open(router, Method::kPost, "/oidc/token", kFormBody, &Impl::token);
  impl_->open(router, Method::kGet, "/oidc/userinfo", 0, &Impl::userinfo);
  impl_->open(router, Method::kPost, "/oidc/userinfo", kFormBody, &Impl::userinfo);
  impl_->open(router, Method::kGet, "/oidc/end-session", 0, &Impl::end_session);
  impl_->open(router, Method::kPost, "/oidc/end-session", kFormBody, &Impl::end_session);
}

Result<std::int64_t> LoginRoom::remove_old() const {
  const Time before = impl_->clock->now() - std::chrono::seconds(kLoginsKept);
  return storage::in_transaction(*impl_->database, [&](storage::Transaction& transaction) {
    return GrantRepository::remove_old(transaction, before);
  });
}

}  // namespace hutong::platform::login
