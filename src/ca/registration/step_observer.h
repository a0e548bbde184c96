#pragma once

#include <functional>

#include "base/result.h"
#include "base/time.h"
#include "ca/registration/order.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// Hears of every step inside of its transaction, after the order was saved; an error rolls the step back.
using StepObserver =
    std::function<Status(storage::Transaction& transaction, const Order& order, StepKind step, Time at)>;

}  // namespace hutong::ca::registration
