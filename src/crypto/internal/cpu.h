#pragma once

/// Whether the kernels for x86-64 (x86.cmake) are linked in. A build with narrow words is about the portable
/// ones alone.
#if defined(__x86_64__) && !defined(HUTONG_NARROW_WORDS)
#define HUTONG_X86_KERNELS
#endif

namespace hutong::crypto::internal {

/// What the fast kernels ask of an x86-64 processor (and of the system, as to the wide registers); all false
/// elsewhere.
struct CpuFeatures {
  bool bmi2 = false;      ///< BMI and BMI2
  bool bmi2_adx = false;  ///< MULX, ADCX, ADOX
  bool avx2 = false;
  bool avx512_ifma = false;  ///< AVX-512 F and IFMA, 512-bit registers; implies avx2
  bool aes = false;          ///< AES-NI and SSSE3
  bool vaes = false;         ///< AES on 256-bit registers; implies avx2
  bool gfni = false;         ///< the affine maps of octets on 256-bit registers; implies avx2
  bool clmul = false;        ///< PCLMULQDQ and SSSE3
  bool vpclmul = false;      ///< the same on 256-bit registers; implies avx2 and clmul
};

/// Read once.
const CpuFeatures& cpu_features();

/// For tests: what cpu_features() says from now on. To be called before anything asks for a kernel, from one
/// thread, and only with features that the processor (or valgrind in its place) really has.
void pretend_cpu_features(const CpuFeatures& pretended);

}  // namespace hutong::crypto::internal
