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

### +n with a value assigns to the target, then ends the reference
target=one; r=target; declare -n r
declare +n r=other
declare -p r target
#> declare -- r="target"
#> declare -- target="other"

### a reference is text, whatever the variable was before
declare -i i=4; declare -n i=foo; declare -p i
a=(1 2); ( declare -n a ) 2>&1 | sed 's/.*: line [0-9]*: //'
declare -n bad= 2>/dev/null; echo $?; declare -p bad 2>/dev/null; echo $?
#> declare -n i="foo"
#> declare: a: reference variable cannot be an array
#> 1
#> 1

### += makes a reference longer, and not one to itself
declare -n r=re r+=f; declare -p r
declare -n ref=re ref+=f 2>/dev/null; echo $?; declare -p ref
declare -n q=arr q+=[1]; declare -p q; q=v; declare -p arr
#> declare -n r="ref"
#> 1
#> declare -n ref="re"
#> declare -n q="arr[1]"
#> declare -a arr=([1]="v")

### to an element: the attributes and values go to the array
declare -n r='X[0]'
declare r=4; declare -p X; declare r+=5; declare -p X
a=(1 2); declare -n e='a[1]'; declare -i e=3+4; declare -p a e
export e 2>/dev/null; readonly e 2>/dev/null; declare -p a
#> declare -a X=([0]="4")
#> declare -a X=([0]="45")
#> declare -ai a=([0]="1" [1]="7")
#> declare -n e="a[1]"
#> declare -ai a=([0]="1" [1]="7")

### to an element: it has no elements of its own
arr=(a bb ccc d); declare -n r='arr[2]'
[[ -v r ]] && echo set || echo unset
echo "${#r}|${r[0]}|${r[@]}|${!r}|${!r[@]}|${r:0:2}|${r@Q}"
declare -n far='arr[9]'; set -u; echo "[$far]"
#> unset
#> 0|||arr[2]||cc|'ccc'
#> []

### to a whole array: it cannot be assigned to
arr=(1 2 3); declare -n ref='arr[@]'
printf '<%s>' "$ref"; echo
( ref=7 ) 2>&1 | sed 's/.*line [0-9]*: //'
#> <1><2><3>
#> arr[@]: bad array subscript

### an element given to a reference takes its place
declare -n r; declare r[1]=one 2>/dev/null; declare -p r
declare -n q=array; declare -a q[1]=one 2>/dev/null; declare -p q; declare -p array 2>/dev/null; echo $?
declare -n m; mapfile -t m <<< x; declare -p m
#> declare -a r=([1]="one")
#> declare -a q=([1]="one")
#> 1
#> declare -a m=([0]="x")
#! script.sh: line 3: warning: m: removing nameref attribute

### before a command the target is what is assigned
t=old; declare -n ref=t
ref=new env | grep -e '^ref=' -e '^t='
echo "$t"
ref=5 declare -p ref t
declare -n unset_target; unset_target=3 env | grep '^unset_target='
declare -n el='a[1]'; el=5 env | grep '^el='
#> t=new
#> old
#> declare -n ref="t"
#> declare -x t="5"
#> unset_target=3
#> el=5

### local of a local reference makes its target local
f() { declare -n r=y; declare r=5; declare -p r y; local r=7; declare -p y; }
f; declare -p y 2>/dev/null; echo $?
g() { local -n q; declare -p q; local -n q=z; declare q=5; declare -p q z; local -n q; declare -p q; }
g
#> declare -n r="y"
#> declare -- y="5"
#> declare -- y="7"
#> 1
#> declare -n q
#> declare -n q="z"
#> declare -- z="5"
#> declare -n q="z"

### what has no target is no reference for -R
declare -n s; [[ -R s ]] || echo no
foo=1; declare -n b=foo; [[ -R b ]] && echo yes
#> no
#> yes

### a readonly one keeps its target
( declare -rn r=x; r=3; declare -p r x
declare +n r; echo $?; declare -n r=y; echo $?; unset -n r; echo $?
declare -rn z; declare +n z; echo $?; declare -p z ) 2>&1 | sed 's/.*line [0-9]*: //'
#> declare -nr r="x"
#> declare -- x="3"
#> declare: r: readonly variable
#> 1
#> declare: r: readonly variable
#> 1
#> unset: r: cannot unset: readonly variable
#> 1
#> 0
#> declare -r z

### invalid targets
declare -n r
( declare r=/ ) 2>/dev/null; echo $?
( readonly r=/ ) 2>/dev/null; echo $?
( export r ) 2>/dev/null; echo $?
( getopts x r ) 2>/dev/null; echo $?
#> 1
#> 1
#> 0
#> 1

