# SPDX-License-Identifier: Apache-2.0
# bash: declare, typeset, readonly, export, unset and the attributes.

### attributes print in one form
declare -i i=5; declare -l l=ABC; declare -u u=abc; declare -r r=x; declare -x x=y; declare -n n=i
declare -ri ri=7; declare -irx irx=3; declare -a arr; declare -A map
declare -p i l u r x ri irx arr map
declare -p n
#> declare -i i="5"
#> declare -l l="abc"
#> declare -u u="ABC"
#> declare -r r="x"
#> declare -x x="y"
#> declare -ir ri="7"
#> declare -irx irx="3"
#> declare -a arr
#> declare -A map
#> declare -n n="i"

### declare without a value
declare v
declare -p v
echo "[${v-unset}]"
#> declare -- v
#> [unset]

### a name that is not there
declare -p nothing_here
echo "status $?"
#> status 1
#! script.sh: line 1: declare: nothing_here: not found

### integers
declare -i n='3 * 4'
n+=1; echo $n
n='n * 2'; echo $n
declare +i n; n+=1; echo $n
#> 13
#> 26
#> 261

### a bad expression for an integer
declare -i n
n='1 +'
echo "next $?"
#> next 1
#! script.sh: line 2: 1 +: syntax error: operand expected (error token is "+")

### upper and lower
declare -u up; up='some Text'; echo "$up"
declare -l low='SOME Text'; echo "$low"
declare -c cap='some text' 2>/dev/null; echo "$cap"
declare +u up; up=x; echo $up
#> SOME TEXT
#> some text
#> Some text
#> x

### declare takes several names
declare a=1 b c='x y'
echo "$a [$b] $c"
#> 1 [] x y

### values split only where they may
v='a b'
declare x=$v y="$v" z=pre$v
echo "$x|$y|$z"
#> a b|a b|prea b

### invalid names
declare 1x=2; echo $?
declare 'a b'; echo $?
declare ''; echo $?
#> 1
#> 1
#> 1
#! script.sh: line 1: declare: `1x=2': not a valid identifier
#! script.sh: line 2: declare: `a b': not a valid identifier
#! script.sh: line 3: declare: `': not a valid identifier

### an unknown option
declare -Z x
echo $?
#> 2
#! script.sh: line 1: declare: -Z: invalid option
#! declare: usage: declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]

### readonly
readonly r=1 s
r=2
echo "next"
s=3
unset r; echo $?
readonly -p | grep ' [rs]\b'
#> next
#> 1
#> declare -r r="1"
#> declare -r s
#! script.sh: line 2: r: readonly variable
#! script.sh: line 4: s: readonly variable
#! script.sh: line 5: unset: r: cannot unset: readonly variable

### an assignment to a readonly variable ends the function
readonly r=1
f() { r=2; echo "in f"; }
f
echo "after $?"
#> after 1
#! script.sh: line 2: r: readonly variable

### export
export a=1 b
b=2
sh -c 'echo "$a $b"'
export -n a
sh -c 'echo "[$a] $b"'
echo $a
export -p | grep ' [ab]\b'
#> 1 2
#> [] 2
#> 1
#> declare -x b="2"

### export of a function
f() { echo "exported $1"; }
export -f f
bash -c 'f arg'
export -nf f
#> exported arg

### export of what is not a name
export 1a=2; echo $?
export -f nofunction; echo $?
#> 1
#> 1
#! script.sh: line 1: export: `1a=2': not a valid identifier
#! script.sh: line 2: export: nofunction: not a function

### functions by name
f() { echo a; }
g() { :; }
declare -F f g nope; echo $?
declare -F | grep -c '^declare -f [fg]$'
declare -f nope; echo $?
#> f
#> g
#> 1
#> 2
#> 1

