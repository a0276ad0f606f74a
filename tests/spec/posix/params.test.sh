# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.5 and 2.6.2: parameters, variables, parameter expansion.

### positional parameters
set -- a b 'c d'
echo $# "$1" "$3" "${3}"
shift
echo $# "$1"
shift 2
echo $# "[$1]"
#> 3 a c d c d
#> 2 b
#> 0 []

### parameters beyond nine need braces
set -- 1 2 3 4 5 6 7 8 9 ten eleven
echo $10 ${10} ${11}
#> 10 ten eleven

### quoted at and star
set -- 'a b' c
printf '[%s]' "$@"; echo
printf '[%s]' "$*"; echo
printf '[%s]' $@; echo
IFS=-
printf '[%s]' "$*"; echo
#> [a b][c]
#> [a b c]
#> [a][b][c]
#> [a b-c]

### quoted at with text around it
set -- 'a b' c d
printf '[%s]' "x$@y"; echo
set --
printf '[%s]' "x$@y"; echo
printf '[%s]' "$@"; echo
#> [xa b][c][dy]
#> [xy]
#> []

### status of the last command
false
echo $?
true
echo $?
sh -c 'exit 42'
echo $?
#> 1
#> 0
#> 42

### default values
unset u
e=
v=val
echo "[${u:-d}] [${u-d}] [${e:-d}] [${e-d}] [${v:-d}]"
echo "[${u:+a}] [${u+a}] [${e:+a}] [${e+a}] [${v:+a}]"
#> [d] [d] [d] [] [val]
#> [] [] [] [a] [a]

### assigned default values
unset u
echo "${u:=one}" "$u"
e=
echo "${e=two}" "[$e]" "${e:=three}" "$e"
#> one one
#>  [] three three

### a required parameter
unset u
(: "${u?is needed}") 2>/dev/null
echo "status $?" | sed 's/[1-9][0-9]*/not 0/'
v=1
echo "${v:?}"
#> status not 0
#> 1

### length
v=hello
echo ${#v} ${#}
set -- a b c
echo ${#}
#> 5 0
#> 3

### prefix and suffix removal
p=/usr/local/lib/libx.so.1
echo "${p#*/}" "${p##*/}" "${p%/*}" "${p%%.*}"
echo "${p%.so*}" "${p#nothing}"
#> usr/local/lib/libx.so.1 libx.so.1 /usr/local/lib /usr/local/lib/libx
#> /usr/local/lib/libx /usr/local/lib/libx.so.1

### patterns in expansions may be quoted
v='a*b*c'
echo "${v#a\*}" "${v%'*'c}" "${v#*b}"
q='a*'
echo "${v#$q}" "${v##"$q"}"
#> b*c a*b *c
#> *b*c b*c

### nested expansions
a=1
unset b
echo "${b:-${a:-x}}" "${b:-$(echo sub)}" "${b:-"q q"}"
#> 1 sub q q

### assignments before a command hold for it alone
x=outer
x=inner sh -c 'echo $x'
echo $x
#> inner
#> outer

### several assignments on a line, left to right
a=1 b=$a c=$b$b
echo $a $b $c
#> 1 1 11

### readonly variables cannot be assigned
readonly r=1
(r=2) 2>/dev/null
echo $? $r
#> 1 1

### unset removes
x=1
unset x
echo "[${x-gone}]"
#> [gone]

### export passes on
plain=1
export shown=2
sh -c 'echo "[$plain] [$shown]"'
#> [] [2]

### nounset ends the script
set -u
echo before
echo $nothing
echo after
#> before
#! script.sh: line 3: nothing: unbound variable
## status: 1
