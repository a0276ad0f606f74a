# SPDX-License-Identifier: Apache-2.0
"""The product tests as a workload: a process each, timed one by one, for each way to start."""

import json
import os
import shutil
import subprocess

import measure

# name, tier, a fresh cache for each round
MODES = [("ahead of time", "aot", False), ("cache, warm", "cache", False), ("cache, cold", "cache", True), ("compile", "jit", False)]


def once(context, shell, folders, environment):
    """Seconds in the cases of `folders`; fails if one of them does."""
    times = os.path.join(context.scratch, "times.json")
    done = subprocess.run(
        [context.test_runner, "--shell", shell, "--oracle", "--jobs", "1", "--times", times] + folders,
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        raise measure.Failed(f"{shell} {environment}:\n" + done.stdout[-2000:])
    with open(times, encoding="utf-8") as file:
        cases = json.load(file)
    return len(cases), sum(case["seconds"] for case in cases)


def run(context):
    folders = [os.path.join(context.root, "tests", "spec", name) for name in ("posix", "bash")]
    rounds = 1 if context.quick else 3
    best, count = {}, 0
    for _ in range(rounds):
        for name, tier, fresh in MODES:
            cache = os.path.join(context.scratch, "suite-cache")
            if fresh:
                shutil.rmtree(cache, ignore_errors=True)
            count, seconds = once(context, context.swebash, folders, {"SWEBASH_ENGINE_TIER": tier, "SWEBASH_CACHE_DIR": cache})
            best[name] = min(best.get(name, seconds), seconds)
        if shutil.which("bash"):
            _, seconds = once(context, shutil.which("bash"), folders, {})
            best["bash"] = min(best.get("bash", seconds), seconds)
    measure.print_table(f"{count} cases, one after the other; the best of {rounds}", ["", "all", "each", "of compile"],
                        [[n, measure.human(s * 1e6), measure.human(s * 1e6 / count), f"{s / best['compile']:.3f}"] for n, s in best.items()])
    measure.write_json(context.json_path("suite"), {"suite": best, "cases": count})
