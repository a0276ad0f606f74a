# SPDX-License-Identifier: Apache-2.0
"""Tasks: what one subshell, substitution, pipeline or command costs, and bytes through pipes.

A shell runs a loop with the work and one without; the difference by the number of turns is the cost.
"""

import os
import subprocess

import measure

# name, set-up, work, turns: so many that what the set-up's time varies by is little beside the work
WORK = [
    ("( : )", ":", "( : )", 2000),
    ("x=$(echo hi)", ":", "x=$(echo hi)", 2000),
    ("echo hi | read x", ":", "echo hi | read x", 1000),
    # The same where the shell takes no shorter way for what only writes.
    ("x=$({ echo hi; })", ":", "x=$({ echo hi; })", 2000),
    ("{ echo hi; } | read x", ":", "{ echo hi; } | read x", 1000),
    ("/bin/true", ":", "/bin/true", 500),
    ("( : ) & wait", ":", "( : ) & wait", 500),
] + [
    (f"{work}, {size} MB held", f"v=$(head -c {size * 1000000} /dev/zero | tr '\\0' a)", work, turns)
    for size, turns in ((1, 1000), (16, 400), (64, 300))
    for work in ("( : )", "x=$({ echo hi; })")
]

WORK += [
    (f"{work}, 64 MB freed", "v=$(head -c 64000000 /dev/zero | tr '\\0' a)\n( : )\nunset v", work, 2000)
    for work in ("( : )", "x=$({ echo hi; })")
] + [
    # A script of that size: functions that are there and not called.
    (f"{work}, in a script of 500 KB", "\n".join(f"f{i}() {{ echo 'word {i}'; for x in a b c; do y=$x$1; done; }}" for i in range(8000)), work, 1000)
    for work in ("( : )", "x=$({ echo hi; })")
]

ALIVE = 1000
# Tasks that wait on a pipe which nobody writes to; what the shell takes with them and after them.
BACKGROUND = f"""
note() {{
  while read -r key value unit; do
    case $key in VmRSS:|Threads:) printf '%s ' "$value" ;; esac
  done < /proc/$$/status
}}
note
i=0
while [ $i -lt {ALIVE} ]; do read -r x <&9 & i=$((i + 1)); done
sleep 1
note
kill $(jobs -p)
wait 2> /dev/null
sleep 1
note
"""


def background(context):
    """What tasks in the background cost in memory while they live, and what they leave."""
    reader, writer = os.pipe()
    path = os.path.join(context.scratch, "background.sh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(BACKGROUND)
    with open(os.devnull, "w", encoding="utf-8") as null:
        words = ["sh", "-c", f'exec "$0" "$1" 9<&{reader}', context.swebash, path]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=null, text=True, pass_fds=(reader,), timeout=120, check=False)
    os.close(reader)
    os.close(writer)
    numbers = [int(word) for word in done.stdout.split()]
    if len(numbers) != 6:
        raise measure.Failed(f"tasks in the background: status {done.returncode}, {done.stdout!r}")
    memory, threads, with_memory, with_threads, after_memory, after_threads = numbers
    each = (with_memory - memory) / ALIVE
    measure.print_table(f"{ALIVE} tasks in the background", ["", "memory", "threads"], [
        ["before", f"{memory / 1024:.1f} MB", threads],
        ["alive", f"{with_memory / 1024:.1f} MB", with_threads],
        ["after", f"{after_memory / 1024:.1f} MB", after_threads],
        ["each", f"{each:.0f} KB", ""],
    ])
    return {"kb_each": each, "threads_before": threads, "threads_alive": with_threads, "threads_after": after_threads, "kb_after": after_memory}


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
    measure.write_json(context.json_path("tasks"), {
        "tasks": results,
        "throughput": throughput(context, shells, rounds),
        "background": background(context),
    })
