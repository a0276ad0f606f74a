# SPDX-License-Identifier: Apache-2.0
# bash: invocation: options, startup files, names, standard input.

### -c with options after it
## args: -c -e 'false; echo never'
## status: 1

### -c takes the first word that is no option
## args: -c -u -- 'echo "$0 $1"' zero one
#> zero one

### -s with parameters from standard input
## args: -s -- a -b
## stdin
#| echo "$1 $2 $#"
#> a -b 2

### an option after the script is the script's
## args: script.sh -x --norc
echo "$1 $2 $-" | tr -d hB
#> -x --norc 

### plus options turn off
## args: -eu +e -c 'false; echo on; echo $x'
#> on
#!~ *: line 1: x: unbound variable
## status: 127

### -o without a name lists
## args: -o
## stdin
#| exit
#>$ allexport      \toff\n
#>$ braceexpand    \ton\n
#>$ emacs          \ton\n
#>$ errexit        \toff\n
#>$ errtrace       \toff\n
#>$ functrace      \toff\n
#>$ hashall        \ton\n
#>$ histexpand     \toff\n
#>$ history        \toff\n
#>$ ignoreeof      \toff\n
#>$ interactive-comments\ton\n
#>$ keyword        \toff\n
#>$ monitor        \toff\n
#>$ noclobber      \toff\n
#>$ noexec         \toff\n
#>$ noglob         \toff\n
#>$ nolog          \toff\n
#>$ notify         \toff\n
#>$ nounset        \toff\n
#>$ onecmd         \toff\n
#>$ physical       \toff\n
#>$ pipefail       \toff\n
#>$ posix          \toff\n
#>$ privileged     \toff\n
#>$ verbose        \toff\n
#>$ vi             \toff\n
#>$ xtrace         \toff\n

### -O and +O
## args: -O extglob +O sourcepath -c 'shopt -p extglob sourcepath'
#> shopt -s extglob
#> shopt -u sourcepath
## status: 1

### --posix and --norc, --noprofile, --noediting
## args: --posix --norc --noprofile --noediting -c 'shopt -o posix'
#>$ posix          \ton\n

### -l reads the profile
## args: -l -c 'echo "$from_profile"; shopt -q login_shell && echo login'
## file .bash_profile
#| from_profile=yes
#> yes
#> login

### a rc file only where it is interactive
## args: --rcfile rc -c 'echo "[$from_rc]"'
## file rc
#| from_rc=yes
#> []

### BASH_ENV is expanded and read for -c and scripts
## args: -c 'echo "[$from_env]"'
## env: BASH_ENV=$HOME/env.sh
## file env.sh
#| from_env=read
#> [read]

### ENV is not read
## args: -c 'echo "[$from_env]"'
## env: ENV=./env.sh
## file env.sh
#| from_env=read
#> []

### a BASH_ENV that is not there
## args: -c 'echo fine'
## env: BASH_ENV=./nothing
#> fine

### called by another name
(exec -a other "$BASH" -c 'echo $0'); "$BASH" -c 'echo "$0"' named
#> other
#> named

### dollar zero and parameters of a script
echo "${0##*/}"; "$BASH" -c 'echo "$0|$*"' zero 1 2 3
#> script.sh
#> zero|1 2 3

### a script found through PATH
mkdir bin; echo 'echo found' > bin/tool.sh; PATH=$PWD/bin:$PATH
"$BASH" tool.sh; "$BASH" nothing.sh 2>/dev/null; echo $?
#> found
#> 127

### a script named with a dash
echo 'echo dashed' > ./-script; "$BASH" -- -script; "$BASH" ./-script
#> dashed
#> dashed

### the script is read line by line
## stdin
#| read -r x
#| data for read
#| echo "got $x"
#| cat
#| rest
#| of input
#> got data for read
#> rest
#> of input

### exec of a reader takes the rest
## stdin
#| echo first
#| exec cat
#| echo not run
#> first
#> echo not run

### options in SHELLOPTS and BASHOPTS of the environment
env SHELLOPTS=braceexpand:errexit "$BASH" -c 'false; echo never'; echo $?
env BASHOPTS=extglob "$BASH" -c 'shopt -q extglob && echo on'
#> 1
#> on

### functions of the environment
f() { echo "f $1"; }; export -f f; "$BASH" -c 'f x'; env | grep -c '^BASH_FUNC_f%%='
#> f x
#> 1

### -i is not asked for by pipes
echo 'echo "[$PS1]"; echo $-' | "$BASH" | tr -d hBs
#> []
#>

### -n checks
"$BASH" -n -c 'echo never; if' 2>/dev/null; echo $?; "$BASH" -n -c 'echo never'; echo $?
#> 2
#> 0

### -v and -x together
## args: -vxc 'x=1; echo $x'
#> 1
#! x=1; echo $x
#! + x=1
#! + echo 1

### -t ends after one command
## args: -t
## stdin
#| echo one
#| echo two
#> one

### -h, -B, -C, -E, -P, -T, -k, -p are taken
## args: -h -B -C -E -P -T -k -p -c 'echo taken'
#> taken

### -u at the top
## args: -uc 'echo "$1"' x
#! x: line 1: $1: unbound variable
## status: 127

### a script's status is its last command's
## args: -c 'true; false'
## status: 1

### unknown names of options
"$BASH" -O nothing -c : 2>/dev/null; echo $?
"$BASH" -o nothing -c : 2>/dev/null; echo $?
#> 2
#> 2

### exit inside of a sourced startup file
## env: BASH_ENV=./rc
## file rc
#| exit 9
echo never
## status: 9

### restricted names of variables from outside
## env: RANDOM=x
## args: -c 'echo $((RANDOM < 32768))'
#> 1

### IFS is not inherited
## env: IFS=x
## args: -c 'v=axb; printf "[%s]" $v; echo'
#> [axb]

### entries of the environment whose names are none of the shell's reach its programs
env -i A.B=1 1C=2 D-E=3 "$BASH" -c '/usr/bin/env' | grep -E '^(A.B|1C|D-E)=' | sort
#> 1C=2
#> A.B=1
#> D-E=3

### exec gives its program the level of the shell it replaces
SHLVL=5 "$BASH" -c 'echo $SHLVL; exec /usr/bin/env' | grep -E '^(SHLVL=)?[0-9]+$'
#> 6
#> SHLVL=5

### set -v ends the last line where the file does not
printf 'echo a; echo b' > f
set -v
. ./f
#> a
#> b
#! . ./f
#! echo a; echo b

### a program that is no script is named as PATH has it
"$BASH" ls; echo $?
#> 126
#! /usr/bin/ls: /usr/bin/ls: cannot execute binary file
