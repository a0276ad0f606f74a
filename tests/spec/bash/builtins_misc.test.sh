# SPDX-License-Identifier: Apache-2.0
# bash: directories, umask, ulimit, tilde, completion words, history and other builtins.

### pushd, popd, dirs
cd /; pushd /tmp; pushd /usr > /dev/null; dirs; dirs -p; dirs -v
popd; pwd; popd > /dev/null; popd; echo $?
#> /tmp /
#> /usr /tmp /
#> /usr
#> /tmp
#> /
#>  0  /usr
#>  1  /tmp
#>  2  /
#> /tmp /
#> /tmp
#> 1
#! script.sh: line 2: popd: directory stack empty

### pushd rotates and counts
cd /; pushd /tmp > /dev/null; pushd /usr > /dev/null
pushd; pushd +1; dirs +0; dirs -0; popd -n +1; dirs
dirs -c; dirs | sed "s,^~$,home,"
#> /tmp /usr /
#> /usr / /tmp
#> /usr
#> /tmp
#> /usr /tmp
#> /usr /tmp
#> /usr

### errors of the directory stack
pushd /nothing_here; echo $?
pushd; echo $?
popd +5; echo $?
dirs +9; echo $?
popd -x; echo $?
#> 1
#> 1
#> 1
#> 1
#> 2
#! script.sh: line 1: pushd: /nothing_here: No such file or directory
#! script.sh: line 2: pushd: no other directory
#! script.sh: line 3: popd: directory stack empty
#! script.sh: line 4: dirs: directory stack empty
#! script.sh: line 5: popd: -x: invalid number
#! popd: usage: popd [-n] [+N | -N]

### dirs and the home directory
HOME=/tmp; cd /tmp; dirs; dirs -l; cd /usr; pushd /tmp > /dev/null; echo "${DIRSTACK[0]}"; echo ~+ ~- ~0 ~1
#> ~
#> /tmp
#> /tmp
#> /tmp /usr /tmp /usr

### cd with links
mkdir -p real/sub; ln -s real link
h=$PWD
cd link/sub; echo "${PWD#"$h"}"; cd ..; echo "${PWD#"$h"}"; cd "$h"
cd -P link; echo "${PWD#"$h"}"; cd "$h"
cd link; pwd -P | sed "s,.*/,,"; pwd -L | sed "s,.*/,,"
#> /link/sub
#> /link
#> /real
#> real
#> link

### cd with odd paths
h=$PWD; mkdir -p a/b -- -x
cd ./a/../a//b/.; echo "${PWD#"$h"}"; cd "$h"; cd -- -x; echo "${PWD##*/}"
cd "$h"; shopt -s cdable_vars; there=$h/a; cd there | sed 's,.*/,,'
#> /a/b
#> -x
#> a

### umask
umask 022; umask; umask -S; umask -p; umask -p -S
umask u=rwx,g=rx,o=; umask; umask g+w; umask; umask a-x; umask; umask o=g; umask
umask 0777; umask -S; umask 8; echo $?; umask u=q; echo $?
#> 0022
#> u=rwx,g=rx,o=rx
#> umask 0022
#> umask -S u=rwx,g=rx,o=rx
#> 0027
#> 0007
#> 0117
#> 0117
#> u=,g=,o=
#> 1
#> 1
#! script.sh: line 2: umask: `g': invalid symbolic mode character
#! script.sh: line 3: umask: 8: octal number out of range
#! script.sh: line 3: umask: `q': invalid symbolic mode character

### ulimit
ulimit -c 0; ulimit -c; (ulimit -n 100; ulimit -n; ulimit -Sn; ulimit -Hn)
ulimit -a | grep -c '^open files'
ulimit -Z; echo $?; ulimit -n -5; echo $?
#> 0
#> 100
#> 100
#> 100
#> 1
#> 2
#> 2
#! script.sh: line 3: ulimit: -Z: invalid option
#! ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]
#! script.sh: line 3: ulimit: -5: invalid option
#! ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]

### tildes
HOME=/h; echo ~ ~/x ~root | sed 's, [^ ]*root$, root,'
x=~ y=~/a:~/b; echo $x $y; echo a=~ ~a"" ~"/x" \~/x x~
PATH2=/a:~/b; echo $PATH2; [[ ~ == /h ]] && echo yes
HOME=; echo "[$(echo ~)]"
#> /h /h/x root
#> /h /h/a:/h/b
#> a=/h ~a ~/x ~/x x~
#> /a:/h/b
#> yes
#> []

