# SPDX-License-Identifier: Apache-2.0
# bash: indexed arrays in all their forms.

### assignments with and without indices
a=(x [5]=y z [2]=w v)
declare -p a
a=([1 + 1]=two [0]=zero)
declare -p a
#> declare -a a=([0]="x" [2]="w" [3]="v" [5]="y" [6]="z")
#> declare -a a=([0]="zero" [2]="two")

### an element makes an array
a[3]=x
b[0]=y
declare -p a b
#> declare -a a=([3]="x")
#> declare -a b=([0]="y")

### a scalar becomes element zero
s=text
s[2]=more
declare -p s
#> declare -a s=([0]="text" [2]="more")

### appending to elements and arrays
a=(1 2)
a+=(3 4)
a[0]+=x
a+=y
declare -p a
#> declare -a a=([0]="1xy" [1]="2" [2]="3" [3]="4")

### the star joins by IFS
a=(x y z)
IFS=-+
echo "${a[*]}" ${a[*]} "${a[@]}"
#> x-y-z x y z x y z

### fields of arrays in all quotings
a=('' 'b c' d)
printf '[%s]' ${a[@]}; echo
printf '[%s]' "${a[@]}"; echo
printf '[%s]' "x${a[@]}y"; echo
printf '[%s]' "${a[*]}"; echo
#> [b][c][d]
#> [][b c][d]
#> [x][b c][dy]
#> [ b c d]

### an empty array gives no field
a=()
printf '[%s]' "${a[@]}" end; echo
printf '[%s]' "x${a[@]}y"; echo
printf '[%s]' "${a[*]}" end; echo
#> [end]
#> [xy]
#> [][end]

