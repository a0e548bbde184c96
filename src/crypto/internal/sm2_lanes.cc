#include "crypto/internal/sm2_lanes.h"

#include <array>

#include "crypto/internal/cpu.h"

namespace hutong::crypto::internal {

#if defined(HUTONG_X86_KERNELS)
std::span<const Sm2LanesKernel* const> sm2_lanes_kernels() {
  static constexpr std::array kAll = {&kSm2LanesIfma, &kSm2LanesAvx2};
  const std::span<const Sm2LanesKernel* const> all(kAll);
  return cpu_features().avx512_ifma ? all : cpu_features().avx2 ? all.last(1) : all.last(0);
}
#else
std::span<const Sm2LanesKernel* const> sm2_lanes_kernels() { return {}; }
#endif

}  // namespace hutong::crypto::internal
