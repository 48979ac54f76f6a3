"""Case files for commands that work on a pack's rules: which packs, which decisions, which of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.source.diagnostic import Lang

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack, Packs
    from dte_rules.cases import Case

Region = Annotated[str | None, typer.Option("--region", metavar="PACK", help="Only the rules of this pack.")]
Question = Annotated[str | None, typer.Option("--decision", metavar="ID", help="Only the rules of this decision.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="File to write; without it, print.")]

FOLDERS = ("cases", "tests/cases")
"""Where case files are looked for, if none are named."""


def usual_files() -> list[str]:
    """The case files of the usual folder, from where one stands."""
    return next((found for name in FOLDERS if (found := sorted(map(str, Path(name).glob("*.yaml"))))), [])


def cases_in(files: Sequence[str], packs: Packs, lang: Lang) -> dict[str, list[Case]]:
    """The cases of the files by region; what can't be read is told, and taken out.

    Raises:
        typer.Exit: with 1 where a file has no case that can be read.
    """
    from dte_rules.cases import Case
    from dte_rules.cli.desk import Desk, take_in
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.screen import complain_of_cases

    desk = Desk(packs)
    read = take_in(files)
    outcomes = desk.deciding(read, lang)
    broken = [outcome for outcome in outcomes if outcome.decision is None]
    if broken:
        complain_of_cases(desk, broken, lang)
    found: dict[str, list[Case]] = {}
    for outcome in outcomes:
        if outcome.decision is not None and isinstance(outcome.case, Case):
            found.setdefault(outcome.case.region, []).append(outcome.case)
    if not found:
        raise typer.Exit(FINDINGS)
    return found


def asked_of(packs: Packs, region: str | None, decision: str | None, lang: Lang) -> list[LoadedPack]:
    """The packs that are meant: one, or all that have the decision.

    Raises:
        typer.Exit: with 2 after the diagnostic, for a region or decision that there is not.
    """
    from dte_rules.cases.diagnostics import UnknownDecision, UnknownRegion
    from dte_rules.cli.guard import USAGE
    from dte_rules.cli.packs import PackTexts
    from dte_rules.cli.screen import complain
    from dte_rules.source.diagnostic import Diagnostic
    from dte_rules.source.suggest import nearest

    problem: Diagnostic | None = None
    if region is not None and region not in packs:
        problem = UnknownRegion(name=region, known=tuple(packs), suggestion=nearest(region, tuple(packs)))
    else:
        meant = [packs[region]] if region is not None else list(packs.values())
        having = [pack for pack in meant if decision is None or decision in pack.program.decisions]
        if having:
            return having
        known = tuple(dict.fromkeys(name for pack in meant for name in pack.program.decisions))
        asked = decision or ""
        problem = UnknownDecision(name=asked, region=region or "-", known=known, suggestion=nearest(asked, known))
    complain([problem], lang, PackTexts().writer(lang))
    raise typer.Exit(USAGE)


def written(text: str, out: Path | None) -> None:
    """Write to the file, or print."""
    import sys

    if out is None:
        print(text, end="" if text.endswith("\n") else "\n", file=sys.stdout)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
