# SPDX-License-Identifier: Apache-2.0
# The launcher's commands; `run` is in ./sbh itself.

command_help() {
  cat <<'EOF'
usage: ./sbh COMMAND [ARGUMENT...]

  run [ARG...]      build what is missing, then run swebash with these arguments
  test [--all] [NAME]
                    build, then run the tests of the release build; --all adds the sanitizer builds'
                    tests, the fuzz targets and the long tests; NAME (a regular expression) chooses
  build [PRESET...] build the release (build/bin/swebash), or these presets (build/PRESET)
  setup [--all]     install and build what a build needs (--all: for every preset)
  bench [NAME...]   measure; without a NAME the benchmarks are listed
  fuzz-bash N [--seed S]
                    compare with bash on N scripts out of a grammar, and show what differs
  fmt               format the C++ sources
  lint [--all|--recent]
                    check format, layers, tables, tests and documents; --all adds clang-tidy, --recent
                    two minutes of it, beginning with what was changed last
  clean [--cache]   remove build/ (--cache: the per-user build cache too)
  help              this text

Environment: SWEBASH_LIBC=glibc links the release with glibc. SWEBASH_NO_PACKAGES=1 installs no Debian
packages. SWEBASH_BUILD_CACHE=DIR is used in the place of ~/.cache/swebash-build.
Presets: release dev gcc asan tsan coverage fuzz (CMakePresets.json).
EOF
}

# usage MESSAGE: ends the launcher with one sentence, for wrong use.
usage() {
  say "$*"
  exit 2
}

# refuse COMMAND ARGUMENT: for an argument that the command has no use for.
refuse() {
  [[ $2 != -* ]] || usage "$1: $2: no such option; \"./sbh help\" lists them"
  usage "$1: $2: nothing is expected there; \"./sbh help\" lists what is"
}

# presets: those that are built by name, which are the ones with a title.
presets() {
  awk -F '"' '$2 == "name" { name = $4 } $2 == "displayName" && name != "release-glibc" { print name }' \
    "$root/CMakePresets.json" | paste -sd ' '
}

