# SPDX-License-Identifier: Apache-2.0
# What is left when the shell is killed, and what it does to be.

### native children die with a shell that is killed, in front and behind
## run by: sh
"$SWEBASH" -c '/bin/sleep 1001 & echo $! > behind; sh -c "echo \$\$ > front; exec sleep 1002"; echo no' &
while ! test -s front; do sleep 0.01; done
kill -KILL $!
wait $! 2> /dev/null
i=0
while kill -0 "$(cat behind)" 2> /dev/null || kill -0 "$(cat front)" 2> /dev/null; do
  i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
done
echo gone
#> gone

### a native child of a task on a thread of its own dies with the shell
## run by: sh
"$SWEBASH" -c '(sh -c "echo \$\$ > pid; exec sleep 1003"; :) | cat; echo no' &
while ! test -s pid; do sleep 0.01; done
kill -KILL $!
wait $! 2> /dev/null
i=0
while kill -0 "$(cat pid)" 2> /dev/null; do
  i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
done
echo gone
#> gone

### SIGTERM and SIGHUP end the shell and everything that was started
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
for signal in TERM HUP; do
  rm -f front behind
  "$SWEBASH" -c '/bin/sleep 1004 & echo $! > behind; (while :; do :; done) & sh -c "echo \$\$ > front; exec sleep 1005"; echo no' 2>&3 &
  while ! test -s front; do sleep 0.01; done
  kill -$signal $!
  wait $!
  echo $?
  i=0
  while kill -0 "$(cat behind)" 2> /dev/null || kill -0 "$(cat front)" 2> /dev/null; do
    i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
  done
done
#> 143
#> 129

### a native child behind stays when the shell exits by itself
## run by: sh
"$SWEBASH" -c '/bin/sleep 1006 > /dev/null 2>&1 & echo $! > pid'
sleep 0.2
kill -0 "$(cat pid)" && echo stays
kill "$(cat pid)"
#> stays

### a native child behind stays when the shell becomes another program
## run by: sh
"$SWEBASH" -c '/bin/sleep 1007 > /dev/null 2>&1 & echo $! > pid; exec sh -c "exit 3"'
echo $?
sleep 0.1
kill -0 "$(cat pid)" && echo stays
kill "$(cat pid)"
#> 3
#> stays

### a child that has ended is no zombie once it was waited for
## run by: sh
"$SWEBASH" -c 'for i in 1 2 3 4 5; do /bin/true & done; wait; (/bin/true &); /bin/true | cat; x=$(/bin/true & echo); sleep 0.1; /bin/true; cat /proc/$$/task/$$/children' | wc -w
#> 1

### the shell dies of the signal its script died of
## run by: sh
"$SWEBASH" -c 'trap "trap - INT; kill -INT $$" INT; kill -INT $$; echo no'
echo $?
"$SWEBASH" -c 'kill -KILL $$'
echo $?
"$SWEBASH" -c 'kill -ABRT $$' 2> /dev/null
echo $?
#> 130
#> 137
#> 134
#! Killed

### a trap interrupts wait, read, a blocked write and a loop
## run by: sh
## timeout: 30
mkfifo fifo
for what in 'sleep 1000 & wait' 'read x < fifo' 'while :; do echo y; done > fifo' 'while :; do :; done' '/bin/sleep 1000 & wait $!' 'read -t 1000 x < fifo'; do
  rm -f up
  exec 9<> fifo
  "$SWEBASH" -c "trap 'echo caught >&3; kill -KILL \$! 2> /dev/null; exit 3' USR1; echo > up; $what; echo no" 3>&1 9>&- &
  while ! test -s up; do sleep 0.01; done
  sleep 0.1
  kill -USR1 $!
  wait $!
  echo $?
  exec 9>&-
done
#> caught
#> 3
#> caught
#> 3
#> caught
#> 3
#> caught
#> 3
#> caught
#> 3
#> caught
#> 3

### a native child that ignores signals, or has stopped, dies with the shell
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
for signal in TERM KILL; do
  rm -f deaf stopped
  "$SWEBASH" -c 'sh -c "trap \"\" TERM HUP INT; echo \$\$ > deaf; while :; do sleep 1; done" & sh -c "echo \$\$ > stopped; kill -STOP \$\$"; echo no' 2>&3 &
  while ! test -s deaf || ! test -s stopped; do sleep 0.01; done
  kill -$signal $!
  wait $!
  echo $?
  i=0
  while kill -0 "$(cat deaf)" 2> /dev/null || kill -0 "$(cat stopped)" 2> /dev/null; do
    i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
  done
done
#> 143
#> 137

### what a native child started stays when the shell is killed
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
"$SWEBASH" -c 'sh -c "sleep 1008 > /dev/null 2>&1 & echo \$! > grandchild; echo \$\$ > child; wait"; echo no' 2>&3 &
while ! test -s child; do sleep 0.01; done
kill -KILL $!
wait $!
i=0
while kill -0 "$(cat child)" 2> /dev/null; do
  i=$((i + 1)); test $i -lt 200 || { echo alive; break; }; sleep 0.02
done
kill "$(cat grandchild)" && echo stays
#> stays
