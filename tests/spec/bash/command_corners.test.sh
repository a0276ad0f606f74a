# SPDX-License-Identifier: Apache-2.0
# Commands: corners of what stands around them, of jobs, of history and of the shell's start.

### assignments before a command come before its redirections, which do not see them
show() { echo "got ${made-unset}"; }
made=${x=first} show 2>${x=second}
echo *
unset x
made=1 show >$none 2>&1; echo $?
a=x; a=y eval 'echo "$a"' >$a; cat x
v=$(echo seen >&2) : 2>/dev/null >/cannot/be/made; echo $?
#> got first
#> first script.sh
#> 1
#> y
#> 1
#! script.sh: line 5: $none: ambiguous redirect
#! seen

### a variable that a program's redirection names is not set
cat {fd}</dev/null <&"$fd"; echo "${fd-unset}"
cat <${file=/dev/null}; echo "${file-unset}"
: {fd}</dev/null; echo "$((fd >= 10))"
#> unset
#> unset
#> 1

### a list that is declared does not see what is assigned before
x='a:b'
IFS=: declare -a list=($x); declare -p list
x='c d' declare -a other=($x); declare -p other
#> declare -a list=([0]="a:b")
#> declare -a other=([0]="a:b")

### a subscript is evaluated after what is assigned
n=0; (( a[n] = ++n )); declare -p a
n=0; (( b[n++] = n )); declare -p b
n=1; (( c[n] += ++n )); declare -p c
#> declare -a a=([1]="1")
#> declare -a b=([0]="0")
#> declare -a c=([1]="2")

### a background command reads what a compound command around it was given
for x in 1 2; do
  { read line; echo "[$line]"; } & wait
done <<X
one
two
X
{ cat & wait; } <<<group
printf '%s\n' a b | while read line; do { read line; echo "[$line]"; } & wait; break; done
f() { cat & wait; }; f <<<none
#> [one]
#> [two]
#> group
#> [b]

### lastpipe where standard input is closed
shopt -s lastpipe
exec 0<&-
echo x | read x; echo "$x"
echo y | cat | read x; echo "$x"
#> x
#> y

### the name of a job as a command
set -m
sleep 0.2 &
%1 >/dev/null; echo $?
sleep 0.2 &
%sle >/dev/null; echo $?
%7 2>&1 | sed 's/.*line [0-9]*: //'
#> sleep 0.2
#> 0
#> sleep 0.2
#> 0
#> %7: command not found

### wait -f goes on when a job stops
set -m
sleep 0.5 & job=$!
( sleep 0.1; kill -STOP $job; sleep 0.1; kill -CONT $job ) &
wait -f %1; echo $?
#> 0

### history -s heeds HISTCONTROL and HISTIGNORE
HISTCONTROL=ignoredups:ignorespace HISTIGNORE='secret*'
for entry in dup dup ' blank' 'secret 1' other dup; do history -s "$entry"; done
history
HISTCONTROL=erasedups; history -s dup; history
#>     1  dup
#>     2  other
#>     3  dup
#>     1  other
#>     2  dup

### a shell that is started with -o history reads no history file
printf ': old\n' >file
printf ': new\nhistory -w out\n' | HISTFILE=file "$BASH" -o history
cat out; echo --; cat file
#> : new
#> history -w out
#> --
#> : old
#> : new
#> history -w out

### . of a file with many NULs
. /bin/true 2>/dev/null; echo $?
printf 'echo read\0\n' >text; . ./text
printf '#!/bin/sh\nexit 3\0' >text; "$BASH" ./text 2>&1 | sed 's/.*: //'
#> 126
#> read
#> cannot execute binary file

### a shell that cannot read its script has the script's name
"$BASH" / 2>&1; echo $?
"$BASH" /bin/true 2>&1; echo $?
#> /: /: Is a directory
#> 126
#> /bin/true: /bin/true: cannot execute binary file
#> 126

### -i without a terminal
"$BASH" --norc -i -c 'kill $$; echo went on' 2>&1 </dev/null | sed 's/^[^:]*: //; s/([-0-9]*)/(N)/'
( trap '' USR2 HUP; "$BASH" --norc -i -c 'trap "echo trapped" USR2; kill -s USR2 $$; echo ok' 2>/dev/null )
{ ( trap '' HUP; "$BASH" --norc -i -c 'trap - HUP; kill -s HUP $$; echo no' ); } 2>/dev/null; echo $?
#> cannot set terminal process group (N): Inappropriate ioctl for device
#> no job control in this shell
#> went on
#> trapped
#> ok
#> 129

### lines of a function are numbered from its first at a prompt
printf '%s\n' 'f() { echo $LINENO; }' f 'g() {' ':' 'echo $LINENO' '}' g 'echo $LINENO' |
  "$BASH" --norc -i 2>/dev/null
#> 1
#> 3
#> 8

