# SPDX-License-Identifier: Apache-2.0
# For the scripts that install a package and build embedders against it.

# run(COMMAND WORD...) runs a command that must end well; its standard output is ${output}.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\nended with ${status}\n${text}\n${errors}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()
