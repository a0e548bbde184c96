# hutong_crypto_variant(NAME target [DEFINITIONS name ...])
#   the kernels once more, compiled with other definitions, for tests: one library beside hutong_crypto, whose
#   headers it shares and which must not be linked into the same program.
set_property(GLOBAL PROPERTY hutong_crypto_folder ${CMAKE_CURRENT_LIST_DIR})
set_property(GLOBAL PROPERTY hutong_kernel_sources ${kernel_sources} random.cc)

function(hutong_crypto_variant)
  cmake_parse_arguments(V "" "NAME" "DEFINITIONS" ${ARGN})
  get_property(folder GLOBAL PROPERTY hutong_crypto_folder)
  get_property(sources GLOBAL PROPERTY hutong_kernel_sources)
  list(TRANSFORM sources PREPEND ${folder}/)
  add_library(${V_NAME} STATIC ${sources})
  target_include_directories(${V_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_definitions(${V_NAME} PUBLIC ${V_DEFINITIONS})
  target_link_libraries(${V_NAME} PUBLIC hutong_asn1 PRIVATE OpenSSL::Crypto)
endfunction()
