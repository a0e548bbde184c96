#include "crypto/internal/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace hutong::crypto::internal {
namespace {

#if defined(__x86_64__)
/// clang 14 knows neither "adx" nor "vaes" as names for __builtin_cpu_supports, so leaf 7 is read here; what
/// needs the system to save wide registers goes through the builtin, which asks for that too.
CpuFeatures read_features() {
  CpuFeatures features;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) {
    return features;
  }
  constexpr unsigned kAdxBit = 1U << 19;      // EBX
  constexpr unsigned kGfniBit = 1U << 8;      // ECX
  constexpr unsigned kVaesBit = 1U << 9;      // ECX
  constexpr unsigned kVpclmulBit = 1U << 10;  // ECX
  features.bmi2 = (ebx & bit_BMI) != 0 && (ebx & bit_BMI2) != 0;
  features.bmi2_adx = features.bmi2 && (ebx & kAdxBit) != 0;
  features.avx2 = __builtin_cpu_supports("avx2") != 0;
  features.avx512_ifma =
      features.avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512ifma") != 0;
  const bool has_ssse3 = __builtin_cpu_supports("ssse3") != 0;
  features.clmul = has_ssse3 && __builtin_cpu_supports("pclmul") != 0;
  features.aes = has_ssse3 && __builtin_cpu_supports("aes") != 0;
  features.vaes = features.avx2 && features.aes && (ecx & kVaesBit) != 0;
  features.vpclmul = features.avx2 && features.clmul && (ecx & kVpclmulBit) != 0;
  features.gfni = features.avx2 && (ecx & kGfniBit) != 0;
  return features;
}
#else
CpuFeatures read_features() { return {}; }
#endif

CpuFeatures& features() {
  static CpuFeatures features = read_features();
  return features;
}

}  // namespace

const CpuFeatures& cpu_features() { return features(); }

void pretend_cpu_features(const CpuFeatures& pretended) { features() = pretended; }

}  // namespace hutong::crypto::internal
