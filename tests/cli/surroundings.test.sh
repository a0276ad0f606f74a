# SPDX-License-Identifier: Apache-2.0
# What surrounds a start: descriptors, limits, signals, environment, terminals that are none.

### standard output closed
## run by: sh
"$SWEBASH" -c 'echo lost' >&-; echo $?
#> 1
#!~ *: line 1: echo: write error: Bad file descriptor

### standard error closed
## run by: sh
"$SWEBASH" -c 'echo fine; nothing_like_it' 2>&-; echo $?
#> fine
#> 127

### standard input closed
## run by: sh
"$SWEBASH" -c 'read -r x; echo "status $?"; echo fine' <&- 2>/dev/null
#> status 1
#> fine

### all three closed
## run by: sh
"$SWEBASH" -c 'echo x > made' <&- >&- 2>&-; cat made
#> x

### a full device
## run by: sh
"$SWEBASH" -c 'echo lost; echo $? >&2' > /dev/full
#!~ *: line 1: echo: write error: No space left on device
#! 1

### a full device for a script and for a native command
## run by: sh
printf 'echo a\nls\necho end >&2\n' > s
"$SWEBASH" s > /dev/full 2>err; tail -n 1 err; grep -c 'No space left' err
#> end
#> 2

### a reader that went away
## run by: sh
{ "$SWEBASH" -c 'while :; do echo y; done'; echo $? >&2; } 2>err | head -n 1
cat err
#> y
#> 141

### a reader that went away, SIGPIPE ignored
## run by: sh
trap '' PIPE
{ "$SWEBASH" -c 'for i in 1 2 3 4 5 6; do sleep 0.05; echo y || exit 9; done' 2>/dev/null; echo $? >&2; } 2>err | :
cat err
#> 9

### descriptors that were open stay open for the script
## run by: sh
"$SWEBASH" -c 'read -r x <&5; echo $x' 5<<'E'
five
E
#> five

### descriptors of the program are not the script's
## args: -c 'for n in 3 4 5 6 7 8 9; do { true >&$n; } 2>/dev/null && echo $n; done; echo none'
#> none

### few descriptors
## run by: sh
( ulimit -n 16; "$SWEBASH" -c 'x=$(echo in); echo $x | cat' )
#> in

### no HOME
## run by: sh
unset HOME
"$SWEBASH" -c 'echo "[${HOME-unset}]"; cd; echo $?' 2>/dev/null
#> [unset]
#> 1

### a HOME that is no directory
## run by: sh
HOME=/dev/null "$SWEBASH" -c 'echo fine; cd 2>/dev/null; echo $?'
#> fine
#> 1

### an environment without PATH
## run by: sh
env -i "$SWEBASH" -c 'ls script.sh'
#> script.sh

### an environment of odd entries
## run by: sh
env -i 'A B=1' 'a-b=3' '1=2' 'GOOD=yes' "$SWEBASH" -c 'echo $GOOD'
#> yes

### variables that Wasmtime would listen to
## run by: sh
## timeout: 60
for tier in aot jit; do
  WASMTIME_BACKTRACE_DETAILS=1 RUST_BACKTRACE=1 "$SWEBASH" --engine-tier=$tier -c "echo $tier"
done
#> aot
#> jit

