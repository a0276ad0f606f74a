# SPDX-License-Identifier: Apache-2.0
# Steps: one line each on standard error, details in a log file that is named when a step fails.

say() { printf 'sbh: %s\n' "$*" >&2; }

# fail MESSAGE: ends the launcher with one sentence.
fail() {
  say "$*"
  exit 1
}

# milliseconds: the clock, for measuring.
milliseconds() { printf '%s' "$((${EPOCHREALTIME//[.,]/} / 1000))"; }

# seconds_since START_MS: how long ago that was, as "12.3 s".
seconds_since() {
  local elapsed=$(($(milliseconds) - $1))
  printf '%d.%d s' $((elapsed / 1000)) $((elapsed % 1000 / 100))
}

# why_it_failed LOG: a clause for the causes that people meet, else nothing.
why_it_failed() {
  if grep -qiE 'could not resolve|temporary failure (in name )?resol|network is unreachable|failed to (fetch|download|connect)|NewConnectionError|spurious network error' "$1"; then
    printf ': the network or a package registry cannot be reached'
  elif grep -qi 'no space left' "$1"; then
    printf ': no space left on the disk'
  elif grep -qiE 'unable to locate package|has no installation candidate' "$1"; then
    printf ': not to be had here: %s (Debian 12 with its security updates has all of them)' \
      "$(sed -nE "s/^E: Unable to locate package //p; s/^E: Package '(.*)' has no installation candidate/\1/p" "$1" | sort -u | paste -sd ' ')"
  fi
}

# columns: the width of the terminal on standard error.
columns() {
  local size
  size=$(stty size <&2 2>/dev/null)
  [[ ${size#* } =~ ^[1-9][0-9]*$ ]] && printf '%s' "${size#* }" || printf 80
}

# how_far LOG: what the last lines of a log say of how far its command is: of ninja, ctest and cargo
# with counts, else the last line itself.
how_far() {
  local line
  line=$(tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1)
  case $line in
    \[[0-9]*/[0-9]*\]*) ;;
    *Compiling\ *) line="crate $(grep -c ' Compiling ' "$1"), ${line##*Compiling }" ;;
    *Test\ *\#*) line=$(grep -E '^ *[0-9]+/[0-9]+ Test ' "$1" | tail -n 1 | sed -E 's/^ *([0-9/]+) Test +#[0-9]+: ([^ ]*).*/[\1] \2/') ;;
  esac
  printf '%s' "${line//[[:cntrl:]]/ }"
}

# Files that hold what this launcher is doing, for those who wait for its locks to read.
doing=()

# report TITLE LOG: how far a step is, again and again until it is ended: on a terminal one line that is
# written over, fitted to its width, else a line every ten seconds. Ends with the launcher.
report() {
  # Nine seconds and what a busy machine adds.
  local start file line seconds next=9
  start=$(milliseconds)
  while kill -0 $$ 2>/dev/null; do
    seconds=$((($(milliseconds) - start) / 1000))
    line="$1 ($seconds s) $(how_far "$2")"
    if [[ -t 2 ]]; then
      line="sbh: $line"
      printf '\r\e[K%s' "${line:0:$(($(columns) - 1))}" >&2
    elif ((seconds >= next)); then
      say "${line:0:160}"
      next=$((seconds + 9))
    fi
    for file in "${doing[@]}"; do printf '%s\n' "$line" >"$file"; done 2>/dev/null
    sleep 0.5
  done
}

reporter=
stop_report() {
  [[ -n $reporter ]] || return 0
  kill "$reporter" 2>/dev/null
  wait "$reporter" 2>/dev/null
  reporter=
  [[ ! -t 2 ]] || printf '\r\e[K' >&2
}
trap stop_report EXIT

# watched TITLE LOG COMMAND...: runs the command with its output in LOG and tells how far it is.
watched() {
  local title=$1 log=$2 status
  shift 2
  : >"$log"
  report "$title" "$log" &
  reporter=$!
  # Apart, so that a trap here does not write where the command does.
  ("$@") >"$log" 2>&1 </dev/null
  status=$?
  stop_report
  return $status
}

# take_lock FILE: opens FILE as the descriptor $lock and locks it; while another has it, says what that
# one is doing. Until drop_lock, the steps here are told to those who wait.
take_lock() {
  local start said seconds next=0
  { exec {lock}>>"$1"; } 2>/dev/null || fail "$1 cannot be written"
  start=$(milliseconds)
  until flock -w 1 "$lock"; do
    said=$(head -n 1 "$1.doing" 2>/dev/null)
    seconds=$((($(milliseconds) - start) / 1000))
    said="waiting for another ./sbh ($seconds s)${said:+: ${said#sbh: }}"
    if [[ -t 2 ]]; then
      said="sbh: $said"
      printf '\r\e[K%s' "${said:0:$(($(columns) - 1))}" >&2
    elif ((seconds >= next)); then
      say "${said:0:160}"
      next=$((seconds + 9))
    fi
  done
  [[ ! -t 2 ]] || printf '\r\e[K' >&2
  doing+=("$1.doing")
}

# drop_lock DESCRIPTOR: the lock that was taken last.
drop_lock() {
  local last=$((${#doing[@]} - 1))
  rm -f "${doing[last]}"
  unset "doing[last]"
  local descriptor=$1
  exec {descriptor}>&-
}

# step TITLE NAME COMMAND...: runs the command with its output in build/.sbh/NAME.log.
step() {
  local title=$1 log=$state/$2.log start
  shift 2
  mkdir -p "$state"
  start=$(milliseconds)
  [[ -t 2 ]] || say "$title ..."
  if watched "$title" "$log" "$@"; then
    say "$title: $(seconds_since "$start")"
    return 0
  fi
  say "$title failed after $(seconds_since "$start")"
  tail -n 15 "$log" | sed 's/^/  | /' >&2
  fail "$title failed$(why_it_failed "$log"); the whole output is in $log"
}
