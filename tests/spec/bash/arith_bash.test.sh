# SPDX-License-Identifier: Apache-2.0
# bash: arithmetic.

### every binary operator by precedence
echo $((1 + 2 * 3 ** 2)) $((2 ** 3 ** 2)) $((-2 ** 2)) $((10 - 2 - 3)) $((100 / 7 % 4)) $((1 << 2 + 1)) $((5 & 6 | 1 ^ 3)) $((1 < 2 == 1)) $((1 || 0 && 0))
#> 19 512 4 5 2 8 6 1 1

### increments and decrements
x=5
echo $((x++)) $x $((++x)) $x $((x--)) $x $((--x)) $x $((- -x)) $((+ +x)) $((- - -1))
#> 5 6 7 7 7 6 5 5 5 5 -1

### compound assignments
x=100
echo $((x += 5)) $((x -= 1)) $((x *= 2)) $((x /= 3)) $((x %= 50)) $((x <<= 2)) $((x >>= 1)) $((x &= 60)) $((x |= 3)) $((x ^= 5)) $((y = x = 4)) $x $y
#> 105 104 208 69 19 76 38 36 39 34 4 4 4

### the comma
echo $((a = 1, b = a + 1, a + b)) $a $b
#> 3 1 2

### the conditional nests to the right
for n in 1 2 3; do echo $((n == 1 ? 10 : n == 2 ? 20 : 30)); done
echo $((1 ? x = 5 : 6)) $x
#> 10
#> 20
#> 30
#> 5 5

