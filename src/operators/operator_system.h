#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "net/router.h"
#include "operators/audit_office.h"
#include "operators/certificate_policy.h"
#include "operators/client_registry.h"
#include "operators/guard.h"
#include "operators/registry.h"
#include "operators/rights.h"
#include "operators/settings.h"
#include "storage/database.h"

namespace hutong::operators {

/// All of this module put together for one program. The database has the components "operators" and "audit".
///
///   HUTONG_TRY(operators, OperatorSystem::create({.database = *database, .rights = kRights, ...}));
///   operators->add_routes(router);
///   Orders orders(..., operators->guard());
class OperatorSystem {
 public:
  struct Parts {
    storage::Database& database;
    std::span<const Right> rights;  ///< of the program, beside this module's own
    IsRegion is_region = nullptr;   ///< where operators may be bound to; null: nobody is
    Settings settings;
    CertificateAuthority authority;
    const Clock& clock;
    crypto::RandomSource& random = crypto::system_random();
    std::optional<ArchiveSettings> archive = std::nullopt;  ///< without it nothing can be archived
  };
  /// Database and clock must outlive it.
  static Result<std::unique_ptr<OperatorSystem>> create(Parts parts);
  ~OperatorSystem();
  OperatorSystem(const OperatorSystem&) = delete;
  OperatorSystem& operator=(const OperatorSystem&) = delete;

  const Guard& guard() const;
  const Registry& registry() const;
  const RightsCatalogue& catalogue() const;
  const ClientRegistry& clients() const;
  const AuditOffice& audit_office() const;

  /// The endpoints of docs/api/operators.yaml. The router must not outlive this object.
  void add_routes(net::Router& router) const;

  /// A job, hourly: forgets sessions that ended more than 30 days ago. How many.
  Result<std::int64_t> remove_old_sessions() const;

 private:
  struct Impl;
  explicit OperatorSystem(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::operators
