#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Debian's bash-completion must propose under swebash what it proposes under bash.

The package is fetched, pinned, as it is published. completion.sh asks it for the beginnings of
commands in completion.lines, once a command and shell; entries, statuses, proposals and messages
must be the same. A command need not be installed: then its completion has less to say, in both.
Without network the test is left out: status 77, and the reason.
"""

import collections
import difflib
import pathlib
import re
import subprocess
import sys

import fetched

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = fetched.debian("bash-completion", "1:2.11-6")

FILES = {
    ".rc": "", ".ssh/config": "Host alpha beta\n  HostName alpha.example.org\nHost gam*\n",
    ".ssh/known_hosts": "delta,10.0.0.1 ssh-rsa AAAA\n[epsilon]:22 ssh-rsa AAAA\n",
    "Main.java": "", "Makefile": "all: one\n\t@:\none:\n\ttouch one\nclean:\n\trm -f one\n.PHONY: all\nsrc/x.o: src/x.c\n",
    "a.txt": "", "c.zip": "", "d e.c": "", "dir one/x": "", "it's": "", "k.patch": "", "lib.a": "", "m.bz2": "",
    "main.c": "", "n.xz": "", "src/x.c": "", "x.pem": "", "x.py": "", "$odd": "", "[b]": "",
}  # fmt: skip


def make_home(home):
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    subprocess.run(["tar", "-czf", "b.tar.gz", "a.txt", "src", "d e.c"], cwd=home, check=True)


def read_lines():
    """The beginnings to complete, by their commands. A blank at a line's end counts, so | ends it."""
    lines = collections.defaultdict(list)
    for line in (HERE / "completion.lines").read_text().splitlines():
        if line and not line.startswith("#"):
            lines[line.split(" ")[0]].append(line.removesuffix("|"))
    return lines


def ask(shell, library, command, lines, home):
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(home), "LC_ALL": "C.UTF-8",
                   "TERM": "dumb"}
    done = subprocess.run([shell, HERE / "completion.sh", library, command, *lines], cwd=home, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    messages = re.sub(rb"(?m)^.*?: line \d+: ", b"", done.stderr)
    return (done.stdout + messages).decode(errors="backslashreplace").splitlines()


def compare(options):
    work = fetched.fresh_work(options, "completion")
    package = PACKAGE(work / "fetched")
    home = work / "home"
    make_home(home)
    library = package / "usr/share/bash-completion/bash_completion"
    asked = {command: lines for command, lines in read_lines().items() if options.only in (None, command)}
    same = proposals = 0
    for command, lines in asked.items():
        ours, theirs = (ask(shell, library, command, lines, home) for shell in (options.shell, options.bash))
        proposals += sum(line.startswith("  = ") for line in theirs)
        if ours == theirs:
            same += 1
        else:
            print(f"{command}:")
            print("\n".join(list(difflib.unified_diff(theirs, ours, "bash", "swebash", lineterm="", n=1))[:20]))
    print(f"{same} of {len(asked)} commands the same, {proposals} proposals")
    # A bash without a word to propose has compared nothing.
    return 0 if same == len(asked) and proposals > len(asked) else 1


def main():
    parser = fetched.parser(__doc__)
    parser.add_argument("--only", help="one command")
    options = parser.parse_args()
    return fetched.run(lambda: compare(options))


if __name__ == "__main__":
    sys.exit(main())
