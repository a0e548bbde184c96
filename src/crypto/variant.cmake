# hutong_kernels_alone(source ...): the innermost loops are compiled one file at a time. Several hold the same templates
#   for other registers, and how far a compiler inlines in a large unit depends on what else is in it.
function(hutong_kernels_alone)
  set(sources ${ARGN})
  list(FILTER sources INCLUDE REGEX "(_portable|_clmul|_vpclmul|_adx|_lanes_avx2|_lanes_ifma|_avx|_avx2|_bmi2|_aesni|_gfni|_vaes|sm2_point|sm2_scalar)[.]cc$")
  set_source_files_properties(${sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# hutong_crypto_variant(NAME target [DEFINITIONS name ...])
#   the kernels once more, compiled with other definitions, for tests: one library beside hutong_crypto, whose
#   headers it shares and which must not be linked into the same program.
set_property(GLOBAL PROPERTY hutong_crypto_folder ${CMAKE_CURRENT_LIST_DIR})
set_property(GLOBAL PROPERTY hutong_kernel_sources ${kernel_sources} random.cc)
set_property(GLOBAL PROPERTY hutong_x86_sources ${x86_sources})

function(hutong_crypto_variant)
  cmake_parse_arguments(V "" "NAME" "DEFINITIONS" ${ARGN})
  get_property(folder GLOBAL PROPERTY hutong_crypto_folder)
  get_property(sources GLOBAL PROPERTY hutong_kernel_sources)
  if("HUTONG_NARROW_WORDS" IN_LIST V_DEFINITIONS)  # see internal/cpu.h
    get_property(x86_sources GLOBAL PROPERTY hutong_x86_sources)
    list(REMOVE_ITEM sources ${x86_sources})
  endif()
  list(TRANSFORM sources PREPEND ${folder}/)
  hutong_kernels_alone(${sources})
  add_library(${V_NAME} STATIC ${sources})
  target_include_directories(${V_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_definitions(${V_NAME} PUBLIC ${V_DEFINITIONS})
  target_link_libraries(${V_NAME} PUBLIC hutong_asn1 PRIVATE OpenSSL::Crypto)
  hutong_unite(${V_NAME} 12)
  hutong_computes(${V_NAME})
endfunction()
