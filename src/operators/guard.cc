#include "operators/guard.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "net/log.h"
#include "operators/canonical_text.h"
#include "operators/client_repository.h"
#include "operators/operator_repository.h"

namespace hutong::operators {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostSignature = 128;  ///< octets of base64

std::optional<std::string_view> bearer(const net::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto field = request.headers.find("Authorization");
  if (!field || !field->starts_with(kScheme)) {
    return std::nullopt;
  }
  return field->substr(kScheme.size());
}

bool changes_something(net::Method method) {
  return method != net::Method::kGet && method != net::Method::kHead;
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

Error ended(std::string_view why) {
  return {Errc::kUnauthorized, "session.ended", "the session is over: " + std::string(why)};
}

Error missing() { return {Errc::kUnauthorized, "session.missing", "log in first"}; }

/// Why a session ends now, or empty.
std::string_view end_of(const Session& session, const Settings& settings, Time now) {
  if (now >= session.expires_at) {
    return "expired";
  }
  if (now >= session.active_at + settings.idle) {
    return "idle";
  }
  const bool carrier_is_watched = settings.heartbeat > seconds{0};
  if (carrier_is_watched && now > session.proven_at + settings.heartbeat + settings.heartbeat_grace) {
    return "carrier";
  }
  return {};
}

}  // namespace

Status audit_refusal(storage::Database& database, audit::Event event, const Error& why) {
  net::Json detail = net::Json::parse(event.detail, nullptr, false);
  if (!detail.is_object()) {
    detail = net::Json::object();
  }
  detail["reason"] = why.reason;
  event.detail = net::to_text(detail);
  return storage::in_transaction(
      database, [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
}

Result<Authorized> Guard::authorize(const net::Request& request, std::string_view right) const {
  const auto token = bearer(request);
  if (token && !token->starts_with(kClientKeyPrefix)) {
    return session_of(*token, request, right, Counts::kAsActivity);
  }
  if (token || !request.client_certificate.empty()) {
    return client_of(request, token.value_or(""), right);
  }
  return missing();
}

Result<Authorized> Guard::heartbeat(const net::Request& request) const {
  const auto token = bearer(request);
  return token ? session_of(*token, request, kAnyRight, Counts::kAsHeartbeat) : missing();
}

Result<Authorized> Guard::session_of(std::string_view token, const net::Request& request,
                                     std::string_view right, Counts counts) const {
  const Time now = clock_->now();
  std::optional<Session> session;
  Authorized by;
  {
    HUTONG_TRY(auto reader, database_->read());
    HUTONG_TRY(session, SessionRepository::find(reader, ByteView(crypto::sm3(as_bytes(token)))));
    if (!session) {
      return missing();
    }
    HUTONG_TRY(by.operator_, OperatorRepository::find(reader, session->operator_id));
  }
  by.session = session->id;
  by.actor = by.operator_->actor();
  HUTONG_CHECK(check_session(*session, *by.operator_, now));
  HUTONG_CHECK(check_carrier(request, *session, by, now));
  if (!catalogue_->allows(by.operator_->role, by.operator_->rights, right, by.operator_->region)) {
    return refused(request, by, {Errc::kUnauthorized, "right.missing", std::string(right)});
  }
  if (changes_something(request.method)) {
    auto signature = check_action(request, *session, *by.operator_, now);
    if (!signature) {
      return refused(request, by, signature.error());
    }
    by.signature = std::move(*signature);
  }
  if (const auto used = record_use(*session, by, counts, now); !used) {
    return used.error().code == Errc::kUnauthorized ? refused(request, by, used.error()) : used.error();
  }
  return by;
}

Result<Authorized> Guard::client_of(const net::Request& request, std::string_view key,
                                    std::string_view right) const {
  if (!key.empty() && (settings_->client_keys == ClientKeys::kRefused ||
                       (settings_->client_keys == ClientKeys::kLoopback && !is_loopback(request.remote)))) {
    return Error{Errc::kUnauthorized, "client.key_refused", "keys are not accepted here: use a certificate"};
  }
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto found, key.empty()
                             ? ClientRepository::find_by_certificate(reader, request.client_certificate)
                             : ClientRepository::find_by_key(reader, key));
  if (!found) {
    return Error{Errc::kUnauthorized, "client.unknown", "no active client of this system"};
  }
  Authorized by{.client = std::move(found)};
  by.actor = by.client->actor();
  const Right* known = catalogue_->find(right);
  const bool may = right == kAnyRight || (known != nullptr && known->machines == ForMachines::kYes &&
                                          by.client->rights.find(right) != by.client->rights.end());
  if (!may) {
    return refused(request, by, {Errc::kUnauthorized, "right.missing", std::string(right)});
  }
  return by;
}

Status Guard::log_out(const net::Request& request) const {
  const auto token = bearer(request);
  if (!token) {
    return missing();
  }
  std::optional<Session> session;
  std::optional<Operator> who;
  {
    HUTONG_TRY(auto reader, database_->read());
    HUTONG_TRY(session, SessionRepository::find(reader, ByteView(crypto::sm3(as_bytes(*token)))));
    if (!session) {
      return missing();
    }
    HUTONG_TRY(who, OperatorRepository::find(reader, session->operator_id));
  }
  return end_session(*session, *who, "logout", clock_->now());
}

/// Nothing happens when it is over already.
Status Guard::end_session(const Session& session, const Operator& who, std::string_view why, Time now) const {
  const audit::Event event{.time = now,
                           .actor = who.actor(),
                           .action = "session.closed",
                           .object_kind = "session",
                           .object_id = session.id,
                           .detail = net::to_text({{"reason", why}})};
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const bool first, SessionRepository::end(transaction, session.id, why, now));
    return first ? audit::append(transaction, event) : ok();
  });
}

