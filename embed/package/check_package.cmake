# SPDX-License-Identifier: Apache-2.0
# Installs the package under a prefix of its own, and builds and runs examples/sessions against it.
include(${SOURCE}/cmake/SwebashCheckPackage.cmake)

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --build ${BUILD} --target libswebash)
run(${CMAKE_COMMAND} --install ${BUILD} --component libswebash --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/examples/sessions -B ${WORK}/sessions
    -DCMAKE_PREFIX_PATH=${WORK}/prefix -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_C_COMPILER=${CC} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} --build ${WORK}/sessions)
foreach(program hello_cpp hello_c)
  run(${WORK}/sessions/${program})
  if(NOT output STREQUAL "hello from /tmp\n3 lines\n")
    message(FATAL_ERROR "${program} said '${output}'")
  endif()
endforeach()
