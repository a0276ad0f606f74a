# SPDX-License-Identifier: Apache-2.0
# bash: read with all its options.

### without a name the line is REPLY as it is
read -r <<< '  a b  '; echo "[$REPLY]"
#> [  a b  ]

### names take fields, the last one the rest
read -r a b <<< 'one two  three  '; echo "[$a] [$b]"
read -r a b c <<< 'one'; echo "[$a] [$b] [$c]"
#> [one] [two  three]
#> [one] [] []

### a delimiter
printf 'a,b;c' | { read -r -d ';' x; echo "$x"; read -r -d ';' y; echo "$? $y"; }
printf 'one\0two\0' | while IFS= read -r -d '' x; do echo "<$x>"; done
#> a,b
#> 1 c
#> <one>
#> <two>

### a number of characters
printf 'abcdef' | { read -r -n 3 x; read -r -n 2 y; echo "$x $y"; }
printf 'ab\ncd' | { read -r -n 5 x; echo "$x"; }
printf 'ab\ncd' | { read -r -N 4 x; printf '[%s]\n' "$x"; }
read -r -n 0 x <<< abc; echo "$? [$x]"
#> abc de
#> ab
#> [ab
#> c]
#> 0 []

### characters are not bytes
read -r -n 2 x <<< 'äöü'; echo "$x"
#> äö

### into an array
read -r -a a <<< 'x "y z" w'; declare -p a
a=(old old old)
read -r -a a <<< 'new'; declare -p a
#> declare -a a=([0]="x" [1]="\"y" [2]="z\"" [3]="w")
#> declare -a a=([0]="new")

### backslashes
printf '%s\n' 'a\ b c' | { read x y; echo "[$x] [$y]"; }
printf '%s\n' 'a\ b c' | { read -r x y; echo "[$x] [$y]"; }
printf 'joined \\\nline\n' | { read x; echo "$x"; }
#> [a b] [c]
#> [a\] [b c]
#> joined line

### another descriptor
exec 3< <(printf 'l1\nl2\n')
read -r -u 3 x; read -r -u 3 y; echo "$x $y"
read -r -u 3 z; echo "$? [$z]"
read -r -u 99 z
echo $?
#> l1 l2
#> 1 []
#> 1
#! script.sh: line 4: read: 99: invalid file descriptor: Bad file descriptor

### the end of input without a newline
printf 'tail' | { read -r x; echo "$? $x"; }
read -r x < /dev/null; echo "$? [$x]"
#> 1 tail
#> 1 []

### a loop that keeps the last line
printf '1\n2\n3' | while read -r l || [[ $l ]]; do echo "<$l>"; done
#> <1>
#> <2>
#> <3>

### a timeout
read -r -t 0.05 x < <(sleep 1; echo late); echo "$(($? > 128)) [$x]"
#> 1 []

### a timeout of zero asks only
read -t 0 x < /dev/null; echo $?
echo data | { until read -t 0; do :; done; read -r x; echo $x; }
#> 0
#> data

### a prompt is for terminals
read -r -p 'prompt: ' x <<< in; echo "$x"
#> in

### names that are none
read -r 1x <<< a
echo $?
read -r 'a b' <<< x; echo $?
#> 1
#> 1
#! script.sh: line 1: read: `1x': not a valid identifier
#! script.sh: line 3: read: `a b': not a valid identifier

### a readonly variable
readonly r=1
read -r r <<< 2
echo "status $? $r"
#> status 1 1
#! script.sh: line 2: r: readonly variable

### an unknown option
read -Z x <<< a
echo $?
#> 2
#! script.sh: line 1: read: -Z: invalid option
#! read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]

### a bad number
read -n x y <<< a; echo $?
read -t x y <<< a; echo $?
#> 1
#> 1
#! script.sh: line 1: read: x: invalid number
#! script.sh: line 2: read: x: invalid timeout specification

### IFS while reading
IFS=: read -r u _ id _ <<< 'name:x:5:rest:more'; echo "$u $id"
IFS= read -r l <<< '  kept  '; echo "[$l]"
while IFS== read -r k v; do echo "$k->$v"; done <<< $'a=1\nb=2=3'
#> name 5
#> [  kept  ]
#> a->1
#> b->2=3

### only what is needed is consumed
printf 'first\nrest of it\n' | { read -r x; cat; }
#> rest of it

### elements and attributes as targets
a=(1 2); read -r a[1] <<< new; echo "${a[@]}"
declare -i n; read -r n <<< 2+3; echo $n
declare -A m; read -r 'm[k]' <<< v; echo "${m[k]}"
#> 1 new
#> 5
#> v

### in a pipeline it is lost, with lastpipe kept
echo a | read -r x; echo "[$x]"
shopt -s lastpipe
echo b | read -r x; echo "[$x]"
#> []
#> [b]

### NUL bytes are dropped
printf 'a\0b\n' | { read -r x; echo "${#x} $x"; }
#> 2 ab

### a long line
printf '%100000s\n' x | { read -r l; echo ${#l}; }
#> 1

### silent and with escapes off
read -rs x <<< hidden; echo $x
#> hidden

### TMOUT is read's default
TMOUT=1; read -r x <<< fast; echo $x
#> fast

### read -n, -N and -d take no more of a pipe than they say
printf 'abcdefg:rest\n' | { read -n 3 a; read -N 2 b; read -d : c; env cat; echo "$a $b $c"; }
printf 'a\\bc\nd' | { read -n 2 a; read -rN 2 b; read c; echo "$a|${b//$'\n'/_}|$c"; }
printf 'äöü\n' | { read -n 2 a; env cat; echo "$a"; }
#> rest
#> abc de fg
#> ab|c_|d
#> ü
#> äö

### mapfile -n leaves a program the rest of a pipe
printf '%s\n' 1 2 3 4 | { mapfile -t -n 2 a; env cat; echo "${a[*]}"; }
#> 3
#> 4
#> 1 2

### a backslash takes the meaning from the first character of a line too
IFS=: read -r a b <<<'\:x:y'
echo "[$a][$b]"
IFS=: read a b c <<<'\:x:y:z'
echo "[$a][$b][$c]"
read a b <<<'\ x y'
echo "[$a][$b]"
read -a 'x[1]' <<<a
echo $?
#> [\][x:y]
#> [:x][y][z]
#> [ x][y]
#> 1
#! script.sh: line 7: read: `x[1]': not a valid identifier

### whether there is input is told whatever the names are
read -t 0 x-y <<< foo; echo $?
read -t 0 -a x-y <<< foo; echo $?
read -u 9 x-y; echo $?
read -n 0 x-y; echo $?
#> 0
#> 0
#> 1
#> 1
#! script.sh: line 3: read: 9: invalid file descriptor: Bad file descriptor
#! script.sh: line 4: read: `x-y': not a valid identifier
