# SPDX-License-Identifier: Apache-2.0
"""A hit of modcache beside one of Wasmtime's own disk cache, and many processes that start cold.

Every sample is a process of its own, the ways in turns: what it takes to its module (engine, cache and
load, from `main` on), and as a whole. Private memory is read while another process has the same module,
so that what they share is not taken for private.
"""

import os
import resource
import statistics
import subprocess
import time

import cache_modules
import chart
import measure

ROUNDS = 100  # Wasmtime's cache compresses a module anew at its 256th use: to be kept out of the samples
PROCESSES = 32
# Until a stamp of a new entry is believed.
SETTLE_SECONDS = 2.2

WAYS = [
    ("modcache", "modcache", "module-host", "modcache", {}),
    ("full", "modcache, verifying in full", "module-host", "modcache", {"MODCACHE_VERIFY": "always"}),
    ("linked", "modcache, with a compiler linked", "module-host-compiler", "modcache", {}),
    ("wasmtime", "Wasmtime's own cache", "module-host-compiler", "wasmtime", {}),
]


class Way:
    """One way to a module: a program, its environment, and the file in which it reports."""

    def __init__(self, context, key, label, program, word, environment):
        self.key = key
        self.label = label
        self.words = [os.path.join(context.build, "bench", program), word]
        cache = os.path.join(context.scratch, "modcache")
        theirs = os.path.join(context.scratch, "wasmtime-cache")
        self.environment = {
            "MODCACHE_DIR": cache, "MODCACHE_COMPILER": os.path.join(context.build, "bin", "modcache-compile"),
            "XDG_CONFIG_HOME": context.scratch, "WASMTIME_CACHE_CONFIG": theirs + ".toml", **environment,
        }
        with open(theirs + ".toml", "w", encoding="utf-8") as file:
            file.write(f'[cache]\ndirectory = "{theirs}"\n')
        self.reports = os.path.join(context.scratch, "report-" + key)

    def settings(self, **more):
        return {**self.environment, **more}

    def count_reports(self):
        if not os.path.exists(self.reports):
            return 0
        with open(self.reports, encoding="utf-8") as file:
            return len(file.readlines())

    def take_reports(self):
        """What the processes since the last call have said, a list of words each."""
        with open(self.reports, encoding="utf-8") as file:
            lines = [line.split() for line in file]
        os.remove(self.reports)
        return lines

    def start(self, module, **more):
        settings = {**os.environ, **self.settings(**more)}
        return subprocess.Popen(self.words + [module.path], env=settings, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def run(self, module, **more):
        process = self.start(module, **more)
        process.stdin.close()
        if process.wait() != 0:
            raise measure.Failed(f"{self.label}: status {process.returncode}")


def hits(context, ways, module):
    """Rows by way of the whole process, and microseconds to the module: engine, load, lookup, verification."""
    for way in ways:
        way.run(module)
    time.sleep(SETTLE_SECONDS)
    for way in ways:
        way.run(module)
    commands = [
        (way.key, [f"{name}={value}" for name, value in way.settings(MODULE_HOST_REPORT=way.reports).items()]
         + way.words + [module.path])
        for way in ways
    ]
    rows = {row.name: row for row in measure.interleave(context.spawner, commands, 20 if context.quick else ROUNDS)}
    inside = {}
    for way in ways:
        reports = way.take_reports()[2:]
        if any(words[2] != "cache" for words in reports if way.key != "wasmtime"):
            raise measure.Failed(f"{way.label}: not every start was a hit")
        inside[way.key] = {
            "total": sorted(float(w[0]) + float(w[1]) for w in reports), "engine": sorted(float(w[0]) for w in reports),
            "lookup": sorted(int(w[3]) for w in reports), "verify": sorted(int(w[4]) for w in reports),
        }
    return rows, inside


def private_memory(ways, module):
    """Kilobytes by way: private, what of that the load added, resident; while others hold the same module."""
    found = {}
    for way in ways:
        hold = {"MODULE_HOST_REPORT": way.reports, "MODULE_HOST_MEMORY": "1"}
        held = []
        for _ in range(2):
            held.append(way.start(module, **hold))
            while way.count_reports() < len(held):
                if held[-1].poll() is not None:
                    raise measure.Failed(f"{way.label}: status {held[-1].returncode}")
                time.sleep(0.01)
        for _ in range(5):
            way.run(module, **hold)
        for process in held:
            process.stdin.close()
            process.wait()
        # Five words are said of a load in any case, and of the holders' memory nobody asks.
        samples = [[int(word) for word in words[5:]] for words in way.take_reports()[2:]]
        found[way.key] = {
            "added": statistics.median(s[1] - s[0] for s in samples), "private": statistics.median(s[1] for s in samples),
            "resident": statistics.median(s[2] for s in samples),
        }
    return found


def cpu_of(start, count):
    """Starts `count` at once; their CPU seconds with those of what they started, and the wall seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    processes = [start() for _ in range(count)]
    for process in processes:
        process.stdin.close()
    statuses = [process.wait() for process in processes]
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if any(statuses):
        raise measure.Failed(f"{sum(map(bool, statuses))} of {count} processes failed")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def cold_together(context, way, module):
    """32 cold processes at once on one module, and what they are held against: one compile and 32 hits."""
    log = os.path.join(context.scratch, "compiler-starts")
    wrapper = os.path.join(context.scratch, "logging-compiler")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\necho started >>'{log}'\nexec '{way.environment['MODCACHE_COMPILER']}' \"$@\"\n")
    os.chmod(wrapper, 0o755)

    def starter(directory):
        use = {"MODCACHE_COMPILER": wrapper, "MODCACHE_DIR": os.path.join(context.scratch, directory)}
        return lambda: way.start(module, MODULE_HOST_REPORT=way.reports, **use)

    def measured(directory, count):
        open(log, "w", encoding="utf-8").close()
        cpu, wall = cpu_of(starter(directory), count)
        with open(log, encoding="utf-8") as file:
            return cpu, wall, len(file.readlines()), [words[2] for words in way.take_reports()]

    name = "cold-" + module.key
    rounds = []
    for turn in range(1 if context.quick or module.key == "large" else 3):
        one = measured(f"{name}-one-{turn}", 1)
        hits_cpu = measured(f"{name}-one-{turn}", PROCESSES)
        many = measured(f"{name}-{turn}", PROCESSES)
        if hits_cpu[2] != 0 or set(hits_cpu[3]) != {"cache"}:
            raise measure.Failed("what should be hits are none")
        rounds.append({
            "compiler_starts": many[2], "answers": len(many[3]), "cpu_s": many[0], "wall_s": many[1],
            "compile_cpu_s": one[0], "compile_wall_s": one[1], "hits_cpu_s": hits_cpu[0],
            "ratio": many[0] / (one[0] + hits_cpu[0]),
        })
    return min(rounds, key=lambda r: r["ratio"]) | {"compiler_starts": max(r["compiler_starts"] for r in rounds)}


def print_hits(ways, module, rows, inside, memory):
    base = statistics.median(inside["modcache"]["total"])
    lines = []
    for way in ways:
        us = inside[way.key]
        lines.append([
            way.label, measure.human(us["total"][0]), measure.human(statistics.median(us["total"])),
            f"{statistics.median(us['total']) / base:.1f}", measure.human(statistics.median(us["engine"])),
            measure.human(rows[way.key].median), f"{rows[way.key].median / rows['modcache'].median:.1f}",
            f"{memory[way.key]['private'] / 1024:.2f} MB", f"{memory[way.key]['added'] / 1024:.2f} MB", "noisy" if rows[way.key].spread > measure.NOISY else "",
        ])
    heads = ["", "to the module: min", "median", "/modcache", "of that the engine", "whole process", "/modcache", "private", "added", ""]
    measure.print_table(f"a hit: {module.label()}", heads, lines)


def aims(module, inside, rows, memory, cold):
    def median(key, what):
        return statistics.median(inside[key][what])

    faster = median("wasmtime", "total") / median("modcache", "total")
    whole = rows["wasmtime"].median / rows["modcache"].median
    less = memory["modcache"]["private"] / memory["wasmtime"]["private"]
    added = memory["modcache"]["added"] / memory["wasmtime"]["added"]
    held = [
        [f"{module.label()}: faster to the module", f"{faster:.1f} ×", f"≥ {module.faster} ×", faster >= module.faster],
        [f"{module.label()}: the whole process", f"{whole:.1f} ×", "", True],
        [f"{module.label()}: private memory, the whole process", f"{less:.2f} ×", "≤ 0.25 ×", less <= 0.25],
        [f"{module.label()}: private memory that the load adds", f"{added:.2f} ×", "≤ 0.25 ×", added <= 0.25],
    ]
    if module.key == "engine":
        # Against a clock, not a peer: what else the machine does is not to count.
        milliseconds, verify = inside["modcache"]["total"][0] / 1000, inside["modcache"]["verify"][0] / 1000
        held.append([f"{module.label()}: a hit in the process, the shortest", f"{milliseconds:.2f} ms", "≤ 0.5 ms", milliseconds <= 0.5])
        held.append([f"{module.label()}: verification in it", f"{verify:.2f} ms", "≤ 0.1 ms", verify <= 0.1])
    if cold:
        once = cold["compiler_starts"] == 1 and cold["answers"] == PROCESSES
        held.append([f"{PROCESSES} cold at once: compiler starts", str(cold["compiler_starts"]), "1", once])
        held.append([f"{PROCESSES} cold at once: CPU to one compile and {PROCESSES} hits", f"{cold['ratio']:.2f} ×", "≤ 1.3 ×", cold["ratio"] <= 1.3])
    return held


def run(context):
    ways = [Way(context, *row) for row in WAYS]
    held, data, pictures = [], [], []
    for module in cache_modules.modules(context):
        rows, inside = hits(context, ways, module)
        memory = private_memory(ways, module)
        cold = cold_together(context, ways[0], module) if module.key != "small" else None
        print_hits(ways, module, rows, inside, memory)
        held += aims(module, inside, rows, memory, cold)
        data.append({
            "module": module.label(), "bytes": module.size, "cold": cold,
            "ways": [{"key": way.key, "to_module_us": {k: {"min": v[0], "median": statistics.median(v)} for k, v in inside[way.key].items()},
                      "process": rows[way.key].as_json(), "memory_kb": memory[way.key]} for way in ways],
        })
        pictures.append((module.label(), [(way.label, statistics.median(inside[way.key]["total"])) for way in ways]))
    found = [measure.Aim(a, b, c, ("yes" if d else "no") if c else "") for a, b, c, d in held]
    measure.print_table("aims", ["", "here", "aim", "held"], list(map(list, found)))
    measure.write_json(context.json_path("cache"), {"modules": data, "aims": held})
    for directory in [os.path.join(context.build, "bench")] + ([context.record] if context.record else []):
        os.makedirs(directory, exist_ok=True)
        chart.write(os.path.join(directory, "cache.svg"), "modcache: a hit, to the module", pictures)
    if context.record:
        measure.write_json(os.path.join(context.record, "cache.json"), {"modules": data, "aims": held})
    print(f"chart: {os.path.join(context.build, 'bench', 'cache.svg')}")
    return found
