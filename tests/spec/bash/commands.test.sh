# SPDX-License-Identifier: Apache-2.0
# bash: type, command, builtin, enable, hash, eval, source, exec, exit.

### type of each kind
f() { :; }
type -t f; type -t cd; type -t if; type -t sh; type -t nothing; echo $?
#> function
#> builtin
#> keyword
#> file
#> 1

### type in words
f() { echo x; }
type cd if f
type nothing
echo $?
#> cd is a shell builtin
#> if is a shell keyword
#> f is a function
#> f () 
#> { 
#>     echo x
#> }
#> 1
#! script.sh: line 3: type: nothing: not found

### type -a, -p, -P
type -p cd; echo $?
mkdir b; printf '#!/bin/sh\n' > b/tool; chmod +x b/tool; PATH=$PWD/b:$PATH
type -p tool | sed "s,$PWD,.,"; type -P tool | sed "s,$PWD,.,"
tool() { :; }
type -at tool
#> 0
#> ./b/tool
#> ./b/tool
#> function
#> file

### command skips functions
echo() { printf 'function %s\n' "$*"; }
echo a; command echo b; builtin echo c
#> function a
#> b
#> c

### command -v and -V
f() { :; }
command -v f cd if; command -v sh > /dev/null && echo sh
command -V cd; command -V if
command -v nothing; echo $?
command -V nothing; echo $?
#> f
#> cd
#> if
#> sh
#> cd is a shell builtin
#> if is a shell keyword
#> 1
#> 1
#! script.sh: line 5: command: nothing: not found

### command -p
PATH=/nothing; command -p ls script.sh
#> script.sh

### command makes special builtins plain
command exec < nothing; echo "status $?"
command export 1x=1; echo "status $?"
#> status 1
#> status 1
#! script.sh: line 1: nothing: No such file or directory
#! script.sh: line 2: export: `1x=1': not a valid identifier

### builtin
builtin nothing; echo $?
builtin; echo $?
builtin ls; echo $?
#> 1
#> 0
#> 1
#! script.sh: line 1: builtin: nothing: not a shell builtin
#! script.sh: line 3: builtin: ls: not a shell builtin

### enable turns builtins off
enable -n test; type -t test
enable test; type -t test
enable nothing; echo $?
enable -s | grep -c '^enable \(eval\|export\|:\)$'
#> file
#> builtin
#> 1
#> 3
#! script.sh: line 3: enable: nothing: not a shell builtin

### hash
hash -r; hash; echo $?
hash nothing; echo $?
ls > /dev/null; hash -t ls | grep -c ls
hash -p /bin/sh mysh; mysh -c 'echo hashed'
hash -d mysh; hash -t mysh; echo $?
#> hash: hash table empty
#> 0
#> 1
#> 1
#> hashed
#> 1
#! script.sh: line 2: hash: nothing: not found
#! script.sh: line 5: hash: mysh: not found

### a command that moves is found again
mkdir a b; printf '#!/bin/sh\necho a\n' > a/t; printf '#!/bin/sh\necho b\n' > b/t; chmod +x a/t b/t
PATH=$PWD/a:$PWD/b:$PATH
t; rm a/t; shopt -s checkhash; t
#> a
#> b

### eval
eval echo a '$((1 + 1))' '"x  y"'
eval 'for i in 1 2; do' 'echo $i; done'
eval; echo $?
eval 'exit_status() { return 4; }'; exit_status; echo $?
eval -- echo dashes
eval 'if'; echo $?
#> a 2 x  y
#> 1
#> 2
#> 0
#> 4
#> dashes
#> 2
#! script.sh: eval: line 7: syntax error: unexpected end of file

### source with arguments and return
cat > lib <<'E'
echo "$# $1 ${BASH_SOURCE[0]} ${#FUNCNAME[@]}"
x=from lib 2>/dev/null
y=set
return 5
echo never
E
set -- outer; . ./lib in ner; echo "$? $y $1"
source ./lib; echo $#
#> 2 in ./lib 0
#> 5 set outer
#> 1 outer ./lib 0
#> 1

### source searches PATH then here
mkdir d; echo 'echo found in d' > d/lib.sh; echo 'echo here' > here.sh
PATH=$PWD/d:$PATH
. lib.sh; . here.sh
shopt -u sourcepath; . lib.sh; echo $?
#> found in d
#> here
#> 1
#! script.sh: line 4: lib.sh: No such file or directory

### source's errors
. ./nothing; echo $?
source; echo $?
. .; echo $?
#> 1
#> 2
#> 1
#! script.sh: line 1: ./nothing: No such file or directory
#! script.sh: line 2: source: filename argument required
#! source: usage: source filename [arguments]
#! script.sh: line 3: .: .: is a directory

### a sourced file with a syntax error
echo 'echo ok
if' > bad
. ./bad; echo "status $?"
#> ok
#> status 2
#! ./bad: line 3: syntax error: unexpected end of file

### source changes parameters only with set
echo 'set -- new params; shift' > lib
set -- a b; . ./lib; echo "$@"
f() { . ./lib; echo "$@"; }; f x y; echo "$@"
#> params
#> params
#> params

### exec with options
(exec -a name sh -c 'echo $0')
(X=1 exec -c /usr/bin/env); (exec -l sh -c 'echo $0')
#> name
#> -sh

### exec of nothing there
(exec nothing); echo $?
(exec ./script.sh) 2>/dev/null; echo $?
shopt -s execfail; exec nothing; echo "goes on $?"
#> 127
#> 126
#> goes on 127
#! script.sh: line 1: exec: nothing: not found
#! script.sh: line 3: exec: nothing: not found

