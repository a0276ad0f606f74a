# SPDX-License-Identifier: Apache-2.0
# Confinement: what works inside, what is said, what is refused at the start.

### the workspace is read and written, by builtins and programs
## run by: sh
mkdir w && "$SWEBASH" --workspace w -c 'echo a > f; /bin/cat f; mkdir d; mv f d; ln -s d/f l; cat l; rm -r d; pwd' | sed "s,$PWD,HERE,"
#> a
#> a
#> HERE/w

### a session begins in the workspace where its folder is outside
## run by: sh
mkdir w && "$SWEBASH" --workspace w -c 'pwd; echo "$HOME"' | sed "s,$PWD,HERE,"
#> HERE/w
#> HERE/w

### the environment is cut, and what is asked for is there
## run by: sh
TOKEN=secret EDITOR=vi "$SWEBASH" --workspace . --env EDITOR --env NEW=1 -c 'echo "[$TOKEN] $EDITOR $NEW ${PATH:+path}"'
#> [] vi 1 path

### a refusal is told once for each path, and the builtin's own message follows
## run by: sh
echo x > outside; mkdir w
"$SWEBASH" --workspace w -c 'cat ../outside; read -r x < ../outside; echo $?' 2>&1 | sed "s,$PWD,HERE,g; s,^.*: line,swebash: line,"
#> swebash: HERE/outside: not allowed by the workspace policy (--allow-read=HERE/outside would)
#> cat: ../outside: No such file or directory
#> swebash: line 1: ../outside: No such file or directory
#> 1

### the sentence goes where standard error goes
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c 'cat /usr/bin/../../root-of-all 2> /dev/null; : > /usr/x' 2>&1 | head -n 1
#> swebash: /usr/x: not allowed by the workspace policy (--allow-write=/usr/x would)

### what does not exist in the workspace is no refusal
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c 'cat none' 2>&1; :
#> cat: none: No such file or directory

### what is allowed beside the workspace
## run by: sh
mkdir w r; echo read > r/f
"$SWEBASH" --workspace w --allow-read r --allow-write new --allow-write folder/ -c "cat $PWD/r/f; echo a > $PWD/new; echo b > $PWD/folder/f; echo c > $PWD/r/f" 2> /dev/null
cat new folder/f r/f
#> read
#> a
#> b
#> read

### paths in the environment have colons between them
## run by: sh
mkdir w r s; echo one > r/f; echo two > s/f
SWEBASH_WORKSPACE=w SWEBASH_ALLOW_READ=r:s "$SWEBASH" -c "cat $PWD/r/f $PWD/s/f"
#> one
#> two

### the script that is named can be read, and what is beside it cannot
## run by: sh
mkdir w; echo 'echo runs; cat ${0%/*}/beside' > script; echo x > beside
"$SWEBASH" --workspace w script 2> /dev/null; :
#> runs

### statuses and deaths by a signal come through
## run by: sh
mkdir w
"$SWEBASH" --workspace w -c 'exit 7'; echo $?
"$SWEBASH" --workspace w -c 'kill -TERM $$'; echo $?
"$SWEBASH" --workspace w --isolation landlock -c 'kill -TERM $$'; echo $?
#> 7
#> 143
#> 143
#! Terminated
#! Terminated

### a signal to the program is one to the session
## run by: sh
"$SWEBASH" --workspace . -c 'trap "echo got it; exit 3" TERM; echo ready > ready; while :; do sleep 0.05; done' & p=$!
while [ ! -e ready ]; do sleep 0.05; done
kill -TERM $p; wait $p; echo $?
#> got it
#> 3

### the session ends with whoever waits for it outside
## run by: sh
"$SWEBASH" --workspace . -c 'echo ready > ready; while :; do sleep 0.1; echo x > alive; done' & p=$!
while [ ! -e ready ]; do sleep 0.05; done
kill -KILL $p; wait $p 2> /dev/null; sleep 0.2; rm -f alive; sleep 0.4
[ -e alive ] || echo gone
#> gone

### background tasks end with the session, or are kept
## run by: sh
"$SWEBASH" --workspace . -c '(sleep 0.3; echo x > one) &'
"$SWEBASH" --workspace . --keep-background -c '(sleep 0.3; echo x > two) &'
sleep 0.8; ls one two 2> /dev/null; :
#> two

### job control and pipelines inside
## run by: sh
"$SWEBASH" --workspace . -c 'set -m; sleep 0.1 & wait %1; echo $?; seq 100 | sort -n | tail -1; x=$(/bin/echo a | cat); echo $x; cat <(echo b)'
#> 0
#> 100
#> a
#> b

### temporary files
## run by: sh
mkdir w; for i in namespace landlock; do "$SWEBASH" --workspace w --isolation $i -c 'f=$(mktemp) && echo x > $f && cat $f'; done
#> x
#> x

### standard output can be opened by its name
## run by: sh
mkdir w; for i in namespace landlock; do "$SWEBASH" --workspace w --isolation $i -c 'echo a > /dev/stdout; /bin/sh -c "echo b > /dev/stderr"' > out 2> err; cat out err; done
#> a
#> b
#> a
#> b