### bases from 2 to 64
echo $((2#1010)) $((8#17)) $((16#fF)) $((36#z)) $((36#Z)) $((62#Z)) $((64#_)) $((64#@)) $((0x1F)) $((017)) $((10#08))
#> 10 15 255 35 35 61 63 62 31 15 8

### bases that are wrong
echo $((1#1))
echo next
#> next
#! script.sh: line 1: 1#1: invalid arithmetic base (error token is "1#1")

### a digit too large for its base
echo $((2#12))
#! script.sh: line 1: 2#12: value too great for base (error token is "2#12")
## status: 1

### an octal number with an eight
echo $((08))
#! script.sh: line 1: 08: value too great for base (error token is "08")
## status: 1

### division by zero names the expression
echo $((10 / 0))
#! script.sh: line 1: 10 / 0: division by 0 (error token is "0")
## status: 1

### remainder by zero in a command
((5 % 0))
echo "goes on: $?"
#> goes on: 1
#! script.sh: line 1: ((: 5 % 0: division by 0 (error token is "0")

### a negative exponent
echo $((2 ** -1))
#! script.sh: line 1: 2 ** -1: exponent less than 0 (error token is "1")
## status: 1

### an assignment to a number
echo $((5 = 3))
#! script.sh: line 1: 5 = 3: attempted assignment to non-variable (error token is "= 3")
## status: 1

### an operand is missing
echo $((1 + ))
#! script.sh: line 1: 1 + : syntax error: operand expected (error token is "+ ")
## status: 1

### rubbish after the expression
echo $((1 2))
#! script.sh: line 1: 1 2: syntax error in expression (error token is "2")
## status: 1

### an invalid operator
let '1 @ 2'
echo $?
#> 1
#! script.sh: line 1: let: 1 @ 2: syntax error: invalid arithmetic operator (error token is "@ 2")

### unbalanced parentheses
(( (1 + 2 ))
echo $?
#! script.sh: line 3: syntax error: unexpected end of file
## status: 2

### variables hold expressions
x='1 + 2' y=x
echo $((x * 2)) $((y)) $((x + y))
#> 6 3 6

### a variable that names itself
x=x
echo $((x))
#! script.sh: line 2: x: expression recursion level exceeded (error token is "x")
## status: 1

### empty and unset are zero
e=
echo $((e + 1)) $((unset_one)) $(( )) $((e)) "$(( u + 0 ))"
#> 1 0 0 0 0

### array elements
a=(3 4 5); i=1
echo $((a[i] + a[2])) $((a[i]++)) ${a[1]} $((a[i + 1] *= 2)) $((a)) $((a[-1]))
declare -A m=([k]=7)
echo $((m[k] + 1)) $((m[k] = 9)) ${m[k]}
#> 9 4 5 10 3 10
#> 8 9 9

### overflow wraps
echo $((9223372036854775807 + 1)) $((-9223372036854775808)) $((9223372036854775807 * 2)) $((1 << 63)) $((1 << 64)) $((-1 >> 1))
#> -9223372036854775808 -9223372036854775808 -2 -9223372036854775808 1 -1

### the smallest number divided by minus one
echo $((-9223372036854775808 / -1)) $((-9223372036854775808 % -1))
#> -9223372036854775808 0

### the arithmetic command's status
((0)); echo $?
((1)); echo $?
((x = 0)); echo $?
((x = 0, 5)); echo $?
#> 1
#> 0
#> 1
#> 0

### let
let x=1+2 'y = x * 2' z=y-7
echo $? $x $y $z
let z=0; echo $?
let; echo $?
#> 0 3 6 -1
#> 1
#> 1
#! script.sh: line 4: let: expression expected

### side effects are skipped
x=0
((0 && x++)); ((1 || x++)); ((1 ? 0 : x++))
echo $x
#> 0

### single quotes in arithmetic are an error
x=3
echo $(("x" + 1)) $(( "$x" + '1' ))
#! script.sh: line 2: 3 + '1' : syntax error: operand expected (error token is "'1' ")
## status: 1

### double quotes in arithmetic
x=3
echo $(("x" + 1)) $(( "$x" + "1" ))
#> 4 4

### substitutions in arithmetic
echo $(( $(echo 4) * `echo 2` + ${#x} )) $(( 1$(echo 2) + 1 ))
#> 8 13

### C-style for in all its forms
for ((i = 0; i < 3; i++)); do printf '%s ' $i; done; echo
for ((i = 3; i--; )); do printf '%s ' $i; done; echo
for ((;;)); do break; done; echo "$?"
for ((i = 0; i < 2; i++)) { printf '%s ' $i; }; echo
for (( i = 0 ; i < 6 ; i += 2 ))
do
  [[ $i == 2 ]] && continue
  printf '%s ' $i
done; echo
#> 0 1 2 
#> 2 1 0 
#> 0
#> 0 1 
#> 0 4 

### integers of the shell's variables
declare -i n=010 h=0x10 e='2 * 3'
echo $n $h $e
n+=5; echo $n
n=hello; echo $n
#> 8 16 6
#> 13
#> 0

### spaces and newlines inside
echo $((
  1 +
  2
)) $((1+1)) $(( 3 ))
#> 3 2 3

### a subshell that looks like arithmetic
echo $( (echo sub) ) $((1+1)) $( ( echo a ); echo b )
((echo x); echo y)
#> sub 2 a b
#> x
#> y

### dollars of positional parameters
set -- 4 5
echo $(($1 + $2)) $(($# * 10)) $((${1} - ${2}))
#> 9 20 -1

### unary operators
echo $((!0)) $((!7)) $((~0)) $((~-1)) $((!!3)) $((-+-4)) $((! 1 + 1))
#> 1 0 -1 0 1 4 1

### comparison chains
echo $((3 > 2 > 1)) $((1 == 1 != 0)) $((2 >= 2)) $((2 <= 1))
#> 0 1 1 0

### a number too long wraps or stays
echo $((9223372036854775808)) $((18446744073709551615))
#> -9223372036854775808 -1

### recursion in a variable's value is bounded by its meaning
a=b b=c c=42
echo $((a)) $((a + 1))
#> 42 43

### assignment of an expression with brackets
i=0
a[i++]=x a[i++]=y
echo $i "${a[@]}"
#> 2 x y

### substring and shift by variable amounts
n=3
echo $((1 << n)) $((256 >> n)) $((n ** n)) $((n & 1 ? 1 : 2))
#> 8 32 27 1

### an error in an expression shows what its parameters came to
z=0 n=-4
(echo $((7 + 3/ $z)))
(echo $(( $n ** -1 )))
#!~ *: line 2: 7 + 3/ 0: division by 0 (error token is "0")
#!~ *: line 3: -4 ** -1 : exponent less than 0 (error token is "1 ")
## status: 1

### minus before a parameter that is negative
x=5 y=-3
(echo $(( x-$y )))
echo $(( x - $y )) $((5-$y))
#!~ *: line 2: x--3 : syntax error in expression (error token is "3 ")
#> 8 8

### parameters join digits and bases
i=3
echo $((1$i)) $((2#1$((i - 2)))) $((0x$i)) $(($i$i + 1))
#> 13 3 3 34

### a parameter that changes at each look is looked at once
RANDOM=42
a=$RANDOM b=$RANDOM
RANDOM=42
echo $(($RANDOM - a)) $(($RANDOM - b))
#> 0 0

### what stands between apostrophes of an expression is expanded, and they are part of it
v=5
echo $(( '1+$v' ))
(( '$v' )); echo $?
declare -A h=(['$v']=1)
(( h['$v']++ )); declare -p h
#> 1
#> declare -A h=(["\$v"]="2" )
#! script.sh: line 2: '1+5' : syntax error: operand expected (error token is "'1+5' ")
#! script.sh: line 3: ((: '5' : syntax error: operand expected (error token is "'5' ")

### what comes before the fault of an expression is evaluated
let 'x=5 y'; echo "$x"
((z++ y)); echo "$z"
x=2; ((0 && x++ y)); echo "$x"
let 'w=5 @'; echo "[$w]"
(b='1 2'; echo $((b b)))
echo $((1/0 c))
#> 5
#> 1
#> 2
#> []
#! script.sh: line 1: let: x=5 y: syntax error in expression (error token is "y")
#! script.sh: line 2: ((: z++ y: syntax error in expression (error token is "y")
#! script.sh: line 3: ((: 0 && x++ y: syntax error in expression (error token is "y")
#! script.sh: line 4: let: w=5 @: syntax error: invalid arithmetic operator (error token is "@")
#! script.sh: line 5: 1 2: syntax error in expression (error token is "2")
#! script.sh: line 6: 1/0 c: division by 0 (error token is "0 c")
## status: 1

### a subscript that no element has counts as 0, and stores nothing
echo $((a[@] + 1)) $?
a=(3 4); ((a[@]++)); declare -p a
((c[]++)); echo $?
echo $((c[]))
x=5; ((x[-1]++)); declare -p x
declare -A m; ((m[@]++)); declare -p m
#> 1 0
#> declare -a a=([0]="3" [1]="4")
#> 1
#> 0
#> declare -a x=([0]="1")
#> declare -A m=(["@"]="1" )
#! script.sh: line 1: a[@]: bad array subscript
#! script.sh: line 2: a[@]: bad array subscript
#! script.sh: line 2: a[@]: bad array subscript
#! script.sh: line 3: c[]: bad array subscript
#! script.sh: line 3: c[]: bad array subscript
#! script.sh: line 3: ((: `c[]': not a valid identifier
#! script.sh: line 4: c[]: bad array subscript
#! script.sh: line 4: c[]: bad array subscript
#! script.sh: line 5: x: bad array subscript

### under nounset an array that is there has no unset elements in expressions
set -u
b[1]=
echo $((7*b)) $((b[5]))
declare -A m=([k]=1); echo $((m[j]))
(echo $((d[5]))) ; echo $?
declare -a e; echo $((e)); echo no
#> 0 0
#> 0
#> 1
#! script.sh: line 5: d: unbound variable
#! script.sh: line 6: e: unbound variable
## status: 1

### an ANSI-C string in an expression is decoded
echo $(($'1\t+2'))
#!$ script.sh: line 1: '1\t+2': syntax error: operand expected (error token is "'1\t+2'")\n
## status: 1

### a name that follows an expression has its value before it is one too many
b='${y}'; declare -i x='p b q'
#! script.sh: line 1: declare: ${y}: syntax error: operand expected (error token is "${y}")
## status: 1

### a dollar sign between apostrophes means what it does outside
x=5; echo $(('$x'))
#! script.sh: line 1: '5': syntax error: operand expected (error token is "'5'")
## status: 1

### an element that cannot be assigned makes no variable
((c[-5]++)); declare -p c
read 'q[*]' <<< x; declare -p q
#! script.sh: line 1: c: bad array subscript
#! script.sh: line 1: c[-5]: bad array subscript
#! script.sh: line 1: declare: c: not found
#! script.sh: line 2: q[*]: bad array subscript
#! script.sh: line 2: declare: q: not found
## status: 1
