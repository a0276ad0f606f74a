# SPDX-License-Identifier: Apache-2.0
# swebash_library: a folder as a link target, with the unit tests that stand beside its sources.

# swebash_library(NAME SRCS a.cpp... [DEPS target...] [TESTS a_test.cpp...] [TEST_DEPS target...]
#                 [DEFINITIONS -D...] [LABELS quick...])
# makes library swebash_NAME and, where there are tests, the program NAME_tests, each of whose tests
# is known to ctest. `[DIR path]` when the folder is not the current one.
function(swebash_library NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;TESTS;TEST_DEPS;DEFINITIONS;LABELS" ${ARGN})
  set(target swebash_${NAME})
  if(ARG_SRCS)
    add_library(${target} STATIC ${ARG_SRCS})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${ARG_DEPS} PRIVATE swebash_warnings)
    target_compile_definitions(${target} PUBLIC ${ARG_DEFINITIONS})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${ARG_DEPS})
    target_compile_definitions(${target} INTERFACE ${ARG_DEFINITIONS})
  endif()
  if(ARG_TESTS AND SWEBASH_TESTS)
    add_executable(${NAME}_tests ${ARG_TESTS})
    target_link_libraries(${NAME}_tests PRIVATE ${target} ${ARG_TEST_DEPS} swebash_warnings
                                                GTest::gmock_main)
    if(NOT ARG_LABELS)
      set(ARG_LABELS quick)
    endif()
    gtest_discover_tests(${NAME}_tests TEST_PREFIX "${NAME}." DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS "${ARG_LABELS}")
  endif()
endfunction()
