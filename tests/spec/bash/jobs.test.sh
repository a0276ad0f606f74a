# SPDX-License-Identifier: Apache-2.0
# Jobs: wait, jobs and kill on them, coprocesses, what is said of their ends.

### wait -n -p names the process that ended
(/bin/sleep 0.2; exit 2) & a=$!
(exit 3) & b=$!
wait -n -p v $a $b; echo "$? $([ "$v" = $b ] && echo second)"
wait -n -p v; echo "$? $([ "$v" = $a ] && echo first)"
wait -n -p v; echo "$? [${v-unset}]"
#> 3 second
#> 2 first
#> 127 [unset]

### a signal that comes before a child's end ends the wait
trap 'echo trapped' USR1
for i in 1 2 3; do
  { /bin/sleep 0.1; kill -USR1 $$; } & wait $!; echo $?
done
#> trapped
#> 138
#> trapped
#> 138
#> trapped
#> 138

### the end of a child is no signal that ends the wait for it
trap 'echo chld' CHLD
(/bin/sleep 0.1; exit 3) & wait $!; echo $?
#> chld
#> 3

### a stopped job says why in the long listing alone
set -m
/bin/sleep 100 & kill -STOP %1; while ! jobs | grep -q Stopped; do :; done
jobs
jobs -l | sed "s/ *$! / PID /"
exec 2> /dev/null; kill -KILL %1; wait
#> [1]+  Stopped                 /bin/sleep 100
#> [1]+ PID Stopped (signal)        /bin/sleep 100

### a program that SIGTERM ended is announced by that word
sh -c 'kill -TERM $$'; echo $?
#> 143
#! Terminated

### a job specification that means several jobs
/bin/sleep 9 & /bin/sleep 9 &
jobs %/bin; echo $?
kill %/bin; echo $?
wait %/bin; echo $?
wait -n %/bin; echo $?
disown %/bin; echo $?
kill $(jobs -p); wait 2> /dev/null
#> 1
#> 1
#> 127
#> 127
#> 1
#! script.sh: line 2: jobs: /bin: ambiguous job spec
#! script.sh: line 2: jobs: %/bin: no such job
#! script.sh: line 3: kill: /bin: ambiguous job spec
#! script.sh: line 4: wait: /bin: ambiguous job spec
#! script.sh: line 5: wait: /bin: ambiguous job spec
#! script.sh: line 5: wait: %/bin: no such job
#! script.sh: line 6: disown: /bin: ambiguous job spec
#! script.sh: line 6: disown: %/bin: no such job

### jobs -x runs a command with groups in the place of jobs
set -m
/bin/sleep 9 & p=$!
jobs -x echo %1 x %9 | sed "s/$p/GROUP/"
jobs -x false; echo $?
jobs -x; echo $?
jobs -x -l true; echo $?
jobs -l -x true; echo $?
kill %1; wait 2> /dev/null
#> GROUP x %9
#> 1
#> 0
#> 0
#> 1
#! script.sh: line 7: jobs: no other options allowed with `-x'

### a coprocess is listed by name and command
coproc /bin/sleep 9
coproc N { /bin/sleep 9; }
jobs
kill $COPROC_PID $N_PID
wait 2> /dev/null
#> [1]-  Running                 coproc COPROC /bin/sleep 9 &
#> [2]+  Running                 coproc N { /bin/sleep 9; } &
#!~ script.sh: line 2: warning: execute_coproc: coproc \[[0-9]*:COPROC\] still exists

### what stands for a coprocess goes when it has ended
coproc N { read -r x; echo "got $x"; exit 5; }
p=$N_PID
# It may be over, and N gone, as soon as it has its word.
exec {in}<&${N[0]} {out}>&${N[1]}
echo word >&$out
read -r answer <&$in; echo "$answer"
wait $p; echo $?
echo "[${N[*]}] [$N_PID]"
#> got word
#> 5
#> [] []

### exec of what is there and no program
(exec /tmp; echo no); echo $?
: > file
(exec "$PWD/file"; echo no); echo $?
#> 126
#> 126
#! script.sh: line 1: /tmp: Is a directory
#! script.sh: line 1: exec: /tmp: cannot execute: Is a directory
#!~ script.sh: line 3: /*/file: Permission denied
#!~ script.sh: line 3: exec: /*/file: cannot execute: Permission denied

### TIMEFORMAT with a character that means nothing
TIMEFORMAT='%R %x'
time :
#! script.sh: line 2: TIMEFORMAT: `x': invalid format character

### a trap runs while a fifo waits for its other end, and the wait goes on
mkfifo fifo
trap 'echo trapped > /dev/stderr; : > ran' USR1
{ /bin/sleep 0.1; kill -USR1 $$; until [ -e ran ]; do :; done; echo data > fifo; } &
read -r x < fifo; echo "$? $x"
wait
rm ran
{ /bin/sleep 0.1; kill -USR1 $$; until [ -e ran ]; do :; done; cat fifo > got; } &
echo more > fifo; echo $?
wait
cat got
#> 0 data
#> 0
#> more
#! trapped
#! trapped

