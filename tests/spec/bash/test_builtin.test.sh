# SPDX-License-Identifier: Apache-2.0
# bash: test and [ by the number of their arguments.

### no argument, one, two
test; echo $?
test x; test ''; echo $?
[ -n ]; echo $?
[ ! x ]; echo $?
[ -z '' ]; echo $?
[ ! '' ]; echo $?
#> 1
#> 1
#> 0
#> 1
#> 0
#> 0

### three arguments: a binary operator comes first
[ -f = -f ]; echo $?
[ '(' x ')' ]; echo $?
[ ! = x ]; echo $?
[ x -a y ]; echo $?
[ '' -o y ]; echo $?
[ '!' -a '!' ]; echo $?
#> 0
#> 0
#> 1
#> 0
#> 0
#> 0

### four and more
[ ! a = b ]; echo $?
[ '(' a = a ')' ]; echo $?
[ a = a -a b = b ]; echo $?
[ a = b -o b = b -a c = c ]; echo $?
[ ! '(' a = b -o c = d ')' ]; echo $?
#> 0
#> 0
#> 0
#> 0
#> 0

### strings compare as text
[ a \< b ] && [ b \> a ] && [ a == a ] && [ a != b ] && echo ok
[ 10 \< 9 ] && echo text
#> ok
#> text

### integers
[ 5 -gt 4 ] && [ ' 5 ' -eq 5 ] && [ -3 -lt 0 ] && [ 08 -eq 8 ] && echo ok
#> ok

### not an integer
[ a -eq 1 ]; echo $?
[ 1 -eq 1.5 ]; echo $?
[ '' -eq 0 ]; echo $?
#> 2
#> 2
#> 2
#! script.sh: line 1: [: a: integer expression expected
#! script.sh: line 2: [: 1.5: integer expression expected
#! script.sh: line 3: [: : integer expression expected

### a missing bracket
[ a = a; echo $?
#> 2
#! script.sh: line 1: [: missing `]'

### too many arguments
[ a b c d ]; echo $?
[ a b c d e f ]; echo $?
#> 2
#> 2
#! script.sh: line 1: [: too many arguments
#! script.sh: line 2: [: too many arguments

### an unknown operator
[ a foo b ]; echo $?
test -Q x; echo $?
#> 2
#> 2
#! script.sh: line 1: [: foo: binary operator expected
#! script.sh: line 2: test: -Q: unary operator expected

### unset words vanish
unset u
[ -n $u ] && echo "one argument is a text"
[ $u = x ]; echo $?
[ "$u" = x ]; echo $?
#> one argument is a text
#> 2
#> 1
#! script.sh: line 3: [: =: unary operator expected

### variables and options
v=; a=(x)
[ -v v ] && [ -v a[0] ] && ! [ -v none ] && echo variables
[ -o noglob ] || echo options
#> variables
#> options

### files
: > f; mkdir d; ln -s f l
[ -f f -a -d d -a -L l ] && [ f -ef l ] && ! [ -e none ] && echo ok
#> ok

### a descriptor that is no terminal
[ -t 0 ]; echo $?
[ -t 99 ]; echo $?
#> 1
#> 1
