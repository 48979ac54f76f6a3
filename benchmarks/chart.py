"""The chart of the README: a bar for each engine, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from xml.sax.saxutils import escape

LEFT, WIDTH, ROW, TOP = 320, 790, 26, 64
WHOLE = "facts to Decision"
"""The end of the names of those that do the whole work; the others get flat facts and give names."""


def chart(medians: Mapping[str, float]) -> str:
    """An SVG with the medians in microseconds, the quickest first. It reads on light and dark ground."""
    entries = sorted(medians.items(), key=lambda entry: entry[1])
    largest = max(10.0, *medians.values())
    span = WIDTH - LEFT - 90
    rows = []
    for number, (name, median) in enumerate(entries):
        y = TOP + number * ROW
        length = max(2.0, span * log10(max(median, 1.0)) / log10(largest))
        colour = "#2f6fb4" if name.startswith("dte-rules") else "#8a8f98" if name.endswith(WHOLE) else "#c6cad1"
        rows.append(
            f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="18" rx="2" fill="{colour}"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{y + 14}">{median:,.1f}</text>'
        )
    height = TOP + len(entries) * ROW + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="medians of one decision in microseconds">'
        "<style>text{font:13px system-ui,sans-serif;fill:#6b7280}.title{font-weight:600}</style>"
        '<text class="title" x="10" y="22">One decision with all failed reasons: median, µs, logarithmic scale</text>'
        '<text x="10" y="42">pale: from flat facts, worked out beforehand, to the names of conditions alone</text>'
        f"{''.join(rows)}</svg>\n"
    )
