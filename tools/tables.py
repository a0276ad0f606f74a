# SPDX-License-Identifier: Apache-2.0
"""Reads the project's tables (`.def` files): rows of MACRO(first, second, ...)."""

import re


def _arguments(text, start):
    """The macro's arguments from just behind its parenthesis, and where the row ends."""
    arguments, current, depth, quoted, i = [], "", 0, None, start
    while i < len(text):
        c = text[i]
        if quoted:
            current += c
            if c == "\\":
                i += 1
                current += text[i]
            elif c == quoted:
                quoted = None
        elif c in "\"'":
            quoted = c
            current += c
        elif c in "({" or (c == "<" and current[-1:].isalnum()):  # A template's, not a shift's.
            depth += 1
            current += c
        elif c in ")}" and depth or (c == ">" and depth and current[-1:] not in " >"):
            depth -= 1
            current += c
        elif c == ")":
            arguments.append(current.strip())
            return arguments, i + 1
        elif c == "," and not depth:
            arguments.append(current.strip())
            current = ""
        else:
            current += c
        i += 1
    raise ValueError("a row is not closed")


def unquote(argument):
    """The text of a C string, of which adjacent ones are joined; other arguments as they are."""
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', argument)
    if not parts:
        return argument
    return "".join(re.sub(r"\\(.)", r"\1", part) for part in parts)


def unquote_or_empty(argument):
    """As `unquote`, where `""` is the empty text."""
    return "" if argument == '""' else unquote(argument)


def rows(path):
    """Yields (line number, macro, [argument...]) for each row of the table at `path`."""
    text = path.read_text()
    for match in re.finditer(r"^([A-Z][A-Z0-9_]+)\(", text, re.M):
        arguments, _ = _arguments(text, match.end())
        yield text.count("\n", 0, match.start()) + 1, match.group(1), arguments
