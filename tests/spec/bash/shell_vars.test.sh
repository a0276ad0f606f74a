# SPDX-License-Identifier: Apache-2.0
# bash: the shell's own variables.

### versions for feature checks
echo "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}" ${#BASH_VERSINFO[@]}
[[ $BASH_VERSION == 5.2* ]] && echo version
((BASH_VERSINFO[0] >= 4)) && echo modern
#> 5.2 6
#> version
#> modern

### LINENO
echo $LINENO

echo $LINENO \
  $LINENO
f() {
  echo $LINENO
}
f
#> 1
#> 3 3
#> 6

### BASH_SOURCE, BASH_LINENO, FUNCNAME
echo 'g() { echo "${BASH_SOURCE[*]} ${BASH_LINENO[*]} ${FUNCNAME[*]}"; }' > lib
. ./lib
f() { g; }
f
#> ./lib script.sh script.sh 3 4 0 g f main

### dollar underscore
echo a b; echo $_
: x "y z"; echo "$_"
#> a b
#> b
#> y z

### RANDOM and its seed
RANDOM=42; a=$RANDOM; RANDOM=42; b=$RANDOM; ((a == b)) && echo repeats
((RANDOM >= 0 && RANDOM < 32768)) && echo range
[[ $SRANDOM != "$SRANDOM" ]] && echo differs
#> repeats
#> range
#> differs

### SECONDS, EPOCHSECONDS, EPOCHREALTIME
SECONDS=100; ((SECONDS >= 100 && SECONDS < 105)) && echo assigned
[[ $EPOCHSECONDS -gt 1600000000 && $EPOCHREALTIME == *.?????? ]] && echo epoch
#> assigned
#> epoch

### ids
[[ $UID -eq $(id -u) && $EUID -eq $(id -u) && $PPID -gt 0 && ${GROUPS[0]} -eq $(id -g) ]] && echo ids
UID=5; echo "status $?"
#> ids
#! script.sh: line 2: UID: readonly variable
## status: 1

### PWD, OLDPWD
mkdir d; h=$PWD; cd d; [[ $PWD == "$h/d" && $OLDPWD == "$h" ]] && echo ok
unset OLDPWD; cd -; echo $?
#> ok
#> 1
#! script.sh: line 2: cd: OLDPWD not set

### SHLVL
echo $SHLVL; (echo $SHLVL); sh -c 'echo $SHLVL'
SHLVL=5 bash -c 'echo $SHLVL'
#> 1
#> 1
#> 1
#> 6

### BASH_COMMAND and BASH_EXECUTION_STRING
trap 'echo "$BASH_COMMAND"' DEBUG; : a b; trap - DEBUG
echo "[$BASH_EXECUTION_STRING]"
#> : a b
#> trap - DEBUG
#> []

### BASH_ARGC and BASH_ARGV with extdebug
shopt -s extdebug
f() { echo "${BASH_ARGC[0]} ${BASH_ARGV[0]} ${BASH_ARGV[1]}"; }
f x y
#> 2 y x

### HOSTNAME, OSTYPE, HOSTTYPE, MACHTYPE
[[ -n $HOSTNAME && $OSTYPE == linux* && -n $HOSTTYPE && $MACHTYPE == *-*-* ]] && echo ok
#> ok

### DIRSTACK
cd /; pushd /tmp > /dev/null; echo "${DIRSTACK[@]}"; echo ${#DIRSTACK[@]}
#> /tmp /
#> 2

### IFS, PS4 and OPTIND at the start
printf '%q %q %q %q\n' "$IFS" "$PS4" "$OPTIND" "${PS1-unset}"
#> $' \t\n' +\  1 unset

### BASH_ALIASES and BASH_CMDS
alias a1=b1; echo "${BASH_ALIASES[a1]}"
BASH_ALIASES[c1]=d1; alias c1
BASH_CMDS[mine]=/bin/echo; mine hashed
#> b1
#> alias c1='d1'
#> hashed

### unset special variables lose their meaning
unset RANDOM LINENO; echo "[$RANDOM] [$LINENO]"
#> [] []

### assigning to the unassignable
FUNCNAME=x; echo "${FUNCNAME-unset}"
BASH_SUBSHELL=7; echo $BASH_SUBSHELL
LINENO=50; echo $LINENO
EPOCHSECONDS=1; ((EPOCHSECONDS > 5)) && echo still
#> unset
#> 7
#> 3
#> still

### BASHPID and dollar
[[ $BASHPID == $$ ]] && echo same
x=$(echo $BASHPID); [[ $x != $$ ]] && echo other
#> same
#> other

### PIPESTATUS and question mark after assignments
false; x=1; echo $?
x=$(exit 3); echo $? "${PIPESTATUS[0]}"
#> 0
#> 3 3

### TMPDIR-free here-documents and HOME-free tildes
unset HOME; cd 2>/dev/null; echo $?
echo ~ | grep -c /
#> 1
#> 1

### CDPATH
mkdir -p a/b; CDPATH=$PWD/a; cd b | sed 's,.*/a/,a/,'; CDPATH=; cd a && echo quiet
#> a/b
#> quiet

### PATH of the shell when none is given
env -i "$BASH" -c 'echo "${PATH:+set}"'
#> set

### BASH names the program
[[ -x $BASH ]] && echo runs
#> runs

### variables from the environment keep odd names out
env 'a-b=1' 'ok=2' "$BASH" -c 'echo $ok; export -p | grep -c a-b'
#> 2
#> 0
## status: 1

### COLUMNS-free listing of MAPFILE and REPLY
echo "[${REPLY-unset}] [${MAPFILE-unset}]"
#> [unset] [unset]

### PROMPT_COMMAND and PS1 do nothing in scripts
PROMPT_COMMAND='echo never'; PS1='never'
echo end
#> end

### GLOBIGNORE, FIGNORE, EXECIGNORE
printf '#!/bin/sh\necho ran\n' > tool; chmod +x tool; PATH=$PWD:$PATH
tool; EXECIGNORE='*tool'; hash -r; tool 2>/dev/null || echo ignored
#> ran
#> ignored

### POSIXLY_CORRECT
POSIXLY_CORRECT=1; shopt -o posix
#>$ posix          \ton\n

### set lists values without ansi quoting in posix mode
set -o posix
tabbed=$'a\tb'
listed=([0]=$'a\tb')
set | grep -E '^(tabbed|listed)='
#> listed=([0]=$'a\tb')
#>$ tabbed='a\tb'\n

### IGNOREEOF follows its option
unset IGNOREEOF
set -o ignoreeof; echo "[$IGNOREEOF]"
set +o ignoreeof; echo "[$IGNOREEOF]"
IGNOREEOF=0; shopt -o ignoreeof
f() { local -; set +o ignoreeof; shopt -o ignoreeof; }
f; shopt -o ignoreeof; echo $IGNOREEOF
#> [10]
#> []
#>$ ignoreeof      \ton\n
#>$ ignoreeof      \toff\n
#>$ ignoreeof      \ton\n
#> 10

### BASH_ARGV and BASH_ARGC of the script, files and functions
echo 'declare -p BASH_ARGV BASH_ARGC' > a.sh
f() { declare -p BASH_ARGV BASH_ARGC; }
set -- b c
f
. ./a.sh; . ./a.sh x y
shopt -s extdebug
f 1 2; . ./a.sh; . ./a.sh x y
g() { . ./a.sh; }; g 3
#> declare -a BASH_ARGV=()
#> declare -a BASH_ARGC=()
#> declare -a BASH_ARGV=([0]="./a.sh" [1]="c" [2]="b")
#> declare -a BASH_ARGC=([0]="1" [1]="2")
#> declare -a BASH_ARGV=([0]="c" [1]="b")
#> declare -a BASH_ARGC=([0]="2")
#> declare -a BASH_ARGV=([0]="2" [1]="1" [2]="c" [3]="b")
#> declare -a BASH_ARGC=([0]="2" [1]="2")
#> declare -a BASH_ARGV=([0]="./a.sh" [1]="c" [2]="b")
#> declare -a BASH_ARGC=([0]="1" [1]="2")
#> declare -a BASH_ARGV=([0]="y" [1]="x" [2]="c" [3]="b")
#> declare -a BASH_ARGC=([0]="2" [1]="2")
#> declare -a BASH_ARGV=([0]="./a.sh" [1]="3" [2]="c" [3]="b")
#> declare -a BASH_ARGC=([0]="1" [1]="1" [2]="2")

### FUNCNAME has no value outside of functions
declare -p FUNCNAME; f() { declare -p FUNCNAME; }; f; declare -p FUNCNAME
#> declare -a FUNCNAME
#> declare -a FUNCNAME=([0]="f" [1]="main")
#> declare -a FUNCNAME

### an assignment to DIRSTACK changes the stack
cd /; pushd /usr >/dev/null; DIRSTACK[1]=/etc; dirs; DIRSTACK[0]=/bin; DIRSTACK[7]=x; dirs
#> /usr /etc
#> /usr /etc

### $_ before the first command, and what it is marked
echo 'echo "${_##*/}"' > s; [ "$("$BASH" s)" = "${BASH##*/}" ]; echo $?
export _=iv; echo first last; declare -p _
#> 0
#> first last
#> declare -- _="last"

### SHELL is the user's where the environment has none
env -u SHELL "$BASH" -c '[ "$SHELL" = "$(while IFS=: read -r u p n g x h s; do [ $n = $UID ] && echo $s && break; done < /etc/passwd)" ]; echo $?; declare -p SHELL | grep -c -- -x'
#> 0
#> 0
## status: 1

### set -k: assignments without a command stay
set -k
a=5 b=6 $NO c=7 $NO d=8
echo $a $b $c $d
HOME=/q env c=9 | grep -c -e ^HOME=/q -e ^c=9
#> 5 6 7 8
#> 2

### the name of an unset target under set -u
"$BASH" -uc 'foo=bar; echo ${!foo}' b 2>&1 | sed 's/^[^ ]*: //'
#> line 1: !foo: unbound variable

### @A of the elements of what has no value
declare -rl V; declare -arl W
echo "${V@A}|${V[@]@A}|${W@A}|${W[@]@A}|${W[@]@a}"
#> declare -rl V|declare -rl V|declare -arl W|declare -arl W|arl

### an empty word after the command of -c is $0
"$BASH" -c 'echo "[$0] $#"' ''
"$BASH" -c 'echo "[$0] $#"' '' x
#> [] 0
#> [] 1

### cd - shows OLDPWD as it is, and looks at no CDPATH
mkdir a
cd a
cd ..
OLDPWD=a
CDPATH=/
cd -
OLDPWD=
cd -
echo $?
#> a
#>
#> 0

### OLDPWD is exported before it has a value
unset -f x
env -u OLDPWD "$BASH" -c 'declare -x; export -p; export' | grep OLDPWD
#> declare -x OLDPWD
#> declare -x OLDPWD
#> declare -x OLDPWD
