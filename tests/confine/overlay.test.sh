# SPDX-License-Identifier: Apache-2.0
# The overlay: what a script would change is seen first, and taken or not.

### what a script writes is kept apart, shown, and taken
## run by: sh
mkdir w; echo a > w/f; echo x > w/gone
"$SWEBASH" --workspace w --overlay -c 'echo b >> f; rm gone; mkdir d; echo new > d/n; cat f'; echo "status $?"
cat w/f; ls w
"$SWEBASH" overlay status | sed "s,$PWD,HERE,"
"$SWEBASH" overlay diff
"$SWEBASH" overlay apply; echo "status $?"
cat w/f w/d/n; ls w; "$SWEBASH" overlay list
#> a
#> b
#> status 0
#> a
#> f
#> gone
#> w-1: of HERE/w
#> A d/
#> A d/n
#> M f
#> D gone
#> new directory b/d
#> diff --git a/d/n b/d/n
#> new file mode 100644
#> --- /dev/null
#> +++ b/d/n
#> @@ -0,0 +1 @@
#> +new
#> diff --git a/f b/f
#> --- a/f
#> +++ b/f
#> @@ -1 +1,2 @@
#>  a
#> +b
#> diff --git a/gone b/gone
#> deleted file mode 100644
#> --- a/gone
#> +++ /dev/null
#> @@ -1 +0,0 @@
#> -x
#> status 0
#> a
#> b
#> new
#> d
#> f
#! swebash overlay: w-1: 2 added, 1 changed, 1 removed (swebash overlay status, diff, apply, discard)
#! swebash overlay: 4 applied

### a dry run shows it and leaves nothing
## run by: sh
mkdir w; echo a > w/f
"$SWEBASH" --workspace w --dry-run -c 'echo b > f; cat f; exit 3'; echo "status $?"
cat w/f; "$SWEBASH" overlay list; ls .local/state/swebash/overlays
#> b
#> diff --git a/f b/f
#> --- a/f
#> +++ b/f
#> @@ -1 +1 @@
#> -a
#> +b
#> status 3
#> a

### a session that changes nothing leaves nothing
## run by: sh
mkdir w; echo a > w/f
"$SWEBASH" --workspace w --overlay -c 'cat f; echo x > /tmp/x; touch -r f t; rm t'
"$SWEBASH" overlay list; ls .local/state/swebash/overlays
#> a

### an overlay is discarded
## run by: sh
mkdir w
"$SWEBASH" --workspace w --overlay -c 'mkdir d; echo x > d/x; chmod 0 d'
"$SWEBASH" overlay discard; echo $?; "$SWEBASH" overlay list; ls w; ls .local/state/swebash/overlays
#> 0
#! swebash overlay: w-1: 2 added, 0 changed, 0 removed (swebash overlay status, diff, apply, discard)

### the next session goes on in it, and so does a shell
## run by: sh
mkdir w
"$SWEBASH" --workspace w --overlay=kept -c 'echo one > f' 2> /dev/null
"$SWEBASH" --workspace w --overlay=kept -c 'cat f; echo two >> f' 2> /dev/null
"$SWEBASH" overlay shell w-1 -c 'cat f; pwd' 2> /dev/null | sed "s,$PWD,HERE,"
"$SWEBASH" overlay discard ./kept; ls w; ls -d k*
#> one
#> one
#> two
#> HERE/w
#! ls: cannot access 'k*': No such file or directory
## status: 2

### what has changed underneath is not written over, and the rest can be taken by its name
## run by: sh
mkdir w; echo a > w/f; echo a > w/g; mkdir w/d; echo a > w/d/x
"$SWEBASH" --workspace w --overlay -c 'echo mine > f; echo mine > g; rm -r d; echo mine > new' 2> /dev/null
echo theirs > w/f; echo theirs > w/d/y; echo theirs > w/new
"$SWEBASH" overlay apply; echo "status $?"; cat w/f w/g
"$SWEBASH" overlay apply w-1 g; echo "status $?"; cat w/f w/g; ls w/d
"$SWEBASH" overlay status w-1 | sed 1d
#> status 1
#> theirs
#> a
#> status 0
#> theirs
#> mine
#> x
#> y
#> D d/: it has changed underneath since
#> M f: it has changed underneath since
#> M new: it has changed underneath since
#! swebash overlay: d: it has changed underneath since
#! swebash overlay: f: it has changed underneath since
#! swebash overlay: new: it has changed underneath since
#! swebash overlay: nothing was applied (paths after the name apply the others)
#! swebash overlay: 1 applied, the rest is kept in w-1

