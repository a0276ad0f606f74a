# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.8: exit statuses and the consequences of errors.

### not found, not executable, found and failing
nothing_here 2>/dev/null; echo $?
: > f; ./f 2>/dev/null; echo $?
sh -c 'exit 77'; echo $?
#> 127
#> 126
#> 77

### a status above 255 wraps
(exit 257); echo $?; sh -c 'exit 511'; echo $?
#> 1
#> 255

### a death by a signal is 128 and more
{ sh -c 'kill -TERM $$'; echo $?; } 2>/dev/null
#> 143

### a redirection error makes the command fail
{ echo x < nothing; echo $?; } 2>/dev/null
{ { echo y; } < nothing; echo $?; } 2>/dev/null
#> 1
#> 1

### an expansion error ends a subshell
(echo ${x?gone}; echo never) 2>/dev/null; echo "after $?" | sed 's/[1-9][0-9]*/bad/'
#> after bad

### a utility's usage error is not fatal
cd -Z 2>/dev/null; echo "cd $?" | sed 's/[1-9]/bad/'
read 2>/dev/null < /dev/null || echo on
#> cd bad
#> on

### exit without a number gives the last status
(false; exit); echo $?; (true; exit); echo $?
#> 1
#> 0

### statuses of compound commands
if false; then :; fi; echo $?
while false; do :; done; echo $?
for i in; do false; done; echo $?
case x in y) false;; esac; echo $?
{ false; }; echo $?
(false); echo $?
! false; echo $?
#> 0
#> 0
#> 0
#> 0
#> 1
#> 1
#> 0

### dollar question mark after assignments
x=1; echo $?; x=$(false); echo $?; x=1 y=$(exit 3); echo $?
#> 0
#> 1
#> 3

### the status of a background command is zero
false & echo $?; wait
#> 0

### errors of one line leave the next
eval 'echo ${' 2>/dev/null; echo "next $?" | sed 's/[1-9][0-9]*/bad/'
#> next bad

### a syntax error in a file read by dot
echo 'if' > bad
(. ./bad) 2>/dev/null; echo "status $?" | sed 's/[1-9][0-9]*/bad/'
#> status bad

### a syntax error in eval ends the shell, but not behind `command`
set -o posix
(eval 'fi'; echo no); echo $?
(command eval 'fi'; echo yes); echo $?
(shift 9; echo yes); echo $?
echo fi >broken
(. ./broken; echo no); echo $?
echo '"' >open
(. ./open; echo yes); echo $?
#> 2
#> yes
#> 0
#> yes
#> 0
#> 2
#> yes
#> 0
#! script.sh: eval: line 2: syntax error near unexpected token `fi'
#! script.sh: eval: line 2: `fi'
#!?                           ^
#! script.sh: eval: line 3: syntax error near unexpected token `fi'
#! script.sh: eval: line 3: `fi'
#!?                           ^
#! script.sh: line 4: shift: 9: shift count out of range
#! ./broken: line 1: syntax error near unexpected token `fi'
#! ./broken: line 1: `fi'
#!?                    ^
#! ./open: line 1: unexpected EOF while looking for matching `"'
