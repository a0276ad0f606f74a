# SPDX-License-Identifier: Apache-2.0
# Set-up: Debian packages, Rust, the musl toolchain. Each is looked for first and fetched only when
# it is missing. Results: `cargo`, `rustc`, `zig_dir` (empty: no musl release here).

# package_list FILE...: the packages named in deps/FILE.
package_list() {
  local file
  for file in "$@"; do
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/deps/$file"
  done
}

# missing_packages PACKAGE...: those that are not installed.
missing_packages() {
  local installed package
  installed=$'\n'$(dpkg-query -W -f '${Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^install ok installed //p')$'\n'
  for package in "$@"; do
    [[ $installed == *$'\n'"$package"$'\n'* ]] || printf '%s\n' "$package"
  done
}

apt_install() {
  local as_root=()
  [[ $EUID -eq 0 ]] || as_root=(sudo)
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get install -y --no-install-recommends "$@" ||
    { "${as_root[@]}" apt-get update &&
      "${as_root[@]}" apt-get install -y --no-install-recommends "$@"; }
}

# need_packages WHAT_FOR FILE...: installs what is missing of deps/FILE.
need_packages() {
  local purpose=$1 missing
  shift
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system: install what deps/README.md lists by hand, then set SWEBASH_NO_PACKAGES=1"
  mapfile -t missing < <(missing_packages $(package_list "$@"))
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [[ -t 0 && -t 2 ]] && sudo -v; }; } ||
      fail "these Debian packages are missing and there is no right to install them: ${missing[*]}"
  fi
  step "installing Debian packages for $purpose (${#missing[@]})" packages apt_install "${missing[@]}"
}

# The oldest Rust that builds the pinned Wasmtime (its `rust-version`).
readonly kRustMinimum=1.95

version_at_least() { # HAVE WANT
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# find_rust: sets cargo and rustc to an installed pair that is new enough; fails if there is none.
find_rust() {
  local dir version
  for dir in ${CARGO_HOME:+"$CARGO_HOME/bin"} "$(dirname "$(command -v rustc 2>/dev/null)")" \
    "${HOME:-/nonexistent}/.cargo/bin" /usr/bin; do
    [[ -x $dir/rustc && -x $dir/cargo ]] || continue
    version=$("$dir/rustc" --version 2>/dev/null | cut -d ' ' -f 2)
    if [[ -n $version ]] && version_at_least "$version" $kRustMinimum; then
      cargo=$dir/cargo rustc=$dir/rustc
      return 0
    fi
  done
  return 1
}

need_rust() {
  find_rust && return 0
  need_packages Rust apt-rust.txt
  find_rust || fail "no Rust of version $kRustMinimum or later is installed, and Debian's is older"
}

has_musl_target() {
  [[ -d $("$rustc" --print target-libdir --target x86_64-unknown-linux-musl 2>/dev/null) ]]
}

# A wrapper per tool, so that CMake, ccache and cargo see an ordinary compiler. Rust's build scripts
# pass --target=, in Rust's words, which zig does not know.
write_zig_wrappers() { # DIR
  local name zig=$1/ziglang/zig
  mkdir -p "$1/bin"
  for name in clang:cc clang++:c++; do
    cat >"$1/bin/musl-${name%%:*}" <<EOF
#!/bin/sh
for argument do
  shift
  case \$argument in --target=*) ;; *) set -- "\$@" "\$argument" ;; esac
done
exec '$zig' ${name##*:} -target x86_64-linux-musl "\$@"
EOF
  done
  for name in ar ranlib; do
    printf '#!/bin/sh\nexec '\''%s'\'' %s "$@"\n' "$zig" "$name" >"$1/bin/musl-$name"
  done
  chmod +x "$1"/bin/musl-*
}

# need_musl_libraries: has zig build musl and libc++ of the kind that the release links, once per machine;
# otherwise the first of CMake's checks would take that long.
need_musl_libraries() {
  local made=$ZIG_GLOBAL_CACHE_DIR/made-for-${zig_dir##*/}
  [[ -e $made ]] && return 0
  step 'building musl and libc++ (a minute or two, once)' musl-libraries build_musl_libraries
  : >"$made"
}

build_musl_libraries() {
  local scratch status=0 job flags=(-O2 -fPIE -pie)
  mkdir -p "$ZIG_GLOBAL_CACHE_DIR" && scratch=$(mktemp -d) || return 1
  echo 'int main() { return 0; }' | tee "$scratch/c.c" >"$scratch/cxx.cpp"
  # Each of the two uses one processor for most of its time.
  "$zig_dir/bin/musl-clang" "${flags[@]}" "$scratch/c.c" -o "$scratch/c" &
  job=$!
  "$zig_dir/bin/musl-clang++" "${flags[@]}" -std=c++23 "$scratch/cxx.cpp" -o "$scratch/cxx" || status=1
  wait "$job" || status=1
  rm -rf "$scratch"
  return $status
}

fetch_zig() { # DIR
  local temporary=$1.$$
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes --no-compile --target "$temporary" -r "$root/deps/zig-requirements.txt" &&
    rm -rf "$1" && mv "$temporary" "$1"
}

# need_musl: sets zig_dir, or leaves it empty and says why the release is built with glibc.
need_musl() {
  local version
  zig_dir=
  if [[ ${SWEBASH_LIBC:-} == glibc ]]; then
    say 'SWEBASH_LIBC=glibc: the release is linked with glibc'
    return 0
  fi
  if ! has_musl_target; then
    if ! "${cargo%/*}/rustup" --version >/dev/null 2>&1; then
      say 'this Rust has no musl target: the release is linked with glibc (starts take about a third longer)'
      return 0
    fi
    if ! "${cargo%/*}/rustup" target add x86_64-unknown-linux-musl >"$state/rustup.log" 2>&1; then
      say "rustup cannot add the musl target (see $state/rustup.log): the release is linked with glibc"
      return 0
    fi
  fi
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || need_packages 'the musl toolchain' apt-musl.txt
  version=$(sed -n 's/^ziglang==\([^ ]*\).*/\1/p' "$root/deps/zig-requirements.txt")
  zig_dir=$cache/ziglang-$version
  if [[ ! -x $zig_dir/ziglang/zig ]]; then
    step "fetching the musl toolchain (ziglang $version)" ziglang fetch_zig "$zig_dir"
  fi
  write_zig_wrappers "$zig_dir"
}
