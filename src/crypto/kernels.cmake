# SM3, SM4 and SM2 themselves. Read by CMakeLists.txt.
set(kernel_sources
    internal/sm2_ciphertext.cc
    internal/sm2_field.cc
    internal/sm2_kernel.cc
    internal/sm2_point.cc
    internal/sm2_portable.cc
    internal/sm2_scalar.cc
    internal/sm3_kernel.cc
    internal/sm3_portable.cc
    sm2.cc
    sm2_encryption.cc
    sm2_exchange.cc
    sm2_signature.cc
    sm3.cc)
set(kernel_tests
    sm3_test.cc)
