# SPDX-License-Identifier: Apache-2.0
# swebash_wasm_program: C++ sources to one WebAssembly module, within the host's build.

find_program(SWEBASH_WASM_CXX NAMES clang++-22 DOC "clang that targets wasm32-wasi")
find_program(SWEBASH_WASM_STRIP NAMES llvm-strip-22 DOC "llvm-strip")
find_program(SWEBASH_WASM_OPT NAMES wasm-opt DOC "Binaryen's optimiser of whole modules")
find_program(SWEBASH_WASM_DIS NAMES wasm-dis DOC "Binaryen's disassembler")
find_program(SWEBASH_WASM_AS NAMES wasm-as DOC "Binaryen's assembler")
find_program(SWEBASH_PYTHON NAMES python3 DOC "Python")
find_program(SWEBASH_CCACHE NAMES ccache DOC "ccache")

# swebash_wasm_program(NAME OUTPUT file.wasm SRCS a.cpp... [FLAGS ...] [SMALL b.cpp... SMALL_FLAGS ...]
#                      [APART c.cpp... APART_FLAGS ...] [LINK_FLAGS ...] [OPTIMISE ...] [FEATURES ...] [ORDER list.txt])
# makes OUTPUT by target NAME. Each source is a command of its own with a dependency file, so that a
# change compiles what it touches. SMALL, APART: sources that get SMALL_FLAGS, APART_FLAGS after FLAGS;
# what a source of SRCS and one of SMALL both define, as templates, is that of SRCS. OPTIMISE: what
# wasm-opt is to do with the linked module, whose rare function types are then shared
# (share_signatures.py); ORDER: the functions whose code comes first (order_functions.py); FEATURES:
# of WebAssembly, for all of that.
function(swebash_wasm_program NAME)
  cmake_parse_arguments(ARG "" "OUTPUT;ORDER" "SRCS;FLAGS;SMALL;SMALL_FLAGS;APART;APART_FLAGS;LINK_FLAGS;OPTIMISE;FEATURES" ${ARGN})
  set(objects)
  set(flags --target=wasm32-wasi -std=c++23 -I${PROJECT_SOURCE_DIR} -DSWEBASH_GUEST=1
            -Wno-deprecated ${ARG_FLAGS})
  foreach(source ${ARG_SRCS} ${ARG_SMALL} ${ARG_APART})
    set(apart)
    if(source IN_LIST ARG_SMALL)
      set(apart ${ARG_SMALL_FLAGS})
    elseif(source IN_LIST ARG_APART)
      set(apart ${ARG_APART_FLAGS})
    endif()
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/wasm/${name}.o)
    cmake_path(GET object PARENT_PATH object_dir)
    file(MAKE_DIRECTORY ${object_dir})
    add_custom_command(OUTPUT ${object}
      COMMAND ${SWEBASH_CCACHE} ${SWEBASH_WASM_CXX} ${flags} ${apart} -MD -MF ${object}.d -c ${source} -o ${object}
      DEPENDS ${source} DEPFILE ${object}.d
      COMMENT "Building wasm object ${name}.o" VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(linked ${ARG_OUTPUT})
  if(ARG_OPTIMISE)
    set(linked ${CMAKE_CURRENT_BINARY_DIR}/wasm/${NAME}.wasm)
    set(whole ${CMAKE_CURRENT_BINARY_DIR}/wasm/${NAME})
    set(share ${PROJECT_SOURCE_DIR}/cmake/release/share_signatures.py)
    set(order ${PROJECT_SOURCE_DIR}/cmake/release/order_functions.py)
    add_custom_command(OUTPUT ${ARG_OUTPUT}
      COMMAND ${SWEBASH_WASM_OPT} -g ${ARG_OPTIMISE} ${ARG_FEATURES} ${linked} -o ${whole}.optimised.wasm
      COMMAND ${SWEBASH_WASM_DIS} ${ARG_FEATURES} ${whole}.optimised.wasm -o ${whole}.wat
      COMMAND ${SWEBASH_PYTHON} ${share} ${whole}.wat ${whole}.shared.wat
      COMMAND ${SWEBASH_PYTHON} ${order} ${ARG_ORDER} ${whole}.shared.wat ${whole}.ordered.wat
      COMMAND ${SWEBASH_WASM_AS} ${ARG_FEATURES} ${whole}.ordered.wat -o ${ARG_OUTPUT}
      DEPENDS ${linked} ${ARG_ORDER} ${order} ${share}
      COMMENT "Optimising ${NAME}" VERBATIM)
  endif()
  add_custom_command(OUTPUT ${linked}
    COMMAND ${SWEBASH_WASM_CXX} --target=wasm32-wasi -Wno-deprecated ${objects} ${ARG_LINK_FLAGS} -o ${linked}
    DEPENDS ${objects}
    COMMENT "Linking ${NAME}" VERBATIM)
  add_custom_target(${NAME} ALL DEPENDS ${ARG_OUTPUT})
endfunction()
