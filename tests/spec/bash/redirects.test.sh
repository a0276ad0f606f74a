# SPDX-License-Identifier: Apache-2.0
# bash: redirections beyond POSIX, and their errors.

### both outputs to a file
f() { echo out; echo err >&2; }
f &> a; cat a
f >& b; cat b
f &>> b; cat b
#> out
#> err
#> out
#> err
#> out
#> err
#> out
#> err

### a pipe for both
{ echo out; echo err >&2; } |& sort -r
#> out
#> err

### descriptors by name
exec {in}< script.sh {out}> o
read -r -u $in l; echo "$l" >&$out
echo "$((in > 9)) $((out != in))"
exec {in}<&- {out}>&-
cat o
#> 1 1
#> exec {in}< script.sh {out}> o

### moving descriptors
exec 3> f
echo one >&3
exec 4>&3-
echo two >&4
echo three 2>/dev/null >&3 || echo closed
exec 4>&-
cat f
#> closed
#> one
#> two

### duplicating and closing
exec 5>&1
echo five >&5
exec 5>&-
echo lost 2>&- >&5
echo "status $?"
#> five
#> status 1

### closed standard output
echo x >&-
echo "status $?"
#> status 1
#! script.sh: line 1: echo: write error: Bad file descriptor

### closed standard input
read -r x <&-
echo "status $?"
#> status 1
#! script.sh: line 1: read: read error: 0: Bad file descriptor

### reading and writing
printf 'abc\n' > f
exec 3<> f
read -r -n 1 -u 3 c; echo $c
printf 'X' >&3
exec 3>&-
cat f
#> a
#> aXc

### order from left to right
{ echo out; echo err >&2; } > f 2>&1; wc -l < f | tr -d ' '
{ echo out; echo err >&2; } 2>&1 > f; wc -l < f | tr -d ' '
#> 2
#> err
#> 1

### redirections stand anywhere
> f echo one
echo < /dev/null two >> f three
cat f
#> one
#> two three

### redirections of compound commands and functions
for i in 1 2; do echo $i; done > f
while read -r i; do echo "<$i>"; done < f
if :; then echo if; fi >> f
{ cat f; } | tail -n 1
(echo sub; echo err >&2) 2>&1 | sort
case x in x) echo case ;; esac > g; cat g
[[ -f g ]] > h && ls h
((1)) > i; ls i
#> <1>
#> <2>
#> if
#> err
#> sub
#> case
#> h
#> i

### noclobber
set -C
echo a > f
echo b > f
echo "status $?"
echo c >| f; cat f
echo d >> f; cat f
echo x > /dev/null && echo devices
echo e &> f; echo $?
echo new <> other; ls other
#> status 1
#> c
#> c
#> d
#> devices
#> 1
#> new
#> other
#! script.sh: line 3: f: cannot overwrite existing file
#! script.sh: line 8: f: cannot overwrite existing file

### errors name the target
cat < nothing
: > nothing/x
: > .
echo "status $?"
: < .
echo "status $?"
#> status 1
#> status 0
#! script.sh: line 1: nothing: No such file or directory
#! script.sh: line 2: nothing/x: No such file or directory
#! script.sh: line 3: .: Is a directory

### a bad descriptor
echo x >&9
echo "status $?"
: <&8
echo "status $?"
echo x >&word$RANDOM
ls word* | wc -l | tr -d ' '
#> status 1
#> status 1
#> 1
#! script.sh: line 1: 9: Bad file descriptor
#! script.sh: line 3: 8: Bad file descriptor

### an ambiguous target
x='a b'
echo y > $x
echo $?
e=
echo y > $e
echo $?
echo y > "$e"
echo $?
#> 1
#> 1
#> 1
#! script.sh: line 2: $x: ambiguous redirect
#! script.sh: line 5: $e: ambiguous redirect
#! script.sh: line 7: : No such file or directory

### an error stops the command alone
echo never < nothing
echo "after $?"
x=1 < nothing
echo "after $? $x"
#> after 1
#> after 1 1
#! script.sh: line 1: nothing: No such file or directory
#! script.sh: line 3: nothing: No such file or directory

### an error in a redirection of exec leaves the script running
exec < nothing
echo "next $?"
#> next 1
#! script.sh: line 1: nothing: No such file or directory

### an error with a special builtin
: < nothing
echo "status $?"
#> status 1
#! script.sh: line 1: nothing: No such file or directory

### an error with a compound command skips it
{ echo never; } < nothing
echo "status $?"
for i in 1; do echo never; done < nothing || echo no
#> status 1
#> no
#! script.sh: line 1: nothing: No such file or directory
#! script.sh: line 3: nothing: No such file or directory

