"""What becomes of a fault that no case noticed: a case that would have, or none found among many near the edges of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from dte_rules.analysis.generate import Generator, Made, generator
from dte_rules.analysis.generate_frame import State
from dte_rules.analysis.generate_runner import Runner
from dte_rules.analysis.mutation_mutants import Mutant
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

SAMPLES = 3000
"""How many generated cases are tried before a fault is taken for one that changes nothing."""


@dataclass(frozen=True)
class Witness:
    """A question that the program with the fault answers otherwise."""

    decision: str
    state: State


class Search:
    """Looks for questions on which a program with a fault differs."""

    def __init__(self, program: Program, vocabulary: Vocabulary, samples: int = SAMPLES) -> None:
        self.program, self.vocabulary, self.samples = program, vocabulary, samples
        self._made: dict[str, list[tuple[Made, Any, tuple[Any, ...]]]] = {}

    def witness(self, mutant: Mutant, decisions: Sequence[str], plans: Plans) -> Witness | None:
        """A question that tells the fault from the program, as simple as it was found; None where none was found."""
        faulty = FaultyPlans(plans, mutant)
        for decision in decisions:
            own = generator(self.program, self.vocabulary, decision)
            runner = Runner(faulty.program, self.vocabulary, decision, faulty)
            same: dict[Any, bool] = {}
            for made, facts, shown in self._samples(decision, own):
                readings = tuple(sorted(made.state.readings.items()))
                key = faulty.key(decision, made.state.as_of, readings)
                if key not in same:
                    asked = (decision, made.state.as_of, readings)
                    same[key] = faulty.plan(*asked) is plans.plan(*asked)
                if not same[key] and runner.shown(made.state, facts) != shown:
                    return Witness(decision, own.fewer(made, lambda s, o=own, r=runner: r.shown(s) != o.runner.shown(s)).state)
        return None

    def _samples(self, decision: str, own: Generator) -> list[tuple[Made, Any, tuple[Any, ...]]]:
        if decision not in self._made:
            made = list(islice(own.samples(1), self.samples))
            random = Random(2)
            for slot in own.frame.slots:
                if slot.kind == "reading":
                    for option in range(1, slot.count):
                        for _ in range(self.samples // 20):
                            one = own.sample(random)
                            made.append(own.made(one.base, (*one.departures, (slot, option))))
            facts = [own.runner.builder(one.state.facts) for one in made]
            self._made[decision] = [(one, f, own.runner.shown(one.state, f)) for one, f in zip(made, facts, strict=True)]
        return self._made[decision]
