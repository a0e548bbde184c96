# SM3, SM4 and SM2 themselves. Read by CMakeLists.txt.
set(kernel_sources
    internal/cpu.cc
    internal/fork_generation.cc
    internal/ghash.cc
    internal/ghash_portable.cc
    internal/secret_pages.cc
    internal/self_test_kernels.cc
    internal/self_test_sm2.cc
    internal/self_test_symmetric.cc
    internal/sm2_ciphertext.cc
    internal/sm2_kernel.cc
    internal/sm2_lanes.cc
    internal/sm2_lanes_batch.cc
    internal/sm2_lanes_table.cc
    internal/sm2_point.cc
    internal/sm2_portable.cc
    internal/sm2_scalar.cc
    internal/sm2_verification.cc
    internal/sm3_kernel.cc
    internal/sm3_portable.cc
    internal/sm4_counter.cc
    internal/sm4_kernel.cc
    internal/sm4_portable.cc
    self_test.cc
    sm2.cc
    sm2_encryption.cc
    sm2_exchange.cc
    sm2_layout.cc
    sm2_many.cc
    sm2_nonce_pool.cc
    sm2_prepared.cc
    sm2_signature.cc
    sm3.cc
    sm3_many.cc
    sm4.cc
    sm4_ccm.cc
    sm4_gcm.cc
    sm4_modes.cc)
set(kernel_tests
    internal/ghash_test.cc
    internal/safegcd_test.cc
    internal/sm2_edge_vectors_test.cc
    internal/sm2_kernel_test.cc
    internal/sm2_lanes_test.cc
    internal/sm2_multiples_test.cc
    internal/sm2_odd_digits_test.cc
    internal/words_test.cc
    self_test_test.cc
    sm2_many_test.cc
    sm2_negative_suite_test.cc
    sm2_nonce_pool_test.cc
    sm2_prepared_test.cc
    sm2_test.cc
    sm3_many_test.cc
    sm3_test.cc
    sm4_aead_test.cc
    sm4_test.cc
    ${CMAKE_SOURCE_DIR}/tests/support/openssl_peer.cc)

# An object of its own, whose place another one can take: tests/refusal links a broken SM3.
set_source_files_properties(internal/sm3_kernel.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

include(${CMAKE_CURRENT_LIST_DIR}/x86.cmake)

# Makes tests/data/crypto/sm2_wycheproof_style.json.
if(HUTONG_TESTS)
  add_executable(make_sm2_negative_suite EXCLUDE_FROM_ALL
    ${CMAKE_SOURCE_DIR}/tests/tools/make_sm2_negative_suite.cc
    ${CMAKE_SOURCE_DIR}/tests/tools/sm2_suite_keys.cc
    ${CMAKE_SOURCE_DIR}/tests/tools/sm2_suite_signatures.cc)
  target_include_directories(make_sm2_negative_suite PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(make_sm2_negative_suite PRIVATE hutong_crypto nlohmann_json::nlohmann_json)
endif()