### a trap that exits ends the wait for a fifo
mkfifo fifo
trap 'exit 5' TERM
trap 'echo "bye $?"' EXIT
{ /bin/sleep 0.1; kill -TERM $$; } &
read -r x < fifo
echo no
#> bye 5
## status: 5

### a task that waits for a fifo can be killed
mkfifo fifo
{ read -r x < fifo; echo no; } & p=$!
cat < fifo & q=$!
/bin/sleep 0.1
kill $p $q
wait $p; echo $?
wait $q; echo $?
#> 143
#> 143

### the action of SIGCHLD runs for each child that ended, and for no child's child
trap 'echo chld' CHLD
/bin/true; echo 1
(exit 1); echo 2
/bin/true | /bin/true; echo 3
x=$(/bin/true); echo 4
(/bin/sleep 0.1; exit 3) & wait $!; echo $?
(/bin/sleep 0.05; exit 1) & (/bin/sleep 0.4; exit 2) & wait; echo 6
#> chld
#> 1
#> chld
#> 2
#> chld
#> chld
#> 3
#> chld
#> 4
#> chld
#> 3
#> chld
#> chld
#> 6

### wait -n for what is no job
(exit 3) & p=$!
wait $p
wait -n $p 2> err; echo $?
sed "s/$p/PID/" err
#> 127
#> script.sh: line 3: wait: PID: no such job

### substituted pipes have the numbers 63 and down
echo <(:) <(:)
coproc /bin/sleep 9
((COPROC[0] > 50 && COPROC[0] < 64)) && echo high
kill $COPROC_PID
#> /dev/fd/63 /dev/fd/62
#> high

### what the action of SIGCHLD starts does not run it again
n=0
trap 'n=$((n + 1)); x=$(echo a); /bin/true; echo chld' CHLD
/bin/true; echo done
:
echo $n
#> chld
#> done
#> 1

### jobs shows commands as bash prints them
sleep   1 & { sleep 1; } & (sleep 1;  :)& if false; then :; else sleep 1; fi & sleep 1 | /bin/cat   & true&&sleep 1 &
jobs
kill %1 %2 %3 %4 %5 %6
#> [1]   Running                 sleep 1 &
#> [2]   Running                 { sleep 1; } &
#> [3]   Running                 ( sleep 1; : ) &
#> [4]   Running                 if false; then
#>     :;
#> else
#>     sleep 1;
#> fi &
#> [5]-  Running                 sleep 1 | /bin/cat &
#> [6]+  Running                 true && sleep 1 &

### wait answers at once for a disowned job
/bin/sleep 30 & p=$!
disown; wait $p; echo $?; kill $p
#> 0

### what a substitution runs dies without a word
{ x=$(sh -c 'kill -9 $$'; :); x=$( (sh -c 'kill -9 $$'; :) ); true && sh -c 'kill -9 $$'; } 2>&1 | sed 's/.*: line/line/; s/ [0-9]*  *Killed/ P Killed/; s/:  */: /'
#> line 1: P Killed                  sh -c 'kill -9 $$'
#> line 1: P Killed                  sh -c 'kill -9 $$'

### a script tells of background jobs that a signal ended, once it has waited for something
/bin/sleep 9 & kill -9 $!; wait
/bin/sleep 9 & kill -9 $!; /bin/sleep 0.1; echo next; jobs
/bin/sleep 9 & kill $!; /bin/sleep 0.1; echo quiet; jobs
(exit 3) & /bin/sleep 0.1; wait -n; echo $?
x=$(/bin/sleep 9 & kill -9 $!; /bin/sleep 0.1; echo silent); echo $x
set -m; /bin/sleep 9 & kill $!; wait $!; echo $?
#> next
#> quiet
#> 3
#> silent
#> 143
#!~ script.sh: line 1: * Killed                  /bin/sleep 9
#!~ script.sh: line 2: * Killed                  /bin/sleep 9
#! [1]+  Terminated              /bin/sleep 9

### jobs -l shows the stages of a pipeline apart
/bin/sleep 0.4 | /bin/sleep 0.5 &
jobs -l | sed 's/[0-9][0-9][0-9]*/PID/; s/  *PID/ PID/'
/bin/true | /bin/sleep 0.4 & /bin/sleep 0.1
jobs -l %2 | sed 's/[0-9][0-9][0-9]*/PID/; s/  *PID/ PID/'
wait
#> [1]+ PID Running                 /bin/sleep 0.4
#>  PID                       | /bin/sleep 0.5 &
#> [2]+ PID Running                 /bin/true
#>  PID Running                 | /bin/sleep 0.4 &

### of a job that disown -a has removed wait knows nothing
sleep 5 &
disown -a
kill $!
wait $! 2> /dev/null
echo $?
(exit 3) &
disown
wait $!
echo $?
#> 127
#> 0

### fg and bg ask for job control before they look at options
fg -z
echo $?
bg -z
echo $?
#> 1
#> 1
#! script.sh: line 1: fg: no job control
#! script.sh: line 3: bg: no job control
