"""``dte compare``: two packs side by side and in meaning."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from datetime import date

    from dte_rules.api import Packs


class PageFormat(StrEnum):
    """How comparisons are printed."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


Pack = Annotated[str | None, typer.Argument(metavar="PACK", help="A pack's name, as jinhua.", show_default=False)]
Question = Annotated[str | None, typer.Option("--decision", metavar="ID", help="Only this decision.")]
Day = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="Only this day; without it, any day since the law last changed.")]
Settle = Annotated[bool, typer.Option("--settle-delegations/--keep-delegations", help="Take what is left to other documents as fulfilled.")]
PageOption = Annotated[PageFormat, typer.Option("--format", help="A readable account, JSON for programs, or a page.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="File to write; without it, print.")]
Slots = Annotated[int, typer.Option("--slots", min=1, max=6, help="How many members a list may have in the analysis.")]
Near = Annotated[
    str | None, typer.Option("--near", metavar="CASE[#ID]", help="Keep witnesses near the person of a case: a case file, or file.yaml#id.")
]
All = Annotated[bool, typer.Option("--all", help="All pairs of packs, as a matrix.")]


def compare(
    context: typer.Context,
    first: Pack = None,
    second: Pack = None,
    every: All = False,
    decision: Question = None,
    as_of: Day = None,
    settle: Settle = True,
    slots: Slots = 3,
    near: Near = None,
    output: PageOption = PageFormat.TEXT,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Compare two packs: side by side, and whom one grants and the other refuses.

    Shows people as near as can be to a typical person, decided by both packs, or says that it is proved that there is nobody.
    """
    language = options.language(context, lang)
    if every is (first is not None) or (first is None) is not (second is None):
        raise typer.BadParameter("give two packs, or --all")
    from dte_rules.cli.near import near_case
    from dte_rules.cli.packs import packs_for, refusal

    day = _day(as_of)
    packs = packs_for(options.rules(context, rules), language, as_json=output is PageFormat.JSON)
    try:
        person = None if near is None else near_case(near, language, as_json=output is PageFormat.JSON)
        text = _compared(packs, first, second, decision, day, settle, slots, person, output, language)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=output is PageFormat.JSON) from None
    _put(text, out)


def _compared(
    packs: Packs,
    first: str | None,
    second: str | None,
    decision: str | None,
    day: date | None,
    settle: bool,
    slots: int,
    near: Mapping[str, Any] | None,
    output: PageFormat,
    lang: Lang,
) -> str:
    from itertools import combinations

    from dte_rules.analysis.compare import compare as compared
    from dte_rules.analysis.meaning import Options
    from dte_rules.analysis.space import Horizon
    from dte_rules.report.compare_data import compared_data
    from dte_rules.report.compare_page import compared_page, matrix_page
    from dte_rules.report.compare_text import compared_text, matrix_text

    asked = Options(as_of=day, settle=settle, horizon=Horizon(slots=slots), near=near, brief=first is None)
    told = _Progress(lang)
    if first is None or second is None:
        pairs = [
            compared(packs[a], packs[b], _chosen(packs, a, b, decision), asked, told.of(f"{a} ↔ {b}")) for a, b in combinations(packs, 2)
        ]
        told.done()
        if output is PageFormat.JSON:
            return _json([compared_data(pair, lang) for pair in pairs])
        return matrix_page(pairs, lang) if output is PageFormat.HTML else _rendered(matrix_text(pairs, lang))
    a, b = packs[first], packs[second]
    names = _chosen(packs, first, second, decision)
    if decision is not None and not names:
        problems = [*a.check_question(decision, {}), *b.check_question(decision, {})]
        raise DiagnosticsError(problems)
    found = compared(a, b, names, asked, told.of(""))
    told.done()
    if output is PageFormat.JSON:
        return _json(compared_data(found, lang))
    return compared_page(found, lang) if output is PageFormat.HTML else _rendered(compared_text(found, lang))


def _chosen(packs: Packs, a: str, b: str, decision: str | None) -> tuple[str, ...]:
    both = all(decision in packs[name].program.decisions for name in (a, b))
    return (decision,) if decision is not None and both else ()


def _day(text: str | None) -> date | None:
    from datetime import date

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--as-of takes a day as 2025-06-10") from None


def _json(data: Any) -> str:
    from dte_rules.cli.json_text import json_text

    return json_text(data) + "\n"


def _rendered(renderable: Any) -> str:
    """The text at a page's width; in colours on a terminal."""
    from dte_rules.cli.screen import console

    target = console()
    with target.capture() as captured:
        target.print(renderable)
    text = captured.get()
    return text if target.is_terminal else "\n".join(line.rstrip() for line in text.split("\n"))


def _put(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    from dte_rules.report.writing import write_if_changed

    write_if_changed(out, text)


class _Progress:
    """Tells on a terminal what is being compared."""

    def __init__(self, lang: Lang) -> None:
        self.words = "正在比较" if lang == "zh" else "comparing"
        self.shown = sys.stderr.isatty()

    def of(self, pair: str) -> Any:
        """What hears of each decision."""

        def told(decision: str) -> None:
            if self.shown:
                sys.stderr.write(f"\r\x1b[2K{self.words} {pair} {decision}")
                sys.stderr.flush()

        return told

    def done(self) -> None:
        """Clears the line."""
        if self.shown:
            sys.stderr.write("\r\x1b[2K")
