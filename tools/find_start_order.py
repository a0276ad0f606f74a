#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""find_start_order.py [BUILD]: which functions of engine and program a start runs, most shared first.

Writes engine/start_order.txt and shell/start_order.txt, by which the build orders code. Runs the built
program under valgrind's callgrind on a few small scripts. The engine's compiled code has no names there, so
addresses are taken back to functions by the artefact's symbols, and functions to names by the module that
the build linked (its order before wasm-opt is not the final one, so that is asked again, with names). The
program is linked once more, with its symbols.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "cmake"))
sys.dont_write_bytecode = True
from link_in_order import without_hash
from order_functions import function_names

SCRIPTS = [
    ":",
    "echo hi",
    "x=$(echo hi)",
    "echo hello | cat",
    'for i in 1 2; do test $i = 1 && echo "$i"; done; exit 3',
    'f() { local a=$1; printf "%s\\n" "${a%.c}"; }; f x.c; if [ -n "$HOME" ]; then /bin/true; fi\n'
    "case $1 in a*) ;; *) echo other >&2 ;; esac",
    'set -e\nx=1\nwhile [ $x -lt 3 ]; do x=$((x+1)); done\necho "$x" > /dev/null',
]
HEAD = """# Functions of the {} by how many small scripts run them; the build puts their code in this order.
# Written by tools/find_start_order.py. A name that is gone does no harm.
"""


def artefact_functions(artefact):
    """The functions of a compiled module: offset in its code to index."""
    listing = subprocess.run(["readelf", "-sW", artefact], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\s*\d+: ([0-9a-f]+)\s+\d+ FUNC.*wasm\[0\]::function\[(\d+)\]", listing, re.MULTILINE)
    return {int(offset, 16): int(index) for offset, index in found}


def link_with_symbols(build, scratch):
    """The program with its symbols, and what stands beside it; its path."""
    shutil.copy2(build / "bin" / "engine.cwasm", scratch)
    target = os.path.join(scratch, "swebash")
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", "swebash"], capture_output=True, text=True, check=True)
    link = listed.stdout.splitlines()[-1].split(" && ")[1].replace(" -o bin/swebash ", f" -o {target} ")
    subprocess.run(link, shell=True, cwd=build, env={**os.environ, "SWEBASH_KEEP_SYMBOLS": "1"}, check=True)
    return target


def profile(swebash, script, scratch):
    """What callgrind writes of a run of `script`."""
    out = os.path.join(scratch, "callgrind")
    subprocess.run(["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}", swebash, "-c", script],
                   capture_output=True, check=False)
    with open(out, encoding="utf-8") as file:
        return file.read()


def engine_functions_run(text, functions):
    """Indices of the engine's functions in a profile."""
    addresses = {int(found, 16) for found in re.findall(r"\b0x([0-9a-f]{16})\b", text)}
    # The code lies where most addresses are a function's.
    bases = collections.Counter(a - f for a in addresses for f in functions if (a - f) % 4096 == 0)
    base = bases.most_common(1)[0][0]
    return {functions[a - base] for a in addresses if a - base in functions}


def program_functions_run(text):
    """Names of the program's functions in a profile, without hashes."""
    names = re.findall(r"^c?fn=\(\d+\) (\S+)", text, re.MULTILINE)
    return {without_hash(name.split("'")[0]) for name in names if not name.startswith("0x")}


# Run first of all, and not under their names in a profile.
NAMELESS = ["_start", "__libc_start_main", "__set_thread_area"]


def write(folder, what, names):
    (ROOT / folder / "start_order.txt").write_text(HEAD.format(what) + "".join(name + "\n" for name in names), encoding="utf-8")


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
    functions = artefact_functions(build / "bin" / "engine.cwasm")
    names = function_names((build / "engine" / "wasm" / "engine_wasm.ordered.wat").read_text(encoding="utf-8"))
    first = min(functions.values())
    engine, program = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        swebash = link_with_symbols(build, scratch)
        for script in SCRIPTS:
            text = profile(swebash, script, scratch)
            engine.update(engine_functions_run(text, functions))
            program.update(program_functions_run(text))
    order = sorted(engine, key=lambda index: (-engine[index], index))
    write("engine", "engine", [names[index - first] for index in order])
    shared = sorted(program, key=lambda name: (-program[name], name))
    write("shell", "program", NAMELESS + [name for name in shared if name not in NAMELESS])
    print(f"{len(order)} functions of {len(functions)} of the engine, {len(program)} of the program")


if __name__ == "__main__":
    main()
