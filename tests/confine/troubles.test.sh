# SPDX-License-Identifier: Apache-2.0
# What goes wrong around a confined session: no namespaces, a workspace that vanishes, a full disk.

### where a machine gives no user namespaces
## run by: sh
## file deny.c
#| #include <errno.h>
#| #include <linux/filter.h>
#| #include <linux/seccomp.h>
#| #include <stddef.h>
#| #include <sys/prctl.h>
#| #include <sys/syscall.h>
#| #include <unistd.h>
#| #define JUMP(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#| #define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at)
#| #define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#| int main(int argc, char** argv) {
#|   struct sock_filter code[] = {
#|       LOAD(offsetof(struct seccomp_data, nr)), JUMP(SYS_clone3, 5, 0), JUMP(SYS_unshare, 1, 0),
#|       JUMP(SYS_clone, 0, 2), LOAD(offsetof(struct seccomp_data, args)),
#|       BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x10000000, 2, 0), ANSWER(SECCOMP_RET_ALLOW),
#|       ANSWER(SECCOMP_RET_ERRNO | ENOSYS), ANSWER(SECCOMP_RET_ERRNO | EPERM)};
#|   struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};
#|   if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program)) return 99;
#|   execv(argv[1], argv + 1);
#|   return 98;
#| }
cc -o deny deny.c || exit 1; mkdir w w/no; echo x > out
./deny "$SWEBASH" --workspace w -c 'echo a > f; cat f; cat ../out; workspace | grep -e enforced -e "outside cannot" -e "git"' 2> /dev/null | sed 's/ABI [0-9]*/ABI N/'
./deny "$SWEBASH" doctor | grep -e 'cannot be seen'
for f in --isolation=namespace --require-confinement --deny=w/no --allow-net=a.test --overlay; do ./deny "$SWEBASH" --workspace w $f -c 'echo RUN' > said 2>&1; echo $? $(grep -o -e RUN -e 'namespaces: Operation not permitted' said | head -n 1); done
printf 'env = "A=1"\n' > w/p.toml; ./deny "$SWEBASH" --workspace w --policy w/p.toml -c 'echo RUN' > said 2>&1; echo $? $(grep -o 'namespaces: Operation not permitted' said)
#> a
#> enforced by Landlock alone (namespaces: Operation not permitted), Landlock ABI N
#>   files outside cannot be used    Landlock
#>   files outside cannot be seen    NOT ENFORCED here
#>   git's hooks and settings        NOT ENFORCED here
#>   files outside cannot be seen    NOT ENFORCED here
#> 126 namespaces: Operation not permitted
#> 126 namespaces: Operation not permitted
#> 126 namespaces: Operation not permitted
#> 126 namespaces: Operation not permitted
#> 126 namespaces: Operation not permitted
#> 126 namespaces: Operation not permitted

### a workspace that vanishes while a session runs
## run by: sh
for i in namespace landlock; do
mkdir w; echo a > w/f
"$SWEBASH" --workspace w --isolation $i -c 'cd -P .; echo ready > ready; while [ -e f ]; do sleep 0.02; done; echo b > g; echo $?; /bin/sh -c ": > h" 2> /dev/null; [ $? -ne 0 ] && echo no; x=$(echo still); echo $x; exit 7' 2> /dev/null & p=$!
while [ ! -e w/ready ]; do sleep 0.02; done
rm -r w; wait $p; echo $?
done
#> 1
#> no
#> still
#> 7
#> 1
#> no
#> still
#> 7

### a session that removes all it can, and its own workspace
## run by: sh
for i in namespace landlock; do mkdir -p w/d; (cd w && "$SWEBASH" --workspace . --isolation $i -c 'rm -rf "$PWD" 2> /dev/null; rmdir "$PWD" 2> /dev/null; ls -A 2> /dev/null; echo on'; echo $?); [ -e w/d ] || echo emptied; rm -rf w; done
#> on
#> 0
#> emptied
#> on
#> 0
#> emptied

