"""A timeline in the terminal: a bar over the span, then every stretch of days with what opened and closed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from dte_rules.advice.causes import Cause
from dte_rules.advice.when import Stretch, Timeline, Turn, Turned
from dte_rules.report.account import heading
from dte_rules.report.cause_words import cause_words, turned_words
from dte_rules.report.names import Names
from dte_rules.report.phrases import STYLES, VERDICTS, amount_words, date_words, verdict_word
from dte_rules.report.prose import Prose

MARKS = {"met": "█", "discretionary": "▓", "undetermined": "░", "not_met": "·"}


def timeline_account(timeline: Timeline, names: Names, *, case: str = "", title: str | None = None) -> RenderableType:
    """The account of a timeline, to be printed with rich."""
    lang = names.lang
    span = f"{date_words(timeline.first, lang)} – {date_words(timeline.last, lang)}"
    parts: list[RenderableType] = [
        heading(case, title),
        Padding(Prose(Text(f"{names.region} · {names.title} · {span}", style="dim")), (0, 0, 0, 2)),
        Text(),
        Padding(_Bar(timeline), (0, 0, 0, 2)),
        Padding(_legend(timeline, names), (0, 0, 0, 2)),
        Text(),
    ]
    for index, stretch in enumerate(timeline.stretches):
        parts += [Padding(part, (0, 0, 0, 2)) for part in _stretch(timeline, index, stretch, names)]
    return Group(*parts, Text())


def days_words(stretch: Stretch, names: Names) -> str:
    """The days of a stretch."""
    zh = names.lang == "zh"
    if stretch.days == 1:
        return date_words(stretch.first, names.lang)
    joint = " 至 " if zh else " to "
    return date_words(stretch.first, names.lang) + joint + date_words(stretch.last, names.lang)


def outcome_words(stretch: Stretch, names: Names) -> str:
    """Verdict, amount and effect of a stretch."""
    parts = [verdict_word(stretch.verdict, names.lang)]
    if stretch.amount is not None:
        parts.append(amount_words(stretch.amount, names.lang))
    if stretch.effect is not None:
        parts.append(names.effect(stretch.effect))
    return "  ".join(parts)


def turn_words(turn: Turn, names: Names) -> list[str]:
    """What made a turn; what a document that comes into force turns is told once."""
    groups: dict[tuple[Cause, ...], list[Turned]] = {}
    for turned in turn.turned:
        groups.setdefault(turned.causes, []).append(turned)
    found: list[str] = []
    for causes, several in groups.items():
        if len(several) > 1 and [cause.kind for cause in causes] == ["law"]:
            count = len(several)
            words = cause_words(causes[0], names)
            found.append(f"{words}（{count} 项条件改变）" if names.lang == "zh" else f"{words} ({count} conditions turn)")
        else:
            found += [turned_words(turned, names) for turned in several]
    return found


def _stretch(timeline: Timeline, index: int, stretch: Stretch, names: Names) -> Iterator[RenderableType]:
    zh = names.lang == "zh"
    line = Text.assemble((f"{MARKS[stretch.verdict]} ", STYLES[stretch.verdict]), (days_words(stretch, names), "bold"))
    line.append("   ").append(outcome_words(stretch, names), style=STYLES[stretch.verdict])
    yield Prose(line)
    opens = timeline.opens(index)
    for words in turn_words(opens, names) if opens else ():
        yield Padding(Prose(Text(("起于：" if zh else "from then: ") + words, style="dim")), (0, 0, 0, 4))


def _legend(timeline: Timeline, names: Names) -> RenderableType:
    text = Text(style="dim")
    found = {stretch.verdict for stretch in timeline.stretches}
    for verdict in VERDICTS:
        if verdict in found:
            text.append("   " if text.plain else "").append(MARKS[verdict], style=STYLES[verdict])
            text.append(f" {verdict_word(verdict, names.lang)}")
    return text


class _Bar:
    """The span as a bar as wide as there is room; each place shows the verdict of its first day that is met, if any, else its first."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        timeline = self.timeline
        days = (timeline.last - timeline.first).days + 1
        width = max(1, min(options.max_width, days))
        starts = [timeline.first + timedelta(days=place * days // width) for place in range(width + 1)]
        bar = Text()
        for start, end in pairwise(starts):
            verdict = _shown(timeline, start, end)
            bar.append(MARKS[verdict], style=STYLES[verdict])
        years = [" "] * width
        for year in range(timeline.first.year, timeline.last.year + 1):
            place = max(0, (date(year, 1, 1) - timeline.first).days) * width // days
            label = f"|{year}" if place or timeline.first == date(year, 1, 1) else str(year)
            if place + len(label) <= width and all(sign == " " for sign in years[place : place + len(label)]):
                years[place : place + len(label)] = label
        yield bar
        yield Text("".join(years), style="dim")


def _shown(timeline: Timeline, start: date, end: date) -> str:
    within = [s.verdict for s in timeline.stretches if s.first < end and s.last >= start]
    order = list(VERDICTS)
    return (
        min(within, key=lambda verdict: order.index(verdict) if verdict in ("met", "discretionary") else len(order))
        if within
        else "not_met"
    )
