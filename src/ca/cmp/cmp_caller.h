#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "ca/cmp/cmp_clients.h"
#include "ca/cmp/enrolment.h"
#include "cmp/protection.h"
#include "storage/database.h"

namespace hutong::ca {

/// The sender of a message whose protection was right, and how answers to it are protected.
struct CmpCaller {
  CmpSender sender;
  std::optional<CmpClient> client;            ///< nothing: a subscriber with a certificate
  std::unique_ptr<cmp::Protector> protector;  ///< null: by our signature
};

/// Finds out who sent a message. kUnauthorized "cmp.protection_kind" (not protected), "cmp.client_unknown",
/// "cmp.signer" (no certificate of this CA), kPolicy "certificate.revoked", "certificate.expired", and the
/// errors of protection.h.
Result<CmpCaller> identify_caller(const cmp::ReceivedMessage& message, const CmpClients& clients,
                                  storage::Database& database, Time now);

}  // namespace hutong::ca
