# SPDX-License-Identifier: Apache-2.0
# Tasks as the world outside sees them.

### a stage that ends early ends those before it
## run by: sh
"$SWEBASH" -c 'yes | head -n 1'
#> y

### a hundred megabytes through builtins
## run by: sh
## timeout: 60
head -c 100000000 /dev/zero | "$SWEBASH" -c 'cat | cat' | wc -c | tr -d ' '
#> 100000000

### native children do not inherit descriptors
## args: -c '/bin/ls /proc/self/fd | tail -n 1'
#> 3

### nothing that was started stays
## run by: sh
"$SWEBASH" -c 'sleep 1000 & echo $! > pid; kill $!; wait $! 2>/dev/null; echo $?'
kill -0 "$(cat pid)" 2>/dev/null || echo gone
#> 143
#> gone

### the pid of a background command is real
## run by: sh
"$SWEBASH" -c 'sh -c "echo \$\$ > a" & echo $! > b; wait'
cmp a b && echo same
#> same

### signals reach the shell
## run by: sh
"$SWEBASH" -c 'trap "echo caught; exit 3" TERM; echo ready > up; while :; do :; done' &
while ! test -s up; do sleep 0.01; done
kill -TERM $!
wait $!
echo $?
#> caught
#> 3
