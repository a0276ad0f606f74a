# SPDX-License-Identifier: Apache-2.0
# Set-up and builds, under a lock each, so that two launchers at once do not meet.
. "$tools/steps.sh"
. "$tools/setup.sh"
. "$tools/wasmtime.sh"

# What was compiled in one clone serves another: ccache sees paths relative to the clone.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
# zig builds musl and libc++ into it, at the first link of a kind.
export ZIG_GLOBAL_CACHE_DIR=$cache/zig
# git looks into no checkout of another user's unless it is told to; ./sbh only lists files.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root

# write_if_changed FILE: standard input into FILE, which keeps its time when nothing changed.
write_if_changed() {
  local text
  text=$(cat)
  [[ -e $1 && $(<"$1") == "$text" ]] || printf '%s\n' "$text" >"$1"
}

# need_writable: build/ is there and is this user's to write, and so is what is in it already.
need_writable() {
  mkdir -p "$state" 2>/dev/null && [[ -w $build && -w $state ]] ||
    fail "$build cannot be written$(whose "$build")"
  local file
  for file in "$state"/setup.lock "$state"/setup.stamp "$state"/build.lock "$build"/build.ninja; do
    [[ ! -e $file || -w $file ]] || fail "$file cannot be written$(whose "$file")"
  done
}

# whose FILE: a clause that says whose FILE is, where it is another's; of what is missing, its directory's.
whose() {
  local file=$1 owner
  while [[ ! -e $file && -n $file ]]; do file=${file%/*}; done
  owner=$(stat -c %U -- "${file:-/}" 2>/dev/null)
  [[ -z $owner || -O $file ]] || printf ': %s belongs to %s; clone it into a directory of your own' "$file" "$owner"
}

# set_up [all]: everything a build needs; `all` adds what the sanitizer builds need (glibc's Wasmtime).
set_up() {
  local want=${1:-} libc lock
  need_writable
  if is_set_up; then
    . "$state/setup.env"
    libc=gnu
    [[ -z $zig_dir || $want == all ]] || libc=musl
    # The cache is the user's to clear.
    [[ -e $wasmtime_dir/compiler-$libc/lib/libswebash_wasmtime.a ]] && return 0
  fi
  [[ $(uname -sm) == 'Linux x86_64' ]] || fail "swebash is built on Linux on x86_64; this is $(uname -sm)"
  take_lock "$state/setup.lock"
  local setup_lock=$lock
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || need_packages 'the build' apt-build.txt
  need_rust
  need_musl
  libc=gnu
  [[ -z $zig_dir ]] || libc=musl
  if [[ $want == all && $libc == musl ]]; then
    need_wasmtime musl gnu
  else
    need_wasmtime "$libc"
  fi
  write_if_changed "$state/setup.env" <<EOF
zig_dir=$(printf %q "$zig_dir")
wasmtime_dir=$(printf %q "$wasmtime_dir")
EOF
  write_if_changed "$state/setup.cmake" <<EOF
set(SWEBASH_SETUP_ZIG_DIR "$zig_dir")
set(SWEBASH_SETUP_WASMTIME_DIR "$wasmtime_dir")
EOF
  touch "$state/setup.stamp"
  drop_lock "$setup_lock"
}

# preset_dir PRESET: where that preset builds.
preset_dir() {
  if [[ $1 == release ]]; then printf '%s' "$build"; else printf '%s' "$build/$1"; fi
}

# run_ninja NAME DIR TARGET...: ninja, its output in a log.
run_ninja() {
  local log=$state/$1.log dir=$2 start
  shift 2
  start=$(milliseconds)
  if ! NINJA_STATUS='[%f/%t] ' watched "building $*" "$log" ninja -C "$dir" "$@"; then
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-running)' "$log" | tail -n 40 | sed 's/^/  | /' >&2
    fail "the build in $dir failed after $(seconds_since "$start"); the whole output is in $log"
  fi
  grep -q 'no work to do' "$log" || say "built $* in $dir: $(seconds_since "$start")"
}

# begin_stamp: takes the time before a build of the programs. A second less, so that no change falls
# into the same tick of the clock.
begin_stamp() { touch -d '1 second ago' "$state/built.stamp.$$" 2>/dev/null; }

# write_stamp: what ./sbh needs to see that nothing has changed since begin_stamp (see is_built).
write_stamp() {
  local name
  for name in "$build"/bin/*; do printf '%s\n' "$name"; done >"$state/built.programs.$$"
  {
    printf '%s\0' "$root"
    {
      ninja -C "$build" -t inputs swebash_programs
      ninja -C "$build" -t inputs build.ninja
      ninja -C "$build" -t deps | sed -n 's/^    //p'
    } | (cd "$build" && sort -u | tr '\n' '\0' | xargs -0r realpath -sm --) |
      grep -vF "$root/" | sort -u | tr '\n' '\0'
  } >"$state/built.inputs.$$"
  mv "$state/built.programs.$$" "$state/built.programs"
  mv "$state/built.inputs.$$" "$state/built.inputs"
  mv "$state/built.stamp.$$" "$state/built.stamp"
} 2>/dev/null

# build_preset PRESET [TARGET...]: configures where needed and builds.
build_preset() {
  local preset=$1 dir configure lock
  shift
  dir=$(preset_dir "$preset")
  configure=$preset
  [[ $preset != release || -n $zig_dir ]] || configure=release-glibc
  mkdir -p "$dir"
  take_lock "$state/build.lock"
  local build_lock=$lock
  if [[ ! -e $dir/build.ninja || ! -e $dir/.sbh-preset || $(<"$dir/.sbh-preset") != "$configure $wasmtime_dir" ]]; then
    # A cache made for another toolchain or Wasmtime would keep its answers.
    rm -rf "$dir/CMakeCache.txt" "$dir/CMakeFiles" "$dir/build.ninja"
    [[ $configure != release ]] || need_musl_libraries
    step "configuring $preset" "configure-$preset" cmake --preset "$configure" -S "$root"
    printf '%s\n' "$configure $wasmtime_dir" >"$dir/.sbh-preset"
  fi
  [[ $preset != release ]] || begin_stamp
  run_ninja "build-$preset" "$dir" "${@:-all}"
  [[ $preset != release ]] || write_stamp
  drop_lock "$build_lock"
}
