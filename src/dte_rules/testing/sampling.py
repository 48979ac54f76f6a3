"""Facts and cases by a seeded generator: the distribution of the strategies, without Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from dte_rules.analysis.generate import Generator, Made, generator
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.source.suggest import nearest
from dte_rules.testing.question import Question, instances_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dte_rules.api import LoadedPack


def generator_of(pack: LoadedPack, decision: str, also: Iterable[str] = ()) -> Generator:
    """What makes cases of a decision; worked out once for a pack. ``also`` are facts that vary though no rule reads them.

    Raises:
        DiagnosticsError: for a decision that the pack does not have.
        ValueError: for a fact that its vocabulary does not have.
    """
    problems = list(pack.check_question(decision, {}))
    if problems:
        raise DiagnosticsError(problems)
    paths = tuple(dict.fromkeys(also))
    for path in paths:
        if path not in pack.vocabulary.types:
            near = nearest(path, pack.vocabulary.types)
            raise ValueError(f"there is no fact `{path}`" + (f"; did you mean `{near}`?" if near else ""))
    return generator(pack.program, pack.vocabulary, decision, paths)


def typical_day(pack: LoadedPack, decision: str) -> date:
    """The day for which facts are made where no other is asked for: a working day in the latest stretch of law."""
    return generator_of(pack, decision).day


def typical_case(pack: LoadedPack, decision: str) -> Question:
    """The case from which all others depart: everything is known, and it is met if that can be."""
    return question_of(pack, decision, generator_of(pack, decision).made(0, ()))


def sample_facts(pack: LoadedPack, decision: str, n: int, seed: int = 0, *, unknowns: bool = True) -> list[BaseModel]:
    """So many facts for `typical_day`, near the edges of the decision's rules; the same for a seed every time."""
    own = generator_of(pack, decision)
    make = instances_of(pack)
    return [make(made.state.facts) for made in islice(own.samples(seed, unknowns=unknowns, fixed=True), n)]


def sample_cases(pack: LoadedPack, decision: str, n: int, seed: int = 0, *, unknowns: bool = True) -> list[Question]:
    """So many questions, with days and readings."""
    own = generator_of(pack, decision)
    return [question_of(pack, decision, made) for made in islice(own.samples(seed, unknowns=unknowns), n)]


def question_of(pack: LoadedPack, decision: str, made: Made) -> Question:
    """A case as a question to the pack."""
    state = made.state
    return Question(pack, decision, state.facts, state.as_of, dict(state.readings))
