# SPDX-License-Identifier: Apache-2.0
# The parser's sources and tests, for engine/CMakeLists.txt.
set(PARSER_SRCS
  lexer.cpp
  lexer_heredoc.cpp
  lexer_input.cpp
  parser.cpp
  parser_compound.cpp
  parser_conditional.cpp
  parser_function.cpp
  parser_list.cpp
  unparse.cpp
  unparse_simple.cpp
  word_parser.cpp
  word_parser_ansi_c.cpp
  word_parser_assignment.cpp
  word_parser_braces.cpp
  word_parser_dollar.cpp
  word_parser_parameter.cpp)
set(PARSER_TESTS
  parser_bash_test.cpp
  parser_test.cpp
  unparse_test.cpp)
