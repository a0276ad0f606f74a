#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the product under a prefix of its own and runs it there, through a link, and elsewhere.
# Usage: install_test.sh CMAKE BUILD
set -u
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
failed=0
expect() { # TITLE WANTED GOT
  [ "$2" = "$3" ] && return
  printf 'FAILED: %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
  failed=1
}
# A umask that leaves directories to the group is a common one.
umask 002
prefix=$scratch/prefix
"$1" --install "$2" --prefix "$prefix" >"$scratch/said" 2>&1 || { cat "$scratch/said"; exit 1; }

expect 'bin holds what people start' 'modcache swebash ' "$(ls "$prefix/bin" | tr '\n' ' ')"
for file in libexec/swebash/swebash-policy libexec/swebash/swebash-proxy libexec/swebash/swebash-serve libexec/swebash/swebash-connect libexec/swebash/engine.wasm libexec/swebash/engine.cwasm libexec/modcache/modcache-compile \
  share/man/man1/swebash.1 share/doc/swebash/LICENSE share/doc/swebash/NOTICE share/doc/swebash/CHANGELOG.md \
  share/doc/swebash/docs/compatibility.md; do
  test -s "$prefix/$file" || expect "$file" 'is there' 'is not there'
done

export SWEBASH_CACHE_DIR="$scratch/cache"
run() { # TITLE PROGRAM
  for tier in aot jit; do
    expect "$1, $tier" hello "$("$2" --engine-tier=$tier -c 'echo hello | cat' 2>&1)"
  done
}
run 'as installed' "$prefix/bin/swebash"
mkdir "$scratch/w"
printf 'workspace = "w"\n' >"$scratch/policy.toml"
expect 'a policy file' "$scratch/w" "$("$prefix/bin/swebash" --policy "$scratch/policy.toml" -c pwd 2>&1)"
ln -s "$prefix/bin/swebash" "$scratch/sh"
run 'by a link' "$scratch/sh"
expect 'its cache command' "$scratch/cache/v1" "$("$prefix/bin/swebash" cache path 2>&1)"
"$prefix/bin/modcache" --dir "$scratch/cache" warm "$prefix/libexec/swebash/engine.wasm" >"$scratch/said" 2>&1 ||
  expect 'modcache finds its compiler' yes "$(cat "$scratch/said")"
mv "$prefix" "$scratch/moved"
run 'after a move' "$scratch/moved/bin/swebash"

[ $failed -eq 0 ] && echo 'what is installed runs'
exit $failed
