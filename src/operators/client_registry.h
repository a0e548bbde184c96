#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "operators/authorized.h"
#include "operators/rights.h"
#include "storage/database.h"

namespace hutong::operators {

struct NewClient {
  std::string display_name;
  RightSet rights = {};
  Bytes certificate = {};  ///< DER of its TLS certificate; empty: it gets a key
};
struct AddedClient {
  ApiClient client;
  std::string key = {};  ///< shown once; empty for a client with a certificate
};
/// Fields left empty stay as they are.
struct ClientChange {
  std::string id;
  std::int64_t version = 0;
  std::optional<std::string> display_name = std::nullopt;
  std::optional<RightSet> rights = std::nullopt;
  std::optional<State> state = std::nullopt;
};

/// The programs that may call us; every change is audited. Any thread.
class ClientRegistry {
 public:
  ClientRegistry(storage::Database& database, const RightsCatalogue& catalogue, const Clock& clock,
                 crypto::RandomSource& random)
      : database_(&database), catalogue_(&catalogue), clock_(&clock), random_(&random) {}

  /// What check_display_name, check_machine_grant and the certificate's parsing say; kConflict
  /// "client.certificate_taken".
  Result<AddedClient> add(const Authorized& by, const NewClient& wanted) const;
  /// kNotFound "client.unknown", kConflict "client.retired", "storage.conflict".
  Result<ApiClient> change(const Authorized& by, const ClientChange& change) const;

 private:
  storage::Database* database_;
  const RightsCatalogue* catalogue_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::operators