### tildes of the directory stack
cd /usr; cd /tmp; echo ~+ ~-; OLDPWD=/old; echo ~-; unset OLDPWD; echo ~-
#> /tmp /usr
#> /old
#> ~-

### times and its form
times | grep -c '^[0-9]*m[0-9.]*s [0-9]*m[0-9.]*s$'
#> 2

### compgen
f_one() { :; }; f_two() { :; }; v_one=1; v_two=2
compgen -A function f_; compgen -v v_; compgen -W 'apple banana avocado' a; compgen -b ec; compgen -k wh
alias zz=x; compgen -a z; compgen -W 'a b' -P '<' -S '>'; compgen -X '*2' -W 'x1 x2'; compgen -W 'none' q; echo $?
mkdir dir; : > file1; compgen -f f; compgen -d d; compgen -A directory
#> f_one
#> f_two
#> v_one
#> v_two
#> apple
#> avocado
#> echo
#> while
#> zz
#> <a>
#> <b>
#> x1
#> 1
#> file1
#> dir
#> dir

### complete keeps specifications
complete -W 'a b' tool; complete -p tool; complete -F fn -o default other; complete | sort
complete -r tool; complete -p tool; echo $?
#> complete -W 'a b' tool
#> complete -W 'a b' tool
#> complete -o default -F fn other
#> 1
#! script.sh: line 2: complete: tool: no completion specification

### history is off in scripts
history; echo $?; set -o | grep '^history' | tr -d ' \t'
#> 0
#> historyoff

### enable prints
enable | head -n 2; enable -n; enable -a | grep -c '^enable '| grep -c '[0-9]'
#> enable .
#> enable :
#> 1

### help
help -s pwd; help nothing; echo $?
#> pwd: pwd [-LP]
#> 1
#! script.sh: line 1: help: no help topics match `nothing'.  Try `help help' or `man -k nothing' or `info nothing'.

### disown, suspend, fg and bg without job control
fg; echo $?; bg; echo $?; disown; echo $?
sleep 0.1 & disown $!; jobs; wait; echo $?
#> 1
#> 1
#> 1
#> 0
#! script.sh: line 1: fg: no job control
#! script.sh: line 1: bg: no job control
#! script.sh: line 1: disown: current: no such job

### logout outside a login shell
logout; echo $?
#> 1
#! script.sh: line 1: logout: not login shell: use `exit'

### bind outside a terminal
bind -l > /dev/null 2>&1; echo $?
#> 0

### let with several expressions
let 'a = 1' b=a+1 'c = a + b'; echo $a $b $c; let 'a == 2'; echo $?
#> 1 2 3
#> 1

### test of command substitution removal
x=$(printf 'a\n\n\n'); echo "[$x]"; x=$(printf '\n\na'); echo "[$x]"; x=$(printf 'a\0b'); echo "[$x]"
#> [a]
#> [
#>
#> a]
#> [ab]
#! script.sh: line 1: warning: command substitution: ignored null byte in input

### $(< file)
echo content > f; echo "$(< f)" $(<f); x=$(< nothing); echo "$? [$x]"
#> content content
#> 1 []
#! script.sh: line 1: nothing: No such file or directory

### substitutions with odd contents
echo "$(echo ')')" "$(echo "(")" $(echo a # comment )
) "$(case x in x) echo case;; esac)" "$(cat <<E
)
E
)"
#> ) ( a case )

### nested quotes in substitutions
echo "$(echo "$(echo "a  b")")" "`echo \"$(echo c  d)\"`" "${x:-"$(echo "e  f")"}"
#> a  b c d e  f

### functions, aliases and options in substitutions
f() { echo "f:$1"; }; shopt -s extglob; echo $(f 1) $(shopt extglob | tr -d ' \t')
#> f:1 extglobon

### select's and read's REPLY do not meet
REPLY=old; read -r x <<< new; echo "$REPLY $x"
#> old new

