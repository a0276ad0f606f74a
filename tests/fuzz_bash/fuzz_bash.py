#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares swebash with bash on scripts out of a grammar.

    fuzz_bash.py N [--seed S] [--shell FILE] [--bash FILE] [--jobs N] [--show N]

Scripts S to S+N-1 run in a sandbox of their own on both shells (sandbox.py). Standard output, status
and messages without their prefixes must be the same, or explained.txt says why not. What is left is
made as small as it gets and shown; the exit status says whether there was any.
"""
import argparse
import concurrent.futures
import difflib
import os
import re
import sys
import threading

import grammar
import sandbox

HERE = os.path.dirname(os.path.abspath(__file__))


FIELDS = ("script", "bash", "ours", "order")


def read_explained(path):
    """Rows of conditions and a REASON with tabs between. A condition is a FIELD and a REGEX that it
    matches, where FIELD is script, bash or ours; "order" asks for more: the two may then differ in
    the order of their lines, and in nothing else."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            *conditions, reason = line.split("\t")
            fields, patterns = conditions[::2], conditions[1::2]
            if len(fields) != len(patterns) or not set(fields) <= set(FIELDS):
                raise ValueError("explained.txt: " + line)
            rows.append(([(field, re.compile(pattern, re.M)) for field, pattern in zip(fields, patterns)], reason))
    return rows


def explanation(rows, script, bash, ours):
    """Why the two may differ; None when nothing says so."""
    texts = {"script": script, "bash": text_of(bash), "ours": text_of(ours)}
    texts["order"] = script
    same_lines = bash[0] == ours[0] and all(sorted(bash[i].split("\n")) == sorted(ours[i].split("\n")) for i in (1, 2))
    for conditions, reason in rows:
        if all(pattern.search(texts[field]) and (field != "order" or same_lines) for field, pattern in conditions):
            return reason
    return None


def text_of(result):
    return "status %s\n%s%s" % result


def shown(bash, ours):
    """What the two gave; of long results only where they differ."""
    bash, ours = text_of(bash), text_of(ours)
    if max(bash.count("\n"), ours.count("\n")) < 15:
        return "--- bash: %s--- ours: %s" % (bash, ours)
    return "".join(difflib.unified_diff(bash.splitlines(True), ours.splitlines(True), "bash", "ours", n=1))


def shrink(statements, differs):
    """The fewest statements, then lines, then words, for which differs(text) still holds."""
    def less(items, joint):
        at = 0
        while at < len(items) and len(items) > 1:
            fewer = items[:at] + items[at + 1:]
            if differs(joint.join(fewer)):
                items = fewer
            else:
                at += 1
        return items

    text = "\n".join(less(list(statements), "\n"))
    text = "\n".join(less(text.split("\n"), "\n"))
    return " ".join(less(text.split(" "), " "))


class Comparison:
    """Two shells and what may differ between them; each thread has sandboxes of its own."""

    def __init__(self, bash, ours, rows):
        self.shells, self.rows = (bash, ours), rows
        self.local, self.lock, self.sandboxes = threading.local(), threading.Lock(), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for box in self.sandboxes:
            box.close()

    def results(self, text):
        if not hasattr(self.local, "boxes"):
            self.local.boxes = [sandbox.Sandbox(shell) for shell in self.shells]
            with self.lock:
                self.sandboxes += self.local.boxes
        return [box.run(text + "\n") for box in self.local.boxes]

    def differs(self, text):
        bash, ours = self.results(text)
        return bash != ours and explanation(self.rows, text, bash, ours) is None

    def judge(self, seed, is_shrunk=False):
        """(seed, "same" | "explained" | "unexplained", text, bash's result, ours)"""
        statements = grammar.script_of(seed)
        text = "\n".join(statements)
        bash, ours = self.results(text)
        if bash == ours:
            return seed, "same", text, bash, ours
        if explanation(self.rows, text, bash, ours) is not None:
            return seed, "explained", text, bash, ours
        if is_shrunk:
            text = shrink(statements, self.differs)
            bash, ours = self.results(text)
        return seed, "unexplained", text, bash, ours


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shell", default=os.path.join(HERE, "../../build/bin/swebash"))
    parser.add_argument("--bash", default="/bin/bash")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--show", type=int, default=10, help="shrink and show so many (0: none)")
    options = parser.parse_args()
    if not sandbox.is_possible():
        print("fuzz-bash: no user namespaces here, so nothing is run", file=sys.stderr)
        return 2
    rows = read_explained(os.path.join(HERE, "explained.txt"))
    counts = {"same": 0, "explained": 0, "unexplained": 0}

    def judge(seed):
        return comparison.judge(seed, counts["unexplained"] < options.show)

    with Comparison(os.path.realpath(options.bash), os.path.realpath(options.shell), rows) as comparison, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for seed, verdict, text, bash, ours in pool.map(judge, range(options.seed, options.seed + options.count)):
            counts[verdict] += 1
            if verdict == "unexplained" and counts[verdict] <= options.show:
                print("=== seed %d\n%s\n%s" % (seed, text, shown(bash, ours)), flush=True)
    print("%(same)d the same, %(explained)d explained, %(unexplained)d unexplained" % counts)
    return 1 if counts["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())
