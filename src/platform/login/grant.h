#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/migration.h"
#include "storage/transaction.h"

namespace hutong::platform::login {

/// The tables of this room; component "login" of storage::migrate().
std::span<const storage::Migration> login_migrations();

/// One login of one subject at one business system: what its code, its tokens and its logout refer to.
struct Grant {
  std::string id;      ///< ULID; the "sid" of ID tokens
  std::string system;  ///< client_id
  std::string subject;
  std::string claims;  ///< JSON text, what userinfo says
  std::string redirect_uri;
  std::string scope;
  std::string nonce;  ///< of the business system; may be empty
  std::string code_challenge;
  Time authenticated_at{};
  Time expires_at{};  ///< no token is good for longer
  std::optional<Time> code_used_at = std::nullopt;
  std::int64_t refreshed = 0;  ///< how often; the number of the refresh token that is good now
  std::optional<Time> ended_at = std::nullopt;
  std::optional<Bytes> certificate = std::nullopt;  ///< sealed under the id; of logins since it is kept
};

/// Stateless; any thread, one transaction each. Errors of storage/error.h and the ones named.
class GrantRepository {
 public:
  static Status insert(storage::Transaction& transaction, const Grant& grant);
  /// kNotFound "login.grant_unknown".
  static Result<Grant> find(storage::Reader& reader, std::string_view id);
  /// By compare-and-set: false when the code was used before, or the grant has ended.
  static Result<bool> use_code(storage::Transaction& transaction, std::string_view id, Time now);
  /// By compare-and-set: false when the refresh token of this number was used before, or the grant has ended.
  static Result<bool> refresh(storage::Transaction& transaction, std::string_view id, std::int64_t number);
  /// False when it had ended before.
  static Result<bool> end(storage::Transaction& transaction, std::string_view id, std::string_view reason,
                          Time now);
  /// Remembers the nonce of a challenge, and forgets those used before `forget_before`. False when it was
  /// used already.
  static Result<bool> use_nonce(storage::Transaction& transaction, ByteView nonce, Time now,
                                Time forget_before);
  /// Grants that expired before `before`. How many.
  static Result<std::int64_t> remove_old(storage::Transaction& transaction, Time before);
};

}  // namespace hutong::platform::login
