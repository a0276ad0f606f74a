# SPDX-License-Identifier: Apache-2.0
# Commands in the background: their files, their statuses, loops that wait for them.

### a fifo is opened in the background
mkfifo in out
cat < in > out &
echo started
echo text > in &
cat out
wait
#> started
#> text

### so is a fifo that a group reads
mkfifo fifo
{ read -r x; echo "got $x"; } < fifo &
echo started
echo one > fifo
wait
#> started
#> got one

### a loop sees its child end
sleep 0.2 &
while kill -0 $! 2> /dev/null; do :; done
echo ended
( sleep 0.2 ) &
while test -d /proc/$!; do :; done
echo ended
sleep 0.2 &
disown
while kill -0 $! 2> /dev/null; do :; done
echo ended
#> ended
#> ended
#> ended

### a trap runs in a loop of continue
## not on bash: it misses the signal now and then, and loops for ever
trap 'echo caught; exit' USR1
( sleep 0.2; kill -USR1 $$ ) &
while continue; do :; done
#> caught

### and in one within another
## not on bash: it misses the signal now and then, and loops for ever
trap 'echo caught; exit' USR1
( sleep 0.2; kill -USR1 $$ ) &
while :; do until continue; do :; done; done
#> caught

### wait -n takes processes as they end
( sleep 0.3; exit 4 ) & ( exit 5 ) & { sleep 0.6; exit 6; } &
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
#> 5
#> 4
#> 6
#> 127

### wait in a trap knows the child
trap 'wait $child; echo "ended $?"; exit 0' USR1
( sleep 0.2; exit 9 ) & child=$!
( kill -USR1 $$ ) &
while :; do sleep 0.05; done
#> ended 9

### a pipeline of compound commands in the background
{ echo a; echo b; } | { while read -r x; do echo "got $x"; done; exit 3; } &
wait $!
echo $?
#> got a
#> got b
#> 3