### modes, times, links, names of one file, FIFOs and strange names are kept
## run by: sh
mkdir w ref; cat > script << 'END'
umask 022
echo run > run; chmod 700 run; touch -d '2001-02-03 04:05:06.789' run
ln run other; ln -s ../away link; mkfifo -m 600 pipe
echo x > $'a\nb'; mkdir -p d/e; touch -d 2002-01-01 d/e; chmod 750 d/e
END
"$SWEBASH" --workspace w --overlay -c "$(cat script)" 2> /dev/null
"$SWEBASH" overlay apply 2> /dev/null
(cd ref && bash ../script)
for d in w ref; do (cd $d && find . -printf '%p %y %l %m %n\n' | sort); done | sort | uniq -u
stat -c %y w/run w/d/e; [ w/run -ef w/other ] && echo one file
#> 2001-02-03 04:05:06.789000000 +0000
#> 2002-01-01 00:00:00.000000000 +0000
#> one file

### a mode alone, a folder that was removed and made again, a file in a folder's place
## run by: sh
mkdir w w/d w/t w/t/u; echo a > w/m; echo b > w/d/gone; echo c > w/d/same; echo d > w/f; chmod 600 w/m
"$SWEBASH" --workspace w --overlay -c 'chmod 755 m; rm -r d t; mkdir d; echo c > d/same; echo e > t; rm f; mkdir f; echo g > f/g' 2> /dev/null
"$SWEBASH" overlay status | sed 1d
"$SWEBASH" overlay apply 2> /dev/null; stat -c %a w/m; ls w/d; cat w/t w/f/g w/m
#> D d/gone
#> m d/same
#> T f/
#> A f/g
#> m m
#> T t
#> 755
#> same
#> e
#> g
#> a

### git works in it, and its commit is taken
## run by: sh
export GIT_CONFIG_NOSYSTEM=1; mkdir w; cd w; git init -q; git config user.name me; git config user.email me@here
echo a > f; git add f; git commit -qm one; cd ..
"$SWEBASH" --workspace w --overlay -c 'echo b > f; git commit -qam two; git log --format=%s' 2> /dev/null
git -C w log --format=%s
"$SWEBASH" overlay apply 2> /dev/null; echo "applied $?"
git -C w log --format=%s; git -C w status --porcelain; git -C w fsck
#> two
#> one
#> one
#> applied 0
#> two
#> one

### git's own files of a linked worktree, which lie elsewhere, are not written
## run by: sh
mkdir r; cd r; git init -q; git config user.name me; git config user.email me@here; git commit -q --allow-empty -m one
git worktree add -q ../w; cd ..
"$SWEBASH" --workspace w --overlay -c 'git log --format=%s; git commit -q --allow-empty -m two 2> /dev/null || echo no' 2> /dev/null
git -C w log --format=%s
#> one
#> no
#> one

### what belongs to nobody's overlay is not taken for one
## run by: sh
mkdir w other full; touch full/x
"$SWEBASH" --workspace w --overlay=full -c 'echo runs'; echo $?
"$SWEBASH" --workspace w --overlay=kept -c ': > f' 2> /dev/null
"$SWEBASH" --workspace other --overlay=kept -c 'echo runs' 2>&1 | sed "s,$PWD,HERE,"
"$SWEBASH" --workspace w --overlay --isolation landlock -c 'echo runs'; echo $?
"$SWEBASH" --workspace w --overlay --keep-background -c 'echo runs'; echo $?
"$SWEBASH" --overlay -c 'echo runs'; echo $?
"$SWEBASH" overlay diff none; echo $?
#> 126
#> swebash: --overlay: kept: is the overlay of another workspace, HERE/w
#> 2
#> 126
#> 2
#> 2
#! swebash: --overlay: full: is neither empty nor an overlay
#! swebash: --overlay: needs --isolation namespace
#! swebash: --overlay: nothing can go on after the session (--keep-background)
#! swebash: --overlay: needs --workspace DIR
#! swebash overlay: none: no such overlay (a path comes after the name: w-1 none)

### a file system that has no overlay is told of, and nothing runs
## run by: sh
mkdir w; "$SWEBASH" --workspace w --overlay=/proc/none -c 'echo runs'; echo $?
#> 126
#! swebash: --overlay: /proc/none: No such file or directory