### the printed form of functions
f() {
  local x=1 y
  if [[ $x == 1 && -n $y ]]; then echo "a  b"; elif (( x > 2 )); then :; else false; fi
  for i in a b; do echo $i; done
  for ((i=0;i<3;i++)); do echo; done
  while read -r l; do echo "$l"; done < file > out 2>&1
  until false; do break; done
  case $x in (a|b) echo one;; *) echo two;& c) ;; esac
  { echo group; }
  ( echo sub ) &
  a | b |& c && d || ! e
  x=1 cmd "$@" >> f <<< word
  select s in 1 2; do :; done
  g() { echo inner; }
  cat <<EOF
text $x
EOF
}
declare -f f
#> f () 
#> { 
#>     local x=1 y;
#>     if [[ $x == 1 && -n $y ]]; then
#>         echo "a  b";
#>     else
#>         if (( x > 2 )); then
#>             :;
#>         else
#>             false;
#>         fi;
#>     fi;
#>     for i in a b;
#>     do
#>         echo $i;
#>     done;
#>     for ((i=0; i<3; i++))
#>     do
#>         echo;
#>     done;
#>     while read -r l; do
#>         echo "$l";
#>     done < file > out 2>&1;
#>     until false; do
#>         break;
#>     done;
#>     case $x in 
#>         a | b)
#>             echo one
#>         ;;
#>         *)
#>             echo two
#>         ;&
#>         c)
#>
#>         ;;
#>     esac;
#>     { 
#>         echo group
#>     };
#>     ( echo sub ) & a | b 2>&1 | c && d || ! e;
#>     x=1 cmd "$@" >> f <<< word;
#>     select s in 1 2;
#>     do
#>         :;
#>     done;
#>     function g () 
#>     { 
#>         echo inner
#>     };
#>     cat <<EOF
#> text $x
#> EOF
#>
#> }

### a printed function is read back the same
f() { for i in 1 2; do case $i in 1) echo "one '$i'" ;; *) echo \$two ;; esac; done; cat <<X
here $i
X
}
one=$(declare -f f)
unset -f f
eval "$one"
[[ $(declare -f f) == "$one" ]] && echo same
f
#> same
#> one '1'
#> $two
#> here 2

### unset variables and functions
v=1; f() { echo f; }
unset v f; echo "${v-gone}"; f 2>/dev/null || echo 'no f'
v=1; v() { echo function v; }
unset v; v; unset -f v; v 2>/dev/null || echo 'no v'
#> gone
#> no f
#> function v
#> no v

### unset of a readonly variable
readonly r=1
unset r
echo "status $? $r"
#> status 1 1
#! script.sh: line 2: unset: r: cannot unset: readonly variable

### unset of bad names
unset 1x; echo $?
unset nothing; echo $?
unset -v; echo $?
unset -fv x; echo $?
#> 0
#> 0
#> 0
#> 1
#! script.sh: line 4: unset: cannot simultaneously unset a function and a variable

### typeset is declare
typeset -i n=2+2; typeset -r r=1
echo $n
typeset -p n r
#> 4
#> declare -i n="4"
#> declare -r r="1"

### a global from a function
f() { declare -g made=here; declare mine=local; }
f
echo "$made [${mine-unset}]"
#> here [unset]

### attributes in functions are local
declare -i n=1
f() { local n=2+2; echo $n; local -i m=2+2; echo $m; }
f
n=3+3; echo $n
#> 2+2
#> 4
#> 6

### inherit in local
f() { local -I v; echo "[$v]"; v=changed; }
v=outer
f
echo $v
#> [outer]
#> outer

### declare -p of everything about some names
x=1 y=(2) 
f() { local z=3; declare -p z; }
f
declare -p x y
#> declare -- z="3"
#> declare -- x="1"
#> declare -a y=([0]="2")

### set prints variables so that they can be read
xx1="it's" xx2='a b' xx3=plain xx4=(1 'b c')
set | grep '^xx'
#> xx1='it'\''s'
#> xx2='a b'
#> xx3=plain
#> xx4=([0]="1" [1]="b c")

### the case of an assignment in a chain
declare -l a; declare -u b
a=B b=a
echo $a $b
a+=XY; echo $a
#> b A
#> bxy

