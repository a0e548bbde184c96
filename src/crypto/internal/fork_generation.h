#pragma once

#include <cstdint>

namespace hutong::crypto::internal {

/// A number from 1 on that the child of a fork finds changed. Whoever keeps prepared random octets asks
/// before use, and drops them when the number is not that of their making. Costs a load; thread-safe.
std::uint64_t fork_generation();

}  // namespace hutong::crypto::internal
