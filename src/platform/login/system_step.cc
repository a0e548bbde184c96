#include "platform/login/system_step.h"

#include <utility>

#include "storage/error.h"

namespace hutong::platform::login {
namespace {

#define HUTONG_SYSTEM_STEP_COLUMNS                                                                    \
  "id, system, kind, reason, secret_index, state, proposed_by, proposed_at, decided_by, decided_at, " \
  "decision_reason"
constexpr std::string_view kInsertSystemStep =
    "INSERT INTO business_system_steps (" HUTONG_SYSTEM_STEP_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindSystemStep =
    "SELECT " HUTONG_SYSTEM_STEP_COLUMNS " FROM business_system_steps WHERE id = ? AND system = ?";
constexpr std::string_view kOpenSystemSteps =
    "SELECT " HUTONG_SYSTEM_STEP_COLUMNS " FROM business_system_steps WHERE decided_at IS NULL ORDER BY id";
constexpr std::string_view kDecideSystemStep =
    "UPDATE business_system_steps SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ?"
    " WHERE id = ? AND decided_at IS NULL";
constexpr std::string_view kRejectSystemSteps =
    "UPDATE business_system_steps SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ?"
    " WHERE system = ? AND decided_at IS NULL";

SystemStep system_step_of(const storage::Row& row) {
  return {.id = row.text(0),
          .system = row.text(1),
          .kind = row.get<SystemStepKind>(2),
          .reason = row.text(3),
          .secret_index = row.get<std::optional<Bytes>>(4),
          .state = row.get<SystemStepState>(5),
          .proposed_by = row.text(6),
          .proposed_at = row.time(7),
          .decided_by = row.text(8),
          .decided_at = row.get<std::optional<Time>>(9),
          .decision_reason = row.text(10)};
}

}  // namespace

std::string_view to_string(SystemStepKind kind) {
  return kind == SystemStepKind::kResumption ? "resumption" : "secret";
}

std::optional<SystemStepKind> system_step_from(std::string_view text) {
  for (const auto kind : {SystemStepKind::kResumption, SystemStepKind::kSecret}) {
    if (text == to_string(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

std::string_view to_string(SystemStepState state) {
  switch (state) {
    case SystemStepState::kOpen:
      return "open";
    case SystemStepState::kReleased:
      return "released";
    case SystemStepState::kRejected:
      return "rejected";
  }
  return "";
}

Status SystemStepRepository::insert(storage::Transaction& transaction, const SystemStep& step) {
  const auto done = transaction.execute(kInsertSystemStep, step.id, step.system, step.kind, step.reason,
                                        step.secret_index, step.state, step.proposed_by, step.proposed_at,
                                        step.decided_by, step.decided_at, step.decision_reason);
  if (!done && storage::violates(done.error(), "business_system_steps_open")) {
    return Error{Errc::kConflict, "system.step_open", "something waits for a second person already"};
  }
  return done ? ok() : Status(done.error());
}

Result<SystemStep> SystemStepRepository::find(storage::Reader& reader, std::string_view system,
                                              std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindSystemStep, id, system));
  if (!row) {
    return Error{Errc::kNotFound, "system.unknown",
                 "there is no such business system, or no such step of it"};
  }
  return system_step_of(*row);
}

Result<std::vector<SystemStep>> SystemStepRepository::open(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kOpenSystemSteps));
  std::vector<SystemStep> found;
  for (const storage::Row& row : rows) {
    found.push_back(system_step_of(row));
  }
  return found;
}

Status SystemStepRepository::decide(storage::Transaction& transaction, std::string_view id,
                                    const SystemStepDecision& decision) {
  HUTONG_TRY(const auto changed, transaction.execute(kDecideSystemStep, decision.state, decision.by,
                                                     decision.at, decision.reason, id));
  return changed == 1 ? ok() : Status(Error{Errc::kConflict, "system.state", "this was decided before"});
}

Status SystemStepRepository::reject_open(storage::Transaction& transaction, std::string_view system,
                                         const SystemStepDecision& decision) {
  HUTONG_CHECK(transaction.execute(kRejectSystemSteps, SystemStepState::kRejected, decision.by, decision.at,
                                   decision.reason, system));
  return ok();
}

}  // namespace hutong::platform::login
