"""Proves properties, each in the way that its form asks for, under every choice for what the text leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from dte_rules.analysis.prove.choices import branches_of
from dte_rules.analysis.prove.diagnostics import ImpossibleFacts
from dte_rules.analysis.prove.model import Branch, Days, Found, Proved, Question, Ready
from dte_rules.analysis.prove.processes import proved_in_processes, worth_sharing
from dte_rules.source.diagnostic import DiagnosticsError


def prove(
    properties: Iterable[Ready], *, settings: Any = None, told: Callable[[str], None] | None = None, processes: int = 1
) -> Iterator[Proved]:
    """The properties with their outcomes, one after the other; ``told`` hears of each before it is proved.

    ``settings`` are `solve.Settings`. With more ``processes`` than one the work is shared out among so many further processes, where
    there is enough of it; the outcomes and their order are the same. Processes are spawned, so a script that asks for them has its own
    work under ``if __name__ == "__main__":``.

    Raises:
        MissingSolver: where a property needs the solver, and z3 isn't installed.
        DiagnosticsError: for a fact that a property gives and that can't be.
        EncodingDisagrees: where the engine decides an example otherwise than the solver.
    """
    asked = tuple(properties)
    if worth_sharing(asked, processes):
        yield from proved_in_processes(asked, settings, told, processes)
        return
    if settings is None and any(ready.way == "solver" for ready in asked):
        from dte_rules.analysis.prove.solve import Settings

        settings = Settings()
    for ready in asked:
        if told is not None:
            told(ready.id)
        yield _proved(ready, settings)


def _proved(ready: Ready, settings: Any) -> Proved:
    branches: list[Branch] = []
    checked = 0
    periods: dict[Days, None] = {}
    horizon: Mapping[Any, str] = {}
    for choices in branches_of(ready.choices):
        found: list[Branch] = []
        for question in ready.questions:
            try:
                branch, count = _answer(ready, question, choices, settings)
            except ValidationError as error:
                raise DiagnosticsError([_impossible(ready, error)]) from None
            checked += count
            found.append(branch)
            if branch.outcome == "fails":
                break
        branches.append(_worst(found, choices))
    if ready.way == "solver":
        from dte_rules.analysis.prove.solve import horizon_of, period_of

        found_horizon = horizon_of(ready)
        horizon = {"zh": found_horizon.words("zh"), "en": found_horizon.words("en")}
        for question in ready.questions:
            spans = [side.days for side in question.sides if side.days is not None]
            periods.update(dict.fromkeys(spans or [period_of(question)]))
    return Proved(ready, _outcome(branches), branches, checked, tuple(periods), horizon)


def _impossible(ready: Ready, error: ValidationError) -> ImpossibleFacts:
    """What is wrong with facts that a property gives."""
    first = error.errors(include_url=False)[0]
    steps = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in first["loc"]]
    return ImpossibleFacts(span=ready.span, id=ready.id, path="".join(steps).lstrip("."), value=str(first["input"]))


def _answer(ready: Ready, question: Question, choices: Mapping[str, str | bool], settings: Any) -> tuple[Branch, int]:
    match ready.way:
        case "solver":
            from dte_rules.analysis.prove.solve import solved

            return solved(ready, question, choices, settings), 0
        case "grid":
            from dte_rules.analysis.prove.grid import enumerated

            return enumerated(question, choices)
        case "histories":
            from dte_rules.analysis.prove.histories import followed

            return followed(question, choices)


def _worst(found: list[Branch], choices: Mapping[str, str | bool]) -> Branch:
    """Of several packs and decisions, what decides: a failure, else a doubt, else what the text doesn't say."""
    for outcome in ("fails", "could_not_tell", "not_specified"):
        for branch in found:
            if branch.outcome == outcome:
                return branch
    return Branch(choices, "holds", idle=all(branch.idle for branch in found))


def _outcome(branches: list[Branch]) -> Found:
    """One outcome for all choices; where they differ, the text doesn't settle it."""
    kinds = {branch.outcome for branch in branches}
    if len(kinds) == 1:
        return branches[0].outcome
    return "could_not_tell" if "could_not_tell" in kinds else "not_specified"
