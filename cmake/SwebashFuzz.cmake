# SPDX-License-Identifier: Apache-2.0
# swebash_fuzz: a libFuzzer target, registered as a test that runs it for a while over its corpus.

set(SWEBASH_FUZZ_SECONDS 30 CACHE STRING "How long each fuzz target runs as a test")

# swebash_fuzz(NAME DEPS target...) makes NAME_fuzz from fuzz/NAME_fuzz.cpp. What it finds is kept in
# the build directory; the committed corpus fuzz/corpus/NAME is read only.
function(swebash_fuzz NAME)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_executable(${NAME}_fuzz ${NAME}_fuzz.cpp)
  target_compile_options(${NAME}_fuzz PRIVATE -fsanitize=fuzzer)
  target_link_options(${NAME}_fuzz PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${NAME}_fuzz PRIVATE ${ARG_DEPS} swebash_warnings)
  set(found ${CMAKE_CURRENT_BINARY_DIR}/found/${NAME})
  set(seeds ${PROJECT_SOURCE_DIR}/fuzz/corpus/${NAME})
  if(NOT IS_DIRECTORY ${seeds})
    set(seeds)
  endif()
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz.${NAME}
    # Sanitizers make frames several times larger than the limits of nesting reckon with.
    COMMAND sh -c "ulimit -s 65536 2>/dev/null; exec \"$0\" \"$@\"" $<TARGET_FILE:${NAME}_fuzz> -max_total_time=${SWEBASH_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=2048
            -artifact_prefix=${found}-
            ${found} ${seeds})
  set_tests_properties(fuzz.${NAME} PROPERTIES LABELS fuzz)
endfunction()
