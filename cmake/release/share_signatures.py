#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""share_signatures.py IN.wat OUT.wat: gives functions of rare types a commoner type.

Wasmtime enters each function type of a module into its registry at every start, some five thousand
instructions a type, and half the types of a large module belong to one or two functions. A function
that is only ever called by its name may take parameters more than it uses: where its type is the end
of another type, it gets the parameters that are missing in front, and each call passes zeros for
them. Functions that are imported, exported or reached through a table keep their types.

Text of WebAssembly as Binaryen's wasm-dis prints it: a definition begins at " (func $NAME", a call
at "(call $NAME".
"""

import collections
import re
import sys

# What a change may cost: a type of more functions than this is left alone, and so are longer lists.
MOST_FUNCTIONS = 8
MOST_ADDED = 2

NAME = r"(\$[^\s()]+)"


def signature(head):
    """Parameters and results of a definition's first line."""
    parameters = []
    for group in re.findall(r"\(param ([^)]*)\)", head):
        parameters += [word for word in group.split() if not word.startswith("$")]
    return tuple(parameters), tuple(re.findall(r"\(result ([^)]*)\)", head))


def is_end(short, long):
    """Whether type `long` is `short` with a few more parameters in front."""
    added = len(long[0]) - len(short[0])
    return short[1] == long[1] and 0 < added <= MOST_ADDED and long[0][added:] == short[0]


def replacements(text):
    """For each type to give up, the parameters that its functions get in front."""
    functions = {name: signature(rest) for name, rest in re.findall(rf"^ \(func {NAME}(.*)$", text, re.M)}
    types = {name: signature(rest) for name, rest in re.findall(rf"^ \(type {NAME} \(func(.*)\)\)$", text, re.M)}
    named = set()
    for line in re.findall(r"^ \((?:elem|export|start) .*$", text, re.M):
        named.update(re.findall(NAME, line))
    fixed = {functions[name] for name in named if name in functions}
    fixed.update(types[name] for name in re.findall(rf"\(call_indirect[^\n]*\(type {NAME}\)", text))
    fixed.update(signature(rest) for rest in re.findall(rf"^ \(import .*\(func {NAME[1:-1]}(.*)\)\)$", text, re.M))
    count = collections.Counter(functions.values())
    kept = set(count) | fixed
    added = {}
    for kind in sorted(set(count) - fixed, key=lambda kind: (len(kind[0]), kind), reverse=True):
        longer = [other for other in kept if is_end(kind, other)]
        if longer and count[kind] <= MOST_FUNCTIONS:
            other = min(longer, key=lambda other: (len(other[0]), other))
            added[kind] = other[0][: len(other[0]) - len(kind[0])]
            kept.discard(kind)
    return {name: added[kind] for name, kind in functions.items() if kind in added and name not in named}


def main():
    source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        text = file.read()
    added = replacements(text)

    def define(match):
        extra = added.get(match[1], ())
        return match[0] + "".join(f" (param $added{i} {kind})" for i, kind in enumerate(extra))

    def call(match):
        return match[0] + "".join(f" ({kind}.const 0)" for kind in added.get(match[1], ()))

    text = re.sub(rf"^ \(func {NAME}", define, text, flags=re.M)
    text = re.sub(rf"\(call {NAME}", call, text)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
