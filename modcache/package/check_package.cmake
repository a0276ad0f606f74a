# SPDX-License-Identifier: Apache-2.0
# Installs the package under a prefix of its own, builds examples/embedder against it, and runs each
# program cold and warm.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\nended with ${status}\n${text}\n${errors}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component modcache --prefix ${WORK}/prefix)
set(toolchain)
if(TOOLCHAIN)
  set(toolchain -DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN})
endif()
run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/examples/embedder -B ${WORK}/build ${toolchain}
    -DCMAKE_PREFIX_PATH=${WORK}/prefix -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${CC} "-DCMAKE_EXE_LINKER_FLAGS=${LINK_FLAGS}")
run(${CMAKE_COMMAND} --build ${WORK}/build)

foreach(program embedder_cpp embedder_c)
  set(ENV{MODCACHE_DIR} ${WORK}/cache-${program})
  foreach(expected "jit, absent: 42\n" "cache, none: 42\n")
    run(${WORK}/build/${program} ${SOURCE}/examples/embedder/answer.wasm)
    if(NOT output STREQUAL expected)
      message(FATAL_ERROR "${program} said '${output}' and not '${expected}'")
    endif()
  endforeach()
endforeach()
run(${WORK}/prefix/bin/modcache stats --json)
