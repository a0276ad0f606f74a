#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`./sbh bench NAME...`: runs the benchmarks of that name; fails where one of their aims is not held.

Each is a module here with a `run(context)`, which gives its aims as measure.Aim or nothing.
"""

import argparse
import importlib
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import measure
import processes

# One row per benchmark: its module and what it measures.
BENCHMARKS = {
    "cache": "a hit of modcache against Wasmtime's own disk cache; 32 processes that start cold",
    "confine": "a start, native commands and file builtins in a confinement: beside none, and bubblewrap",
    "sessions": "sessions of the library: fresh and live ones, their memory; bashkit beside them",
    "shell": "loops, functions, strings, arrays, read: against dash and bash",
    "start": "each way to start: one start and the integration suite, cold and warm",
    "tasks": "subshells, substitutions, pipelines, native commands, bytes through pipes",
}


class Context:
    """What a benchmark needs to know."""

    def __init__(self, build, options, scratch):
        self.build = build
        self.quick = options.quick
        self.every = options.every
        self.record = options.record and os.path.abspath(options.record)
        self.scratch = scratch
        self.swebash = os.path.join(build, "bin", "swebash")
        self.spawner = os.path.join(build, "bench", "swebash-spawn")
        self.test_runner = os.path.join(build, "tests", "swebash-tests")
        self.root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

    def json_path(self, name):
        return os.path.join(self.build, "bench", name + ".json")

    def shells(self):
        """(name, [word...]) of every shell here, swebash first; missing ones are said."""
        found = [("swebash", [self.swebash])]
        for name, words in [("dash", ["dash"]), ("bash", ["bash", "--norc", "--noprofile"]), ("busybox", ["busybox", "ash"])]:
            path = shutil.which(words[0])
            if path is None:
                print(f"{name} is not installed: its rows are missing")
            else:
                found.append((name, [path] + words[1:]))
        return found


def main():
    parser = argparse.ArgumentParser(prog="./sbh bench", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a minute at most")
    parser.add_argument("--every", type=int, default=0, metavar="N", help="start: one case of the suite in N (1: all)")
    parser.add_argument("--record", default="", metavar="DIR", help="start, cache: keep figures and chart in DIR")
    parser.add_argument("--build", default="build", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.names:
        for name, what in BENCHMARKS.items():
            print(f"{name:8} {what}")
        return 0
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        print(f"bench: {unknown[0]}: no such benchmark (there are: {' '.join(BENCHMARKS)})", file=sys.stderr)
        return 2
    if options.check:
        return 0
    status = 0
    processes.end_all_with_this()
    # Caches of its own: the user's is neither read nor written.
    with tempfile.TemporaryDirectory(prefix="swebash-bench.") as scratch:
        os.environ["SWEBASH_CACHE_DIR"] = os.path.join(scratch, "cache")
        for name in options.names:
            try:
                print("machine: {processors} processors, load {load}, Linux {kernel}".format(**measure.machine()))
                context = Context(os.path.abspath(options.build), options, scratch)
                aims = importlib.import_module(name + "_bench").run(context) or []
                missed = sum(aim.held == "no" for aim in aims)
                if missed:
                    print(f"bench {name}: {missed} of {len(aims)} aims are not held", file=sys.stderr)
                    status = 1
            except measure.Failed as failure:
                print(f"bench {name}: {failure}", file=sys.stderr)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
