#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "net/router.h"
#include "operators/authorized.h"
#include "operators/guard.h"
#include "platform/desk_input.h"
#include "platform/login/business_system.h"
#include "platform/login/system_step.h"
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// What operators do with business systems: one proposes, another one releases; either ends or suspends it,
/// and two resume it or give it a new secret. Every change is one transaction with its audit record. Any
/// thread.
class SystemDesk {
 public:
  struct Registered {
    BusinessSystem system;
    std::string secret;  ///< shown once; only a keyed hash is kept
  };
  struct ProposedStep {
    SystemStep step;
    std::string secret;  ///< of a new secret, shown once; empty otherwise
  };
  SystemDesk(storage::Database& database, const Vault& vault, const Clock& clock,
             crypto::RandomSource& random = crypto::system_random())
      : database_(&database), vault_(&vault), clock_(&clock), random_(&random) {}

  /// kNotFound "system.unknown".
  Result<BusinessSystem> find(std::string_view id) const;
  Result<std::vector<BusinessSystem>> list(std::string_view after, std::size_t limit) const;
  /// What waits for a second person, of all business systems.
  Result<std::vector<SystemStep>> waiting() const;
  Result<Registered> propose(const operators::Authorized& by, const SystemContent& content) const;
  /// kUnauthorized "system.four_eyes": whoever proposed it does not decide; kConflict "system.state".
  Result<BusinessSystem> decide(const operators::Authorized& by, std::string_view id, Decision decision,
                                std::string_view reason) const;
  /// One person is enough to end what gives access; what waits is rejected. kConflict "system.state".
  Result<BusinessSystem> retire(const operators::Authorized& by, std::string_view id,
                                std::string_view reason) const;
  /// One person is enough, and from now on nobody logs in there. kConflict "system.state".
  Result<BusinessSystem> suspend(const operators::Authorized& by, std::string_view id,
                                 std::string_view reason) const;
  /// A resumption of a suspended system, or a new secret, which is nobody's until a second person releases
  /// it; then the old one is void at once. kConflict "system.state", "system.step_open".
  Result<ProposedStep> propose_step(const operators::Authorized& by, std::string_view id, SystemStepKind kind,
                                    std::string_view reason) const;
  /// kUnauthorized "system.four_eyes", kConflict "system.state", kNotFound "system.unknown".
  Result<BusinessSystem> decide_step(const operators::Authorized& by, std::string_view id,
                                     std::string_view step, Decision decision, std::string_view reason) const;
  /// The active system that this id and secret belong to, compared in constant time. kUnauthorized
  /// "system.credentials", whatever was wrong; "system.suspended" to whoever knows the secret of such a one.
  Result<BusinessSystem> authenticate(std::string_view id, std::string_view secret) const;

 private:
  std::string fresh_secret() const;
  storage::Database* database_;
  const Vault* vault_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

/// Adds the endpoints tagged "business systems" of docs/openapi.json. Desk and guard must outlive the router.
void add_system_routes(net::Router& router, const SystemDesk& desk, const operators::Guard& guard);

}  // namespace hutong::platform::login
