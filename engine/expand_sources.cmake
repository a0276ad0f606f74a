# SPDX-License-Identifier: Apache-2.0
set(EXPAND_SRCS)
set(EXPAND_TESTS)
