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

    def settings(self):
        return [f"{name}={value}" for name, value in self.environment.items()]

    def chill(self):
        if self.cache is not None:
            shutil.rmtree(self.cache, ignore_errors=True)


def wasmtime_cache(directory):
    """A configuration file of Wasmtime's cache that keeps it in `directory`; its path."""
    path = directory + ".toml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'[cache]\ndirectory = "{directory}"\n')
    return path


def modes(context):
    """All rows of the table, in its order; what is missing on this machine is said and left out."""
    reference = os.path.join(context.build, "bench", "reference-host")
    engine = os.path.join(context.build, "bin", "engine.wasm")
    ours = os.path.join(context.scratch, "our-cache")
    theirs = os.path.join(context.scratch, "wasmtime-cache")
    rows = []
    if os.access(reference, os.X_OK):
        use = {"SWEBASH_REFERENCE_ENGINE": engine}
        rows.append(Mode("in_process", "compile at every start, in process", [reference], use, slow=True))
        kept = {**use, "SWEBASH_REFERENCE_CACHE": wasmtime_cache(theirs)}
        rows.append(Mode("wasmtime_cache", "Wasmtime's own disk cache", [reference], kept, cache=theirs))
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
