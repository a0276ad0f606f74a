#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over every C++ source: tidy.py BUILD CACHE [--seconds N] [SOURCE...]

BUILD has compile_commands.json, and what is generated. What was found clean is not looked at again:
the file CACHE keeps a hash of all that the answer hangs on, which is the source, what it includes of
ours, how it is compiled, and clang-tidy with its configuration. What was changed last comes first;
after N seconds no more is begun, and what is left is counted. Fails when anything is found."""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-22"
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M)
# What of a command decides what clang-tidy sees. Without sanitizers: their builds leave code out.
SEEN = re.compile(r"-(D|I|isystem|std=|f(?!sanitize|profile|coverage|no-sanitize))")
# Sources for WebAssembly, for fuzzers and for musl alone, and how they are compiled.
APART = {
    "engine/runtime/": ["--target=wasm32-wasi", "-DSWEBASH_GUEST=1", "-fno-exceptions", "-fno-rtti"],
    "wasm/testing/": ["--target=wasm32-wasi", "-fno-exceptions", "-fno-rtti"],
    "fuzz/": ["-DSWEBASH_GUEST=1"],
    "shell/malloc.cpp": [],
    "shell/no_demangler.cpp": [],
    "compile/malloc.cpp": [],
}
# Compiled by whoever reads them, or when they are measured.
NOT_BUILT = ("examples/", "bench/modules/")


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def sources():
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.cpp").split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


def recency():
    """A number for each file that the last commits changed, smaller for later ones; 0: not committed."""
    order = {line[3:]: 0 for line in git("status", "--porcelain").splitlines()}
    for place, name in enumerate(git("log", "-n", "100", "--format=", "--name-only").splitlines(), 1):
        order.setdefault(name, place)
    return order


def commands(build):
    """The flags of each source that the build or APART knows."""
    known = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(ROOT):
            words = shlex.split(entry["command"])[1:]
            # `-isystem` has its directory in the next word.
            flags = [word for before, word in zip([""] + words, words) if SEEN.match(word) or before == "-isystem"]
            known.setdefault(str(path.relative_to(ROOT)), flags)
    for source in sources():
        for folder, flags in APART.items():
            if source.startswith(folder):
                known[source] = ["-std=c++23", f"-I{ROOT}", *flags]
    return known


@functools.cache
def version():
    return subprocess.run([TIDY, "--version"], check=True, capture_output=True).stdout


class Keys:
    """Hashes of all that an answer hangs on."""

    def __init__(self, build):
        self.generated = build / "wasm/generated"
        self.common = version() + (ROOT / ".clang-tidy").read_bytes()
        self.files = {}

    def read(self, path):
        """The hash of a file, and what of ours it includes."""
        if path not in self.files:
            text = path.read_bytes()
            places = [(base / name.decode()) for name in INCLUDE.findall(text)
                      for base in (path.parent, ROOT, self.generated)]
            self.files[path] = hashlib.sha256(text).digest(), {p.resolve() for p in places if p.is_file()}
        return self.files[path]

    def all_of(self, source):
        seen, waiting = set(), [ROOT / source]
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                waiting += self.read(path)[1]
        return seen

    def of(self, source, flags):
        digest = hashlib.sha256(self.common + " ".join(flags).replace(str(ROOT), "").encode())
        for path in sorted(self.all_of(source)):
            digest.update(self.read(path)[0])
        return digest.hexdigest()


def look(source, flags, deadline):
    """What clang-tidy has to say of one source; None where there is no time."""
    if time.monotonic() > deadline:
        return None
    run = subprocess.run([TIDY, "--quiet", ROOT / source, "--", *flags], cwd=ROOT, capture_output=True, text=True,
                         errors="replace")
    return run.stdout.strip() or (run.stderr.strip() if run.returncode != 0 else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("sources", nargs="*")
    options = parser.parse_intermixed_args()
    build, start = options.build.resolve(), time.monotonic()
    known, keys, order = commands(build), Keys(build), recency()
    clean = set(options.cache.read_text().split()) if options.cache.exists() else set()
    told, left, work = set(), 0, []
    for source in options.sources or sources():
        if source not in known:
            if not source.startswith(NOT_BUILT):
                print(f"{source}: it is not known how this is compiled")
                told.add(source)
            continue
        key = keys.of(source, known[source])
        if key not in clean:
            last = min(order.get(str(path.relative_to(ROOT)), len(order) + 1) for path in keys.all_of(source))
            work.append((last, source, key))
    work.sort()
    options.cache.parent.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, open(options.cache, "a") as cache:
        runs = {pool.submit(look, source, known[source], start + options.seconds): (source, key)
                for _, source, key in work}
        for done, run in enumerate(concurrent.futures.as_completed(runs), 1):
            source, key = runs[run]
            said = run.result()
            if said is None:
                left += 1
            elif said:
                # A header's fault is found again in each source that includes it.
                for part in set(re.split(r"\n(?=/\S+:\d+:\d+: (?:warning|error):)", said)) - told:
                    told.add(part)
                    print(part.replace(f"{ROOT}/", ""), flush=True)
            elif Keys(build).of(source, known[source]) == key:  # not edited meanwhile
                cache.write(key + "\n")
                cache.flush()
            print(f"[{done}/{len(runs)}] {source}", file=sys.stderr, flush=True)
    print(f"clang-tidy: {len(told)} findings; {len(work) - left} sources looked at, {left} left for want of time",
          file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
