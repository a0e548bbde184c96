#pragma once

#include <vector>

#include "base/result.h"
#include "ca/registration/order.h"

namespace hutong::ca::registration {

/// Where a step leads an order: the one table of its states. kConflict "order.state" when the state does not
/// allow the step.
Result<OrderState> state_after(const Order& order, StepKind step);
/// The steps that the state allows, for people to choose from.
std::vector<StepKind> next_steps(const Order& order);

}  // namespace hutong::ca::registration
