# SPDX-License-Identifier: Apache-2.0
# bash: process substitution, coproc, pipelines' statuses, time.

### read from commands
diff <(printf '1\n2\n') <(printf '1\n3\n'); echo $?
paste -d' ' <(echo a) <(echo b)
#> 2c2
#> < 2
#> ---
#> > 3
#> 1
#> a b

### write to a command
printf 'b\na\n' > >(sort > out); wait $!
cat out
#> a
#> b

### the names are files
f() { [[ -e $1 && $1 == /dev/fd/* ]] && cat "$1"; }
f <(echo named)
#> named

### into a loop without a subshell
n=0
while read -r x; do ((n += x)); done < <(printf '%s\n' 1 2 3)
echo $n
#> 6

### in words, assignments and arrays
x=<(echo gone); [[ $x == /dev/fd/* ]] && echo name
a=(<(:) <(:)); echo ${#a[@]}
echo "<(quoted)" '>(too)'
#> name
#> 2
#> <(quoted) >(too)

### nested
cat <(cat <(echo deep))
#> deep

### with variables and functions of the shell
v=1; g() { echo "g $v"; }
cat <(g; v=2; g); echo $v
#> g 1
#> g 2
#> 1

### tee to two
echo line | tee >(sed 's/^/1 /' > o1) > o2; until [[ -s o1 ]]; do sleep 0.01; done; cat o1 o2
#> 1 line
#> line

### its pid and status
cat <(exit 3) ; echo $?
: < <(exit 3); wait $!; echo $?
#> 0
#> 3

### exec keeps it open
exec 3< <(printf 'a\nb\n')
read -r x <&3; read -r y <&3; echo $x $y
exec 3<&-
#> a b

### PIPESTATUS
false | true | (exit 3); echo "${PIPESTATUS[@]}"
true; echo "${PIPESTATUS[@]}"
! false | (exit 2); echo "$? ${PIPESTATUS[*]}"
(exit 4); echo "${PIPESTATUS[0]} ${#PIPESTATUS[@]}"
x=$(false | true; echo "${PIPESTATUS[@]}"); echo "$x"
if false | true; then echo "${PIPESTATUS[@]}"; fi
#> 1 0 3
#> 0
#> 0 1 2
#> 4 1
#> 1 0
#> 1 0

### pipefail takes the last failure
set -o pipefail
(exit 2) | (exit 3) | true; echo $?
true | true; echo $?
! (exit 2) | true; echo $?
#> 3
#> 0
#> 0

### lastpipe
shopt -s lastpipe
printf '1\n2\n' | while read -r x; do l=$x; done; echo $l
echo x | { read -r y; false; }; echo "$? $y ${PIPESTATUS[*]}"
#> 2
#> 1 x 0 1

### stages are subshells
x=1; x=2 | x=3; echo $x
{ x=4; } | cat; echo $x
#> 1
#> 1

### a pipeline of both outputs
{ echo o; echo e >&2; } |& sort | tr '\n' ' '; echo
#> e o 

### a stage that ends early
yes | head -n 1; echo "${PIPESTATUS[1]}"
seq 100000 | { read -r x; echo $x; }
#> y
#> 0
#> 1

### coproc by its default name
coproc { while read -r l; do echo "<$l>"; done; }
echo in >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo $x
[[ $COPROC_PID == $! ]] && echo pid
p=$!; exec {COPROC[1]}>&-; wait $p; echo $?
#> <in>
#> pid
#> 0

### coproc by name
coproc UP { tr a-z A-Z; }
fd=${UP[0]}; exec 5<&$fd
echo text >&${UP[1]}; exec {UP[1]}>&-
read -r x <&5; echo $x; wait
#> TEXT

### coproc of a simple command
coproc cat
echo y >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo $x
p=$COPROC_PID; kill $p; wait $p 2>/dev/null; echo $?
#> y
#> 143

### time's format
TIMEFORMAT='%%|%0R'
time true
TIMEFORMAT=
time { true; false; }; echo $?
TIMEFORMAT=x
{ time :; } 2>&1 | cat
#> 1
#> x
#! %|0

### time in POSIX form and of nothing
{ time -p :; } 2>&1 | sed 's/[0-9.]*$/N/'
{ time; } 2>&1 | sed 's/[0-9.]*m[0-9.]*s$/N/'
{ time ! true; } 2>/dev/null; echo $?
#> real N
#> user N
#> sys N
#>
#>$ real\tN\n
#>$ user\tN\n
#>$ sys\tN\n
#> 1

### wait: each, any, next
(exit 3) & a=$!; (exit 4) & b=$!
wait $a; echo $?; wait $b; echo $?
(exit 5) & wait -n; echo $?
wait -n; echo $?
sleep 0.05 & wait; echo $?
#> 3
#> 4
#> 5
#> 127
#> 0

### wait for several and with -p
(exit 1) & a=$!; (exit 2) & b=$!
wait $a $b; echo $?
(exit 6) & wait -n -p id; echo $? $((id == $!))
#> 2
#> 6 1

### wait's errors
wait 999999; echo $?
wait x; echo $?
wait %5; echo $?
#> 127
#> 1
#> 127
#! script.sh: line 1: wait: pid 999999 is not a child of this shell
#! script.sh: line 2: wait: `x': not a pid or valid job spec
#! script.sh: line 3: wait: %5: no such job

### background commands read nothing
cat & wait; echo $?
{ read -r x; echo "[$x] $?"; } & wait
#> 0
#> [] 1

### jobs in a script
sleep 1 & jobs | sed 's/  */ /g'; jobs -p | wc -l | tr -d ' '; wait; jobs
#> [1]+ Running sleep 1 &
#> 1

### kill
sleep 5 & kill $!; wait $!; echo $?
kill -0 $$ && echo alive
kill -l 15; kill -l TERM; kill -l 143
kill -NOSUCH $$; echo $?
kill; echo $?
kill -9 999999; echo $?
#> 143
#> alive
#> TERM
#> 15
#> TERM
#> 1
#> 2
#> 1
#! script.sh: line 4: kill: NOSUCH: invalid signal specification
#! kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]
#! script.sh: line 6: kill: (999999) - No such process

### subshells: BASHPID, dollar and levels
[[ $$ == $BASHPID ]] && echo same
([[ $$ != $BASHPID ]] && echo other; echo $BASH_SUBSHELL)
echo $(echo $BASH_SUBSHELL) $( (echo $BASH_SUBSHELL) )
{ echo $BASH_SUBSHELL; } | cat
#> same
#> other
#> 1
#> 1 2
#> 1

### what a subshell changes stays there
x=1; cd /; (x=2; cd /tmp; set -f; umask 077; f() { :; })
echo $x $PWD $-  | tr -d 'hB'; type f 2>/dev/null || echo none
#> 1 / 
#> none

### waited for again and again
: <(exit 5)
wait $!; echo $?
wait $!; echo $?
#> 5
#> 5

### a loop does not reach into its subshells
for i in 1 2; do (continue; echo on); done
while :; do : | { break; echo in the pipe; }; break; done
#> on
#> on
#> in the pipe
#! script.sh: line 1: continue: only meaningful in a `for', `while', or `until' loop
#! script.sh: line 1: continue: only meaningful in a `for', `while', or `until' loop
#! script.sh: line 2: break: only meaningful in a `for', `while', or `until' loop
