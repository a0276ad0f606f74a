# SPDX-License-Identifier: Apache-2.0
"""The resident process beside the ways to start: what a client of it waits for, and the suite."""

import json
import os
import statistics
import subprocess

import measure


class Server:
    """`swebash serve` for the time of a block."""

    def __init__(self, context):
        self.path = os.path.join(context.scratch, "serve.sock")
        self.words = [context.swebash, "serve", "--socket", self.path]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != self.path:
            raise measure.Failed("swebash serve does not listen")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def json_of(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise measure.Failed(f"{command[0]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def calls(context, rounds):
    """Microseconds of `echo hi` in the same process and by a connected client, and of a client's process."""
    bench = os.path.join(context.build, "bench")
    same = json_of([os.path.join(bench, "swebash-sessions"), "--first", str(rounds)])
    with Server(context) as server:
        client = json_of([os.path.join(bench, "swebash-serve-client"), server.path, str(rounds)])
        words = [context.swebash, "connect", "--socket", server.path, "-c", "echo hi"]
        process = measure.interleave(context.spawner, [("connect", words)], rounds)[0]
    return same, client, process


def suites(context, run_suite, every):
    """Seconds of the cases that both ways can run, resident and a process each, in turns: all of them, and the
    case in the middle. Cases that sleep, or wait for what does, take as long either way."""
    rounds = 1 if context.quick else 5
    sums, middles = {"resident": [], "process": []}, {"resident": [], "process": []}
    count = 0
    explained = os.path.join(context.root, "tests", "serve", "resident.txt")
    for _ in range(rounds):
        cases = {"resident": run_suite(["--resident", "--explained", explained], every), "process": run_suite([], every)}
        able = {case["case"] for case in cases["resident"] if case["passed"]}
        count = len(able)
        for name, list_of in cases.items():
            seconds = [case["seconds"] for case in list_of if case["case"] in able]
            sums[name].append(sum(seconds))
            middles[name].append(statistics.median(seconds))
    found = {name: statistics.median(seconds) for name, seconds in sums.items()}
    found.update({"middle_" + name: statistics.median(seconds) for name, seconds in middles.items()})
    return found, count


def lines(measured, dash):
    """Rows for the table of ways to start."""
    same, client, process, suite, count = measured
    found = []

    def add(label, first, whole, seconds="-"):
        ratio = f"{whole / dash.median:.2f}" if dash else "-"
        found.append([label, measure.human(first), measure.human(whole), ratio, "-", "-", seconds, ""])

    add("resident process: a client in it", statistics.median(same["first"]), statistics.median(same["whole"]))
    fresh = statistics.median(client["fresh"])
    add("resident process: a connected client", fresh, fresh, measure.human(suite["resident"] * 1e6) + f" for {count}")
    add("resident process: `swebash connect`", statistics.median(process.first), process.median)
    return found


def sentence(measured):
    """What the table cannot say."""
    _, client, _, suite, count = measured
    return (
        f"The resident process's suite is the {count} of these cases that need no program of the host: "
        f"{measure.human(suite['resident'] * 1e6)}, where a process for each takes {measure.human(suite['process'] * 1e6)}, "
        f"most of it cases that sleep; the case in the middle takes {measure.human(suite['middle_resident'] * 1e6)} to "
        f"{measure.human(suite['middle_process'] * 1e6)}. "
        f"A call to a session that is live takes a connected client {measure.human(statistics.median(client['live']))}; "
        "its rows are a fresh session for each start."
    )


def aims(measured):
    _, client, _, suite, _ = measured
    live = statistics.median(client["live"])
    ratio = suite["resident"] / suite["process"]
    middle = suite["middle_resident"] / suite["middle_process"]
    return [
        measure.Aim("resident: `echo hi` by a connected client", measure.human(live), "≤ 100 µs", "yes" if live <= 100 else "no"),
        measure.Aim("resident: the suite to a process per case", f"{ratio:.2f} ×", "≤ 0.25 ×", "yes" if ratio <= 0.25 else "no"),
        measure.Aim("  the case in the middle", f"{middle:.2f} ×", "≤ 0.25 ×", "yes" if middle <= 0.25 else "no"),
    ]


def as_json(measured):
    same, client, process, suite, count = measured
    medians = {name: statistics.median(values) for name, values in {**client, **same}.items()}
    return {"us": medians, "connect": process.as_json(), "suite_s": suite, "cases": count}
