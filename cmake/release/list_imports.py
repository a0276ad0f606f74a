#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""list_imports.py MODULE.wasm OUT.def: what the module imports, a row SWEBASH_IMPORT(NAME) each, in its order.

Writes nothing where OUT.def says that already. All imports are functions of one host, so that a name is
enough; another kind ends the build.
"""

import os
import sys

IMPORTS, FUNCTION = 2, 0


class Reader:
    """WebAssembly's binary format, from `at` on."""

    def __init__(self, data, at=0):
        self.data = data
        self.at = at

    def number(self):
        value, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]


def import_names(module):
    reader = Reader(module, 8)
    while reader.at < len(module):
        kind = reader.number()
        section = Reader(reader.take(reader.number()))
        if kind != IMPORTS:
            continue
        for _ in range(section.number()):
            host, name = section.take(section.number()), section.take(section.number())
            if host != b"swebash" or section.number() != FUNCTION:
                sys.exit(f"list_imports: {host}.{name} is no function of swebash")
            section.number()  # its type
            yield name.decode()
        return


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        module = file.read()
    text = "".join(f"SWEBASH_IMPORT({name})\n" for name in import_names(module))
    if os.path.exists(target):
        with open(target, encoding="utf-8") as file:
            if file.read() == text:
                return
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
