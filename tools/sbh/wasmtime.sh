# SPDX-License-Identifier: Apache-2.0
# The Wasmtime builds (deps/wasmtime), each {runtime,compiler}-{musl,gnu}, kept in the per-user cache
# under a key of everything that goes in. Result: `wasmtime_dir`.

# Raised when build_wasmtime changes in a way that changes what it makes.
readonly kWasmtimeRecipe=2

# wasmtime_key: the hash of manifest, lock, sources, recipe and the compilers.
wasmtime_key() {
  {
    (cd "$root/deps/wasmtime" && sha256sum Cargo.toml Cargo.lock src/*.rs)
    cat "$tools/rustc-wrapper"
    echo "$kWasmtimeRecipe"
    cat "$root/deps/zig-requirements.txt"
    "$rustc" -vV
  } | sha256sum | cut -c 1-16
}

build_wasmtime() { # FLAVOUR LIBC
  local name=$1-$2 target=x86_64-unknown-linux-$2 scratch=$cache/scratch-$wasmtime_key-$1-$2 include
  local tools_for_target=()
  if [[ $2 == musl ]]; then
    tools_for_target=(CC_x86_64_unknown_linux_musl="$zig_dir/bin/musl-clang"
      AR_x86_64_unknown_linux_musl="$zig_dir/bin/musl-ar")
  fi
  # What every start runs is optimised as a whole; a compile takes too long for that to be seen.
  if [[ $1 == runtime ]]; then
    tools_for_target+=(RUSTC_WRAPPER="$tools/rustc-wrapper" CARGO_PROFILE_RELEASE_LTO=fat
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1)
  fi
  # RUSTFLAGS of the user's are not part of the key, so they must not reach the compiler.
  env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET "${tools_for_target[@]}" \
    RUSTC="$rustc" "$cargo" build --release --locked --no-default-features --features "$1" \
    --manifest-path "$root/deps/wasmtime/Cargo.toml" --target "$target" --target-dir "$scratch" ||
    return 1
  include=$(find "$scratch/$target/release/build" -path '*wasmtime-c-api-impl-*/out/include' -type d | head -n 1)
  [[ -n $include ]] || { echo 'the headers of wasmtime-c-api-impl were not made'; return 1; }
  rm -rf "$wasmtime_dir/$name.$$"
  mkdir -p "$wasmtime_dir/$name.$$/lib" &&
    cp "$scratch/$target/release/libswebash_wasmtime.a" "$wasmtime_dir/$name.$$/lib/" &&
    cp -r "$include" "$wasmtime_dir/$name.$$/include" &&
    mv -T "$wasmtime_dir/$name.$$" "$wasmtime_dir/$name" &&
    rm -rf "$scratch"
}

megabytes() { du -sm -- "$@" 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }'; }

# clean_interrupted: says what interrupted builds of this Wasmtime left, which cargo goes on from, and
# removes what those of another left, unless one is at it.
clean_interrupted() {
  local left key lock
  for left in "$cache"/scratch-*; do
    [[ -d $left ]] || continue
    key=${left##*/scratch-}
    key=${key%%-*}
    if [[ $key == "$wasmtime_key" ]]; then
      say "going on with an interrupted build: $(megabytes "$left") MB in $left"
      continue
    fi
    if [[ -e $cache/wasmtime-$key/.lock ]]; then
      exec {lock}>>"$cache/wasmtime-$key/.lock"
      flock -n "$lock" || continue
    fi
    say "removing what an interrupted build of another Wasmtime left: $(megabytes "$left") MB in $left"
    rm -rf -- "$left"
    [[ -z ${lock:-} ]] || exec {lock}>&-
  done
}

# say_interrupted: at the end of a build of Wasmtime that did not come to its own.
say_interrupted() {
  local left=("$cache/scratch-$wasmtime_key"-*)
  [[ -d ${left[0]} ]] || return 0
  say "$(megabytes "${left[@]}") MB of an unfinished build are kept in $cache: the next ./sbh goes on from there, ./sbh clean --cache removes them"
}

# need_wasmtime LIBC...: builds what is missing of both flavours.
need_wasmtime() {
  local flavour libc lock missing=
  wasmtime_key=$(wasmtime_key)
  wasmtime_dir=$cache/wasmtime-$wasmtime_key
  mkdir -p "$wasmtime_dir" 2>/dev/null && [[ -w $wasmtime_dir ]] ||
    fail "the build cache $cache cannot be written$(whose "$wasmtime_dir"); SWEBASH_BUILD_CACHE names another"
  for libc in "$@"; do
    for flavour in runtime compiler; do
      [[ -e $wasmtime_dir/$flavour-$libc/lib/libswebash_wasmtime.a ]] || missing=1
    done
  done
  [[ -n $missing ]] || return 0
  take_lock "$wasmtime_dir/.lock"
  local wasmtime_lock=$lock
  clean_interrupted
  trap 'stop_report; say_interrupted' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  for libc in "$@"; do
    for flavour in runtime compiler; do
      [[ -e $wasmtime_dir/$flavour-$libc/lib/libswebash_wasmtime.a ]] ||
        step "building Wasmtime ($flavour, $libc; a few minutes, once)" "wasmtime-$flavour-$libc" \
          build_wasmtime "$flavour" "$libc"
    done
  done
  trap stop_report EXIT
  trap - INT TERM
  drop_lock "$wasmtime_lock"
}
