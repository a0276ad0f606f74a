# SPDX-License-Identifier: Apache-2.0
# bash: pipefail, PIPESTATUS, process substitution, here-strings, coproc.

### PIPESTATUS and pipefail
false | true | (exit 3)
echo "${PIPESTATUS[@]}"
set -o pipefail
false | true
echo $?
#> 1 0 3
#> 1

### here-strings
cat <<< "one $((1 + 1))"
read -r a b <<< 'x y z'
echo "$b"
#> one 2
#> y z

### process substitution
cat <(echo a) <(echo b)
while read -r x; do last=$x; done < <(printf '1\n2\n')
echo $last
#> a
#> b
#> 2

### both outputs
{ echo out; echo err >&2; } &> f
cat f
{ echo out; echo err >&2; } |& sort
#> out
#> err
#> err
#> out

### lastpipe
shopt -s lastpipe
echo kept | read -r x
echo $x
#> kept

### a descriptor by name
exec {fd}> f
echo text >&$fd
exec {fd}>&-
cat f
#> text

### coproc
coproc cat
echo through >&"${COPROC[1]}"
read -r x <&"${COPROC[0]}"
echo $x
eval "exec ${COPROC[1]}>&-"
wait
#> through

### time of a pipeline keeps its status
TIMEFORMAT=
time false
echo $?
#> 1

### errexit and pipefail together
set -eo pipefail
false | true
echo never
## status: 1

### ERR and RETURN traps
trap 'echo err' ERR
false
f() { trap 'echo ret' RETURN; }
f
#> err
#> ret

### BASH_SUBSHELL and BASHPID
(echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL))
[ $BASHPID = $$ ] && echo same
([ $BASHPID = $$ ] || echo other)
#> 1
#> 2
#> same
#> other

### what echo and printf write into a pipe or a substitution leaves the shell as it was
printf -v foo x | cat; echo "foo=$foo"
printf '%5n' foo | cat; echo "foo=$foo"
RANDOM=5; a=$RANDOM; RANDOM=5; b=$(echo $RANDOM); [ $a = $RANDOM ] && echo same
echo $BASHPID | grep -qvx $$ && echo other
x=$(echo $BASH_SUBSHELL); echo $x
set -- q; echo "$_" >/dev/null; echo a | cat; echo "$1 ${PIPESTATUS[*]}"
#> foo=
#> foo=
#> same
#> other
#> 1
#> a
#> q 0 0

### statuses of echo and printf in a pipe or a substitution
printf '%d\n' zz 2>/dev/null | cat; echo "${PIPESTATUS[@]}"
printf '%d\n' zz 2>&1 | tail -n 1
x=$(printf 'bad %d' q 2>&1); echo "$?"
false; x=$(echo $?); echo $x
set -o pipefail; { printf '%d\n' zz | cat; } 2>/dev/null; echo $?
#> 0
#> 1 0
#> 0
#> 1
#> 1
#> 0
#> 1

### a function or a program may stand for echo and printf
echo() { builtin echo fn "$@"; }
x=$(echo hi); builtin echo "$x"; echo a | cat
unset -f echo
enable -n printf; printf '%s\n' abc | cat; enable printf
#> fn hi
#> fn a
#> abc

### more than a pipe holds at once
big=$(head -c 100000 /dev/zero | tr '\0' a)
echo "$big" | wc -c
printf '%s' "$big" | { head -c 3; tail -c 2; }; echo
echo "$big" | head -c 5; echo " ${PIPESTATUS[*]}"
#> 100001
#> aaaaa
#> aaaaa 141 0

### a word that cannot be expanded is said once, and the stage fails
y=1
{ echo ${y@Z} | cat; echo "${PIPESTATUS[@]}"; } 2>&1 | sed 's/.*: line/line/'
{ /bin/echo ${y@Z} | cat; echo "${PIPESTATUS[@]}"; } 2>&1 | sed 's/.*: line/line/'
#> line 2: ${y@Z}: bad substitution
#> 1 0
#> line 3: ${y@Z}: bad substitution
#> 1 0

### a simple command that is a stage or in the background runs no ERR trap of its own
set -E; trap 'echo ERR' ERR
false | cat; true | false; echo -
{ false; } | cat; echo -
false & wait; echo -
#> ERR
#> -
#> ERR
#> -
#> -

### head takes from a pipe the bytes that it is asked for
printf abcdefghij | { head -c 5; echo; cat; echo; }
#> abcde
#> fghij

### programs in a compound command that is a stage or in the background
for i in 1 2; do /bin/echo $i; done | cat
if /bin/true; then /bin/echo yes; fi | cat
while /bin/true; do /bin/echo loop; break; done | cat
case a in a) /bin/echo c1; /bin/echo c2;; esac | cat
{ /bin/echo g1; /bin/echo g2; } | cat
for i in 3 4; do /bin/echo $i; done & wait
/bin/true && /bin/echo both & wait
x=$(for i in 5 6; do /bin/echo $i; done); echo $x
#> 1
#> 2
#> yes
#> loop
#> c1
#> c2
#> g1
#> g2
#> 3
#> 4
#> both
#> 5 6

### the other end of a fifo may be opened by the next stage
mkfifo f
/bin/cat < f | { echo one > f; /bin/cat; }
/bin/echo two > f | /bin/cat < f
{ read -r x; echo "$x"; } < f | { echo three > f; /bin/cat; }
name=f
/bin/cat < "$name" 2> /dev/null | { echo four > f; /bin/cat; } | /bin/cat
#> one
#> two
#> three
#> four

### the first coprocess has the descriptors 63 and 60
coproc cat
echo ${COPROC[@]}
exec {COPROC[1]}>&-
wait
#> 63 60

### programs of a pipeline whose ends take the numbers of closed descriptors
exec 3>&1 4>&2
(exec <&-; echo one | /bin/cat | /bin/cat)
(exec >&-; echo two | /bin/cat | /bin/cat >&3)
(exec <&- >&-; /bin/echo three | /bin/cat | /bin/cat >&3)
(exec <&- >&- 2>&-; /bin/echo four | /bin/cat | /bin/cat >&3)
(exec <&- 2>&-; { echo five >&2; } |& /bin/cat)
#> one
#> two
#> three
#> four
#> five
