#include "crypto/internal/sm4_kernel.h"

#include <vector>

#include "crypto/internal/cpu.h"

namespace hutong::crypto::internal {
namespace {

std::vector<const Sm4Kernel*> usable_kernels() {
  std::vector<const Sm4Kernel*> kernels;
#if defined(HUTONG_X86_KERNELS)
  if (cpu_features().gfni && cpu_features().vaes) {
    kernels.push_back(&kSm4Gfni);
  }
  if (cpu_features().vaes) {
    kernels.push_back(&kSm4Vaes);
  }
  if (cpu_features().aes) {
    kernels.push_back(&kSm4AesNi);
  }
#endif
  kernels.push_back(&kSm4Portable);
  return kernels;
}

}  // namespace

std::span<const Sm4Kernel* const> sm4_kernels() {
  static const std::vector<const Sm4Kernel*> all = usable_kernels();
  return all;
}

const Sm4Kernel& sm4_kernel() {
  static const Sm4Kernel& best = *sm4_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