### read: separators of several bytes, and escaped blanks at the end
export LC_ALL=C.UTF-8
IFS=→ read a b <<<'l→r→s'; echo "<$a><$b>"
IFS=→é read a b c <<<'l→réx'; echo "<$a><$b><$c>"
IFS=→ read -a list <<<'l→r→→s→'; declare -p list
printf '%s\n' ' a  b\ ' | { read x; echo "[$x]"; }
printf '%s\n' ' a  b\ ' | { read x y; echo "[$x][$y]"; }
printf '%s\n' 'a b c\ ' 'a b \ ' | while read x y; do echo "[$x][$y]"; done
#> <l><r→s>
#> <l><r><x>
#> declare -a list=([0]="l" [1]="r" [2]="" [3]="s")
#> [a  b]
#> [a][b ]
#> [a][b c]
#> [a][b]

### a locale whose characters are not there changes nothing
export LC_ALL=C.UTF-8
{ LC_ALL=zh_HK.big5hkscs; } 2>/dev/null
v=$'a\u03b1b'; echo ${#v}
#> 3

### characters beyond the last one are quoted byte by byte
printf '%q\n' $'\U110000' $'\u00e9'
#> $'\364\220\200\200'
#> é

### a script without #! keeps globskipdots alone
echo 'shopt globskipdots nullglob' >script; chmod +x script
shopt -u globskipdots; shopt -s nullglob; ./script
#>$ globskipdots   \toff\n
#>$ nullglob       \toff\n
## status: 1

### the environment is in the order of bash's tables
env -i "$BASH" -c 'export AA=1 ZZ=2 FOO=3; Z=1 Y=2 AA=5 /usr/bin/env' | grep -v '^_=\|^PWD\|^SHLVL\|^OLDPWD'
hash -r; hash -p /bin/sh sh; hash -p /usr/sbin/foo foo; hash -p /sbin/blat blat
hash -l; echo "${!BASH_CMDS[@]}"
complete -f ln; complete -c nohup type exec; complete -u su; complete -a unalias; complete -p
f() { declare -gA table=([zero]=zero [one]=one); }; table=text; f; declare -p table
#> Z=1
#> Y=2
#> AA=5
#> FOO=3
#> ZZ=2
#> builtin hash -p /usr/sbin/foo foo
#> builtin hash -p /bin/sh sh
#> builtin hash -p /sbin/blat blat
#> foo sh blat
#> complete -c nohup
#> complete -a unalias
#> complete -c type
#> complete -f ln
#> complete -c exec
#> complete -u su
#> declare -A table=([zero]="zero" [one]="one" )

### a list of all variables does not compute what nobody asked for
declare -p | grep -c '^declare -i RANDOM='
declare -pa | grep 'BASH_ARGC\|DIRSTACK\|GROUPS\|FUNCNAME'
: $RANDOM ${GROUPS[0]}
declare -p | grep -c '^declare -i RANDOM='
declare -pa | grep -c 'GROUPS=(\[0\]'
#> 0
#> declare -a BASH_ARGC=()
#> declare -a DIRSTACK=()
#> declare -a FUNCNAME
#> declare -a GROUPS=()
#> 1
#> 1

### a removed directory has no entries
mkdir gone; cd gone; rmdir ../gone
ls; echo $?
#> 0

### what is wrong in a substitution of a here-document is said where it is expanded
{ cat <<X
$(echo 10
X
} 2>&1 | sed 's/^[^:]*: //'
{ cat <<X; echo "$?"
$(echo if
then)
X
} 2>&1 | sed 's/^[^:]*: //'
#> command substitution: line 3: unexpected EOF while looking for matching `)'
#> command substitution: line 7: syntax error near unexpected token `then'
#> command substitution: line 7: `then)'
#> 1

### what begins as an ELF program is no script
printf '\177ELF' > program
chmod +x program
./program
echo $?
#> 126
#! script.sh: line 3: ./program: cannot execute binary file: Exec format error

### a text that eval has run before is read as it would be now
for i in 1 2 3; do eval 'echo $((i * 2)) $LINENO'; done
shopt -u extglob
for i in off off on on off; do
  [[ $i == on ]] && shopt -s extglob || shopt -u extglob
  eval 'case ab in @(ab)) echo y ;; esac' 2> /dev/null || echo n
done
shopt -s expand_aliases
for i in 1 2 3 4; do
  [[ $i == 3 ]] && alias say='echo alias'
  [[ $i == 4 ]] && unalias say
  say() { echo function; }
  eval 'say'
done
for i in 1 2 3; do
  [[ $i == 3 ]] && set -v
  eval ': quiet'
done
set +v
fn() { echo "$1"; [[ $1 == 0 ]] || eval 'fn $(($1 - 1))'; }
fn 3
for i in 1 2 3; do eval 'x() { echo "x$i"; }; x'; done; x
for i in 1 2 3; do eval 'continue; echo no'; done; echo end
for i in 1 2 3; do eval '[[ $i == 2 ]] && break'; done; echo $i
fn() { for i in 1 2 3; do eval 'return $i'; done; }; fn; echo $?
for i in 1 2 3; do eval 'echo $((1 /'; done 2> /dev/null; echo $?
#> 2 1
#> 4 1
#> 6 1
#> n
#> n
#> y
#> y
#> n
#> function
#> function
#> alias
#> function
#> 3
#> 2
#> 1
#> 0
#> x1
#> x2
#> x3
#> x3
#> end
#> 2
#> 1
#> 2
#! : quiet
#! set +v
