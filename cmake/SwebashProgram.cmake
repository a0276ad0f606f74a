# SPDX-License-Identifier: Apache-2.0
# What is installed: programs and the files that stand beside them. `swebash_programs` builds it all,
# into ${CMAKE_BINARY_DIR}/bin; `cmake --install` puts the same under a prefix.

add_custom_target(swebash_programs)

# Writes an installed file anew; see rewrite.sh.
function(swebash_rewrite_installed NAME)
  install(CODE "execute_process(COMMAND sh \"${PROJECT_SOURCE_DIR}/cmake/rewrite.sh\"
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/${NAME}\")")
endfunction()

# swebash_program(TARGET) marks a program as part of the product.
function(swebash_program TARGET)
  add_dependencies(swebash_programs ${TARGET})
  install(TARGETS ${TARGET} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(${TARGET} PRIVATE -Wl,--strip-debug)
    add_custom_command(TARGET ${TARGET} POST_BUILD
      COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/rewrite.sh $<TARGET_FILE:${TARGET}> VERBATIM)
    swebash_rewrite_installed($<TARGET_FILE_NAME:${TARGET}>)
  endif()
endfunction()

# swebash_link_in_order(TARGET LIST) puts the functions that LIST names first, in the release: what every
# start runs lies in few pages then.
find_program(SWEBASH_LLD NAMES ld.lld-22 DOC "LLVM's linker")
find_program(SWEBASH_LLVM_NM NAMES llvm-nm-22 DOC "llvm-nm")
function(swebash_link_in_order TARGET LIST)
  if(SWEBASH_MUSL AND CMAKE_BUILD_TYPE STREQUAL "Release" AND SWEBASH_LLD AND SWEBASH_LLVM_NM AND SWEBASH_PYTHON)
    set(linker ${PROJECT_SOURCE_DIR}/cmake/link_in_order.py)
    set_target_properties(${TARGET} PROPERTIES
      RULE_LAUNCH_LINK "${SWEBASH_PYTHON} ${linker} ${SWEBASH_LLD} ${SWEBASH_LLVM_NM} ${LIST}")
    set_property(TARGET ${TARGET} APPEND PROPERTY LINK_DEPENDS ${linker} ${LIST})
  endif()
endfunction()

# swebash_companion(FILE TARGET) marks a file, made by TARGET, as one that stands beside the programs.
function(swebash_companion FILE TARGET)
  add_dependencies(swebash_programs ${TARGET})
  install(FILES ${FILE} DESTINATION ${CMAKE_INSTALL_BINDIR})
  cmake_path(GET FILE FILENAME name)
  swebash_rewrite_installed(${name})
endfunction()
