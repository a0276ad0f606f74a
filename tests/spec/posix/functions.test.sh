# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.9.5: functions.

### arguments and status
f() { echo "$# $1 $2"; return 3; }
f a 'b c'
echo $?
set -- outer
f x
echo $1
#> 2 a b c
#> 3
#> 1 x 
#> outer

### return without a number gives the last status
f() { false; return; }
f
echo $?
g() { true; }
g
echo $?
#> 1
#> 0

### recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }
fact 10
#> 3628800

### variables are shared
f() { x=inside; }
x=outside
f
echo $x
#> inside

### redefinition and unset
f() { echo one; }
f() { echo two; }
f
unset -f f
f 2>/dev/null
echo $?
#> two
#> 127

### any compound command is a body
f() (x=sub; echo $x)
x=1
f
echo $x
g() if true; then echo if; fi
g
h() for i in 1 2; do echo $i; done
h
#> sub
#> 1
#> if
#> 1
#> 2

### redirections belong to the definition
f() { echo to file; } > out
f
cat out
#> to file

### a function in a pipeline
up() { tr a-z A-Z; }
echo text | up
#> TEXT

### assignments before a function call
f() { echo "[$v]"; }
v=old
v=new f
#> [new]

### a function hides a program
ls() { echo mine; }
ls
command ls -d .
#> mine
#> .

### return from within a loop
f() { for i in 1 2 3; do [ $i = 2 ] && return 9; echo $i; done; }
f
echo $?
#> 1
#> 9
