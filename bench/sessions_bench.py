# SPDX-License-Identifier: Apache-2.0
"""Sessions in one process: fresh ones, live ones, their memory; bashkit beside them where pip has it."""

import importlib.util
import json
import os
import statistics
import subprocess
import time

import measure

NPM_PEERS = ("@everruns/bashkit", "just-bash")


def read_scripts(root):
    """The short scripts, by name."""
    scripts = {}
    name = None
    with open(os.path.join(root, "bench/agent_scripts.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("### "):
                name = line[4:].strip().replace(": ", ".").replace(" ", "_")
                scripts[name] = ""
            elif name is not None:
                scripts[name] += line
    return scripts


def npm_rows(context, files, rounds):
    """Median microseconds of the same in shells from npm, where SWEBASH_BENCH_NPM names a folder that has them."""
    folder = os.environ.get("SWEBASH_BENCH_NPM", "")
    peers = {}
    for name in NPM_PEERS:
        if not os.path.isdir(os.path.join(folder, "node_modules", name)):
            print(f"{name} is not in SWEBASH_BENCH_NPM (npm install {name}): its rows are missing")
            continue
        command = ["node", "--expose-gc", os.path.join(context.root, "bench/session_peers.mjs"), folder, name, str(rounds)] + files
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=1800, check=False)
        if done.returncode != 0:
            print(f"{name}: ended with {done.returncode}")
            continue
        peers[name] = json.loads(done.stdout)
    return peers


def bash_rows(files, rounds):
    """The same as processes of bash, for scale."""
    rows = {}
    for path in files:
        samples = []
        for _ in range(rounds):
            start = time.perf_counter()
            subprocess.run(["/bin/bash", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            samples.append((time.perf_counter() - start) * 1e6)
        rows["script " + os.path.basename(path)] = statistics.median(samples)
    return rows


def bashkit_rows(scripts, rounds):
    """Median microseconds of the same in bashkit, or nothing where it is not installed."""
    if importlib.util.find_spec("bashkit") is None:
        print("bashkit is not installed (pip install bashkit): its rows are missing")
        return {}
    from bashkit import Bash

    def run(script, keep=None):
        shell = keep if keep is not None else Bash()
        result = shell.execute_sync(script)
        if result.exit_code != 0:
            raise measure.Failed(f"bashkit: status {result.exit_code}")

    def timed(function):
        samples = []
        for _ in range(rounds):
            start = time.perf_counter()
            function()
            samples.append((time.perf_counter() - start) * 1e6)
        return statistics.median(samples)

    rows = {"fresh_echo": timed(lambda: run("echo hello"))}
    live = Bash()
    rows["live_echo"] = timed(lambda: run("echo hi", live))
    for name, script in scripts.items():
        try:
            rows["script " + name] = timed(lambda: run(script))
        except measure.Failed as failure:
            print(f"{name}: {failure}")
    return rows


def run(context):
    program = os.path.join(context.root, "build/library/bench/swebash-sessions")
    if not os.path.exists(program):
        raise measure.Failed("it measures the library: ./sbh build library, then ninja -C build/library swebash-sessions")
    files = []
    scripts = read_scripts(context.root)
    for name, script in scripts.items():
        files.append(os.path.join(context.scratch, name))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(script)
    command = [program] + (["--quick"] if context.quick else []) + files
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=1200, check=False)
    if done.returncode != 0:
        raise measure.Failed(f"{program} ended with {done.returncode}")
    ours = json.loads(done.stdout)
    rounds = 20 if context.quick else 100
    theirs = bashkit_rows(scripts, rounds)
    peers = {"bashkit": theirs, **npm_rows(context, files, rounds), "bash": bash_rows(files, 3 if context.quick else 10)}
    print(f"{'':44}{'swebash':>12}{'shortest':>12}" + "".join(f"{name:>20}" for name in peers))
    for name, row in ours.items():
        if "median_us" not in row:
            continue
        others = "".join(f"{peer[name]:17.1f} us" if name in peer else " " * 20 for peer in peers.values())
        print(f"{name:44}{row['median_us']:9.2f} us{row.get('min_us', 0):9.2f} us{others}")
    for name, peer in peers.items():
        all_of_it = [value for row, value in peer.items() if row.startswith("script ")]
        if all_of_it:
            print(f"{len(all_of_it)} short scripts in {name}: median {statistics.median(all_of_it):.1f} us")
    print(f"{ours['live']['sessions']} live sessions: {ours['live']['kb_each']} KB each")
    print(f"{ours['growth']['sessions']} opened and closed: {ours['growth']['kb']} KB more")
    threads = ours["threads"]
    print(f"fresh sessions a second: {threads['one_per_s']}, on two threads {threads['two_per_s']}; processor time of each: {threads['one_cpu_us']} us and {threads['two_cpu_us']} us, and {threads['two_waits']} times a thread waited")
    print(f"fork_1mb_in_variables: {ours['fork_of_variables']['bytes']} bytes of the shell's")

    def aim(what, value, most, unit):
        return measure.Aim(what, f"{value:.1f} {unit}", f"<= {most} {unit}", "yes" if value <= most else "no")

    scripts = [row["median_us"] for name, row in ours.items() if name.startswith("script ")]
    above = ours["live_echo"]["median_us"] - ours["echo_within_a_run"]["median_us"]
    aims = [
        aim("a fresh session, echo, closed", ours["fresh_echo"]["median_us"], 20, "us"),
        aim("a run above its script", above, 5, "us"),
        aim("short scripts, median", statistics.median(scripts), 60, "us"),
        aim("fork with 1 MB of state", ours["fork_1mb"]["median_us"], 40, "us"),
        aim("1 MB to a file and back", ours["file_and_back_1mb"]["median_us"], 2000, "us"),
        aim("10,000 live sessions, each", ours["live"]["kb_each"], 80, "KB"),
        measure.Aim("two threads to one", f"{ours['threads']['ratio']}", ">= 1.8", "yes" if ours["threads"]["ratio"] >= 1.8 else "no"),
    ]
    both = [theirs[name] / row["median_us"] for name, row in ours.items() if name.startswith("script ") and name in theirs]
    if both:
        ratio = statistics.median(both)
        aims.append(measure.Aim("bashkit to swebash, short scripts", f"{ratio:.1f}", ">= 5", "yes" if ratio >= 5 else "no"))
    for one in aims:
        print(f"{one.what:40}{one.here:>12}   aim {one.aim:10} {one.held}")
    return aims
