#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""link_in_order.py LLD NM LIST COMMAND...: links a program by COMMAND, its hot functions side by side.

COMMAND is zig's compiler driver, which takes neither a list of functions nor a packed form of relocations,
but says how it has LLD link. So LLD is asked once more, with both: the functions that LIST names come
first, in its order, and relocations take a word for some sixty of them. Where that fails, the program is
what COMMAND made of it.

A Rust function's name has hashes that are others for each compiler. LIST has none (see without_hash), and
stands for all functions whose names differ in those alone.

SWEBASH_KEEP_SYMBOLS in the environment leaves the program its symbols.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile


def without_hash(name):
    """The name of a function without what depends on the compiler that made it."""
    return re.sub(r"Cs[0-9A-Za-z]+_(?=\d)", "C", re.sub(r"17h[0-9a-f]{16}E", "17hE", name))


def order_of(listed, names):
    """All of `names` that `listed` stands for, in the order of that."""
    found = collections.defaultdict(list)
    for name in names:
        found[without_hash(name)].append(name)
    return [name for wanted in listed for name in found.pop(wanted, [])]


def symbols(nm, files):
    """The names that the objects and archives among `files` define, each once."""
    inputs = [name for name in files if name.endswith((".o", ".a"))]
    out = subprocess.run([nm, "--defined-only", "--format=just-symbols", *inputs], capture_output=True, text=True, check=True)
    return dict.fromkeys(line for line in out.stdout.splitlines() if line and not line.endswith(":"))


def main():
    lld, nm, listed, *command = sys.argv[1:]
    first = subprocess.run(command, env={**os.environ, "ZIG_VERBOSE_LINK": "1"}, stderr=subprocess.PIPE, text=True, check=False)
    lines = first.stderr.splitlines()
    links = [line for line in lines if line.startswith("ld.lld ")]
    sys.stderr.writelines(line + "\n" for line in lines if line not in links)
    if first.returncode != 0:
        return first.returncode
    words = links[-1].split()[1:] if links else []
    if "-s" in words and os.environ.get("SWEBASH_KEEP_SYMBOLS"):
        words[words.index("-s")] = "--strip-debug"
    try:
        with open(listed, encoding="utf-8") as file:
            wanted = [line.strip() for line in file if not line.startswith("#")]
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as order:
            order.writelines(name + "\n" for name in order_of(wanted, symbols(nm, words)))
            order.flush()
            subprocess.run([lld, *words, "--symbol-ordering-file", order.name, "--no-warn-symbol-ordering",
                            "-z", "pack-relative-relocs"], check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        said = f"{problem.cmd[0]} ended with {problem.returncode}" if isinstance(problem, subprocess.CalledProcessError) else problem
        print(f"link_in_order: {said}: the program's functions stay in the linker's order", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
