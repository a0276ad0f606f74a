# SPDX-License-Identifier: Apache-2.0
# bash: mapfile and getopts.

### mapfile keeps newlines unless told
mapfile a < <(printf 'x\ny\n'); declare -p a
mapfile -t a < <(printf 'x\n\ny'); declare -p a
mapfile < <(echo z); declare -p MAPFILE
#> declare -a a=([0]=$'x\n' [1]=$'y\n')
#> declare -a a=([0]="x" [1]="" [2]="y")
#> declare -a MAPFILE=([0]=$'z\n')

### mapfile counts, skips and starts elsewhere
s=$'1\n2\n3\n4'
mapfile -t -n 2 a <<< "$s"; echo "${a[@]}"
mapfile -t -s 2 a <<< "$s"; echo "${a[@]}"
b=(p q r s t)
mapfile -t -O 1 -n 2 b <<< "$s"; echo "${b[@]}"
#> 1 2
#> 3 4
#> p 1 2 s t

### mapfile with a delimiter and a descriptor
mapfile -t -d , a < <(printf 'x,y,z'); declare -p a
mapfile -t -d '' a < <(printf 'x\0y\0'); declare -p a
exec 3< <(printf '1\n2\n'); mapfile -t -u 3 a; echo ${#a[@]}
#> declare -a a=([0]="x" [1]="y" [2]="z")
#> declare -a a=([0]="x" [1]="y")
#> 2

### mapfile calls back
mapfile -t -C 'echo cb' -c 2 a < <(printf '%s\n' a b c d e)
echo ${#a[@]}
#> cb 1 b
#> cb 3 d
#> 5

### readarray is its other name
readarray -t a <<< x; echo "${a[0]}"
#> x

### mapfile's errors
mapfile -n x a < /dev/null; echo $?
mapfile -u 99 a; echo $?
mapfile 1x < /dev/null; echo $?
readonly r; mapfile r < <(echo x); echo $?
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 1: mapfile: x: invalid line count
#! script.sh: line 2: mapfile: 99: invalid file descriptor: Bad file descriptor
#! script.sh: line 3: mapfile: `1x': not a valid identifier
#! script.sh: line 4: r: readonly variable

### getopts over the parameters
set -- -a -b val -c -- -d rest
while getopts ab:cd o; do echo "$o [${OPTARG-unset}] $OPTIND"; done
shift $((OPTIND - 1)); echo "$*"
#> a [unset] 2
#> b [val] 4
#> c [unset] 5
#> -d rest

### getopts: clusters and joined arguments
f() { local OPTIND=1 o; while getopts 'ab:c' o; do echo "$o $OPTARG"; done; }
f -ab val
f -acbval x
f -b '' -a
#> a 
#> b val
#> a 
#> c 
#> b val
#> b 
#> a 

### getopts: unknown options speak
set -- -x -a
while getopts a o; do echo "$o [$OPTARG]"; done
#> ? []
#> a []
#! script.sh: illegal option -- x

### getopts: a missing argument speaks
set -- -b
while getopts b: o; do echo "$o [$OPTARG]"; done
#> ? []
#! script.sh: option requires an argument -- b

### getopts: silent mode
set -- -x -b
while getopts :b: o; do echo "$o [$OPTARG]"; done
#> ? [x]
#> : [b]

### getopts: OPTERR
OPTERR=0
set -- -x
getopts a o; echo "$? $o [$OPTARG]"
#> 0 ? []

### getopts: arguments given
getopts a:b o -a one -b; echo "$o $OPTARG $OPTIND"
getopts a:b o -a one -b; echo "$o $OPTIND"
getopts a:b o -a one -b; echo "$? $o"
#> a one 3
#> b 4
#> 1 ?

### getopts: stops at the first operand
set -- -a operand -b
while getopts ab o; do echo $o; done; echo $OPTIND
#> a
#> 2

### getopts: starts again with OPTIND
set -- -a -b
getopts ab o; echo $o; OPTIND=1; getopts ab o; echo $o
#> a
#> a

### getopts: bad calls
getopts; echo $?
getopts a; echo $?
getopts a 1x -a; echo $?
#> 2
#> 2
#> 1
#! getopts: usage: getopts optstring name [arg ...]
#! getopts: usage: getopts optstring name [arg ...]
#! script.sh: line 3: getopts: `1x': not a valid identifier

### getopts: within a cluster and an unknown letter
set -- -axb
while getopts :ab o; do echo "$o [$OPTARG]"; done
#> a []
#> ? [x]
#> b []

### getopts removes OPTARG at an error even where that is readonly
readonly OPTARG=kept
getopts a x -a
echo "$x ${OPTARG-gone}"
OPTIND=1
getopts a x -b
echo "$x ${OPTARG-gone}"
#> a kept
#> ? gone
#! script.sh: line 2: OPTARG: readonly variable
#! script.sh: illegal option -- b

### getopts with a readonly name fails as a call or as the end of the options
declare -r v=1
getopts a v -a
echo $?
getopts a v -a
echo $?
#> 2
#> 1
#! script.sh: line 2: v: readonly variable
#! script.sh: line 4: v: readonly variable
