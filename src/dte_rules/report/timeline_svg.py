"""A timeline as SVG: one picture, no scripts, no fonts fetched, readable without colour."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from dte_rules.advice.when import Timeline
from dte_rules.report.names import Names
from dte_rules.report.phrases import date_words
from dte_rules.report.prose import filled
from dte_rules.report.timeline import days_words, outcome_words, turn_words

WIDTH, MARGIN, BAR, LINE = 960, 24, 34, 20
FILLS = {"met": "#2e7d32", "discretionary": "#00838f", "undetermined": "#f9a825", "not_met": "#cfd8dc"}
_LETTERS = 118
"""How many columns of small text fit into a line."""


def timeline_svg(timeline: Timeline, names: Names, *, case: str = "") -> str:
    """The picture's text."""
    days = (timeline.last - timeline.first).days + 1
    scale = (WIDTH - 2 * MARGIN) / days

    def x(day: date) -> float:
        return MARGIN + (day - timeline.first).days * scale

    title = f"{case} {names.region} · {names.title}".strip()
    parts = [_text(MARGIN, 28, title, 16, bold=True), _text(MARGIN, 48, _span(timeline, names), 12)]
    top = 64
    for stretch in timeline.stretches:
        label = f"{days_words(stretch, names)} {outcome_words(stretch, names)}"
        place = f'x="{x(stretch.first):.2f}" y="{top}" width="{stretch.days * scale:.2f}" height="{BAR}"'
        parts.append(f'<rect {place} fill="{FILLS[stretch.verdict]}"><title>{escape(label)}</title></rect>')
    for year in range(timeline.first.year, timeline.last.year + 1):
        start = max(date(year, 1, 1), timeline.first)
        parts.append(f'<line x1="{x(start):.2f}" x2="{x(start):.2f}" y1="{top}" y2="{top + BAR + 8}" stroke="#455a64"/>')
        parts.append(_text(x(start) + 3, top + BAR + 16, str(year), 11))
    y = top + BAR + 44
    for index, stretch in enumerate(timeline.stretches):
        parts.append(f'<rect x="{MARGIN}" y="{y - 11}" width="12" height="12" fill="{FILLS[stretch.verdict]}"/>')
        parts.append(_text(MARGIN + 20, y, f"{days_words(stretch, names)}   {outcome_words(stretch, names)}", 13, bold=True))
        y += LINE
        opens = timeline.opens(index)
        for words in turn_words(opens, names) if opens else ():
            for line in lines(words, _LETTERS):
                parts.append(_text(MARGIN + 20, y, line, 12))
                y += LINE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 8}" viewBox="0 0 {WIDTH} {y + 8}" role="img" '
    head += f'aria-label={quoteattr(title)} font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif" fill="#263238">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#ffffff"/>', *parts, "</svg>"]) + "\n"


def lines(text: str, width: int) -> list[str]:
    """A text in lines of so many columns."""
    from rich.text import Text

    return [part.plain for part in filled(Text(text), width, ())]


def _span(timeline: Timeline, names: Names) -> str:
    return f"{date_words(timeline.first, names.lang)} – {date_words(timeline.last, names.lang)}"


def _text(x: float, y: float, words: str, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.2f}" y="{y}" font-size="{size}"{weight}>{escape(words)}</text>'
