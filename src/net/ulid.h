#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "crypto/random.h"

namespace hutong::net {

/// A ULID: 48 bits of milliseconds and 80 random bits in 26 characters of Crockford base32. Sorts by time.
std::string make_ulid(std::chrono::system_clock::time_point now, crypto::RandomSource& random);
/// True for 26 characters of the upper-case alphabet whose value fits 128 bits.
bool is_ulid(std::string_view text);

}  // namespace hutong::net