### a session that was killed leaves its overlay, and a dry run that was killed nothing
## run by: sh
mkdir w
"$SWEBASH" --workspace w --overlay -c 'echo x > f; echo ready; sleep 60' > out 2>&1 & pid=$!
until grep -qs ready out; do sleep 0.02; done
"$SWEBASH" overlay list | sed 's/.* //'; "$SWEBASH" overlay apply; "$SWEBASH" overlay discard
kill -9 $pid; wait $pid 2> /dev/null; sleep 0.1
"$SWEBASH" overlay status | sed 1d
"$SWEBASH" overlay apply; cat w/f; rm out
"$SWEBASH" --workspace w --dry-run -c 'echo y > f; echo ready; sleep 60' > out 2>&1 & pid=$!
until grep -qs ready out; do sleep 0.02; done
kill -9 $pid; wait $pid 2> /dev/null; sleep 0.1
ls .local/state/swebash/overlays; "$SWEBASH" --workspace w --overlay -c :; ls .local/state/swebash/overlays; cat w/f
#> use
#> A f
#> x
#> w-1
#> x
#! swebash overlay: w-1: a session is using it
#! swebash overlay: w-1: a session is using it
#! swebash overlay: 1 applied

### two sessions have an overlay each, and one is not used twice
## run by: sh
mkdir w
"$SWEBASH" --workspace w --overlay=one -c 'echo x > f; echo ready; sleep 60' > out 2>&1 & pid=$!
until grep -qs ready out; do sleep 0.02; done
"$SWEBASH" --workspace w --overlay=one -c 'echo runs'
"$SWEBASH" --workspace w --overlay=two -c 'cat f; echo y > f' 2>&1 | head -1
kill -9 $pid; wait $pid 2> /dev/null; "$SWEBASH" overlay list | cut -d' ' -f1
#> cat: f: No such file or directory
#> w-1
#> w-2
#! swebash: --overlay: one: another session is using it

### colour is for a terminal, and what a script wrote is only text there
## run by: sh
mkdir w; printf 'old\n' > w/f
"$SWEBASH" --workspace w --overlay -c 'printf "\033[2Jnew\n" > f' 2> /dev/null
"$SWEBASH" overlay diff --color=always | sed -n l
script -qec "NO_COLOR=1 '$SWEBASH' overlay diff" /dev/null | tr -d '\r' | tail -1
#> \033[1mdiff --git a/f b/f\033[m$
#> \033[1m--- a/f\033[m$
#> \033[1m+++ b/f\033[m$
#> \033[36m@@ -1 +1 @@\033[m$
#> \033[31m-old\033[m$
#> \033[32m+\033[2Jnew\033[m$
#> +^[[2Jnew

### a file with holes that is larger than memory is shown by its size, and applied
## run by: sh
mkdir w; truncate -s 40G w/big
"$SWEBASH" --workspace w --overlay=kept -c 'truncate -s 50G new; echo x >> new' 2> /dev/null
"$SWEBASH" overlay diff | tail -1; (ulimit -v 200000; "$SWEBASH" overlay apply) 2> /dev/null
stat -c %s w/new; [ $(stat -c %b w/new) -lt 100 ] && tail -c 2 w/new
#> Binary files /dev/null and b/new differ (nothing, 53.7 GB)
#> 53687091202
#> x

### nothing inside reaches the layer itself, where what can be read holds it
## run by: sh
mkdir -p w; echo a > w/f
"$SWEBASH" --workspace w --allow-read . --overlay=kept -c 'echo x > w/f; ls kept kept/upper; echo forged > kept/upper/g; rm -r kept; grep -c workspace kept/about; cd /; find . -name upper 2> /dev/null; find /proc -path "*/fd/*" -lname "*kept*" 2> /dev/null' 2> /dev/null
"$SWEBASH" overlay status w-1 | sed 1d
#> M f

### an overlay is not kept where a session could have written, a planted one neither
## run by: sh
mkdir -p w out/upper out/work other
"$SWEBASH" --workspace w -c 'mkdir -m 700 kept; for part in upper work; do ln -s "/old${PWD%/w}/out/$part" kept; done; { printf "swebash-overlay 1\nid 0123456789abcdef\nbegan 1.000000000\n"; stat -c "folder %d %i" .; printf "lifetime keep\nworkspace %s\n" "$PWD"; } > kept/about'
"$SWEBASH" --workspace w --overlay=w/kept -c 'echo escaped > f'; echo $?; ls out/upper
mkdir w/upper w/work; rm w/kept/upper w/kept/work; mv w/upper w/work w/kept
"$SWEBASH" --workspace w --overlay=w/kept -c 'echo escaped > f' 2>&1 | sed "s,$PWD,HERE,"
"$SWEBASH" --workspace w --overlay=w/new -c 'echo runs' 2>&1 | sed "s,$PWD,HERE,"; ls w
"$SWEBASH" --workspace w --allow-write other --overlay=other/new -c 'echo runs' 2>&1 | sed "s,$PWD,HERE,"; ls other
#> 126
#> swebash: --overlay: HERE/w/kept: the session could write there (name a folder outside of what is allowed)
#> swebash: --overlay: HERE/w/new: the session could write there (name a folder outside of what is allowed)
#> kept
#> swebash: --overlay: HERE/other/new: the session could write there (name a folder outside of what is allowed)
#! swebash: --overlay: w/kept: its layers are no folders (swebash overlay discard)

