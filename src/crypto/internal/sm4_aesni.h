#pragma once

#include "crypto/internal/sm4_kernel.h"

namespace hutong::crypto::internal {

/// SM4 with the S-box out of the AES instructions, four or sixteen blocks at a time; null when this processor
/// has none.
const Sm4Kernel* sm4_aesni();

}  // namespace hutong::crypto::internal
