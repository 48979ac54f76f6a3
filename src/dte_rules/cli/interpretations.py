"""``dte interpretations``: the ambiguous clauses of packs, how they are read, and what hangs on it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import Format, FormatOption, LanguageOption, RegionOption, Rules
from dte_rules.source.diagnostic import Lang

if TYPE_CHECKING:
    from dte_rules.register.hanging import Hanging


def interpretations(
    context: typer.Context,
    region: RegionOption = None,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Show the interpretations of the packs, and what hangs on each."""
    from dte_rules.cli.packs import chosen, packs_for
    from dte_rules.register.hanging import hanging

    language = options.language(context, lang)
    as_json = output is Format.JSON
    asked = chosen(region, packs_for(options.rules(context, rules), language, as_json=as_json), language)
    if as_json:
        from dte_rules.cli.json_text import json_text

        found = [_as_data(pack.name, each, language) for pack in asked for each in hanging(pack.program)]
        print(json_text(found), file=sys.stdout)
        return
    from rich.text import Text

    from dte_rules.cli.screen import console, show
    from dte_rules.report.interpretation_table import interpretation_table

    target = console()
    for pack in asked:
        show(target, interpretation_table(pack.program, hanging(pack.program), language))
        show(target, Text())


def _as_data(region: str, hanging: Hanging, lang: Lang) -> dict[str, Any]:
    interpretation = hanging.interpretation
    return {
        "region": region,
        "id": interpretation.id,
        "question": interpretation.question.text(lang),
        "readings": {reading.id: reading.label.text(lang) for reading in interpretation.readings},
        "default": interpretation.default,
        "clarify": interpretation.clarify,
        "clauses": [{"source": cite.source, "locator": cite.locator} for cite in interpretation.cites],
        "decisions": list(hanging.decisions),
        "rules": list(hanging.rules),
        "through": list(hanging.through),
    }
