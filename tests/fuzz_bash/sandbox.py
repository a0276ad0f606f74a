# SPDX-License-Identifier: Apache-2.0
"""Runs a script that may say `rm -rf /` or `kill -9 -1`: in namespaces of its own, as an unprivileged
user, over a read-only root and an empty writable folder, without network, under limits. What it
leaves running is killed. Needs util-linux and user namespaces."""
import os
import re
import subprocess
import tempfile

SECONDS = 10
OUTPUT = 1 << 20

# A new root of read-only binds, with /w as the only place to write; then no privileges.
SETUP = r"""
set -e
new=$1 shell=$2
mount -t tmpfs -o size=16m,mode=755 tmpfs "$new"
cd "$new"
mkdir dev proc w shell tmp
for name in usr etc bin sbin lib lib32 lib64; do
  if [ -L "/$name" ]; then cp -P "/$name" "$name"
  elif [ -d "/$name" ]; then mkdir "$name"; mount --rbind "/$name" "$name"; mount -o remount,bind,ro "$name"
  fi
done
mount --bind "${shell%/*}" shell
mount -o remount,bind,ro shell
for name in null zero full random urandom; do : > "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
ln -s /proc/self/fd dev/fd
mount -t proc proc proc
mount -t tmpfs -o size=16m,mode=1777 tmpfs w
cat > w/script
mount -o remount,ro .
pivot_root . .
umount -l .
cd /w
exec unshare --user --map-user=1000 --map-group=1000 \
  prlimit --cpu=5 --data=1073741824 --nproc=200 --fsize=1048576 --nofile=256 --core=0 \
  setpriv --no-new-privs "/shell/${shell##*/}" script
"""

COMMAND = ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork",
           "--kill-child", "/bin/sh", "-c", SETUP, "sh"]

ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/w", "TMPDIR": "/w", "LC_ALL": "C.UTF-8"}


def is_possible():
    """Whether namespaces can be had here."""
    try:
        return subprocess.run(COMMAND[:10] + ["true"], stderr=subprocess.DEVNULL, timeout=SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(shell, script):
    """What `shell` makes of the text: (status or "hangs", output, messages)."""
    with tempfile.TemporaryDirectory(prefix="fuzz-bash.") as folder, \
            tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        root = os.path.join(folder, "root")
        os.mkdir(root)
        process = subprocess.Popen(COMMAND + [root, shell], stdin=subprocess.PIPE, stdout=out, stderr=err,
                                   env=ENVIRONMENT, start_new_session=True)
        try:
            process.communicate(script.encode(), timeout=SECONDS)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()  # --kill-child takes the rest
            process.wait()
            status = "hangs"
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(OUTPUT).decode("utf-8", "backslashreplace"))
    return status, texts[0], plain_messages(texts[1])


PREFIX = re.compile(r"^(?:/shell/)?[\w./-]*(?:: (?:line \d+|-c|eval|command substitution|\w+ trap))+: ", re.M)
CARET = re.compile(r"^\s+\^\n", re.M)
PROCESS = re.compile(r"\b\d{4,}\b")


def plain_messages(text):
    """Messages without what differs between two good shells: who says them and where, the caret
    under a wrong line, numbers of processes."""
    return PROCESS.sub("N", PREFIX.sub("", CARET.sub("", text)))
