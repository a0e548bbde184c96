#include "platform/login/token_office.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "crypto/constant_time.h"
#include "crypto/digest.h"

namespace hutong::platform::login {
namespace {

using storage::Transaction;

constexpr std::size_t kLeastVerifier = 43;  // RFC 7636 4.1
constexpr std::size_t kMostVerifier = 128;

Error invalid_request(std::string detail) {
  return {Errc::kMalformed, "login.oauth.invalid_request", std::move(detail)};
}
Error invalid_grant(std::string detail) {
  return {Errc::kMalformed, "login.oauth.invalid_grant", std::move(detail)};
}
Error invalid_token() {
  return {Errc::kUnauthorized, "login.oauth.invalid_token",
          "not made by this system, too old, or logged out"};
}

/// RFC 7636 4.6 with S256.
bool is_verifier_of(std::string_view verifier, std::string_view challenge) {
  return verifier.size() >= kLeastVerifier && verifier.size() <= kMostVerifier &&
         crypto::constant_time_equal(
             as_bytes(to_base64url(crypto::digest(crypto::DigestAlgorithm::kSha256, as_bytes(verifier)))),
             as_bytes(challenge));
}

std::int64_t seconds_of(Time time) { return time.time_since_epoch().count(); }

}  // namespace

Result<net::Json> TokenOffice::tokens(const BusinessSystem& system, const Form& form) const {
  const std::string_view type = member(form, "grant_type");
  if (type.empty()) {
    return invalid_request("grant_type is missing");
  }
  if (type == "authorization_code") {
    return by_code(system, form);
  }
  if (type == kDeviceGrant) {
    return by_device_code(system, form);
  }
  if (type == "refresh_token") {
    return by_refresh_token(system, form);
  }
  if (type == "client_credentials") {
    return for_itself(system);
  }
  return Error{Errc::kMalformed, "login.oauth.unsupported_grant_type",
               "authorization_code, refresh_token, client_credentials or device_code"};
}

Result<Grant> TokenOffice::find(std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  return GrantRepository::find(reader, id);
}

Result<net::Json> TokenOffice::by_code(const BusinessSystem& system, const Form& form) const {
  if (member(form, "code").empty() || member(form, "redirect_uri").empty() ||
      member(form, "code_verifier").empty()) {
    return invalid_request("code, redirect_uri and code_verifier are needed");
  }
  const Time now = clock_->now();
  const auto ticket = tickets_->read(TicketKind::kCode, member(form, "code"), now);
  if (!ticket) {
    return invalid_grant("the code is not of this system, or too old");
  }
  HUTONG_TRY(const Grant grant, find(ticket->at("grant").get<std::string>()));
  if (grant.system != system.id || grant.redirect_uri != member(form, "redirect_uri") ||
      !is_verifier_of(member(form, "code_verifier"), grant.code_challenge)) {
    return invalid_grant("the code was given to another system, for another address, or another verifier");
  }
  return first_tokens(system, grant, now);
}

Result<net::Json> TokenOffice::by_device_code(const BusinessSystem& system, const Form& form) const {
  HUTONG_TRY(const std::string login, devices_->login_of(system, form));
  HUTONG_TRY(const Grant grant, find(login));
  return first_tokens(system, grant, clock_->now());
}

/// Once for each login.
Result<net::Json> TokenOffice::first_tokens(const BusinessSystem& system, const Grant& grant,
                                            Time now) const {
  HUTONG_TRY(const bool first, storage::in_transaction(*database_, [&](Transaction& transaction) {
               return GrantRepository::use_code(transaction, grant.id, now);
             }));
  if (!first) {
    HUTONG_CHECK(end_refused(grant, {"login.code_reused", "misused"}, now));
    return invalid_grant("the code was used before, or the login has ended");
  }
  return answer_for(system, grant, 0, now);
}

Result<net::Json> TokenOffice::by_refresh_token(const BusinessSystem& system, const Form& form) const {
  if (member(form, "refresh_token").empty()) {
    return invalid_request("refresh_token is missing");
  }
  const Time now = clock_->now();
  const auto ticket = tickets_->read(TicketKind::kRefresh, member(form, "refresh_token"), now);
  if (!ticket) {
    return invalid_grant("the refresh token is not of this system, or too old");
  }
  const auto number = ticket->at("number").get<std::int64_t>();
  HUTONG_TRY(const Grant grant, find(ticket->at("grant").get<std::string>()));
  if (grant.system != system.id) {
    return invalid_grant("the refresh token was given to another system");
  }
  if (grant.refreshed == number && !grant.ended_at) {
    HUTONG_CHECK(look_again(grant, now));
  }
  HUTONG_TRY(const bool first, storage::in_transaction(*database_, [&](Transaction& transaction) {
               return GrantRepository::refresh(transaction, grant.id, number);
             }));
  if (!first) {
    HUTONG_CHECK(end_refused(grant, {"login.refresh_token_reused", "misused"}, now));
    return invalid_grant("the refresh token was used before, or the login has ended");
  }
  return answer_for(system, grant, number + 1, now);
}

net::Json TokenOffice::for_itself(const BusinessSystem& system) const {
  const Time now = clock_->now();
  return {{"access_token",
           tickets_->make(TicketKind::kAccess, {{"system", system.id}}, now + settings_->access_life)},
          {"token_type", "Bearer"},
          {"expires_in", settings_->access_life.count()}};
}

Result<net::Json> TokenOffice::answer_for(const BusinessSystem& system, const Grant& grant,
                                          std::int64_t refreshed, Time now) const {
  const Time end = std::min(now + settings_->access_life, grant.expires_at);
  HUTONG_TRY(const net::Json said, net::parse_json(grant.claims));
  net::Json claims = {{"iss", settings_->issuer},
                      {"aud", grant.system},
                      {"iat", seconds_of(now)},
                      {"exp", seconds_of(end)},
                      {"sid", grant.id},
                      {"auth_time", seconds_of(grant.authenticated_at)},
                      {"acr", "urn:hutong:acr:certificate"},
                      {"amr", net::Json::array({"pop"})}};
  if (!grant.nonce.empty()) {
    claims["nonce"] = grant.nonce;
  }
  claims.update(said);
  HUTONG_TRY(const std::string id_token, signer_->sign(claims, system.content.id_token_algorithm));
  net::Json answer = {{"access_token", tickets_->make(TicketKind::kAccess, {{"grant", grant.id}}, end)},
                      {"token_type", "Bearer"},
                      {"expires_in", (end - now).count()},
                      {"scope", grant.scope},
                      {"id_token", id_token}};
  if (has_word(grant.scope, "offline_access")) {
    answer["refresh_token"] =
        tickets_->make(TicketKind::kRefresh, {{"grant", grant.id}, {"number", refreshed}}, grant.expires_at);
  }
  return answer;
}

/// Told once: afterwards the login has ended and nobody gains anything by trying again.
Status TokenOffice::end_refused(const Grant& grant, const Ending& ending, Time now) const {
  return storage::in_transaction(*database_, [&](Transaction& transaction) -> Status {
    HUTONG_TRY(const bool ended, GrantRepository::end(transaction, grant.id, ending.reason, now));
    if (!ended) {
      return ok();
    }
    return audit::append(transaction, audit::Event{.time = now,
                                                   .action = std::string(ending.action),
                                                   .object_kind = "login",
                                                   .object_id = grant.id,
                                                   .outcome = audit::Outcome::kRefused,
                                                   .detail = net::to_text({{"business_system", grant.system},
                                                                           {"subject", grant.subject},
                                                                           {"reason", ending.why}})});
  });
}

/// A certificate that was revoked meanwhile, or whose vendor is not accredited any more, ends its login. That
/// revocation data or the trust list are late says nothing against it.
Status TokenOffice::look_again(const Grant& grant, Time now) const {
  const auto good = login_->look_again(grant, now);
  if (good || (good.error().code != Errc::kUnauthorized && good.error().code != Errc::kPolicy)) {
    return good;
  }
  if (is_merely_late(good.error().reason)) {
    return Error{Errc::kUnavailable, "login.oauth.temporarily_unavailable", good.error().detail};
  }
  HUTONG_CHECK(end_refused(grant, {"login.lapsed", "lapsed", good.error().reason}, now));
  return invalid_grant(good.error().detail);
}

Result<net::Json> TokenOffice::userinfo(std::string_view access_token) const {
  const Time now = clock_->now();
  const auto ticket = tickets_->read(TicketKind::kAccess, access_token, now);
  if (!ticket || !ticket->contains("grant")) {
    return invalid_token();
  }
  HUTONG_TRY(auto reader, database_->read());
  const auto grant = GrantRepository::find(reader, ticket->at("grant").get<std::string>());
  if (!grant || grant->ended_at) {
    return grant || grant.error().code == Errc::kNotFound ? invalid_token() : grant.error();
  }
  HUTONG_TRY(const auto system, SystemRepository::find(reader, grant->system));
  if (system.state != SystemState::kActive) {
    return invalid_token();
  }
  return net::parse_json(grant->claims);
}

Result<std::string> TokenOffice::end(std::string_view id_token) const {
  HUTONG_TRY(const auto claims, signer_->read(id_token));
  const auto grant = claims.at("sid").get<std::string>();
  const auto system = claims.at("aud").get<std::string>();
  const Time now = clock_->now();
  HUTONG_CHECK(storage::in_transaction(*database_, [&](Transaction& transaction) -> Status {
    HUTONG_TRY(const bool ended, GrantRepository::end(transaction, grant, "logout", now));
    if (!ended) {
      return ok();
    }
    return audit::append(
        transaction,
        audit::Event{.time = now,
                     .action = "login.ended",
                     .object_kind = "login",
                     .object_id = grant,
                     .detail = net::to_text({{"business_system", system}, {"subject", claims.at("sub")}})});
  }));
  return system;
}

}  // namespace hutong::platform::login
