#include "ca/cmp/cmp_endpoint.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "cmp/server.h"
#include "net/json.h"
#include "net/log.h"

namespace hutong::ca {
namespace {

constexpr std::string_view kMediaType = "application/pkixcmp";

Error not_a_request(const cmp::Body& body) {
  return {Errc::kPolicy, "cmp.body", std::string(cmp::to_string(cmp::type_of(body))) + " asks for nothing"};
}

}  // namespace

CmpEndpoint::CmpEndpoint(const Parts& parts)
    : database_(&parts.database),
      clients_(&parts.clients),
      clock_(&parts.clock),
      time_tolerance_(parts.time_tolerance),
      name_(parts.certificate.subject()),
      protector_(parts.signer, parts.certificate,
                 {x509::CertificateDer(to_bytes(parts.signing.issuer().certificate().der()))}),
      enrolling_(parts.database, parts.signing, parts.enrolment, parts.poll_delay),
      information_(parts.database, parts.signing) {}

void CmpEndpoint::add_routes(net::Router& router) const {
  for (const char* const pattern : {"/.well-known/cmp", "/.well-known/cmp/p/{name}"}) {
    router.add({.method = net::Method::kPost,
                .pattern = pattern,
                .weight = net::Weight::kHeavy,
                .body_limit = cmp::kMostMessageOctets,
                .handler = [this](const net::Request& request) { return serve(request); }});
  }
}

Result<net::Response> CmpEndpoint::serve(const net::Request& request) const {
  const auto type = request.headers.find("Content-Type");
  if (!type || net::parse_media_type(*type).type != kMediaType) {
    return Error{Errc::kMalformed, "http.content_type", "CMP messages are application/pkixcmp"};
  }
  const auto name = request.parameters.find("name");
  HUTONG_TRY(const Bytes der, answer(request.body, name == request.parameters.end() ? "" : name->second));
  net::Response response;
  response.content_type = kMediaType;
  response.body = std::string(as_text(der));
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

Result<Bytes> CmpEndpoint::answer(ByteView request, std::string_view profile) const {
  HUTONG_TRY(const cmp::Header asked, cmp::read_header(request));
  const Time now = clock_->now();
  CmpCaller caller;
  cmp::Message message{cmp::answer_header(asked, name_, now), {}, {}};
  auto body = decide(request, profile, now, caller, message.header);
  if (body) {
    message.body = std::move(body).value();
  } else {
    record_refusal(caller, asked, body.error(), now);
    message.body = cmp::error_message(body.error());
  }
  const cmp::Protector& own = protector_;
  const cmp::Protector& protector = caller.protector ? *caller.protector : own;
  return protector.protect(std::move(message));
}

Result<cmp::Body> CmpEndpoint::decide(ByteView request, std::string_view profile, Time now, CmpCaller& caller,
                                      cmp::Header& header) const {
  HUTONG_TRY(const auto message, cmp::read_message(request));
  HUTONG_CHECK(cmp::check_request_header(message.header, now, time_tolerance_));
  HUTONG_TRY(caller, identify_caller(message, *clients_, *database_, now));
  const CmpExchange exchange{message, caller, std::string(profile), now, header};
  return std::visit(
      [&](const auto& body) -> Result<cmp::Body> {
        using Asked = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Asked, cmp::GeneralMessage>) {
          if (body.kind == cmp::BodyType::kGeneralMessage) {
            return information_.answer(body);
          }
          return not_a_request(message.body);
        } else if constexpr (std::is_same_v<Asked, cmp::ErrorMessage>) {
          return cmp::Body(cmp::Confirm{});
        } else if constexpr (requires { enrolling_.answer(exchange, body); }) {
          return enrolling_.answer(exchange, body);
        } else {
          return not_a_request(message.body);
        }
      },
      message.body);
}

/// What somebody known was refused is in the audit, and in the log like the rest.
void CmpEndpoint::record_refusal(const CmpCaller& caller, const cmp::Header& header, const Error& error,
                                 Time now) const {
  const bool known = caller.client || caller.sender.certificate;
  if (!known) {
    return;
  }
  audit::Event event;
  event.time = now;
  event.actor.subject = caller.sender.identity();
  if (caller.sender.certificate) {
    event.actor.fingerprint = to_hex(caller.sender.certificate->sm3());
  }
  event.action = "cmp.refused";
  event.object_kind = "cmp_transaction";
  event.object_id = to_hex(header.transaction_id);
  event.outcome = audit::Outcome::kRefused;
  event.detail = net::Json{{"reason", error.reason}}.dump();
  const auto written = storage::in_transaction(
      *database_, [&event](storage::Transaction& transaction) { return audit::append(transaction, event); });
  if (!written) {
    net::log(net::LogLevel::kError, "cmp.audit_failed", {{"reason", written.error().reason}});
  }
}

}  // namespace hutong::ca
