#pragma once

#include <span>

#include "crypto/sm4.h"

namespace hutong::crypto::internal {

/// How much of the counter block counts: all of it (CTR, CCM) or its last 32 bits (GCM, SP 800-38D 6.2).
enum class CounterWidth { k32, k128 };

void increment(Sm4Block& counter, CounterWidth width);

/// out = in xor key stream, going on where the state stands. `out` has the size of `in` and may be `in`.
void xor_key_stream(const Sm4Key& key, Sm4CounterState& state, CounterWidth width, ByteView in,
                    std::span<std::uint8_t> out);

}  // namespace hutong::crypto::internal
