#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// What the CA's own service keys are for; stored as text.
inline constexpr std::string_view kOcspPurpose = "ocsp";
inline constexpr std::string_view kTimestampPurpose = "timestamp";
inline constexpr std::string_view kCmpPurpose = "cmp";  ///< answers of CMP, and webhooks of the REST profile

/// A key of the key store that answers for one authority, with its certificate.
struct ServiceKey {
  std::string purpose;
  std::string authority;
  std::string key_label;
  x509::Certificate certificate;
};

class ServiceKeyRepository {
 public:
  /// Takes the place of the former key of this purpose and authority.
  static Status put(storage::Transaction& transaction, const ServiceKey& key);
  static Result<std::vector<ServiceKey>> all(storage::Reader& reader, std::string_view purpose);
};

}  // namespace hutong::ca
