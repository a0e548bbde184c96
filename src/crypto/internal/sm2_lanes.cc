#include "crypto/internal/sm2_lanes.h"

#include <array>

#include "crypto/internal/cpu.h"

namespace hutong::crypto::internal {

#if defined(__x86_64__)
std::span<const Sm2LanesKernel* const> sm2_lanes_kernels() {
  static constexpr std::array kAll = {&kSm2LanesAvx2};
  return cpu_features().avx2 ? std::span<const Sm2LanesKernel* const>(kAll)
                             : std::span<const Sm2LanesKernel* const>();
}
#else
std::span<const Sm2LanesKernel* const> sm2_lanes_kernels() { return {}; }
#endif

}  // namespace hutong::crypto::internal
