#include "crypto/internal/sm2_kernel.h"

namespace hutong::crypto::internal {

std::span<const Sm2Kernel* const> sm2_kernels() {
  static constexpr std::array kAll = {&kSm2Portable};
  return kAll;
}

const Sm2Kernel& sm2_kernel() {
  static const Sm2Kernel& best = *sm2_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
