#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completion of half-written lines must be bash's.

bash, at a terminal, is typed the lines of *.lines, each with ^ where Tab is pressed, and lines that
are made out of a grammar; swebash is asked by `compgen -L complete`. Compared are what completion
functions are told (COMP_LINE, COMP_POINT, COMP_TYPE, COMP_KEY, COMP_WORDS, COMP_CWORD, their
arguments), the line after Tab, and the words that Meta-* puts in. Without bash 5.2 the test is left
out: status 77.
"""

import argparse
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FILES = ["main.c", "d e.c", "dir one/x", "src/x.c", "src/y.h", "it's", "$odd", "[b]", "a.txt", "ab.txt", "x=y", "q:r",
         ".hid", "ünï", "a!b", "ce~", "tool"]  # fmt: skip
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null",
               "HISTFILE": "/dev/null", "PS1": "$ "}  # fmt: skip
# A function that says what it was told and proposes nothing.
TELL = r"""
_tell() { { printf 'W'; printf '%s\0' "$COMP_LINE" "$COMP_POINT" "$COMP_TYPE" "$COMP_KEY" "$COMP_CWORD" "$#" "$@" \
  "${COMP_WORDS[@]}"; echo; } >&9; }
_line() { printf 'L%s\0%s\0\n' "$READLINE_LINE" "$READLINE_POINT" >&9; }
"""
TERMINAL = r"""
bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
bind 'set completion-query-items 0'; bind 'set page-completions off'
bind -x '"\C-x\C-d": _line'
"""
TAB, ALL = b"\t", b"\x1b*"


class Bash:
    """bash at a terminal of its own; a pipe brings what its functions tell."""

    def __init__(self, program, home, setup):
        self.told, write = os.pipe()
        rc = home / "..rc"
        rc.write_text(TERMINAL + TELL + setup + "\nrm ..rc; printf 'R\\0\\n' >&9\n")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.dup2(write, 9)
            os.execve(program, [program, "--noprofile", "--rcfile", "..rc", "-i"], ENVIRONMENT | {"HOME": str(home)})
        os.close(write)
        self.buffer = b""
        self.read_record()
        time.sleep(0.3)

    def read_record(self):
        limit = time.time() + 20
        while b"\0\n" not in self.buffer:
            ready = select.select([self.terminal, self.told], [], [], max(0.0, limit - time.time()))[0]
            if not ready:
                raise TimeoutError
            if self.terminal in ready:
                os.read(self.terminal, 65536)
            if self.told in ready:
                self.buffer += os.read(self.told, 65536)
        record, self.buffer = self.buffer.split(b"\0\n", 1)
        return record

    def ask(self, line, point, key):
        """What the function was told, and the line after `key`."""
        back = len(line[point:].decode())
        os.write(self.terminal, b"\x01\x0b" + line + b"\x02" * back + key + b"\x18\x04")
        told = None
        while True:
            record = self.read_record()
            if record[:1] == b"L":
                return told, record[1:].split(b"\0")[0]
            told = record[1:].split(b"\0")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        os.close(self.told)


def ask_swebash(shell, home, setup, lines):
    """For each line: what the function was told, the line after Tab, the words."""
    answers_of = pathlib.Path(tempfile.mkdtemp(prefix="swebash-answers."))
    script = TELL + setup + f"\nshopt -s expand_aliases; set -H\nexec 9>{answers_of}/told\n"
    for number, (line, point) in enumerate(lines):
        quoted = "'" + line.decode().replace("'", "'\\''") + "'"
        script += f"printf 'N\\0\\n' >&9\ncompgen -L complete -- {quoted} {point} > {answers_of}/{number}\n"
    (answers_of / "ask").write_text(script)
    subprocess.run([shell, answers_of / "ask"], cwd=home, env=ENVIRONMENT | {"HOME": str(home)}, stdin=subprocess.DEVNULL,
                   timeout=120, check=False)  # fmt: skip
    told = []
    for record in (answers_of / "told").read_bytes().split(b"\0\n")[:-1]:
        if record == b"N":
            told.append(None)
        else:
            told[-1] = record[1:].split(b"\0")
    answers = []
    for number, (line, _) in enumerate(lines):
        rows = [row.split(b"\t") for row in (answers_of / str(number)).read_bytes().splitlines()]
        after, words = line, []
        if rows:
            _, begin, end, common = rows[0]
            words = [row[1] for row in rows[1:]]
            ending = rows[1][2] if len(rows) == 2 else b""
            after = line[: int(begin)] + common + ending + line[int(end) :]
            if not common:
                after = line
        answers.append((told[number], after, words))
    shutil.rmtree(answers_of)
    return answers


def generate(count, seed):
    """Lines out of pieces that mean something to the shell."""
    chance = random.Random(seed)
    pieces = ["foo", "bar", "a", "x=1", "x=", "--opt=", "a:b", "@h", "'a b'", '"a b"', "'o", '"o', "a\\ b", "\\'", "$x",
              "${x", "$(", "$(a b)", "`a`", "<", ">", ">>", "2>&1", "|", "&&", ";", "&", "{", "}", "(", ")", "do", "then",
              "!", "=", ":", "é", "#c", "<(a", "$((1", "[", "~", "*", "-x", "/bin/foo", ">|", "||", "if", "y+=2"]  # fmt: skip
    lines = []
    while len(lines) < count:
        text = "foo " if chance.random() < 0.5 else ""
        for _ in range(chance.randint(1, 6)):
            text += chance.choice(pieces) + chance.choice([" ", " ", " ", "", "  "])
        point = len(text) if chance.random() < 0.6 else chance.randint(0, len(text))
        if "|" in text[point:]:
            point = len(text)  # bash itself dies of some of these
        lines.append((text.encode(), len(text[:point].encode())))
    return lines


def read_groups(path):
    """The groups of a file: what is set up (lines with a %), and lines with a ^ where the cursor is."""
    groups = []
    for line in path.read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        if line.startswith("%"):
            if not groups or groups[-1][1]:
                groups.append(("", []))
            groups[-1] = (groups[-1][0] + line[1:].strip() + "\n", groups[-1][1])
        else:
            point = line.index("^") if "^" in line else len(line)
            groups[-1][1].append((line.replace("^", "", 1).encode(), len(line[:point].encode())))
    return groups


class Comparison:
    def __init__(self, options):
        self.options = options
        self.asked = self.same = 0

    def group(self, setup, lines, words):
        home = pathlib.Path(tempfile.mkdtemp(prefix="swebash-lines."))
        try:
            for name in FILES:
                (home / name).parent.mkdir(exist_ok=True)
                (home / name).write_text("")
            (home / "tool").chmod(0o755)
            ours = ask_swebash(self.options.shell, home, setup, lines)
            bash = None
            for (line, point), answer in zip(lines, ours):
                try:
                    bash = bash or Bash(self.options.bash, home, setup)
                    told, after = bash.ask(line, point, TAB)
                    everything = bash.ask(line, point, ALL)[1] if words else None
                except (OSError, TimeoutError):
                    bash = None  # it died of the line
                    continue
                self.compare(line, point, answer, (told, after, everything))
            if bash:
                bash.close()
        finally:
            shutil.rmtree(home)

    def compare(self, line, point, ours, theirs):
        told, after, everything = theirs
        problems = []
        if told != ours[0]:
            problems.append(("told", told, ours[0]))
        if after != ours[1]:
            problems.append(("after Tab", after, ours[1]))
        # What was there and is there again is no word; quotes that only open are bash's to lose.
        if everything is not None and everything != line and not problems:
            inserted = b" ".join(ours[2])
            if inserted.replace(b'"', b"").replace(b"'", b"") not in everything.replace(b'"', b"").replace(b"'", b""):
                problems.append(("words", everything, inserted))
        self.asked += 1
        self.same += not problems
        if problems and not self.options.quiet:
            print(f"{line[:point].decode()}^{line[point:].decode()}")
            for what, bash, swebash in problems:
                print(f"  {what}: bash {str(bash)[:400]}\n  {' ' * len(what)}  ours {str(swebash)[:400]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shell", required=True)
    parser.add_argument("--bash", default="/bin/bash")
    parser.add_argument("--generated", type=int, default=200, help="how many lines to make up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    options.shell = str(pathlib.Path(options.shell).resolve())
    version = subprocess.run([options.bash, "-c", 'echo "${BASH_VERSION%.*}"'], capture_output=True, text=True)
    if version.stdout.strip() != "5.2":
        print("left out: there is no bash 5.2")
        return 77
    comparison = Comparison(options)
    for path in sorted(HERE.glob("*.lines")):
        for setup, lines in read_groups(path):
            comparison.group(setup, lines, words=True)
    if options.generated:
        comparison.group("complete -F _tell -D -E", generate(options.generated, options.seed), words=False)
    print(f"{comparison.same} of {comparison.asked} lines the same")
    return 0 if comparison.same == comparison.asked else 1


if __name__ == "__main__":
    sys.exit(main())
