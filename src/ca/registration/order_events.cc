#include "ca/registration/order_events.h"

#include <array>

#include "audit/audit_log.h"
#include "net/log.h"

namespace hutong::ca::registration {
namespace {

constexpr std::array<std::string_view, kStepKinds> kActions{
    "order.entered",       "order.changed",   "order.submitted",        "order.approved",
    "order.refused",       "order.cancelled", "order.request_attached", "order.issued",
    "order.making_failed", "order.delivered", "order.secret_renewed",   "order.material_attached",
    "order.fee_noted"};

}  // namespace

audit::Event order_event(const Order& order, StepKind step, const Doer& doer, Time at,
                         const net::Json& more) {
  net::Json detail{
      {"kind", to_string(order.kind)}, {"state", to_string(order.state)}, {"version", order.version}};
  detail.update(more);
  const bool carried_out = step == StepKind::kMake && changes_status_only(order.kind);
  return {.time = at,
          .actor = doer.actor,
          .action = std::string(carried_out ? "order.done" : kActions.at(static_cast<std::size_t>(step))),
          .object_kind = "order",
          .object_id = order.id,
          .outcome = step == StepKind::kMakeFailed ? audit::Outcome::kFailed : audit::Outcome::kDone,
          .detail = net::to_text(detail),
          .signature = doer.signature};
}

Step history_step(const Order& order, StepKind kind, const Doer& doer, Time at, std::string_view note) {
  return {.number = order.version,
          .kind = kind,
          .state = order.state,
          .at = at,
          .actor = doer.actor,
          .is_signed = doer.signature.has_value(),
          .note = std::string(note)};
}

void record_refusal(storage::Database& database, const Doer& doer, std::string_view action,
                    std::string_view object_kind, std::string_view object_id, const Error& error, Time at) {
  const audit::Event event{.time = at,
                           .actor = doer.actor,
                           .action = std::string(action),
                           .object_kind = std::string(object_kind),
                           .object_id = std::string(object_id),
                           .outcome = audit::Outcome::kRefused,
                           .detail = net::to_text(net::Json{{"code", error.reason}}),
                           .signature = doer.signature};
  const Status recorded = storage::in_transaction(
      database, [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
  if (!recorded) {
    net::log(net::LogLevel::kError, "audit.refusal_lost",
             {{"action", action}, {"code", error.reason}, {"why", recorded.error().reason}});
  }
}

}  // namespace hutong::ca::registration
