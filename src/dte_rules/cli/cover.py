"""``dte cover``: what cases reach of a pack's rules."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.cases_of import Out, Question, Region
from dte_rules.cli.options import CaseFiles, LanguageOption, Rules
from dte_rules.source.diagnostic import Lang

if TYPE_CHECKING:
    from dte_rules.analysis.coverage import Coverage
    from dte_rules.api import LoadedPack
    from dte_rules.cases import Case


class CoverFormat(StrEnum):
    """How coverage is shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


How = Annotated[CoverFormat, typer.Option("--format", help="A table, JSON for programs, or the pack line by line as HTML.")]


def cover(
    context: typer.Context,
    cases: CaseFiles,
    region: Region = None,
    decision: Question = None,
    output: How = CoverFormat.TEXT,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Show what cases reach of the rules: rules, table rows, truths of conditions, and which of them matter by themselves.

    An atom matters by itself (MC/DC) if two cases differ in it, it decides in both, and the condition comes out differently.
    """
    from dte_rules.cli.cases_of import asked_of, cases_in, written
    from dte_rules.cli.packs import packs_for
    from dte_rules.cli.screen import console, show
    from dte_rules.report.coverage_text import coverage_data, coverage_text

    language = options.language(context, lang)
    packs = packs_for(options.rules(context, rules), language, as_json=output is CoverFormat.JSON)
    meant = asked_of(packs, region, decision, language)
    found = cases_in(cases, packs, language)
    several = [_coverage(pack, found[pack.name], decision, language) for pack in meant if pack.name in found]
    if output is CoverFormat.HTML:
        written(_page(several, language), out)
    elif output is CoverFormat.JSON:
        from dte_rules.cli.json_text import json_text

        data: Any = [coverage_data(coverage) for coverage in several]
        written(json_text(data), out)
    elif out is not None:
        from io import StringIO

        from rich.console import Console

        page = StringIO()
        target = Console(file=page, width=100)
        for coverage in several:
            target.print(coverage_text(coverage, language))
        written(page.getvalue(), out)
    else:
        for coverage in several:
            show(console(), coverage_text(coverage, language))


def _coverage(pack: LoadedPack, cases: list[Case], decision: str | None, lang: Lang) -> Coverage:
    from dte_rules.analysis.coverage import cover as covered
    from dte_rules.analysis.questions import asked
    from dte_rules.cli.progress import tracked

    decisions = [decision] if decision is not None else list(pack.program.decisions)
    mine = [case for case in cases if case.decision in decisions]
    words = f"{pack.name} 覆盖" if lang == "zh" else f"covering {pack.name}"
    questions = (asked(case, pack.program, pack.vocabulary) for case in tracked(mine, words))
    return covered(pack.program, decisions, questions)


def _page(several: list[Coverage], lang: Lang) -> str:
    from dte_rules.cli.packs import PackTexts
    from dte_rules.report.coverage_html import coverage_html

    texts = PackTexts()
    files = dict.fromkeys(span.file for coverage in several for cover in coverage.rules for span in [cover.rule.span] if span is not None)
    return coverage_html(several, {file: text for file in files if (text := texts.text(file)) is not None}, lang)
