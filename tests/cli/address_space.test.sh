# SPDX-License-Identifier: Apache-2.0
# Started under a limit on address space (ulimit -v), and memory that goes back to the host.

### a session under ulimit -v 200000 has subshells, pipelines, substitutions and background commands
## run by: sh
ulimit -v 200000
"$SWEBASH" -c '
  (echo sub; (echo within)); x=$(echo a | cat | tr a b); echo $x
  { echo background; } & wait; echo $?
  seq 3 | { while read a; do echo -n $a; done; } | { read b; echo $b; } | { read c; echo $c; } | cat
  y=$(printf %3000000s); echo ${#y}; z=$y$y; (echo ${#z}); (exit 7); echo $?
  trap "echo caught" USR1; kill -USR1 $$; w=$z$z; kill -USR1 $$; f() { if (($1)); then f $(($1-1)); fi; }; f 200; echo end'
#> sub
#> within
#> b
#> background
#> 0
#> 123
#> 3000000
#> 6000000
#> 7
#> caught
#> caught
#> end

### little address space holds a pipeline of any length, and subshells
## run by: sh
for limit in 90000 110000 130000 170000; do
  (ulimit -v $limit; "$SWEBASH" -c '
    (echo $(echo sub); (echo within))
    { echo 1; } | { read a; echo $a; } | { cat; } | { cat; } | { cat; } | { cat; }
    x=$(printf %1000000s); { echo ${#x}; } | { read y; (echo $y; :); }')
done
#> sub
#> within
#> 1
#> 1000000
#> sub
#> within
#> 1
#> 1000000
#> sub
#> within
#> 1
#> 1000000
#> sub
#> within
#> 1
#> 1000000

### limits between the least and the most that is needed give the same shell
## run by: sh
for limit in 150000 1000000 4000000 6000000 16000000; do
  (ulimit -v $limit; "$SWEBASH" -c '(echo $(echo hi) | cat)')
done
#> hi
#> hi
#> hi
#> hi
#> hi

### --timings names the engine for little address space
## run by: sh
(ulimit -v 200000; "$SWEBASH" --timings -c :) 2>&1 | grep -o '(aot.*)'
"$SWEBASH" --timings -c : 2>&1 | grep -o '(aot.*)'
#> (aot, for little address space)
#> (aot)

### more than the address space holds ends the task with a message, not the others
## run by: sh
ulimit -v 200000
"$SWEBASH" -c '(x=$(printf %30000000s); y=$x$x$x$x$x$x; echo no); echo "$? on"' 2>&1 | tail -1
#> 134 on

### memory of a large variable goes back to the host when it is unset
resident() { while read -r name value rest; do [[ $name == VmRSS: ]] && REPLY=$value; done </proc/$$/status; }
resident; before=$REPLY
x=$(printf %40000000s); x=$x$x
resident; ((REPLY - before > 70000)) && echo large
unset x
resident; ((REPLY - before < 20000)) && echo small
#> large
#> small

### under a limit too it goes back, and what a move of the memory copied
## run by: sh
ulimit -v 2000000
"$SWEBASH" -c '
resident() { while read -r name value rest; do case $name in VmRSS:) REPLY=$value ;; esac; done </proc/$$/status; }
resident; before=$REPLY
x=$(printf %40000000s); x=$x$x
resident; [ $((REPLY - before)) -gt 70000 ] && [ $((REPLY - before)) -lt 130000 ] && echo large
unset x
resident; [ $((REPLY - before)) -lt 45000 ] && echo small'
#> large
#> small

### memory of many variables goes back to the host when they are unset
resident() { while read -r name value rest; do [[ $name == VmRSS: ]] && REPLY=$value; done </proc/$$/status; }
resident; before=$REPLY
for ((i = 0; i < 300; i++)); do printf -v "v$i" %300000s; done
resident; ((REPLY - before > 80000)) && echo large
for ((i = 0; i < 300; i++)); do unset "v$i"; done
resident; ((REPLY - before < 45000)) && echo small
#> large
#> small

### functions without end are an error where stacks are small as well
## run by: sh
for limit in 90000 200000 1000000; do
  (ulimit -v $limit; "$SWEBASH" -c 'f() { f; }; (f); echo $?; g() { for i in 1; do case a in a) g ;; esac; done; }; g; echo no' 2> err; echo $?; grep -c 'nesting level exceeded' err)
done
(ulimit -v 200000; "$SWEBASH" -c 'f() { if (($1)); then f $(($1 - 1)); fi; }; f 1000; echo deep')
#> 1
#> 1
#> 2
#> 1
#> 1
#> 2
#> 1
#> 1
#> 2
#> deep
