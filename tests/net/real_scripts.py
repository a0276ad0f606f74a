#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scripts that others wrote, fetched as they are published, must do under swebash what they do under bash.

A script runs twice, in two copies of its package: once where `sh` and `bash` are bash, once where
they are swebash. PATH holds links to the system's tools and no other shell. Output, status and every
file left behind must be the same, and no other shell may run: a script that begins with #!/bin/sh is
given to the shell under test as well (exec_watch.cpp). Without network (or where processes cannot be
traced) a script is left out: status 77, and the reason.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import fetched
from fetched import SKIPPED, Skip, crate, debian, npm

SHELLS = {"sh", "bash", "rbash", "dash", "ash", "busybox", "ksh", "ksh93", "mksh", "lksh", "posh", "yash", "zsh",
          "csh", "tcsh", "fish", "static-sh"}

@dataclasses.dataclass
class Script:
    get: object
    tree: str  # the part of the package that is copied
    runs: list  # argument lists, run in turn
    directory: str = "."
    prepare: object = None
    # Files that tell of the run itself: process ids, times, names of temporary files.
    unlike: tuple = ()
    # Lines of the output that differ between two runs of bash.
    noise: str = r"(?!)"


def with_configure(copy, _path):
    # As the crate's build script does it.
    shutil.move(copy / "configure/configure", copy / "jemalloc/configure")


def with_xz(copy, path):
    # What xz's own build would have put there: its programs, and its scripts with their interpreter.
    (copy / "src/xz").mkdir(exist_ok=True)
    (copy / "src/xz/xz").symlink_to(shutil.which("xz") or "/usr/bin/xz")
    for name in ("xzdiff", "xzgrep"):
        text = (copy / f"src/scripts/{name}.in").read_text()
        text = text.replace("@POSIX_SHELL@", str(path / "sh")).replace("@enable_path_for_scripts@", "")
        (copy / f"src/scripts/{name}").write_text(text.replace("@xz@", "xz"))
        (copy / f"src/scripts/{name}").chmod(0o755)


def with_shunit2(copy, _path):
    shutil.copy(copy / "shunit2/shunit2", copy / "doc/shunit2/shunit2")


SUITE = """\
setup() { load_me=$BATS_TEST_NUMBER; }
@test "sum" { [ $((2 + 2)) -eq 4 ]; }
@test "run keeps output, lines and status" {
  run bash -c 'printf "one\\ntwo\\n"; exit 3'
  [ "$status" -eq 3 ] && [ "${lines[1]}" = two ] && [ "$load_me" -eq 2 ]
}
@test "a failure says where" { run echo text; [ "$output" = other ]; }
@test "left out" { skip "because"; }
"""


def with_suite(copy, _path):
    (copy / "own.bats").write_text(SUITE)


SCRIPTS = {
    # GNU autoconf.
    "jemalloc": Script(crate("tikv-jemalloc-sys", "0.7.1"), ".", directory="jemalloc", prepare=with_configure,
                       runs=[["sh", "./configure", "--disable-cxx", "--with-version=5.3.1-0-g0"]]),
    # GNU autoconf and libtool.
    "libffi": Script(crate("libffi-sys", "4.2.2"), "libffi", runs=[["sh", "./configure", "--disable-docs"]],
                     # The number of the processor that answered.
                     noise=r"(checking for x86 cpuid|ax_cv_gcc_x86_cpuid)"),
    # A configure of its own make, in bash's language: arrays, indirection, eval, functions by name.
    "librdkafka": Script(crate("rdkafka-sys", "4.10.0"), "librdkafka", runs=[["bash", "./configure"]],
                         unlike=("config.cache", "config.log.old")),
    # Shell test suites.
    "xz": Script(crate("lzma-sys", "0.1.20"), "xz-5.2", directory="tests", prepare=with_xz,
                 runs=[["sh", "./test_files.sh"], ["sh", "./test_scripts.sh"]]),
    "shunit2": Script(debian("shunit2", "2.1.8-3"), "usr/share", directory="doc/shunit2/examples", prepare=with_shunit2,
                      runs=[["sh", f"./{name}_test.sh"] for name in ("equality", "lineno", "math", "mkdir", "mock_file",
                                                                     "party", "suite")]),
    "bats": Script(npm("bats", "1.13.0"), ".", prepare=with_suite,
                   runs=[["bash", "bin/bats", "--tap", "own.bats"], ["bash", "bin/bats", "--pretty", "own.bats"]],
                   noise=r"in \d+ ?m?s"),
}


