# SPDX-License-Identifier: Apache-2.0
"""Runs scripts that may say `rm -rf /` or `kill -9 -1`: as an unprivileged user, over a read-only
root, without network, under limits, each in namespaces and an empty writable folder of its own. What
a script leaves running is killed. Needs util-linux and user namespaces.

The read-only root is made once for a shell (a Sandbox); a small server in it (sandbox_server.py)
makes the rest for each script, which takes a tenth of the time."""
import os
import re
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 10

# A new root of read-only binds, in which /w will be the only place to write.
SETUP = r"""
set -e
new=$1 shell=$2 server=$3
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
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t proc proc proc
mount -o remount,ro .
pivot_root . .
umount -l .
cd /
exec /usr/bin/python3 -I -S -c "$server" "/shell/${shell##*/}"
"""

COMMAND = ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork",
           "--kill-child", "/bin/sh", "-c", SETUP, "sh"]

ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/w", "TMPDIR": "/w", "LC_ALL": "C.UTF-8",
               "EDITOR": "cat"}


def is_possible():
    """Whether namespaces can be had here."""
    try:
        return subprocess.run(COMMAND[:10] + ["true"], stderr=subprocess.DEVNULL, timeout=SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Sandbox:
    """A place for one shell to run scripts in, one after the other."""

    def __init__(self, shell):
        with open(os.path.join(HERE, "sandbox_server.py"), encoding="utf-8") as file:
            server = file.read()
        self.own_name = "/shell/" + os.path.basename(shell)
        self.folder = tempfile.TemporaryDirectory(prefix="fuzz-bash.")
        root = os.path.join(self.folder.name, "root")
        os.mkdir(root)
        self.process = subprocess.Popen(COMMAND + [root, shell, server], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=ENVIRONMENT, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the server and what is left of its scripts."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()

    def run(self, script):
        """What the shell makes of the text: (status or "hangs", output, messages)."""
        data = script.encode("utf-8", "surrogateescape")
        self.process.stdin.write(struct.pack("=I", len(data)) + data)
        self.process.stdin.flush()
        status, *lengths = struct.unpack("=iII", self._read(12))
        out, err = (self._read(length).decode("utf-8", "backslashreplace") for length in lengths)
        out, err = (plain_output(text.replace(self.own_name, "/shell/bash")) for text in (out, err))
        return "hangs" if status < 0 else status, out, plain_messages(err)

    def _read(self, length):
        data = self.process.stdout.read(length)
        if len(data) != length:
            raise RuntimeError("the sandbox has ended")
        return data


# Variables that one of the two has alone, where all are listed.
OWN_VARIABLE = re.compile(r"^(?:declare -- )?(?:SWEBASH_VERSION|BASH_LOADABLES_PATH)=.*\n", re.M)
PREFIX = re.compile(r"^(?:/shell/)?[\w./-]*(?:: (?:line \d+|-c|eval|command substitution|\w+ trap))+: ", re.M)
CARET = re.compile(r"^\s+\^\n", re.M)
PROCESS = re.compile(r"\b\d{4,}\b|^(?:\[\d+\][ +-] *| +)\d+(?= [A-Z])", re.M)


def plain_output(text):
    """Output without what only one of the two shells can say."""
    return OWN_VARIABLE.sub("", text)


def plain_messages(text):
    """Messages without what differs between two good shells: who says them and where, the caret
    under a wrong line, numbers of processes."""
    return PROCESS.sub("N", PREFIX.sub("", CARET.sub("", text)))
