#include "platform/login/token_login.h"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "net/log.h"
#include "net/ulid.h"
#include "operators/authorized.h"
#include "platform/login/device.h"
#include "recognition/judge.h"
#include "recognition/mask.h"

namespace hutong::platform::login {
namespace {

using recognition::RecognitionReport;
using storage::Transaction;

constexpr std::string_view kCertificateClass = "login certificate";

Error not_recognised() {
  return {Errc::kUnauthorized, "login.not_recognised", "该证书未被认可；the certificate is not recognised"};
}

/// Whose key it is, for the audit log, without the numbers of natural persons.
audit::Actor actor_of(const x509::Certificate& certificate) {
  return {recognition::mask_personal_numbers(certificate, certificate.subject().to_string()),
          to_hex(certificate.sm3())};
}

std::string accepted_detail(const BusinessSystem& system, const std::string& subject, const net::Json& claims,
                            const LoginAnswer& given) {
  net::Json detail = {{"business_system", system.id},
                      {"subject", subject},
                      {"roles", claims.at("roles")},
                      {"vendor", claims.at("vendor")},
                      {"remote", given.remote}};
  if (!given.request.device.empty()) {
    detail["device"] = given.request.device;
  }
  return net::to_text(detail);
}

/// The finding that says best why not: errors before what is merely undecided; of these what concerns the
/// vendor, then the path, because without a path nothing is known about revocation either.
const x509::Finding* deciding(const RecognitionReport& report) {
  for (const x509::Severity severity : {x509::Severity::kError, x509::Severity::kUndecided}) {
    for (const std::string_view about : {"trust_list.", "path.", ""}) {
      const auto found = std::ranges::find_if(report.findings, [&](const x509::Finding& finding) {
        return finding.severity() == severity && finding.code().starts_with(about);
      });
      if (found != report.findings.end()) {
        return &*found;
      }
    }
  }
  return nullptr;
}

Status check_use(const x509::Certificate& certificate) {
  const auto& usage = certificate.extensions().key_usage;
  const bool signs = !usage || usage->has(x509::KeyUsageBit::kDigitalSignature) ||
                     usage->has(x509::KeyUsageBit::kNonRepudiation);
  if (!signs || certificate.is_ca()) {
    return Error{Errc::kUnauthorized, "login.certificate_use",
                 "该证书不是签名证书，不能用于登录；the certificate is not for signatures of its holder"};
  }
  return ok();
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%' + to_hex(ByteView(reinterpret_cast<const std::uint8_t*>(&c), 1));
    }
  }
  return out;
}

}  // namespace

Error device_done() {
  return {Errc::kConflict, "login.device_done",
          "该设备的登录已完成、已拒绝或已过期；the device's login is done, was declined, or has expired"};
}

bool is_merely_late(std::string_view reason) {
  constexpr std::array<std::string_view, 11> kLate{
      "revocation.no_data",        "revocation.stale",          "revocation.crl_signature",
      "revocation.crl_unusable",   "revocation.ocsp_signature", "revocation.ocsp_responder",
      "trust_list.missing",        "trust_list.expired",        "trust_list.bad_signature",
      "trust_list.signer_expired", "trust_list.malformed"};
  return std::ranges::find(kLate, reason) != kLate.end();
}

void add_parameter(std::string& uri, std::string_view name, std::string_view value) {
  uri += uri.find('?') == std::string::npos ? '?' : '&';
  uri += name;
  uri += '=';
  uri += percent_encoded(value);
}

struct TokenLogin::Proven {
  Identified who;
  std::string vendor_zh;
  std::string vendor_en;
  bool revocation_known = false;
};

net::Json to_json(const AuthorizationRequest& request) {
  net::Json json = {{"client", request.system}, {"uri", request.redirect_uri},
                    {"scope", request.scope},   {"state", request.state},
                    {"nonce", request.nonce},   {"pkce", request.code_challenge}};
  if (!request.device.empty()) {
    json["device"] = request.device;
    json["user_code"] = request.user_code;
  }
  return json;
}

AuthorizationRequest authorization_request_from(const net::Json& json) {
  return {.system = json.at("client"),
          .redirect_uri = json.at("uri"),
          .scope = json.at("scope"),
          .state = json.at("state"),
          .nonce = json.at("nonce"),
          .code_challenge = json.at("pkce"),
          .device = json.value("device", ""),
          .user_code = json.value("user_code", "")};
}

