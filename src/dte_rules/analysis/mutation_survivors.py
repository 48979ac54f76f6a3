"""What becomes of a fault that no case noticed: a case that would have, by the solver or among many near the edges of the rules, or the
proof that there is none within the solver's horizon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random
from typing import Any

from dte_rules.analysis.generate import Generator, Made, generator
from dte_rules.analysis.generate_frame import State
from dte_rules.analysis.generate_mining import paths_behind
from dte_rules.analysis.generate_runner import Runner
from dte_rules.analysis.mutation_mutants import Mutant
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.face import Face
from dte_rules.engine.plan import reads
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

SAMPLES = 2000
"""How many generated cases are tried where the solver can't tell, and as many again near the fault."""
AFTER_PROOF = 100
"""How many are tried where it is proved that nobody is decided differently: perhaps only what is missing is named differently."""
SECONDS = 8.0
"""How long the solver looks at one fault."""
NOT_INSTALLED = "not installed"

PLAIN = 6
"""How much of what `Runner.shown` gives is there whatever the verdict."""
MOST_TRIES = 12
"""How often it is looked whether what is missing differs."""

_Sample = tuple[Made, Any, tuple[Any, ...] | None]
"""A case, its facts as an engine reads them, and what the program shows of it if that was worked out already."""


@dataclass(frozen=True)
class Witness:
    """A question that the program with the fault answers otherwise."""

    decision: str
    state: State


@dataclass(frozen=True)
class Judged:
    """What is known of a fault: somebody who is decided differently, that it is proved there is nobody, or why that could not be told."""

    witness: Witness | None = None
    proved: bool = False
    untold: str | None = None


class Search:
    """Looks for questions on which a program with a fault differs."""

    def __init__(self, program: Program, vocabulary: Vocabulary, samples: int = SAMPLES, seconds: float = SECONDS) -> None:
        self.program, self.vocabulary, self.samples, self.seconds = program, vocabulary, samples, seconds
        self._made: dict[str, list[_Sample]] = {}

    def judged(self, mutant: Mutant, decisions: Sequence[str], plans: Plans) -> Judged:
        """What the solver says of a fault; where it can't tell, or isn't installed, what generated cases say.

        Raises:
            EncodingDisagrees: where the engine decides a witness of the solver otherwise than the solver.
        """
        reason: str | None = NOT_INSTALLED
        try:
            from dte_rules.analysis.mutation_solver import Differs, Prover, Same
        except ImportError:
            pass
        else:
            told = Prover(self.program, self.vocabulary, self.seconds).told(decisions, plans, FaultyPlans(plans, mutant))
            if isinstance(told, Differs):
                return Judged(Witness(told.decision, told.state))
            reason = None if isinstance(told, Same) else told.reason
        witness = self.witness(mutant, decisions, plans, self.samples if reason else min(self.samples, AFTER_PROOF))
        return Judged(witness, proved=witness is None and reason is None, untold=reason if witness is None else None)

    def witness(self, mutant: Mutant, decisions: Sequence[str], plans: Plans, samples: int | None = None) -> Witness | None:
        """A generated question that tells the fault from the program, as simple as it was found; None where none was found."""
        count = self.samples if samples is None else samples
        faulty = FaultyPlans(plans, mutant)
        for decision in decisions:
            own = generator(self.program, self.vocabulary, decision)
            runner = Runner(faulty.program, self.vocabulary, decision, faulty)
            same: dict[Any, bool] = {}
            tries = 0
            for made, facts, shown in chain(self._samples(decision, own, count), self._directed(mutant, own, count)):
                readings = tuple(sorted(made.state.readings.items()))
                key = faulty.key(decision, made.state.as_of, readings)
                if key not in same:
                    asked = (decision, made.state.as_of, readings)
                    same[key] = faulty.plan(*asked) is plans.plan(*asked)
                if same[key]:
                    continue
                before, after = own.runner.shown(made.state, facts) if shown is None else shown, runner.shown(made.state, facts)
                if before == after:
                    continue
                if before[:PLAIN] == after[:PLAIN]:  # only what is open differs, which need not be seen in what is missing
                    tries += 1
                    if tries > MOST_TRIES or _decided(plans, decision, made.state, facts) == _decided(faulty, decision, made.state, facts):
                        continue
                    return Witness(decision, made.state)
                return Witness(decision, own.fewer(made, lambda s, o=own, r=runner: _plainly(r, s) != _plainly(o.runner, s)).state)
        return None

    def _samples(self, decision: str, own: Generator, count: int) -> list[_Sample]:
        """Cases that serve for all faults."""
        known = self._made.get(decision, [])
        if len(known) < count:
            made = list(islice(own.samples(1), count))
            facts = [own.runner.builder(one.state.facts) for one in made]
            known = self._made[decision] = [(one, f, own.runner.shown(one.state, f)) for one, f in zip(made, facts, strict=True)]
        return known[:count]

    def _directed(self, mutant: Mutant, own: Generator, count: int) -> Iterator[_Sample]:
        """Cases that differ in what the changed rules rest on, and in what is compared with them."""
        changed = {slot for rule in mutant.rules.values() for slot in rule.slots} or {mutant.slot}
        near = changed | {slot for rule in own.mined.rules if changed.intersection(reads(rule)) for slot in rule.slots}
        names = {name for rule in own.mined.rules if near.intersection(rule.slots) for name in reads(rule)}
        names |= {name for rule in own.mined.rules if near.intersection(rule.slots) for name, _ in rule.under}
        slots = own.slots_for(paths_behind(self.program, near), names)
        random = Random(mutant.number)
        for _ in range(count if slots else 0):
            made = own.sample(random, slots=slots)
            yield made, own.runner.builder(made.state.facts), None


def _plainly(runner: Runner, state: State) -> tuple[Any, ...]:
    """What a decision shows without what is missing."""
    return runner.shown(state)[:PLAIN]


def _decided(plans: Plans, decision: str, state: State, facts: Any) -> Any:
    """The verdict with what is missing for it, by the plans of a program."""
    readings = tuple(sorted(state.readings.items()))
    question = CompiledPrepared(plans.program, plans.plan(decision, state.as_of, readings), ())
    found = Face(plans.program, question).decision(facts, state.as_of)
    return found.verdict, found.missing
