"""``dte prove``: what is stated about packs, proved for everybody within a horizon or refuted by an example."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.options import Format, FormatOption, LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.analysis.prove.model import Proved
    from dte_rules.api import Packs

PROCESSES = 4
"""More processes than so many don't help: the longest property takes as long as a share of all."""
Properties = Annotated[
    Path | None,
    typer.Argument(
        metavar="PROPERTIES", exists=True, dir_okay=False, help="A file of properties; without it, the shipped ones.", show_default=False
    ),
]
Ids = Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="Only this property, or the parts of this number.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="Case file to write the examples to.")]


def prove(
    context: typer.Context,
    properties: Properties = None,
    ids: Ids = None,
    output: FormatOption = Format.TEXT,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Prove what is stated about packs, or show a case in which it is not so.

    Each property holds for everybody within the horizon told, fails by an example that the engine decides, or is not specified: the
    text does not settle it. Exits with 0 if every outcome is the one expected (or, where none is, the property holds).
    """
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import packs_for, refusal
    from dte_rules.pack.library import shipped_directory

    language = options.language(context, lang)
    as_json = output is Format.JSON
    packs = packs_for(options.rules(context, rules), language, as_json=as_json)
    try:
        found, title = _proved(properties or shipped_directory() / "properties" / "regions.yaml", tuple(ids or ()), packs, language)
        _print(found, title, as_json, language)
        if out is not None:
            _write(found, out, language)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=as_json) from None
    if not all(one.as_expected for one in found):
        raise typer.Exit(FINDINGS)


def _proved(path: Path, ids: tuple[str, ...], packs: Packs, lang: Lang) -> tuple[list[Proved], str]:
    from dte_rules.analysis.prove.read import chosen, read
    from dte_rules.analysis.prove.ready import ready
    from dte_rules.analysis.prove.run import prove as run
    from dte_rules.cli.progress import steps
    from dte_rules.workers import cores

    file = read(path)
    checked = ready(file, packs, chosen(file, ids))
    with steps("正在证明" if lang == "zh" else "proving") as told:
        found = list(run(checked, told=told, processes=cores(PROCESSES)))
    title = file.content.title
    return found, ((title.zh or title.en) if lang == "zh" else (title.en or title.zh)) if title is not None else ""


def _print(found: list[Proved], title: str, as_json: bool, lang: Lang) -> None:
    if as_json:
        from dte_rules.cli.json_text import json_text
        from dte_rules.report.prove_data import proved_data

        print(json_text(proved_data(found, lang)), file=sys.stdout)
        return
    from dte_rules.cli.screen import console, show
    from dte_rules.report.prove_text import proved_text

    show(console(), proved_text(found, lang, title))


def _write(found: list[Proved], out: Path, lang: Lang) -> None:
    from dte_rules.cases import write_cases
    from dte_rules.report.prove_data import example_cases
    from dte_rules.report.writing import write_if_changed

    write_if_changed(out, write_cases(example_cases(found, lang)))
