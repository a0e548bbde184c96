# The headers of the standard library, of JSON and of GTest are read once: for libraries, and for test code, which is compiled
# with other options. What is compiled with other options than these two (what computes, under the sanitizers; the kernels
# for other programs) reads its headers itself.
function(hutong_precompile kind header)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled_${kind}.cc CONTENT "")
  add_library(hutong_precompiled_${kind} OBJECT ${CMAKE_BINARY_DIR}/precompiled_${kind}.cc)
  target_link_libraries(hutong_precompiled_${kind} PRIVATE nlohmann_json::nlohmann_json ${ARGN})
  target_precompile_headers(hutong_precompiled_${kind} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
endfunction()

# hutong_use_precompiled(target library|test)
function(hutong_use_precompiled target kind)
  if(TARGET hutong_precompiled_${kind})
    target_precompile_headers(${target} REUSE_FROM hutong_precompiled_${kind})
    if(kind STREQUAL "library" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # What is inlined out of a precompiled std::string is no more a system header's to g++, and it reports these falsely.
      target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    endif()
  endif()
endfunction()

if(HUTONG_PRECOMPILE)
  # Programs as libraries, and all for threads: a precompiled header fits no other code.
  add_compile_options(-fPIC -pthread)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)  # for ccache
  else()
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")  # for ccache
  endif()
  hutong_precompile(library precompiled.h)
  if(HUTONG_TESTS OR HUTONG_BENCH)
    hutong_precompile(test precompiled_test.h GTest::gmock)
    hutong_test_options(hutong_precompiled_test)
  endif()
endif()
