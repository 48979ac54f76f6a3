"""``dte when``: on which days a decision is met."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.guard import USAGE
from dte_rules.cli.options import CaseFiles, LanguageOption, Rules
from dte_rules.cli.what_if import CaseId

if TYPE_CHECKING:
    from dte_rules.advice.when import Timeline
    from dte_rules.report.names import Names


class Picture(StrEnum):
    """How a timeline is shown."""

    TEXT = "text"
    SVG = "svg"
    JSON = "json"


From = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day; by default 1 January of the year before the case's day.")
]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day; by default the end of the fourth year.")]
PictureOption = Annotated[Picture, typer.Option("--format", help="A bar with an account, a picture, or JSON for programs.")]


def when(
    context: typer.Context,
    cases: CaseFiles,
    case: CaseId = None,
    first: From = None,
    last: To = None,
    output: PictureOption = Picture.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Tell on which days a decision is met, and what opens and closes each stretch.

    Every single day of the span is decided. As SVG one picture is written, so the files must hold one case, or --id choose one.
    """
    from dte_rules.cli.chosen import choose
    from dte_rules.report.names import Names

    language = options.language(context, lang)
    choice = choose(cases, case, options.rules(context, rules), language, as_json=output is Picture.JSON)
    if output is Picture.SVG and len(choice.chosen) > 1:
        typer.echo(
            "--format svg 一次只画一个案例，请用 --id 选择" if language == "zh" else "--format svg draws one case; choose it with --id",
            err=True,
        )
        raise typer.Exit(USAGE)
    data: list[dict[str, Any]] = []
    for each in choice.chosen:
        start = _day(first, language) or date(each.case.as_of.year - 1, 1, 1)
        end = _day(last, language) or date(start.year + 3, 12, 31)
        try:
            timeline = each.pack.when(each.case.decision, each.facts, start, end, readings=each.case.readings)
        except ValueError:
            typer.echo(
                "起止日期不成期间，或超过六十年" if language == "zh" else "the days make no span, or one of more than sixty years", err=True
            )
            raise typer.Exit(USAGE) from None
        names = Names(each.pack.program, each.pack.vocabulary, each.decision, language)
        if output is Picture.JSON:
            data.append(_as_data(each.case.id, timeline, names))
        elif output is Picture.SVG:
            from dte_rules.report.timeline_svg import timeline_svg

            sys.stdout.write(timeline_svg(timeline, names, case=each.case.id))
        else:
            from dte_rules.cli.screen import console, show
            from dte_rules.report.timeline import timeline_account

            show(console(), timeline_account(timeline, names, case=each.case.id, title=each.case.title))
    if output is Picture.JSON:
        from dte_rules.cli.json_text import json_text

        print(json_text(data), file=sys.stdout)
    choice.finish(language)


def _day(text: str | None, lang: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        typer.echo(f"不是日期：{text}" if lang == "zh" else f"not a day: {text}", err=True)
        raise typer.Exit(USAGE) from None


def _as_data(id_: str, timeline: Timeline, names: Names) -> dict[str, Any]:
    from dte_rules.report.cause_words import cause_words

    def turn(found: Any) -> list[dict[str, Any]] | None:
        if found is None:
            return None
        return [
            {
                "condition": each.slot,
                "part": each.part,
                "before": each.before,
                "after": each.after,
                "causes": [
                    {
                        "kind": cause.kind,
                        "day": cause.day,
                        "fact": cause.fact or None,
                        "lengths": cause.lengths,
                        "rule": cause.rule or None,
                        "moved_from": cause.moved_from,
                        "through": cause.through,
                        "sources": cause.sources,
                        "text": cause_words(cause, names),
                    }
                    for cause in each.causes
                ],
                "citations": [{"source": cite.source, "locator": cite.locator} for cite in each.cites],
            }
            for each in found.turned
        ]

    stretches = [
        {
            "from": stretch.first,
            "to": stretch.last,
            "verdict": stretch.verdict,
            "amount": stretch.amount,
            "effect": stretch.effect,
            "opens": turn(timeline.opens(index)),
            "closes": turn(timeline.closes(index)),
        }
        for index, stretch in enumerate(timeline.stretches)
    ]
    head = {"id": id_, "region": timeline.region, "decision": timeline.decision}
    return {**head, "from": timeline.first, "to": timeline.last, "stretches": stretches}
