# SPDX-License-Identifier: Apache-2.0
# bash: functions, local variables and dynamic scope.

### a callee sees and changes its caller's locals
inner() { echo "inner sees $v"; v=changed; }
outer() { local v=o; inner; echo "outer has $v"; }
v=global; outer; echo $v
#> inner sees o
#> outer has changed
#> global

### local without a value hides
v=global
f() { local v; echo "[${v-unset}]"; v=x; }
f; echo $v
#> [unset]
#> global

### local expands all its words before it assigns
f() { local a=1 b=$a c; echo "$a [$b] [$c]"; }
f
#> 1 [] []

### unset of a local shows it unset
v=global
f() { local v=1; unset v; echo "[${v-unset}]"; }
f; echo $v
#> [unset]
#> global

### unset of a caller's local shows the outer one
v=global
inner() { unset v; echo "${v-unset}"; }
outer() { local v=local; inner; echo "${v-unset}"; }
outer
#> global
#> global

### local outside a function
local x=1
echo "status $?"
#> status 1
#! script.sh: line 1: local: can only be used in a function

### recursion has its own locals
f() { local n=$1; (( n > 0 )) && f $((n - 1)); printf '%s ' $n; }
f 4; echo
#> 0 1 2 3 4 

### positional parameters are the function's
f() { echo "$# $1"; set -- x y z; echo "$# $1"; shift; echo $1; }
set -- outer; f a b; echo "$# $1"
#> 2 a
#> 3 x
#> y
#> 1 outer

### a function sees dollar zero of the script
f() { echo "${0##*/}"; }
f
#> script.sh

### assignments before a function last for the call
f() { echo "$v"; v=inside; g; }
g() { echo "g $v"; }
v=old
v=new f
echo "after $v"
#> new
#> g inside
#> after old

### assignments before a builtin
IFS=: read -r a b <<< 'x:y'
echo "$a $b" "${#IFS}"
#> x y 3

### temporary variables are exported to children
f() { sh -c 'echo "[$tmp]"'; }
tmp=seen f
echo "[${tmp-unset}]"
#> [seen]
#> [unset]

### return statuses
f() { return "$1"; }
f 0; echo $?; f 255; echo $?; f 256; echo $?; f -1; echo $?
f abc; echo $?
#> 0
#> 255
#> 0
#> 255
#> 2
#! script.sh: line 1: return: abc: numeric argument required

### return outside a function
return 3
echo "status $?"
#> status 2
#! script.sh: line 1: return: can only `return' from a function or sourced script

### the forms of a definition
function a { echo a; }
function b() { echo b; }
c () { echo c; }
function d () ( echo d )
function e if true; then echo e; fi
f() while :; do echo f; break; done
g() [[ 1 ]]
h()
{
  echo h
}
a; b; c; d; e; f; g && echo g; h
#> a
#> b
#> c
#> d
#> e
#> f
#> g
#> h

### names that only bash takes
my-func() { echo dash; }
a.b() { echo dot; }
+x() { echo plus; }
function 9nine { echo nine; }
@at() { echo at; }
my-func; a.b; +x; 9nine; @at
#> dash
#> dot
#> plus
#> nine
#> at

### names that are reserved or special
function if { echo reserved; }
\if
function [ { echo bracket; }
[ x ]
#> reserved
#> bracket

### redirections stay with the function
f() { echo out; echo err >&2; } > log 2>&1
f; cat log; f; wc -l < log | tr -d ' '
#> out
#> err
#> 2

### a function inside a function
outer() { inner() { echo "inner $1"; }; inner now; }
outer; inner later
#> inner now
#> inner later

### a function that redefines itself
f() { f() { echo second; }; echo first; }
f; f
#> first
#> second

### FUNCNAME and the stack
a() { b; }
b() { echo "${FUNCNAME[*]} ${#FUNCNAME[@]}"; c; }
c() { echo "${FUNCNAME[0]} ${BASH_LINENO[*]}"; }
a
echo "[${FUNCNAME-none}]"
#> b a main 3
#> c 2 1 4 0
#> [none]

### caller
f() { caller; caller 0; g; }
g() { caller 1; caller 5; echo $?; }
f
caller; echo $?
#> 3 script.sh
#> 3 main script.sh
#> 3 main script.sh
#> 1
#> 0 NULL
#> 0

### deep recursion answers
f() { (( $1 == 0 )) && { echo bottom; return; }; f $(($1 - 1)); }
f 500
#> bottom

### FUNCNEST stops recursion
FUNCNEST=5
f() { f; }
f
echo "status $?"
#> status 1
#! script.sh: line 2: f: maximum function nesting level exceeded (5)

### shift and set in nested calls
f() { shift; echo "$*"; g "$@"; echo "$*"; }
g() { shift 2; echo "g $*"; }
f 1 2 3 4
#> 2 3 4
#> g 4
#> 2 3 4

### a function as a filter and in a substitution
f() { while read -r l; do echo "<$l>"; done; }
printf '1\n2\n' | f
x=$(f <<< in); echo "$x"
#> <1>
#> <2>
#> <in>

### status of a function is its last command's
f() { true; false; }
f || echo no
g() { false; if false; then :; fi; }
g && echo yes
#> no
#> yes

### break in a function called from a loop
f() { break; echo "f goes on"; }
for i in 1 2; do f; echo $i; done
#> f goes on
#> 1
#> f goes on
#> 2
#! script.sh: line 1: break: only meaningful in a `for', `while', or `until' loop
#! script.sh: line 1: break: only meaningful in a `for', `while', or `until' loop
