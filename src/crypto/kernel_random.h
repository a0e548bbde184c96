#pragma once

#include "crypto/random.h"

namespace hutong::crypto {

/// Random octets from the kernel, call by call: nothing is kept, so forks and threads are no matter. For
/// libraries that other programs load and that must not bring OpenSSL along (the provider, which may run
/// where OpenSSL has no generator; the software token). A kernel without random numbers ends the program.
RandomSource& kernel_random();

}  // namespace hutong::crypto
