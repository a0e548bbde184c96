#include "crypto/internal/sm4_kernel.h"

#include <array>

namespace hutong::crypto::internal {

std::span<const Sm4Kernel* const> sm4_kernels() {
  static constexpr std::array kAll = {&kSm4Portable};
  return kAll;
}

const Sm4Kernel& sm4_kernel() {
  static const Sm4Kernel& best = *sm4_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
