#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many of bash's own test scripts print under swebash what they print under bash, on this machine.

The sources of bash are fetched as Debian publishes them, by apt with lists of its own, so that the
machine's stay as they are. Each tests/run-NAME runs twice, in a fresh copy of the folder, with bash
and with swebash as THIS_SH; what the script under test printed is compared, without the prefixes of
messages. Says "N of M" and names the others; fails where N is less than FLOOR. A script that does
not end under bash here counts for neither. Without network the test is left out: status 77.
"""

import difflib
import os
import re
import shutil
import signal
import subprocess
import sys

import fetched
from fetched import Skip, fetch

VERSION, SUITE = "5.2.15-2", "bookworm"
FLOOR = 64
SECONDS = 60
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
NO_TESTS = {"run-all", "run-minimal", "run-gprof"}
PREFIX = re.compile(rb"(?m)^(?:[^\s:]+: )?(?:[^\s:]+: )?line \d+: ")
# A number that is another at each run.
PID = re.compile(rb"(?<=set terminal process group \()\d+")
# What differs on purpose, or by an accident of bash that docs/compatibility.md tells of; these count as different.
EXPLAINED = {
    "alias": "a locale that is not installed is known here by its name",
    "exp-tests": "bash loses a byte 1 in a subscript",
    "glob-test": "a locale that is not installed is known here by its name",
    "intl": "a locale that is not installed is known here by its name",
    "printf": "a locale that is not installed is known here by its name",
}
# What the scripts start beside the shell; bash builds these before it runs them.
PROGRAMS = ("recho", "zecho", "printenv", "xcase")
HEADERS = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"


def find_mirror():
    """Where this machine has its packages from."""
    found = fetch(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian",
                   f"Codename: {SUITE}"]).split()
    if not found:
        raise Skip(f"no packages of {SUITE} are known here")
    return found[0]


def get_sources(place):
    apt = place / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    (apt / "sources.list").write_text(f"deb-src [signed-by={KEYS}] {find_mirror()} {SUITE} main\n")
    settings = {"Dir::Etc::SourceList": apt / "sources.list", "Dir::Etc::SourceParts": "/nonexistent",
                "Dir::State::Lists": apt / "lists", "Dir::Cache": apt / "cache", "APT::Sandbox::User": "root",
                "Acquire::Retries": "1"}
    command = ["apt-get", *(f"-o{name}={value}" for name, value in settings.items())]
    fetch([*command, "update", "--error-on=any"], cwd=place)
    fetch([*command, "source", "--download-only", f"bash={VERSION}"], cwd=place)
    archive = next(place.glob("bash_*.orig.tar.*"))
    subprocess.run(["tar", "-xf", archive], cwd=place, check=True)
    return next(path for path in place.glob("bash-*") if path.is_dir())


def build_programs(sources, place):
    (place / "include").mkdir()
    for header in ("bashansi.h", "config.h"):
        (place / "include" / header).write_text(HEADERS)
    for name in PROGRAMS:
        text = (sources / "support" / f"{name}.c").read_text()
        (place / f"{name}.c").write_text(HEADERS + text)
        subprocess.run(["cc", "-w", "-I", place / "include", "-o", place / name, place / f"{name}.c"], check=True)


def run(sources, programs, name, shell, work):
    """What the script printed; None where it did not end."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(sources / "tests", work / "tests", symlinks=True)
    for folder in ("bin", "tmp"):
        (work / folder).mkdir()
    for program in PROGRAMS:
        shutil.copy(programs / program, work / "tests" / program)
    (work / "bin/bash").symlink_to(shell)
    script = work / "tests" / name
    # It would compare with the answers of the machine that bash was written on: they are shown instead.
    text = script.read_text(errors="surrogateescape")
    text = re.sub(r"(?m)^diff .*?\$\{?(BASH_TSTOUT|TEST_FILE)\}? .*$", r"cat $\1", text)
    script.write_text(text, errors="surrogateescape")
    environment = {"PATH": f"{work}/tests:{work}/bin:/usr/bin:/bin", "THIS_SH": f"{work}/bin/bash", "BUILD_DIR": str(work),
                   "TMPDIR": f"{work}/tmp", "BASH_TSTOUT": f"{work}/tmp/out", "HOME": f"{work}/tmp", "LANG": "C.UTF-8",
                   "TERM": "dumb", "SHELL": "/bin/bash", "LOGNAME": "root", "USER": "root"}
    with open(work / "printed", "wb") as printed:
        child = subprocess.Popen(["sh", name], cwd=work / "tests", env=environment, stdin=subprocess.DEVNULL,
                                 stdout=printed, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            child.wait(timeout=SECONDS)
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        try:
            os.killpg(child.pid, signal.SIGKILL)  # what it leaves behind, too
        except ProcessLookupError:
            pass
        child.wait()
    if not ended:
        return None
    printed = (work / "printed").read_bytes().replace(bytes(work), b"@")
    return PREFIX.sub(b"", PID.sub(b"PID", printed)).decode(errors="backslashreplace")


def compare(options):
    work = fetched.fresh_work(options, "bash_own_tests")
    sources = get_sources(work / "fetched")
    build_programs(sources, work)
    names = sorted(path.name for path in (sources / "tests").glob("run-*") if path.name not in NO_TESTS)
    same, others, endless = [], [], []
    if options.only:
        names = [name for name in names if name.removeprefix("run-") in options.only]
    for name in names:
        theirs = run(sources, work, name, options.bash, work / "run")
        if theirs is None:
            endless.append(name)
            continue
        ours = run(sources, work, name, options.shell, work / "run")
        (same if ours == theirs else others).append(name)
        if options.show and ours is not None and ours != theirs:
            lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "bash", name, lineterm="", n=0)
            print("\n".join(list(lines)[:options.show]))
    print(f"{len(same)} of {len(names)} print what they print under bash; at least {FLOOR} must")
    print("others:", *(name for name in others if name.removeprefix("run-") not in EXPLAINED))
    print("explained:", *(name for name in others if name.removeprefix("run-") in EXPLAINED))
    print("not ended under bash within the time:", *endless)
    return 0 if options.only or len(same) >= FLOOR else 1


def main():
    parser = fetched.parser(__doc__)
    parser.add_argument("--show", type=int, default=0, help="lines of each difference")
    parser.add_argument("only", nargs="*", help="names without run-")
    options = parser.parse_args()
    return fetched.run(lambda: compare(options))


if __name__ == "__main__":
    sys.exit(main())