### a workspace that cannot be written
## run by: sh
mkdir w
if [ "$(id -u)" = 0 ]; then unshare -m sh -c 'mount -t tmpfs -o ro none w; "$SWEBASH" --workspace w -c "echo RUN"; echo $?' 2>&1
else chmod 555 w; "$SWEBASH" --workspace w -c 'echo RUN' 2>&1; echo $?; fi | sed 's/Permission denied/Read-only file system/'
#> swebash: --workspace: w: Read-only file system (a workspace is read, written and searched)
#> 2

### two sessions on one workspace
## run by: sh
mkdir w
for i in namespace landlock; do
"$SWEBASH" --workspace w --isolation $i -c 'echo one > "${TMPDIR:-/tmp}"/mine; : > ready; while [ ! -e go ]; do sleep 0.02; done; cat "${TMPDIR:-/tmp}"/mine; cat shared' & p=$!
while [ ! -e w/ready ]; do sleep 0.02; done
"$SWEBASH" --workspace w --isolation $i -c 'ls "${TMPDIR:-/tmp}"; echo both > shared; kill -9 -1 2> /dev/null; :' 2> /dev/null
"$SWEBASH" --workspace w --isolation $i -c ': > go'
wait $p; echo $?; rm w/*
done
#> one
#> both
#> 0
#> one
#> both
#> 0

### what a killed session left of its own is removed by the next
## run by: sh
mkdir w t; export TMPDIR="$PWD/t"
"$SWEBASH" --workspace w --isolation landlock -c ': > "$TMPDIR/x"; : > ready; sleep 30' & p=$!
while [ ! -e w/ready ]; do sleep 0.02; done
kill -9 $p; wait $p 2> /dev/null
old=$(echo t/swebash-*/*); ls $old
"$SWEBASH" --workspace w --isolation landlock -c :
[ -e $old ] || echo removed
"$SWEBASH" --workspace w --isolation namespace -c ': > /tmp/x; : > ready2; sleep 30' & p=$!
while [ ! -e w/ready2 ]; do sleep 0.02; done
kill -9 $p; wait $p 2> /dev/null; ls t | grep -v swebash-; :
#> x
#> removed

### no descriptor of the program's own is the script's, so that it cannot give up its folder
## run by: sh
mkdir w
"$SWEBASH" --workspace w --isolation landlock -c '
i=20
while [ $i -lt 1024 ]; do { : <&$i; } 2> /dev/null && echo "$i is open"; i=$((i + 1)); done
exec 512>&-; : > "$TMPDIR/mine"; : > ready; while [ ! -e go ]; do sleep 0.02; done; ls "$TMPDIR"' & p=$!
while [ ! -e w/ready ]; do sleep 0.02; done
"$SWEBASH" --workspace w --isolation landlock -c :
: > w/go; wait $p
#> mine

### a home that is read-only
## run by: sh
if [ "$(id -u)" != 0 ]; then printf 'new\n/h\n1\nnew\n/h\n1\n'; exit; fi
mkdir h w; export HOME="$PWD/h"
for i in namespace landlock; do
unshare -m sh -c 'mount -t tmpfs -o ro none h; "$SWEBASH" --workspace w --isolation $0 --allow-read "$HOME" -c "echo new > f; cat f; echo \${HOME##*/}; echo x > ~/f; echo \$?"' $i 2> /dev/null | sed 's,^h$,/h,'
done
#> new
#> /h
#> 1
#> new
#> /h
#> 1

### a disk that is full
## run by: sh
if [ "$(id -u)" != 0 ]; then echo 1; echo 0; echo still; echo 3; echo 1; exit; fi
mkdir w; unshare -m sh -c 'mount -t tmpfs -o size=1m none w; "$SWEBASH" --workspace w -c "head -c 2000000 /dev/zero > big; echo \$?; rm big; echo a > f; echo \$?; cat <<< still; exit 3"; echo $?' 2> err; grep -c 'No space left' err
#> 1
#> 0
#> still
#> 3
#> 1
