#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the program to having nothing of engine/ in it: the shell language is a module that it loads.
# Usage: symbols_test.sh NM PROGRAM PROGRAM_THAT_HAS_THE_ENGINE
set -u

# names PROGRAM: the names in its table of symbols.
names() { "$nm" --demangle "$1" || exit; }

nm=$1
if ! names "$3" | grep -q 'swebash::engine::'; then
  echo "$3: no symbol of the engine in a program that has it, so that this test could not fail"
  exit 1
fi
if ! names "$2" | grep -q 'swebash::kernel::'; then
  echo "$2: no symbol of the kernel, so that this test could not fail"
  exit 1
fi
if names "$2" | grep 'swebash::engine::'; then
  echo "$2: these symbols are of engine/"
  exit 1
fi
echo 'nothing of engine/ is in it'
