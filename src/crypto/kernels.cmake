# SM3, SM4 and SM2 themselves. Read by CMakeLists.txt.
set(kernel_sources
    internal/sm3_kernel.cc
    internal/sm3_portable.cc
    sm3.cc)
set(kernel_tests
    sm3_test.cc)
