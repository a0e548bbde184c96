#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "login_challenge/verify.h"
#include "net/json.h"
#include "platform/login/business_system.h"
#include "platform/login/grant.h"
#include "platform/login/ticket.h"
#include "platform/subjects/subject_desk.h"
#include "platform/trust/trust_keeper.h"
#include "platform/vault.h"
#include "storage/database.h"
#include "x509/chain_verifier.h"
#include "x509/signature_cache.h"

namespace hutong::platform::login {

/// What is configured.
struct LoginSettings {
  std::string issuer;  ///< our origin, "https://platform.example"; what challenges are signed for
  std::chrono::seconds code_life{60};
  std::chrono::seconds access_life{600};
  std::chrono::seconds longest{8 * 60 * 60};  ///< of a login, whatever is refreshed
  /// kRequire: nobody gets in whose revocation is not known.
  x509::RevocationMode revocation = x509::RevocationMode::kRequire;
  std::uint32_t most_per_minute = 6'000;     ///< requests of one address, and of one business system
  std::chrono::seconds device_life{600};     ///< from a device's first question to the login on another one
  std::chrono::seconds device_interval{5};   ///< between two questions of a device
  std::uint32_t most_codes_per_minute = 30;  ///< user codes that one address may try
  std::string address_field = {};            ///< see address_of in platform/rate_limit.h
};

/// What a business system asked for, checked (RFC 6749 4.1.1, RFC 7636), or for a device (RFC 8628).
struct AuthorizationRequest {
  std::string system;
  std::string redirect_uri;
  std::string scope;
  std::string state;
  std::string nonce;
  std::string code_challenge;  ///< of S256
  std::string device = {};     ///< the one that waits; then there is no address to go back to
  std::string user_code = {};  ///< which it shows
};
net::Json to_json(const AuthorizationRequest& request);
AuthorizationRequest authorization_request_from(const net::Json& json);

/// Appends "?name=value" or "&name=value", the value percent-encoded.
void add_parameter(std::string& uri, std::string_view name, std::string_view value);

struct LoginAnswer {
  AuthorizationRequest request;
  Bytes message;  ///< what the agent signed
  std::optional<SubjectRole> role = std::nullopt;
  std::string remote = {};
};

/// Where to send the browser, or the roles to choose from: then the same answer comes again with one. Neither
/// when a device was waiting, which learns of the login by itself.
struct LoginOutcome {
  std::string redirect;
  std::vector<SubjectRole> choice;
};

/// kConflict "login.device_done": somebody logged in or declined there, or the code has expired.
Error device_done();

/// Whether this reason for a refusal says nothing against the certificate, only that revocation data or a
/// trust list in force are missing at the moment.
bool is_merely_late(std::string_view reason);

/// Login of subjects by certificate: a challenge for the page, and the judgement of what the agent signed.
/// Any thread. Every login and every refusal of a signed answer is audited.
class TokenLogin {
 public:
  struct Parts {
    storage::Database& database;
    const SubjectDesk& subjects;
    const TrustKeeper& trust;
    const Tickets& tickets;
    const Vault& vault;
    const LoginSettings& settings;
    const Clock& clock;
    crypto::RandomSource& random = crypto::system_random();
  };
  explicit TokenLogin(Parts parts);

  struct Challenge {
    login_challenge::IssuedNonce nonce;
    login_challenge::Expected expected;
    Time expires_at{};
  };
  Challenge challenge(const BusinessSystem& system, const AuthorizationRequest& request) const;

  /// Errors: those of login_challenge::verify; kUnauthorized "login.replayed" (answered before),
  /// "login.certificate_use" (an encryption or CA certificate), "login.not_recognised" or the code of the
  /// first finding that kept the certificate from being valid ("revocation.revoked", "path.expired",
  /// "trust_list.service_suspended" …), the detail saying it in words; kPolicy "subject.unidentified",
  /// "subject.ambiguous", "login.role" (the subject does not have it); that of device_done().
  Result<LoginOutcome> answer(const BusinessSystem& system, const LoginAnswer& given) const;

  /// Whether the certificate of this login would get in now: the errors of answer() about it, or
  /// kUnauthorized "login.not_recognised" when the grant does not have it.
  Status look_again(const Grant& grant, Time now) const;

 private:
  struct Proven;
  login_challenge::Expected expected(const BusinessSystem& system, const AuthorizationRequest& request) const;
  Result<Proven> judge(const x509::Certificate& certificate, Time now) const;
  Result<LoginOutcome> open(const BusinessSystem& system, const LoginAnswer& given,
                            const login_challenge::Login& login, Time now) const;
  Result<LoginOutcome> store(const BusinessSystem& system, const LoginAnswer& given,
                             const login_challenge::Login& login, const Proven& proven, Time now) const;
  static net::Json claims_of(const Subject& subject, const SubjectRoles& roles,
                             const x509::Certificate& certificate, const Proven& proven);
  std::string redirect_to(const AuthorizationRequest& request, const std::string& grant, Time now) const;
  void tell_refusal(const LoginAnswer& given, const x509::Certificate& certificate, const Error& why,
                    Time now) const;

  storage::Database* database_;
  const Vault* vault_;
  const SubjectDesk* subjects_;
  const TrustKeeper* trust_;
  const Tickets* tickets_;
  login_challenge::ChallengeMint mint_;
  const LoginSettings* settings_;
  const Clock* clock_;
  crypto::RandomSource* random_;
  mutable x509::SignatureCache cache_;
};

}  // namespace hutong::platform::login