### an exported variable goes to its command alone
v=1
v=2 sh -c 'echo $v'
echo $v
v=3 eval 'echo $v'
echo $v
#> 2
#> 1
#> 3
#> 1

### several assignments on a line of their own
a=1 b=2 c=$a$b
echo $c
#> 12

### -f takes nothing that is about variables
f() { echo 1; }
( declare -f -a f; echo $?; declare -F -i f; echo $?; declare -f g='() { :; }'; echo $? ) 2>&1 | sed 's/.*line [0-9]*: //'
readonly -f f; declare -f +r f 2>/dev/null; echo $?
declare -f -a; echo $?
#> declare: -a: invalid option
#> 1
#> declare: -i: invalid option
#> 1
#> declare: cannot use `-f' to make functions
#> 1
#> 1
#> 0

### readonly takes -n
readonly -n x=3; echo $?; declare -p x
#> 0
#> declare -- x="3"

### text in parentheses is a list for an array alone
declare -a n=(1); declare -a 'n[0]=(9 8)'; declare -p n
declare -a e[10]='(test)'; declare -p e
declare 'm=(1 2)'; declare -p m
v='(x y)'; declare -a w=$v; declare -p w
#> declare -a n=([0]="9" [1]="8")
#> declare -a e=([0]="test")
#> declare -- m="(1 2)"
#> declare -a w=([0]="x" [1]="y")

### an empty subscript
declare 'b[]' 2>/dev/null; echo $?
declare -p b 2>/dev/null; echo $?
#> 1
#> 1

### listings of arrays with another attribute
a=(1 2); readonly a; s=1; readonly s
declare -ar | grep -w 'a=\|s=\|UID'
echo --; readonly -a | grep 'a=\|s=\|UID'
#> declare -ar a=([0]="1" [1]="2")
#> --
#> declare -ar a=([0]="1" [1]="2")

### a list for what is readonly, or another kind of array, gives up the line
( readonly a=1; declare a=(4); echo no
echo next $?
b=(1); declare -A b=([x]=y); echo no
echo next $? ) 2>&1 | sed 's/.*line [0-9]*: //'
#> a: readonly variable

### -p of what is not local
f() { local x=1; local -p x; local -p zz 2>/dev/null; echo $?; }; f
#> declare -- x="1"
#> 1

### -A counts before -a, and an array is no reference
( declare -aA x; echo $?; declare -p x ) 2>&1 | sed 's/.*line [0-9]*: //'
declare -na r=t; declare -p r; declare -nA s=t; declare -p s
declare -ni q=t 2>/dev/null; echo $?; declare -p q 2>/dev/null; echo $?
#> declare: x: cannot convert associative to indexed array
#> 1
#> declare -A x
#> declare -a r=([0]="t")
#> declare -A s=([0]="t" )
#> 1
#> 1

### export and readonly of what is not there, or an element
readonly -n y; declare -p y 2>/dev/null; echo $?
declare -n e='a[1]'; export e=3 2>/dev/null; declare -p a
#> 1
#> declare -a a=([1]="3")

### local with options alone lists
f() { local x=1; local -i; local; }; f
#> declare -- x="1"
#> declare -- x="1"

### variables of the shell that are integers
for v in OPTIND RANDOM SECONDS; do declare -p $v | sed 's/=.*//'; done
OPTIND=foo; echo $OPTIND
#> declare -i OPTIND
#> declare -i RANDOM
#> declare -i SECONDS
#> 0

### readonly keeps the export of what stands before it
a=1 readonly a; declare -p a
b=2; b=1 readonly b; declare -p b
fn() { c=1 readonly c; }; fn; declare -p c
#> declare -rx a="1"
#> declare -rx b="1"
#> declare -rx c="1"

### declare with options that take away lists as without any
q=1
declare +i | grep '^q='
declare +x | grep '^q='
typeset +F | grep '^q='
declare -p +i | grep ' q='
#> q=1
#> q=1
#> q=1
#> declare -- q="1"

