# SPDX-License-Identifier: Apache-2.0
# Commands in the background: they are processes, and the script's end leaves them alone.

### a script ends at once, and what it left behind goes on
## run by: sh
start=$(date +%s%N)
"$SWEBASH" -c '( sleep 4; echo later > group ) > /dev/null 2>&1 & { sleep 4; echo later > braces; } > /dev/null 2>&1 & f() { sleep 4; echo later > function; }; f > /dev/null 2>&1 & exit 3'
echo $?
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
while ! test -s group || ! test -s braces || ! test -s function; do sleep 0.05; done
cat group braces function
#> 3
#> at once
#> later
#> later
#> later

### its number is a pid for everybody
( sleep 10; : ) &
test "$(cat /proc/$!/comm)" = "$(cat /proc/$$/comm)" && echo known
read -r pid name state parent rest < /proc/$!/stat
test "$parent" = $$ && echo a child
/bin/kill $!
wait $!
echo $?
( echo $BASHPID; sh -c 'echo $PPID'; : ) > pids &
wait
read -r a < pids
test $a = $! && test "$(uniq pids)" = $a && echo the same
#> known
#> a child
#> 143
#> the same

### a utility in the background is the program
cat /dev/zero > /dev/null &
while ! read -r name < /proc/$!/comm || test "$name" != cat; do :; done
echo "$name"
kill $!
wait $!
echo $?
#> cat
#> 143

### a substitution does not wait for what closed its output
start=$(date +%s%N)
x=$( ( sleep 4 ) > /dev/null & { sleep 4; } > /dev/null & f() { sleep 4; }; f > /dev/null & echo first )
echo "$x"
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
#> first
#> at once

### a substitution has what a process in the background writes
x=$( { sleep 0.1; echo later; } & echo first )
echo "$x"
#> first
#> later

### a watchdog goes on after it has killed its shell
## run by: sh
"$SWEBASH" -c '{ sleep 0.2; kill $$; echo killed > note; } & sleep 10; echo no'
echo $?
while ! test -s note; do sleep 0.05; done
cat note
#> 143
#> killed
#! Terminated

### a watchdog whose script has ended hurts nobody, and holds up nobody
## run by: sh
start=$(date +%s%N)
"$SWEBASH" -c '{ sleep 4; kill $$ 2> /dev/null; } > /dev/null 2>&1 & echo done'
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
#> done
#> at once

### what has ended in the background is gone, whatever the shell waits for
sleep 0.1 & tail --pid=$! -f /dev/null; echo tail
{ sleep 0.1; exit 3; } & p=$!
until_gone="while kill -0 $p 2> /dev/null; do sleep 0.05; done"
/bin/sh -c "$until_gone"; wait $p; echo program $?
{ sleep 0.1; exit 4; } & p=$!
until_gone="while kill -0 $p 2> /dev/null; do sleep 0.05; done"
(/bin/sh -c "$until_gone"; :); x=$(/bin/sh -c "$until_gone"; :); /bin/sh -c "$until_gone" | cat
wait $p; echo subshell $?
mkfifo news
{ sleep 0.1; exit 5; } & p=$!
/bin/sh -c "while kill -0 $p 2> /dev/null; do sleep 0.05; done; echo ended > news" &
read x < news; echo $x
trap 'chld=1' CHLD
{ sleep 0.1; exit 6; } & q=$!
/bin/sh -c "while kill -0 $q 2> /dev/null; do sleep 0.05; done"; echo trap $chld
trap - CHLD
wait $q $p; echo $?
kill $q 2> /dev/null || echo no process
wait
#> tail
#> program 3
#> subshell 4
#> ended
#> trap 1
#> 5
#> no process

### a script does not wait for a process substitution that nobody waits for
## run by: sh
start=$(date +%s%N)
"$SWEBASH" -c 'echo text > >(cat > /dev/null; sleep 4); : < <(sleep 4)' > /dev/null 2>&1
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
#> at once

### process substitutions leave nothing behind, however many there were
## args: --limit-tasks 40 script.sh
## timeout: 30
for ((i = 0; i < 300; i++)); do read -r x < <(echo $i); done
(echo "$x")
#> 299

