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
    "proxy": ["kernel", "base"],
    "shell": ["overlay", "kernel/guest", "kernel", "abi", "base", "wasm", "modcache"],
    "embed": ["kernel/guest", "kernel", "abi", "base", "wasm", "modcache", "include"],
    "serve": ["base", "include"],
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

# A header that several sources share and that is a part of another all the same.
INNER = {"engine/syntax/parser_impl.hpp": "engine/syntax/parser.hpp"}
# Folders in which two headers may need each other, by their sources: load_module() falls back to
# the compiler in process, which compiles with an Engine.
MAY_LEAD_BACK = {"modcache/wasmtime"}

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
    folders = {path.rsplit("/", 1)[0] for path in files if "/" in path and layer_of(path) not in FREE}
    for folder in sorted(folders - MAY_LEAD_BACK):
        yield from cycles(folder)
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


def owner_of(path, headers):
    """The header whose source a file is: x_part.cpp is one of x.hpp's where there is no x_part.hpp."""
    if path in headers:
        return path
    stem = path.rsplit(".", 1)[0]
    while stem + ".hpp" not in headers and "_" in stem.rsplit("/", 1)[1]:
        stem = stem[: stem.rindex("_")]
    return stem + ".hpp"


def parts_of(includes, headers):
    """Maps each header that the sources of one other include alone, or of none, to that header."""
    whole = {header: INNER.get(header, header) for header in headers}

    def whole_of(path):
        owner = owner_of(path, headers)
        while whole.get(owner, owner) != owner:
            owner = whole[owner]
        return owner

    grows = True
    while grows:
        grows = False
        for header in sorted(headers):
            users = {whole_of(path) for path in includes if header in includes[path]} - {header}
            if whole[header] == header and len(users) == 1 and users <= headers:
                whole[header] = users.pop()
                grows = True
    return whole_of


def cycles(folder):
    """Says which headers of a folder lead back to themselves, by what they or their sources include."""
    files = [str(p.relative_to(ROOT)) for p in sorted((ROOT / folder).glob("*.?pp"))]
    files = [f for f in files if not f.endswith("_test.cpp")]
    headers = {f for f in files if f.endswith(".hpp")}
    includes = {f: {m.group(2) for m in INCLUDE.finditer((ROOT / f).read_text())} & headers for f in files}
    whole_of = parts_of(includes, headers)
    leads_to = {}
    for path in files:
        leads_to.setdefault(whole_of(path), set()).update(whole_of(h) for h in includes[path])
    for owner, below in leads_to.items():
        below.discard(owner)
    ends = True
    while ends:
        ends = {owner for owner, below in leads_to.items() if not below & leads_to.keys()}
        for owner in ends:
            del leads_to[owner]
    # What is left is in a cycle, or leads to one.
    while True:
        meant = set().union(*leads_to.values()) if leads_to else set()
        above = leads_to.keys() - meant
        if not above:
            break
        for owner in above:
            del leads_to[owner]
    if leads_to:
        yield f"{folder}: lead back to themselves: {', '.join(sorted(leads_to))}"


def main():
    files = sys.argv[1:]
    found = list(problems(files))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