### exit in all places
(exit); echo $?
(exit 300); echo $?
(exit -1); echo $?
(exit x); echo $?
(exit 1 2); echo $?
f() { exit 6; }; (f); echo $?
x=$(exit 7); echo $?
#> 0
#> 44
#> 255
#> 2
#> 1
#> 6
#> 7
#! script.sh: line 4: exit: x: numeric argument required
#! script.sh: line 5: exit: too many arguments

### commands that cannot run
nothing_here; echo $?
./nothing; echo $?
mkdir dir; ./dir; echo $?
: > plain; ./plain; echo $?
printf '#!/no/such/interpreter\n' > bad; chmod +x bad; ./bad; echo $?
'' ; echo $?
#> 127
#> 127
#> 126
#> 126
#> 127
#> 127
#! script.sh: line 1: nothing_here: command not found
#! script.sh: line 2: ./nothing: No such file or directory
#! script.sh: line 3: ./dir: Is a directory
#! script.sh: line 4: ./plain: Permission denied
#! script.sh: line 5: ./bad: cannot execute: required file not found
#! script.sh: line 6: : command not found

### a script without a first line runs as shell
printf 'echo "plain script $1 $0"\n' > s; chmod +x s; ./s arg
#> plain script arg ./s

### a binary is not a script
printf '\177\000\001bin' > b; chmod +x b; ./b; echo $?
#> 126
#! script.sh: line 1: ./b: cannot execute binary file: Exec format error

### command_not_found_handle
command_not_found_handle() { echo "no $1 with $#"; return 9; }
missing a b; echo $?
#> no missing with 3
#> 9

### empty commands and expansions to nothing
$nothing; echo $?
$(false); echo $?
$nothing echo word
x=1 $nothing; echo "$x $?"
$(exit 3); echo $?
#> 0
#> 1
#> word
#> 1 0
#> 3

### words of a command come from expansions
c='echo a  b'; $c
e=echo; $e $'x\ty'; ${e} z
"$c" 2>/dev/null; echo $?
#> a b
#>$ x\ty\n
#> z
#> 127

### true, false, colon ignore arguments
true x; false --help; : --version; echo $?
#> 0

### PATH with empty elements is here
printf '#!/bin/sh\necho here\n' > tool; chmod +x tool
PATH=:/usr/bin:/bin; tool
PATH=/usr/bin:/bin:; tool
PATH=/usr/bin:/bin; tool 2>/dev/null || echo none
#> here
#> here
#> none

### environment for one command
A=1 B=$A sh -c 'echo "$A [$B]"'; echo "[$A]"
PATH=/nothing ls 2>/dev/null; echo $?
#> 1 [1]
#> []
#> 127

### let, test, help of an unknown builtin
help nothing_like_it; echo $?
#> 1
#! script.sh: line 1: help: no help topics match `nothing_like_it'.  Try `help help' or `man -k nothing_like_it' or `info nothing_like_it'.

### the last argument
: a b; echo "[$_]"
x=1; echo "[$_]"
declare d=(1 2); echo "[$_]"
[[ a == a ]]; echo "[$_]"
> file; echo "[$_]"
#> [b]
#> []
#> [d]
#> [[d]]
#> []

### PATH for one command is where it is looked for
cat /dev/null
PATH=/nothing_here cat /dev/null; echo $?
mkdir one; printf '#!/bin/sh\necho one\n' > one/cat; chmod +x one/cat
PATH=$PWD/one cat /dev/null
cat /dev/null; echo $?
#> 127
#> one
#> 0
#! script.sh: line 2: cat: command not found

### a program found through a relative directory is remembered
mkdir one two; printf 'echo two\n' > two/tool; chmod +x two/tool
PATH=one:two:$PATH
tool
printf 'echo one\n' > one/tool; chmod +x one/tool
tool
#> two
#> two

### an element cannot be assigned for one command
a=(1 2)
a[0]=5 echo run
echo "${a[0]}"
#> run
#> 1
#! script.sh: line 2: `a[0]': not a valid identifier

### a name that cannot be printed is quoted when it is not found
$'x\ny'
echo $?
#> 127
#! script.sh: line 1: $'x\ny': command not found

### time takes -- as a request for the portable format
TIMEFORMAT='own %R'
{ time -- true; } 2>&1 | sed 's/[0-9]/N/g'
TIMEFORMAT='%Q'
time true
TIMEFORMAT='%5R'
{ time true; } 2>&1 | sed 's/[0-9]/N/g'
#> real N.NN
#> user N.NN
#> sys N.NN
#> N.NNN
#! script.sh: line 4: TIMEFORMAT: `Q': invalid format character

### complete takes bash's options alone, and compopt changes them
complete -o nospace -F fn -o default name
complete -p name
compopt +o nospace -o filenames name
complete -p name
compopt name
complete -o nothing other; echo $?
compopt -o nothing name; echo $?
#> complete -o default -o nospace -F fn name
#> complete -o default -o filenames -F fn name
#> compopt +o bashdefault -o default +o dirnames -o filenames +o noquote +o nosort +o nospace +o plusdirs name
#> 2
#> 2
#! script.sh: line 6: complete: nothing: invalid option name
#! script.sh: line 7: compopt: nothing: invalid option name

### a script without #! sees what is exported and nothing else
echo 'echo "${private-none} ${given-none} ${reference-none}"' > script; chmod +x script
private=1; export given=2; declare -n reference=given
./script
f() { local private=3; local -x given=4; ./script; }; f
#> none 2 none
#> none 4 none

### exec and command -p with an empty PATH
cd /
PATH=
(exec nosuch)
command -p nosuch
command nosuch
#! script.sh: line 3: /nosuch: No such file or directory
#! script.sh: line 4: nosuch: command not found
#! script.sh: line 5: nosuch: No such file or directory
## status: 127
