# SPDX-License-Identifier: Apache-2.0
# Limits: what is too much ends with a sentence and a status, and the script goes on.

### output of a command substitution that is too much is no value
## timeout: 120
x=before
x=$(head -c 3000000000 /dev/zero | tr '\0' a)
echo "$? $x"
#> 1 before
#!~ *: line 2: command substitution: output too long

### a builtin that writes without end into a command substitution is stopped
## timeout: 120
x=$(while :; do printf '%10000000s' x; done)
echo $?
#> 1
#!~ *: line 1: command substitution: output too long

### a file that is too long for a command substitution
## timeout: 120
truncate -s 3G f
x=$(< f)
echo $?
#> 1
#!~ *: line 2: command substitution: output too long

### an array that doubles
## timeout: 120
a=(x y z)
while :; do a=("${a[@]}" "${a[@]}"); done
echo "$? $((${#a[@]} > 1000000))"
#> 1 1
#!~ *: too many words

### a string that doubles
## timeout: 120
x=0123456789
while :; do x=$x$x; done
echo "$? $((${#x} > 100000000))"
#> 1 1
#!~ *: string too long

### braces of a thousand million words, and of products of them
## timeout: 120
echo {1..1000000000}
echo $?
echo {1..1000}{1..1000}{1..1000}
echo $?
#> 1
#> 1
#!~ *: line 1: brace expansion: failed to allocate memory for * elements
#!~ *: line 3: brace expansion: failed to allocate memory for * elements

### functions that call themselves
f() { f; }
f
echo "$? goes on"
g() { local x=$1; g $((x + 1)); }
g 1
echo "$? goes on"
#> 1 goes on
#> 1 goes on
#!~ *: maximum command nesting level exceeded
#!~ *: maximum command nesting level exceeded

### a function that substitutes itself
## timeout: 120
f() { echo "<$(f)>"; }
x=$(f)
echo "$((${#x} > 100))"
#> 1
#!~ script.sh: line 1: *

### a script that nests too deeply is a syntax error
for open in '( ' '$(' '$((' '${x:-' '{ ' 'if ' '[[ ! ' 'case x in x) ' '<('; do
  text=$open
  for ((i = 0; i < 12; i++)); do text=$text$text; done
  (eval "$text") < /dev/null 2> /dev/null
  echo "$? $open"
done
#> 2 ( 
#> 2 $(
#> 2 $((
#> 2 ${x:-
#> 2 { 
#> 2 if 
#> 2 [[ ! 
#> 2 case x in x) 
#> 2 <(

### ten thousand levels of eval and of backquotes
## timeout: 120
f() { if (($1 > 0)); then eval "f $(($1 - 1))"; else echo bottom; fi; }
f 500
printf '%010000d' 0 > zeros
read -r zeros < zeros
echo "${zeros//0/\`\`}" | wc -c
eval "echo \"[${zeros//0/\`\`}]\""
#> bottom
#> 20001
#> []

### eval, source and traps that call themselves
x='eval "$x"'
eval "$x"
echo "$? goes on"
echo '. ./self' >self
. ./self
echo "$? goes on"
trap 'kill -USR1 $$; :' USR1
kill -USR1 $$
echo "goes on"
x=$'eval "$x"\neval "$x"'
eval "$x"
echo "$? goes on"
#> 1 goes on
#> 1 goes on
#> goes on
#> 1 goes on
#!~ *: maximum command nesting level exceeded
#!~ ./self: line 1: *
#!~ *: maximum command nesting level exceeded
#!~ *: maximum command nesting level exceeded

### arithmetic that nests within itself through variables meets a limit
x=$(printf -- '- %.0s' {1..900})x
(echo $((x))) 2>/dev/null; echo $?
y=$(printf '(1+%.0s' {1..900})y$(printf ')%.0s' {1..900})
(echo $((y))) 2>/dev/null; echo $?
v0=7; for ((i = 1; i <= 1000; i++)); do eval "v$i=v$((i - 1))+0"; done; echo $((v1000))
#> 1
#> 1
#> 7

