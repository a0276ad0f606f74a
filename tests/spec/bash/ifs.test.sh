# SPDX-License-Identifier: Apache-2.0
# bash: word splitting by IFS, with arrays and the builtins that split.

### blanks in IFS collapse, others do not
IFS=' ,'
x=' a , b,,c  d, '
printf '[%s]' $x; echo
#> [a][b][][c][d]

### only other characters
IFS=,
x=',a,,b,'
printf '[%s]' $x; echo
set -- $x; echo $#
#> [][a][][b]
#> 4

### an ending separator makes no field
IFS=:
for x in a: a:: :a ::; do set -- $x; echo "$x $#"; done
#> a: 1
#> a:: 2
#> :a 2
#> :: 2

### star joins by the first character
set -- a b c
IFS=:-; echo "$*"
IFS=; echo "$*"
unset IFS; echo "$*"
IFS=' '; echo "$*"
#> a:b:c
#> abc
#> a b c
#> a b c

### star and at without quotes are split
set -- 'a b' c
printf '[%s]' $*; echo
printf '[%s]' $@; echo
IFS=:
printf '[%s]' $*; echo
#> [a][b][c]
#> [a][b][c]
#> [a b][c]

### an empty IFS keeps fields apart
IFS=
set -- 'a b' 'c'
printf '[%s]' $*; echo
printf '[%s]' $@; echo
x='1 2'; printf '[%s]' $x "$x"; echo
#> [a b][c]
#> [a b][c]
#> [1 2][1 2]

### assignments of star and at
set -- a b
IFS=:
x=$*; y="$*"; z=$@; w="$@"
echo "$x|$y|$z|$w"
#> a:b|a:b|a b|a b

### arrays in assignments
a=(1 2 3); IFS=-
x=${a[*]}; y="${a[*]}"; z=${a[@]}
echo "$x" "$y" "$z"
#> 1-2-3 1-2-3 1 2 3

### newlines and tabs in IFS
IFS=$'\n'
x=$'a b\nc\n\nd'
printf '[%s]' $x; echo
IFS=$'\t'
x=$'a\t\tb'
printf '[%s]' $x; echo
#> [a b][c][d]
#> [a][b]

### a backslash in a value splits nothing
IFS=' '
x='a\ b'
printf '[%s]' $x; echo
#> [a\][b]

### literal characters of IFS do not split
IFS=x
printf '[%s]' axb; echo
v=axb; printf '[%s]' $v; echo
#> [axb]
#> [a][b]

### expansions that are partly quoted
x='a b' y=' c '
printf '[%s]' $x"$y"$x; echo
printf '[%s]' "$y"$y; echo
printf '[%s]' $y$y; echo
printf '[%s]' -$y-; echo
#> [a][b c a][b]
#> [ c ][c]
#> [c][c]
#> [-][c][-]

### empty expansions and quotes
e=
set -- $e; echo $#
set -- "$e"; echo $#
set -- $e""; echo $#
set -- ''$e; echo $#
set -- $e$e; echo $#
#> 0
#> 1
#> 1
#> 1
#> 0

### arithmetic is split too
IFS=1
echo $((2102))
printf '[%s]' $((2102)); echo
#> 2 02
#> [2][02]

### command substitution is split
IFS=,
printf '[%s]' $(echo 'a,b,,c'); echo
printf '[%s]' "$(echo 'a,b')"; echo
#> [a][b][][c]
#> [a,b]

### read splits by IFS
IFS=, read -r a b c <<< '1,2,3,4'; echo "$a $b $c"
IFS=' ,' read -r a b <<< ' 1 , 2 '; echo "[$a] [$b]"
IFS= read -r a <<< '  kept  '; echo "[$a]"
IFS=: read -r a b c <<< 'x::z'; echo "[$a] [$b] [$c]"
IFS=: read -r a b <<< 'x:y:'; echo "[$a] [$b]"
IFS=: read -r a b <<< 'x:y::'; echo "[$a] [$b]"
#> 1 2 3,4
#> [1] [2]
#> [  kept  ]
#> [x] [] [z]
#> [x] [y]
#> [x] [y::]

### read -a by IFS
IFS=: read -ra f <<< 'a::b:'; declare -p f
#> declare -a f=([0]="a" [1]="" [2]="b")

### a local IFS
f() { local IFS=,; echo "$*"; }
f a b c; set -- x y; echo "$*"
#> a,b,c
#> x y

### IFS with letters and multibyte characters
IFS=é
x=aébéc
printf '[%s]' $x; echo
set -- 1 2; echo "$*"
#> [a][b][c]
#> 1é2

### globs in split results
: > x1; : > x2
IFS=,
v='x*,none*'
printf '[%s]' $v; echo
#> [x1][x2][none*]

### splitting in for, case, and redirections
x='a b'
for i in $x; do printf '<%s>' $i; done; echo
case $x in 'a b') echo whole ;; esac
echo text > $x
echo "status $?"
#> <a><b>
#> whole
#> status 1
#! script.sh: line 4: $x: ambiguous redirect

### splitting of defaults
IFS=,
printf '[%s]' ${u:-a,b}; echo
printf '[%s]' ${u:-"a,b"}; echo
#> [a][b]
#> [a,b]
