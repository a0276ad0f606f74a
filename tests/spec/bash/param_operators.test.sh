# SPDX-License-Identifier: Apache-2.0
# bash: every parameter operator, on scalars, arrays and positional parameters.

### offsets are arithmetic
s=abcdefgh n=2
echo "${s:n}" "${s:n+1:n}" "${s:$n:1+1}" "${s:(-3)}" "${s: -n}" "${s:n>1?4:0}"
#> cdefgh de cd fgh gh efgh

### an offset beyond the end is empty
s=abc
echo "[${s:3}] [${s:4}] [${s: -4}] [${s:0:0}] [${s:1:99}]"
#> [] [] [] [] [bc]

### a negative length counts from the end
s=abcdef
echo "[${s:1:-1}] [${s: -4:-2}] [${s:0:-6}]"
#> [bcde] [cd] []

### a negative length before the offset is an error
s=abcdef
echo "${s:4:-3}"
echo "the next line runs: $?"
#> the next line runs: 1
#! script.sh: line 2: -3: substring expression < 0

### slices of the positional parameters
set -- a b c d e
echo "${@:2}" "|" "${@:2:2}" "|" "${@: -2}" "|" "${*:3:1}"
echo "${@:0:1}" | sed 's/.*script/script/'
#> b c d e | b c | d e | c
#> script.sh

### slices with at keep their fields
set -- 'a 1' 'b 2' 'c 3'
printf '[%s]' "${@:2}"; echo
printf '[%s]' "${*:2}"; echo
printf '[%s]' "${@:5}" end; echo
#> [b 2][c 3]
#> [b 2 c 3]
#> [end]

### shortest and longest
s=one.two.three
echo "${s#*.}" "${s##*.}" "${s%.*}" "${s%%.*}"
#> two.three three one.two one

### removal from all parameters
set -- a.c b.c c.h
echo "${@%.c}" "${*#?.}" "${@%%.*}"
#> a b c.h c c h a b c

### replacement: first, all, anchored
s=aXbXc
echo "${s/X/-}" "${s//X/-}" "${s/#a/-}" "${s/%c/-}" "${s/#X/-}" "${s/%X/-}"
#> a-bXc a-b-c -XbXc aXbX- aXbXc aXbXc

### replacement with nothing and with an empty pattern
s=banana
echo "${s/an}" "${s//an}" "${s//a/}" "${s/#}" "${s//}"
#> bana ba bnn banana banana

### replacement with slashes
p=/usr/local/bin
echo "${p//\//:}" "${p/\/usr//opt}" "${p////+}"
#> :usr:local:bin /opt/local/bin +usr+local+bin

### a pattern from a variable, quoted and not
s='a*b a?b' p='a*'
echo "${s/$p/X}" "${s/"$p"/X}" "${s/'a?'/X}"
#> X Xb a?b a*b Xb

### an ampersand in the replacement stays itself when quoted
s=abc
r='[&]'
echo "${s/b/\&}" "${s/b/"$r"}"
#> a&c a[&]c

### an ampersand in the replacement is the match
s=abcabc
shopt -s patsub_replacement
echo "${s/b/[&]}" "${s//b/&&}"
shopt -u patsub_replacement
echo "${s/b/[&]}"
#> a[b]cabc abbcabbc
#> a[&]cabc

### the replacement is expanded
x=7 s=a-b
echo "${s/-/$x}" "${s/-/$((x + 1))}" "${s/-/$(echo 9)}" "${s/-/"$x  $x"}"
#> a7b a8b a9b a7  7b

### replacement with classes and longest match
s='a1b22c333'
echo "${s//[0-9]}" "${s//[[:alpha:]]/.}" "${s/[0-9]*/N}" "${s//[!0-9]/}"
#> abc .1.22.333 aN 122333

### replacement in array elements
a=(one two three)
echo "${a[@]/t/T}" "${a[*]//e}" "${a[@]/#/-}" "${a[@]/%/+}"
#> one Two Three on two thr -one -two -three one+ two+ three+

### upper and lower
s='mixed Case'
echo "${s^}" "${s^^}" "${s^m}" "${s^^[aeiou]}"
t='MIXED Case'
echo "${t,}" "${t,,}" "${t,M}" "${t,,[A-D]}"
#> Mixed Case MIXED CASE Mixed Case mIxEd CAsE
#> mIXED Case mixed case mIXED Case MIXEd case