command_setup() {
  local all=
  if [[ ${1:-} == --all ]]; then
    all=all
    shift
  fi
  [[ $# -eq 0 ]] || refuse setup "$1"
  set_up "$all"
  say 'set up'
}

command_build() {
  local preset known
  [[ $# -gt 0 ]] || set -- release
  known=$(presets)
  for preset; do
    [[ $preset != -* ]] || refuse build "$preset"
    [[ " $known " == *" $preset "* ]] || usage "build: $preset: no such preset (there are: $known)"
  done
  for preset; do
    if [[ $preset == release ]]; then
      set_up
      build_preset release swebash_programs
    else
      set_up all
      build_preset "$preset"
    fi
  done
}

# Totals over all runs of ctest in this launcher.
passed=0 failed=0 skipped=0

# run_ctest PRESET CTEST_ARGUMENT...: runs that build's tests and adds them up.
run_ctest() {
  local preset=$1 dir log line start left_out
  shift
  dir=$(preset_dir "$preset")
  log=$state/test-$preset.log
  start=$(milliseconds)
  [[ -t 2 ]] || say "testing $preset ..."
  watched "testing $preset" "$log" ctest --test-dir "$dir" -j "$(nproc)" --output-on-failure --no-tests=error "$@"
  # Failures with their output, and the summary; the list of what passed stays in the log.
  grep -vE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed |^ +Start +[0-9]+:|^Internal ctest|^Test project|^$|^Label Time|^[a-z]+ +=.*sec\*proc' "$log"
  if ! line=$(grep -E 'tests passed, [0-9]+ tests? failed out of' "$log"); then
    failed=$((failed + 1))
    say "the tests of $preset did not run (the whole output is in $log)"
    return
  fi
  [[ $line =~ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]]
  failed=$((failed + BASH_REMATCH[1]))
  # ctest counts what was left out among what passed.
  left_out=$(grep -cE '^[[:space:]]*[0-9]+ - .* \(Skipped\)$' "$log")
  skipped=$((skipped + left_out))
  passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1] - left_out))
  [[ $left_out -eq 0 ]] || grep -h '^SKIPPED: ' "$dir/Testing/Temporary/LastTest.log" >&2
  say "tested $preset: $(seconds_since "$start")"
}

command_test() {
  local all= filter=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --all) all=1 ;;
      -*) refuse test "$1" ;;
      *)
        [[ ${#filter[@]} -eq 0 ]] || refuse test "$1"
        filter=(-R "$1")
        ;;
    esac
    shift
  done
  set_up ${all:+all}
  build_preset release
  if [[ -z $all ]]; then
    run_ctest release -LE 'full|soak|net' "${filter[@]}"
  else
    run_ctest release "${filter[@]}"
    build_preset asan
    # The compile program's tests start it under memory limits, which a sanitizer's shadow exceeds.
    run_ctest asan -LE 'full|soak|net|bench|plain' -E '^compile\.' "${filter[@]}"
    build_preset tsan
    # A thread that sleeps in a futex gets no signal handler under this sanitizer, which keeps
    # handlers back until the next call that it knows to block.
    run_ctest tsan -LE 'full|soak|net|bench|product' -E '^compile\.|\.MixedGroupTest\.' "${filter[@]}"
    build_preset fuzz
    run_ctest fuzz -L fuzz "${filter[@]}"
  fi
  [[ $skipped -eq 0 ]] || printf '%d skipped\n' "$skipped"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [[ $failed -eq 0 ]]
}

command_fuzz-bash() {
  [[ ${1:-} =~ ^[0-9]+$ ]] || usage 'fuzz-bash: how many scripts? ./sbh fuzz-bash N'
  set_up
  build_preset release swebash_programs
  exec python3 "$root/tests/fuzz_bash/fuzz_bash.py" "$@" --shell "$build/bin/swebash"
}

command_bench() {
  # Before anything is built for it: a name that there is none of, or the list.
  local list
  list=$(python3 "$root/bench/bench.py" --check "$@") || exit
  if [[ -n $list ]]; then
    printf '%s\n' "$list"
    exit 0
  fi
  set_up
  build_preset release swebash_programs swebash_bench swebash-tests
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || [[ -z $(missing_packages $(package_list apt-bench.txt)) ]] ||
    (need_packages 'the comparisons' apt-bench.txt) || say 'some rows will be missing'
  exec python3 "$root/bench/bench.py" --build "$build" "$@"
}

cpp_sources() {
  git -C "$root" ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h' '*.c'
}

command_fmt() {
  [[ $# -eq 0 ]] || refuse fmt "$1"
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || need_packages lint apt-lint.txt
  (cd "$root" && cpp_sources | xargs -0r clang-format-22 -i)
  python3 "$root/tools/generate_docs.py"
}

# run_tidy [SECONDS]: clang-tidy on what it has not found clean before. The build of the sanitizers has
# all sources, and what is generated.
run_tidy() {
  set_up all
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || need_packages clang-tidy apt-tidy.txt
  build_preset asan engine_artefact
  say 'clang-tidy ...'
  {
    python3 "$root/tools/tidy.py" "$(preset_dir asan)" "$cache/tidy-clean" ${1:+--seconds "$1"} 2>&1 >&3 3>&- |
      watch_tidy 3>&-
    return "${PIPESTATUS[0]}"
  } 3>&1
}

# watch_tidy: tells how far clang-tidy is, as a step does: its last line, all of its others.
watch_tidy() {
  local line said=$SECONDS
  while IFS= read -r line; do
    if [[ $line != \[* ]]; then
      [[ ! -t 2 ]] || printf '\r\e[K' >&2
      say "$line"
    elif [[ -t 2 ]]; then
      line="sbh: clang-tidy $line"
      printf '\r\e[K%s' "${line:0:$(($(columns) - 1))}" >&2
    elif ((SECONDS - said >= 9)); then
      say "clang-tidy $line"
      said=$SECONDS
    fi
  done
}

command_lint() {
  local status=0 tidy=
  case ${1:-} in
    --all) tidy=0 && shift ;;
    --recent) tidy=120 && shift ;;
  esac
  [[ $# -eq 0 ]] || refuse lint "$1"
  [[ -n ${SWEBASH_NO_PACKAGES:-} ]] || need_packages lint apt-lint.txt
  command -v python3 >/dev/null || need_packages 'the build' apt-build.txt
  (cd "$root" && cpp_sources | xargs -0r -P "$(nproc)" -n 16 clang-format-22 --dry-run --Werror) || status=1
  python3 "$root/tools/lint.py" || status=1
  [[ -z $tidy ]] || run_tidy "${tidy#0}" || status=1
  if [[ $status -eq 0 ]]; then say 'lint: clean'; else say 'lint: see above'; fi
  return $status
}

command_clean() {
  local all=
  if [[ ${1:-} == --cache ]]; then
    all=1
    shift
  fi
  [[ $# -eq 0 ]] || refuse clean "$1"
  rm -rf -- "$build" 2>/dev/null || fail "$build cannot be removed$(whose "$build")"
  [[ -z $all ]] || rm -rf -- "$cache" 2>/dev/null || fail "$cache cannot be removed$(whose "$cache")"
}
