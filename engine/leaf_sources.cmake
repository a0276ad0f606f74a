# SPDX-License-Identifier: Apache-2.0
# The leaf libraries of the engine and the builtins that stand on them.
set(LEAF_SRCS
  arith.cpp arith_parse.cpp files.cpp glob.cpp pattern.cpp pattern_groups.cpp utf8.cpp
  builtins/echo.cpp builtins/escapes.cpp builtins/getopts.cpp builtins/line_reader.cpp
  builtins/mapfile.cpp builtins/printf.cpp builtins/read.cpp builtins/test.cpp
  builtins/time_format.cpp)
set(LEAF_TESTS arith_test.cpp pattern_test.cpp)
