#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/registration/key_centre.h"
#include "ca/registration/order.h"
#include "ca/registration/order_draft.h"
#include "ca/registration/template_grants.h"
#include "ca/signing/signing_system.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// A change of state that comes with an order.
struct PlannedChange {
  x509::Serial serial;
  StateChange change;
};

/// One order on its way to its certificates: what is needed, then what was made. Nothing of it counts before
/// it is committed.
struct MakingJob {
  Order order;
  Time now{};

  TemplateCache::Template signing_template = {};  ///< null: no signing certificate is made
  std::optional<crypto::PublicKey> signing_key = std::nullopt;
  TemplateCache::Template encryption_template = {};  ///< null: no encryption certificate is made
  std::optional<crypto::PublicKey> encryption_key = std::nullopt;
  /// Of a former certificate: the centre knows the key by this number.
  std::optional<x509::Serial> inherited_key = std::nullopt;
  std::optional<cms::ApplyKeyRequest> apply = std::nullopt;
  std::optional<cms::RestoreKeyRequest> restore = std::nullopt;
  std::optional<x509::Serial> kept_encryption = std::nullopt;  ///< of a recovery: it stays, with a new pair
  std::vector<PlannedChange> changes = {};
  std::optional<x509::Serial> given_up_key = std::nullopt;  ///< the centre is told that it is used no more

  std::optional<PreparedCertificate> signing = std::nullopt;
  std::optional<PreparedCertificate> encryption = std::nullopt;
  Bytes enveloped_key = {};
  std::optional<Error> problem = std::nullopt;
};

/// Reads what the order needs and decides what will happen. kMalformed "order.request_missing"; kPolicy
/// "template.not_granted"; kConflict "order.state", "certificate.state", "certificate.revoked"; kNotFound
/// "template.unknown"; kUnavailable "clock.behind".
Status plan(storage::Reader& reader, TemplateCache& templates, const SigningSystem& signing, MakingJob& job);

/// Signs what was planned, outside of any transaction. The reasons of SigningSystem::prepare().
Status sign(const SigningSystem& signing, MakingJob& job);

}  // namespace hutong::ca::registration