### a stage of a pipeline leaves processes behind as a shell does
## run by: sh
start=$(date +%s%N)
"$SWEBASH" -c '
work() { { sleep 4; :; } > /dev/null & }
{ ( sleep 4; : ) > /dev/null & test $! -lt 4194304 && echo pid; } | cat
work | cat
for i in 1 2; do echo $i; done | while read x; do { sleep 4; :; } > /dev/null & done
{ for i in 1 2; do echo $i; done; } | { while read x; do work; done; echo $x read; } | cat
eval "{ sleep 4; :; } > /dev/null &" | cat
"work" | { cat; } | cat
x=$(work | cat); w=work; { $w; } | cat
{ coproc { sleep 4; :; }; } 2> /dev/null | cat
if true; then ( ( work ) ); fi | cat
set -m; work | cat; set +m
set -E; trap "{ sleep 4; :; } > /dev/null &" ERR; { false; :; } | cat; trap - ERR
set -T; trap "work" RETURN; f() { :; }; { f; f; :; } | cat'
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
#> pid
#> read
#> at once

### a session with limits leaves processes behind, and holds them to the limits
## run by: sh
## timeout: 60
start=$(date +%s%N)
for limit in --limit-wall=60 --limit-cpu=60 --limit-total-memory=1G --limit-output=1M; do
  "$SWEBASH" $limit -c '( sleep 4; : ) > /dev/null & test $! -lt 4194304 && echo pid'
done
"$SWEBASH" -c 'ulimit -t 60; ( sleep 4; : ) > /dev/null & test $! -lt 4194304 && echo pid'
test $((($(date +%s%N) - start) / 1000000)) -lt 3500 && echo at once
"$SWEBASH" -c 'ulimit -t 1; ( while :; do :; done ) & wait $!; echo $?' 2> /dev/null
"$SWEBASH" --limit-cpu 1 -c '( while :; do :; done ) & echo $! > pid; wait; echo no' 2> err; echo $?; cat err
while kill -0 "$(cat pid)" 2> /dev/null; do sleep 0.05; done
"$SWEBASH" --limit-wall 0.5 -c '( while :; do sleep 0.1; done ) > /dev/null 2>&1 & echo $! > pid'
while kill -0 "$(cat pid)" 2> /dev/null; do sleep 0.05; done
echo gone
#> pid
#> pid
#> pid
#> pid
#> pid
#> at once
#> 152
#> 152
#> swebash: the session passed its limit on processor time and was ended
#> gone

### a shell that is killed takes its processes in the background along
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
"$SWEBASH" -c '( while :; do sleep 0.1; done ) & echo $! > pid; sleep 1009; echo no' 2>&3 &
while ! test -s pid; do sleep 0.01; done
kill -KILL $!
wait $!
i=0
while kill -0 "$(cat pid)" 2> /dev/null; do
  i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
done
echo gone
#> gone

### a signal to the group of a shell that traps it ends what it waits for
## run by: sh
## timeout: 60
run() {
  start=$(date +%s%N)
  timeout -s "$1" 0.5 "$SWEBASH" -c "$2" 2> /dev/null
  test $((($(date +%s%N) - start) / 1000000)) -lt 4500 || echo late
}
run TERM 'trap "echo trapped; exit" TERM; sleep 5; echo no'
run TERM 'trap "echo trapped" TERM; x=$(sleep 5; echo no); echo "$x."'
run INT 'trap "echo trapped" INT; (sleep 5; echo no); echo on'
run HUP 'trap "echo trapped" HUP; f() { sleep 5; }; f | cat; echo on'
run USR1 'trap "echo trapped" USR1; { (sleep 5; echo no); echo no; } | cat; echo on'
#> trapped
#> trapped
#> .
#> trapped
#> on
#> trapped
#> on
#> trapped
#> on

### a signal to the shell alone leaves what it waits for
trap 'echo trapped' TERM
(sleep 0.2; kill $$) &
x=$(/bin/sleep 0.5; echo and goes on)
echo "$x"
#> trapped
#> and goes on

### a limit on processor time from outside is the end of the subshell alone
## run by: sh
## timeout: 60
(ulimit -t 1; "$SWEBASH" -c '(while :; do :; done); echo "went on $?"'); echo $?
#> went on 137
#> 0
#!~ */swebash: line 1: *[0-9] Killed                  ( while :; do
#!     :;
#! done )

### the same, where a stage of a pipeline passes it
## run by: sh
## timeout: 60
(ulimit -t 1; "$SWEBASH" -c 'while :; do :; done | cat; echo "went on ${PIPESTATUS[0]}"' 2> /dev/null); echo $?
#> went on 137
#> 0

### a limit on the size of files from outside is the end of the subshell alone
## run by: sh
(ulimit -f 1; "$SWEBASH" -c '(printf "%5000s" > file); echo "went on $?"'); echo $?
#> went on 153
#> 0
#!~ */swebash: line 1: *[0-9] File size limit exceeded( printf "%5000s" > file )

### (kill -STOP $$; kill -CONT $$) goes on
(kill -STOP $$; kill -CONT $$)
echo on
#> on
