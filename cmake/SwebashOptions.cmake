# SPDX-License-Identifier: Apache-2.0
# The build's options, and the warnings that hold for our own code only.

set(SWEBASH_ONLY "" CACHE STRING "Build these folders only (a list; empty: all)")
set(SWEBASH_SANITIZE "" CACHE STRING "Sanitizers for all our code: address,undefined or thread")
set(SWEBASH_WASMTIME_DIR "" CACHE PATH "Where the Wasmtime builds are (see deps/README.md)")
option(SWEBASH_TESTS "Build the tests" ON)
option(SWEBASH_FUZZ "Build the fuzz targets (clang)" OFF)
option(SWEBASH_STATIC "Link the programs statically" OFF)

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

# The native engine is for unit tests and fuzzers; the product needs engine.wasm alone.
option(SWEBASH_NATIVE_ENGINE "Build the engine natively too" ON)
if(SWEBASH_FUZZ)
  # All that is fuzzed tells the fuzzer where it has been.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(SWEBASH_SANITIZE)
  add_compile_options(-fsanitize=${SWEBASH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SWEBASH_SANITIZE})
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

# A static program starts sooner: no loader, no relocation of shared libraries. It stays one that the
# kernel loads at a random address.
if(SWEBASH_STATIC)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  if(SWEBASH_MUSL)
    add_link_options(-pie)
  else()
    add_link_options(-static-pie)
  endif()
endif()