### values that name themselves in subscripts
a='x[$((a))]'; x=(1); ( echo $((a)) ); echo $?
a='x[${y[a]}]'; y=(1); ( echo $((a)) ); echo $?
y='z[${!y}]'; z=(1); ( echo ${!y} ); echo $?
echo end
#> 1
#> 1
#> 1
#> end
#! script.sh: line 1: expansion nested too deeply
#! script.sh: line 2: expansion nested too deeply
#! script.sh: line 3: expansion nested too deeply

### references to elements that name themselves
( declare -n a='b[a]'; b=(1); echo "$a" ); echo $?
( declare -n a='b[c]'; declare -n c='b[a]'; b=(1); a=5 ); echo $?
#> 1
#> 1
#! script.sh: line 1: expansion nested too deeply
#! script.sh: line 2: expansion nested too deeply

### prompts that expand themselves
x='${x@P}${x@P}'; echo "${#x}"; y=${x@P}; echo end
#> 12
#> end
#! script.sh: line 1: expansion nested too deeply

### a hundred thousand terms in a condition
s='[[ a'; printf -v t ' && a%.0s' {1..100000}; eval "$s$t ]]"; echo $?
printf -v t ' || ""%.0s' {1..100000}; eval "f() { [[ \"\"$t ]]; }"; f; echo $?; declare -f f | wc -c
#> 0
#> 1
#> 900027

### patterns of brackets and groups that do not end
shopt -s extglob
for p in '[' '[^' '[[:' '[[.' '[\]' '@(' '!(' '*(['; do
  for ((i = 0; i < 15; i++)); do p+=$p; done
  [[ a == $p ]]; echo $?
done
#> 1
#> 1
#> 1
#> 1
#> 1
#> 1
#> 1
#> 1

### regular expressions that would take minutes
printf -v groups '(a|)%.0s' {1..30000}
[[ aaaa =~ $groups ]]; echo $?
[[ a =~ (((a{1,200}){1,200}){1,200}){1,200} ]]; echo $?
printf -v optional 'a?%.0s' {1..5000}
[[ aaaa =~ ^$optional$ ]]; echo $?
printf -v few '(a|)%.0s' {1..200}
printf -v text '%100000s'
[[ aaaa =~ ^$few$ ]]; echo $?
[[ $text =~ ^$few$ ]]; echo $?
[[ ${text// /a}b =~ ^(a+)+$ ]]; echo $?
#> 2
#> 2
#> 2
#> 0
#> 2
#> 1
#!~ *: line 2: [[]*regular expression too large
#!~ *: line 3: [[]*regular expression too large
#!~ *: line 5: [[]*regular expression too large
#!~ *: line 9: [[]*regular expression too large

### an if of fifty thousand branches
printf -v branches '; elif c; then d%.0s' {1..50000}
eval "f() { if a; then b$branches; fi; }" 2> /dev/null
echo $?
printf -v branches '; elif false; then d%.0s' {1..2000}
eval "f() { if false; then b$branches; else echo last; fi; }"
f
declare -f f | wc -l
#> 2
#> last
#> 8008

### a DEBUG trap that calls what sets it, and others that never end
(f() { trap f DEBUG; f; }; f)
echo "$? goes on"
g() { g; }
trap g ERR
false
trap - ERR
echo "goes on"
h() { trap h USR1; kill -USR1 $$; h; }
h
trap - USR1
echo "goes on"
#> 1 goes on
#> goes on
#> goes on
#!~ *: maximum command nesting level exceeded
#!~ *: maximum command nesting level exceeded
#!~ *: maximum command nesting level exceeded

### a pipeline in the background that cannot have all its pipes is a job as far as it came
set -m
ulimit -n 5
{ /bin/sleep 0.3; mkdir ended; } | { cat; } | { cat; } &
echo "$? ${!-none}"
wait
test -d ended && echo waited
#> 1 none
#> waited
#! script.sh: line 2: pipe error: Too many open files
