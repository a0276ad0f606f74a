# SPDX-License-Identifier: Apache-2.0
# Tasks as the world outside sees them.

### a stage that ends early ends those before it
## run by: sh
"$SWEBASH" -c 'yes | head -n 1'
#> y

### a hundred megabytes through builtins, in under 24 of memory
## run by: sh
## timeout: 300
head -c 100000000 /dev/zero |
  "$SWEBASH" -c 'cat | cat; grep VmHWM: /proc/$$/status >&2; :' 2>peak | wc -c | tr -d ' '
read -r name kilobytes unit < peak
test "$name $unit" = 'VmHWM: kB' && test "$kilobytes" -lt 24576 && echo small
#> 100000000
#> small

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

### a native command reads a here-string and a long here-document
## run by: sh
"$SWEBASH" -c '/bin/cat <<< short; v=$(head -c 200000 /dev/zero | tr "\0" a); /usr/bin/wc -c <<< "$v"'
#> short
#> 200001

### what a native command leaves of a here-document is the shell's
## run by: sh
"$SWEBASH" -c '{ read a; /bin/cat; } <<< "one
two"; echo "$a"'
#> two
#> one

### a script can be a pipe
## run by: sh
mkfifo p; (echo 'echo first'; echo 'echo second') > p & "$SWEBASH" p
#> first
#> second

### functions without end meet a limit before the stack does
## run by: sh
## timeout: 300
"$SWEBASH" -c 'f() { f; }; f' 2> err; "$SWEBASH" -c 'f() { case a in a) if true; then { eval f; }; fi;; esac; }; f' 2>> err
grep -c 'nesting level' err
#> 2

### subshells within subshells meet a limit
## run by: sh
## timeout: 300
"$SWEBASH" -c 'n=0; f() { n=$((n + 1)); ( f ); }; f' 2> err; echo "ended"
test -s err && echo said
#> ended
#> said

### a subshell of a shell with a large memory is a copy of it
## args: -c 'v=$(head -c 20000000 /dev/zero | tr "\0" a); w=1; for i in 1 2 3 4; do w=$i; ( v=short; w=x; ( : ); echo ${#v} $w ); echo ${#v} $w $(echo ${#v}; v=; echo $w); done; v=; echo "${#v} $( w=9; echo $w ) $w"'
#> 5 x
#> 20000000 1 20000000 1
#> 5 x
#> 20000000 2 20000000 2
#> 5 x
#> 20000000 3 20000000 3
#> 5 x
#> 20000000 4 20000000 4
#> 0 9 4

### a background task keeps the large memory it was cloned with
## args: -c 'v=$(head -c 8000000 /dev/zero | tr "\0" a); ( sleep 0.2; echo "${#v}" ) & v=b; ( : ); ( : ); v=${v}c; wait; echo $v'
#> 8000000
#> bc

### a limit on the size of files lets the shell start, whatever made its engine ready
## run by: sh
## timeout: 300
ulimit -f 8
"$SWEBASH" -c 'ulimit -f; ( echo sub ); x=$(echo hi); echo $x'
SWEBASH_CACHE_DIR=$PWD/cache "$SWEBASH" --engine-tier=cache -c 'echo cache'
"$SWEBASH" --engine-tier=jit -c 'echo jit'
#>~ [0-9]*
#> sub
#> hi
#> cache
#> jit

### tasks that multiply without end die out
## run by: sh
## timeout: 300
"$SWEBASH" -c 'f() { f | f & }; f; wait; sleep 3; ( echo "a subshell" ); echo again | cat' 2> err
#> a subshell
#> again

### memory that was used and freed is no part of later subshells
## args: -c 'v=$(head -c 20000000 /dev/zero | tr "\0" a); w=1; ( : ); ( : ); unset v; for i in 1 2 3; do w=$i; ( w=x; ( : ); echo ${#v} $w ); echo ${#v} $w $(echo $w); done; v=$(head -c 20000000 /dev/zero | tr "\0" b); ( v=${v%b}; echo ${#v} ); echo ${#v}'
#> 0 x
#> 0 1 1
#> 0 x
#> 0 2 2
#> 0 x
#> 0 3 3
#> 19999999
#> 20000000

### a coprocess that reads sees the end when the script does
## args: -c 'coproc { cat > /dev/null; echo ended > ended; }; echo x'
#> x

### in a crowd each task has what the shell held when it began
## run by: sh
## timeout: 60
"$SWEBASH" -c 'a=()
for ((i = 0; i < 100; i++)); do
  a[i]=$i w=x$i
  {
    until [ -e go ]; do sleep 0.3; done
    f() { local deep=$1; (($1 == 0)) || f $(($1 - 1)); }
    f 50
    ((${#a[@]} == i + 1 && a[i] == i)) && [ $w = x$i ] && a=() && echo good
  } &
  ((i % 10)) || x=$(: $i)
done
sleep 0.5
: > go
wait
echo ${#a[@]} $w' | sort | uniq -c | tr -s ' '
#>  1 100 x99
#>  100 good

### tasks that wait take little memory, and give it back
## run by: sh
## timeout: 60
"$SWEBASH" -c 'note() { while read -r key value unit; do [ $key = VmRSS: ] && kilobytes=$value; done < /proc/$$/status; }
note; before=$kilobytes
for ((i = 0; i < 400; i++)); do sleep 1000 & done
sleep 1
note; ((kilobytes - before < 400 * 110)) || echo "$((kilobytes - before)) KB"
kill $(jobs -p); wait 2> /dev/null
sleep 1
note; ((kilobytes - before < 8000)) || echo "then $((kilobytes - before)) KB"
echo measured'
#> measured
