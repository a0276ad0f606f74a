# SPDX-License-Identifier: Apache-2.0
# Limits: passing one ends a task or the session with a message and a status, never the host.

### wall time ends the session and its whole tree, even what ignores SIGTERM
## run by: sh
"$SWEBASH" --limit-wall 0.5 -c '/bin/sleep 1000 & echo $! > pid; (trap "" TERM; /bin/sleep 1000); echo no' 2> err
echo $?
cat err
kill -0 "$(cat pid)" 2>/dev/null || echo gone
#> 124
#> swebash: the session passed its limit on wall time and was ended
#> gone

### wall time ends a child that left its parent and its session
## run by: sh
"$SWEBASH" --limit-wall 0.5 -c 'sh -c "setsid sh -c \"echo \\\$\\\$ > pid; trap : TERM; while :; do sleep 1000; done\" &"; while :; do :; done' 2> /dev/null
echo $?
kill -0 "$(cat pid)" 2>/dev/null || echo gone
#> 124
#> gone

### wall time ends a native child that stopped itself
## run by: sh
SWEBASH_LIMIT_WALL=0.5 "$SWEBASH" -c 'sh -c "echo \$\$ > pid; kill -STOP \$\$"; echo no' 2> /dev/null
echo $?
kill -0 "$(cat pid)" 2>/dev/null || echo gone
#> 124
#> gone

### wall time ends a session whose pipe a native child keeps open
## run by: sh
"$SWEBASH" --limit-wall 0.5 -c 'x=$(/bin/sleep 1000 & echo hi); echo "$x"' 2> /dev/null
echo $?
#> 124

### processor time of the shell, and of its programs
## run by: sh
"$SWEBASH" --limit-cpu 0.2 -c 'while :; do :; done' 2> err
echo $?
"$SWEBASH" --limit-cpu 0.2 -c 'sh -c "while :; do :; done"' 2> err
echo $?
cat err
#> 152
#> 152
#> swebash: the session passed its limit on processor time and was ended

### bytes written
## run by: sh
"$SWEBASH" --limit-output 1K -c 'while :; do echo word; done' > out 2> err
echo $?
test "$(wc -c < out)" -lt 1100 && cat err
#> 153
#> swebash: the session passed its limit on bytes written and was ended

### memory of one task ends that task
## run by: sh
"$SWEBASH" --limit-memory 32M -c '( x=0123456789; while :; do x=$x$x; done ); echo "status $?"; echo goes on'
#> status 134
#> goes on
#!~ swebash: out of memory: cannot allocate * bytes

### memory of one program
## run by: sh
"$SWEBASH" --limit-memory 64M -c '/bin/sh -c "ulimit -v"'
#> 65536

### memory of all
## run by: sh
"$SWEBASH" --limit-total-memory 60M -c 'x=0123456789; while :; do x=$x$x; done' 2> err
echo $?
cat err
#> 137
#> swebash: the session passed its limit on memory and was ended

### tasks
## run by: sh
"$SWEBASH" --limit-tasks 10 -c 'i=0; while [ $i -lt 20 ]; do sleep 0.2 & i=$((i + 1)); done; wait; (echo a subshell)' 2> err
sed 's/.*line 1: //' err | uniq
#> a subshell
#> fork: retry: Resource temporarily unavailable

### a limit that is none is refused
## run by: sh
"$SWEBASH" --limit-wall soon -c 'echo no' 2>&1
echo $?
#> swebash: --limit-wall: soon: not a limit
#> 2

### ulimit -t ends a task by SIGXCPU
## run by: sh
## timeout: 60
"$SWEBASH" -c '( ulimit -t 1; while :; do :; done ); echo $?; echo goes on'
"$SWEBASH" -c 'ulimit -t 1; while :; do :; done'
echo $?
#> 152
#> goes on
#> 152
#!~ */swebash: line 1: *[0-9] CPU time limit exceeded ( ulimit -t 1; while :; do
#!     :;
#! done )
#! CPU time limit exceeded

