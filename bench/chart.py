# SPDX-License-Identifier: Apache-2.0
"""An SVG chart of durations: panels of horizontal bars on a log scale, each bar labelled."""

import html
import math

import measure

WIDTH, LABEL, BAR, GAP = 900, 270, 22, 8
OURS, OTHERS, PLAIN = "#1a7f5a", "#c2642d", "#7a8594"
STYLE = (
    "text{font-family:system-ui,sans-serif;fill:#1d2430}"
    ".title{font-size:20px;font-weight:600}.panel{font-size:15px;font-weight:600}"
    ".label{font-size:13px;stroke:#ffffff;stroke-width:4px;paint-order:stroke}.tick{font-size:11px;fill:#5b6675}.grid{stroke:#dde2e8;stroke-width:1}"
)


def colour(label):
    if label.startswith(("ahead", "our cache", "resident", "modcache")):
        return OURS
    return OTHERS if label.startswith(("compile", "Wasmtime")) else PLAIN


def panel(title, bars, top):
    """The panel's elements and the y below it. `bars` are (label, microseconds)."""
    low = 10 ** math.floor(math.log10(min(value for _, value in bars)))
    high = 10 ** math.ceil(math.log10(max(value for _, value in bars)))
    if min(value for _, value in bars) < low * 1.2:
        low /= 10  # the shortest bar is to be seen too
    room = WIDTH - LABEL - 90

    def x_of(value):
        return LABEL + room * math.log10(value / low) / math.log10(high / low)

    bottom = top + 34 + len(bars) * (BAR + GAP)
    parts = [f'<text class="panel" x="16" y="{top + 16}">{html.escape(title)}</text>']
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        x = x_of(10 ** power)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{top + 28}" x2="{x:.1f}" y2="{bottom}"/>')
        tick = measure.human(10 ** power).replace(".00", "").replace(".0", "")
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{tick}</text>')
    y = top + 34
    for label, value in bars:
        width = max(2.0, x_of(value) - LABEL)
        middle = y + BAR * 0.7
        parts.append(f'<text class="label" x="{LABEL - 10}" y="{middle:.1f}" text-anchor="end">{html.escape(label)}</text>')
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="3" fill="{colour(label)}"/>')
        parts.append(f'<text class="label" x="{LABEL + width + 8:.1f}" y="{middle:.1f}">{measure.human(value)}</text>')
        y += BAR + GAP
    return parts, bottom + 40


def write(path, title, panels):
    """Draws `panels`, pairs of (title, bars), into the file at `path`."""
    parts, y = [], 48
    for name, bars in panels:
        more, y = panel(name, bars, y)
        parts += more
    said = "time, log scale: shorter is better"
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{html.escape(title)}">\n'
            f'<style>{STYLE}</style>\n<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>\n'
            f'<text class="title" x="16" y="30">{html.escape(title)}</text>\n'
            f'<text class="tick" x="{WIDTH - 16}" y="30" text-anchor="end">{said}</text>\n'
            + "\n".join(parts) + "\n</svg>\n"
        )
