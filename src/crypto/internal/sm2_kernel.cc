#include "crypto/internal/sm2_kernel.h"

#include "crypto/internal/cpu.h"

namespace hutong::crypto::internal {

#if defined(HUTONG_X86_KERNELS)
std::span<const Sm2Kernel* const> sm2_kernels() {
  static constexpr std::array kAll = {&kSm2Adx, &kSm2Portable};
  const bool has_adx = cpu_features().bmi2_adx && cpu_features().avx2;
  return has_adx ? std::span<const Sm2Kernel* const>(kAll) : std::span(kAll).last(1);
}
#else
std::span<const Sm2Kernel* const> sm2_kernels() {
  static constexpr std::array kAll = {&kSm2Portable};
  return kAll;
}
#endif

const Sm2Kernel& sm2_kernel() {
  static const Sm2Kernel& best = *sm2_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
