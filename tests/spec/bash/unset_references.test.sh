# SPDX-License-Identifier: Apache-2.0
# ${!x} whose x exists but has no value, namerefs, and what set -u says of them.

### a pointer without a value points nowhere, and is no error
f() { local x; echo "[${!x}]" "[${!x[1]-none}]" "${!x[0]:+there}"; }
f
declare -a list; declare -A table
echo "[${!list}]" "[${!list[2]}]" "[${!table[key]}]" "${!list-none}"
empty=(); echo "${!empty-none}" "${!empty[@]-none}" "[${!empty[1]}]"
scalar=5; echo "[${!scalar[1]}]"
#> [] [none] 
#> [] [] [] none
#> none none []
#> []

### what is no variable at all cannot point
echo ${!nobody[0]}
echo between
echo ${!nobody[@]:-x}
#> between
#! script.sh: line 1: nobody[0]: invalid indirect expansion
#! script.sh: line 3: nobody[@]: invalid indirect expansion
## status: 1

### nothing is assigned through a pointer without a value
declare x
: ${!x:=5}
echo on
x=1; : ${!x:=5}
x='a[2]'; : ${!x:=5}
x=y; : ${!x:=5}; echo $y
x=z; : ${!x:?missing}
#> on
#> 5
#! script.sh: line 2: !x: invalid indirect expansion
#! script.sh: line 4: 1: invalid variable name
#! script.sh: line 5: a[2]: invalid variable name
#! script.sh: line 7: !x: missing
## status: 1

### a nameref with an operator is its target's name
declare -n to=target
echo ${!to} ${!to-none} ${!to:+there}
#> target target there

### all elements cannot be assigned, but those of an associative array are a key
a=(); : ${a[@]:=x}
echo $? on
: "${b[*]=x}"
echo $?
declare -A table; : "${table[@]:=x}" "${table[*]}"; declare -p table
#> 2 on
#> 2
#> declare -A table=(["@"]="x" )
#! script.sh: line 1: a[@]: bad array subscript
#! script.sh: line 3: b[*]: bad array subscript

### set -u names what was written
(set -u; echo $1)
(set -u; echo ${1})
(set -u; echo ${1/a/b})
(set -u; echo ${#1})
(set -u; echo ${#x[@]})
(set -u; echo ${!})
(set -u; declare x; echo ${!x})
(set -u; x=y; echo ${!x/a/b})
(set -u; x=(); echo ${!x[1]})
echo $?
#> 1
#! script.sh: line 1: $1: unbound variable
#! script.sh: line 2: 1: unbound variable
#! script.sh: line 3: 1: unbound variable
#! script.sh: line 4: 1: unbound variable
#! script.sh: line 5: x: unbound variable
#! script.sh: line 6: !: unbound variable
#! script.sh: line 7: !x: unbound variable
#! script.sh: line 8: !x: unbound variable
#! script.sh: line 9: !x[1]: unbound variable

### lists show what comes on demand as it was last asked for
unset -v x
set | grep -E '^(RANDOM|SECONDS|EPOCHSECONDS|LINENO|GROUPS|DIRSTACK|BASH_COMMAND)='
declare -p | grep -E ' (RANDOM|EPOCHSECONDS|LINENO|GROUPS|DIRSTACK)$'
: $LINENO
set | grep ^LINENO
f() { set | grep ^FUNCNAME; }; f
#> DIRSTACK=()
#> GROUPS=()
#> declare -- EPOCHSECONDS
#> declare -- LINENO
#> declare -i RANDOM
#> LINENO=4
#> FUNCNAME=([0]="f" [1]="main")

### the words in and ]] are reserved
for text in ']]' 'echo a; in' '! ]]' 'x=1 ]]'; do
  (eval "$text") 2>&1 | sed -n '1s/.*line [0-9]*: //p'
done
for in in ']]'; do echo $in ]] in; done
case in in in) echo case;; esac
#> syntax error near unexpected token `]]'
#> syntax error near unexpected token `in'
#> syntax error near unexpected token `]]'
#> ]]: command not found
#> ]] ]] in
#> case

### unset tells of a readonly element in its own name
readonly -a a=(1)
readonly -A m=([k]=v)
unset 'a[0]'
unset 'm[k]'
unset 'a[@]'
echo $?
#> 1
#! script.sh: line 3: unset: a: cannot unset: readonly variable
#! script.sh: line 4: unset: m: cannot unset: readonly variable
#! script.sh: line 5: unset: a: cannot unset: readonly variable
