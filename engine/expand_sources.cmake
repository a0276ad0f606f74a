# SPDX-License-Identifier: Apache-2.0
set(EXPAND_SRCS value.cpp vars.cpp vars_assign.cpp vars_scope.cpp quote.cpp prompt_escapes.cpp)
set(EXPAND_TESTS)
