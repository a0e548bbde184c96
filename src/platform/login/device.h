#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "storage/transaction.h"

/// Devices without a key of their own, whose user logs in on another one (RFC 8628).
namespace hutong::platform::login {

/// Eight letters of RFC 8628 6.1 (no vowels, nothing that looks like something else) with a hyphen in the
/// middle: "WDJB-MJHT". 34.5 bits.
std::string make_user_code(crypto::RandomSource& random);
/// The same from what a person typed: any case, with or without hyphen and blanks. Nothing when it is none.
std::optional<std::string> read_user_code(std::string_view typed);

/// One device that waits for somebody to log in. Its device code is a ticket that names the row; of the user
/// code a keyed hash is kept.
struct Device {
  std::string id;      ///< ULID
  std::string system;  ///< client_id
  std::string scope;
  Bytes code_index;
  Time expires_at{};
  std::chrono::seconds interval{};  ///< between two questions, grows with every one that comes too early
  std::optional<Time> asked_at = std::nullopt;      ///< when it asked last
  std::optional<std::string> grant = std::nullopt;  ///< who logged in
  std::optional<Time> denied_at = std::nullopt;
};

/// The table. Stateless; any thread, one transaction each. Errors of storage/error.h and the ones named.
class DeviceRepository {
 public:
  /// kConflict "login.user_code_taken": another device has this user code.
  static Status insert(storage::Transaction& transaction, const Device& device);
  /// kNotFound "login.device_unknown".
  static Result<Device> find(storage::Reader& reader, std::string_view id);
  /// One that is still waiting at `now`: kNotFound "login.user_code".
  static Result<Device> waiting(storage::Reader& reader, ByteView code_index, Time now);
  static Status note_question(storage::Transaction& transaction, std::string_view id, Time now,
                              std::chrono::seconds interval);
  /// By compare-and-set: false when it does not wait any more.
  static Result<bool> accept(storage::Transaction& transaction, std::string_view id, std::string_view grant,
                             Time now);
  static Result<bool> deny(storage::Transaction& transaction, std::string_view id, Time now);
  /// Those that expired before `before`. How many.
  static Result<std::int64_t> remove_old(storage::Transaction& transaction, Time before);
};

}  // namespace hutong::platform::login
