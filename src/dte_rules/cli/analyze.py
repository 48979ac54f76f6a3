"""``dte analyze``: what in a pack can't happen, never decides, contradicts itself, or is left without a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.cases_of import Out, Question, Region
from dte_rules.cli.options import Format, FormatOption, LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dte_rules.analysis.analyze_findings import Analysis
    from dte_rules.api import LoadedPack

Slots = Annotated[int, typer.Option("--slots", min=1, max=6, help="How many members a list may have in the analysis.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too.")]

SCHEMA = "# yaml-language-server: $schema=schemas/cases.schema.json\n"
"""The first line of a case file, by which editors find its schema."""


def analyze(
    context: typer.Context,
    region: Region = None,
    decision: Question = None,
    output: FormatOption = Format.TEXT,
    out: Out = None,
    strict: Strict = False,
    slots: Slots = 3,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Analyse packs: what can't happen, never decides, contradicts itself, or is left without a rule.

    Each finding has its place and, where there is one, a person who shows it, decided by the engine; --out writes these people to a
    case file. Exits with 1 if there is an error.
    """
    from dte_rules.cli.cases_of import asked_of
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import packs_for, refusal

    language = options.language(context, lang)
    as_json = output is Format.JSON
    packs = packs_for(options.rules(context, rules), language, as_json=as_json)
    meant = asked_of(packs, region, decision, language)
    try:
        several = list(zip(meant, _analyses(meant, decision, slots, language), strict=True))
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=as_json) from None
    _told(several, as_json, language)
    if out is not None:
        from dte_rules.cases import write_cases
        from dte_rules.cli.cases_of import written
        from dte_rules.report.analyze_data import cases_of

        written(SCHEMA + write_cases(case for pack, analysis in several for case in cases_of(analysis, pack, language)), out)
    if any(analysis.of("error") or (strict and analysis.of("warning")) for _, analysis in several):
        raise typer.Exit(FINDINGS)


def _analyses(packs: Sequence[LoadedPack], decision: str | None, slots: int, lang: Lang) -> Sequence[Analysis]:
    from dte_rules.analysis.analyze_findings import Options
    from dte_rules.analysis.analyze_several import Work, analyze_several
    from dte_rules.analysis.space import Horizon
    from dte_rules.cli.progress import bar

    work = Work(tuple(packs), () if decision is None else (decision,), Options(horizon=Horizon(slots=slots)))
    names = "、".join(pack.name for pack in packs) if lang == "zh" else ", ".join(pack.name for pack in packs)
    with bar(f"分析 {names}" if lang == "zh" else f"analysing {names}") as progress:
        return analyze_several(work, progress and (lambda _, done, total: progress(done, total)))


def _told(several: Sequence[tuple[LoadedPack, Analysis]], as_json: bool, lang: Lang) -> None:
    if as_json:
        from dte_rules.cli.cases_of import written
        from dte_rules.cli.json_text import json_text
        from dte_rules.report.analyze_data import analyzed_data

        written(json_text([analyzed_data(analysis, pack, lang) for pack, analysis in several]), None)
        return
    from dte_rules.cli.screen import console, show
    from dte_rules.report.analyze_text import analyzed_text

    for number, (pack, analysis) in enumerate(several):
        if number:
            print()
        show(console(), analyzed_text(analysis, pack, lang))
