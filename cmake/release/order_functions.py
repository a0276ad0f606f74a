#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""order_functions.py LIST IN.wat OUT.wat: puts the functions that LIST names first, in its order.

Text of WebAssembly as Binaryen's wasm-dis prints it: a definition begins at " (func $NAME" and ends
before the next line of that depth. The order of definitions is the order of the compiled code, so
that what every start runs lies together. A name that the module lacks is left out: a function that
was renamed or inlined costs nothing but its place.
"""

import re
import sys


def function_name(line):
    """The name in a definition's first line, without the escapes of the text format."""
    return re.sub(r"\\([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), line.split()[1][1:].rstrip(")"))


def function_names(text):
    """The names of a module's functions, in their order, imports not counted."""
    return [function_name(line) for line in text.splitlines() if line.startswith(" (func $")]


def main():
    listed, source, target = sys.argv[1:]
    with open(listed, encoding="utf-8") as file:
        wanted = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    before, functions, after = [], [], []
    current = before
    with open(source, encoding="utf-8") as file:
        for line in file:
            if line.startswith(" (func $"):
                current = []
                functions.append((function_name(line), current))
            elif line.startswith((" (", ")")):
                current = after if functions else before
            current.append(line)
    place = {name: index for index, name in enumerate(wanted)}
    functions.sort(key=lambda function: place.get(function[0], len(place)))
    with open(target, "w", encoding="utf-8") as file:
        for lines in [before, *(body for _, body in functions), after]:
            file.writelines(lines)


if __name__ == "__main__":
    main()
