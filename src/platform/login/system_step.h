#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"

namespace hutong::platform::login {

/// What takes two persons at a business system that exists: one proposes it, another one decides. Numbers are
/// stored: append only.
enum class SystemStepKind : std::int64_t { kResumption = 1, kSecret = 2 };
std::string_view to_string(SystemStepKind kind);  ///< "resumption", "secret"
std::optional<SystemStepKind> system_step_from(std::string_view text);

enum class SystemStepState : std::int64_t { kOpen = 1, kReleased = 2, kRejected = 3 };
std::string_view to_string(SystemStepState state);  ///< "open", "released", "rejected"

struct SystemStep {
  std::string id;      ///< ULID
  std::string system;  ///< client_id
  SystemStepKind kind = SystemStepKind::kResumption;
  std::string reason;
  std::optional<Bytes> secret_index = std::nullopt;  ///< of kSecret: good when it is released
  SystemStepState state = SystemStepState::kOpen;
  std::string proposed_by;  ///< an operator's id
  Time proposed_at{};
  std::string decided_by = {};
  std::optional<Time> decided_at = std::nullopt;
  std::string decision_reason = {};
};

/// How somebody decided.
struct SystemStepDecision {
  SystemStepState state = SystemStepState::kRejected;
  std::string_view by;
  std::string_view reason;
  Time at{};
};

/// The table. Stateless; any thread, one transaction each. Errors of storage/error.h and the ones named.
class SystemStepRepository {
 public:
  /// kConflict "system.step_open": one step of a business system waits at a time.
  static Status insert(storage::Transaction& transaction, const SystemStep& step);
  /// kNotFound "system.unknown": no such step of this business system.
  static Result<SystemStep> find(storage::Reader& reader, std::string_view system, std::string_view id);
  /// Those that wait, of all business systems.
  static Result<std::vector<SystemStep>> open(storage::Reader& reader);
  /// By compare-and-set: kConflict "system.state" when it was decided before.
  static Status decide(storage::Transaction& transaction, std::string_view id,
                       const SystemStepDecision& decision);
  /// Rejects what waits for this business system, if anything does.
  static Status reject_open(storage::Transaction& transaction, std::string_view system,
                            const SystemStepDecision& decision);
};

}  // namespace hutong::platform::login
