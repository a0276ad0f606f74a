#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds ./sbh to what it promises, on a tree of its own whose programs are copies of sources: what
# makes it build again and what does not, and that each thing it cannot do without is one sentence.
# Usage: launcher_test.sh REPOSITORY
set -u

repository=$1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
tree=$scratch/tree
outside=$scratch/outside.hpp
failed=0

# expect TITLE WANTED GOT
expect() {
  [[ $3 == $2 ]] && return
  printf 'FAILED: %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
  failed=1
}

# A tree that is set up and configured; ninja has yet to build it.
plant() {
  rm -rf "$tree"
  mkdir -p "$tree/tools" "$tree/deps/wasmtime/src" "$tree/cmake/toolchains" "$tree/source" \
    "$tree/build/.sbh" "$tree/build/bin" "$scratch/wasmtime/compiler-gnu/lib"
  cp "$repository/sbh" "$tree"
  cp -r "$repository/tools/sbh" "$tree/tools"
  cp "$repository"/deps/*.txt "$tree/deps"
  : >"$scratch/wasmtime/compiler-gnu/lib/libswebash_wasmtime.a"
  printf 'echo one "$@"\n' >"$tree/source/swebash.sh"
  echo engine >"$tree/source/engine.txt"
  echo text >"$tree/source/unrelated.txt"
  echo outside >"$outside"
  cat >"$tree/build/build.ninja" <<N
rule copy
  command = cp \$in \$out && chmod +x \$out && echo \$out >> made
build bin/swebash: copy $tree/source/swebash.sh | $outside
build bin/engine.wasm: copy $tree/source/engine.txt
build swebash_programs: phony bin/swebash bin/engine.wasm
build build.ninja: phony $tree/deps/apt-build.txt
default swebash_programs
N
  # What set-up and configuration leave behind.
  printf "zig_dir=''\nwasmtime_dir=%q\n" "$scratch/wasmtime" >"$tree/build/.sbh/setup.env"
  printf 'release-glibc %s\n' "$scratch/wasmtime" >"$tree/build/.sbh-preset"
  touch "$tree/build/.sbh/setup.stamp"
}

# run ARG...: ./sbh run, and what ninja made for it.
run() {
  local said
  : >"$tree/build/made"
  said=$("$tree/sbh" run "$@" 2>&1)
  printf '%s' "$said|$(tr '\n' ' ' <"$tree/build/made")"
}

# quiet TITLE: a run that must not even ask ninja.
quiet() {
  local said
  mkdir -p "$scratch/no-ninja"
  printf '#!/bin/sh\necho asked >&2\nexit 1\n' >"$scratch/no-ninja/ninja"
  chmod +x "$scratch/no-ninja/ninja"
  said=$(PATH=$scratch/no-ninja:$PATH "$tree/sbh" run x 2>&1)
  expect "$1" 'one x' "$said"
}

# settle: lets the second pass within which a change is not told from the build that came after it.
settle() {
  sleep 1.1
  "$tree/sbh" run >/dev/null 2>&1
}

plant
expect 'the first run builds' '*one a b|bin/* bin/* ' "$(run a b)"
settle
quiet 'what is built is run at once'

printf 'echo two "$@"\n' >"$tree/source/swebash.sh"
expect 'a changed source is built' '*two|bin/swebash ' "$(run)"
printf 'echo one "$@"\n' >"$tree/source/swebash.sh"
touch -d '2001-01-01' "$tree/source/swebash.sh"
rm "$tree/build/bin/swebash"
expect 'a program that is gone is built' '*one|bin/swebash ' "$(run)"
rm "$tree/build/bin/engine.wasm"
expect 'a companion that is gone is built' '*one|bin/engine.wasm ' "$(run)"
settle
touch "$outside"
expect 'what was read outside of the tree and touched is built' '*one|bin/swebash ' "$(run)"
settle
mv "$tree/source/engine.txt" "$scratch/kept"
touch -d '2001-01-01' "$tree/source"
expect 'a source that is gone fails the build, whatever time its directory is given' '*engine.txt*' "$(run)"
mv "$scratch/kept" "$tree/source/engine.txt"
expect 'and that it is back is seen' '*one|*' "$(run)"
settle
echo more >"$tree/source/added.txt"
expect 'a new file has ninja asked, who knows no use for it' 'one|' "$(run)"
settle
quiet 'a file that came is looked at once'
rm "$tree/source/unrelated.txt"
expect 'a file that went has ninja asked' 'one|' "$(run)"
settle
quiet 'a file that went is looked at once'
chmod a-w "$outside"
rm -f "$outside"
expect 'a file outside that is gone fails the build' '*outside.hpp*' "$(run)"

# What it cannot do without. Each ends in one sentence; details may come before it, marked.
# sentence TITLE WANTED COMMAND...
sentence() {
  local title=$1 wanted=$2 said status
  shift 2
  said=$("$@" 2>&1)
  status=$?
  expect "$title: status" 1 "$status"
  expect "$title: last line" "$wanted" "${said##*$'\n'}"
  expect "$title: lines that are no step and no detail" '' "$(grep -vE '^(sbh: |  \| )' <<<"$said")"
}

stubs=$scratch/stubs
mkdir "$stubs"
stub() { # NAME SCRIPT
  printf '#!/bin/sh\n%s\n' "$2" >"$stubs/$1"
  chmod +x "$stubs/$1"
}
stubbed() { env PATH="$stubs:$PATH" "$tree/sbh" run -c :; }

plant && rm "$tree/build/.sbh/setup.stamp"
stub uname 'echo Linux riscv64'
sentence 'another architecture' 'sbh: swebash is built on Linux on x86_64; this is Linux riscv64' stubbed
rm "$stubs/uname"

stub dpkg-query 'exit 1'
stub sudo 'exec "$@"'
stub apt-get "echo \"E: Failed to fetch it  Temporary failure resolving 'somewhere'\"; exit 100"
sentence 'no network' 'sbh: installing * failed: the network or a package registry cannot be reached; the whole output is in *' stubbed
stub apt-get 'echo "E: Unable to locate package nowhere"; exit 100'
sentence 'no such package' 'sbh: installing * failed: not to be had here: nowhere (*); the whole output is in *' stubbed
if [[ $EUID -eq 0 ]] && command -v setpriv >/dev/null; then
  chmod 755 "$scratch"
  chown -R nobody "$tree"
  stub sudo 'exit 1'
  as_nobody() { setpriv --reuid=nobody --clear-groups env PATH="$stubs:$PATH" "$tree/sbh" run -c :; }
  sentence 'no right to install' 'sbh: these Debian packages are missing and there is no right to install them: *' as_nobody
  rm -r "$tree/build"
  chown root "$tree"
  sentence 'no right to write' 'sbh: */build cannot be written' as_nobody
fi

[[ $failed -eq 0 ]] && echo 'the launcher holds what it promises'
exit $failed
