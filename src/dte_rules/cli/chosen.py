"""The cases of files that a command looks into one by one, with their packs and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dte_rules.cases import Case, facts_of
from dte_rules.cli.desk import Desk, Outcome, take_in
from dte_rules.cli.guard import FINDINGS, USAGE
from dte_rules.cli.packs import packs_for, refusal
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dte_rules.api import LoadedPack
    from dte_rules.engine.decision import Decision


@dataclass(frozen=True)
class Chosen:
    """A case that could be decided."""

    case: Case
    pack: LoadedPack
    facts: BaseModel
    decision: Decision


@dataclass(frozen=True)
class Choice:
    """The cases chosen, and those that could not be decided."""

    desk: Desk
    outcomes: Sequence[Outcome]
    chosen: tuple[Chosen, ...]

    def finish(self, lang: Lang) -> None:
        """Tells what is wrong with the others; exits with 1 where there is anything."""
        from dte_rules.cli.screen import complain_of_cases

        complain_of_cases(self.desk, self.outcomes, lang)
        if any(outcome.decision is None for outcome in self.outcomes):
            raise typer.Exit(FINDINGS)


def choose(names: Sequence[str], id_: str | None, directory: Path | None, lang: Lang, *, as_json: bool) -> Choice:
    """The cases of the files, or the one with an id.

    Raises:
        typer.Exit: with 1 where packs can't be loaded, with 2 where no case has the id.
    """
    desk = Desk(packs_for(directory, lang, as_json=as_json))
    files = take_in(names)
    if id_ is not None:
        files = [replace(file, cases=tuple(case for case in file.cases if case.id == id_)) for file in files]
        if not any(file.cases or file.diagnostics for file in files):
            typer.echo(f"没有标识为 {id_} 的案例" if lang == "zh" else f"no case has the id {id_}", err=True)
            raise typer.Exit(USAGE)
    try:
        outcomes = desk.outcomes(files)
    except DiagnosticsError as error:
        raise refusal(error, lang, as_json=as_json) from None
    return Choice(desk, outcomes, tuple(_chosen(desk, each) for each in outcomes if each.decision is not None))


def _chosen(desk: Desk, outcome: Outcome) -> Chosen:
    case: Any = outcome.case
    assert outcome.decision is not None
    pack = desk.packs[case.region]
    return Chosen(case, pack, facts_of(case, pack.Facts, pack.vocabulary), outcome.decision)
