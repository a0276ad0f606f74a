#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that each folder includes only what its layer may see (docs/architecture.md)."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A folder, and the folders whose headers it may include besides its own. The longest prefix of a
# file's path decides.
MAY_INCLUDE = {
    "base": [],
    "abi": ["base"],
    "engine/native": ["engine/program", "engine/system", "abi", "base"],
    "engine/runtime": ["engine/program", "engine/system", "abi", "base"],
    "commands": ["abi", "base"],
    "kernel": ["abi", "base"],
    "kernel/guest": ["kernel", "abi", "base", "wasm", "modcache", "modcache/wasmtime"],
    "wasm": ["base", "modcache", "modcache/wasmtime"],
    "modcache": ["base"],
    "modcache/wasmtime": ["modcache", "base"],
    "compile": ["modcache", "modcache/wasmtime", "base"],
    "overlay": ["base"],
    "shell": ["overlay", "kernel/guest", "kernel", "abi", "base", "wasm", "modcache"],
    "embed": ["kernel/guest", "kernel", "abi", "base", "wasm", "modcache", "include"],
}
# These stand outside: they may include anything.
FREE = {"tests", "bench", "fuzz", "examples"}
SEES_WASMTIME = {"wasm", "modcache/wasmtime", "bench"}
# Programs and tests join what libraries must not: modcache's own are made of core and adapter.
JOINS = {"modcache": ["modcache/wasmtime"]}

# The rooms of the engine, and what each may include, as its build says.
ENGINE = (ROOT / "engine/CMakeLists.txt").read_text()
for room, rest in re.findall(r"^swebash_engine_room\(([\w/]+)([^)]*)\)", ENGINE, re.M):
    below = rest.split()[1:]  # without the word DEPS
    MAY_INCLUDE["engine/" + room] = ["engine/" + name for name in below] + ["abi", "base"]

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
WASMTIME = re.compile(r"^(wasm|wasi|wasmtime)\.h$|^wasmtime/")


def layer_of(path):
    """The layer that a path relative to the root belongs to."""
    parts = path.split("/")
    for length in range(len(parts) - 1, 0, -1):
        prefix = "/".join(parts[:length])
        if prefix in MAY_INCLUDE or prefix in FREE:
            return prefix
    return None


def is_engine_room(folder):
    """Whether the folder is a room of the engine, whose sources and tests the build finds itself."""
    return folder in MAY_INCLUDE and folder.startswith("engine/") and folder not in ("engine/native", "engine/runtime")


def is_joint(path):
    return path.endswith("_test.cpp") or path.startswith("modcache/program/") or path.endswith("main.cpp")


def problems(files):
    for path in files:
        layer = layer_of(path)
        if layer is None or layer in FREE and layer != "bench":
            continue
        text = (ROOT / path).read_text(errors="replace")
        for match in INCLUDE.finditer(text):
            where = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
            included = match.group(2)
            if WASMTIME.search(included) and layer not in SEES_WASMTIME:
                yield f"{where}: Wasmtime's headers are for {', '.join(sorted(SEES_WASMTIME))} alone"
            if layer in FREE or match.group(1) == "<" or "/" not in included:
                continue
            other = layer_of(included)
            allowed = [layer] + MAY_INCLUDE[layer]
            if is_joint(path):
                allowed += JOINS.get(layer, [])
            if other is not None and other not in allowed:
                yield f"{where}: {layer}/ may not include {other}/"


def main():
    files = sys.argv[1:]
    found = list(problems(files))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
