#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every option and variable that bash has is in swebash, or docs/compatibility.md says why not.

compatibility_test.py SWEBASH BASH. Names come from bash itself, and from its manual where that is installed.
"""

import gzip
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/compatibility.md"
MANUAL = pathlib.Path("/usr/share/man/man1/bash.1.gz")


def answer(shell, script):
    done = subprocess.run([shell, "--norc", "-c", script], env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.splitlines()


def answer_of(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=True).stdout


def section(title):
    text = PAGE.read_text()
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def names(text):
    return set(re.findall(r"`([A-Za-z_][A-Za-z0-9_]*)`", text))


def named_in_tables(text):
    return {name for row in re.findall(r"^\|([^|]*)\|", text, re.M) for name in names(row)}


def manual_variables():
    """The headings of the manual's section on shell variables."""
    if not MANUAL.exists():
        return set()
    text = gzip.open(MANUAL, "rt", errors="replace").read()
    section_text = re.search(r"^\.SS Shell Variables$(.*?)^\.SS Arrays$", text, re.M | re.S)
    return set(re.findall(r"^\.TP[ 0-9]*\n\.B ([A-Za-z_]+)$", section_text[1], re.M)) if section_text else set()


def option_faults(swebash, bash):
    """Of the command line."""
    ours, theirs = start_options(swebash), start_options(bash)
    said = set(re.findall(r"`(--?[A-Za-z-]+)`", section("Options of the command line")))
    for option in sorted(theirs - ours - said):
        yield f"command line: bash has {option}, swebash does not, and the page does not name it"
    for option in sorted(said - theirs):
        yield f"command line: the page names {option}, which bash does not have"
    for option in sorted(said - ours):
        silent = {"--debugger"}
        done = subprocess.run([swebash, option, "-c", "echo ran"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=30)
        if (done.stdout == "ran\n") != (option in silent):
            yield f"command line: {option} is {'taken' if done.stdout else 'refused'}, and the page says otherwise"


def start_options(shell):
    """What `--help` lists: `--norc`, `-c`."""
    text = "\n".join(line for line in answer_of([shell, "--help"]).splitlines() if line.startswith("\t"))
    text = text.split("Options of the program itself")[0]
    long = set(re.findall(r"^\t(--[a-z-]+)", text, re.M))
    letters = re.search(r"^\t-([A-Za-z]+) or -c command or -O", text, re.M)[1]
    return long | {f"-{letter}" for letter in letters + "cO"}


def builtin_faults(swebash, bash):
    script = 'for name in $(compgen -b); do help -s -- "$name"; done'
    ours, theirs = answer(swebash, script), answer(bash, script)
    for line in theirs:
        if line not in ours:
            yield f"builtins: `{line}' is not how swebash has it"


def faults(swebash, bash):
    for what, script in (("set -o", "set -o"), ("shopt", "shopt")):
        ours, theirs = answer(swebash, script), answer(bash, script)
        for line in theirs:
            if line not in ours:
                yield f"{what}: bash has `{line}`, swebash does not"
        for line in ours:
            if line not in theirs:
                yield f"{what}: swebash has `{line}`, bash does not"
        if sorted(ours) == sorted(theirs) and ours != theirs:
            yield f"{what}: the order is not bash's"
        known = {line.split()[0] for line in theirs}
        said = named_in_tables(section(f"Options of `{what}`"))
        for name in sorted(said - known):
            yield f"{what}: the page names `{name}', which bash does not have"
        # Each can be turned, even where it has no effect.
        turn = "set {}o" if what == "set -o" else "shopt {}"
        for name in sorted(known - {"noexec", "restricted_shell", "login_shell", "onecmd"}):
            on, off = (turn.format("-"), turn.format("+")) if what == "set -o" else ("shopt -s", "shopt -u")
            if answer(swebash, f"{on} {name} && {off} {name} && echo turned") != ["turned"]:
                yield f"{what}: {name} cannot be turned"

    yield from option_faults(swebash, bash)
    yield from builtin_faults(swebash, bash)
    text = section("Variables")
    absent = named_in_tables(text)
    there = names(text.split("Not heeded", 1)[0])
    ours, theirs = set(answer(swebash, "compgen -v")), set(answer(bash, "compgen -v"))
    for name in sorted(theirs - there - absent):
        yield f"variables: bash has {name}, and the page does not name it"
    for name in sorted((theirs & there) - ours):
        yield f"variables: {name} is not set, and the page says it is there"
    for name in sorted(manual_variables() - there - absent):
        yield f"variables: bash's manual has {name}, and the page does not name it"
    for name in sorted(there & absent):
        yield f"variables: {name} is on the page twice"


def main():
    found = list(faults(*sys.argv[1:3]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
