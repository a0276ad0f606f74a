# SPDX-License-Identifier: Apache-2.0
# The builtin `workspace`: what is shown, and what may be written from then on.

### it is there in a confined session alone
## run by: sh
"$SWEBASH" -c 'workspace; type workspace; enable -a | grep workspace; compgen -b work; workspace() { echo mine; }; workspace' 2>&1 | sed 's/^.*: line/line/'
"$SWEBASH" --workspace . -c 'type workspace; compgen -b work; workspace path' | sed "s,$PWD,HERE,"
#> line 1: workspace: command not found
#> line 1: type: workspace: not found
#> mine
#> workspace is a shell builtin
#> workspace
#> HERE

### status says what is allowed, and by what
## run by: sh
mkdir w w/no r; for i in namespace landlock; do "$SWEBASH" --workspace w --allow-read r --isolation $i -c 'workspace; workspace status | tail -n 1' | grep -e "$PWD" -e enforced -e TCP -e network | grep -v -e bin/swebash -e engine | sed "s,$PWD,HERE,; s/ABI [0-9]*/ABI N/"; done
#> workspace HERE/w
#>   read-write     HERE/w
#>   read-only      HERE/r
#>   no network
#> enforced by a view of its own, Landlock ABI N
#>   TCP                             Landlock, seccomp
#> workspace HERE/w
#>   read-write     HERE/w
#>   read-only      HERE/r
#>   no network
#> enforced by Landlock alone, Landlock ABI N
#>   TCP                             Landlock, seccomp

### ro: no command of the engine changes anything, and no program
## run by: sh
for i in namespace landlock; do
mkdir w w/d; echo a > w/f
"$SWEBASH" --workspace w --isolation $i -c 'workspace ro
for c in "echo b > f" "echo b >> f" ": > new" "rm f" "mkdir e" "rmdir d" "mv f g" "ln f g" "ln -s f g" "touch new" "cp f g" "exec 5<> f" "tee f < /dev/null"; do
  eval "$c" 2> /dev/null && echo "DONE: $c"
  /bin/sh -c "$c" 2> /dev/null && echo "DONE by sh: $c"
done
cat f; ls; cat < f'
rm -r w; done
#> a
#> d
#> f
#> a
#> a
#> d
#> f
#> a

### rw takes it back; a subshell's choice is its own
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c '(workspace ro; echo 1 > f; /bin/sh -c "echo 1 > f"); echo 2 > f; cat f
workspace ro; x=$(workspace rw; echo 3 > f; cat f); echo $x; echo 4 > f; workspace rw; echo 5 > f; /bin/sh -c "echo 6 >> f"; cat f' 2> /dev/null
#> 2
#> 3
#> 5
#> 6

### allow: a place of the workspace, within what the start allowed
## run by: sh
mkdir w w/a w/b out; "$SWEBASH" --workspace w --allow-write out -c '
workspace ro; workspace allow a rw; echo 1 > a/f; /bin/sh -c "echo 2 >> a/f"; echo 3 > b/f; /bin/sh -c "echo 4 > b/f"; ln a/f b/g; mv a/f b/h; cp a/f a/g; ls a b
workspace allow a ro; echo 5 > a/f
workspace rw; workspace allow '$PWD'/out ro; echo 6 > '$PWD'/out/f; echo 7 > b/f; cat a/f b/f; workspace | grep -e "now " -e write' 2> /dev/null | sed "s,$PWD,HERE,"
#> a:
#> f
#> g
#> 
#> b:
#> 1
#> 2
#> 7
#>   read-write     HERE/w
#>   read-only now  HERE/out

### no more than the start allowed
## run by: sh
mkdir w w/a r; "$SWEBASH" --workspace w --allow-read r -c 'cd a
for p in /etc "$PWD/../../r" none; do workspace allow $p rw; echo $?; done
workspace allow ../../r ro; echo $?; workspace allow . ro; workspace allow /usr; echo $?
workspace allow; workspace maybe; workspace ro rw; echo $?' 2>&1 | sed "s,$PWD,HERE,g; s,^.*: line,line,"
#> line 2: workspace: /etc: more than the session was started with (--allow-write=/etc there would)
#> 1
#> line 2: workspace: HERE/w/a/../../r: more than the session was started with (--allow-write=HERE/w/a/../../r there would)
#> 1
#> line 2: workspace: none: No such file or directory
#> 1
#> 0
#> line 3: workspace: .: lies in a place that is read-write (workspace ro, then workspace allow what shall be written)
#> 0
#> workspace: usage: workspace [status] or workspace path|ro|rw or workspace allow path [ro|rw]
#> workspace: usage: workspace [status] or workspace path|ro|rw or workspace allow path [ro|rw]
#> workspace: usage: workspace [status] or workspace path|ro|rw or workspace allow path [ro|rw]
#> 2

### what stays writable: devices, temporary files, descriptors that were open
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c 'exec 5> f; workspace ro; echo a >&5; echo b > /dev/null; echo c >> /dev/stdout; /bin/sh -c "echo d >> /dev/stderr" 2>&1; t=$(mktemp) && echo e > $t && cat $t; /bin/sh -c "echo g > $t"; cat $t f; echo h > /dev/fd/5; exec 6< f; echo i > /dev/fd/6' >> out 2> /dev/null; cat out w/f
#> c
#> d
#> e
#> g
#> a
#> a
#> h

### what is told, and the status
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c 'workspace ro; echo a > f; echo $?; echo b > f' 2>&1 | sed "s,$PWD,HERE,g; s,^.*: line,line,"
#> swebash: HERE/w/f: read-only now (workspace rw would change that)
#> line 1: f: Read-only file system
#> 1
#> line 1: f: Read-only file system

### what was started before keeps what it had, what comes after has not; exec too
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c '/bin/sh -c "sleep 0.3; echo early > f" & workspace ro; (exec /bin/sh -c "echo late > g") 2> /dev/null; wait; cat f; ls; exec /bin/sh -c "echo late > g"' 2> /dev/null; echo $?
#> early
#> f
#> 2
