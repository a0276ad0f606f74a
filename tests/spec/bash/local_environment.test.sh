# SPDX-License-Identifier: Apache-2.0
# bash: locals beside the assignments written before a command.

### a local takes over what the call was given
f() { local v; echo "${v-unset}"; }
g() { f; }
v=global; v=given f; v=given g; f
#> given
#> given
#> unset

### and unset uncovers what is outside
f() { local v=local; unset v; echo "${v-unset}"; }
v=given f
dynamic() { unset v; }
f() { local v=local; dynamic; echo "${v-unset}"; }
v=global; v=given f
#> unset
#> global

### a local within eval
f() { v=given eval 'local v=inner; echo $v'; }
f
#> inner

### the options of a function
f() { local -; set -f -u; [[ $- == *f*u* ]] && echo inside; g; }
g() { [[ $- == *f* ]] && echo called; }
f; [[ $- == *f* ]] || echo outside
#> inside
#> called
#> outside

### a name that begins with an underscore is like any other
f() { local -n _r=$1; local _t=$_r; _r=new; echo "$_t ${_r:-none} ${#_r}"; }
x=old; f x; echo $x
#> old new 3
#> new

### a reference is made by declare only to a name
r='not a name'; declare -n r
echo "status $? $r"
declare -n e; e=(1 2); declare -p e
#> status 1 not a name
#> declare -a e=([0]="1" [1]="2")
#! script.sh: line 1: declare: `not a name': invalid variable name for name reference
#! script.sh: line 3: warning: e: removing nameref attribute

### declare and local take over what stands before them
f() { z=y typeset z; echo "|$z|"; }; f; z=42 f
g() { var=value declare -x var; declare -p var; }; var=one; g; declare -p var
h() { q=1 local q; declare -p q; }; h
tv=foo declare -r tv; declare -p tv
t2=bar declare -r t2=qux; declare -p t2
t3=x declare t3; declare -p t3 2>/dev/null; echo $?
#> |y|
#> |y|
#> declare -x var="value"
#> declare -- var="one"
#> declare -x q="1"
#> declare -rx tv="foo"
#> declare -rx t2="qux"
#> 1

### a local variable that is not exported hides none from programs
export V=abc
f() { local V; /usr/bin/env | grep ^V=; V=b; /usr/bin/env | grep ^V=; }; f
g() { local V=b; declare +x V; /usr/bin/env | grep ^V=; }; g
#> V=abc
#> V=b
#> V=abc

### posix mode: what stands before a special builtin reaches beyond the function's own environment
set -o posix
v=0
f() { v=20 return 5; }
v=30 f
echo $? $v
g() { v=4; }; v=30 g; echo $v
#> 5 20
#> 20

### what stands before a command has no attributes but for what it appends
declare -i i=5; declare -u u=x
f() { declare -p i u; i=3+4; echo $i; }
i=1+1 u=abc f
i+=2 u+=abc f
declare -p i u
#> declare -x i="1+1"
#> declare -x u="abc"
#> 3+4
#> declare -x i="7"
#> declare -x u="XABC"
#> 3+4
#> declare -i i="5"
#> declare -u u="X"

### what a function exports of its call's environment stays after the call
mark() { export x; x=7; }
x=4 mark
declare -p x
unset x
outer() { local x=2; x=4 mark; declare -p x; }
x=9
outer
declare -p x
unset x
fix() { readonly y; }
y=4 fix
declare -p y
#> declare -x x="7"
#> declare -x x="7"
#> declare -x x="7"
#> declare -rx y="4"

### a local variable that came of the call's environment stays exported when it is unset
f() { typeset x; unset x; declare -p x; x=3; declare -p x; unset x; declare -p x; }
x=4 f
g() { typeset x; unset x; declare -p x; }
export x=1
g
#> declare -x x
#> declare -x x="3"
#> declare -- x
#> declare -- x
