"""Mutation: plants faults in a program one at a time, and asks which of them the cases notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Literal

from dte_rules.analysis.generate_mining import relevant
from dte_rules.analysis.mutation_cases import Bench, Checked
from dte_rules.analysis.mutation_mutants import Mutant, mutants
from dte_rules.analysis.mutation_survivors import SAMPLES, SECONDS, Search, Witness
from dte_rules.analysis.pool import done
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

Fate = Literal["killed", "survived", "equivalent", "not run"]
CHUNK = 6
FEW = 60
"""Below so many mutants no further process is worth its start."""


@dataclass(frozen=True)
class Result:
    """What became of a mutant: the case that noticed it, or a question that would have.

    ``equivalent`` is one of which it is proved that within the solver's horizon nobody is decided differently. A survivor without a
    witness is one of which that could not be told; ``untold`` says why: ``time``, ``not installed``, or what isn't encoded.
    """

    mutant: Mutant
    fate: Fate
    killer: str | None = None
    witness: Witness | None = None
    untold: str | None = None


@dataclass(frozen=True)
class Score:
    """How many faults were noticed, of those that change anything, or may."""

    killed: int = 0
    survived: int = 0
    equivalent: int = 0
    not_run: int = 0

    @property
    def share(self) -> float | None:
        """The share that was noticed; None where no fault changes anything."""
        total = self.killed + self.survived
        return self.killed / total if total else None


@dataclass(frozen=True)
class Mutation:
    """All mutants of a program with what became of them."""

    region: str
    decisions: tuple[str, ...]
    results: tuple[Result, ...]
    cases: int
    failing: tuple[str, ...]
    """Cases that fail without any fault; they take no part."""
    samples: int = SAMPLES

    @property
    def score(self) -> Score:
        """The score of all."""
        return _score(self.results)

    @property
    def by_clause(self) -> Mapping[str, Score]:
        """The score of each clause, in the order of the program."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            for clause in result.mutant.clauses or ("-",):
                found.setdefault(clause, []).append(result)
        return {clause: _score(results) for clause, results in found.items()}

    def of(self, fate: Fate) -> tuple[Result, ...]:
        """The results of one fate."""
        return tuple(result for result in self.results if result.fate == fate)


def _score(results: Sequence[Result]) -> Score:
    counts = {fate: sum(result.fate == fate for result in results) for fate in ("killed", "survived", "equivalent", "not run")}
    return Score(counts["killed"], counts["survived"], counts["equivalent"], counts["not run"])


@dataclass(frozen=True)
class Work:
    """What one process needs."""

    program: Program
    vocabulary: Vocabulary
    decisions: tuple[str, ...]
    cases: tuple[Checked, ...]
    samples: int = SAMPLES
    seconds: float = SECONDS
    """How long the solver looks at one survivor."""


@dataclass
class _Bench:
    """The work set up: the mutants, the bench, and which decisions each rule bears on."""

    work: Work
    mutants: tuple[Mutant, ...] = ()
    bench: Bench = field(init=False)
    search: Search = field(init=False)

    def __post_init__(self) -> None:
        work = self.work
        self.mutants = mutants(work.program, work.decisions)
        self.bench = Bench(work.program, work.cases)
        self.search = Search(work.program, work.vocabulary, work.samples, work.seconds)
        self._bears: dict[int, set[str]] = {}
        places = {id(rule): place for place, rule in enumerate(work.program.rules)}
        for decision in work.decisions:
            for rule in relevant(work.program, decision):
                self._bears.setdefault(places[id(rule)], set()).add(decision)

    def result(self, mutant: Mutant) -> Result:
        """What becomes of a mutant."""
        affected = {mutant.decision.id} if mutant.decision is not None else set()
        for place in mutant.rules:
            affected |= self._bears.get(place, set())
        asked = [decision for decision in self.work.decisions if decision in affected]
        killer = self.bench.killer(mutant, asked)
        if killer is not None:
            return Result(mutant, "killed", killer)
        judged = self.search.judged(mutant, asked, self.bench.plans)
        return Result(mutant, "equivalent" if judged.proved else "survived", witness=judged.witness, untold=judged.untold)


def mutate(
    work: Work, *, workers: int = 2, max_seconds: float | None = None, progress: Callable[[int, int], None] | None = None
) -> Mutation:
    """Plants every fault and says what becomes of it. What is not reached within ``max_seconds`` is ``not run``."""
    started = time.monotonic()
    setup = _Bench(work)
    total = len(setup.mutants)
    outcomes = _in_processes(work, total, workers) if workers > 1 and total > FEW else ((m.number, setup.result(m)) for m in setup.mutants)
    found: dict[int, Result] = {}
    for number, result in outcomes:
        found[number] = result
        if progress is not None:
            progress(len(found), total)
        if max_seconds is not None and time.monotonic() - started > max_seconds:
            break
    close = getattr(outcomes, "close", None)
    if close is not None:
        close()
    results = tuple(found.get(m.number) or Result(m, "not run") for m in setup.mutants)
    return Mutation(work.program.name, work.decisions, results, len(setup.bench.cases), tuple(setup.bench.failing), work.samples)


def _begin(work: Work) -> Callable[[tuple[int, int]], list[tuple[int, Any]]]:
    bench = _Bench(work)

    def some(chunk: tuple[int, int]) -> list[tuple[int, Any]]:
        found = []
        for mutant in bench.mutants[slice(*chunk)]:
            result = bench.result(mutant)
            found.append((mutant.number, (result.fate, result.killer, result.witness, result.untold)))
        return found

    return some


def _in_processes(work: Work, total: int, workers: int) -> Iterator[tuple[int, Result]]:
    """The results as they come; each process makes the same mutants in the same order."""
    by_number = {mutant.number: mutant for mutant in mutants(work.program, work.decisions)}
    chunks = [(first, first + CHUNK) for first in range(0, total, CHUNK)]
    with closing(done(chunks, _begin, work, processes=workers)) as found:
        for _, some in found:
            for number, fields in some:
                yield number, Result(by_number[number], *fields)
