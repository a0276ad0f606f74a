#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the program to having nothing of engine/ in it: the shell language is a module that it loads.
# Asked by symbols, and, since a stripped program has none, by a message of each side.
# Usage: symbols_test.sh NM PROGRAM PROGRAM_THAT_HAS_THE_ENGINE
set -u

ours='no usable ahead-of-time engine'
engines='syntax error near unexpected token'

fail() {
  echo "$1"
  exit 1
}
says() { LC_ALL=C grep -aqF -- "$2" "$1"; }
has_symbols() { "$nm" --demangle "$1" 2>/dev/null | grep 'swebash::engine::'; }

nm=$1
says "$3" "$engines" && has_symbols "$3" >/dev/null ||
  fail "$3: nothing of the engine in a program that has it, so that this test could not fail"
says "$2" "$ours" || fail "$2: nothing of its own in it, so that this test could not fail"
says "$2" "$engines" && fail "$2: has a message of the engine's"
has_symbols "$2" && fail "$2: these symbols are of engine/"
echo 'nothing of engine/ is in it'
