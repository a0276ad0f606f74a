# SPDX-License-Identifier: Apache-2.0
# bash: namerefs.

### reads and writes go through
x=1
declare -n r=x
echo $r; r=2; echo $x; r+=3; echo $x
#> 1
#> 2
#> 23

### the reference itself
x=v; declare -n r=x
echo "${!r}" "$r"
declare -p r
[[ -R r ]] && echo is a reference
unset -n r
echo "${r-gone} $x"
#> x v
#> declare -n r="x"
#> is a reference
#> gone v

### unset through a reference
x=v; declare -n r=x
unset r
echo "${x-gone}"
#> gone

### to an array and to its element
a=(p q r)
declare -n all=a one='a[1]'
echo "${all[2]}" "${#all[@]}" "$one"
one=Q; all[0]=P
echo "${a[@]}"
#> r 3 q
#> P Q r

### a reference made before its target
declare -n r=later
r=now
echo $later
#> now

### in a loop
a=1 b=2 c=3
declare -n r
for r in a b c; do r=$((r * 10)); done
echo $a $b $c
#> 10 20 30

### chains
x=deep; declare -n one=x; declare -n two=one
echo $two; two=new; echo $x
#> deep
#> new

### a reference to itself
declare -n self=self
echo "status $?"
#> status 1
#! script.sh: line 1: declare: self: nameref variable self references not allowed

### a circle
declare -n a=b
declare -n b=a
echo "$a" 
echo "next"
#>
#> next
#! script.sh: line 3: warning: a: circular name reference

### an invalid target
declare -n r='not valid'
echo "status $?"
#> status 1
#! script.sh: line 1: declare: `not valid': invalid variable name for name reference

### a parameter of a function
swap() { local -n _a=$1 _b=$2; local t=$_a; _a=$_b _b=$t; }
p=1 q=2; swap p q; echo $p $q
#> 2 1

### the same name in a function
f() { local -n x=$1; x=changed; }
x=outer
f x
echo "$x"
y=other; f y; echo $y
#> changed
#> changed
#! script.sh: line 1: local: warning: x: circular name reference
#! script.sh: line 1: warning: x: circular name reference
#! script.sh: line 1: warning: x: circular name reference

### a map by reference
declare -A m=([k]=v)
f() { declare -n r=$1; r[new]=2; for k in k new; do echo "$k ${r[$k]}"; done; }
f m
#> k v
#> new 2

### operators through a reference
path=/a/b.c; declare -n r=path
echo "${r##*/}" "${r%.c}" "${#r}" "${r:1:1}" "${r/b/X}"
#> b.c /a/b 6 a /a/X.c
