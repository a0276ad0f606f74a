# SPDX-License-Identifier: Apache-2.0
# Header-only libraries of the system, for a toolchain that must not see the rest of /usr/include.

# swebash_header_only(NAME PATH) makes the target NAME, whose include directory holds /usr/include/PATH
# (a header or a folder of them) alone.
function(swebash_header_only NAME PATH)
  set(source /usr/include/${PATH})
  if(NOT EXISTS ${source})
    message(FATAL_ERROR "${source} is missing: run ./sbh setup (deps/README.md names the package)")
  endif()
  set(dir ${CMAKE_BINARY_DIR}/headers/${NAME})
  cmake_path(GET PATH PARENT_PATH parent)
  file(MAKE_DIRECTORY ${dir}/${parent})
  file(CREATE_LINK ${source} ${dir}/${PATH} SYMBOLIC)
  add_library(${NAME} INTERFACE)
  target_include_directories(${NAME} SYSTEM INTERFACE ${dir})
endfunction()
