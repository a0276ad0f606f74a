# SPDX-License-Identifier: Apache-2.0
# The leaf libraries of the engine and the builtins that stand on them.
set(LEAF_SRCS
  arith.cpp arith_parse.cpp files.cpp glob.cpp pattern.cpp pattern_groups.cpp utf8.cpp
  builtins/basename.cpp builtins/cat.cpp builtins/copy.cpp builtins/echo.cpp builtins/escapes.cpp
  builtins/files.cpp builtins/getopts.cpp builtins/line_reader.cpp builtins/ls.cpp
  builtins/mapfile.cpp builtins/printf.cpp builtins/read.cpp builtins/seq.cpp builtins/test.cpp
  builtins/time_format.cpp builtins/uname.cpp builtins/utility.cpp)
set(LEAF_TESTS arith_test.cpp glob_test.cpp pattern_test.cpp)
