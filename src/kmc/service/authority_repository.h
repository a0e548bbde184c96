#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// Stable numbers: they are stored. Append only.
enum class AuthorityState : std::int64_t { kActive = 1, kSuspended = 2 };
std::string_view to_string(AuthorityState state);  ///< "active", "suspended"

/// A CA that the centre serves. It is known twice: by the certificate of its TLS client, and by the SM2
/// certificate that signs its messages.
struct Authority {
  std::string id;  ///< ULID
  std::string name;
  x509::Certificate certificate;
  std::string tls_fingerprint;  ///< SM3 of the TLS client certificate, hexadecimal
  AuthorityState state = AuthorityState::kActive;
  Time created_at{};
  Time changed_at{};
  std::int64_t version = 1;
};

/// Stateless; any thread, one transaction each. Errors of storage/error.h and the ones named.
class AuthorityRepository {
 public:
  /// kConflict "authority.tls_certificate_taken", "authority.certificate_taken".
  static Status insert(storage::Transaction& transaction, const Authority& authority);
  /// kNotFound "authority.unknown".
  static Result<Authority> find(storage::Reader& reader, std::string_view id);
  static Result<std::optional<Authority>> find_by_tls(storage::Reader& reader, std::string_view fingerprint);
  static Result<std::vector<Authority>> all(storage::Reader& reader);
  /// Writes name, certificates, state; kConflict "storage.conflict" when somebody else was faster, and as for
  /// insert().
  static Status update(storage::Transaction& transaction, const Authority& changed);
};

}  // namespace hutong::kmc
