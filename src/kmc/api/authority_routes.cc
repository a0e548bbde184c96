#include "kmc/api/authority_routes.h"

#include <chrono>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "kmc/rights.h"
#include "kmc/service/authority_repository.h"
#include "net/json_body.h"
#include "net/ulid.h"

namespace hutong::kmc {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;
using storage::Reader;
using storage::Transaction;

constexpr std::size_t kMostName = 100;

Json to_json(const Authority& authority) {
  return {{"id", authority.id},
          {"name", authority.name},
          {"state", to_string(authority.state)},
          {"certificate", to_base64(authority.certificate.der())},
          {"subject", authority.certificate.subject().to_string()},
          {"not_after", to_rfc3339(authority.certificate.not_after())},
          {"tls_fingerprint", authority.tls_fingerprint},
          {"created_at", to_rfc3339(authority.created_at)},
          {"changed_at", to_rfc3339(authority.changed_at)},
          {"version", authority.version}};
}

/// What goes into the log of a change.
std::string detail_of(const Authority& authority) {
  return net::to_text({{"name", authority.name},
                       {"state", to_string(authority.state)},
                       {"certificate", to_hex(authority.certificate.sm3())},
                       {"tls_certificate", authority.tls_fingerprint}});
}

Result<x509::Certificate> signing_certificate(ByteView der) {
  HUTONG_TRY(auto certificate, certificate_from(der));
  const auto& key = certificate.public_key();
  if (!key || key->sm2() == nullptr) {
    return Error{Errc::kPolicy, "authority.certificate_key", "the CA's certificate must have an SM2 key"};
  }
  return certificate;
}
Result<std::string> tls_fingerprint(ByteView der) {
  HUTONG_TRY(const auto certificate, certificate_from(der));
  return to_hex(certificate.sm3());
}

Result<Authority> parse_new(const Request& request, Time now) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"name", "certificate", "tls_certificate"}));
  HUTONG_TRY(const auto name, body.text("name"));
  HUTONG_CHECK(check_text(name, "name", kMostName));
  HUTONG_TRY(const Bytes der, body.octets("certificate"));
  HUTONG_TRY(auto certificate, signing_certificate(der));
  HUTONG_TRY(const Bytes tls_der, body.octets("tls_certificate"));
  HUTONG_TRY(auto fingerprint, tls_fingerprint(tls_der));
  return Authority{.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()),
                   .name = name,
                   .certificate = std::move(certificate),
                   .tls_fingerprint = std::move(fingerprint),
                   .created_at = now,
                   .changed_at = now};
}

/// What is to be changed; members left out stay.
struct AuthorityChange {
  std::int64_t version = 0;
  std::optional<std::string> name;
  std::optional<x509::Certificate> certificate;
  std::optional<std::string> tls_fingerprint;
  std::optional<AuthorityState> state;
};

Result<std::optional<AuthorityState>> parse_state(const JsonBody& body) {
  HUTONG_TRY(const auto text, body.optional_text("state"));
  if (!text) {
    return std::optional<AuthorityState>();
  }
  if (*text != "active" && *text != "suspended") {
    return Error{Errc::kMalformed, "authority.state", "state must be active or suspended"};
  }
  return std::optional(*text == "active" ? AuthorityState::kActive : AuthorityState::kSuspended);
}

Result<AuthorityChange> parse_change(const Request& request) {
  HUTONG_TRY(const auto body,
             JsonBody::parse(request, {"version", "name", "certificate", "tls_certificate", "state"}));
  AuthorityChange change;
  HUTONG_TRY(change.version, body.integer("version"));
  HUTONG_TRY(change.name, body.optional_text("name"));
  if (change.name) {
    HUTONG_CHECK(check_text(*change.name, "name", kMostName));
  }
  HUTONG_TRY(const auto certificate, body.optional_text("certificate"));
  if (certificate) {
    HUTONG_TRY(const Bytes der, body.octets("certificate"));
    HUTONG_TRY(change.certificate, signing_certificate(der));
  }
  HUTONG_TRY(const auto tls, body.optional_text("tls_certificate"));
  if (tls) {
    HUTONG_TRY(const Bytes der, body.octets("tls_certificate"));
    HUTONG_TRY(change.tls_fingerprint, tls_fingerprint(der));
  }
  HUTONG_TRY(change.state, parse_state(body));
  return change;
}

Authority changed(Authority authority, const AuthorityChange& change, Time now) {
  authority.name = change.name.value_or(authority.name);
  authority.certificate = change.certificate.value_or(authority.certificate);
  authority.tls_fingerprint = change.tls_fingerprint.value_or(authority.tls_fingerprint);
  authority.state = change.state.value_or(authority.state);
  authority.changed_at = now;
  authority.version = change.version;
  return authority;
}

}  // namespace

Result<Response> AuthorityRoutes::list() const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  Json items = Json::array();
  for (const Authority& authority : authorities) {
    items.push_back(to_json(authority));
  }
  return net::json_response({{"items", std::move(items)}});
}

Result<Response> AuthorityRoutes::show(const Request& request) const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const Authority authority, AuthorityRepository::find(reader, request.parameters.at("id")));
  return net::json_response(to_json(authority));
}

Result<Response> AuthorityRoutes::add(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  HUTONG_TRY(const Authority authority, parse_new(request, now));
  HUTONG_CHECK(operators::audited_change(centre_->database(), by, "authority.added", now,
                                         [&](Transaction& transaction, audit::Event& event) -> Status {
                                           event.object_kind = "authority";
                                           event.object_id = authority.id;
                                           event.detail = detail_of(authority);
                                           return AuthorityRepository::insert(transaction, authority);
                                         }));
  return net::json_response(to_json(authority), 201);
}

Result<Response> AuthorityRoutes::change(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  const std::string& id = request.parameters.at("id");
  HUTONG_TRY(const AuthorityChange wanted, parse_change(request));
  HUTONG_TRY(Authority done, operators::audited_change(
                                 centre_->database(), by, "authority.changed", now,
                                 [&](Transaction& transaction, audit::Event& event) -> Result<Authority> {
                                   HUTONG_TRY(const Authority before,
                                              AuthorityRepository::find(transaction, id));
                                   Authority after = changed(before, wanted, now);
                                   event.object_kind = "authority";
                                   event.object_id = id;
                                   event.detail = detail_of(after);
                                   HUTONG_CHECK(AuthorityRepository::update(transaction, after));
                                   return after;
                                 }));
  ++done.version;
  return net::json_response(to_json(done));
}

void AuthorityRoutes::add_to(const GuardedRoutes& routes) const {
  routes.get("/api/v1/authorities", kReadAuthorities,
             [self = *this](const Request&, const Authorized&) { return self.list(); });
  routes.get("/api/v1/authorities/{id}", kReadAuthorities,
             [self = *this](const Request& request, const Authorized&) { return self.show(request); });
  routes.change(
      Method::kPost, "/api/v1/authorities", kManageAuthorities,
      [self = *this](const Request& request, const Authorized& by) { return self.add(request, by); });
  routes.change(
      Method::kPut, "/api/v1/authorities/{id}", kManageAuthorities,
      [self = *this](const Request& request, const Authorized& by) { return self.change(request, by); });
}

}  // namespace hutong::kmc
