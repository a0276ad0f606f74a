# SPDX-License-Identifier: Apache-2.0
#
# completion.sh LIBRARY COMMAND LINE...: asks bash-completion for what completes each line, as the
# line editor would: the words in COMP_WORDS, the function by its entry, the loader where there is
# none, and again after 124.
source "$1" || exit
command=$2
shift 2

# The words of a line: cut at blanks; what else COMP_WORDBREAKS holds is words of its own.
split_line() {
  local rest=$1 char quote= escaped= word= kind=none breaks=${COMP_WORDBREAKS//[$' \t\n"\'']/}
  end_word() {
    [[ $kind == none ]] || COMP_WORDS+=("$word")
    word= kind=none
  }
  COMP_WORDS=()
  while [[ $rest ]]; do
    char=${rest:0:1} rest=${rest:1}
    if [[ $escaped || $quote ]]; then
      word+=$char
      [[ $escaped || $char != "$quote" ]] || quote=
      escaped=
    elif [[ $char == [[:blank:]] ]]; then
      end_word
    elif [[ $breaks == *"$char"* ]]; then
      [[ $kind == breaks ]] || end_word
      word+=$char kind=breaks
    else
      [[ $kind == text ]] || end_word
      word+=$char kind=text
      case $char in
        \\) escaped=yes ;;
        [\"\']) quote=$char ;;
      esac
    fi
  done
  [[ $kind == text ]] || end_word
  COMP_WORDS+=("$word")
}

# Sets `function` to the one that completes `command`.
find_entry() {
  local entry
  entry=$(complete -p -- "$command" 2>/dev/null) || return
  echo "  entry: $entry"
  [[ $entry =~ ' -F '([^ ]+) ]]
  function=${BASH_REMATCH[1]}
}

for COMP_LINE; do
  COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9 COMPREPLY=()
  split_line "$COMP_LINE"
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  echo "$COMP_LINE|"
  for turn in 1 2 3; do
    function=
    find_entry || function=_completion_loader
    [[ $function ]] || break
    "$function" "$command" "$current" "$previous"
    status=$?
    echo "  $function: $status"
    [[ $function == _completion_loader || $status == 124 ]] || break
  done
  ((${#COMPREPLY[@]} == 0)) || printf '  = %q\n' "${COMPREPLY[@]}" | LC_ALL=C sort
done
echo "at the end: $(complete -p | LC_ALL=C sort | cksum), functions: $(declare -F | LC_ALL=C sort | cksum)"
compopt -o nospace "$command" 2>/dev/null
compopt "$command" 2>/dev/null
