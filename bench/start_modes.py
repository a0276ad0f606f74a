# SPDX-License-Identifier: Apache-2.0
"""The ways to start that are compared: how each is asked for, and of what its first and later starts live."""

import os
import shutil


class Mode:
    """A way to start: a program with an environment, and perhaps a cache that can be thrown away."""

    def __init__(self, key, label, words, environment=None, cache=None, slow=False, suite=True):
        self.key = key
        self.label = label
        self.words = words  # the program and the options that come before the shell's own
        self.environment = environment or {}
        self.cache = cache  # the directory that is removed for a cold start; None: there is no difference
        self.slow = slow  # compiles at each start: fewer rounds
        self.suite = suite  # whether it takes the cases of the suite

    def start(self):
        """The words of a start, settings of the environment first."""
        return [f"{name}={value}" for name, value in self.environment.items()] + self.words

    def cold_start(self, context, turns):
        """The words of starts that find nothing in the cache, one per turn of `turns`."""
        fresh = os.path.join(context.scratch, "cold-" + self.key) + ".@TURN@"
        if self.words[0] == context.swebash:
            return [f"{name}={value}" for name, value in {**self.environment, "SWEBASH_CACHE_DIR": fresh}.items()] + self.words
        for turn in range(turns):
            place = fresh.replace("@TURN@", str(turn))
            reference_host(context, place, os.path.join(place, "cache"))
        return [os.path.join(fresh, "reference-host")]

    def chill(self):
        if self.cache is not None:
            shutil.rmtree(self.cache, ignore_errors=True)


def place_beside(path, directory):
    """The file in `directory` too: the same one where that can be, so that the page cache has it."""
    target = os.path.join(directory, os.path.basename(path))
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)
    return target


def reference_host(context, directory, cache=None):
    """The reference host in `directory`, with what it reads there; its path. `cache`: Wasmtime's own, kept there."""
    os.mkdir(directory)
    place_beside(os.path.join(context.build, "bin", "engine.wasm"), directory)
    if cache is not None:
        with open(os.path.join(directory, "wasmtime-cache.toml"), "w", encoding="utf-8") as file:
            file.write(f'[cache]\ndirectory = "{cache}"\n')
    return place_beside(os.path.join(context.build, "bench", "reference-host"), directory)


def modes(context):
    """All rows of the table, in its order; what is missing on this machine is said and left out."""
    ours = os.path.join(context.scratch, "our-cache")
    theirs = os.path.join(context.scratch, "wasmtime-cache")
    rows = []
    if os.access(os.path.join(context.build, "bench", "reference-host"), os.X_OK):
        plain = reference_host(context, os.path.join(context.scratch, "in-process"))
        caching = reference_host(context, os.path.join(context.scratch, "caching"), theirs)
        rows.append(Mode("in_process", "compile at every start, in process", [plain], slow=True))
        rows.append(Mode("wasmtime_cache", "Wasmtime's own disk cache", [caching], cache=theirs))
    else:
        print("the reference host is not built: its rows are missing")
    for key, label, tier, cache in [
        ("compile", "compile at every start, own process", "jit", None),
        ("cache", "our cache", "cache", ours),
        ("aot", "ahead of time (the default)", "aot", None),
    ]:
        use = {"SWEBASH_ENGINE_TIER": tier, "SWEBASH_CACHE_DIR": ours}
        rows.append(Mode(key, label, [context.swebash], use, cache=cache, slow=tier == "jit"))
    for name, words in context.shells()[1:]:
        if name != "busybox":
            rows.append(Mode(name, name, words, suite=name == "bash"))
    return rows