### ulimit -f ends a task by SIGXFSZ, or gives it an error
## run by: sh
"$SWEBASH" -c '( ulimit -f 1; while :; do echo a line of a file; done > out ); echo $?; trap "" XFSZ; ulimit -f 1; i=0; while [ $i -lt 100 ]; do echo a line of a file || { echo failed >&3; break; }; i=$((i + 1)); done 3>&1 > other'
test "$(wc -c < out)" -le 1024 && test "$(wc -c < other)" -le 1024 && echo held
#> 153
#> failed
#> held
#!~ */swebash: line 1: *[0-9] File size limit exceeded( ulimit -f 1; while :; do
#!     echo a line of a file;
#! done > out )
#!~ */swebash: line 1: echo: write error: File too large

### ulimit -v keeps memory from growing
## run by: sh
"$SWEBASH" -c '( ulimit -v 40000; x=0123456789; while :; do x=$x$x; done ); echo $?; x=$(head -c 50000000 /dev/zero | tr "\0" a); echo ${#x}'
#> 134
#> 50000000
#!~ swebash: out of memory: cannot allocate * bytes

### ulimit -u keeps a task from starting more
## run by: sh
"$SWEBASH" -c 'ulimit -u 3; sleep 0.5 & sleep 0.5 & sleep 0.5 & wait; echo ended' 2> err
grep -c 'fork: retry' err
#> ended
#> 1

### ulimit -n: a pipeline that runs out of descriptors says so and ends
## run by: sh
## timeout: 30
"$SWEBASH" -c 'ulimit -n 12; exec 3<&0 4<&0 5<&0 6<&0 7<&0 8<&0 9<&0 10<&0 11<&0; yes | cat | cat | cat; echo "status $?"; exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-; echo again | cat | cat' 2> err
grep -o 'pipe error: .*' err
#> status 1
#> again
#> pipe error: Too many open files

### a stage that traps has a status, and the pipeline ends
## run by: sh
"$SWEBASH" --limit-memory 32M -c '{ x=0123456789; while :; do x=$x$x; done; } | cat; echo "${PIPESTATUS[*]}"; echo a | { cat; x=0123456789; while :; do x=$x$x; done; }; echo "${PIPESTATUS[*]}"'
#> 134 0
#> a
#> 0 134
#!~ swebash: out of memory: cannot allocate * bytes
#!~ swebash: out of memory: cannot allocate * bytes

### clones nested ten thousand deep meet a limit with a message
## run by: sh
## timeout: 120
"$SWEBASH" -c 'f() { ( [ $1 -lt 10000 ] && f $(($1 + 1)) ); }; f 0; echo "goes on"' 2> err
grep -q 'Resource temporarily unavailable' err && echo said
#> goes on
#> said

### bytes that programs write count too
## run by: sh
"$SWEBASH" --limit-output 100K -c 'for i in 1 2 3; do /bin/dd if=/dev/zero of=file$i bs=1024 count=40 2> /dev/null; done; echo no' 2> err
echo $?
cat err
"$SWEBASH" --limit-output 100K -c '/bin/dd if=/dev/zero of=file bs=1024 count=200 2> /dev/null; sleep 1; echo no' 2> err
echo $?
#> 153
#> swebash: the session passed its limit on bytes written and was ended
#> 153

### ulimit -n from outside is a limit on numbers too, as in other shells
## run by: sh
(ulimit -n 20; "$SWEBASH" -c '(exec 19> a; echo $?); (exec 25> b) 2> /dev/null; echo $?; echo c 2> /dev/null 30> c || echo $?; ulimit -n')
#> 0
#> 1
#> 1
#> 20

### a pipeline that runs out of tasks ends, whichever stage it is that has none
## run by: sh
## timeout: 60
for n in 1 2 3 4 5 6 7; do
  "$SWEBASH" --limit-tasks $n -c 'yes | cat | /bin/cat | tr y z | head -n 1; echo "$? ${PIPESTATUS[*]}"' 2> err
  sed 's/.*line 1: //' err
