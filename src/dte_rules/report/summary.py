"""Several cases at a glance: a line each, how many there are of each verdict, and the total amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from dte_rules.engine.decision import Decision
from dte_rules.report.contract_words import DEADLINES
from dte_rules.report.phrases import IN_ERROR, STYLES, VERDICTS, amount_words, pick, verdict_within, verdict_word
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import display_width, visible

MOST_ID = 28
LEAST_TITLE = 10
GAP = 3


@dataclass(frozen=True)
class Line:
    """A case in the summary; ``decision`` is None for one that could not be decided."""

    id: str | None
    title: str | None
    decision: Decision | None


def summary(lines: Sequence[Line], lang: Lang) -> RenderableType:
    """The table with the counts below it."""
    return Group(_Lines(lines, lang), Text(), counts(lines, lang))


class _Lines:
    """The table: what is short has the width it needs, the titles have the rest."""

    def __init__(self, lines: Sequence[Line], lang: Lang) -> None:
        self.lines, self.lang = lines, lang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        heads = ("案例", "名称", "结论", "金额", "截止日") if self.lang == "zh" else ("Case", "Title", "Verdict", "Amount", "Deadline")
        rows = [self._row(line) for line in self.lines]
        widths = [max(map(display_width, (heads[i], *(row[i].plain for row in rows)))) for i in range(len(heads))]
        widths[0] = min(widths[0], MOST_ID)
        natural = widths[1]
        widths[1] = min(natural, max(options.max_width - sum(widths) + natural - GAP * (len(heads) - 1), 0))
        shown = [i for i in range(len(heads)) if i in (0, 2) or any(row[i].plain for row in rows)]
        if widths[1] < min(natural, LEAST_TITLE):
            shown = [i for i in shown if i != 1]
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
        for i in shown:
            table.add_column(heads[i], width=widths[i], justify="right" if i == 3 else "left", no_wrap=True, overflow="ellipsis")
        for row in rows:
            table.add_row(*(row[i] for i in shown))
        yield table

    def _row(self, line: Line) -> list[Text]:
        decision, lang = line.decision, self.lang
        cells = [Text(visible(line.id or "-")), Text(visible(line.title or ""), style="dim")]
        if decision is None:
            return [*cells, Text(pick(IN_ERROR, lang), style="bold red"), Text(), Text()]
        amount = "" if decision.amount is None else amount_words(decision.amount, lang)
        deadline = _deadline(decision)
        verdict = Text(verdict_word(decision.verdict, lang), style=STYLES[decision.verdict])
        return [*cells, verdict, Text(amount), Text(deadline.isoformat() if deadline else "")]


def counts(lines: Sequence[Line], lang: Lang) -> Text:
    """How many cases there are, how many of each verdict, and the amounts: those granted, and those at discretion apart."""
    found: Counter[str] = Counter(line.decision.verdict for line in lines if line.decision is not None)
    in_error = sum(line.decision is None for line in lines)
    zh = lang == "zh"
    text = Text(f"共 {len(lines)} 件" if zh else f"{len(lines)} {'case' if len(lines) == 1 else 'cases'}", style="bold")
    parts = [f"{verdict_within(verdict, lang)} {found[verdict]}" for verdict in VERDICTS if found[verdict]]
    if in_error:
        parts.append(f"{pick(IN_ERROR, lang).lower()} {in_error}")
    for part in parts:
        text.append(" · ", style="dim").append(part, style="none")
    met, discretionary = (_total(lines, verdict) for verdict in ("met", "discretionary"))
    if met is not None:
        text.append(" · ", style="dim").append(f"合计 {amount_words(met, lang)}" if zh else f"total {amount_words(met, lang)}")
    if discretionary is not None:
        words = amount_words(discretionary, lang)
        text.append(" · ", style="dim").append(f"待裁量 {words}" if zh else f"at discretion {words}")
    return text


def _total(lines: Sequence[Line], verdict: str) -> Decimal | None:
    amounts = [line.decision.amount for line in lines if line.decision is not None and line.decision.verdict == verdict]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _deadline(decision: Decision) -> date | None:
    return next((decision.dates[name] for name in DEADLINES if name in decision.dates), None)