### exec keeps redirections
exec 3>&1 > f
echo in f
exec >&3 3>&-
echo back; cat f
#> back
#> in f

### devices of descriptors
echo err > /dev/stderr
echo out > /dev/stdout
echo three 3>&1 > /dev/fd/3
cat /dev/stdin <<< in
cat /dev/fd/4 4<<< four
#> out
#> three
#> in
#> four
#! err

### appending from several writers
for i in 1 2 3; do echo $i >> f & done; wait
sort f
#> 1
#> 2
#> 3

### expansions in targets
d=dir; mkdir $d
echo x > $d/$(echo name).${d:0:1}
ls $d
#> name.d

### numbers that are words
echo 2>f; cat f
echo 2 >f; cat f
echo a2>f; cat f
echo \2>f; cat f
#>
#> 2
#> a2
#> 2

### a descriptor above nine
exec 10> ten; echo ten >&10; exec 10>&-; cat ten
echo x 11>&1 >&11
#> ten
#> x

### closing through a variable
exec {fd}>f; echo in >&$fd; eval "exec $fd>&-"; cat f
#> in

### a redirection alone
> empty; < empty; >> empty; ls -s empty | cut -d' ' -f2
2> err ls nothing_at_all; test -s err && echo kept
#> empty
#> kept

### redirections undone after a builtin
echo one > f; echo two
cd . > g; echo three
{ echo four; } > h; echo five
#> two
#> three
#> five

### what a descriptor could not be is told by the words of the script
exec {fd}>file {fd}>&-
echo x >&$fd
echo $?
exec {unset_name}>&-
echo $?
readonly ro=1
echo y {ro}>file
echo $?
cat </dev/fd/88
echo $?
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 2: $fd: Bad file descriptor
#! script.sh: line 4: unset_name: ambiguous redirect
#! script.sh: line 7: ro: readonly variable
#! script.sh: line 7: ro: cannot assign fd to variable
#! script.sh: line 9: /dev/fd/88: No such file or directory

### a number too large for a descriptor is a word
echo 99999999999>file
cat file
#> 99999999999

### noclobber keeps a link that leads nowhere
set -C
ln -s nowhere link
echo x >link
echo $?
#> 1
#! script.sh: line 3: link: cannot overwrite existing file

### what is read from a pipe is what cat had read, whatever happens to the file
printf 'before\n' >file
{ cat file; printf 'later!\n' 1<>file; } | { sleep 0.2; cat; }
#> before

### an error in a program's redirection is that program's
cat < ${!nobody}; echo $?
nosuchcommand <<< ${!nobody} || echo or
if cat <<E
${!nobody}
E
then :; else echo else; fi
! cat > ${x[1+]}; echo $?
: < ${!nobody}; echo not reached
echo on
#> 1
#> or
#> else
#> 0
#> on
#! script.sh: line 1: nobody: invalid indirect expansion
#! script.sh: line 2: nobody: invalid indirect expansion
#! script.sh: line 3: nobody: invalid indirect expansion
#! script.sh: line 7: 1+: syntax error: operand expected (error token is "+")
#! script.sh: line 8: nobody: invalid indirect expansion

### a program's redirections assign nothing, in a script without #! neither
printf '/bin/echo one > ${w:=one}; cat one; echo "${w-unset}"; echo two > ${v:=two}; echo "$v"' > script
chmod +x script
./script > ${q:=out}; cat out; echo "${q-unset}"
#> one
#> unset
#> two
#> unset

### {name}>&N takes the lowest free descriptor from 10 up
exec 10>&- 11>&- 12>&- {a}>&1 {b}< /dev/null
echo $a $b
exec {c}<&$b-
echo $c
exec {a}>&-
: {d}>&2
echo $d
#> 10 11
#> 12
#> 10

### that a descriptor cannot be had for {name}> is told twice
exec {v}< /dev/null {w}>&99
echo after
#> after
#! script.sh: redirection error: cannot duplicate fd: Bad file descriptor
#! script.sh: line 1: 99: Bad file descriptor

### closing {name} of an unset variable is refused under set -u as without it
set -u
{ exec {v}>&-; } 2>&1
echo after
#> script.sh: line 2: v: ambiguous redirect
#> after

### a script that takes the number of what a redirection has put aside does not lose that
{ exec 10>&1; echo group; } > f
echo out
fun() { exec 10>&1 11>&2; echo fun; }
fun > h 2> i
echo after
cat f h
read -r line 10< h < f
echo "$line"
#> out
#> after
#> group
#> fun
#> group

### a variable's descriptor in a substitution that is only a redirection is the substitution's
echo "[$({v}< /dev/null)]"
echo "v=$v"
#> []
#> v=
