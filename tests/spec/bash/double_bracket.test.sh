# SPDX-License-Identifier: Apache-2.0
# bash: the conditional command [[ ]].

### patterns on the right alone
[[ abc == a* ]] && echo 1
[[ a* == abc ]] || echo 2
[[ abc != b* ]] && echo 3
p='a*'
[[ abc == $p ]] && echo 4
[[ abc == "$p" ]] || echo 5
[[ 'a*' == "$p" ]] && echo 6
[[ abc = a?c ]] && echo 7
#> 1
#> 2
#> 3
#> 4
#> 5
#> 6
#> 7

### nothing is split or globbed
: > f1; : > f2
x='a b' e=
[[ $x == 'a b' ]] && echo whole
[[ -z $e ]] && echo empty
[[ f* == 'f*' ]] && echo literal
[[ $unset == '' ]] && echo unset
#> whole
#> empty
#> literal
#> unset

### order of strings
[[ a < b ]] && echo lt
[[ b > a ]] && echo gt
[[ 10 < 9 ]] && echo as text
[[ A < a ]] && echo upper
#> lt
#> gt
#> as text
#> upper

### numbers are expressions
x=5
[[ x -eq 5 ]] && echo name
[[ 2+3 -eq x ]] && echo sum
[[ 010 -eq 8 ]] && echo octal
[[ -1 -lt 0 && 3 -ge 3 && 3 -le 3 && 4 -gt 3 && 4 -ne 3 ]] && echo all
[[ unset_one -eq 0 ]] && echo zero
#> name
#> sum
#> octal
#> all
#> zero

### a number that is none
[[ 1x -eq 1 ]]
echo "status $?"
#> status 1
#! script.sh: line 1: [[: 1x: value too great for base (error token is "1x")

### logic and grouping
[[ a == a && ( b == c || c == c ) && ! d == e ]] && echo yes
[[ ! ( a == a || b == c ) ]] || echo no
[[ a == b || c == c && d == e ]] || echo precedence
[[ ! ! a == a ]] && echo double
#> yes
#> no
#> precedence
#> double

### short circuit
[[ a == b && $(echo ran >&2) ]] || echo skipped
[[ a == a || $(echo ran >&2) ]] && echo skipped
#> skipped
#> skipped

### over several lines
[[ a == a &&
   b == b ||
   c == d
]] && echo yes
#> yes

### string tests
[[ -n x && -z '' && x && ! '' ]] && echo ok
[[ -v nothing_here ]] || echo unset
v=1; [[ -v v ]] && echo set
a=(1); [[ -v a && -v a[0] && ! -v a[1] ]] && echo elements
[[ -o errexit ]] || echo off
set -o pipefail; [[ -o pipefail ]] && echo on
#> ok
#> unset
#> set
#> elements
#> off
#> on

### file tests
: > f; echo x > s; mkdir d; ln -s f l; ln -s nothing broken; mkfifo p; chmod 700 s
[[ -e f && -f f && ! -s f && -s s && -d d && -L l && -h l && -p p && -r f && -w f && -x s ]] && echo ok
[[ ! -e broken && -L broken && -e l ]] && echo links
[[ -c /dev/null && ! -b /dev/null && ! -S f && ! -u f && ! -g f && ! -k f && -O f && -G f ]] && echo kinds
[[ -t 0 ]] || echo no terminal
#> ok
#> links
#> kinds
#> no terminal

### newer, older, the same
: > old; touch -t 200001010000 old; : > new; ln new same
[[ new -nt old && old -ot new && ! old -nt new && new -ef same && ! new -ef old ]] && echo ok
[[ new -nt missing ]] && echo newer than nothing
[[ missing -ot new ]] && echo older
#> ok
#> newer than nothing
#> older

### operators in variables are words
op=-n
[[ $op ]] && echo word
[[ ! $op == -z ]] && echo compared
[[ "-f" == -f && '(' == '(' && '!' == '!' ]] && echo words
#> word
#> compared
#> words

### regular expressions and groups
if [[ 'ab12cd' =~ ([a-z]+)([0-9]+)(x?) ]]; then
  printf '[%s]' "${BASH_REMATCH[@]}"; echo
fi
[[ xyz =~ ^a ]]
echo "$? ${#BASH_REMATCH[@]}"
#> [ab12][ab][12][]
#> 1 0

### quoted parts of a regular expression are literal
[[ 'a.c' =~ a"."c ]] && echo 1
[[ 'abc' =~ a"."c ]] || echo 2
r='a.c'
[[ abc =~ $r ]] && echo 3
[[ abc =~ "$r" ]] || echo 4
[[ 'a b' =~ 'a b' ]] && echo 5
[[ 'a b' =~ a\ b ]] && echo 6
#> 1
#> 2
#> 3
#> 4
#> 5
#> 6

