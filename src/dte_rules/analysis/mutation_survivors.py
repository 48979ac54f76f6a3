"""What becomes of a fault that no case noticed: a case that would have, or none found among many near the edges of the rules."""

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
"""How many generated cases are tried before a fault is taken for one that changes nothing, and as many again near the fault."""


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


class Search:
    """Looks for questions on which a program with a fault differs."""

    def __init__(self, program: Program, vocabulary: Vocabulary, samples: int = SAMPLES) -> None:
        self.program, self.vocabulary, self.samples = program, vocabulary, samples
        self._made: dict[str, list[_Sample]] = {}

    def witness(self, mutant: Mutant, decisions: Sequence[str], plans: Plans) -> Witness | None:
        """A question that tells the fault from the program, as simple as it was found; None where none was found."""
        faulty = FaultyPlans(plans, mutant)
        for decision in decisions:
            own = generator(self.program, self.vocabulary, decision)
            runner = Runner(faulty.program, self.vocabulary, decision, faulty)
            same: dict[Any, bool] = {}
            tries = 0
            for made, facts, shown in chain(self._samples(decision, own), self._directed(mutant, own)):
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

    def _samples(self, decision: str, own: Generator) -> list[_Sample]:
        """Cases that serve for all faults."""
        if decision not in self._made:
            made = list(islice(own.samples(1), self.samples))
            facts = [own.runner.builder(one.state.facts) for one in made]
            self._made[decision] = [(one, f, own.runner.shown(one.state, f)) for one, f in zip(made, facts, strict=True)]
        return self._made[decision]

    def _directed(self, mutant: Mutant, own: Generator) -> Iterator[_Sample]:
        """Cases that differ in what the changed rules rest on, and in what is compared with them."""
        changed = {slot for rule in mutant.rules.values() for slot in rule.slots} or {mutant.slot}
        near = changed | {slot for rule in own.mined.rules if changed.intersection(reads(rule)) for slot in rule.slots}
        names = {name for rule in own.mined.rules if near.intersection(rule.slots) for name in reads(rule)}
        names |= {name for rule in own.mined.rules if near.intersection(rule.slots) for name, _ in rule.under}
        slots = own.slots_for(paths_behind(self.program, near), names)
        random = Random(mutant.number)
        for _ in range(self.samples if slots else 0):
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
