#include "operators/internal/session_handlers.h"

#include <utility>

#include "operators/canonical_text.h"
#include "operators/internal/json_body.h"
#include "operators/internal/operator_json.h"

namespace hutong::operators {

Result<CreateChallenge::Input> CreateChallenge::parse(const net::Request& request) {
  HUTONG_CHECK(JsonBody::parse(request, {}));
  return Input{};
}

Result<CreateChallenge::Output> CreateChallenge::process(const Input& /*input*/) const {
  return Output{.challenge = login_->challenge(), .audiences = settings_->audiences};
}

net::Response CreateChallenge::render(const Output& output) {
  return net::json_response({{"challenge", output.challenge.text},
                             {"issued_at", to_rfc3339(output.challenge.issued_at)},
                             {"expires_at", to_rfc3339(output.challenge.expires_at)},
                             {"audiences", output.audiences},
                             {"purpose", kLoginPurpose}});
}

Result<CreateSession::Input> CreateSession::parse(const net::Request& request) {
  HUTONG_TRY(const auto body,
             JsonBody::parse(request, {"audience", "certificate", "challenge", "signature"}));
  HUTONG_TRY(auto audience, body.text("audience"));
  HUTONG_TRY(const auto der, body.octets("certificate"));
  HUTONG_TRY(auto challenge, body.text("challenge"));
  HUTONG_TRY(auto signature, body.octets("signature"));
  HUTONG_TRY(auto certificate, x509::Certificate::parse(der));
  return Input{.audience = std::move(audience),
               .certificate = std::move(certificate),
               .challenge = std::move(challenge),
               .signature = std::move(signature),
               .remote = request.remote};
}

Result<CreateSession::Output> CreateSession::process(const Input& input) const {
  HUTONG_TRY(auto opened, login_->log_in(input));
  return Output{.opened = std::move(opened), .settings = settings_, .catalogue = catalogue_};
}

net::Response CreateSession::render(const Output& output) {
  const Session& session = output.opened.session;
  net::Response response =
      net::json_response({{"token", output.opened.token},
                          {"session_id", session.id},
                          {"expires_at", to_rfc3339(session.expires_at)},
                          {"idle_seconds", output.settings->idle.count()},
                          {"heartbeat_seconds", output.settings->heartbeat.count()},
                          {"operator", to_json(output.opened.operator_, *output.catalogue)}},
                         201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<ShowSession::Input> ShowSession::parse(const net::Request& /*request*/) { return Input{}; }

Result<ShowSession::Output> ShowSession::process(const Input& /*input*/, const Authorized& by) const {
  return Output{.by = by, .catalogue = catalogue_};
}

net::Response ShowSession::render(const Output& output) {
  if (output.by.client) {
    return net::json_response({{"client", to_json(*output.by.client)}});
  }
  return net::json_response(
      {{"session_id", output.by.session}, {"operator", to_json(*output.by.operator_, *output.catalogue)}});
}

}  // namespace hutong::operators
