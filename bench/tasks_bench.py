# SPDX-License-Identifier: Apache-2.0
"""Tasks: what one subshell, substitution, pipeline or command costs, and bytes through pipes.

A shell runs a loop with the work and one without; the difference by the number of turns is the cost.
"""

import os

import measure

# name, set-up, work, turns
WORK = [
    ("( : )", ":", "( : )", 2000),
    ("x=$(echo hi)", ":", "x=$(echo hi)", 2000),
    ("echo hi | read x", ":", "echo hi | read x", 1000),
    ("/bin/true", ":", "/bin/true", 500),
] + [
    (f"{work}, {size} MB held", f"v=$(head -c {size * 1000000} /dev/zero | tr '\\0' a)", work, turns)
    for size, turns in ((1, 500), (16, 100), (64, 30))
    for work in ("( : )", "x=$(echo hi)")
]


def loop(setup, work, turns):
    return f"{setup}\ni=0\nwhile [ $i -lt {turns} ]; do\n{work}\ni=$((i+1))\ndone\n"


def throughput(context, shells, rounds):
    path = os.path.join(context.scratch, "bytes")
    megabytes = 20 if context.quick else 200
    with open(path, "wb") as file:
        file.truncate(megabytes * 1000000)
    rows = measure.interleave(context.spawner, [(n, w + ["-c", f"cat {path} | cat | wc -c"]) for n, w in shells], rounds)
    lines = [[r.name, measure.human(r.minimum), f"{megabytes * 1e6 / r.minimum:.0f} MB/s", f"{r.peak_kb / 1024:.1f} MB"] for r in rows]
    measure.print_table(f"{megabytes} MB through `cat FILE | cat | wc -c`", ["", "min", "throughput", "peak"], lines)
    return [r.as_json() for r in rows]


def run(context):
    rounds = 3 if context.quick else 9
    shells = [s for s in context.shells() if s[0] != "busybox"]
    lines, results = [], {}
    for name, setup, work, turns in WORK:
        if context.quick:
            turns = max(10, turns // 4)
        commands = []
        for shell, words in shells:
            for kind, body in (("work", work), ("nothing", ":")):
                path = os.path.join(context.scratch, f"{kind}.sh")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(loop(setup, body, turns))
                commands.append(((shell, kind), words + [path]))
        rows = {r.name: r for r in measure.interleave(context.spawner, commands, rounds)}
        cost = {s: max(0.0, rows[s, "work"].minimum - rows[s, "nothing"].minimum) / turns for s, _ in shells}
        median = {s: max(0.0, rows[s, "work"].median - rows[s, "nothing"].median) / turns for s, _ in shells}
        line = [name] + [measure.human(cost[s]) for s, _ in shells] + [measure.human(median["swebash"])]
        line.append(f"1/{cost['dash'] / cost['swebash']:.1f}" if cost.get("dash") and cost["swebash"] else "-")
        lines.append(line)
        results[name] = {s: {"min_us": cost[s], "median_us": median[s]} for s, _ in shells}
    measure.print_table("one of it: minima, less the loop", [""] + [n for n, _ in shells] + ["swebash median", "of dash"], lines)
    measure.write_json(context.json_path("tasks"), {"tasks": results, "throughput": throughput(context, shells, rounds)})
