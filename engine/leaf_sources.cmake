# SPDX-License-Identifier: Apache-2.0
# The leaf libraries of the engine and the builtins that stand on them.
set(LEAF_SRCS
  arith.cpp arith_parse.cpp arith_parts.cpp files.cpp glob.cpp pattern.cpp pattern_groups.cpp utf8.cpp
  builtins/basename.cpp builtins/cat.cpp builtins/cp.cpp builtins/echo.cpp builtins/escapes.cpp
  builtins/file_tree.cpp builtins/getopts.cpp builtins/head.cpp builtins/line_reader.cpp
  builtins/ln.cpp builtins/ls.cpp
  builtins/mapfile.cpp builtins/mkdir.cpp builtins/mv.cpp builtins/printf.cpp builtins/read.cpp
  builtins/rm.cpp builtins/rmdir.cpp builtins/seq.cpp builtins/tail.cpp builtins/tee.cpp builtins/test.cpp
  builtins/time_format.cpp builtins/touch.cpp builtins/uname.cpp builtins/utility.cpp
  builtins/utility_input.cpp builtins/wc.cpp)
set(LEAF_TESTS arith_test.cpp glob_test.cpp pattern_test.cpp)
