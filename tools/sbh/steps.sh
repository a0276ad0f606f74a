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

# step TITLE NAME COMMAND...: runs the command with its output in build/.sbh/NAME.log.
step() {
  local title=$1 log=$state/$2.log start
  shift 2
  mkdir -p "$state"
  start=$(milliseconds)
  printf 'sbh: %s ...' "$title" >&2
  if "$@" >"$log" 2>&1 </dev/null; then
    printf ' %s\n' "$(seconds_since "$start")" >&2
    return 0
  fi
  printf ' failed after %s\n' "$(seconds_since "$start")" >&2
  tail -n 15 "$log" | sed 's/^/  | /' >&2
  fail "$title failed$(why_it_failed "$log"); the whole output is in $log"
}