### toggling case
s='Hello World'
echo "${s~}" "${s~~}"
#> hello World hELLO wORLD

### case of arrays and parameters
a=(one two)
set -- x y
echo "${a[@]^}" "${a[@]^^}" "${@^}" "${*^^}"
#> One Two ONE TWO X Y X Y

### defaults with colon and without
unset u; e=
echo "${u:-a}${u-b}${e:-c}${e-d}" "[${u:+x}${u+x}${e:+x}${e+y}]"
#> abc [y]

### the word of a default keeps its quotes
unset u
printf '[%s]' ${u:-a b}; echo
printf '[%s]' "${u:-a b}"; echo
printf '[%s]' ${u:-"a b" c}; echo
printf '[%s]' "${u:-"a  b"}"; echo
printf '[%s]' ${u:-'a  b'}; echo
printf '[%s]' "${u:-'a  b'}"; echo
#> [a][b]
#> [a b]
#> [a b][c]
#> [a  b]
#> [a  b]
#> ['a  b']

### a default with braces and escapes
unset u
echo "${u:-{x}}" "${u:-a\}b}" ${u:-\}} "${u:-"}"}"
#> {x} a}b } }

### assigning a default to an element
a=()
echo "${a[3]:=three}" "${!a[@]}"
declare -A m
: "${m[k]:=v}"
echo "${m[k]}"
#> three 3
#> v

### a default cannot be assigned to a positional parameter
echo "${1:=x}"
echo "the next line runs: $?"
#> the next line runs: 1
#! script.sh: line 1: $1: cannot assign in this way

### a missing parameter with its message
f() { : "${1:?needs a name}"; }
(f) 2>&1
(: "${nothing:?}") 2>&1
(: "${nothing?}") 2>&1
echo $?
#> script.sh: line 1: 1: needs a name
#> script.sh: line 3: nothing: parameter null or not set
#> script.sh: line 4: nothing: parameter not set
#> 1

### a missing parameter ends the script with status 1
: "${x:?is missing}"
echo never
#! script.sh: line 1: x: is missing
## status: 1

