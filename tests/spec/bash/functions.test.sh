# SPDX-License-Identifier: Apache-2.0
# bash: local variables, namerefs, declare.

### local is dynamic
inner() { echo "$v"; v=changed; }
outer() { local v=local; inner; echo "$v"; }
v=global
outer
echo "$v"
#> local
#> changed
#> global

### the function keyword
function f { echo "$FUNCNAME $1"; }
function g() { echo g; }
f x; g
#> f x
#> g

### namerefs
set_it() { local -n ref=$1; ref=done; }
set_it target
echo $target
#> done

### declare prints what could be read again
declare -i n=3+4
declare -r ro=x
declare -x ex=y
a=(1 2)
declare -p n ro ex a
#> declare -i n="7"
#> declare -r ro="x"
#> declare -x ex="y"
#> declare -a a=([0]="1" [1]="2")

### declare -f prints a function
f() { if true; then echo a; fi; }
declare -f f
#> f () 
#> { 
#>     if true; then
#>         echo a;
#>     fi
#> }

### caller's place
f() { echo "${BASH_LINENO[0]}" "${FUNCNAME[@]}"; }
g() { f; }
g
#> 2 f g main

### integer and case attributes
declare -u up=abc; declare -l low=ABC; declare -i i=2*3
echo $up $low $i
i=i+1
echo $i
#> ABC abc 6
#> 7

### a function whose name has a slash or an equals sign cannot be exported
function a=b { :; }
function /c/d { :; }
e-f() { :; }
export -f a=b /c/d e-f
echo $?
declare -F
set -a
g() { :; }
set +a
declare -F | grep ' g$'
#> 1
#> declare -f /c/d
#> declare -f a=b
#> declare -fx e-f
#> declare -fx g
#! script.sh: line 4: export: a=b: cannot export
#! script.sh: line 4: export: /c/d: cannot export

### the functions of a large script are what they were read as
eval "$(for ((i = 0; i < 2500; i++)); do echo "pad$i() { : some words to fill the line $i; }"; done)"
f() {
  echo "$LINENO ${FUNCNAME[0]} ${BASH_LINENO[0]}"
  g() { echo "inner $LINENO"; }
}
f; g
declare -f f pad2400
shopt -s extglob
h() { case aab in +(a)b) echo y ;; esac; }
shopt -u extglob
h; shopt -s extglob; h; shopt -u extglob
k() { cat <<E
x $1
E
}
k 1
k2() { cat <<E; }
y $1
E
k2 2
shopt -s expand_aliases
alias q='echo alias'
m() { q; }
unalias q
m
f() { echo again "$@"; unset -f f; echo "$LINENO"; }
f 1 2; type -t f
n() { local -; set -u; echo "${1-none}"; } 2>&1
n; ( n sub ); x=$(n x); echo "$x"; n y | cat
export -f n; "$BASH" -c 'n exported'
if true; then o() (echo "o $LINENO"); fi; o
function p { echo "p $LINENO"; }; p; declare -F | wc -l | tr -d ' '
#> 3 f 6
#> inner 4
#> f () 
#> { 
#>     echo "$LINENO ${FUNCNAME[0]} ${BASH_LINENO[0]}";
#>     function g () 
#>     { 
#>         echo "inner $LINENO"
#>     }
#> }
#> pad2400 () 
#> { 
#>     : some words to fill the line 2400
#> }
#> y
#> x 1
#> y 2
#> alias
#> again 1 2
#> 26
#> none
#> sub
#> x
#> y
#> exported
#> o 31
#> p 32
#> 2508
