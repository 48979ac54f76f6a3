"""``dte what-if``: the smallest changes that turn a verdict."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import CaseFiles, Format, FormatOption, LanguageOption, Rules

CaseId = Annotated[str | None, typer.Option("--id", metavar="ID", help="Only the case with this id.")]


def what_if(
    context: typer.Context,
    cases: CaseFiles,
    case: CaseId = None,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Tell what would change a verdict: the fewest facts, the nearest values.

    Changes are told apart by who can bring them about. Each was verified by deciding. Looked at are up to three facts at a time,
    every day within four years, and one more member of each list.
    """
    from dte_rules.cli.chosen import choose

    language = options.language(context, lang)
    as_json = output is Format.JSON
    choice = choose(cases, case, options.rules(context, rules), language, as_json=as_json)
    found = [
        (each, each.pack.what_if(each.case.decision, each.facts, as_of=each.case.as_of, readings=each.case.readings))
        for each in choice.chosen
    ]
    if as_json:
        from dte_rules.cli.json_text import json_text

        print(json_text([_as_data(each.case.id, result) for each, result in found]), file=sys.stdout)
    else:
        from dte_rules.cli.screen import console, show
        from dte_rules.report.flips import flips_account
        from dte_rules.report.names import Names

        target = console()
        for each, result in found:
            names = Names(each.pack.program, each.pack.vocabulary, each.decision, language)
            show(target, flips_account(result, names, case=each.case.id, title=each.case.title))
    choice.finish(language)


def _as_data(id_: str, found: Any) -> dict[str, Any]:
    flips = [
        {
            "who": flip.who,
            "verdict": flip.verdict,
            "amount": flip.amount,
            "effect": flip.effect,
            "changes": [
                {"path": c.path, "kind": c.kind, "before": c.before, "after": c.after, "difference": c.difference, "mutable": c.mutable}
                for c in flip.changes
            ],
        }
        for flip in found.flips
    ]
    head = {"id": id_, "region": found.region, "decision": found.decision, "as_of": found.as_of}
    return {**head, "verdict": found.verdict, "wanted": found.wanted, "flips": flips}
