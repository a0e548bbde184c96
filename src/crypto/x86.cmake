# The kernels for x86-64; which of them run is decided at run time. Read by kernels.cmake.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(x86_sources
    internal/ghash_clmul.cc
    internal/ghash_vpclmul.cc
    internal/sm2_adx.cc
    internal/sm2_lanes_avx2.cc
    internal/sm2_lanes_ifma.cc
    internal/sm3_avx.cc
    internal/sm3_avx2.cc
    internal/sm3_bmi2.cc
    internal/sm4_aesni.cc
    internal/sm4_gfni.cc
    internal/sm4_vaes.cc)
  list(APPEND kernel_sources ${x86_sources})
  list(APPEND kernel_tests
    internal/sm2_field_adx_test.cc
    internal/sm2_lanes_avx2_test.cc
    internal/sm2_lanes_ifma_test.cc)
  # Both hold the checks of sm2_lanes_checks.h.
  set_source_files_properties(internal/sm2_lanes_avx2_test.cc internal/sm2_lanes_ifma_test.cc
    PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endif()