### classes, anchors, alternatives, repetition
[[ foo123 =~ ^[[:alpha:]]+[0-9]{3}$ ]] && echo 1
[[ cat =~ ^(cat|dog)$ ]] && echo 2 ${BASH_REMATCH[1]}
[[ 'key = value' =~ ^([^=]*[^ =])\ *=\ *(.*)$ ]] && echo "${BASH_REMATCH[1]}:${BASH_REMATCH[2]}"
[[ aaa =~ a{2} ]] && echo ${BASH_REMATCH[0]}
[[ $'line\nnext' =~ e$'\n'n ]] && echo newline
#> 1
#> 2 cat
#> key:value
#> aa
#> newline

### an unclosed group in a regular expression is a syntax error
eval '[[ a =~ ( ]]' 2>/dev/null
echo "status $?"
#> status 2

### a regular expression that the library refuses
r='['
[[ a =~ $r ]]
echo "status $?"
#> status 2

### BASH_REMATCH stays until the next match
[[ abc =~ b ]]; echo ${BASH_REMATCH[0]}
[[ abc =~ z ]]; echo "[${BASH_REMATCH[0]}]"
[[ a == a ]]; echo "[${BASH_REMATCH[0]}]"
#> b
#> []
#> []

### ignoring case
shopt -s nocasematch
[[ ABC == abc ]] && echo pattern
[[ ABC =~ b ]] && echo regex
case ABC in abc) echo case ;; esac
shopt -u nocasematch
[[ ABC == abc ]] || echo off
#> pattern
#> regex
#> case
#> off

### extended patterns need no option here
[[ foo.c == *.@(c|h) ]] && echo 1
[[ aaa == +(a) && '' == *(a) && ab == ?(a)b && xyz == !(abc) ]] && echo 2
[[ foo == @(f|fo|foo) ]] && echo 3
#> 1
#> 2
#> 3

### expansions inside
f() { echo out; }
[[ $(f) == out && $((1 + 1)) == 2 && ${#HOME} -gt 0 && `f` == o* ]] && echo ok
[[ ~ == "$HOME" ]] && echo tilde
#> ok
#> tilde

### the status
[[ a == a ]]; echo $?
[[ a == b ]]; echo $?
#> 0
#> 1

### syntax errors within
for text in '[[ -f ]]' '[[ a -zz b ]]' '[[ x == ]]' '[[ a == b' '[[ ]]' '[[ a b ]]' '[[ ( a ]]'; do
  (eval "$text") 2>/dev/null
  echo "$text: $?"
done
#> [[ -f ]]: 2
#> [[ a -zz b ]]: 2
#> [[ x == ]]: 2
#> [[ a == b: 2
#> [[ ]]: 2
#> [[ a b ]]: 2
#> [[ ( a ]]: 2

### brackets in patterns
[[ ']' == [\]] ]] && echo 1
[[ a-b == a[-]b ]] && echo 2
[[ - == [a-] && b == [!a] && b == [^a] ]] && echo 3
[[ b == [[:alpha:][:digit:]] && 5 == [[:digit:]x] ]] && echo 4
#> 1
#> 2
#> 3
#> 4

### a regular expression met again heeds its text and the options of now
for r in '^a' '^b' '^a'; do
  [[ abc =~ $r ]] && echo "$r"
done
[[ ABC =~ ^a ]] || echo case
shopt -s nocasematch
[[ ABC =~ ^a ]] && echo no case
[[ x =~ $(printf '(') ]]
echo $?
[[ x =~ ^x ]] && echo "${BASH_REMATCH[0]}"
#> ^a
#> ^a
#> case
#> no case
#> 2
#> x

### =~ matches characters, not bytes
[[ é =~ ^.$ ]]; echo $?
[[ aéb =~ a(.)b ]]; echo "${BASH_REMATCH[1]}"
[[ ñandú =~ ^[[:alpha:]]+$ ]]; echo $?
LC_ALL=C
[[ é =~ ^.$ ]]; echo $?
#> 0
#> é
#> 0
#> 1

### what looks like a process substitution in a subscript is an expression
declare -a numbers=(4 3)
[[ numbers[7<(4+2)] -eq 4 ]] && echo four
[[ numbers[1<(4+2)] -eq 3 ]] && echo three
#> four
#> three

### what is wrong with an expansion is told without [[
[[ $((@)) ]]; [[ x == $((@)) ]]
[[ $((1 @)) -eq 1 ]]
#! script.sh: line 1: @: syntax error: operand expected (error token is "@")
#! script.sh: line 2: 1 @: syntax error: invalid arithmetic operator (error token is "@")
## status: 1

### regular expressions have collating symbols and equivalence classes
[[ dog =~ [[=d=]].. ]] && echo 1
[[ dog =~ ([[.d.][.D.]])o(.) ]] && echo 2 "${BASH_REMATCH[1]}"
[[ b =~ ^[[.a.]-[.c.]]$ ]] && echo 3
[[ d =~ ^[^[.d.][:digit:]]$ ]] || echo 5
re='[[.nosuch.]]'
[[ a =~ $re ]]; echo $?
#> 1
#> 2 d
#> 3
#> 5
#> 2
