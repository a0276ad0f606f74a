# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.11 and 2.12: signals, asynchronous lists, the environment of execution.

### background commands have their own environment
x=1; { x=2; cd /; } & wait; echo $x; [ "$PWD" != / ] && echo here
#> 1
#> here

### the last background pid
true & a=$!; false & b=$!; wait $a; echo $?; wait $b; echo $?; [ $a != $b ] && echo two
#> 0
#> 1
#> two

### wait for a death by a signal
sleep 100 & kill -TERM $!; wait $! 2>/dev/null; echo $?
#> 143

### standard input of background commands is empty
cat & wait; echo done
#> done

### ignored signals are inherited
trap '' USR1; (sh -c 'kill -USR1 $$; echo alive'); sh -c 'kill -USR1 $$; echo alive too'
#> alive
#> alive too

### children get default signals
trap 'echo caught' TERM; { sh -c 'kill -TERM $$; echo never'; echo $?; } 2>/dev/null
#> 143

### traps run after the foreground command
trap 'echo caught' USR1
(sleep 0.05; kill -USR1 $$) & sleep 0.7; echo after
#> caught
#> after

### wait is interrupted by a trap
trap 'echo caught' USR1
sleep 3 & p=$!
(sleep 0.1; kill -USR1 $$) & wait $p; s=$?; [ $s -gt 128 ] && echo interrupted; kill $p
#> caught
#> interrupted

### kill by number and by name
sleep 100 & kill -9 $!; { wait $!; echo $?; } 2>/dev/null
sleep 100 & kill -s HUP $!; { wait $!; echo $?; } 2>/dev/null
kill -0 $$ && echo alive
#> 137
#> 129
#> alive

### kill -l
kill -l 9; kill -l 137; kill -l | grep -c KILL | grep -c '[1-9]'
#> KILL
#> KILL
#> 1

### EXIT in a subshell
(trap 'echo sub ends' EXIT; echo in); echo out
#> in
#> sub ends
#> out

### exit statuses through traps
(trap 'exit 3' EXIT; exit 1); echo $?; (trap 'true' EXIT; exit 4); echo $?
#> 3
#> 4

### pipes and subshells share descriptors
exec 3> f; (echo a >&3); { echo b >&3; } | cat; exec 3>&-; cat f
#> a
#> b

### the umask and directory of a subshell
umask 022; (umask 077; cd /; umask); umask
#> 0077
#> 0022

### the environment of a command
export A=1; B=2; sh -c 'echo "$A [$B]"'; B=3 sh -c 'echo $B'; echo $B
#> 1 []
#> 3
#> 2

### background pipelines
echo x | cat & wait; { echo y; } | { cat; } & wait
#> x
#> y

### a background function
f() { echo "in f $1"; }; f arg & wait
#> in f arg

### many children
i=0; while [ $i -lt 50 ]; do true & i=$((i + 1)); done; wait; echo $i
#> 50

### a pipeline's writer ends with its reader
while :; do echo y; done | head -n 1
#> y
