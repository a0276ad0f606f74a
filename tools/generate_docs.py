#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the pages that are derived: docs/{abi,builtins,settings}.md, docs/swebash.1, tests/spec/INDEX.md.

`--check` writes nothing and says which are not current.
"""

import pathlib
import re
import sys

import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = "<!-- Made by tools/generate_docs.py from {}; change that and run it again. -->\n\n"


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(heads, body):
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(cell(each) for each in row) + " |" for row in body]
    return "\n".join(lines) + "\n"


def abi():
    source = "abi/syscalls.def"
    families = {}
    for _, _, arguments in tables.rows(ROOT / source):
        family, name, summary = arguments[0], arguments[1], tables.unquote(arguments[2])
        families.setdefault(family, []).append([f"`{name}`", summary, f"`{', '.join(arguments[3:])}`"])
    text = HEADER.format(source) + "# Syscalls\n\n"
    text += (
        'Functions that a guest imports from module `"swebash"`. Each answers with an `i64`: a value '
        "that is not negative, or minus an errno (`abi/errno.def`).\n"
    )
    for family, body in families.items():
        text += f"\n## {family}\n\n" + table(["call", "what it does", "parameters"], body)
    return text


def builtins():
    source = "engine/builtins/builtins.def"
    body = [
        [f"`{tables.unquote(name)}`", kind, f"`{tables.unquote(synopsis)}`", tables.unquote(summary)]
        for _, _, (name, _, kind, _, synopsis, summary) in tables.rows(ROOT / source)
    ]
    text = HEADER.format(source) + "# Commands inside the engine\n\n"
    text += (
        "*special* are POSIX's special built-ins. *utility* stands for the program of that name in "
        "`/bin` and `/usr/bin`, whose place it takes where a script names it without a path.\n\n"
    )
    return text + table(["name", "kind", "synopsis", "what it does"], body)


def settings():
    program, cache = "shell/settings.def", "modcache/settings.def"
    text = HEADER.format(f"{program} and {cache}") + "# Settings\n\n## Of the program\n\n"
    text += "The shell's own options are bash's; these come beside them, in the long form only.\n\n"
    body = []
    for _, _, arguments in tables.rows(ROOT / program):
        _, flag, value, environment, summary = map(tables.unquote_or_empty, arguments)
        body.append([f"`{flag}{' ' if value else ''}{value}`", f"`{environment}`" if environment else "", summary])
    text += table(["option", "environment", "what it does"], body)
    text += (
        "\n## Of the cache\n\nIn rising weight from `~/.config/modcache/modcache.conf` (`name = value`), "
        "the environment (`MODCACHE_NAME`; for swebash `SWEBASH_CACHE_NAME`) and options.\n\n"
    )
    body = []
    for _, _, (name, _, kind, default, summary) in tables.rows(ROOT / cache):
        body.append([f"`{name}`", kind, f"`{tables.unquote_or_empty(default)}`".replace("``", ""),
                     tables.unquote(summary)])
    return text + table(["name", "type", "default", "what it does"], body)


def roff(text):
    """Words of a manual page: no dash that is a hyphen, no line that begins with a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(['.])", r"\\&\1", text, flags=re.M)


def manual_page():
    """docs/swebash.1: docs/swebash.1.in with the program's settings in the place of @SETTINGS@."""
    options = ""
    for _, _, arguments in tables.rows(ROOT / "shell/settings.def"):
        _, flag, value, environment, summary = map(tables.unquote_or_empty, arguments)
        also = f" Environment: \\fB{environment}\\fR." if environment else ""
        options += f".TP\n\\fB{roff(flag)}\\fR" + (f" \\fI{roff(value)}\\fR" if value else "") + "\n"
        options += roff(summary[0].upper() + summary[1:]) + "." + also + "\n"
    page = (ROOT / "docs/swebash.1.in").read_text()
    return page.replace("@SETTINGS@\n", options).replace("@SOURCES@", "docs/swebash.1.in and shell/settings.def")


def case_title(path):
    """What a file of product tests says it is about: the comment on its second line."""
    lines = path.read_text(errors="replace").split("\n", 2)
    return lines[1][2:].rstrip(".") if len(lines) > 1 and lines[1].startswith("# ") else ""


def cases_index():
    text = HEADER.format("the second line of each file of cases") + "# What is tested where\n"
    for folder, title in (
        ("spec/posix", "The standard's shell language, by section of XCU"),
        ("spec/bash", "What bash adds"),
        ("spec/swebash", "Of swebash alone"),
        ("cli", "The program"),
    ):
        body = []
        for path in sorted((ROOT / "tests" / folder).glob("*.test.sh")):
            body.append([case_title(path).removeprefix("POSIX XCU ").removeprefix("bash: "), f"`{path.name}`"])
        text += f"\n## {title}: `{folder}`\n\n" + table(["what", "file"], body)
    return text


PAGES = {
    "docs/abi.md": (["abi/syscalls.def"], abi),
    "docs/builtins.md": (["engine/builtins/builtins.def"], builtins),
    "docs/settings.md": (["shell/settings.def", "modcache/settings.def"], settings),
    "docs/swebash.1": (["docs/swebash.1.in", "shell/settings.def"], manual_page),
    "tests/spec/INDEX.md": ([], cases_index),
}


def stale():
    """The pages that are not what the tables say, with the text they should have."""
    for page, (sources, make) in PAGES.items():
        if not all((ROOT / source).exists() for source in sources):
            continue
        text, path = make(), ROOT / page
        if not path.exists() or path.read_text() != text:
            yield path, text


def main():
    check = "--check" in sys.argv[1:]
    status = 0
    for path, text in stale():
        if check:
            print(f"{path.relative_to(ROOT)}: not current: run tools/generate_docs.py")
            status = 1
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    return status


if __name__ == "__main__":
    sys.exit(main())