done
#> 254 254
#> fork: retry: Resource temporarily unavailable
#> 254 254
#> fork: retry: Resource temporarily unavailable
#> 254 254
#> fork: retry: Resource temporarily unavailable
#> 254 254
#> fork: retry: Resource temporarily unavailable
#> 254 254
#> fork: retry: Resource temporarily unavailable
#> z
#> 0 141 141 141 141 0
#> z
#> 0 141 141 141 141 0

### a pipeline that runs out of address space ends, whichever stage it is that has none
## run by: sh
## timeout: 60
for gigabytes in 5 8 9 10 12 13 14 16 17 18 20 22; do
  (
    ulimit -v $((gigabytes * 1000000))
    "$SWEBASH" -c 'yes | { while read -r x; do echo $x; done; } | { cat; } | tr y z | head -n 1; x=$(echo sub); { :; } & wait; echo "goes on"' 2> err
  ) | tail -n 1
  sed 's/.*line 1: //' err | grep -v '^fork: retry: \(Cannot allocate memory\|Resource temporarily unavailable\)$' | grep -v 'cannot make child for'
done | sort | uniq -c | tr -s ' '
#>~  * goes on

### descriptors that run out fail a command, and the shell keeps its own
## run by: sh
## timeout: 60
for n in 4 5 6 7 8 9 10 11 12 14; do
  "$SWEBASH" -c "ulimit -n $n; "'yes | cat | /bin/cat | tr y z | head -n 1; cat < <(echo ps); coproc cat; { echo a; } > file 2>&1; /bin/echo b > file; echo "goes on"' 2> err | tail -n 1
  grep -c 'Bad file descriptor' err
done | sort | uniq -c | tr -s ' '
#>  10 0
#>  10 goes on

### a limit outlives the shell that was killed, and what left its session
## run by: sh
"$SWEBASH" --limit-wall 1 -c 'setsid -f sleep 31; kill -9 $$' 2>/dev/null; echo $?
pgrep -fx 'sleep 31' >/dev/null && echo runs
sleep 2; pgrep -fx 'sleep 31' >/dev/null || echo gone
#> 137
#> runs
#> gone

### a limit holds for a shell that stopped itself
## run by: sh
timeout -s KILL 8 "$SWEBASH" --limit-wall 1 -c 'kill -STOP $$'
echo $?
#! swebash: the session passed its limit on wall time and was ended
#> 124

### a daemon that the session leaves ends with the limit, and keeps nobody waiting
## run by: sh
start=$(date +%s)
"$SWEBASH" --limit-wall 2 -c 'setsid -f sleep 32 >/dev/null 2>&1; echo left; exit 3' | cat
[ $(($(date +%s) - start)) -lt 2 ] && echo soon
sleep 3; pgrep -fx 'sleep 32' >/dev/null || echo gone
#> left
#> soon
#> gone

### signals and the way to end pass through the process that holds a session to its limits
## run by: sh
"$SWEBASH" --limit-wall 20 -c 'trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.1; done' > out & 
while ! grep -qs ready out; do sleep 0.05; done
kill -TERM $!; wait $!; echo $?
"$SWEBASH" --limit-wall 20 -c 'kill -HUP $$' 2>/dev/null; echo $?
"$SWEBASH" --limit-wall 20 -c 'exit 7'; echo $?
echo input | "$SWEBASH" --limit-wall 20 -c 'read x; echo $x'
cat out
#> 5
#> 129
#> 7
#> input
#> ready
#> caught

### a session whose caller is killed ends
## run by: sh
"$SWEBASH" --limit-wall 30 -c 'sleep 33' &
sleep 0.3; kill -KILL $!; wait $! 2>/dev/null; sleep 0.7
pgrep -fx 'sleep 33' >/dev/null || echo gone
#> gone

