#pragma once

#include "token/driver/functions.h"
#include "token/driver/internal/roles.h"

namespace hutong::token::host {

/// Calls one function of a driver: takes its arguments, calls `symbol`, gives the answer as a result frame.
using Handler = FrameWriter (*)(void* symbol, Function function, Arguments& in, Session& session);
/// Null for the one function that nobody may call: SKF_CancelWaitForDevEvent.
Handler handler_of(Function function);

/// A result without an answer of the driver.
FrameWriter fault_result(std::uint32_t code, CallFault fault, std::string_view text);

}  // namespace hutong::token::host
