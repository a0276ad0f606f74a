# SPDX-License-Identifier: Apache-2.0
# The restricted shell: set -r, -r, rbash.

### a shell that restricts itself
"$BASH" -c 'set -r
cd /; echo $?
echo text >file; echo $?
/bin/true; echo $?
. ./file; echo $?
exec true; echo $?
hash -p /bin/true x; echo $?
command -p true; echo $?
pushd /; echo $?
enable -f x y; echo $?
set +r; echo $?
BASH_CMDS[x]=/bin/true
PATH=$PATH; echo "set $?"
case $- in *r*) echo letter;; esac
shopt restricted_shell' 2>&1 | sed 's/^[^ ]*: line/line/'
#> line 2: cd: restricted
#> 1
#> line 3: file: restricted: cannot redirect output
#> 1
#> line 4: /bin/true: restricted: cannot specify `/' in command names
#> 1
#> line 5: .: ./file: restricted
#> 1
#> line 6: exec: restricted
#> 1
#> line 7: hash: /bin/true: restricted
#> 1
#> line 8: command: -p: restricted
#> 1
#> line 9: pushd: restricted
#> 1
#> line 10: enable: restricted
#> 1
#> line 11: set: +r: invalid option
#> set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]
#> 1
#> line 12: /bin/true: restricted
#> set 0
#> letter
#>$ restricted_shell\toff\n

### one that was called restricted has its search readonly
"$BASH" -r -c 'PATH=/x
echo no' 2>&1 | sed 's/^.*: line/line/'
"$BASH" --restricted -c 'declare SHELL=/x; export ENV=/x; unset BASH_ENV; echo "$?"; shopt restricted_shell; shopt -u restricted_shell; shopt restricted_shell' 2>&1 | sed 's/^.*: line/line/'
#> line 1: PATH: readonly variable
#> no
#> line 1: declare: SHELL: readonly variable
#> line 1: ENV: readonly variable
#> line 1: unset: BASH_ENV: cannot unset: readonly variable
#> 1
#>$ restricted_shell\ton\n
#>$ restricted_shell\ton\n

### what does not restrict it
"$BASH" -r -c 'cat </dev/null; echo here >&2; exec 3<&0; echo "$?"; : 2>&1; echo "$?"' 2>&1
"$BASH" +r -c 'cd /; pwd'
"$BASH" -r -c 'history -r ./x; . x/y; (cd /); echo $(cd / ; echo in)' 2>&1 | sed 's/^.*: line/line/'
#> here
#> 0
#> 0
#> /
#> line 1: history: ./x: restricted
#> line 1: .: x/y: restricted
#> line 1: cd: restricted
#> line 1: cd: restricted
#> in

### a script that it starts is not restricted, its start-up file neither
printf 'cd /; pwd\n' >script; chmod +x script
printf 'cd /; pwd\n' >startup
PATH=$PATH:. "$BASH" -r -c 'script'
BASH_ENV=./startup "$BASH" -r -c 'cd /' 2>&1 | sed 's/^.*: line/line/'
#> Script started, output log file is 'typescript'.
#>$ # \x0d\n
#> Script done.
#> /
#> line 1: cd: restricted

### a restricted shell remembers only programs that PATH has
PATH=/nowhere
set -r
BASH_CMDS[x]=/bin/sh
BASH_CMDS[a]=sh
hash -p sh y
echo $?
a -c 'echo ran'
PATH=/bin
SHELL=/bin/sh
echo "$PATH"
#> 1
#> /nowhere
#! script.sh: line 3: /bin/sh: restricted
#! script.sh: line 4: sh: not found
#! script.sh: line 5: hash: sh: not found
#! script.sh: line 7: a: command not found
#! script.sh: line 8: PATH: readonly variable
#! script.sh: line 9: SHELL: readonly variable
