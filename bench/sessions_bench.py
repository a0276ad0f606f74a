# SPDX-License-Identifier: Apache-2.0
"""Sessions in one process: fresh ones, live ones, their memory; bashkit beside them where pip has it."""

import importlib.util
import json
import os
import statistics
import subprocess
import time

import measure

# What agents write, as far as the tools are in the engine; each is a script that ends with status 0.
SCRIPTS = {
    "variables": 'name=world; greeting="hello ${name^}"; echo "$greeting" "${#name}" "${name:1:3}"\n',
    "arithmetic": "n=0; for ((i = 1; i <= 50; i++)); do ((n += i * i % 7)); done; echo $n\n",
    "control": 'for f in a b c d; do case $f in a|c) echo "odd $f";; *) echo "even $f";; esac; done; i=0; while [ $i -lt 20 ]; do i=$((i + 1)); done; echo $i\n',
    "strings": 'p=/usr/local/lib/thing.tar.gz; echo "${p##*/}" "${p%.*}" "${p//l/L}"; printf "%05d|%-8s|%x\\n" 42 left 255\n',
    "arrays": 'a=(one two three); a+=(four); for x in "${a[@]}"; do echo "$x"; done; echo "${#a[@]}" "${a[@]:1:2}"; declare -A m=([k]=v [x]=y); echo "${m[k]}"\n',
    "functions": 'fact() { if (($1 <= 1)); then echo 1; else local r; r=$(fact $(($1 - 1))); echo $(($1 * r)); fi; }; fact 6\n',
    "pipes": 'printf "%s\\n" c a b | while read -r x; do echo "got $x"; done | cat | wc -l\n',
    "files": 'mkdir -p /tmp/d; for i in 1 2 3; do echo "line $i" > /tmp/d/$i; done; cat /tmp/d/*; ls /tmp/d | wc -l; rm -r /tmp/d\n',
    "text": 'text=$(printf "a=1\\nb=2\\nc=3\\n"); while IFS== read -r k v; do echo "$k -> $v"; done <<< "$text"\n',
}


def bashkit_rows(rounds):
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
    for name, script in SCRIPTS.items():
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
    for name, script in SCRIPTS.items():
        files.append(os.path.join(context.scratch, name))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(script)
    command = [program] + (["--quick"] if context.quick else []) + files
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=1200, check=False)
    if done.returncode != 0:
        raise measure.Failed(f"{program} ended with {done.returncode}")
    ours = json.loads(done.stdout)
    theirs = bashkit_rows(30 if context.quick else 200)
    print(f"{'':24}{'swebash':>12}{'shortest':>12}{'bashkit':>12}")
    for name, row in ours.items():
        if "median_us" not in row:
            continue
        other = f"{theirs[name]:10.1f}" if name in theirs else ""
        print(f"{name:24}{row['median_us']:9.2f} us{row.get('min_us', 0):9.2f} us{other:>12}")
    print(f"{ours['live']['sessions']} live sessions: {ours['live']['kb_each']} KB each")
    print(f"{ours['growth']['sessions']} opened and closed: {ours['growth']['kb']} KB more")
    print(f"fresh sessions a second: {ours['threads']['one_per_s']}, on two threads {ours['threads']['two_per_s']}")

    def aim(what, value, most, unit):
        return measure.Aim(what, f"{value:.1f} {unit}", f"<= {most} {unit}", "yes" if value <= most else "no")

    scripts = [row["median_us"] for name, row in ours.items() if name.startswith("script ")]
    above = ours["live_echo"]["median_us"] - ours["echo_within_a_run"]["median_us"]
    aims = [
        aim("a fresh session, echo, closed", ours["fresh_echo"]["median_us"], 20, "us"),
        aim("a run above its script", above, 5, "us"),
        aim("short scripts, median", statistics.median(scripts), 60, "us"),
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
