# SPDX-License-Identifier: Apache-2.0
# The release's toolchain: ziglang's clang with musl and libc++, through the wrappers that
# `./sbh setup` writes into the build cache. Everything it links is static.

include(${CMAKE_CURRENT_LIST_DIR}/../../build/.sbh/setup.cmake OPTIONAL)
if(DEFINED ENV{SWEBASH_ZIG_DIR})
  set(SWEBASH_SETUP_ZIG_DIR $ENV{SWEBASH_ZIG_DIR})
endif()
if(NOT SWEBASH_SETUP_ZIG_DIR)
  message(FATAL_ERROR "There is no musl toolchain: run ./sbh setup, or use the preset release-glibc")
endif()

set(CMAKE_C_COMPILER ${SWEBASH_SETUP_ZIG_DIR}/bin/musl-clang)
set(CMAKE_CXX_COMPILER ${SWEBASH_SETUP_ZIG_DIR}/bin/musl-clang++)
set(CMAKE_AR ${SWEBASH_SETUP_ZIG_DIR}/bin/musl-ar)
set(CMAKE_RANLIB ${SWEBASH_SETUP_ZIG_DIR}/bin/musl-ranlib)
# zig builds its libc++ once for each kind of program (optimised or not, position independent or not),
# minutes each: CMake's own checks are to ask for the kind that the release is.
set(CMAKE_C_FLAGS_INIT "-O2 -fPIE")
set(CMAKE_CXX_FLAGS_INIT "-O2 -fPIE")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-pie")
# Without these the libraries and headers of the machine's glibc would be found.
set(CMAKE_FIND_ROOT_PATH ${SWEBASH_SETUP_ZIG_DIR})
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(SWEBASH_MUSL ON)
set(SWEBASH_STATIC ON)