### unicode in everything
v='日本語'; echo ${#v} ${v:1:1} ${v%語} ${v/本/x} "${v@Q}"; [[ $v == ??? ]] && echo three
case é in ?) echo one ;; esac; u=éa; echo ${u^^} ${u^}; declare -u w=é; echo $w; printf '%s\n' $'\u65e5'
a=(é ü); IFS=é; echo "${a[*]}"
#> 3 本 日本 日x語 '日本語'
#> three
#> one
#> ÉA Éa
#> É
#> 日
#> ééü

### the C locale counts bytes
v=äb; echo ${#v}; LC_ALL=C; echo ${#v}; [[ $v == ??? ]] && echo bytes; echo "${v:2}"
LC_ALL=C.UTF-8; echo ${#v}
#> 2
#> 3
#> bytes
#> b
#> 2

### sixty nested functions and a hundred positional parameters
set -- {1..100}; echo ${100} ${#} "${@:99}"; shift 98; echo $1
#> 100 100 99 100
#> 99

### a long pipeline
echo x | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat
#> x

### many words, long words
set -- $(seq 20000); echo $#; x=$(printf '%0100000d' 0); echo ${#x}
#> 20000
#> 100000

### symbolic masks that are none
umask 022
for mode in u u+q ,g+w g=u u=rwx, a=X 'u=, g+'; do umask "$mode" 2>/dev/null; echo $?; done
umask
#> 1
#> 1
#> 1
#> 1
#> 1
#> 1
#> 1
#> 0022

### compgen cuts the words of -W at IFS
IFS=:%
compgen -W 'spam:eggs%ham cheese\:colon'
#> spam
#> eggs
#> ham cheese:colon

### compgen -C shows all that its command says, -F none of a function that fails
words() { echo one; echo two; }
compgen -C words t 2>/dev/null
fails() { COMPREPLY=(a); COMPREPLY+=($((1 / 0))); }
compgen -F fails 2>/dev/null; echo $?
#> one
#> two
## status: 1

### what mapfile reads ends at a NUL
printf 'a\0b\nc\n' | { mapfile -t lines; printf '[%s]' "${lines[@]}"; echo; }
#> [a][c]

### dirs takes its options one by one, and shows an entry with its number
cd /
pushd /usr >/dev/null
dirs -v +1
dirs -lp
echo $?
dirs x
echo $?
pushd -z
echo $?
#>  1  /
#> 2
#> 2
#> 2
#! script.sh: line 4: dirs: -lp: invalid number
#! dirs: usage: dirs [-clpv] [+N] [-N]
#! script.sh: line 6: dirs: x: invalid option
#! dirs: usage: dirs [-clpv] [+N] [-N]
#! script.sh: line 8: pushd: -z: invalid number
#! pushd: usage: pushd [-n] [+N | -N | dir]

### umask reads the sticky bit and leaves it
umask 1777
umask
#> 0777

### help knows the words of the grammar
help -s if while '((' '[[' '{' 'for ((' % function
echo $?
#> if: if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi
#> while: while COMMANDS; do COMMANDS-2; done
#> (( ... )): (( expression ))
#> [[ ... ]]: [[ expression ]]
#> { ... }: { COMMANDS ; }
#> for ((: for (( exp1; exp2; exp3 )); do COMMANDS; done
#> %: job_spec [&]
#> function: function name { COMMANDS ; } or name () { COMMANDS ; }
#> 0

### ulimit sets several limits at once, and none above what can be
ulimit -n 2000
ulimit -u 100 -n 200; echo $?
ulimit -n; ulimit -u
ulimit -n100; ulimit -n
ulimit -n 99999999999 2> /dev/null; echo $?
ulimit -n
#> 0
#> 200
#> 100
#> 100
#> 1
#> 100

### eval and source begin with the status before
(exit 5); eval 'echo $?'
false; eval '#x'; echo $?
false; . ./file
false; . ./empty; echo $?
## file file
#| echo "in $?"
## file empty
#| #
#> 5
#> 0
#> in 1
#> 0

### hash -t -l, -l, and what is no program
hash -p "/some/spaces path" q
hash -t q; hash -t -l q; hash -l
hash -p /x y; hash -t q y
hash -d nope 2>/dev/null; echo $?
hash -p / z 2>/dev/null; echo $?
#> /some/spaces path
#> builtin hash -p /some/spaces path q
#> builtin hash -p '/some/spaces path' q
#>$ q\t/some/spaces path\n
#>$ y\t/x\n
#> 1
#> 1

### type and command -v count as hits
hash -p /bin/sh sh
type -p sh >/dev/null; command -v sh
hash -p /none x
type -p x; type -t x
hash | sort
#> /bin/sh
#> /none
#> file
#>$    2\t/bin/sh\n
#>$    2\t/none\n
#>$ hits\tcommand\n

### type and command name files that cannot be executed
touch noexec; PATH=$PWD:$PATH
for how in 'type' 'type -P' 'type -p' 'type -t' 'command -v' 'command -V'; do
  text=$($how noexec); echo "${text//"$PWD"/D}"
done
type -a noexec 2>/dev/null; echo $?
type -P ./noexec; echo $?
#> noexec is D/noexec
#> D/noexec
#> D/noexec
#> file
#> D/noexec
#> noexec is D/noexec
#> 1
#> 1

### command -p looks at the standard path alone
mkdir b; printf '#!/bin/sh\necho mine\n' > b/myprog; chmod +x b/myprog
PATH=$PWD/b:$PATH
command -p -V myprog 2>/dev/null; echo $?
command -p -v myprog; echo $?
command -p myprog 2>/dev/null; echo $?
#> 1
#> 1
#> 127

### without a path a command is a file that is not there
PATH=
{ nosuchq; } 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
unset PATH
{ command nosuchq; } 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
#> nosuchq: No such file or directory
#> nosuchq: No such file or directory

### command exec keeps its redirections, builtin exec does not
command exec 3<<\END
here
END
cat <&3
builtin exec 5>g
{ echo x >&5; } 2>/dev/null; echo $?
#> here
#> 1

### help, kill, printf and read in the corners
help echo no-such-topic >/dev/null 2>&1; echo $?
help no-such-topic 2>/dev/null; echo $?
kill -INT '' 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
printf '%b\n' '\x' 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
printf "a b c" | { read -N 5 -a arr; declare -p arr; }
x=5; mapfile -O 2 x <<< $'a\nb'; declare -p x
#> 0
#> 1
#> kill: `': not a pid or valid job spec
#> printf: missing hex digit for \x
#> \x
#> declare -a arr=([0]="a b c")
#> declare -a x=([0]="5" [2]=$'a\n' [3]=$'b\n')

### cd, CDPATH and pwd
mkdir -p a/b c; touch file
CDPATH=.; cd c | while read -r dir; do echo "${dir##*/}"; done
cd ./nosuch/../c 2>/dev/null; echo $?
cd file/.. 2>/dev/null; echo $?
cd //; pwd; cd ///; pwd; cd "$OLDPWD"
cd $'a\nb' 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
cd "$HOME/a"; mv "$HOME/a" "$HOME/z"; basename "$(pwd)"; basename "$(pwd -P)"
#> c
#> 1
#> 1
#> //
#> /
#> cd: $'a\nb': No such file or directory
#> a
#> z

### set -k, and a command that is only blanks between backquotes
set -k
NO=
a=5 b=6 $NO c=7 $NO d=8
echo $a $b $c $d
set +k
false; `     `; echo $?
false; $( ); echo $?
#> 5 6 7 8
#> 0
#> 0

### getopts: OPTERR that is no number, and a local OPTIND
OPTERR=abc
getopts "a:" v -x; echo "$? $v"
f() {
  local OPTIND=1 o
  while getopts ":abcxyz" o; do
    echo "opt $o"
    if [[ $o = y ]]; then f -abc; fi
  done
}
f -xyz
#> 0 ?
#> opt x
#> opt y
#> opt a
#> opt b
#> opt c
#> opt z

### pushd -n turns the stack round without a word
cd /; pushd /usr > /dev/null; pushd /etc > /dev/null
pushd -n +1; pushd -n; dirs
#> /etc / /etc

### BASH_COMPAT and the compat options say the same
shopt -s compat43; echo $BASH_COMPAT
BASH_COMPAT=4.2; shopt | grep 'compat.*on'
shopt -u compat42; echo $BASH_COMPAT
BASH_COMPAT=7.1
BASH_COMPAT=; shopt | grep 'compat.*on'
array=(1 2); unset array[@]; declare -p array
BASH_COMPAT=51; unset array[@]; declare -p array
#> 43
#>$ compat42       \ton\n
#> 52
#> declare -a array=()
#! script.sh: line 4: BASH_COMPAT: 7.1: compatibility value out of range
#! script.sh: line 7: declare: array: not found
## status: 1

### return looks at its operand first
return x
return ''
return; echo $?
#> 2
#! script.sh: line 1: return: x: numeric argument required
#! script.sh: line 1: return: can only `return' from a function or sourced script
#! script.sh: line 2: return: : numeric argument required
#! script.sh: line 2: return: can only `return' from a function or sourced script
#! script.sh: line 3: return: can only `return' from a function or sourced script

### set -o before another option lists the options
set -o -x | tail -n 1
set +o +x | tail -n 1
set -o -u | head -n 1
#>$ xtrace         \toff\n
#> set +o xtrace
#>$ allexport      \toff\n

### wait for a number that is none of a process
wait 0; echo $?
wait 00; echo $?
wait +1; echo $?
wait ' 1'; echo $?
#> 127
#> 127
#> 1
#> 1
#! script.sh: line 1: wait: pid 0 is not a child of this shell
#! script.sh: line 2: wait: pid 0 is not a child of this shell
#! script.sh: line 3: wait: `+1': not a pid or valid job spec
#! script.sh: line 4: wait: ` 1': not a pid or valid job spec

### kill takes a name after -s and a number after -n in one word
kill -nfoo 1
kill -s9 1
kill -n15x 1
kill -n0 $$; echo $?
kill -l -l | head -n 1
#> 0
#>$  1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n
#! script.sh: line 1: kill: nfoo: invalid signal specification
#! script.sh: line 2: kill: s9: invalid signal specification
#! script.sh: line 3: kill: 15x: invalid signal specification

### a file that . finds by PATH is named with its place
. true
. ''
#! script.sh: line 1: .: /usr/bin/true: cannot execute binary file
#! script.sh: line 2: : No such file or directory
## status: 1

### set within a file that was given arguments stays
echo 'set z' > g; . ./g q; echo "$1"
echo 'shift' > g; set -- p; . ./g q; echo "$1"
echo 'set -- a b; shift' > g; . ./g q; echo "$1 $#"
fn() { . ./g q; echo "$1 $#"; }; fn r
#> z
#> p
#> b 1
#> r 1

### umask without a mode
umask '' 2>&1 | tr '\0' N
#> script.sh: line 1: umask: `N': invalid symbolic mode operator

### a wrong number is told before one argument too many
shift a b; echo $?
history a b; echo $?
history 1 2; echo $?
#> 1
#> 1
#! script.sh: line 1: shift: a: numeric argument required
#! script.sh: line 2: history: a: numeric argument required
#! script.sh: line 3: history: too many arguments
## status: 1

### a file that is an unfinished list fails
echo 'x=(' > g; . ./g; echo $?
#> 1
#! ./g: line 1: unexpected EOF while looking for matching `)'

### history without a file reads nothing
history -n; echo $?
history -r; echo $?
#> 1
#> 1

### pushd -n without a directory does nothing
pushd -n; echo $?
dirs | wc -l
#> 0
#> 1

### kill -l takes no notice of a signal to send
kill -l -9 | head -n 1
kill -l -TERM -l | head -n 1
kill -l -- -1
#>$  1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n
#>$  1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n
#! script.sh: line 3: kill: -1: invalid signal specification
## status: 1

### compgen lists for each action once
compgen -k -k | grep -c '^if$'
#> 1

### the commands of mapfile's callback have the line of mapfile
PS4='+$LINENO '

printf '1\n' > f; set -x; mapfile -c 1 -C : < f
#! +3 mapfile -c 1 -C :
#! ++3 : 0 '1
#! '

### a sourced file is read when it begins
printf 'echo 1\necho "echo 3" >> f\necho 2\n' > f
. ./f
. ./f | tail -n 1
#> 1
#> 2
#> 3

### a file that cannot be executed is not remembered, and caller does not notice what it cannot write
touch plain
PATH=.:$PATH
hash plain
echo $?
caller > /dev/full
echo $?
#> 1
#> 0
#! script.sh: line 3: hash: plain: not found

### pushd -n puts a directory there as it is written
pushd -n foo
pushd -n ./bar
pushd -n /usr/../etc
#> ~ foo
#> ~ ./bar foo
#> ~ /usr/../etc ./bar foo
