# SPDX-License-Identifier: Apache-2.0
"""Confinement: what a start, a native command and the file builtins cost inside, beside bubblewrap."""

import os
import shutil

import measure

# What is asked of the medians: (what, row, row it is compared with, at most).
AIMS = [
    ("a start under Landlock alone", "landlock", "unconfined", 1.25),
    ("a start with a view", "namespace", "unconfined", 2.0),
    ("a start with a view, of bubblewrap's", "namespace", "bwrap dash", 0.5),
]
LOOPS = [
    ("native commands, 200", "i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done", 1.15),
    # Not over the same file again: the host's disk would be what is measured.
    ("file builtins, 2,000", "i=0; while [ $i -lt 2000 ]; do echo x > f$i; read -r x < f$i; [ -e f$i ]; i=$((i+1)); done; rm f*", 1.1),
]


def bubblewrap(work):
    """The same view by bubblewrap, or nothing where that is not installed."""
    path = shutil.which("bwrap")
    if path is None:
        print("bubblewrap is not installed: its rows are missing")
        return []
    words = [path, "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for folder in ("/usr", "/etc", "/opt"):
        words += ["--ro-bind-try", folder, folder]
    for link in ("/bin", "/sbin", "/lib", "/lib64"):
        if os.path.islink(link):
            words += ["--symlink", os.readlink(link), link]
    return words + ["--bind", work, work, "--chdir", work]


def ways(context, work):
    """(name, [word...]) of each way to run a script, without the script."""
    confined = [context.swebash, "--workspace", work, "--isolation"]
    found = [("unconfined", [context.swebash]), ("landlock", confined + ["landlock"]), ("namespace", confined + ["namespace"])]
    found += [(name, words) for name, words in context.shells() if name in ("dash", "bash")]
    wrapped = bubblewrap(work)
    if wrapped:
        found += [("bwrap " + name, wrapped + words) for name, words in found if name in ("dash", "bash")]
    return found


def run(context):
    work = os.path.join(context.scratch, "confined")
    os.makedirs(work)
    here = os.getcwd()
    os.chdir(work)
    try:
        return measured(context, ways(context, work))
    finally:
        os.chdir(here)


def measured(context, found):
    aims, results = [], {}
    rows = measure.interleave(context.spawner, [(n, w + ["-c", ":"]) for n, w in found], 30 if context.quick else 200)
    by_name = {row.name: row for row in rows}
    measure.print_rows("an empty start", rows, "unconfined")
    results["start"] = [row.as_json() for row in rows]
    for what, name, other, most in AIMS:
        if name in by_name and other in by_name:
            ratio = by_name[name].minimum / by_name[other].minimum
            aims.append(measure.Aim(what, f"{ratio:.2f}", f"<= {most}", "yes" if ratio <= most else "no"))
    for what, script, most in LOOPS:
        rows = measure.interleave(context.spawner, [(n, w + ["-c", script]) for n, w in found], 3 if context.quick else 9)
        measure.print_rows(what, rows, "unconfined")
        results[what] = [row.as_json() for row in rows]
        loop = {r.name: r.minimum - by_name[r.name].minimum for r in rows}
        for name in ("landlock", "namespace"):
            ratio = loop[name] / loop["unconfined"]
            aims.append(measure.Aim(f"{what} ({name})", f"{ratio:.2f}", f"<= {most}", "yes" if ratio <= most else "no"))
    measure.print_table("aims, by minima; loops less the start", ["", "here", "aim", "held"], [list(aim) for aim in aims])
    measure.write_json(context.json_path("confine"), {"confine": results, "aims": [aim._asdict() for aim in aims]})
    return aims
