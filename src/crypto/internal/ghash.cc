#include "crypto/internal/ghash.h"

#include <array>

#include "crypto/internal/cpu.h"

namespace hutong::crypto::internal {

#if defined(HUTONG_X86_KERNELS)
std::span<const GhashKernel* const> ghash_kernels() {
  static constexpr std::array kAll = {&kGhashVpclmul, &kGhashClmul, &kGhashPortable};
  const CpuFeatures& has = cpu_features();
  const std::size_t usable = has.vpclmul ? 3 : has.clmul ? 2 : 1;
  return std::span<const GhashKernel* const>(kAll).last(usable);
}
#else
std::span<const GhashKernel* const> ghash_kernels() {
  static constexpr std::array kAll = {&kGhashPortable};
  return kAll;
}
#endif

void ghash(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks) {
  static const GhashKernel& best = *ghash_kernels().front();
  best.absorb(h, y, data, blocks);
}

}  // namespace hutong::crypto::internal
