# SPDX-License-Identifier: Apache-2.0
# What is installed: programs and the files that stand beside them. `swebash_programs` builds it all,
# into ${CMAKE_BINARY_DIR}/bin; `cmake --install` puts the same under a prefix.

add_custom_target(swebash_programs)

# swebash_program(TARGET) marks a program as part of the product.
function(swebash_program TARGET)
  add_dependencies(swebash_programs ${TARGET})
  install(TARGETS ${TARGET} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# swebash_companion(FILE TARGET) marks a file, made by TARGET, as one that stands beside the programs.
function(swebash_companion FILE TARGET)
  add_dependencies(swebash_programs ${TARGET})
  install(FILES ${FILE} DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