### lengths and indices
a=([2]=aa [7]=b)
echo ${#a[@]} ${#a[2]} ${#a[0]} "${!a[@]}" ${#a[-1]}
#> 2 2 0 2 7 1

### unset of an element and of all
a=(a b c d)
unset 'a[1]' 'a[-1]'
declare -p a
unset a
echo "[${a[@]-none}]"
#> declare -a a=([0]="a" [2]="c")
#> [none]

### unset of every element keeps the variable
a=(1 2)
unset 'a[@]'
declare -p a
echo ${#a[@]}
#> declare -a a=()
#> 0

### negative indices
a=(a b c)
echo "${a[-1]}" "${a[-3]}"
a[-1]=z
declare -p a
echo "${a[-4]}"
echo "status $?"
#> c a
#> declare -a a=([0]="a" [1]="b" [2]="z")
#>
#> status 0
#! script.sh: line 5: a: bad array subscript

### a negative index out of range cannot be assigned
a=(x)
a[-2]=y
echo "status $?"
#> status 1
#! script.sh: line 2: a[-2]: bad array subscript

### slices of sparse arrays count elements
a=([1]=a [5]=b [9]=c)
echo "${a[@]:0:2}" "|" "${a[@]:2:2}" "|" "${a[@]:6}" "|" "${a[@]: -1}"
#> a b | b c | c | c

### a subscript is an expression
a=(10 20 30); i=0
echo "${a[i+1]}" "${a[$((i+2))]}" "${a[1-1]}" "${a[a[0]/10]}"
#> 20 30 10 20

### copies
a=('x y' '' z)
b=("${a[@]}")
c=("${a[@]:1}" new)
declare -p b c
#> declare -a b=([0]="x y" [1]="" [2]="z")
#> declare -a c=([0]="" [1]="z" [2]="new")

### elements from a split and a glob
: > f.1; : > f.2
a=($(echo p q) f.* "r s")
declare -p a
#> declare -a a=([0]="p" [1]="q" [2]="f.1" [3]="f.2" [4]="r s")

### loops over arrays
a=(one 'two 2')
for x in "${a[@]}"; do echo "<$x>"; done
for i in "${!a[@]}"; do echo "$i=${a[i]}"; done
#> <one>
#> <two 2>
#> 0=one
#> 1=two 2

### arrays are not exported
export a=(1 2)
sh -c 'echo "[$a]"'
declare -p a
#> []
#> declare -ax a=([0]="1" [1]="2")

### a readonly array
declare -ra r=(1 2)
r[0]=x
echo "status $?"
r+=(3)
echo "${r[@]}"
#> status 1
#> 1 2
#! script.sh: line 2: r: readonly variable
#! script.sh: line 4: r: readonly variable

### integer arrays evaluate
declare -ai n=(1+1 2*3)
n[2]=4+5 n+=(7-1)
declare -p n
#> declare -ai n=([0]="2" [1]="6" [2]="9" [3]="6")

### declare of an element and quoting of subscripts
declare -a a
declare a[1]=x 'a[2]=y z'
declare -p a
#> declare -a a=([1]="x" [2]="y z")

### a bad subscript
a=(1)
echo "${a[]}"
echo "next $?"
#> next 1
#! script.sh: line 2: ${a[]}: bad substitution

### an assignment to a subscript of nothing
a[]=x
echo "status $?"
#> status 1
#! script.sh: line 1: a[]: bad array subscript

### compound assignment needs no subscript
a[0]=(1 2)
echo "status $?"
#> status 1
#! script.sh: line 1: a[0]: cannot assign list to array member

### set elements count as set
a=([3]='')
echo "[${a[3]+set}] [${a[0]+set}] [${a[3]:-empty}] [${a+set}]"
[[ -v a[3] ]] && echo yes
[[ -v a[0] ]] || echo no
#> [set] [] [empty] []
#> yes
#> no

### printing with quotes and newlines
a=("it's" $'new\nline' 'do$llar' 'back\slash' '"')
declare -p a
#> declare -a a=([0]="it's" [1]=$'new\nline' [2]="do\$llar" [3]="back\\slash" [4]="\"")

### local arrays
f() { local a=(in 'side 2'); echo "${#a[@]} ${a[1]}"; }
a=(outside)
f
echo "${a[@]}"
#> 2 side 2
#> outside

### a large sparse index
a[1000000000]=far
a[5]=near
echo "${!a[@]}" "${#a[@]}" "${a[@]}"
#> 5 1000000000 2 near far

### comments and newlines within parentheses
a=(
  one  # the first
  # nothing
  'two
2'
)
declare -p a
#> declare -a a=([0]="one" [1]=$'two\n2')

### arrays by reference of name
show() { local -n r=$1; echo "${#r[@]}: ${r[*]}"; r+=(added); }
list=(p q)
show list
show list
#> 2: p q
#> 3: p q added

### the value of an element is expanded before its subscript
i=1
a[$i]=$((i = 2)) a[i + 1]=$((i = 3))
declare -p a
#> declare -a a=([2]="2" [4]="3")

### subscripts by parameters
a=(p q r s) i=1 n=-1
echo ${a[$i]} ${a[i - 1]} ${a[$i + 1]} ${a[$n]} "${a[-$i]}" ${#a[$i]}
a[$i]=x a[$i + 1]=y a[$n]=z
echo "${a[@]}"
#> q p r s s 1
#> p x y z

### slices by parameters
s=abcdef i=2 n=-2
echo ${s:$i:1} ${s:i} ${s: $n} ${s:$i:$n} ${s:$i+1:1}
set -- a b c d
echo ${@:$i} ${*:$i:1}
(echo ${s:3:-5}) 2>&1 | sed 's/.*: \(-5.*\)/\1/'
#> c cdef ef cd d
#> b c d b
#> -5: substring expression < 0

### an element of a list that cannot be is said, and left out
{ d=([]=a [1]=b [*]=c [-65]=d ); } 2>/dev/null; echo $?
declare -p d
( d=([]=a [1]=b) ) 2>&1 | sed 's/.*line [0-9]*: //'
( d=([*]=a [1]=b) ) 2>&1 | sed 's/.*line [0-9]*: //'
{ d=([5]=x [-1]=y [-9]=z q); } 2>/dev/null; declare -p d
{ declare -A m=([]=a [b]=c); } 2>/dev/null; echo $?; declare -p m
{ m=("" x k v); } 2>/dev/null; declare -p m
#> 0
#> declare -a d=([1]="b")
#> []=a: bad array subscript
#> [*]=a: cannot assign to non-numeric index
#> declare -a d=([5]="y" [6]="q")
#> 0
#> declare -A m=([b]="c" )
#> declare -A m=([k]="v" )

### a list that cannot be read costs its line
v=(one & two); echo no
echo "status $?"
eval 'w=(a ; b); echo no
echo in eval $?'
echo after $?
metas=( [1]=<> )
echo next
#> status 1
#> in eval 1
#> after 0
#> next
#! script.sh: line 1: syntax error near unexpected token `&'
#! script.sh: line 1: `v=(one & two); echo no'
#!?                            ^
#! script.sh: eval: line 4: syntax error near unexpected token `;'
#! script.sh: eval: line 4: `w=(a ; b); echo no'
#!?                                ^
#! script.sh: line 6: syntax error near unexpected token `<>'
#! script.sh: line 6: `metas=( [1]=<> )'
#!?                                 ^

### eval takes a list as it is written
eval foo=()
eval foo=() bar=() qux=( "bash" )
echo "${#foo[@]} ${#bar[@]} ${qux[0]}"
a=("a b" c); eval b=("${a[@]}"); echo "${#b[@]}"
eval c=([2]=x [1+2]="$b") d=1; declare -p c d
n=e; eval ${n}=\(1 2\); echo ${e[1]}
#> 0 0 bash
#> 3
#> declare -a c=([2]="x" [3]="a")
#> declare -- d="1"
#> 2

### quotes in the subscripts of a list are gone when they are evaluated
c=([5]=bar ['1']+=bar ["2"]=x); declare -p c
#> declare -a c=([1]="bar" [2]="x" [5]="bar")
