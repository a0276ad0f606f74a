# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.9.2 and 2.9.3: pipelines and lists.

### and, or
true && echo a
false && echo b
false || echo c
true || echo d
false && echo e || echo f
true || echo g && echo h
#> a
#> c
#> f
#> h

### negation
! true
echo $?
! false
echo $?
! false | true
echo $?
#> 1
#> 0
#> 1

### the status of a pipeline is its last command's
false | true
echo $?
true | false
echo $?
echo x | (cat; exit 5)
echo $?
#> 0
#> 1
#> x
#> 5

### stages run at once
yes | head -n 2
#> y
#> y

### a pipeline of builtins and programs
printf '%s\n' c a b | sort | tr a-z A-Z | head -n 2
#> A
#> B

### stages are subshells
x=1
echo new | { read -r y; x=$y; }
echo $x | cat
#> 1

### newlines after operators
true &&

echo a |
cat ||
echo b
#> a

### a background command and wait
sh -c 'exit 6' &
wait $!
echo $?
#> 6

### background output
{ echo from; echo behind; } > out &
wait
cat out
#> from
#> behind

### wait without arguments is zero
false &
wait
echo $?
#> 0

### wait for an unknown pid
wait 4194000 2>/dev/null
echo $?
#> 127

### large data through three stages
i=0
while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i + 1)); done | cat | cat | wc -c | tr -d ' '
#> 123000
