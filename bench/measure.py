# SPDX-License-Identifier: Apache-2.0
"""Interleaved measurements of processes, and their tables.

Only ratios within one run hold, so everything that is compared is started in turns. A sample is one
start: wall and CPU microseconds, peak memory, status.
"""

import collections
import json
import os
import statistics
import subprocess

# Beyond this ratio of the third quartile to the minimum a row is said to be noisy.
NOISY = 1.8
# Rounds that come first and are not counted.
THROWN_AWAY = 1


class Failed(Exception):
    """A measured command did not do its work."""


class Aim(collections.namedtuple("Aim", "what here aim held")):
    """Something that is aimed at: held is "yes" or "no", or empty where it is only told."""


class Row:
    """The samples of one command."""

    def __init__(self, name, samples):
        self.name = name
        self.wall = sorted(s[0] for s in samples)
        self.cpu = sorted(s[1] for s in samples)
        self.peak_kb = max(s[2] for s in samples)
        self.first = sorted(s[3] for s in samples)

    @property
    def minimum(self):
        return self.wall[0]

    @property
    def median(self):
        return statistics.median(self.wall)

    @property
    def spread(self):
        return self.wall[len(self.wall) * 3 // 4] / self.minimum

    def as_json(self):
        return {
            "name": self.name,
            "samples": len(self.wall),
            "wall_us": {"min": self.minimum, "median": self.median, "p75": self.wall[len(self.wall) * 3 // 4]},
            "cpu_us": {"min": self.cpu[0], "median": statistics.median(self.cpu)},
            "first_byte_us": {"min": self.first[0], "median": statistics.median(self.first)},
            "peak_kb": self.peak_kb,
        }


def interleave(spawner, commands, rounds, environment=None, expected_status=0):
    """Starts `commands`, pairs of (name, [word...]), in turns; their rows.

    A word NAME=VALUE in front of the program sets its environment; @TURN@ in a word is the turn's
    number, from 0. THROWN_AWAY more rounds come first. `rounds` is a number, or one for each name.
    """
    turns = [(rounds if isinstance(rounds, int) else rounds[name]) + THROWN_AWAY for name, _ in commands]
    lines = "".join("\t".join([str(n)] + list(words)) + "\n" for n, (_, words) in zip(turns, commands))
    done = subprocess.run(
        [spawner], input=lines, capture_output=True, text=True, env=environment or os.environ, check=False
    )
    if done.returncode != 0:
        raise Failed(done.stderr.strip())
    samples = [[] for _ in commands]
    for line in done.stdout.splitlines():
        number, wall, cpu, peak, status, first = line.split()
        if int(status) != expected_status:
            raise Failed(f"{commands[int(number)][0]}: status {status}: {' '.join(commands[int(number)][1])}\n{done.stderr}")
        samples[int(number)].append((float(wall), int(cpu), int(peak), float(first)))
    return [Row(name, s[THROWN_AWAY:] or s) for (name, _), s in zip(commands, samples)]


def machine():
    """What is said beside each table: processors, load, kernel."""
    load = os.getloadavg()
    return {
        "processors": os.cpu_count(),
        "load": [round(x, 2) for x in load],
        "kernel": os.uname().release,
    }


def human(microseconds):
    """A duration in three digits."""
    value, unit = microseconds, "µs"
    for next_unit in ("ms", "s"):
        if value < 999.5:
            break
        value, unit = value / 1000, next_unit
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{digits}f} {unit}"


def print_table(title, heads, lines):
    """An aligned table; the first column to the left, the others to the right."""
    print(f"\n{title}")
    widths = [max(len(str(line[i])) for line in [heads] + lines) for i in range(len(heads))]
    for index, line in enumerate([heads] + lines):
        cells = [str(line[0]).ljust(widths[0])] + [str(c).rjust(w) for c, w in zip(line[1:], widths[1:])]
        print("  " + "   ".join(cells).rstrip())
        if index == 0:
            print("  " + "   ".join("-" * w for w in widths))


def print_rows(title, rows, reference):
    """Rows with their ratio to the row named `reference`, by minima and by medians."""
    base = next((r for r in rows if r.name == reference), rows[0])
    lines = []
    for row in rows:
        lines.append([
            row.name, human(row.minimum), human(row.median), f"{row.minimum / base.minimum:.2f}",
            f"{row.median / base.median:.2f}", human(row.cpu[0]), f"{row.peak_kb / 1024:.1f} MB",
            "noisy" if row.spread > NOISY else "",
        ])
    print_table(title, ["", "min", "median", f"min/{base.name}", f"median/{base.name}", "cpu min", "peak", ""], lines)


def write_json(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": machine(), **data}, file, indent=2, ensure_ascii=False)
        file.write("\n")
    print(f"\nwritten: {path}")