### what programs start counts as tasks, and the youngest end
## run by: sh
## timeout: 20
"$SWEBASH" --limit-tasks 10 --limit-wall 3 -c '/bin/bash -c "for i in {1..60}; do /bin/sleep 34 & done; wait"' 2>/dev/null &
sleep 1; count=$(pgrep -fxc '/bin/sleep 34')
[ "$count" -ge 5 ] && [ "$count" -le 9 ] && echo few
wait
pgrep -fx '/bin/sleep 34' || echo gone
#> few
#> gone

### one write of any size stops at the limit on output
## run by: sh
"$SWEBASH" --limit-output 1000 -c 'printf %5000s' 2>/dev/null | wc -c
"$SWEBASH" --limit-output 1000 -c 'printf %400s; printf %600s; echo no' 2>/dev/null | wc -c
"$SWEBASH" --limit-output 1000 -c 'printf %5000s > file; echo no' 2>/dev/null; echo $?; wc -c < file
head -c 9000 /dev/zero > big; "$SWEBASH" --limit-output 1000 -c 'cat big > copy' 2>/dev/null; echo $?; wc -c < copy
#> 1000
#> 1000
#> 153
#> 1000
#> 153
#> 1000

### ulimit -v does not lift the session's limit on memory, nor does a program of root's
## run by: sh
"$SWEBASH" --limit-memory 80M -c 'ulimit -v unlimited; ulimit -Hv; ulimit -v 20000; ulimit -v; /bin/sh -c "ulimit -v 10000000" 2>/dev/null || echo refused' 2>&1 | sed 's/^.*line/line/'
#> line 1: ulimit: virtual memory: cannot modify limit: Operation not permitted
#> 81920
#> 20000
#> refused

### descriptors above 255 are inherited and named by number
## run by: sh
/bin/bash -c 'exec 300>a 999>b 1500>c; "$SWEBASH" -c "echo one >&300; echo two >&1500; /bin/sh -c \"echo three\" >&999; ls /proc/self/fd | grep -c -e 300 -e 999 -e 1500"'
cat a b c
#> 3
#> one
#> three
#> two

### what processes in the background write is counted with the rest, to the byte
## run by: sh
"$SWEBASH" --limit-output 1000 -c '( while :; do echo word; done ) > file & wait; echo no' 2> err; echo $?
wc -c < file; cat err
"$SWEBASH" --limit-output 1000 -c '( printf %600s; : ) > file & wait; printf %600s > more; echo no' 2> /dev/null; echo $?
cat file more | wc -c
"$SWEBASH" --limit-output 1000 -c '( /usr/bin/printf %500s > file; : ) & wait; printf %400s; printf %100s; echo no' 2> /dev/null | wc -c
"$SWEBASH" --limit-output 100K -c 'cat /dev/zero > file & wait; echo no' 2> /dev/null; echo $?
#> 153
#> 1000
#> swebash: the session passed its limit on bytes written and was ended
#> 153
#> 1000
#> 500
#> 153

### as many processes as the limit says, and not one more
## run by: sh
## timeout: 30
count='i=0 pids=
while [ $i -lt $1 ]; do /bin/sleep 36 & pids="$pids $!"; i=$((i + 1)); done
read x < go; n=0
for pid in $pids; do
  while read name state rest; do
    case $name$state in State:[!Z]*) n=$((n + 1)); kill -9 $pid ;; esac
  done < /proc/$pid/status
done
echo $n of $1'
try() {
  rm -f go; mkfifo go
  (sleep 0.6; echo > go) &
  timeout 10 "$SWEBASH" "$@" 2> /dev/null
  wait
}
# The shell, sh, and what that starts.
try --limit-tasks 6 -c '/bin/sh -c "$1" sh 4; :' swebash "$count"
try --limit-tasks 6 -c '/bin/sh -c "$1" sh 7; :' swebash "$count"
#> 4 of 4
#> 4 of 7
