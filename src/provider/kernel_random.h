#pragma once

#include "crypto/random.h"

namespace hutong::provider {

/// Random octets from the kernel, call by call: nothing is kept, so forks and threads are no matter. The
/// provider does not take them from OpenSSL, which may have been loaded without a generator (a program with
/// "hutong-gm" and "base" only). A kernel without random numbers ends the program.
crypto::RandomSource& kernel_random();

}  // namespace hutong::provider