Status Guard::check_session(const Session& session, const Operator& who, Time now) const {
  if (session.ended_at) {
    return ended(session.end_reason);
  }
  std::string_view why = end_of(session, *settings_, now);
  if (who.state == State::kRetired) {
    why = "retired";
  } else if (now > who.certificate.not_after()) {
    why = "certificate";
  }
  if (why.empty()) {
    return ok();
  }
  HUTONG_CHECK(end_session(session, who, why, now));
  return ended(why);
}

/// Also for reading: who lost a certificate learns nothing more.
Status Guard::check_carrier(const net::Request& request, const Session& session, const Authorized& by,
                            Time now) const {
  const Status good = check_still_good(*authority_, by.operator_->certificate, now);
  if (good || good.error().code != Errc::kUnauthorized) {
    return good;
  }
  HUTONG_CHECK(end_session(session, *by.operator_, "certificate", now));
  return refused(request, by, good.error());
}

Result<audit::OperatorSignature> Guard::check_action(const net::Request& request, const Session& session,
                                                     const Operator& who, Time now) const {
  const Error bad{Errc::kUnauthorized, "action.signature", "the request is not signed by the session's key"};
  const auto time_field = request.headers.find(kTimeField);
  const auto signature_field = request.headers.find(kSignatureField);
  if (!time_field || !signature_field || signature_field->size() > kMostSignature) {
    return bad;
  }
  const auto time = from_rfc3339(*time_field);
  if (!time || *time < now - settings_->action_window || *time > now + settings_->action_window) {
    return Error{Errc::kUnauthorized, "action.time",
                 "Hutong-Time is missing or too far from " + to_rfc3339(now)};
  }
  const auto signature = from_base64(*signature_field);
  const std::string text = to_text(ActionText{.method = net::to_string(request.method),
                                              .target = request.target,
                                              .body = request.body,
                                              .time = *time_field,
                                              .session = session.id});
  const auto& key = who.certificate.public_key();
  if (!signature || !key ||
      !crypto::verify_signature(*key, crypto::kSm2WithSm3, as_bytes(text), *signature)) {
    return bad;
  }
  return audit::OperatorSignature{to_bytes(as_bytes(text)), *signature};
}

/// A signature is used once. Reading alone is written down only now and then.
Status Guard::record_use(const Session& session, const Authorized& by, Counts counts, Time now) const {
  const seconds rarely = std::clamp(settings_->idle / 10, seconds{1}, seconds{60});
  if (!by.signature && now < session.active_at + rarely) {
    return ok();
  }
  Session touched = session;
  touched.active_at = counts == Counts::kAsActivity ? now : session.active_at;
  touched.proven_at = by.signature ? now : session.proven_at;
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    if (by.signature) {
      HUTONG_TRY(const bool first,
                 SessionRepository::use_once(transaction, ByteView(crypto::sm3(by.signature->value)), now,
                                             now - settings_->challenge_life - settings_->action_window * 2));
      if (!first) {
        return Error{Errc::kUnauthorized, "action.replayed", "this signature was used already"};
      }
    }
    HUTONG_TRY(const bool open, SessionRepository::touch(transaction, touched));
    return open ? ok() : Status(ended("meanwhile"));
  });
}

Error Guard::refused(const net::Request& request, const Authorized& by, Error why) const {
  audit::Event event = by.event("access.refused", clock_->now());
  event.object_kind = "request";
  event.object_id = request.id;
  event.outcome = audit::Outcome::kRefused;
  event.signature.reset();
  event.detail = net::to_text(
      {{"method", net::to_string(request.method)}, {"path", request.path}, {"detail", why.detail}});
  if (const auto told = audit_refusal(*database_, std::move(event), why); !told) {
    net::log(net::LogLevel::kError, "audit.not_written",
             {{"id", request.id}, {"reason", std::string(told.error().reason)}});
  }
  return why;
}

}  // namespace hutong::operators
