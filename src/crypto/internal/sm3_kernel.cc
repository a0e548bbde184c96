#include "crypto/internal/sm3_kernel.h"

namespace hutong::crypto::internal {

std::span<const Sm3Kernel* const> sm3_kernels() {
  static constexpr std::array kAll = {&kSm3Portable};
  return kAll;
}

const Sm3Kernel& sm3_kernel() {
  static const Sm3Kernel& best = *sm3_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