### lengths
s=hello; a=(aa b cccc); set -- 1 22 333
echo ${#s} ${#a} ${#a[@]} ${#a[*]} ${#a[2]} ${#} ${#@} ${#*} ${#3} ${#?} ${#-} | sed 's/ [0-9]*$//'
#> 5 2 3 3 4 3 3 3 3 1

### indirection
name=target target='the value'
echo "${!name}" "${!name:0:3}" "${!name/value/X}" "${!name:-none}"
ref='a[1]' a=(x y z)
echo "${!ref}"
#> the value the the X the value
#> y

### indirection over positional parameters
set -- a b c
i=2
echo "${!i}" "${!#}"
#> b c

### indirection to something unset
unset nope; ref=nope
echo "[${!ref-default}]" "[${!ref}]"
#> [default] []

### an invalid name in indirection
ref='not a name'
echo "${!ref}"
echo "status $?"
#> status 1
#! script.sh: line 2: not a name: invalid variable name

### names with a prefix
pre_one=1 pre_two=2 prefix=3
echo "${!pre_@}" "${!pre*}"
printf '[%s]' "${!pre_@}"; echo
IFS=,
echo "${!pre_*}"
#> pre_one pre_two pre_one pre_two prefix
#> [pre_one][pre_two]
#> pre_one,pre_two

### quoting with @Q
a="it's" b='' c=$'tab\there' d='plain word' e=$'new\nline'
echo "${a@Q}" "${b@Q}" "${c@Q}" "${d@Q}" "${e@Q}"
x=(one 'two 2')
echo "${x[@]@Q}"
#> 'it'\''s' '' $'tab\there' 'plain word' $'new\nline'
#> 'one' 'two 2'

### case with @U @u @L
s='Mixed case'
echo "${s@U}" "${s@u}" "${s@L}"
#> MIXED CASE Mixed case mixed case

### escapes with @E
s='a\tb\x41\n'
printf '%s|' "${s@E}"; echo
#>$ a\tbA\n
#> |

### assignments with @A
declare -i n=5; s='a b'; a=(1 2); readonly r=x
echo "${n@A}" "${s@A}" "${r@A}"
echo "${a[@]@A}"
#> declare -i n='5' s='a b' declare -r r='x'
#> declare -a a=([0]="1" [1]="2")

### attributes with @a
declare -i n; declare -r r=1; declare -x e=1; declare -A m; a=(1); s=x; declare -l low=a
echo "[${n@a}] [${r@a}] [${e@a}] [${m@a}] [${a@a}] [${s@a}] [${low@a}]"
#> [i] [r] [x] [A] [a] [] [l]

### keys and values with @K and @k
a=(x 'y z')
echo "${a[@]@K}"
printf '[%s]' "${a[@]@k}"; echo
declare -A m=([k]='v w')
echo "${m[@]@K}"
#> 0 "x" 1 "y z"
#> [0][x][1][y z]
#> k "v w" 

### prompts with @P
x='a\\b \$' y='\n'
echo "${x@P}" | sed 's/[#$]$/P/'
printf '[%s]\n' "${y@P}"
#> a\b P
#> [
#> ]

### an operator on an unset variable
unset u
echo "[${u#x}] [${u/x/y}] [${u^^}] [${u:0:1}] [${u@Q}] [${#u}]"
#> [] [] [] [] [] [0]

### a bad substitution
echo before
echo "${x!}"
echo "the next line runs: $?"
#> before
#> the next line runs: 1
#! script.sh: line 2: ${x!}: bad substitution

### a bad transformation
x=1
echo "${x@Z}"
#! script.sh: line 2: ${x@Z}: bad substitution
## status: 1

### operators nest
a=b b=c c=deep
echo "${u:-${v:-${w:-end}}}" "${a/b/${b/c/$c}}" "${c%"${c#?}"}"
#> end deep d

### pattern removal leaves quotes' meaning
s='"quoted"'
echo "${s#\"}" "${s%'"'}" "${s//'"'/}"
echo ${s#'"'}
#> quoted" "quoted quoted
#> quoted"

### expansion in arithmetic and in here-documents
s=12345
echo $((${s:1:2} + ${#s}))
cat <<END
${s%5} ${s/1/"x"} ${u:-"kept quotes"} ${u:-'single'}
END
#> 28
#> 1234 x2345 kept quotes 'single'

### special parameters take operators
set -- one two
f() { return 3; }
f
echo "${?}" "${?#x}" "${#:-n}" "${@:-none}" "${*/o/0}"
#> 3 3 2 one two 0ne tw0

### double quotes between apostrophes of a quoted ${x:-'...'} quote nothing
unset x
echo "${x:-'a "b"'}" "${x:-'"a"'}" "${x:-a'b"c"d'e}" "${x:-'"'}"
cat <<A
${x:-'a "b"'} ${x:-"b"}
A
#> 'a b' 'a' a'bcd'e ''
#> 'a b' b

### ${# with an operator that # cannot have is a bad substitution
set -- a b
for word in '${#^}' '${#,,}' '${#~}' '${#/}' '${#%}' '${#=}' '${#+}' '${#%%}' '${#/2/x}' '${#:-}' '${#+x}' '${#^x}'; do
  (eval "echo \"$word\"" 2>/dev/null) || echo "bad: $word"
done
#> bad: ${#^}
#> bad: ${#,,}
#> bad: ${#~}
#> bad: ${#/}
#> bad: ${#%}
#> bad: ${#=}
#> bad: ${#+}
#> 2
#> x
#> 2
#> x
#> bad: ${#^x}

### \x{ } in $'...' takes any number of digits, and none is a NUL
printf '[%s]\n' $'ab\x{}cd' $'\x{X' $'\x{41}b' $'\x{0041' $'q\x{g}'
x='\x{41}b' y='a\x{}b'
echo "${x@E} ${y@E}"
#> [ab]
#> []
#> [Ab]
#> [A]
#> [q]
#> Ab a

### the name of a status, a count and of options ends at no operator that changes case
(echo ${?^}); (echo ${-,}); (echo ${#~}); (echo ${!$}); (echo ${!?x}); echo ${!?}
#>
#! script.sh: line 1: ${?^}: bad substitution
#! script.sh: line 1: ${-,}: bad substitution
#! script.sh: line 1: ${#~}: bad substitution
#! script.sh: line 1: ${!$}: bad substitution
#! script.sh: line 1: ${!?x}: bad substitution

### a bad substitution shows all it stands in
(echo a${x!}c)
(echo a"q${x!}r"c)
(x=a${x!}b)
(declare x=a${x!}b)
(echo ${x:-a${?^}b})
(x=(1 a${x!}b))
cat <<E
abc ${x!}
E
#! script.sh: line 1: a${x!}c: bad substitution
#! script.sh: line 2: q${x!}r: bad substitution
#! script.sh: line 3: a${x!}b: bad substitution
#! script.sh: line 4: x=a${x!}b: bad substitution
#! script.sh: line 5: a${?^}b: bad substitution
#! script.sh: line 6: a${x!}b: bad substitution
#! script.sh: line 7: abc ${x!}
#! : bad substitution
## status: 1

### of what is not set no operand is looked at
set -u; set --
echo "${a[@]//?/$b}" "${a[*]#$b}" "${*#$b}" "${@^$b}" "${a[@]:$b}" ok
set +u
echo ${a/$((x=5))} ${a:$((x=7))} [$x] ${a:1/0} ok
x=([3]=1); echo ${x:1/0} ${x[0]#$((y=1))} [$y]
#>   ok
#> [] ok
#> []

### a transformation there is none of fails for what is set
echo "[${x@Z}]" "[${x[@]@ZZ}]" "[${1@}]"
x=1; (echo a${x@Q }b); echo $?
echo no ${x@}; echo not here
#> [] [] []
#> 1
#! script.sh: line 2: a${x@Q }b: bad substitution
#! script.sh: line 3: ${x@}: bad substitution
## status: 1

### a slice of all elements of what is no array is one of its text
c=fooc
printf '<%s>' "${c[*]: -1}" "${c[@]:1:2}" "${c[@]:0}" "${c[@]: -9}" z; echo
#> <c><oo><fooc><z>

### a slice that begins beyond the end looks at no length
x=(1 2) y=([5]=a)
echo "${x[@]:9:-1}${x[@]:2:-1}${y[@]:6:-1}" "${*:2:-1}" "${x[@]:9:1/0}" "${c:5:1 2}" ok
echo ${y[@]:2:-1}
echo ${x[0]:1 2}
n=c; echo ${!n:1 2}
#>   ok
#>
#! script.sh: line 3: -1: substring expression < 0
#! script.sh: line 4: x[0]: 1 2: syntax error in expression (error token is "2")

### an indirection through no parameters is one empty word
printf '<%s>' "${!@}" a; echo
#> <><a>

### a subscript before the first element is told of, whatever is asked
echo ${b[-5]+set} ${b[-1]:-d} $?
x=5; echo ${x[-2]-no}
#> d 0
#> no
#! script.sh: line 1: b: bad array subscript
#! script.sh: line 1: b: bad array subscript
#! script.sh: line 2: x: bad array subscript

### the length of an element of what is not there is 0
echo ${#a[-5]}
#> 0

### an apostrophe after a backslash opens nothing in a quoted operand
echo "${u:-D=\'}"
echo "${u:-D=\'a\'}"
echo "${u:-'a}b'}"
#> D=\'
#> D=\'a\'
#> 'a}b'

### within double quotes an operand that is a list without elements is one field
count() { echo $#; }
set --
count "${u:-$@}" "${u-"$@"}"
count ${u:-"$@"} ${u-$@}
z=1
count "${z+$@}"
count "$u$@"
none=()
count "${u-${none[@]}}"
#> 2
#> 0
#> 1
#> 0
#> 1

### attributes of an array without an element 0 are told under nounset
set -u
declare -a one=([1]=one)
name=one
echo "${one@a}" "${!name@a}"
echo "${one@A}"
declare -A two=([k]=v)
echo "${two@a}"
declare -ia none=()
(echo "${none@a}")
declare -A empty=()
(echo "${empty@a}")
#> a a
#> declare -a one
#> A
#! script.sh: line 9: none: unbound variable
#! script.sh: line 11: empty: unbound variable
## status: 1

### a parameter may be named as $'name' within double quotes
x1=not x=notOK
echo "${$'x1'%$'t'}"
echo "${x#${$'x1'%'t'}}"
(echo "${'x1'%$'t'}")
echo ${x'y'}
#> no
#> tOK
#! script.sh: line 4: ${'x1'%'t'}: bad substitution
#! script.sh: line 5: ${x'y'}: bad substitution
## status: 1

### where characters are bytes only those of ASCII have a case
x=éa
LC_ALL=C
y=${x^^} z=${x^}
LC_ALL=C.UTF-8
echo "$y $z ${x^^} ${x^}"
#> éA éa ÉA Éa
