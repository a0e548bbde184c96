#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "operators/operator.h"
#include "storage/transaction.h"

namespace hutong::operators {

/// What a client with a key shows as its bearer token: this and 64 hexadecimal digits.
inline constexpr std::string_view kClientKeyPrefix = "hutong-client-";

/// How a new client will be known: one of the two.
struct ClientCredential {
  Bytes certificate = {};  ///< DER of its TLS certificate
  Bytes key_sm3 = {};      ///< SM3 of its key
};

/// The table of API clients. Stateless; errors are those of storage/error.h and the ones named here.
class ClientRepository {
 public:
  /// kConflict "client.certificate_taken".
  static Status insert(storage::Transaction& transaction, const ApiClient& added,
                       const ClientCredential& credential);
  /// kNotFound "client.unknown".
  static Result<ApiClient> find(storage::Reader& reader, std::string_view id);
  static Result<std::optional<ApiClient>> find_by_certificate(storage::Reader& reader, ByteView der);
  static Result<std::optional<ApiClient>> find_by_key(storage::Reader& reader, std::string_view key);
  static Result<std::vector<ApiClient>> list(storage::Reader& reader, std::string_view after,
                                             std::size_t limit);
  /// Name, rights and state; kConflict "storage.conflict" when somebody else was faster.
  static Status update(storage::Transaction& transaction, const ApiClient& changed);
};

}  // namespace hutong::operators