### COMP_WORDBREAKS and SECONDS as they are listed
declare -p | grep -E 'COMP_WORDBREAKS|SECONDS$'
: "$COMP_WORDBREAKS" $SECONDS
declare -p | grep -E 'COMP_WORDBREAKS|SECONDS=' | sed 's/"[0-9]"/N/'
#> declare -- COMP_WORDBREAKS
#> declare -- EPOCHSECONDS
#> declare -- SECONDS
#> declare -- COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
#> declare -i SECONDS=N

### PIPESTATUS is not there before the first command
echo "${PIPESTATUS[@]-unset}"
true | false
echo "${PIPESTATUS[@]}"
#> unset
#> 0 1

### export marks arrays that it makes
export -a q=(1); declare -p q
export -A s=([k]=1); declare -p s
export -ap | grep ' q='
export -i x
#> declare -ax q=([0]="1")
#> declare -Ax s=([k]="1" )
#> declare -ax q=([0]="1")
#! script.sh: line 4: export: -i: invalid option
#! export: usage: export [-fn] [name[=value] ...] or export -p
## status: 2

### a list makes no reference
declare -n a=(x)
echo $?
typeset -n b=()
#> 1
#! script.sh: line 1: declare: a: reference variable cannot be an array
#! script.sh: line 3: typeset: b: reference variable cannot be an array
## status: 1

### a bad subscript is told without the builtin's name
read 'a[-5]' <<< x
printf -v 'a[-1]' x
declare a[-1]=x
declare -A m; declare m[]=x
a+=([]+=z [@]+=y [-9]+=w)
#! script.sh: line 1: a[-5]: bad array subscript
#! script.sh: line 2: a[-1]: bad array subscript
#! script.sh: line 3: a[-1]: bad array subscript
#! script.sh: line 4: m[]: bad array subscript
#! script.sh: line 5: []+=z: bad array subscript
#! script.sh: line 5: [@]+=y: cannot assign to non-numeric index
#! script.sh: line 5: [-9]+=w: bad array subscript

### a written subscript of an operand that comes to nothing is 0
printf -v 'y[$b]' x; declare -p y
read 'z[$b]' <<< q; declare -p z
#> declare -a y=([0]="x")
#> declare -a z=([0]="q")

### -f and -F of a list do nothing, and fail
typeset -F x=(1); echo $?
typeset -f y=(); echo $?
declare -f z=1; echo $?
#> 1
#> 1
#> 1
#! script.sh: line 3: declare: cannot use `-f' to make functions

### -g and -I alone list as no option does
q=1
declare -g | grep '^q='
#> q=1

### -p of an element of what is not there shows its value
v='d e'
declare -p 'c[1]' c[1]=$v
#! script.sh: line 2: declare: c[1]: not found
#! script.sh: line 2: declare: c[1]=d e: not found
## status: 1

### +n of a local reference makes it text
fn() { local b; declare -n r=b; declare +n r; declare -p r; }
fn
#> declare -- r="b"

### the attributes of one that is no array are told of it as a list too
declare -i c=0; echo "${c[@]@A}" "${c[*]@A}"
declare -r d=1; echo "${d[@]@A}"
#> declare -i c='0' declare -i c='0'
#> declare -r d='1'

### what is local and has no value is listed
fn() { local w; declare -p | grep ' w'; }; fn
declare q; declare -p | grep ' q$'
#> declare -- w
#> declare -- q

### an element that is to be readonly is too late
declare -r c[1]=x; echo $?
declare -p c
a=(1 2); declare -r a[1]=5; declare -p a
#> 0
#> declare -ar c=()
#> declare -ar a=([0]="1" [1]="2")
#! script.sh: line 1: c: readonly variable
#! script.sh: line 3: a: readonly variable

### +a of a list is an error once it is assigned
typeset +a y=(1); echo $?
declare -p y
#> 1
#> declare -a y=([0]="1")
#! script.sh: line 1: typeset: y: cannot destroy array variables in this way

