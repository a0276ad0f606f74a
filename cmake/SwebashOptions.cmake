# SPDX-License-Identifier: Apache-2.0
# The build's options, and the warnings that hold for our own code only.

set(SWEBASH_ONLY "" CACHE STRING "Build these folders only (a list; empty: all)")
set(SWEBASH_SANITIZE "" CACHE STRING "Sanitizers for all our code: address,undefined or thread")
set(SWEBASH_WASMTIME_DIR "" CACHE PATH "Where the Wasmtime builds are (see deps/README.md)")
option(SWEBASH_TESTS "Build the tests" ON)
option(SWEBASH_FUZZ "Build the fuzz targets (clang)" OFF)

add_library(swebash_warnings INTERFACE)
target_compile_options(swebash_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror=unused-result)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(swebash_warnings INTERFACE
    -Wno-gnu-statement-expression-from-macro-expansion -Wno-gnu-zero-variadic-macro-arguments
    -Wno-missing-designated-field-initializers -Wthread-safety -Werror=thread-safety)
endif()
if(SWEBASH_WERROR)
  target_compile_options(swebash_warnings INTERFACE -Werror)
endif()

if(SWEBASH_SANITIZE)
  add_compile_options(-fsanitize=${SWEBASH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SWEBASH_SANITIZE})
endif()
