#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// Labels of the program's key store.
inline constexpr std::string_view kAuthorityKey = "authority";  ///< signs answers and operators' certificates
inline constexpr std::string_view kStoreKey = "store";          ///< opens the key of the spare store

/// The centre itself, as its initialisation made it.
struct CentreRecord {
  std::string name;
  std::string key_label;
  x509::Certificate certificate;
};
class CentreRepository {
 public:
  static Status insert(storage::Transaction& transaction, const CentreRecord& centre, Time now);
  /// Nothing before the initialisation.
  static Result<std::optional<CentreRecord>> find(storage::Reader& reader);
};

}  // namespace hutong::kmc
