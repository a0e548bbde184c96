# hutong_unite(target batch): compiles the target's sources in batches of so many, where HUTONG_UNITY is on.
#   A file that must be compiled alone has SKIP_UNITY_BUILD_INCLUSION set, with the reason beside it (decision 0007).
function(hutong_unite target batch)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${HUTONG_UNITY} UNITY_BUILD_BATCH_SIZE ${batch})
endfunction()

# hutong_computes(target): much arithmetic or parsing; under the sanitizers (preset clang) such targets alone are optimised.
function(hutong_computes target)
  if(HUTONG_SANITIZE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# hutong_unite_apart(target batch source ...): these sources of a target make batches of their own, so that a library that
#   needs nothing else takes nothing along of what the others stand on.
function(hutong_unite_apart target batch)
  get_target_property(sources ${target} SOURCES)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  set(apart_count 0)
  set(rest_count 0)
  foreach(source IN LISTS sources)
    set(group rest)
    if(source IN_LIST ARGN)
      set(group apart)
    endif()
    math(EXPR number "${${group}_count} / ${batch}")
    math(EXPR ${group}_count "${${group}_count} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group}_${number})
  endforeach()
endfunction()

# hutong_module(NAME name SOURCES a.cc ... [PUBLIC lib ...] [PRIVATE lib ...] [COMPUTES])
#   one library `hutong_<name>`; PUBLIC only for what its headers include. COMPUTES: hutong_computes().
# hutong_tests(NAME name SOURCES a_test.cc ... [LIBRARIES lib ...] [COMPUTES])
#   one test program `<name>_test` = one CTest entry; `./dev test` adds up the cases of all programs. In a release the
#   test's own code is not optimised, for a quicker build; lightly with COMPUTES: it does much arithmetic itself.
function(hutong_module)
  cmake_parse_arguments(M "COMPUTES" "NAME" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(hutong_${M_NAME} STATIC ${M_SOURCES})
  target_include_directories(hutong_${M_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(hutong_${M_NAME} PUBLIC ${M_PUBLIC} PRIVATE ${M_PRIVATE})
  hutong_unite(hutong_${M_NAME} 12)
  if(M_COMPUTES)
    hutong_computes(hutong_${M_NAME})
  endif()
endfunction()

function(hutong_tests)
  cmake_parse_arguments(T "COMPUTES" "NAME" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT HUTONG_TESTS)
    return()
  endif()
  add_executable(${T_NAME}_test ${T_SOURCES})
  target_link_libraries(${T_NAME}_test PRIVATE ${T_LIBRARIES} hutong_test_support GTest::gmock GTest::gtest_main)
  hutong_unite(${T_NAME}_test 6)
  if(T_COMPUTES)
    hutong_computes(${T_NAME}_test)
  endif()
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${T_NAME}_test PRIVATE $<IF:$<BOOL:${T_COMPUTES}>,-O1,-O0> -U_FORTIFY_SOURCE)
  endif()
  add_test(NAME ${T_NAME} COMMAND ${T_NAME}_test --gtest_output=json:${CMAKE_BINARY_DIR}/test-results/${T_NAME}.json)
endfunction()
