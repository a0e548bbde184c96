#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "net/json.h"
#include "storage/transaction.h"

/// Business systems (业务系统): whose users log in through the platform. All numbers are stored: append only.
namespace hutong::platform::login {

enum class SystemState : std::int64_t {
  kProposed = 1,
  kActive = 2,
  kRejected = 3,
  kRetired = 4,
  kSuspended = 5,  ///< nobody logs in there until two persons resume it
};
std::string_view to_string(SystemState state);  ///< "proposed", "active", "rejected", "retired", "suspended"

/// What its ID tokens are signed with: "ES256" (RFC 7518), "SGD_SM3_SM2" (GM/T 0125.1, decision 0015).
enum class IdTokenAlgorithm : std::int64_t { kEs256 = 1, kSm2 = 2 };
std::string_view to_string(IdTokenAlgorithm algorithm);

/// What an operator enters.
struct SystemContent {
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> redirect_uris;      ///< where codes may be sent, compared octet by octet
  std::vector<std::string> after_logout_uris;  ///< where a browser may be sent after the logout
  IdTokenAlgorithm id_token_algorithm = IdTokenAlgorithm::kEs256;
};
/// kMalformed "desk.member": a name or an address missing, too long, or not https (http: on loopback only),
/// an algorithm that is none of ours. Without "id_token_signed_response_alg" it is ES256.
Result<SystemContent> read_system_content(const net::Json& json);
net::Json to_json(const SystemContent& content);

struct BusinessSystem {
  std::string id;  ///< ULID, the client_id
  SystemContent content;
  Bytes secret_index;  ///< keyed hash of the client secret
  SystemState state = SystemState::kProposed;
  std::string proposed_by;  ///< an operator's id
  Time proposed_at{};
  std::string decided_by = {};
  std::optional<Time> decided_at = std::nullopt;
  std::string suspended_because = {};  ///< in the words of who suspended it; empty: it never was
};
/// What its users and itself are told while it is suspended, in both languages: kUnauthorized
/// "system.suspended".
Error suspended(const BusinessSystem& system);

/// The table. Stateless; any thread, one transaction each. Errors of storage/error.h and the ones named.
class SystemRepository {
 public:
  static Status insert(storage::Transaction& transaction, const BusinessSystem& system);
  /// kNotFound "system.unknown".
  static Result<BusinessSystem> find(storage::Reader& reader, std::string_view id);
  static Result<std::vector<BusinessSystem>> list(storage::Reader& reader, std::string_view after,
                                                  std::size_t limit);
  /// By compare-and-set: kConflict "system.state".
  static Status change_state(storage::Transaction& transaction, std::string_view id, SystemState from,
                             SystemState to, std::string_view decided_by, Time now);
  /// From active to suspended: kConflict "system.state".
  static Status suspend(storage::Transaction& transaction, std::string_view id, std::string_view because,
                        std::string_view by, Time now);
  /// The secret of one that is active or suspended: kConflict "system.state".
  static Status change_secret(storage::Transaction& transaction, std::string_view id, ByteView secret_index);
};

}  // namespace hutong::platform::login
