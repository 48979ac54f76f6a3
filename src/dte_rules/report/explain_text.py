"""An explanation at the terminal: a tree with marks, no wider than the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dte_rules.report.account import heading
from dte_rules.report.explain import Explanation
from dte_rules.report.explain_items import BETWEEN_CLAUSES, SIGNS, Item, Mark, flattened
from dte_rules.report.phrases import STYLES, pick
from dte_rules.report.prose import Prose
from dte_rules.source.diagnostic import Lang

_MARK_STYLES: dict[Mark, str] = {"yes": "green", "no": "red", "unknown": "yellow", "none": "dim"}


def explanation_text(explained: Explanation) -> RenderableType:
    """The explanation, to be printed with rich."""
    lang = explained.lang
    day = ("判定日 " if lang == "zh" else "as of ") + explained.day
    parts: list[RenderableType] = [
        heading(explained.case, explained.title),
        Padding(Prose(Text(f"{explained.region} · {explained.question} · {day}", style="dim")), (0, 0, 0, 2)),
        Text(),
    ]
    verdict = Text(explained.verdict, style=f"bold {STYLES[explained.decision.verdict]}")
    for word in explained.outcome:
        verdict.append(f"   {word}", style="bold")
    parts.append(Padding(Prose(verdict), (0, 0, 0, 2)))
    sections = [explained.deciding, *explained.sections] if explained.deciding else [*explained.sections]
    for section in sections:
        parts += [Text(), Padding(Text(section.heading, style="bold"), (0, 0, 0, 2))]
        parts.append(Padding(Group(*_tree(section.items, lang)), (0, 0, 0, 2)))
    cut = any(item.text.endswith("…") for section in sections for item in flattened(section.items))
    if cut or any(section.folded for section in sections):
        parts += [Text(), Padding(Text(pick(("全部细节：--full", "every detail: --full"), lang), style="dim"), (0, 0, 0, 2))]
    return Group(*parts, Text())


def _tree(items: Iterable[Item], lang: Lang, depth: int = 0) -> Iterator[RenderableType]:
    for item in items:
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=1, style=_MARK_STYLES[item.mark])
        grid.add_column(ratio=1)
        line = Text(item.text, style="bold" if depth == 0 and item.mark in ("no", "unknown") else "")
        if item.note:
            line.append(f"  {item.note}", style="dim")
        if item.clauses:
            line.append(f"   {pick(BETWEEN_CLAUSES, lang).join(item.clauses)}", style="dim")
        grid.add_row(SIGNS[item.mark], Prose(line, whole=item.clauses))
        yield Padding(grid, (0, 0, 0, 2 * depth))
        yield from _tree(item.parts, lang, depth + 1)
