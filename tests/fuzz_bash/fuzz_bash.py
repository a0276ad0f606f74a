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
import os
import re
import sys

import grammar
import sandbox

HERE = os.path.dirname(os.path.abspath(__file__))


def read_explained(path):
    """Rows of FIELD, REGEX and REASON with tabs between; FIELD is script, bash or ours."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            field, pattern, reason = line.split("\t")
            if field not in ("script", "bash", "ours"):
                raise ValueError("explained.txt: no such field: " + field)
            rows.append((field, re.compile(pattern, re.M), reason))
    return rows


def explanation(rows, script, bash, ours):
    """Why the two may differ; None when nothing says so."""
    texts = {"script": script, "bash": text_of(bash), "ours": text_of(ours)}
    for field, pattern, reason in rows:
        if pattern.search(texts[field]):
            return reason
    return None


def text_of(result):
    return "status %s\n%s%s" % result


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
    """Two shells and what may differ between them."""

    def __init__(self, bash, ours, rows):
        self.bash, self.ours, self.rows = bash, ours, rows

    def results(self, text):
        return sandbox.run(self.bash, text + "\n"), sandbox.run(self.ours, text + "\n")

    def differs(self, text):
        bash, ours = self.results(text)
        return bash != ours and explanation(self.rows, text, bash, ours) is None

    def judge(self, seed):
        """(seed, "same" | "explained" | "unexplained", statements)"""
        statements = grammar.script_of(seed)
        text = "\n".join(statements)
        bash, ours = self.results(text)
        if bash == ours:
            return seed, "same", statements
        if explanation(self.rows, text, bash, ours) is not None:
            return seed, "explained", statements
        return seed, "unexplained", statements


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
    comparison = Comparison(os.path.realpath(options.bash), os.path.realpath(options.shell), rows)
    counts = {"same": 0, "explained": 0, "unexplained": 0}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for seed, verdict, statements in pool.map(comparison.judge, range(options.seed, options.seed + options.count)):
            counts[verdict] += 1
            if verdict != "unexplained" or counts[verdict] > options.show:
                continue
            small = shrink(statements, comparison.differs)
            bash, ours = comparison.results(small)
            print("=== seed %d\n%s\n--- bash: %s--- ours: %s" % (seed, small, text_of(bash), text_of(ours)), flush=True)
    print("%(same)d the same, %(explained)d explained, %(unexplained)d unexplained" % counts)
    return 1 if counts["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())
