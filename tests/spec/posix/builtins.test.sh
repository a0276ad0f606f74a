# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.14: special built-ins, and the regular ones.

### colon, true, false
: ignored arguments
echo $?
true x; echo $?
false x; echo $?
#> 0
#> 0
#> 1

### eval
x='echo one; echo two'
eval "$x"
eval 'y=$((1+1))'
echo $y
eval
echo $?
#> one
#> two
#> 2
#> 0

### dot runs a file here
## file lib.sh
#| v=loaded
#| f() { echo "f $1"; }
#| return 4
. ./lib.sh
echo $? $v
f x
#> 4 loaded
#> f x

### set and its parameters
set -- -a b
echo "$1" $#
set x y
echo $1 $2
set --
echo $#
#> -a 2
#> x y
#> 0

### shift too far
set -- a
shift 3 2>/dev/null
echo $? $#
#> 1 1

### test with files
: > f; echo x > g; mkdir d; ln -s f l
[ -e f ] && [ -f f ] && [ ! -s f ] && [ -s g ] && [ -d d ] && [ -L l ] && [ ! -e none ] && echo files
[ -r f ] && [ -w f ] && [ ! -x f ] && echo rights
#> files
#> rights

### test with strings and numbers
[ a = a ] && [ a != b ] && [ -z '' ] && [ -n x ] && [ x ] && [ ! '' ] && echo strings
[ 1 -eq 1 ] && [ 1 -ne 2 ] && [ 1 -lt 2 ] && [ 2 -gt 1 ] && [ 1 -le 1 ] && [ 1 -ge 1 ] && echo numbers
test -f /dev/null || echo 'not a file'
#> strings
#> numbers
#> not a file

### test with operators as words
[ = = = ] && [ ! = ! ] && [ -n = ] && echo odd
#> odd

### printf
printf '%s-%d-%x-%o-%c\n' str 42 255 8 char
printf '%5s|%-5s|%05d|%.2s\n' ab cd 42 xyz
printf '%s %s\n' a b c
printf 'a\tb\\n%%\n'
printf '%b\n' 'x\ty'
#> str-42-ff-10-c
#>    ab|cd   |00042|xy
#> a b
#> c 
#>$ a\tb\\n%\n
#>$ x\ty\n

### echo
echo a   b
echo -n no newline
echo
echo "  spaces  "
#> a b
#> no newline
#>   spaces  

### read splits
echo 'one two  three four' | { read -r a b c; echo "[$a] [$b] [$c]"; }
echo 'a:b:c' | { IFS=: read -r x y; echo "[$x] [$y]"; }
printf 'no newline' | { read -r x; echo "$? [$x]"; }
: | { read -r x; echo "$? [$x]"; }
#> [one] [two] [three four]
#> [a] [b:c]
#> 1 [no newline]
#> 1 []

### read and backslashes
printf 'a\\tb\\\nc\n' | { read x; echo "[$x]"; }
printf 'a\\tb\n' | { read -r x; echo "[$x]"; }
#> [atbc]
#> [a\tb]

### cd and pwd
mkdir -p a/b
here=$(pwd)
cd a/b
echo "${PWD#$here}"
cd ..
echo "${PWD#$here}" "${OLDPWD#$here}"
cd - > /dev/null
echo "${PWD#$here}"
cd "$here"/nothing 2>/dev/null
echo $?
#> /a/b
#> /a /a/b
#> /a/b
#> 1

### umask
umask 027
: > f
ls -l f | cut -c 1-10
umask
#> -rw-r-----
#> 0027

### exit and its status
(exit 3); echo $?
(false; exit); echo $?
(exit 256); echo $?
#> 3
#> 1
#> 0

### trap on exit
trap 'echo bye' EXIT
echo hello
#> hello
#> bye

### trap on a signal
trap 'echo caught' TERM
kill -TERM $$
echo after
trap - TERM
#> caught
#> after

### getopts
set -- -a -b val -c rest
while getopts ab:c o; do echo "$o [$OPTARG]"; done
shift $((OPTIND - 1))
echo "$@"
#> a []
#> b [val]
#> c []
#> rest

### command finds what is there
command -v cd
command -v nothing_like_it
echo $?
command echo plain
#> cd
#> 1
#> plain

### type of statuses: not found and not executable
nothing_like_it 2>/dev/null
echo $?
: > plain
./plain 2>/dev/null
echo $?
/ 2>/dev/null
echo $?
#> 127
#> 126
#> 126

### death by a signal
sh -c 'kill -9 $$' 2>/dev/null
echo $?
#> 137
#!~ script.sh: line 1: * Killed  *

### exec replaces the shell
(exec echo replaced; echo never)
exec sh -c 'exit 5'
#> replaced
## status: 5

### errexit
set -e
false || echo guarded
if false; then :; fi
! true
echo before
false
echo never
#> guarded
#> before
## status: 1

### alias of nothing changes nothing
unalias nothing 2>/dev/null
echo $?
#> 1

### times and ulimit answer
times > /dev/null && ulimit -n > /dev/null && echo ok
#> ok

### a syntax error stops before its command
echo before
if true
  echo never
#> before
#! script.sh: line 4: syntax error: unexpected end of file
## status: 2