### -p of a list prints what it has assigned
declare -p b=("a" c)
typeset -p b+=(d)
#> declare -a b=([0]="a" [1]="c")
#> declare -a b=([0]="a" [1]="c" [2]="d")

### what the shell keeps of its calls may not be declared with a value
f() {
  local FUNCNAME=x
  echo $? $FUNCNAME
  local BASH_LINENO GROUPS=3
  echo $?
  local BASH_ARGV=(a b)
  echo $?
}
f
FUNCNAME=x
echo $?
declare FUNCNAME=x
echo $?
#> 1 f
#> 1
#> 1
#> 0
#> 1
#! script.sh: line 2: local: FUNCNAME: variable may not be assigned value
#! script.sh: line 4: local: BASH_LINENO: variable may not be assigned value
#! script.sh: line 4: local: GROUPS: variable may not be assigned value
#! script.sh: line 6: BASH_ARGV: variable may not be assigned value
#! script.sh: line 6: local: BASH_ARGV: variable may not be assigned value

### what is declared to be an array is one, and no reference
declare -na x
declare -p x
declare -na y=(1)
echo $?
declare -p y
declare -nA m=([k]=v)
declare -p m
declare -na q=1
f() { local -na l; echo $?; declare -p l; }
f
#> declare -a x
#> 1
#> declare -a y=([0]="1")
#> declare -A m=([k]="v" )
#> 1
#> declare -a l
#! script.sh: line 3: declare: y: reference variable cannot be an array
#! script.sh: line 6: declare: m: reference variable cannot be an array
#! script.sh: line 8: declare: `1': invalid variable name for name reference
#! script.sh: line 9: local: l: reference variable cannot be an array

### a list is assigned before the builtin that refuses it has its turn
declare -f a=(1 2); echo $?; declare -p a
declare -F b=(3); echo $?; declare -p b
declare -n c=(4); echo $?; declare -p c
local d=(5); echo $?; declare -p d
readonly -f e=(6); echo $?; declare -p e
declare -fA f=([k]=7); echo $?; declare -p f
fn() { declare -f g=(8); declare -n h=(9); declare -p g h; }
fn
declare -p g h
#> 1
#> declare -a a=([0]="1" [1]="2")
#> 1
#> declare -a b=([0]="3")
#> 1
#> declare -a c=([0]="4")
#> 1
#> declare -a d=([0]="5")
#> 1
#> declare -a e=([0]="6")
#> 1
#> declare -A f=([k]="7" )
#> declare -a g=([0]="8")
#> declare -a h=([0]="9")
#! script.sh: line 3: declare: c: reference variable cannot be an array
#! script.sh: line 4: local: can only be used in a function
#! script.sh: line 5: readonly: e: not a function
#! script.sh: line 6: declare: -A: invalid option
#! script.sh: line 7: declare: h: reference variable cannot be an array
#! script.sh: line 9: declare: g: not found
#! script.sh: line 9: declare: h: not found
## status: 1

### what cannot be assigned to a readonly array gives up the line of declare -f
declare -r a=(1)
declare -f a=(2); echo no
echo $?
#> 1
#! script.sh: line 2: a: readonly variable

### a wrong number for an element costs the line
declare -ia a; declare -A m
declare -ai a[1]="1+"; echo no
declare -iA m[k]="1+"; echo no
f() { local -ia b[1]=1+; echo no; }
f; echo no
echo end
#> end
#! script.sh: line 2: declare: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 3: declare: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 4: local: 1+: syntax error: operand expected (error token is "+")

### an element that cannot be exported is named as it has been expanded
x=1
export b[$x]=1; echo $?
readonly b[1]+="1 2"; echo $?
export b[]=1; echo $?
export b[1]=(1 2); echo no
echo $?
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 2: export: `b[1]': not a valid identifier
#! script.sh: line 3: readonly: `b[1]': not a valid identifier
#! script.sh: line 4: export: `b[]': not a valid identifier
#! script.sh: line 5: b[1]: cannot assign list to array member
