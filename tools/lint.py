#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what a compiler does not: layers, tables, unregistered tests, documents, words, licences."""

import pathlib
import re
import subprocess
import sys

import check_layers
import generate_docs
import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = (".cpp", ".hpp", ".h", ".def", ".rs", ".py", ".cmake", ".test.sh")
NAMED_CODE = {"sbh", "CMakeLists.txt", ".clang-format", ".clang-tidy"}


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return sorted(f for f in listed.stdout.split("\0") if f and (ROOT / f).is_file())


def is_text(path):
    with open(ROOT / path, "rb") as file:
        return b"\0" not in file.read(4096)


def sorted_tables(files):
    """A table whose heading says that it is sorted by name, is."""
    for path in files:
        if not path.endswith(".def"):
            continue
        said = "sorted by name" in (ROOT / path).read_text()[:2000].lower()
        previous = None
        try:
            for line, _, arguments in tables.rows(ROOT / path):
                name = tables.unquote(arguments[0])
                if said and previous is not None and previous >= name:
                    yield f"{path}:{line}: `{name}' stands behind `{previous}', but rows are sorted"
                previous = name
        except (ValueError, IndexError) as error:
            yield f"{path}: cannot be read as a table: {error}"


def unregistered_tests(files):
    """A test that is not run does not exist."""
    lists = {f: (ROOT / f).read_text() for f in files if f.endswith((".cmake", "CMakeLists.txt"))}
    for path in files:
        name = path.rsplit("/", 1)[-1]
        if path.endswith("_test.cpp") and check_layers.is_engine_room(path.rsplit("/", 1)[0]):
            continue  # the room's own glob names it
        if name.endswith("_test.cpp") or name.endswith("_test.py"):
            top = path.split("/")[0] + "/"
            if not any(name in text for f, text in lists.items() if f.startswith(top)):
                yield f"{path}: no CMakeLists.txt or .cmake file of {top} names it, so it is not run"
        elif path.startswith("fuzz/") and name.endswith("_fuzz.cpp"):
            if f"swebash_fuzz({name[: -len('_fuzz.cpp')]} " not in lists.get("fuzz/CMakeLists.txt", ""):
                yield f"{path}: fuzz/CMakeLists.txt has no row for it"


def titled_cases(files):
    for path in files:
        if path.endswith(".test.sh") and not generate_docs.case_title(ROOT / path):
            yield f"{path}:2: a comment that says what its cases are about is missing"


# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = [
    (re.compile("TO" + "DO|FIX" + "ME"), "unfinished work"),
    (re.compile(r"(?<!Function )not (yet )?" + "implemented", re.I), "unfinished work"),
    # /home/user is that of every session of the library.
    (re.compile(r"/" + r"(work|root)/|/" + r"home/(?!user\b)[a-z]"), "a path of one machine"),
    (re.compile(r"(static|index)\.crates" + r"\.io|files\.python" + r"hosted|pypi" + r"\.org|registry\.npm"
                + r"js|deb\.debian" + r"\.org|proxy\.golang" + r"\.org"), "the address of a registry"),
]


def forbidden_words(files):
    for path in files:
        if path.endswith((".lock", ".svg")) or path.startswith("fuzz/corpus/") or not is_text(path):
            continue
        for number, line in enumerate((ROOT / path).read_text(errors="replace").split("\n"), 1):
            for pattern, what in FORBIDDEN:
                if pattern.search(line):
                    yield f"{path}:{number}: {what}: {line.strip()[:80]}"


def licence_lines(files):
    for path in files:
        if path.endswith(CODE) or path.rsplit("/", 1)[-1] in NAMED_CODE or path.startswith("tools/sbh/"):
            with open(ROOT / path, errors="replace") as file:
                head = file.readline() + file.readline()
            if "SPDX-License-Identifier: Apache-2.0" not in head:
                yield f"{path}:1: the line `SPDX-License-Identifier: Apache-2.0' is missing"


def headers(files):
    for path in files:
        if path.endswith(".hpp") and "#pragma once" not in (ROOT / path).read_text():
            yield f"{path}: `#pragma once' is missing"


def documents(_):
    for path, _ in generate_docs.stale():
        yield f"{path.relative_to(ROOT)}: not current: run tools/generate_docs.py"


def layers(files):
    yield from check_layers.problems([f for f in files if f.endswith((".cpp", ".hpp", ".h"))])


def main():
    files = tracked_files()
    count = 0
    for check in (layers, sorted_tables, unregistered_tests, titled_cases, forbidden_words, licence_lines,
                  headers, documents):
        for problem in check(files):
            print(problem)
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
