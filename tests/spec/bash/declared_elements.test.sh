# SPDX-License-Identifier: Apache-2.0
# bash: operands and elements of declarations: what is refused, and how that is said

### an element without a key or a subscript is told of as it is written
declare -A m
w=word
m=([a]=1 "$w" two\ words)
m=("" value key other)
m=([$nothing]+=x [b]=2)
declare -A n=([a]=1 'two words')
declare -A o=("" value)
declare -p m n o
#> declare -A m=([b]="2" )
#> declare -A n=([a]="1" )
#> declare -A o=()
#! script.sh: line 3: m: "$w": must use subscript when assigning associative array
#! script.sh: line 3: m: two\ words: must use subscript when assigning associative array
#! script.sh: line 4: "": bad array subscript
#! script.sh: line 5: [$nothing]+=x: bad array subscript
#! script.sh: line 6: n: ''\''two words'\''': must use subscript when assigning associative array
#! script.sh: line 7: '': bad array subscript

### the subscript of an operand of declare is read after it is expanded
declare v["a[b"]=x
declare v["a]b"]=x
declare -p v
declare w["0"]='(one two)'
declare -p w
#> declare -a w=([0]="(one two)")
#! script.sh: line 1: declare: `v[a[b]=x': not a valid identifier
#! script.sh: line 2: declare: `v[a]b]=x': not a valid identifier
#! script.sh: line 3: declare: v: not found
#! script.sh: line 4: warning: w[0]=(one two): quoted compound array assignment deprecated

### only -a and -A make a list of a value that export or readonly is given
export l='(1 2)'; declare -p l
l=(0); export l='(1 2)'; declare -p l
readonly -a m='(1 2)'; declare -p m
export -A n=([k]=v); declare -p n
readonly -a m=5
export m=7
export m
declare -p m
#> declare -x l="(1 2)"
#> declare -ax l=([0]="(1 2)")
#> declare -ar m=([0]="1" [1]="2")
#> declare -Ax n=([k]="v" )
#> declare -arx m=([0]="1" [1]="2")
#! script.sh: line 5: readonly: m: readonly variable
#! script.sh: line 6: m: readonly variable

### posix mode lists arrays as arrays, and by kind
set -o posix
readonly -a numbers=(1 2); readonly -A keys=([a]=b); readonly plain=x
readonly -p | grep -E ' (numbers|keys|plain)'
readonly -a | grep -c plain
export list=(1); export -p | grep list
#> readonly -A keys=([a]="b" )
#> readonly -a numbers=([0]="1" [1]="2")
#> readonly plain="x"
#> 0
#> export -a list=([0]="1")

### what is assigned before a special builtin in posix mode is exported
set -o posix
one=1 :
f() { local two; two=2 :; declare -p two; }
f
declare -p one
#> declare -x two="2"
#> declare -x one="1"

### a bad subscript is told of before what is readonly, and makes no variable
readonly -a fixed=(1 2)
fixed[-9]=x
declare new[-1]=x
printf -v 'other[@]' x; declare -p other
read 'other[]' <<< x; declare -p other
blank[ ]=zero; declare -p blank
#> declare -a blank=([0]="zero")
#! script.sh: line 2: fixed[-9]: bad array subscript
#! script.sh: line 3: new[-1]: bad array subscript
#! script.sh: line 4: other[@]: bad array subscript
#! script.sh: line 4: declare: other: not found
#! script.sh: line 5: read: `other[]': not a valid identifier
#! script.sh: line 5: declare: other: not found

### a slice of nothing does not look at its numbers
unset none; empty=()
echo "[${none:i=5}] [${empty[@]:0:-1}] [$i]"
text=abcdef
echo "${text:text=2}" "$text"
#> [] [] []
#> cdef 2

### in posix mode a question mark after ${! asks whether there is a job
set -o posix
(echo ${!?}) 2> /dev/null || echo none
set +o posix
(exit 0); echo ${!?} | grep -c script
#> none
#> 1

### an exclamation mark before another special parameter is no indirection
(echo ${!$}) 2>&1
(echo ${!#x}) 2>&1
(echo ${!?word}) 2>&1
set -- a b
echo ${!#} ${!#-x}
#> script.sh: line 1: ${!$}: bad substitution
#> script.sh: line 2: ${!#x}: bad substitution
#> script.sh: line 3: ${!?word}: bad substitution
#> b b

### an empty subscript is told of before the variable is readonly
declare -r a[]=asdf
declare -p a
export f[]=1
readonly g[x]=2
declare -A m
shopt -s assoc_expand_once
declare m["foo[bar"]=once
declare -p m
declare m["a]b"]=x
#> declare -ar a=()
#> declare -A m=(["foo[bar"]="once" )
#! script.sh: line 1: a[]: bad array subscript
#! script.sh: line 3: export: `f[]': not a valid identifier
#! script.sh: line 4: readonly: `g[x]': not a valid identifier
#! script.sh: line 9: declare: `m[a]b]=x': not a valid identifier
## status: 1