TokenLogin::TokenLogin(Parts parts)
    : database_(&parts.database),
      vault_(&parts.vault),
      subjects_(&parts.subjects),
      trust_(&parts.trust),
      tickets_(&parts.tickets),
      mint_(parts.vault.derive("login challenges"), {.random = &parts.random}),
      settings_(&parts.settings),
      clock_(&parts.clock),
      random_(&parts.random) {}

/// The purpose is what the agent shows before it asks for the PIN; of a device it tells the code as well.
login_challenge::Expected TokenLogin::expected(const BusinessSystem& system,
                                               const AuthorizationRequest& request) const {
  std::string purpose = "登录 " + system.content.name_zh;
  if (!request.device.empty()) {
    purpose += "（设备代码 " + request.user_code + "）";
  }
  return {.origin = settings_->issuer, .audience = settings_->issuer, .purpose = std::move(purpose)};
}

TokenLogin::Challenge TokenLogin::challenge(const BusinessSystem& system,
                                            const AuthorizationRequest& request) const {
  const Time now = clock_->now();
  return {
      .nonce = mint_.issue(now), .expected = expected(system, request), .expires_at = now + mint_.lifetime()};
}

Result<LoginOutcome> TokenLogin::answer(const BusinessSystem& system, const LoginAnswer& given) const {
  const Time now = clock_->now();
  HUTONG_TRY(const auto login,
             login_challenge::verify(given.message, expected(system, given.request), mint_, now));
  auto outcome = open(system, given, login, now);
  if (!outcome && (outcome.error().code == Errc::kUnauthorized || outcome.error().code == Errc::kPolicy)) {
    tell_refusal(given, login.certificate, outcome.error(), now);
  }
  return outcome;
}

Result<LoginOutcome> TokenLogin::open(const BusinessSystem& system, const LoginAnswer& given,
                                      const login_challenge::Login& login, Time now) const {
  HUTONG_CHECK(check_use(login.certificate));
  HUTONG_TRY(const Proven proven, judge(login.certificate, now));
  return store(system, given, login, proven, now);
}

Result<TokenLogin::Proven> TokenLogin::judge(const x509::Certificate& certificate, Time now) const {
  const auto snapshot = trust_->current();
  const RecognitionReport report =
      recognition::judge({.file = certificate.der(), .at = now, .revocation = settings_->revocation},
                         {.list = &snapshot->list,
                          .now = now,
                          .revocation = &snapshot->revocation,
                          .cache = &cache_,
                          .paths = &snapshot->paths});
  if (report.indication != x509::Indication::kValid) {
    const x509::Finding* why = deciding(report);
    return why == nullptr
               ? not_recognised()
               : Error{Errc::kUnauthorized, why->code(), why->message_zh() + "；" + why->message_en()};
  }
  HUTONG_TRY(auto who, identify(certificate));
  Proven proven{.who = std::move(who), .vendor_zh = {}, .vendor_en = {}};
  for (const recognition::ChainElement& element : report.chain) {
    if (element.vendor && proven.vendor_zh.empty()) {
      proven.vendor_zh = element.vendor->zh;
      proven.vendor_en = element.vendor->en;
    }
  }
  proven.revocation_known =
      !report.chain.empty() && report.chain.front().revocation.status == x509::CertificateStatus::kGood;
  return proven;
}

Status TokenLogin::look_again(const Grant& grant, Time now) const {
  if (!grant.certificate) {
    return not_recognised();
  }
  HUTONG_TRY(const SecretBytes der, vault_->unseal(kCertificateClass, grant.id, *grant.certificate));
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(der.expose()));
  HUTONG_CHECK(judge(certificate, now));
  return ok();
}

/// What the business system is told.
net::Json TokenLogin::claims_of(const Subject& subject, const SubjectRoles& roles,
                                const x509::Certificate& certificate, const Proven& proven) {
  net::Json claims = {{"sub", subject.id}, {"name", subject.name}, {"kind", to_string(subject.number.kind)}};
  if (subject.number.kind == SubjectKind::kOrganisation) {
    claims["uscc"] = subject.number.number;
  }
  claims["roles"] = net::Json::array();
  for (const SubjectRole role : roles) {
    claims["roles"].push_back(to_string(role));
  }
  if (!subject.region.empty()) {
    claims["region"] = subject.region;
  }
  claims["certificate_sm3"] = to_hex(certificate.sm3());
  claims["vendor"] = proven.vendor_zh;
  claims["vendor_en"] = proven.vendor_en;
  claims["assurance"] = proven.revocation_known ? "certificate" : "certificate_unchecked";
  return claims;
}

