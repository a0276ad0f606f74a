# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.14: special built-in utilities, one by one.

### break and continue with numbers
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
#> 1a
#> 2a

### colon expands its arguments
: ${x:=assigned}; echo $x; : > made; [ -e made ] && echo made
#> assigned
#> made

### dot with a path and through PATH
echo 'echo "dot $v"; v=changed' > lib; v=1; . ./lib; echo $v
mkdir d; echo 'echo by path' > d/found; PATH=$PWD/d:$PATH; . found
#> dot 1
#> changed
#> by path

### return ends a dot script
echo 'echo a; return 4; echo b' > lib; . ./lib; echo $?
#> a
#> 4

### eval joins its arguments
eval 'echo' '"a' 'b"'; foo=10 x=foo; eval y='$'$x; echo $y
#> a b
#> 10

### exec without a command keeps redirections
exec 3> f; echo kept >&3; exec 3>&-; cat f
#> kept

### exec with a command ends the shell
(exec sh -c 'echo replaced; exit 3'; echo never); echo $?
#> replaced
#> 3

### exit in a function and in a subshell
f() { exit 5; }; (f; echo never); echo $?
#> 5

### export and its list
export a=1 b; b=2; sh -c 'echo $a $b'; unset a; sh -c 'echo [$a]'
export c='x y'; sh -c 'echo "$c"'
#> 1 2
#> []
#> x y

### readonly and its list
readonly r=1; (r=2) 2>/dev/null || echo refused; (unset r) 2>/dev/null || echo refused; echo $r
#> refused
#> refused
#> 1

### set: options and parameters
set -f; echo *; set +f; set -- -x y; echo "$1"; set -u; (echo $nope) 2>/dev/null || echo unset; set +u
set a b c; shift 2; echo $1 $#
#> *
#> -x
#> unset
#> c 1

### set lists variables quoted
v="a 'b' c"; set | grep '^v='
#> v='a '\''b'\'' c'

### shift
set -- 1 2 3 4; shift; echo $1; shift 2; echo $1; shift; echo $#
#> 2
#> 4
#> 0

### times prints two lines
times | wc -l | tr -d ' '
#> 2

### trap: set, ignore, reset, list
trap 'echo usr1' USR1; kill -USR1 $$
trap '' USR1; kill -USR1 $$; echo ignored
trap 'echo bye' EXIT; trap
#> usr1
#> ignored
#> trap -- 'echo bye' EXIT
#> trap -- '' SIGUSR1
#> bye

### unset of variables and functions
v=1; f() { echo f; }; unset v; echo ${v-unset}; unset -f f; f 2>/dev/null || echo gone
v=1; v() { echo function; }; unset -v v; v; echo ${v-unset}
#> unset
#> gone
#> function
#> unset

### assignments before special builtins in a shell of bash's kind do not stay
v=1 :; echo "[${v-}]"; v=2 eval 'echo $v'; echo "[${v-}]"
#> []
#> 2
#> []

### dot's file that is missing
(. ./nothing) 2>/dev/null; echo "status $?" | sed 's/[1-9][0-9]*/bad/'
#> status bad