### a reference to what differs in a subshell
declare -n p=BASHPID; [ "$(echo $p)" != "$BASHPID" ]; echo $?
declare -n s=BASH_SUBSHELL; echo $(echo "$s") $s
declare -n r=RANDOM; RANDOM=5; first=$r; RANDOM=5; : $(echo $r); [ "$first" = "$r" ]; echo $?
#> 0
#> 1 0
#> 0

### an element of a reference to an element is none
( a=(1 2 3); declare -n r='a[1]'; r[0]=4; echo no ) 2>&1 | sed 's/.*line [0-9]*: //'
( a=(1 2 3); declare -n r='a[1]'; r=(5 6); echo no ) 2>&1 | sed 's/.*line [0-9]*: //'
( declare -n s; s[1]=3; echo no ) 2>&1 | sed 's/.*line [0-9]*: //'
a=(1 2 3); declare -n r='a[1]'; echo "${r@A}|${r@a}"
#> `a[1]': not a valid identifier
#> `a[1]': not a valid identifier
#> `': not a valid identifier
#> |

### declare -g leaves a local reference alone
f() { declare -gn r=x; local -n r; declare -g r=5; declare -p x; }; f; declare -p r
#> declare -- x="5"
#> declare -n r="x"

### for ends with a failure where its variable cannot be
declare -n n; for n in 1; do echo in; done 2>/dev/null; echo $?
readonly i; for i in 1; do echo in; done 2>/dev/null; echo $?
#> 1
#> 1

### unset -n leaves what is no reference alone
x=1; unset -n x; echo "$? $x"; a=(1); unset -n a; declare -p a
#> 0 1
#> declare -a a=([0]="1")

### a local reference to its own name makes the global variable
exec 2> /dev/null
f() { typeset -n x=$1; x=new; }
f x; echo "$x"
y=1
g() { local y=2; h; echo "g $y"; }
h() { local -n y=y; y+=0; }
g; echo "$y"
elements() { local -n e=e; e[1]=q; e+=(r); echo "${e[@]} ${#e[@]}"; }
elements; declare -p e
pair() { local -n a=b b=a; a=1; }
pair; declare -p a
#> new
#> g 2
#> 10
#> q r 2
#> declare -a e=([1]="q" [2]="r")
#> declare -- a="1"

### builtins that assign through a local reference to its own name
exec 2> /dev/null
a() { local -n v=v; read v <<< text; }
b() { local -n w=w; printf -v w %s text; }
c() { local -n i; for i in i; do :; done; ((i += 5)); }
d() { local -n p=p; for p in one two; do echo "$p"; done; }
e() { local -n u=u; u=1; unset u; u=local; }
f() { local -n l=l; read -a l <<< 'x y'; }
a; b; c; d; e; f; echo "$v $w $i $p $u ${l[1]}"
#> one
#> two
#> text text 5 two 1 y

### a reference to RANDOM draws one number each time
declare -n r=RANDOM
RANDOM=5; a=$RANDOM b=$RANDOM
RANDOM=5; x=$r; [[ $x == "$a" ]] && echo one
RANDOM=5; echo "$(($r == a)) $(($r == b))"
RANDOM=5; [[ -v RANDOM ]]; [[ $RANDOM == "$b" ]] && echo set
#> one
#> 1 1
#> set

### an assignment makes a reference one to itself, a declaration does not
declare -n a; a=a; declare -p a
declare -n b; read b <<< b; declare -p b
declare -n c; printf -v c c; declare -p c
declare -n d; : ${d:=d}; declare -p d
declare -n e=e; declare -p e
declare -n f; for f in f; do echo no; done; declare -p f
#> declare -n a="a"
#> declare -n b="b"
#> declare -n c="c"
#> declare -n d="d"
#> declare -n f
#! script.sh: line 5: declare: e: nameref variable self references not allowed
#! script.sh: line 5: declare: e: not found
#! script.sh: line 6: f: nameref variable self references not allowed

### mapfile makes what a reference names
declare -n r=b; mapfile -t r <<< x; declare -p r b
declare -n q='c[1]'; mapfile -t q <<< x; echo $?
#> declare -n r="b"
#> declare -a b=([0]="x")
#> 1
#! script.sh: line 2: mapfile: `c[1]': not a valid identifier

### a reference to a readonly array is named itself
declare -n c=b; readonly -a b=(1)
c=(2); echo no
c[1]=2; echo no
declare c=(3); echo no
c=4; echo no
echo end
#> end
#! script.sh: line 2: c: readonly variable
#! script.sh: line 3: c: readonly variable
#! script.sh: line 4: c: readonly variable
#! script.sh: line 5: b: readonly variable

### an empty value is no name to refer to
x=; declare -n x; echo $?; declare -p x
#> 1
#> declare -- x=""
#! script.sh: line 1: declare: `': invalid variable name for name reference
