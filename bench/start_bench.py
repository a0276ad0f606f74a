# SPDX-License-Identifier: Apache-2.0
"""A start: the whole process to its end, for each tier, beside other shells."""

import measure

SCRIPTS = [":", "echo hi", "x=$(echo hi)"]
# How many rounds each takes; compiling at every start is two hundred times slower.
ROUNDS = {"swebash aot": 300, "swebash cache": 300, "swebash compile": 10, "dash": 300, "bash": 300, "busybox": 300}
TIERS = {"swebash aot": "aot", "swebash cache": "cache", "swebash compile": "jit"}


def run(context):
    rounds = {name: max(5, count // 10) if context.quick else count for name, count in ROUNDS.items()}
    results = {}
    for script in SCRIPTS:
        commands = [
            (name, [f"SWEBASH_ENGINE_TIER={tier}", context.swebash, "-c", script]) for name, tier in TIERS.items()
        ]
        commands += [(name, words + ["-c", script]) for name, words in context.shells()[1:]]
        rows = measure.interleave(context.spawner, commands, rounds)
        reference = "dash" if any(r.name == "dash" for r in rows) else "bash"
        measure.print_rows(f"-c '{script}'", rows, reference)
        results[script] = [row.as_json() for row in rows]
    measure.write_json(context.json_path("start"), {"start": results})
