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
  cp "$repository"/CMakePresets.json "$tree"
  cp "$repository"/deps/wasmtime/Cargo.* "$tree/deps/wasmtime"
  cp "$repository"/deps/wasmtime/src/*.rs "$tree/deps/wasmtime/src"
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
  sentence 'no right to write' 'sbh: */build cannot be written: */tree belongs to root; clone it into a directory of your own' as_nobody
  plant
  "$tree/sbh" run >/dev/null 2>&1
  settle
  expect 'what another built is run' 'one -c :' "$(as_nobody 2>&1)"
  touch "$outside"
  sentence 'and not built anew' 'sbh: */build cannot be written: */build belongs to root; *' as_nobody
fi

# Wrong use is refused at once, before anything is set up or built.
# refused WANTED ARGUMENT...
refused() {
  local wanted=$1 said status
  shift
  said=$(PATH=$stubs:$PATH "$tree/sbh" "$@" 2>&1)
  status=$?
  expect "$*: status" 2 "$status"
  expect "$*" "$wanted" "$said"
}
plant && rm "$tree/build/.sbh/setup.stamp"
refused 'sbh: build: nosuch: no such preset (there are: release dev *)' build dev nosuch
refused 'sbh: build: --nope: no such option*' build --nope
refused 'sbh: setup: --nope: no such option*' setup --nope
refused 'sbh: setup: more: nothing is expected there*' setup --all more
refused 'sbh: lint: --nope: no such option*' lint --nope
refused 'sbh: lint: more: nothing is expected there*' lint --all more
refused 'sbh: fmt: file.cpp: nothing is expected there*' fmt file.cpp
refused 'sbh: clean: --nope: no such option*' clean --nope
refused 'sbh: test: --nope: no such option*' test --nope
refused 'sbh: nosuch: no such command*' nosuch
cp -r "$repository/bench" "$tree"
refused 'bench: nosuch: no such benchmark*' bench nosuch
expect 'bench without a name lists what there is' '*start *each way to start*' "$("$tree/sbh" bench 2>&1)"

# By a link on PATH it is the tree's own.
plant
mkdir "$scratch/path"
ln -s ../tree/sbh "$scratch/path/sbh"
expect 'through a link' '*one linked' "$(cd / && PATH=$scratch/path:$PATH sbh run linked 2>&1)"

# A step tells how far it is: in lines where there is no terminal, in one line of its width on one.
plant
cat >"$tree/build/build.ninja" <<N
rule slow
  command = sleep 13 && : a long line of a command that no terminal of eighty columns could show as a whole && cp \$in \$out
build bin/swebash: slow $tree/source/swebash.sh
build swebash_programs: phony bin/swebash
N
chmod +x "$tree/source/swebash.sh"
said=$("$tree/sbh" run 2>&1)
expect 'a slow build without a terminal' '*sbh: building swebash_programs (* s)*one' "$said"
rm "$tree/build/bin/swebash"
sed -i 's/sleep 13/sleep 3/' "$tree/build/build.ninja"
cat >"$scratch/widest.py" <<'P'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
text = b""
try:
    while chunk := os.read(fd, 4096):
        text += chunk
except OSError:
    pass
os.waitpid(pid, 0)
shown = [line for line in text.decode().replace("\r", "\n").replace("\x1b[K", "").split("\n") if "building" in line]
print(len(shown) > 1, max(map(len, shown), default=0))
P
expect 'and on one' 'True 39' "$(python3 "$scratch/widest.py" "$tree/sbh" run)"

# A build of Wasmtime that is interrupted says what it leaves; the next goes on from there.
plant && rm "$tree/build/.sbh/setup.stamp"
mkdir -p "$scratch/cargo/bin"
printf '#!/bin/sh\necho "rustc 9.9.9"\n' >"$scratch/cargo/bin/rustc"
cat >"$scratch/cargo/bin/cargo" <<'C'
#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = --target-dir ] && target=$2; shift; done
mkdir -p "$target" && head -c 3000000 /dev/zero >"$target/unfinished"
exec sleep "$(cat "$(dirname "$0")/seconds")"
C
chmod +x "$scratch/cargo/bin/"*
mkdir -p "$scratch/cache/scratch-0123456789abcdef-runtime-gnu"
echo 20 >"$scratch/cargo/bin/seconds"
# By setsid, so that the signal reaches all of it, as the terminal's does.
setsid bash -c 'echo $$ >"$1/pid"; shift; exec "$@"' - "$scratch" env SWEBASH_LIBC=glibc SWEBASH_NO_PACKAGES=1 \
  CARGO_HOME="$scratch/cargo" SWEBASH_BUILD_CACHE="$scratch/cache" "$tree/sbh" setup >"$scratch/said" 2>&1 &
sleep 2
kill -TERM -- "-$(<"$scratch/pid")"
wait $!
said=$(<"$scratch/said")
expect 'what another Wasmtime left is removed' '*sbh: removing what an interrupted build of another Wasmtime left: * MB in */scratch-0123456789abcdef-runtime-gnu*' "$said"
expect 'what is unfinished is said' '*sbh: 3 MB of an unfinished build are kept in */cache: the next ./sbh goes on from there, *' "$said"
echo 0 >"$scratch/cargo/bin/seconds"
said=$(env SWEBASH_LIBC=glibc SWEBASH_NO_PACKAGES=1 CARGO_HOME="$scratch/cargo" SWEBASH_BUILD_CACHE="$scratch/cache" \
  "$tree/sbh" setup 2>&1)
expect 'and gone on from' '*sbh: going on with an interrupted build: 3 MB in *' "$said"

[[ $failed -eq 0 ]] && echo 'the launcher holds what it promises'
exit $failed
