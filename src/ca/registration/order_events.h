#pragma once

#include <string>
#include <string_view>

#include "audit/record.h"
#include "base/result.h"
#include "ca/registration/order.h"
#include "net/json.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// The audit record of a step: "order.entered", "order.approved", "order.issued" … with kind, state and
/// version, and `more` members beside them.
audit::Event order_event(const Order& order, StepKind step, const Doer& doer, Time at,
                         const net::Json& more = net::Json::object());
/// The step as it stands in the order's history, after it was saved.
Step history_step(const Order& order, StepKind kind, const Doer& doer, Time at, std::string_view note);

/// A record of something that was refused: outside of the transaction that was rolled back. What goes wrong
/// here goes to the log, because the caller has an error to report already.
void record_refusal(storage::Database& database, const Doer& doer, std::string_view action,
                    std::string_view object_kind, std::string_view object_id, const Error& error, Time at);

}  // namespace hutong::ca::registration
