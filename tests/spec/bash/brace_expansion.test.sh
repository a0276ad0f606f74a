# SPDX-License-Identifier: Apache-2.0
# bash: brace expansion.

### lists
echo {a,b,c} pre{1,2}post {a,b}{c,d} {,x}y a{,} "x"{1,2}'y'
#> a b c pre1post pre2post ac ad bc bd y xy a a x1y x2y

### sequences of numbers
echo {1..5} {5..1} {-2..2} {1..10..3} {10..1..4} {1..1} {0..4..0} {3..1..-1}
#> 1 2 3 4 5 5 4 3 2 1 -2 -1 0 1 2 1 4 7 10 10 6 2 1 0 1 2 3 4 3 2 1

### sequences with leading zeros
echo {01..10..3} {1..003} {-05..5..5} {0..2}
#> 01 04 07 10 001 002 003 -05 000 005 0 1 2

### sequences of letters
echo {a..e} {e..a} {a..i..3} {A..C}{1..2} {y..B..20} | cat -v
#> a b c d e e d c b a a d g A1 A2 B1 B2 C1 C2 y e Q

### what is not a brace expansion
echo {} {a} {a..} {..b} {1..a} {1..2..} a{b {a,b } {1.5..2} {1...3}
#> {} {a} {a..} {..b} {1..a} {1..2..} a{b {a,b } {1.5..2} {1...3}

### nesting
echo {a,{b,c}d}e {a{1,2},b{3,{4,5}}} {{1..3},x}
#> ae bde cde a1 a2 b3 b4 b5 1 2 3 x

### quotes and backslashes stop it
echo "{a,b}" '{a,b}' \{a,b} {a\,b} {a,b\} {"a,b",c} {a,'b c'}
#> {a,b} {a,b} {a,b} {a,b} {a,b} a,b c a b c

### it comes before other expansions
x=1 y=2
echo {$x,$y} {$x..$y} ${x}{a,b} {$(echo a),b}
a=(q{1,2})
echo "${#a[@]}"
#> 1 2 {1..2} 1a 1b a b
#> 2

### no brace expansion in assignments
x={a,b}
echo "$x"
#> {a,b}

### braces in parameters are left alone
x=v
echo ${x}{1,2} "${u:-{a,b}}" {${x},b}
#> v1 v2 {a,b} v b

### braces in arguments of declarations
declare -a d=({1..3})
echo "${d[@]}"
export E={a,b}
echo "$E"
#> 1 2 3
#> b

### braces in tests, cases and redirections
[[ {a,b} == '{a,b}' ]] && echo literal
case {a,b} in '{a,b}') echo literal ;; esac
for i in {1..3}; do printf '%s ' "$i"; done; echo
#> literal
#> literal
#> 1 2 3 

### a redirection to several words
echo x > {a,b}
#! script.sh: line 1: {a,b}: ambiguous redirect
## status: 1

### turning it off
set +B
echo {a,b} {1..3}
set -B
echo {a,b}
#> {a,b} {1..3}
#> a b

### globs after braces
: > f1.c; : > f2.h
echo f{1,2}.* f?.{c,h} {f1,none}*
#> f1.c f2.h f1.c f2.h f1.c none*

### a large sequence
set -- {1..5000}
echo $# ${5000}
#> 5000 5000

### a preamble with a dollar
echo $'{a,b}' a$'\x41'{1,2} ~+x{1,2}
#> {a,b} aA1 aA2 ~+x1 ~+x2

### 64-bit ends
echo {9223372036854775806..9223372036854775807} {-9223372036854775807..-9223372036854775806}
#> 9223372036854775806 9223372036854775807 -9223372036854775807 -9223372036854775806
