# SPDX-License-Identifier: Apache-2.0
# bash: corners that scripts and other suites have met.

### too many operands of break, return and shift abandon what -c, eval and the rest of a line would do
printf '%s\n' 'for i in 1; do' 'break 1 2' 'done' 'echo next' >lines
"$BASH" lines 2>/dev/null
"$BASH" -c 'for i in 1; do
continue 1 2
done
echo next' 2>/dev/null
echo $?
"$BASH" -c 'f() { return 1 2; }; f
echo next' 2>/dev/null
echo $?
"$BASH" -c 'shift 1 2
echo next' 2>/dev/null
echo $?
"$BASH" -c 'eval "break 1 2; for i in 1; do break 1 2; done; echo inner"
echo next' 2>/dev/null
echo $?
#> next
#> 1
#> 1
#> 1
#> 1

### characters beyond those of Unicode have five or six bytes
printf '\U00200000\U04000000\U00110000' | od -An -tx1
wide=$'\xf4\x91\x84\x91'
echo ${#wide}
printf '%x\n' "'$wide"
#>  f8 88 80 80 80 fc 84 80 80 80 80 f4 90 80 80
#> 1
#> 111111

### a pattern that begins with [^] is reckoned too long where text is replaced
text='a]b' pattern='[^]]'
echo "${text//$pattern/x}" "${text//[]]/x}" "${text#$pattern}"
[[ a == $pattern ]] && echo matches
#> a]b axb ]b
#> matches

### printf's times go by a TZ that is exported
TZ=XYZ-9
printf '%(%H:%M)T\n' 0
export TZ
printf '%(%H:%M)T\n' 0
TZ=UTC0 printf '%(%H:%M)T\n' 0
#> 00:00
#> 09:00
#> 00:00

### a locale that cannot be
LC_ALL=
LC_CTYPE=invalid
LC_ALL=another
LC_ALL=C
LC_CTYPE=invalid
#! script.sh: line 2: warning: setlocale: LC_CTYPE: cannot change locale (invalid): No such file or directory
#! script.sh: line 3: warning: setlocale: LC_ALL: cannot change locale (another): No such file or directory

### in posix mode unset removes what stands before it
set -o posix
x=42
x=other unset x
echo "$x"
x=other eval 'unset x'
echo "$x"
f() { local y=1; y=2 unset y; echo "$y"; }
f
#> 42
#> 42
#> 1

### a list before a command is one string
home=/h
B=([k]=v "two  words" $home) env | grep '^B='
B=(1 2) eval 'declare -p B'
#> B=([k]=v two  words /h)
#> declare -x B="(1 2)"

### what is moved from a descriptor to a closed one is gone
exec 7>&1
: 6>&7-
echo lost >&7
exec 7>&1
env true 6>&7-
echo kept >&7
#> kept
#! script.sh: line 3: 7: Bad file descriptor

### apostrophes in an index are an error, wherever they stand
a[1 + '2']=3
echo $? ${#a[@]}
a[1 + "2"]=3
echo $? "${!a[@]}"
#> 1 0
#> 0 3
#! script.sh: line 1: 1 + '2': syntax error: operand expected (error token is "'2'")

### redirections of a program assign in its process
cat <<X
${lost:=value} $((n = 5))
X
echo "[$lost][$n]"
i=1
env echo text >"file$((i++))"
echo $i file*
env cat <<<"${also:=text}"
echo "[$also]"
: <<<"${kept:=here}"
echo "[$kept]"
#> value 5
#> [][]
#> 1 file1
#> text
#> []
#> [here]

### a command stands where its second word ends
echo "x
y" $LINENO
echo a "x
y" $LINENO
trap 'echo err $LINENO' ERR
x=$(
  false
)
[[ a == "b
" ]]
((1 +
-1))
#> x
#> y 2
#> a x
#> y 3
#> err 8
#> err 10
#> err 12
## status: 1

### LINENO in an eval of many lines
eval 'echo $LINENO
f() {
  echo f $LINENO
}
f
(echo $LINENO)'
#> 6
#> f 8
#> 11

### bind keeps what it is told
bind -q yank 2>/dev/null
bind '"\C-o\C-y": yank' 2>/dev/null
bind -q yank 2>/dev/null
bind -r '\C-o\C-y' 2>/dev/null
bind -q yank 2>/dev/null
bind -x '"\C-t": echo "text"' 2>/dev/null
bind -X 2>/dev/null
bind '"\C-p": "typed"' 2>/dev/null
bind -s 2>/dev/null
bind -S 2>/dev/null
bind -p 2>/dev/null | grep -e ': kill-word' -e set-mark
bind 'set editing-mode vi' 2>/dev/null
bind -v 2>/dev/null | grep editing-mode
bind -V 2>/dev/null | grep editing-mode
bind -l 2>/dev/null | grep -c .
#> yank can be invoked via "\C-y".
#> yank can be invoked via "\C-o\C-y", "\C-y".
#> yank can be invoked via "\C-y".
#> "\C-t": "echo \"text\""
#> "\C-p": "typed"
#> \C-p outputs typed
#> "\e[3;5~": kill-word
#> "\ed": kill-word
#> "\C-@": set-mark
#> "\e ": set-mark
#> # vi-set-mark (not bound)
#> set editing-mode vi
#> editing-mode is set to `vi'
#> 173

### bind says what it does not know
bind -q nosuch
bind -m nosuch
bind nosense
bind 'set nosuch on'
bind -f /nonexistent
bind -z
#! script.sh: line 1: bind: warning: line editing not enabled
#! script.sh: line 1: bind: `nosuch': unknown function name
#! script.sh: line 2: bind: warning: line editing not enabled
#! script.sh: line 2: bind: `nosuch': invalid keymap name
#! script.sh: line 3: bind: warning: line editing not enabled
#! readline: nosense: no key sequence terminator
#! script.sh: line 4: bind: warning: line editing not enabled
#! readline: nosuch: unknown variable name
#! script.sh: line 5: bind: warning: line editing not enabled
#! script.sh: line 5: bind: /nonexistent: cannot read: No such file or directory
#! script.sh: line 6: bind: warning: line editing not enabled
#! script.sh: line 6: bind: -z: invalid option
#! bind: usage: bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]
## status: 2

### what follows from an integer that is none is abandoned with its line
typeset -i n=abc+; echo same line
f() { local -i n=1+; echo inside; }; f; echo same line
echo next line
#> next line
#! script.sh: line 1: typeset: abc+: syntax error: operand expected (error token is "+")
#! script.sh: line 2: local: 1+: syntax error: operand expected (error token is "+")

### exec of a path that is not there
exec /nonexistent/program
#! script.sh: line 1: /nonexistent/program: No such file or directory
## status: 127

### xtrace shows a list as it is written
set -x
x=(1 "2  3" $(echo a))
x+=([5]=b)
#! + x=(1 "2  3" $(echo a))
#! ++ echo a
#! + x+=([5]=b)
