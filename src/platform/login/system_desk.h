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
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// What operators do with business systems: one proposes, another one releases, either ends it. Every change
/// is one transaction with its audit record. Any thread.
class SystemDesk {
 public:
  struct Registered {
    BusinessSystem system;
    std::string secret;  ///< shown once; only a keyed hash is kept
  };
  SystemDesk(storage::Database& database, const Vault& vault, const Clock& clock,
             crypto::RandomSource& random = crypto::system_random())
      : database_(&database), vault_(&vault), clock_(&clock), random_(&random) {}

  /// kNotFound "system.unknown".
  Result<BusinessSystem> find(std::string_view id) const;
  Result<std::vector<BusinessSystem>> list(std::string_view after, std::size_t limit) const;
  Result<Registered> propose(const operators::Authorized& by, const SystemContent& content) const;
  /// kUnauthorized "system.four_eyes": whoever proposed it does not decide; kConflict "system.state".
  Result<BusinessSystem> decide(const operators::Authorized& by, std::string_view id, Decision decision,
                                std::string_view reason) const;
  /// One person is enough to end what gives access. kConflict "system.state".
  Result<BusinessSystem> retire(const operators::Authorized& by, std::string_view id,
                                std::string_view reason) const;
  /// The active system that this id and secret belong to, compared in constant time. kUnauthorized
  /// "system.credentials", whatever was wrong.
  Result<BusinessSystem> authenticate(std::string_view id, std::string_view secret) const;

 private:
  storage::Database* database_;
  const Vault* vault_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

/// Adds the endpoints tagged "business systems" of docs/openapi.json. Desk and guard must outlive the router.
void add_system_routes(net::Router& router, const SystemDesk& desk, const operators::Guard& guard);

}  // namespace hutong::platform::login
