# SPDX-License-Identifier: Apache-2.0
# Installs the package under a prefix of its own; builds and runs against it examples/sessions, and what
# README.md says under "Embed it", as an empty project.
include(${SOURCE}/cmake/SwebashCheckPackage.cmake)

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --build ${BUILD} --target libswebash)
run(${CMAKE_COMMAND} --install ${BUILD} --component libswebash --prefix ${WORK}/prefix)

# Builds project `source` against `library` and runs its two programs.
function(check name source library expected)
  run(${CMAKE_COMMAND} -G Ninja -S ${source} -B ${WORK}/${name} -DCMAKE_PREFIX_PATH=${WORK}/prefix
      -DSWEBASH_LIBRARY=${library} -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CXX}
      -DCMAKE_C_COMPILER=${CC} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
  run(${CMAKE_COMMAND} --build ${WORK}/${name})
  foreach(program hello_cpp hello_c)
    run(${WORK}/${name}/${program})
    if(NOT output STREQUAL expected)
      message(FATAL_ERROR "${program} of ${name} said '${output}'")
    endif()
  endforeach()
endfunction()

# The blocks of README's section, in C++ and then in C.
file(READ ${SOURCE}/README.md readme)
string(REGEX REPLACE ".*\n## Embed it\n(.*)" "\\1" readme "${readme}")
string(REGEX REPLACE "\n## .*" "" readme "${readme}")
string(REPLACE ";" "<semicolon>" readme "${readme}")
string(REPLACE "\n" ";" lines "${readme}")
set(block 0)
set(inside FALSE)
foreach(line IN LISTS lines)
  if(line MATCHES "^    ")
    if(NOT inside)
      math(EXPR block "${block} + 1")
    endif()
    set(inside TRUE)
    string(APPEND block_${block} "${line}\n")
  else()
    set(inside FALSE)
  endif()
endforeach()
if(NOT block EQUAL 2)
  message(FATAL_ERROR "README.md has ${block} blocks under \"Embed it\", not one in C++ and one in C")
endif()
string(REPLACE "<semicolon>" ";" block_1 "${block_1}")
string(REPLACE "<semicolon>" ";" block_2 "${block_2}")
file(WRITE ${WORK}/readme_source/hello.cpp
  "#include <iostream>\n#include <swebash/swebash.hpp>\nint main() {\n${block_1}}\n")
file(WRITE ${WORK}/readme_source/hello.c
  "#include <stdio.h>\n#include <swebash/swebash.h>\nint main(void) {\n${block_2}    return 0;\n}\n")
file(COPY ${SOURCE}/examples/sessions/CMakeLists.txt DESTINATION ${WORK}/readme_source)

set(libraries swebash::swebash)
if(SHARED)
  list(APPEND libraries swebash::swebash_shared)
endif()
foreach(library IN LISTS libraries)
  string(REPLACE "swebash::" "" suffix ${library})
  check(sessions_${suffix} ${SOURCE}/examples/sessions ${library} "hello from /tmp\n3 lines\n")
  check(readme_${suffix} ${WORK}/readme_source ${library} "hello from /tmp\n")
endforeach()
