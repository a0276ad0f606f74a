# SPDX-License-Identifier: Apache-2.0
# bash: subscripts that come as text, in references and values, and the quotes in them.

### the value of a variable used as a number
a=(5 6 7); b=(0 1 2); e='a[$(echo 1)-1]'
echo $((e)) "${b[e-4]}"
#> 5 1

### an indirect reference
declare -A m=([key]=v ['two words']=w); k=key
r='m["key"]'; echo "${!r}"
r='m[$k]'; echo "${!r}"
r="m['two words']"; echo "${!r}"
a=(1 2 3); r='a[$(echo 2)]'; echo "${!r}"
#> v
#> v
#> w
#> 3

### a reference to an element
declare -A m=([key]=v); k=key
declare -n r='m["key"]'; echo $r; r=new; echo "${m[key]}"
declare -n s='m[$k]'; s+=er; echo "$s" "${m[key]}"
#> v
#> new
#> newer newer

### unset
a=(1 2 3); unset 'a[$(echo 1)]'; echo "${!a[@]}"
declare -A m=([x y]=1 [z]=2); unset "m['x y']"; echo "${!m[@]}"
#> 0 2
#> z

### apostrophes are no part of an index
a['1']=2
echo "status $? ${#a[@]}"
a["1"]=x; echo "${!a[@]}"
#> status 1 0
#> 1
#! script.sh: line 1: '1': syntax error: operand expected (error token is "'1'")

### an index before the first element
a=(1 2); echo $((a[-3]))
#> 0
#! script.sh: line 1: a: bad array subscript

### an empty subscript
a[]=x
echo "status $?"
declare -A m; m['']=x
echo "status $?"
#> status 1
#> status 1
#! script.sh: line 1: a[]: bad array subscript
#! script.sh: line 3: m['']: bad array subscript

### unset takes a subscript that was written outside quotes as it is, and one in quotes by its brackets
declare -A A
fill() { A=([x]=1 ['x]y']=2 ['[']=3 ['$k']=4 ["'q'"]=5); }
left() { printf '%s|' "${!A[@]}" | tr '|' '\n' | sort | tr '\n' ' '; echo "($1)"; fill; }
k='x]y' fill
fill
k='x]y'
unset A[$k]; left $?
unset "A[$k]"; left $?
unset A['$k']; left $?
unset A["'q'"]; left $?
unset A[\[]; left $?
unset 'A[[]'; left $?
unset 'A[x]'; left $?
printf -v "A[$k]" new; echo $?
#> $k 'q' [ x (0)
#> $k 'q' [ x x]y (0)
#> 'q' [ x x]y (0)
#> $k [ x x]y (0)
#> $k 'q' x x]y (0)
#> $k 'q' [ x x]y (0)
#> $k 'q' [ x]y (0)
#> 2
#! script.sh: line 14: printf: `A[x]y]': not a valid identifier

### export and readonly keep what is assigned before them
x=1
x=7 export x
echo $x
y=2 readonly y
echo $y
export 'b[1]=2'
echo $?
#> 7
#> 2
#> 1
#! script.sh: line 6: export: `b[1]': not a valid identifier
