"""The person of a case to whom witnesses are kept near: ``--near FILE.yaml`` or ``--near FILE.yaml#ID``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from dte_rules.cases import Case
from dte_rules.cli.desk import take_in
from dte_rules.cli.guard import USAGE
from dte_rules.source.diagnostic import DiagnosticsError, Lang


def near_case(name: str, lang: Lang, *, as_json: bool) -> Mapping[str, Any]:
    """The facts of the first case of a file, or of the one whose id stands behind ``#``.

    Raises:
        typer.Exit: with 1 after the diagnostics of a file or case that can't be read, with 2 where there is no such case.
    """
    from dte_rules.cli.packs import refusal

    path, _, id_ = name.partition("#")
    files = take_in([path])
    cases = [case for file in files for case in file.cases if not id_ or case.id == id_]
    if cases and isinstance(cases[0], Case):
        return cases[0].facts
    problems = [*(d for file in files for d in file.diagnostics), *(d for case in cases[:1] for d in getattr(case, "diagnostics", ()))]
    if problems:
        raise refusal(DiagnosticsError(problems), lang, as_json=as_json)
    told = f"{path} 中没有案例" if lang == "zh" else f"no case in {path}"
    if id_:
        told = f"{path} 中没有标识为 {id_} 的案例" if lang == "zh" else f"no case in {path} has the id {id_}"
    typer.echo(told, err=True)
    raise typer.Exit(USAGE)
