# SPDX-License-Identifier: Apache-2.0
set(EXPAND_SRCS
  value.cpp vars.cpp vars_assign.cpp vars_print.cpp vars_scope.cpp quote.cpp prompt_escapes.cpp
  expand.cpp expand_arith.cpp expand_assign.cpp expand_operators.cpp expand_parameter.cpp
  expand_sink.cpp expand_transform.cpp expand_words.cpp)
set(EXPAND_TESTS expand_test.cpp quote_test.cpp value_test.cpp vars_test.cpp)
