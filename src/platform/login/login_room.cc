#include "platform/login/login_room.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "net/json_body.h"
#include "platform/desk_input.h"
#include "platform/login/authorization.h"
#include "platform/login/device_office.h"
#include "platform/login/oauth_message.h"
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
        devices({.database = given.database,
                 .tickets = tickets,
                 .vault = given.vault,
                 .settings = settings,
                 .clock = given.clock}),
        office({.database = given.database,
                .login = login,
                .devices = devices,
                .tickets = tickets,
                .signer = signer,
                .settings = settings,
                .clock = given.clock}),
        per_address(settings.most_per_minute),
        per_system(settings.most_per_minute),
        codes_per_address(settings.most_codes_per_minute) {}

  storage::Database* database;
  LoginSettings settings;
  const Clock* clock;
  Tickets tickets;
  IdTokenSigner signer;
  SystemDesk systems;
  TokenLogin login;
  DeviceOffice devices;
  TokenOffice office;
  mutable RateLimit per_address;
  mutable RateLimit per_system;
  mutable RateLimit codes_per_address;  ///< guesses at user codes (RFC 8628 5.1)

  std::string_view asker_of(const Request& request) const {
    return address_of(request, settings.address_field);
  }

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
  Result<Response> begin_device(const Request& request) const;
  Result<Response> open_device(const Request& request) const;
  Result<Response> deny_device(const Request& request) const;
  struct Asker {
    BusinessSystem system;
    Form form;
  };
  Result<Asker> authenticated(const Request& request) const;
  Result<Json> token_answer(const Request& request) const;
  Result<Json> device_answer(const Request& request) const;
};

/// GET /oidc/authorize
Result<Response> LoginRoom::Impl::authorize(const Request& request) const {
  HUTONG_CHECK(per_address.count(asker_of(request), clock->now()));
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
  if (system.state == SystemState::kSuspended) {
    return suspended(system);
  }
  if (system.state != SystemState::kActive) {
    return Error{Errc::kUnauthorized, "login.client", "业务系统已停用；the business system was retired"};
  }
  return Opened{std::move(request), std::move(system)};
}

/// POST /api/v1/login/challenges
Result<Response> LoginRoom::Impl::challenge(const Request& request) const {
  HUTONG_CHECK(per_address.count(asker_of(request), clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"request"}));
  HUTONG_TRY(const std::string ticket, body.text("request"));
  HUTONG_TRY(const Opened asked, opened(ticket));
  const auto made = login.challenge(asked.system, asked.request);
  Json json = {
      {"system", {{"name_zh", asked.system.content.name_zh}, {"name_en", asked.system.content.name_en}}},
      {"audience", made.expected.audience},
      {"purpose", made.expected.purpose},
      {"nonce", to_base64(made.nonce.nonce)},
      {"time", to_rfc3339(made.nonce.time)},
      {"expires_at", to_rfc3339(made.expires_at)}};
  if (!asked.request.device.empty()) {
    json["user_code"] = asked.request.user_code;
  }
  return net::json_response(json, 201);
}

/// POST /api/v1/login/answers
Result<Response> LoginRoom::Impl::answer(const Request& request) const {
  HUTONG_CHECK(per_address.count(asker_of(request), clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"request", "message", "role"}));
  HUTONG_TRY(const std::string ticket, body.text("request"));
  HUTONG_TRY(Bytes message, body.octets("message"));
  HUTONG_TRY(const auto role_name, body.optional_text("role"));
  const auto role = role_name ? subject_role_from(*role_name) : std::nullopt;
  if (role_name && !role) {
    return wrong_member("role");
  }
  HUTONG_TRY(Opened asked, opened(ticket));
  const bool for_device = !asked.request.device.empty();
  HUTONG_TRY(const auto outcome, login.answer(asked.system, {.request = std::move(asked.request),
                                                             .message = std::move(message),
                                                             .role = role,
                                                             .remote = std::string(asker_of(request))}));
  if (outcome.choice.empty()) {
    return net::json_response(for_device ? Json{{"device", "accepted"}}
                                         : Json{{"redirect", outcome.redirect}});
  }
  Json choice = Json::array();
  for (const SubjectRole one : outcome.choice) {
    choice.push_back(to_string(one));
  }
  return net::json_response({{"choice", std::move(choice)}});
}

/// POST /api/v1/login/device-codes
Result<Response> LoginRoom::Impl::open_device(const Request& request) const {
  HUTONG_CHECK(codes_per_address.count(asker_of(request), clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"user_code"}));
  HUTONG_TRY(const std::string typed, body.text("user_code"));
  HUTONG_TRY(const auto opened_request, devices.opened_by(typed));
  return net::json_response(
      {{"request", tickets.make(TicketKind::kRequest, to_json(opened_request), clock->now() + kRequestLife)}},
      201);
}

/// POST /api/v1/login/device-denials
Result<Response> LoginRoom::Impl::deny_device(const Request& request) const {
  HUTONG_CHECK(per_address.count(asker_of(request), clock->now()));
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"request"}));
  HUTONG_TRY(const std::string ticket, body.text("request"));
  HUTONG_TRY(const Json json, tickets.read(TicketKind::kRequest, ticket, clock->now()));
  HUTONG_CHECK(devices.deny(authorization_request_from(json), asker_of(request)));
  return net::json_response({{"device", "denied"}});
}

Result<LoginRoom::Impl::Asker> LoginRoom::Impl::authenticated(const Request& request) const {
  HUTONG_TRY(Form form, read_form(request));
  const Credentials shown = credentials_of(request, form);
  HUTONG_CHECK(per_system.count(shown.system, clock->now()));
  HUTONG_TRY(auto system, systems.authenticate(shown.system, shown.secret));
  return Asker{.system = std::move(system), .form = std::move(form)};
}

Result<Json> LoginRoom::Impl::token_answer(const Request& request) const {
  HUTONG_TRY(const Asker asker, authenticated(request));
  return office.tokens(asker.system, asker.form);
}

Result<Json> LoginRoom::Impl::device_answer(const Request& request) const {
  HUTONG_TRY(const Asker asker, authenticated(request));
  return devices.begin(asker.system, asker.form);
}

/// POST /oidc/device-authorization
Result<Response> LoginRoom::Impl::begin_device(const Request& request) const {
  return oauth_answer(device_answer(request));
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
  add_login_routes(router);
}

void LoginRoom::add_login_routes(net::Router& router) const {
  impl_->open(router, Method::kGet, "/.well-known/openid-configuration", 0, &Impl::describe);
  impl_->open(router, Method::kGet, "/oidc/keys", 0, &Impl::keys);
  impl_->open(router, Method::kGet, "/oidc/authorize", 0, &Impl::authorize);
  impl_->open(router, Method::kPost, "/api/v1/login/challenges", kFormBody, &Impl::challenge);
  impl_->open(router, Method::kPost, "/api/v1/login/answers", kAnswerBody, &Impl::answer);
  impl_->open(router, Method::kPost, "/oidc/token", kFormBody, &Impl::token);
  impl_->open(router, Method::kPost, "/oidc/device-authorization", kFormBody, &Impl::begin_device);
  impl_->open(router, Method::kPost, "/api/v1/login/device-codes", kFormBody, &Impl::open_device);
  impl_->open(router, Method::kPost, "/api/v1/login/device-denials", kFormBody, &Impl::deny_device);
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