### git works in a workspace
## run by: sh
mkdir w; "$SWEBASH" --workspace w -c 'git init -q -b main . && git config user.name N && git config user.email e@x && echo a > f && git add f && git commit -qm one && git status --short && git log --format=%s'
cd w; "$SWEBASH" --workspace . -c 'echo b >> f; git commit -qam two; git log --format=%s; git checkout -q -b topic && git branch --list'
#> one
#> two
#> one
#>   main
#> * topic

### git works in a linked worktree
## run by: sh
git init -q -b main r; cd r; git config user.name N; git config user.email e@x; echo a > f; git add f; git commit -qm one
git worktree add -q ../w 2> /dev/null; cd ../w
"$SWEBASH" --workspace . -c 'echo b >> f; git commit -qam two; git log --format=%s; cat ../r/f' 2> /dev/null; :
#> two
#> one

### a workspace that cannot be one
## run by: sh
echo x > file
for w in none file / /usr /proc ''; do "$SWEBASH" --workspace "$w" -c 'echo no'; echo $?; done 2>&1
#> swebash: --workspace: none: No such file or directory (mkdir -p makes it)
#> 2
#> swebash: --workspace: file: Not a directory (name the folder that holds it)
#> 2
#> swebash: --workspace: /: the whole system is no workspace (name a folder of yours)
#> 2
#> swebash: --workspace: /usr: the system's own folder is no workspace (name one of yours)
#> 2
#> swebash: --workspace: /proc: is no place for files (name a folder of yours)
#> 2
#> swebash: --workspace: (nothing): no folder is named (--workspace DIR)
#> 2

### flags that say nothing
## run by: sh
for f in --allow-net=a/b --isolation=vm --tmp=mine --allow-run=no-such --deny=none --allow-write=/etc --env==x; do "$SWEBASH" --workspace . "$f" -c 'echo no'; echo $?; done 2>&1
"$SWEBASH" --allow-net -c 'echo no' 2>&1; echo $?
#> swebash: --allow-net: a/b: no host (HOST or HOST:PORT, *.HOST for all below it)
#> 2
#> swebash: --isolation: vm: no such isolation (auto, namespace or landlock)
#> 2
#> swebash: --tmp: mine: neither private nor shared
#> 2
#> swebash: --allow-run: no-such: no such program (a name in PATH, or a path)
#> 2
#> swebash: --deny: none: No such file or directory (what is denied must be there)
#> 2
#> swebash: --allow-write: /etc: cannot be allowed (name what is needed of it)
#> 2
#> swebash: --env: =x: no name of a variable (--env NAME or NAME=VALUE)
#> 2
#> swebash: --allow-net: needs --workspace DIR
#> 2

### a folder as a standard descriptor
## run by: sh
"$SWEBASH" --workspace . -c 'echo no' < /; echo $?
#> 2
#! swebash: --workspace: descriptor 0 is a folder, from which the outside could be reached (close it, or give /dev/null)

### Landlock alone says what it cannot do
## run by: sh
mkdir w w/d; "$SWEBASH" --workspace w --isolation landlock --deny w/d -c 'echo no' 2>&1 | sed "s,$PWD,HERE,"
"$SWEBASH" --workspace w --isolation landlock --require-confinement -c 'echo no' > /dev/null 2>&1; echo $?
#> swebash: HERE/w/d: --deny needs a view of its own, --isolation namespace
#> 126

### no network, and the network
## run by: sh
"$SWEBASH" --workspace . -c 'exec 3<> /dev/tcp/127.0.0.1/9' 2>&1 | head -n 1
"$SWEBASH" --workspace . --allow-net -c 'exec 3<> /dev/tcp/127.0.0.1/9' 2>&1 | grep -c refused
#> swebash: 127.0.0.1:9: not allowed by the workspace policy (--allow-net would)
#> 1

### no programs, and listed ones
## run by: sh
"$SWEBASH" --workspace . --no-native -c 'echo a; ls script.sh; /bin/echo no' 2> /dev/null
"$SWEBASH" --workspace . --allow-run=tr -c 'echo a | /usr/bin/tr a b; /bin/echo no' 2> /dev/null; :
#> a
#> script.sh
#> b

### a confined session holds to its limits
## run by: sh
"$SWEBASH" --workspace . --limit-wall 0.5 -c '/bin/sh -c "setsid sleep 77 & sleep 77"' 2> /dev/null; echo $?
#> 124

### without a workspace there is no word of any of this
## run by: sh
SWEBASH_ALLOW_NET=1 SWEBASH_ISOLATION=nonsense "$SWEBASH" -c 'echo plain'
#> plain

### the program's own file and devices keep their modes
## run by: sh
mkdir w; cd w
"$SWEBASH" --workspace . --isolation namespace -c 'chmod 4755 /proc/$$/exe; touch /proc/$$/exe; chmod 600 /dev/full; :' 2> /dev/null
test -u "$SWEBASH"; echo $?
stat -c %a /dev/full
"$SWEBASH" --workspace . --isolation landlock -c 'chmod 4755 /proc/$$/exe; :' 2> /dev/null
test -u "$SWEBASH"; echo $?
#> 1
#> 666
#> 1

### settings of git that are links stop a session, and do not weaken it
## run by: sh
git init -q r
ln -s /var r/.git/config.worktree
"$SWEBASH" --workspace r -c 'echo not run' 2>&1 | sed "s|$PWD|HERE|"
#> swebash: --workspace: HERE/r/.git/config.worktree: git's settings are no plain file, and cannot be kept from change (look at it, and make it one)