### a large environment
## run by: sh
BIG=$(head -c 100000 /dev/zero | tr '\0' x) "$SWEBASH" -c 'echo ${#BIG}; sh -c '\''echo ${#BIG}'\'
#> 100000
#> 100000

### a wrong PWD is corrected, a right one is kept
## run by: sh
mkdir real; ln -s real link; cd link
PWD=/nonsense "$SWEBASH" -c 'echo "${PWD##*/}"'
"$SWEBASH" -c 'echo "${PWD##*/}"'
#> real
#> link

### the umask is inherited and passed on
## run by: sh
umask 077; "$SWEBASH" -c 'umask; : > f; sh -c umask'; ls -l f | cut -c 1-10
#> 0077
#> 0077
#> -rw-------

### ignored signals stay ignored
## run by: sh
trap '' TERM
"$SWEBASH" -c 'kill -TERM $$; trap "echo no" TERM; kill -TERM $$; echo alive'
#> alive

### an interrupt ends a loop
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
"$SWEBASH" -c 'echo > up; while :; do :; done' 2>&3 &
while ! test -e up; do sleep 0.01; done
kill -TERM $!; wait $!; echo $?
#> 143

### a kill during a native command
## run by: sh
exec 3>&2 2> /dev/null # what sh says of its jobs
"$SWEBASH" -c 'echo > up; sleep 100; echo never' 2>&3 &
while ! test -e up; do sleep 0.01; done
sleep 0.1; kill -TERM $!; wait $!; echo $?
#> 143

### statuses
## run by: sh
for s in 0 1 2 125 126 127 128 255 256 -1; do "$SWEBASH" -c "exit $s"; printf '%s ' $?; done; echo
{ "$SWEBASH" -c 'kill -KILL $$'; echo $?; } 2>/dev/null
"$SWEBASH" -c 'sh -c "kill -KILL \$\$"; exit' 2>/dev/null; echo $?
#> 0 1 2 125 126 127 128 255 0 255 
#> 137
#> 137

### no arguments and no input
## run by: sh
"$SWEBASH" < /dev/null; echo $?
#> 0

### an unknown option
## run by: sh
"$SWEBASH" -Z 2>err; echo $?; grep -c 'invalid option' err
"$SWEBASH" --nonsense 2>err; echo $?; grep -c 'nonsense: invalid option' err
"$SWEBASH" -o nonsense -c : 2>err; echo $?; grep -c 'nonsense: invalid option name' err
"$SWEBASH" -c 2>err; echo $?; grep -c 'requires an argument' err
#> 2
#> 1
#> 2
#> 1
#> 2
#> 1
#> 2
#> 1

### the usage text names options that are there
## run by: sh
"$SWEBASH" --help | sed -n 's/^\t-\([a-z]*\) or -c .*/\1/p'
"$SWEBASH" -r -c : 2> /dev/null; echo $?
#> ilrs
#> 0

### help and version
## run by: sh
"$SWEBASH" --help > out; echo $?; grep -c -e '--engine' out | grep -c '[1-9]'
"$SWEBASH" --version | head -n 1 | grep -c '^swebash'
#> 0
#> 1
#> 1

### called as sh
## run by: sh
ln -s "$SWEBASH" sh
./sh -c 'echo "$0"; set -o | grep "^posix" | tr -s " \t" " "'
#> ./sh
#> posix on

### nothing is written where it runs
## run by: sh
mkdir d; cd d
"$SWEBASH" -c 'x=$(echo a | cat); (echo $x)'; ls -A
#> a

### children see no variable that was not there
## run by: sh
env -i A=1 "$SWEBASH" -c '/usr/bin/env' | sed 's/=.*//' | sort | tr '\n' ' '; echo
#> A PWD SHLVL _ 

### a root of its own with nothing in it: no /proc, no /dev, no HOME
## run by: sh
unset ENGINE_WASM HOME
export SWEBASH_ENGINE_TIER=aot
if chroot / true 2>/dev/null; then within=chroot; else within='unshare -r chroot'; fi
if ! $within / true 2>/dev/null; then
  # Nobody may change the root here, so there is nothing to ask.
  printf '%s\n' hi sub / linked 'not found'; exit
fi
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir -p root/app root/bin && cp "$own/swebash" "$own/engine.wasm" "$own/engine.cwasm" root/app
ln -s ../app/swebash root/bin/sh
$within root /app/swebash -c 'echo hi | cat; x=$(echo sub); (echo $x); pwd'
$within root /bin/sh -c 'echo linked'
$within root /bin/sh -c '/bin/true 2>/dev/null || echo not found'
#> hi
#> sub
#> /
#> linked
#> not found

### without /proc
## run by: sh
export SWEBASH_ENGINE_TIER=aot
bare() { unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$@"; }
if ! bare true 2>/dev/null; then
  # Nobody may make a namespace here, so there is nothing to ask.
  printf '%s\n' text 'native sub' 'behind a link' relative 127
  echo 'swebash: without /proc' >&2; exit
fi
program=$(readlink -f "$SWEBASH")
bare "$program" -c 'cat <<< text; /bin/echo native $(echo sub) | /bin/cat'
ln -s "$program" link; ln -s "$PWD/link" again
bare "$PWD/again" -c 'echo behind a link'
mkdir app && cp "${program%/*}/swebash" "${program%/*}/engine.cwasm" app
bare app/swebash -c 'echo relative'
# A script that names it as its interpreter is all that the kernel speaks of then.
printf '#!%s\n:\n' "$program" > s; chmod +x s
bare ./s; echo $?
#> text
#> native sub
#> behind a link
#> relative
#> 127
#!~ swebash: without /proc*

### a root that is read only
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/cache
# The same tree a second time, read only.
frozen() {
  unshare -rm sh -c 'mount --rbind / frozen && mount -o remount,bind,ro frozen && exec chroot frozen "$@"' sh "$@"
}
mkdir frozen
if ! frozen true 2>/dev/null; then
  # Nobody may make a namespace here, so there is nothing to ask.
  printf '%s\n' here sub 'not written' here sub 'not written'; exit
fi
cat > script <<'E'
cat <<T
here
T
x=$(echo sub); echo $x | /bin/cat
{ : > "$0.new"; } 2>/dev/null || echo not written
E
for tier in aot cache; do
  SWEBASH_ENGINE_TIER=$tier frozen "$(readlink -f "$SWEBASH")" "$PWD/script"
done
#> here
#> sub
#> not written
#> here
#> sub
#> not written
