# SPDX-License-Identifier: Apache-2.0
# bash: what a syntax error costs, and what is said of it.

### an operator in a compound assignment costs its line
v=(one & two); echo same line
echo "status $?"
v=( <> < )
echo "status $?"
declare -a w=(one | two)
echo "status $?"
v=( (a) )
echo "status $?"
x=$(v=(a & b); echo q)
echo "[$x] $?"
#> status 1
#> status 1
#> status 1
#> status 1
#> [] 1
#! script.sh: line 1: syntax error near unexpected token `&'
#! script.sh: line 1: `v=(one & two); echo same line'
#!?                            ^
#! script.sh: line 3: syntax error near unexpected token `<>'
#! script.sh: line 3: `v=( <> < )'
#!?                         ^
#! script.sh: line 5: syntax error near unexpected token `|'
#! script.sh: line 5: `declare -a w=(one | two)'
#!?                                       ^
#! script.sh: line 7: syntax error near unexpected token `('
#! script.sh: line 7: `v=( (a) )'
#!?                         ^
#! script.sh: line 9: syntax error near unexpected token `&'
#! script.sh: line 9: `x=$(v=(a & b); echo q)'
#!?                              ^

### the lines of a function or group around it stay
f() {
  v=(one & two)
  echo b
}
echo never
#> b
#! script.sh: line 2: syntax error near unexpected token `&'
#! script.sh: line 2: `  v=(one & two)'
#!?                              ^
#! script.sh: line 4: syntax error near unexpected token `}'
#! script.sh: line 4: `}'
#!?                     ^
## status: 2

### eval, a sourced file and -c go on with the next line
eval 'v=(one & two); echo x
echo y'
. ./file; echo "$?"
"$BASH" -c 'v=(a & b); echo x
echo z'
## file file
#| v=(one ; two)
#| echo in file
#> y
#> in file
#> 0
#> z
#! script.sh: eval: line 2: syntax error near unexpected token `&'
#! script.sh: eval: line 2: `v=(one & two); echo x'
#!?                                  ^
#! ./file: line 1: syntax error near unexpected token `;'
#! ./file: line 1: `v=(one ; two)'
#!?                         ^
#!~ *: -c: line 1: syntax error near unexpected token `&'
#!~ *: -c: line 1: `v=(a & b); echo x'
#!? *^

### in posix mode it ends the script
set -o posix
v=(a & b)
echo after
#! script.sh: line 2: syntax error near unexpected token `&'
#! script.sh: line 2: `v=(a & b)'
#!?                          ^
## status: 1

### a compound assignment without an end
v=(a
b
#! script.sh: line 1: unexpected EOF while looking for matching `)'
## status: 1

### what is wrong in [[ ]] is said alone, and ends the script with the status before
false
[[ a b ]]
echo after
#! script.sh: line 2: conditional binary operator expected
## status: 1

### so in a function or an if, with status 0 at the start
if [[ -f a b ]]; then echo x; fi
echo after
#! script.sh: line 1: syntax error in conditional expression

### eval and a sourced file fail with 2
eval '[[ a b ]]
echo x'
echo "eval $?"
eval '[[ ]]' 2> /dev/null
echo "empty $?"
. ./file
echo "file $?"
## file file
#| [[ a -eq ]]
#| echo after
#> eval 2
#> empty 2
#> file 2
#! script.sh: eval: line 2: conditional binary operator expected
#! ./file: line 1: unexpected argument `]]' to conditional binary operator

### messages of [[ ]]
for text in '[[ -f a b ]]' '[[ a == b c ]]' '[[ -z a -o b ]]' '[[ a b ]]' '[[ a ; b ]]' '[[ ( a ]]' '[[ a < ]]' '[[ ]]'; do
  "$BASH" -c "$text" </dev/null
done 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
#> syntax error in conditional expression
#> syntax error in conditional expression
#> syntax error in conditional expression
#> conditional binary operator expected
#> unexpected token `;', conditional binary operator expected
#> unexpected token `]]', expected `)'
#> unexpected argument `]]' to conditional binary operator

### eval takes compound assignments, expanded
eval foo=() bar=( "a b" )
echo "${#foo[@]} ${bar[0]}"
a=("a b" c); eval b=("${a[@]}" 'p q'); echo "${#b[@]}"
#> 0 a
#> 5

### messages of test
test a b c d e 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
[ \( 1 = 1 ] 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
[ a -a b -c ] 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
[ 5 -gt "3
" ] 2>/dev/null; echo $?
[ 5 -gt " 3 " ]; echo $?
#> test: too many arguments
#> [: `)' expected, found ]
#> [: syntax error: `-c' unexpected
#> 2
#> 0

### a quote that is open at the end leaves the status of a failure
nosuch 2>/dev/null
echo 'a
#! script.sh: line 2: unexpected EOF while looking for matching `''
## status: 127

### a quote that is open at the end after a success is a usage error
true
echo "a
#! script.sh: line 2: unexpected EOF while looking for matching `"'
## status: 2

### a quote that is open in a list is another error as well
(exit 3)
a=("b
#! script.sh: line 2: unexpected EOF while looking for matching `"'
#! script.sh: line 3: syntax error: unexpected end of file
## status: 1

### what [[ lacks at an open quote is told
[[ x == "
#! script.sh: line 1: unexpected EOF while looking for matching `"'
#! script.sh: line 2: unexpected argument to conditional binary operator
## status: 2

### what [[ lacks at an open parenthesis of an expression is told
[[ x =~ (
#! script.sh: line 1: unexpected EOF while looking for matching `)'
#! script.sh: line 2: unexpected argument to conditional binary operator
## status: 2

### an error in a token of many lines shows the last
for in 2$(echo
q x))
#! script.sh: line 2: syntax error near unexpected token `$'2$(echo\nq x)''
#! script.sh: line 2: `q x))'
## status: 2

### what is wrong between the parentheses of for is told once the loop is whole
for ((1;2)); do
echo )
done
#! script.sh: line 2: syntax error near unexpected token `)'
#! script.sh: line 2: `echo )'
## status: 2
