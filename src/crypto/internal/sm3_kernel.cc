#include "crypto/internal/sm3_kernel.h"

#include "crypto/internal/cpu.h"
#include "crypto/internal/sm3_lanes.h"

namespace hutong::crypto::internal {

#if defined(HUTONG_X86_KERNELS)
std::span<const Sm3Kernel* const> sm3_kernels() {
  static constexpr std::array kAll = {&kSm3Avx, &kSm3Bmi2, &kSm3Portable};
  const CpuFeatures& has = cpu_features();
  const std::size_t usable = !has.bmi2 ? 1 : has.avx2 ? 3 : 2;
  return std::span<const Sm3Kernel* const>(kAll).last(usable);
}

Sm3LanesFunction sm3_lanes() { return cpu_features().avx2 ? sm3_compress_lanes_avx2 : nullptr; }
#else
std::span<const Sm3Kernel* const> sm3_kernels() {
  static constexpr std::array kAll = {&kSm3Portable};
  return kAll;
}

Sm3LanesFunction sm3_lanes() { return nullptr; }
#endif

const Sm3Kernel& sm3_kernel() {
  static const Sm3Kernel& best = *sm3_kernels().front();
  return best;
}

}  // namespace hutong::crypto::internal
