# SPDX-License-Identifier: Apache-2.0
"""The ways to start, side by side: one start of each, and the integration suite on each.

One start is `-c 'echo hi'`: time to the first byte and to the end, CPU, peak memory. The suite is the
cases that bash takes too, one after the other, each a process and timed alone. `--record DIR` keeps
table, figures and chart there, and writes the table into the pages that show it.
"""

import json
import os
import shutil
import statistics
import subprocess
import time

import chart
import measure
import resident
import start_modes

ROUNDS, SLOW_ROUNDS = 300, 5
# A case may start the shell many times, and each of those may compile.
SLOW_PATIENCE = 30
SHOWN_IN = ["README.md", os.path.join("docs", "adr", "0001-module-caching.md")]
SCRIPTS = [":", "echo hi", "x=$(echo hi)"]
# A subshell is a process in dash and none here: that is not to make up for a slower start.
BASH_IS_ENOUGH = ["x=$(echo hi)"]
READ_AGAIN = "swebash, read again"
BY_CACHE = "swebash, by the cache"


def first_output(context, modes):
    """Rows of `-c 'echo hi'` by (key, 'cold' or 'warm'), all in turns."""
    rounds, slow = (60, 2) if context.quick else (ROUNDS, SLOW_ROUNDS)
    commands, turns = [], {}
    for mode in modes:
        turns[mode.key, "warm"] = slow if mode.slow else rounds
        commands.append(((mode.key, "warm"), mode.start() + ["-c", "echo hi"]))
        if mode.cache is not None:
            turns[mode.key, "cold"] = slow
            commands.append(((mode.key, "cold"), mode.cold_start(context, slow + measure.THROWN_AWAY) + ["-c", "echo hi"]))
    return {row.name: row for row in measure.interleave(context.spawner, commands, turns)}


