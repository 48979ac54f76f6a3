"""``dte schema``: the JSON Schema of packs, calendars, case files and files of properties, for editors."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import LanguageOption, Rules

if TYPE_CHECKING:
    from dte_rules.source.diagnostic import Lang


class What(StrEnum):
    """The kinds of files that there are schemas of."""

    PACK = "pack"
    CALENDAR = "calendar"
    CASES = "cases"
    PROPERTIES = "properties"


Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="File to write; without it, print.")]


def schema(
    context: typer.Context,
    what: Annotated[What, typer.Argument(help="Which files: packs, calendars, case files, or properties.", show_default=False)],
    output: Output = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Write the JSON Schema of packs or case files, for editors.

    Name it in a file's first line: # yaml-language-server: $schema=PATH. The schema of case files knows the regions, decisions,
    readings and facts of the packs.
    """
    from dte_rules.report.schemas import schema_text

    text = schema_text(_schema(what, options.rules(context, rules), options.language(context, lang)))
    if output is None:
        sys.stdout.write(text)
        return
    from dte_rules.report.writing import write_if_changed

    write_if_changed(output, text)


def _schema(what: What, directory: Path | None, lang: Lang) -> dict[str, Any]:
    from dte_rules.cli.packs import packs_for
    from dte_rules.report.schemas import calendar_schema, case_schema, pack_schema, properties_schema

    if what is What.PACK:
        return pack_schema()
    if what is What.CALENDAR:
        return calendar_schema()
    if what is What.PROPERTIES:
        return properties_schema()
    packs = packs_for(directory, lang, as_json=False)
    return case_schema({name: (pack.program, pack.vocabulary) for name, pack in packs.items()})