Result<LoginOutcome> TokenLogin::store(const BusinessSystem& system, const LoginAnswer& given,
                                       const login_challenge::Login& login, const Proven& proven,
                                       Time now) const {
  const std::string id = net::make_ulid(now, *random_);
  HUTONG_TRY(Bytes sealed, vault_->seal(kCertificateClass, id, login.certificate.der()));
  return storage::in_transaction(*database_, [&](Transaction& transaction) -> Result<LoginOutcome> {
    HUTONG_TRY(const Subject subject, subjects_->ensure(transaction, proven.who));
    if (given.role && !subject.roles.contains(*given.role)) {
      return Error{Errc::kPolicy, "login.role", "该主体没有此角色；the subject does not have this role"};
    }
    if (!given.role && subject.roles.size() > 1) {
      return LoginOutcome{.redirect = {}, .choice = {subject.roles.begin(), subject.roles.end()}};
    }
    HUTONG_TRY(const bool first,
               GrantRepository::use_nonce(transaction, login.challenge.nonce, now, now - mint_.remember()));
    if (!first) {
      return Error{Errc::kUnauthorized, "login.replayed",
                   "该登录请求已使用过，请重试；this challenge was answered before"};
    }
    const SubjectRoles roles = given.role ? SubjectRoles{*given.role} : subject.roles;
    const net::Json claims = claims_of(subject, roles, login.certificate, proven);
    HUTONG_CHECK(GrantRepository::insert(transaction, {.id = id,
                                                       .system = system.id,
                                                       .subject = subject.id,
                                                       .claims = net::to_text(claims),
                                                       .redirect_uri = given.request.redirect_uri,
                                                       .scope = given.request.scope,
                                                       .nonce = given.request.nonce,
                                                       .code_challenge = given.request.code_challenge,
                                                       .authenticated_at = now,
                                                       .expires_at = now + settings_->longest,
                                                       .certificate = sealed}));
    if (!given.request.device.empty()) {
      HUTONG_TRY(const bool waited, DeviceRepository::accept(transaction, given.request.device, id, now));
      if (!waited) {
        return device_done();
      }
    }
    HUTONG_CHECK(audit::append(transaction,
                               audit::Event{.time = now,
                                            .actor = actor_of(login.certificate),
                                            .action = "login.accepted",
                                            .object_kind = "login",
                                            .object_id = id,
                                            .detail = accepted_detail(system, subject.id, claims, given)}));
    return LoginOutcome{.redirect = redirect_to(given.request, id, now), .choice = {}};
  });
}

std::string TokenLogin::redirect_to(const AuthorizationRequest& request, const std::string& grant,
                                    Time now) const {
  if (!request.device.empty()) {
    return {};
  }
  std::string uri = request.redirect_uri;
  add_parameter(uri, "code",
                tickets_->make(TicketKind::kCode, {{"grant", grant}}, now + settings_->code_life));
  if (!request.state.empty()) {
    add_parameter(uri, "state", request.state);
  }
  add_parameter(uri, "iss", settings_->issuer);  // RFC 9207
  return uri;
}

/// Told in a transaction of its own; the caller hears why the login was refused in any case.
void TokenLogin::tell_refusal(const LoginAnswer& given, const x509::Certificate& certificate,
                              const Error& why, Time now) const {
  audit::Event event{.time = now,
                     .actor = actor_of(certificate),
                     .action = "login.refused",
                     .object_kind = "business_system",
                     .object_id = given.request.system,
                     .outcome = audit::Outcome::kRefused,
                     .detail = net::to_text({{"remote", given.remote}})};
  if (const auto told = operators::audit_refusal(*database_, std::move(event), why); !told) {
    net::log(net::LogLevel::kError, "audit.not_written", {{"reason", std::string(told.error().reason)}});
  }
}

}  // namespace hutong::platform::login
