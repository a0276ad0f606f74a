# SPDX-License-Identifier: Apache-2.0
# bash: what an error ends: the command, its line, or the shell; under set -e and in posix mode

### a wrong expression costs its line, under set -e too
set -e
x=$((1/0)); echo same
echo "next $?"
eval 'x=$((1/0)); echo same
echo "in eval $?"'
f() { x=$((1/0)); echo in; }
f; echo same
echo "next $?"
#> next 1
#> in eval 1
#> next 1
#! script.sh: line 2: 1/0: division by 0 (error token is "0")
#! script.sh: line 5: 1/0: division by 0 (error token is "0")
#! script.sh: line 6: 1/0: division by 0 (error token is "0")

### an assignment to a readonly variable ends the shell under set -e, wherever it stands
readonly r=1
(set -e; if r=2; then :; fi; echo no); echo $?
(set -e; r=2 true; echo no); echo $?
(set -e; for r in 1; do :; done; echo no); echo $?
(set -e; f() { r=2; echo no; }; f || echo no; echo no); echo $?
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 2: r: readonly variable
#! script.sh: line 3: r: readonly variable
#! script.sh: line 4: r: readonly variable
#! script.sh: line 5: r: readonly variable

### a loop whose variable is readonly fails, and the line goes on
readonly r=1
for r in 1 2; do echo no; done; echo $?
#> 1
#! script.sh: line 2: r: readonly variable

### in posix mode an expansion or an assignment that fails ends the shell
set -o posix
readonly r=1
(echo $((1/0)); echo no)
echo $?
(r=2; echo no); echo $?
(r=2 :; echo no); echo $?
(export r=2; echo no); echo $?
(for r in 1; do :; done; echo no); echo $?
#> 1
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 3: 1/0: division by 0 (error token is "0")
#! script.sh: line 5: r: readonly variable
#! script.sh: line 6: r: readonly variable
#! script.sh: line 7: r: readonly variable
#! script.sh: line 8: r: readonly variable

### in posix mode a regular command with an assignment that fails does not run
set -o posix
readonly r=1
r=2 echo no; echo no
echo $?
f() { echo no; }
r=2 f
echo $?
#> 1
#> 1
#! script.sh: line 3: r: readonly variable
#! script.sh: line 6: r: readonly variable

### in posix mode special builtins end the shell by wrong usage, and not by every failure
set -o posix
readonly r=1
unset r; echo $?
trap x NOSUCH; echo $?
trap '' ''; echo $?
shift x; echo $?
export 1a=b; echo $?
(set -o nosuch; echo no)
(. missing; echo no)
(unset -x; echo no)
(return; echo no)
#> 1
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 3: unset: r: cannot unset: readonly variable
#! script.sh: line 4: trap: NOSUCH: invalid signal specification
#! script.sh: line 5: trap: : invalid signal specification
#! script.sh: line 6: shift: x: numeric argument required
#! script.sh: line 7: export: `1a=b': not a valid identifier
#! script.sh: line 8: set: nosuch: invalid option name
#! script.sh: line 9: .: missing: file not found
#! script.sh: line 10: unset: -x: invalid option
#! unset: usage: unset [-f] [-v] [-n] [name ...]
#! script.sh: line 11: return: can only `return' from a function or sourced script
## status: 2

### a failing word in a redirection of a program fails that program alone
cat <<X
${x?no}
X
echo "on $?"
cat </dev/null >"${x?no}"
echo "on $?"
set -u
cat <<X
$x
X
echo "on $?"
#> on 1
#> on 1
#> on 1
#! script.sh: line 1: x: no
#! script.sh: line 5: x: no
#! script.sh: line 8: x: unbound variable

### the redirections of a command without a word hold for no assignment
x=$((1/0)) 2>err
x=`cat` <<X
text
X
echo "<$x>"
#> <>
#!~ *division by 0*

### coproc wants a name
coproc 1bad { :; }
echo $?
#> 1
#!~ *`1bad': not a valid identifier

### what is moved away from a coprocess is -1 in its array
coproc cat
exec 4<&${COPROC[0]}- 5>&${COPROC[1]}-
echo "${COPROC[@]}"
echo hi >&5
read -r line <&4
echo "$line"
#> -1 -1
#> hi

### set -x shows the operands of [[ ]] as they are
x='a b'
set -x
[[ $x == a* && -n $x && $x < c ]]
[[ '' == "" ]]
#! + [[ a b == a* ]]
#! + [[ -n a b ]]
#! + [[ a b < c ]]
#! + [[ '' == '' ]]

### without PS4 set -x shows the commands alone
unset PS4
set -x
true a
#! true a

### builtins whose output nobody checks do not fail
for c in 'kill -l 1' 'command -v ls' 'ulimit -n' 'compgen -W a' 'hash -l'; do
  eval "$c" >/dev/full 2>err; echo "$? $(wc -l <err | tr -d ' ')"
done
f() { :; }; declare -F >/dev/full 2>err; echo "$? $(wc -l <err | tr -d ' ')"
echo a >/dev/full 2>err; echo "$? $(wc -l <err | tr -d ' ')"
#> 0 0
#> 0 0
#> 0 0
#> 0 0
#> 0 0
#> 0 1
#> 1 1

### a wrong expression takes the line of the builtin that met it
declare -i n
read n <<< 1+; echo not reached
printf -v n 1+; echo not reached
declare -i a=1+ b=2; echo not reached
for n in 2 1+ 3; do echo $n; done; echo not reached
eval 'declare n=1+; echo not reached'; echo not reached
declare -p b 2> /dev/null; echo $?
#> 2
#> 1
#! script.sh: line 2: read: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 3: printf: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 4: declare: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 5: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 6: declare: 1+: syntax error: operand expected (error token is "+")

### some failures of expansion cost the line in posix mode too
set -o posix
x=abc a=(1 2)
echo ${x:1/0}; echo no
echo ${x:0:-9}; echo no
echo ${a[1/0]}; echo no
a[1/0]=1; echo no
a=([1/0]=1); echo no
echo ${!nosuch}; echo no
echo ${1:=d}; echo no
((a[1/0])); echo no
y=1 a[0]=3 true; echo no
shopt -s failglob; echo nosuch*; echo no
echo end
#> end
#! script.sh: line 3: x: 1/0: division by 0 (error token is "0")
#! script.sh: line 4: -9: substring expression < 0
#! script.sh: line 5: 1/0: division by 0 (error token is "0")
#! script.sh: line 6: 1/0: division by 0 (error token is "0")
#! script.sh: line 7: 1/0: division by 0 (error token is "0")
#! script.sh: line 8: nosuch: invalid indirect expansion
#! script.sh: line 9: $1: cannot assign in this way
#! script.sh: line 10: 1/0: division by 0 (error token is "0")
#! script.sh: line 11: `a[0]': not a valid identifier
#! script.sh: line 12: no match: nosuch*

### an expression ends the shell in posix mode
set -o posix
echo $((1/0)); echo no
echo no
#! script.sh: line 2: 1/0: division by 0 (error token is "0")
## status: 1
