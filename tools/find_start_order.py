#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""find_start_order.py [BUILD]: which functions of the engine a start runs, most shared first.

Writes engine/start_order.txt, by which the build orders the engine's code. Runs the built program
under valgrind's callgrind on a few small scripts; compiled code has no names there, so addresses are
taken back to functions by the artefact's symbols, and functions to names by the module that the
build linked (its order before wasm-opt is not the final one, so that is asked again, with names).
"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "cmake"))
sys.dont_write_bytecode = True
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
HEAD = """# Functions of the engine by how many small scripts run them; the build puts their code in this order.
# Written by tools/find_start_order.py. A name that is gone does no harm.
"""


def artefact_functions(artefact):
    """The functions of a compiled module: offset in its code to index."""
    listing = subprocess.run(["readelf", "-sW", artefact], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\s*\d+: ([0-9a-f]+)\s+\d+ FUNC.*wasm\[0\]::function\[(\d+)\]", listing, re.MULTILINE)
    return {int(offset, 16): int(index) for offset, index in found}


def functions_run(swebash, script, functions, scratch):
    """Indices of the functions that `script` runs."""
    out = os.path.join(scratch, "callgrind")
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", swebash, "-c", script],
                   capture_output=True, check=False)
    with open(out, encoding="utf-8") as file:
        addresses = {int(text, 16) for text in re.findall(r"\b0x([0-9a-f]{16})\b", file.read())}
    # The code lies where most addresses are a function's.
    bases = collections.Counter(a - f for a in addresses for f in functions if (a - f) % 4096 == 0)
    base = bases.most_common(1)[0][0]
    return {functions[a - base] for a in addresses if a - base in functions}


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
    functions = artefact_functions(build / "bin" / "engine.cwasm")
    names = function_names((build / "engine" / "wasm" / "engine_wasm.ordered.wat").read_text(encoding="utf-8"))
    first = min(functions.values())
    uses = collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for script in SCRIPTS:
            uses.update(functions_run(build / "bin" / "swebash", script, functions, scratch))
    order = sorted(uses, key=lambda index: (-uses[index], index))
    text = HEAD + "".join(names[index - first] + "\n" for index in order)
    (ROOT / "engine" / "start_order.txt").write_text(text, encoding="utf-8")
    print(f"{len(order)} functions of {len(functions)}")


if __name__ == "__main__":
    main()
