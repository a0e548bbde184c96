#pragma once

#include "base/result.h"
#include "token/skf.h"

namespace hutong::token::software {

/// An Error that the caller of an SKF function gets as this result of annex A; its reason is the result's
/// name.
Error refusal(ULONG result);
/// The result for an Error from anywhere below: its own, or the nearest one of annex A.
ULONG result_of(const Error& error);

}  // namespace hutong::token::software