def run_suite(context, mode, cache, every):
    """Seconds in the cases on one way to start, and how many they were."""
    times = os.path.join(context.scratch, "times.json")
    folders = [os.path.join(context.root, "tests", "spec", name) for name in ("posix", "bash")]
    shell = mode.words[0]
    done = subprocess.run(
        [context.test_runner, "--shell", shell, "--oracle", "--jobs", "1", "--times", times, "--cache", cache,
         "--every", str(every), "--patience", str(SLOW_PATIENCE if mode.slow or mode.cache else 1)] + folders,
        env={**os.environ, **mode.environment}, capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        raise measure.Failed(f"{mode.label}: {len(failed)} cases fail or hang:\n" + "\n".join(failed[:20] or [done.stderr]))
    with open(times, encoding="utf-8") as file:
        cases = json.load(file)
    return sum(case["seconds"] for case in cases), len(cases)


def suite(context, modes):
    """Seconds of each round by (key, 'cold' or 'warm'), and the number of cases. Interleaved.

    One case in `every` is taken, and the ways that compile at every start have one round: they spend
    seconds on each case."""
    rounds, slow_rounds = (1, 1) if context.quick else (5, 1)
    every = context.every or (200 if context.quick else 10)
    samples, count = {}, 0
    for turn in range(rounds):
        for mode in (mode for mode in modes if mode.suite and (turn < slow_rounds or not mode.slow)):
            for state in ("cold", "warm") if mode.cache is not None else ("warm",):
                if state == "cold":
                    mode.chill()
                cache = mode.environment.get("SWEBASH_CACHE_DIR", os.path.join(context.scratch, "unused"))
                seconds, count = run_suite(context, mode, cache, every)
                samples.setdefault((mode.key, state), []).append(seconds)
    return samples, count


def resident_process(context):
    """What resident.lines() is given."""
    every = context.every or (200 if context.quick else 10)

    def cases(options, take_every):
        times = os.path.join(context.scratch, "resident.json")
        folders = [os.path.join(context.root, "tests", "spec", name) for name in ("posix", "bash")]
        done = subprocess.run(
            [context.test_runner, "--shell", context.swebash, "--oracle", "--jobs", "1", "--times", times,
             "--every", str(take_every), *options, *folders],
            capture_output=True, text=True, check=False,
        )
        if done.returncode != 0:
            raise measure.Failed(f"the resident suite:\n{done.stdout[-2000:]}{done.stderr}")
        with open(times, encoding="utf-8") as file:
            return json.load(file)

    same, client, process = resident.calls(context, 60 if context.quick else ROUNDS)
    return (same, client, process, *resident.suites(context, cases, every))


def runner_cost(context):
    """Microseconds that the runner spends on a case: the whole run of trivial cases, less what the program takes."""
    count, rounds = 200, 3 if context.quick else 5
    place = os.path.join(context.scratch, "runner")
    os.mkdir(place)
    script, cases = os.path.join(place, "script.sh"), os.path.join(place, "trivial.test.sh")
    with open(script, "w", encoding="utf-8") as file:
        file.write(":\n")
    with open(cases, "w", encoding="utf-8") as file:
        file.write("".join(f"### case {number}\n:\n\n" for number in range(count)))
    costs = []
    for _ in range(rounds):
        row = measure.interleave(context.spawner, [("alone", [context.swebash, script])], count)[0]
        begun = time.monotonic()
        subprocess.run([context.test_runner, "--shell", context.swebash, "--jobs", "1", cases],
                       capture_output=True, check=True)
        costs.append((time.monotonic() - begun) * 1e6 / count - statistics.mean(row.wall))
    return min(costs)


def table(modes, starts, suites):
    """Rows of the table: label, state, then measured cells; None where there is nothing to measure."""
    rows = []
    for mode in modes:
        for state in ("cold", "warm") if mode.cache is not None else ("warm",):
            row = starts[mode.key, state]
            label = mode.label + (f", {state}" if mode.cache is not None else "")
            rows.append((label, mode.key, state, row, suites.get((mode.key, state))))
    return rows


def cells(row, suite_seconds, dash):
    noisy, whole = "start noisy" if row.spread > measure.NOISY else "", "-"
    if suite_seconds:
        whole = measure.human(statistics.median(suite_seconds) * 1e6)
        if not noisy and max(suite_seconds) / min(suite_seconds) > measure.NOISY:
            noisy = "suite noisy"
    return [
        measure.human(statistics.median(row.first)), measure.human(row.median),
        f"{row.median / dash.median:.2f}" if dash else "-", measure.human(statistics.median(row.cpu)),
        f"{row.peak_kb / 1024:.1f} MB", whole, noisy,
    ]


HEADS = ["", "first byte", "whole process", "/dash", "CPU", "peak", "suite", ""]


def as_markdown(lines):
    text = "| " + " | ".join(HEADS[:-1]) + " |\n|" + " --- |" * (len(HEADS) - 1) + "\n"
    for label, *cells_of_row, noisy in lines:
        text += "| " + " | ".join([f"{label} ({noisy})" if noisy else label] + cells_of_row) + " |\n"
    return text


def circumstances(modes, starts, suites, count):
    """The sentence under the table: what was run how often, on what."""
    fast, slow = starts["aot", "warm"], next((starts[m.key, "warm"] for m in modes if m.slow), None)
    turns = f"{len(fast.wall)} starts in turns"
    if slow is not None:
        turns += f" ({len(slow.wall)} of the ways that compile)"
    here = measure.machine()
    return (
        f"Medians of one run: {turns}; the suite is {count} cases, a process each, "
        f"{len(suites['aot', 'warm'])} times. {here['processors']} processors, load {here['load'][2]}, "
        f"Linux {here['kernel'].split('-')[0]}."
    )


def show(root, text):
    """Puts `text` between the marks of each page that shows the table."""
    first, last = "<!-- measured: start -->\n", "<!-- measured: end -->"
    for name in SHOWN_IN:
        path = os.path.join(root, name)
        with open(path, encoding="utf-8") as file:
            before, rest = file.read().split(first)
        with open(path, "w", encoding="utf-8") as file:
            file.write(before + first + text + last + rest.split(last)[1])


def aims(scripts, starts, suites, runner):
    """What is aimed at."""
    def start(key, state="warm"):
        return starts[key, state].median

    def cases(key):
        return statistics.median(suites[key, "warm"])

    found = []

    def at_least(what, ratio, aim):
        found.append(measure.Aim(what, f"{ratio:.1f} ×", f"≥ {aim} ×", "yes" if ratio >= aim else "no"))

    def at_most(what, value, aim, unit="×"):
        found.append(measure.Aim(what, f"{value:.2f} {unit}", f"≤ {aim} {unit}", "yes" if value <= aim else "no"))

    for script, rows in scripts.items():
        named = {row.name: row for row in rows}
        ours, peer = named["swebash"], named.get("bash" if script in BASH_IS_ENOUGH else "dash")
        if peer is not None:
            at_most(f"-c '{script}': wall time to {peer.name}'s", ours.median / peer.median, 1)
            at_most("  the program's pages read again one by one", named[READ_AGAIN].median / peer.median, 1)
            if peer.name == "dash":
                at_most(f"-c '{script}': CPU to dash's", statistics.median(ours.cpu) / statistics.median(peer.cpu), 1.2)
        at_most("  by a hit of the cache, to the ahead-of-time start", named[BY_CACHE].median / ours.median, 1.3)
        at_most(f"-c '{script}': peak memory", ours.peak_kb / 1024, 12, "MB")
    if ("in_process", "warm") in starts:
        compile_start = min(start("in_process"), start("compile"))
        compile_suite = min(cases("in_process"), cases("compile"))
        for key, label in (("aot", "ahead of time"), ("cache", "our cache, warm")):
            at_least(f"{label}: faster than Wasmtime's own cache", start("wasmtime_cache") / start(key), 3)
            at_least(f"{label}: faster than compiling", compile_start / start(key), 100)
            at_least(f"{label}: the suite faster than compiling", compile_suite / cases(key), 5)
    if ("bash", "warm") in suites:
        at_least("ahead of time: the suite faster than bash", cases("bash") / cases("aot"), 1)
    at_most("the runner's own time for a case", runner / 1000, 2, "ms")
    return found


def read_again(context):
    """The program in a directory of its own, where the page cache has it as a kernel short of memory leaves it.

    That throws a program's pages out, and page faults read them again, one by one: they are mapped slower
    than the large folios that the build and the installer write."""
    place = os.path.join(context.scratch, "read-again")
    os.mkdir(place)
    for name in ("swebash", "engine.cwasm"):
        path = shutil.copy2(os.path.join(context.build, "bin", name), place)
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return os.path.join(place, "swebash")


def by_cache(context):
    """The words of a start by a hit of the cache, which believes the entry without reading it."""
    words = ["SWEBASH_ENGINE_TIER=cache", "SWEBASH_CACHE_DIR=" + os.path.join(context.scratch, "hit-cache"), context.swebash]
    for pause in (0, 2.5):  # an entry of the last two seconds is verified in full
        time.sleep(pause)
        subprocess.run(["env"] + words + ["-c", ":"], check=True)
    return words


def beside_dash(context):
    """Rows by script of the three smallest scripts on the product as it is installed, beside dash and bash."""
    rounds = 60 if context.quick else ROUNDS
    shells = [s for s in context.shells() if s[0] != "busybox"]
    shells[1:1] = [(BY_CACHE, by_cache(context)), (READ_AGAIN, [read_again(context)])]
    results = {}
    for script in SCRIPTS:
        rows = measure.interleave(context.spawner, [(name, words + ["-c", script]) for name, words in shells], rounds)
        measure.print_rows(f"-c '{script}'", rows, "dash" if any(r.name == "dash" for r in rows) else "bash")
        results[script] = rows
    return results


def run(context):
    modes = start_modes.modes(context)
    scripts = beside_dash(context)
    starts = first_output(context, modes)
    suites, count = suite(context, modes)
    dash = starts.get(("dash", "warm"))
    rows = table(modes, starts, suites)
    lines = [[label] + cells(row, seconds, dash) for label, _, _, row, seconds in rows]
    held_open = resident_process(context)
    lines += resident.lines(held_open, dash)
    measure.print_table(f"the ways to start; medians; the suite: {count} cases, a process each", HEADS, lines)
    print(resident.sentence(held_open))
    runner = runner_cost(context)
    held = aims(scripts, starts, suites, runner)
    held += resident.aims(held_open)
    measure.print_table("aims", ["", "here", "aim", "held"], list(map(list, held)))
    data = {
        "scripts": {script: [row.as_json() for row in rows] for script, rows in scripts.items()},
        "runner_us": round(runner, 1),
        "cases": count,
        "aims": held,
        "resident": resident.as_json(held_open),
        "modes": [
            {"label": label, "key": key, "state": state, "start": row.as_json(), "suite_s": seconds}
            for label, key, state, row, seconds in rows
        ],
    }
    measure.write_json(context.json_path("start"), data)
    pictures = [
        ("one start: echo hi", [(label, row.median) for label, _, _, row, _ in rows]),
        (f"the integration suite: {count} cases, a process each",
         [(label, statistics.median(seconds) * 1e6) for label, _, _, _, seconds in rows if seconds]),
    ]
    for directory in [os.path.join(context.build, "bench")] + ([context.record] if context.record else []):
        os.makedirs(directory, exist_ok=True)
        chart.write(os.path.join(directory, "start.svg"), "swebash: the ways to start", pictures)
        with open(os.path.join(directory, "start.md"), "w", encoding="utf-8") as file:
            file.write(as_markdown(lines))
    if context.record:
        show(context.root, as_markdown(lines) + "\n" + circumstances(modes, starts, suites, count) + " "
             + resident.sentence(held_open) + "\n")
        measure.write_json(os.path.join(context.record, "start.json"), data)
    print(f"chart: {os.path.join(context.build, 'bench', 'start.svg')}")
    return held