def make_path(path, shell):
    """A directory of links to the system's tools, where sh and bash are `shell` and no other shell is."""
    path.mkdir(parents=True)
    for folder in ("/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for tool in sorted(pathlib.Path(folder).iterdir()) if os.path.isdir(folder) else []:
            link = path / tool.name
            if link.exists() or link.is_symlink() or not tool.exists() or is_shell(os.path.realpath(tool)):
                continue
            if not adopt_script(tool, link, path):
                link.symlink_to(tool)
    for name in ("sh", "bash"):
        (path / name).symlink_to(shell)


def adopt_script(tool, link, path):
    """A tool that is a shell script (Debian's egrep is one) is copied, for the shell under test to run."""
    try:
        with open(tool, "rb") as file:
            if file.read(2) != b"#!":
                return False
            first = file.readline().decode(errors="replace")
            if not re.match(r"\s*\S*/(env\s+)?(sh|bash|dash)\b", first):
                return False
            rest = file.read()
    except OSError:
        return False
    name = "bash" if "bash" in first else "sh"
    link.write_bytes(f"#!{path / name}\n".encode() + rest)
    link.chmod(0o755)
    return True


def is_shell(program):
    return os.path.basename(program) in SHELLS


def contents(copy, script, marks):
    """What a run left behind: each file's path and bytes, with this run's own paths replaced."""
    found = {}
    for file in sorted(copy.rglob("*")):
        name = str(file.relative_to(copy))
        if file.is_symlink() or not file.is_file() or file.name in script.unlike:
            continue
        data = file.read_bytes()
        if file.name == "config.log":
            # Its beginning is a protocol; what was found is at its end.
            data = data[data.find(b"Cache variables."):]
        found[name] = replaced(data, marks, script)
    return found


def replaced(data, marks, script):
    for mark in marks:
        data = data.replace(str(mark).encode(), b"@")
    if b"\0" not in data and script.noise:
        data = re.sub(rb"(?m)^.*" + script.noise.encode() + rb".*$", b"", data)
    return data


def run(script, source, work, shell, watcher):
    """Runs the script's commands with `shell`. Gives output and status, the files, the programs, seconds."""
    path, copy, home = work / "path", work / "copy", work / "home"
    make_path(path, shell)
    home.mkdir()
    shutil.copytree(source / script.tree, copy, symlinks=True)
    subprocess.run(["chmod", "-R", "u+w", copy], check=True)
    if script.prepare:
        script.prepare(copy, path)
    environment = {"PATH": str(path), "CONFIG_SHELL": str(path / "sh"), "SHELL": str(path / "sh"), "HOME": str(home),
                   "TMPDIR": str(home), "LC_ALL": "C", "TERM": "dumb"}
    outcomes, programs, seconds = [], [], 0.0
    for number, (name, *arguments) in enumerate(script.runs):
        log = work / f"programs.{number}"
        start = time.monotonic()
        done = subprocess.run([watcher, log, shell, path / name, *arguments], cwd=copy / script.directory, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=280)
        seconds += time.monotonic() - start
        if done.returncode == SKIPPED and b"cannot be traced" in done.stderr:
            raise Skip(done.stderr.decode().strip())
        marks = (work, shell)
        outcomes.append((done.returncode, replaced(done.stdout, marks, script), replaced(done.stderr, marks, script)))
        programs += [line.split("\t") for line in log.read_text(errors="replace").split("\n")[:-1]]
    return outcomes, contents(copy, script, (work, shell)), programs, seconds


def first_difference(name, ours, theirs):
    for number, (a, b) in enumerate(zip(ours.split(b"\n"), theirs.split(b"\n")), 1):
        if a != b:
            return f"{name}, line {number}:\n  swebash: {a[:300]!r}\n  bash:    {b[:300]!r}"
    return f"{name}: {len(ours)} bytes under swebash, {len(theirs)} under bash"


def faults(script, ours, theirs, shell):
    outcomes, files, programs, _ = ours
    their_outcomes, their_files, _, _ = theirs
    for arguments, outcome, their_outcome in zip(script.runs, outcomes, their_outcomes):
        for what, a, b in zip(("status", "standard output", "standard error"), outcome, their_outcome):
            if what == "status" and a != b:
                yield f"{arguments}: status {a} under swebash, {b} under bash"
            elif a != b:
                yield first_difference(f"{arguments}: {what}", a, b)
    for name in sorted(files.keys() | their_files.keys()):
        if name not in files or name not in their_files:
            yield f"{name}: only under {'swebash' if name in files else 'bash'}"
        elif files[name] != their_files[name]:
            yield first_difference(name, files[name], their_files[name])
    if shell not in (program for program, _ in programs):
        yield "swebash was never started"
    for program, arguments in programs:
        if is_shell(program) and program != shell:
            yield f"another shell was started: {program}: {arguments}"


def compare(options):
    script, shell = SCRIPTS[options.script], options.shell
    work = fetched.fresh_work(options, options.script)
    source = script.get(work / "fetched")
    ours = run(script, source, work / "swebash", shell, options.watcher)
    theirs = run(script, source, work / "bash", options.bash, options.watcher)
    found = list(faults(script, ours, theirs, shell))
    print("\n".join(found[:20]))
    print(f"{options.script}: {len(ours[1])} files, {len(ours[2])} programs; swebash {ours[3]:.1f} s, "
          f"bash {theirs[3]:.1f} s: {'the same' if not found else f'{len(found)} differences (in {work})'}")
    if not found:
        shutil.rmtree(work)
    return 1 if found else 0


def main():
    parser = fetched.parser(__doc__)
    parser.add_argument("--watcher", required=True, type=os.path.realpath)
    parser.add_argument("script", choices=sorted(SCRIPTS))
    options = parser.parse_args()
    return fetched.run(lambda: compare(options), options.script)


if __name__ == "__main__":
    sys.exit(main())
