# SPDX-License-Identifier: Apache-2.0
# Installs the package under a prefix of its own and builds embedders against it, each with the
# toolchain of this build: examples/embedder over the Wasmtime that the package brings, and
# own_wasmtime/ over one that the embedder names. Each program runs cold and warm.
include(${SOURCE}/cmake/SwebashCheckPackage.cmake)

# build(NAME SOURCE [DEFINITION...]) builds an embedder in ${WORK}/NAME.
function(build NAME SOURCE_DIR)
  run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR} -B ${WORK}/${NAME} ${toolchain} ${package}
      -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${CC}
      -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} "-DCMAKE_EXE_LINKER_FLAGS=${LINK_FLAGS}" ${ARGN})
  run(${CMAKE_COMMAND} --build ${WORK}/${NAME})
endfunction()

# expect(CACHE COMMAND WORD... SAYS text...) runs the command once for each text, with that cache.
function(expect CACHE)
  cmake_parse_arguments(ARG "" "" "COMMAND;SAYS" ${ARGN})
  set(ENV{MODCACHE_DIR} ${WORK}/${CACHE})
  foreach(expected ${ARG_SAYS})
    run(${ARG_COMMAND})
    if(NOT output STREQUAL "${expected}\n")
      message(FATAL_ERROR "${ARG_COMMAND} said '${output}' and not '${expected}'")
    endif()
  endforeach()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component modcache --prefix ${WORK}/prefix)
set(toolchain)
if(TOOLCHAIN)
  set(toolchain -DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN})
endif()
# By its own place, since a toolchain may keep the search for packages to itself.
file(GLOB_RECURSE package ${WORK}/prefix/modcacheConfig.cmake)
cmake_path(GET package PARENT_PATH package)
set(package -Dmodcache_DIR=${package})
set(module ${SOURCE}/examples/embedder/answer.wasm)

build(embedder ${SOURCE}/examples/embedder)
foreach(program embedder_cpp embedder_c)
  expect(cache-${program} COMMAND ${WORK}/embedder/${program} ${module}
         SAYS "jit, absent: 42" "cache, none: 42" "cache, none: 42")
endforeach()
run(${WORK}/prefix/bin/modcache stats --json)

build(own ${CMAKE_CURRENT_LIST_DIR}/own_wasmtime -DEXAMPLES=${SOURCE}/examples/embedder
      -DMY_WASMTIME_LIBRARY=${WASMTIME_LIBRARY} -DMY_WASMTIME_INCLUDE=${WASMTIME_INCLUDE})
# What one Wasmtime of a version has compiled serves another of that version.
expect(cache-embedder_cpp COMMAND ${WORK}/own/embedder_cpp ${module} SAYS "cache, none: 42")
expect(cache-own COMMAND ${WORK}/own/embedder_cpp ${module} SAYS "jit, absent: 42" "cache, none: 42")
foreach(setting plain fuel)
  expect(cache-own COMMAND ${WORK}/own/own_engine ${module} ${setting}
         SAYS "jit, absent: loaded" "cache, none: loaded")
endforeach()

# Two builds of one version that differ in what they were built with: neither takes the other's
# entries for its own, and both hit from then on. The headers say how a Wasmtime was built.
file(COPY ${WASMTIME_INCLUDE}/ DESTINATION ${WORK}/threads_include)
file(APPEND ${WORK}/threads_include/wasmtime/conf.h "\n#define WASMTIME_FEATURE_THREADS\n")
build(threads ${CMAKE_CURRENT_LIST_DIR}/own_wasmtime -DEXAMPLES=${SOURCE}/examples/embedder
      -DMY_WASMTIME_LIBRARY=${WASMTIME_LIBRARY} -DMY_WASMTIME_INCLUDE=${WORK}/threads_include)
expect(cache-own COMMAND ${WORK}/threads/embedder_cpp ${module}
       SAYS "jit, absent: 42" "cache, none: 42")
expect(cache-own COMMAND ${WORK}/own/embedder_cpp ${module} SAYS "cache, none: 42")
expect(cache-own COMMAND ${WORK}/threads/embedder_cpp ${module} SAYS "cache, none: 42")

# Where the compile program is not to be had, a Wasmtime with a compiler does without.
set(ENV{MODCACHE_COMPILER} /nonexistent)
expect(cache-alone COMMAND ${WORK}/own/embedder_cpp ${module}
       SAYS "jit, absent: 42" "cache, none: 42")
