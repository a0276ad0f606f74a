# SPDX-License-Identifier: Apache-2.0
# GoogleTest, built with each preset's own compiler from the sources that Debian's package
# `googletest` installs (a musl or a sanitizer build cannot use its glibc libraries).

if(SWEBASH_TESTS)
  include(GoogleTest)
  set(SWEBASH_GOOGLETEST_DIR /usr/src/googletest CACHE PATH "GoogleTest's sources")
  if(NOT EXISTS ${SWEBASH_GOOGLETEST_DIR}/CMakeLists.txt)
    message(FATAL_ERROR "GoogleTest's sources are not in ${SWEBASH_GOOGLETEST_DIR}: "
                        "install Debian's package googletest, or run ./sbh setup")
  endif()
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  add_subdirectory(${SWEBASH_GOOGLETEST_DIR} ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
  foreach(target gtest gtest_main gmock gmock_main)
    target_compile_options(${target} PRIVATE -w)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "")
    if(NOT TARGET GTest::${target})
      add_library(GTest::${target} ALIAS ${target})
    endif()
  endforeach()
endif()