### what is planted outside in place of a folder is not written through; cp would have
## run by: sh
mkdir -p w/d out; echo a > w/d/f; echo secret > out/f
"$SWEBASH" --workspace w --overlay=kept -c 'echo mine > d/f; echo mine > d/new' 2> /dev/null
mv w/d aside; ln -s ../out w/d
"$SWEBASH" overlay apply; echo "status $?"; cat out/f; ls out
cp -r kept/upper/d/. w/d; cat out/f
#> status 1
#> secret
#> f
#> mine
#! swebash overlay: d: it has changed underneath since
#! swebash overlay: nothing was applied (paths after the name apply the others)

### a workspace that is another folder now is not written
## run by: sh
mkdir w; "$SWEBASH" --workspace w --overlay -c 'echo mine > f' 2> /dev/null
mv w aside; mkdir w; "$SWEBASH" overlay apply; echo $?; rmdir w; ln -s aside w; "$SWEBASH" overlay apply 2>&1 | sed "s,$PWD,HERE,"; ls aside
#> 1
#>~ swebash overlay: HERE/w: *o*
#!~ swebash overlay: */w: is another folder now

### an apply that is killed at any moment is done again
## run by: sh
## timeout: 60
mkdir w; for i in 1 2 3 4 5 6 7 8; do mkdir w/d$i; echo $i > w/d$i/f; echo $i > w/d$i/gone; done
cat > script << 'END'
for d in d*; do
  for i in $(seq 40); do echo $i > $d/new$i; done
  rm $d/gone; mkdir $d/in; echo more >> $d/f; ln $d/f $d/in/other
done
rm -r d3; mkdir d3; echo again > d3/f; rm -r d4
END
cp -a w ref; (cd ref && sh ../script)
"$SWEBASH" --workspace w --overlay=kept -c "$(cat script)" 2> /dev/null
for t in 002 004 006 008 010 012 015 020 030; do timeout -s KILL 0.$t "$SWEBASH" overlay apply ./kept 2> /dev/null; done
# What was killed has the lock until it is gone.
for i in $(seq 100); do [ -e kept ] || break; "$SWEBASH" overlay apply ./kept 2> /dev/null || sleep 0.1; done
ls -A kept 2> /dev/null
diff -r ref w; find w -name '.swebash*'; [ w/d1/f -ef w/d1/in/other ] && echo one file
#> one file

### what its owner may not read or write is taken all the same
## run by: sh
HOME=$(mktemp -d /var/tmp/swebash-case.XXXXXX); export HOME
as=; if [ "$(id -u)" = 0 ]; then chown nobody "$HOME"; as='setpriv --reuid=nobody --regid=nogroup --clear-groups'; fi
cat > script << 'END'
cd; mkdir -p w/d w/s; echo a > w/s/x; chmod 000 w/s/x; chmod 555 w/d
"$SWEBASH" --workspace w --overlay -c 'chmod 755 d; echo y > d/y; chmod 555 d; echo q > closed; chmod 000 closed; chmod 600 s/x; echo z >> s/x; chmod 000 s/x; mkdir n; echo n > n/n; chmod 500 n' 2> /dev/null
"$SWEBASH" overlay diff | grep -e '^+[^+]' -e read
"$SWEBASH" overlay apply; stat -c '%a %n' w/*; stat -c '%a %s' w/s/x; cat w/d/y w/n/n; chmod -R u+rwx w
END
$as sh -c "$(cat script)"; rm -r "$HOME"
#> +q
#> +y
#> +n
#> Files a/s/x and b/s/x differ (2 bytes, 4 bytes; one cannot be read)
#> 0 w/closed
#> 555 w/d
#> 500 w/n
#> 755 w/s
#> 0 4
#> y
#> n
#! swebash overlay: 5 applied

### a diff is shown by the system's program, not by one that PATH finds in the workspace
## run by: sh
mkdir -p w/bin; echo a > w/f; printf '#!/bin/sh\necho ran outside\n' > w/bin/diff; chmod +x w/bin/diff
(cd w; PATH=$PWD/bin:.:$PATH; export PATH; "$SWEBASH" --workspace . --dry-run -c 'echo b >> f') | grep -v '^[-+ ]'
#> diff --git a/f b/f
#> @@ -1 +1,2 @@
