"""``dte graph``: a picture of a decision."""

from __future__ import annotations

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.options import LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.api import Packs
    from dte_rules.report.graph import Graph


class GraphFormat(StrEnum):
    """How a picture is written."""

    MERMAID = "mermaid"
    SVG = "svg"


Region = Annotated[str | None, typer.Option("--region", metavar="PACK", help="The pack, as jinhua; from the case if one is given.")]
Question = Annotated[str | None, typer.Option("--decision", metavar="ID", help="The decision; from the case if one is given.")]
CaseOption = Annotated[str | None, typer.Option("--case", metavar="CASES", help="A case file; its outcome is drawn in.")]
Id = Annotated[str | None, typer.Option("--id", metavar="ID", help="Which case of the file; without it, the first.")]
Day = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day; by default the case's, else that of the latest rules.")
]
How = Annotated[GraphFormat, typer.Option("--format", help="Mermaid text, or a picture as SVG.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", dir_okay=False, help="File to write; without it, print.")]


def graph(
    context: typer.Context,
    region: Region = None,
    decision: Question = None,
    case: CaseOption = None,
    case_id: Id = None,
    as_of: Day = None,
    output: How = GraphFormat.MERMAID,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Draw a decision: terms, tables, conditions, outcome, coloured by a case if one is given.

    Give --region and --decision, or --case. Exits with 1 if the case or the packs can't be read.
    """
    from dte_rules.cli.packs import packs_for, refusal
    from dte_rules.report.writing import write_if_changed

    language = options.language(context, lang)
    if case is None and (region is None or decision is None):
        message = "须给出 --region 和 --decision，或者 --case" if language == "zh" else "give --region and --decision, or --case"
        raise typer.BadParameter(message)
    packs = packs_for(options.rules(context, rules), language, as_json=False)
    day = as_of.date() if as_of else None
    try:
        if case is None:
            made = _of_question(packs, str(region), str(decision), day, language)
        else:
            made = _of_case(packs, case, case_id, language, region, decision)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=False) from None
    text = _drawn(made, output)
    if out is None:
        sys.stdout.write(text)
    else:
        write_if_changed(out, text)


def _drawn(made: Graph, output: GraphFormat) -> str:
    if output is GraphFormat.SVG:
        from dte_rules.report.graph_svg import svg

        return svg(made)
    from dte_rules.report.graph_mermaid import mermaid

    return mermaid(made)


def _of_question(packs: Packs, region: str, decision: str, day: date | None, lang: Lang) -> Graph:
    from dte_rules.report.graph import graph_of, last_change

    pack = packs[region]
    problems = list(pack.check_question(decision, {}))
    if problems:
        raise DiagnosticsError(problems)
    return graph_of(pack.program, pack.vocabulary, decision, day or last_change(pack.program, decision), {}, lang=lang)


def _of_case(packs: Packs, file: str, id_: str | None, lang: Lang, region: str | None, decision: str | None) -> Graph:
    from dte_rules.cases import Case, facts_of
    from dte_rules.cli.desk import Desk, take_in
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.screen import complain_of_cases
    from dte_rules.report.graph import graph_of

    desk = Desk(packs)
    outcomes = desk.outcomes(take_in([file]))
    meant = ((o, o.case) for o in outcomes if o.case is not None and (id_ is None or o.id == id_))
    fitting = [o for o, case in meant if region in (None, case.region) and decision in (None, case.decision)]
    if not fitting:
        complain_of_cases(desk, [o for o in outcomes if o.case is None], lang)
        print("没有这样的案例" if lang == "zh" else "there is no such case", file=sys.stderr)
        raise typer.Exit(FINDINGS)
    case = fitting[0].case
    if fitting[0].decision is None or not isinstance(case, Case):
        complain_of_cases(desk, fitting[:1], lang)
        raise typer.Exit(FINDINGS)
    pack = packs[case.region]
    explained = pack.explain(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)
    return graph_of(pack.program, pack.vocabulary, case.decision, case.as_of, case.readings, lang=lang, explained=explained)
