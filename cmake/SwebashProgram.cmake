# SPDX-License-Identifier: Apache-2.0
# What is installed: programs and the files that they read. `swebash_programs` builds it all, into
# ${CMAKE_BINARY_DIR}/bin, where all stand side by side; `cmake --install` puts under a prefix what people
# start into bin, what only programs read or start into libexec, and the documents into share.

add_custom_target(swebash_programs)
set(SWEBASH_COMPANIONS_DIR ${CMAKE_INSTALL_LIBEXECDIR}/swebash)

# Writes an installed file anew; see rewrite.sh.
function(swebash_rewrite_installed FILE)
  install(CODE "execute_process(COMMAND sh \"${PROJECT_SOURCE_DIR}/cmake/release/rewrite.sh\"
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${FILE}\")")
endfunction()

# swebash_program(TARGET [LIBEXEC folder]) marks a program as part of the product; LIBEXEC: one that only
# programs start.
function(swebash_program TARGET)
  cmake_parse_arguments(ARG "" "LIBEXEC" "" ${ARGN})
  set(place ${CMAKE_INSTALL_BINDIR})
  if(ARG_LIBEXEC)
    set(place ${CMAKE_INSTALL_LIBEXECDIR}/${ARG_LIBEXEC})
  endif()
  add_dependencies(swebash_programs ${TARGET})
  install(TARGETS ${TARGET} RUNTIME DESTINATION ${place})
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(${TARGET} PRIVATE -Wl,--strip-debug)
    add_custom_command(TARGET ${TARGET} POST_BUILD
      COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/release/rewrite.sh $<TARGET_FILE:${TARGET}> VERBATIM)
    swebash_rewrite_installed(${place}/$<TARGET_FILE_NAME:${TARGET}>)
  endif()
endfunction()

# swebash_link_in_order(TARGET LIST) puts the functions that LIST names first, in the release: what every
# start runs lies in few pages then.
find_program(SWEBASH_LLD NAMES ld.lld-22 DOC "LLVM's linker")
find_program(SWEBASH_LLVM_NM NAMES llvm-nm-22 DOC "llvm-nm")
function(swebash_link_in_order TARGET LIST)
  if(SWEBASH_MUSL AND CMAKE_BUILD_TYPE STREQUAL "Release" AND SWEBASH_LLD AND SWEBASH_LLVM_NM AND SWEBASH_PYTHON)
    set(linker ${PROJECT_SOURCE_DIR}/cmake/release/link_in_order.py)
    set_target_properties(${TARGET} PROPERTIES
      RULE_LAUNCH_LINK "${SWEBASH_PYTHON} ${linker} ${SWEBASH_LLD} ${SWEBASH_LLVM_NM} ${LIST}")
    set_property(TARGET ${TARGET} APPEND PROPERTY LINK_DEPENDS ${linker} ${LIST})
  endif()
endfunction()

# swebash_companion(FILE TARGET) marks a file, made by TARGET, as one that the programs read.
function(swebash_companion FILE TARGET)
  add_dependencies(swebash_programs ${TARGET})
  install(FILES ${FILE} DESTINATION ${SWEBASH_COMPANIONS_DIR})
  cmake_path(GET FILE FILENAME name)
  swebash_rewrite_installed(${SWEBASH_COMPANIONS_DIR}/${name})
endfunction()

install(FILES LICENSE NOTICE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")
install(FILES docs/swebash.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
