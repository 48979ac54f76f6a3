"""A question with its facts, as strategies and samplers make them: it decides itself, and prints itself as a case file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from dte_rules.analysis.generate_instances import Instances
from dte_rules.cases import Case, Expect, write_cases
from dte_rules.engine.decide import Decider
from dte_rules.engine.face import failing, outcome

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack
    from dte_rules.engine.decision import Decision

_instances: dict[int, tuple[Any, Instances]] = {}


def instances_of(pack: LoadedPack) -> Instances:
    """What makes facts of the pack's vocabulary; kept with the vocabulary."""
    found = _instances.get(id(pack.vocabulary))
    if found is None or found[0] is not pack.vocabulary:
        found = _instances[id(pack.vocabulary)] = (pack.vocabulary, Instances(pack.vocabulary))
    return found[1]


_deciders: dict[int, Decider] = {}


class Outcome(NamedTuple):
    """What most properties are about."""

    verdict: str
    amount: Decimal | None
    effect: str | None
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question put to a pack. Its ``repr`` is the case in YAML, so that a failing test shows what to look at."""

    pack: LoadedPack = field(repr=False)
    name: str
    data: Mapping[str, Any]
    """The facts as they would stand in a case file."""
    as_of: date
    readings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> BaseModel:
        """The facts in the pack's vocabulary."""
        return instances_of(self.pack)(self.data)

    def decide(self, engine: Any = "compiled") -> Decision:
        """The pack's answer."""
        return self.pack.decide(self.name, self.facts, as_of=self.as_of, readings=self.readings, engine=engine)

    @cached_property
    def decision(self) -> Decision:
        """The pack's answer by the default engine."""
        return self.decide()

    @cached_property
    def outcome(self) -> Outcome:
        """Verdict, amount and effect, without what is missing and other readings: a tenth of the cost."""
        pack = self.pack
        decider = _deciders.get(id(pack.program))
        if decider is None or decider.program is not pack.program:
            decider = _deciders[id(pack.program)] = Decider(pack.program)
        defaults = {name: interpretation.default for name, interpretation in pack.program.interpretations.items()}
        chosen = tuple(sorted((name, reading) for name, reading in self.readings.items() if reading != defaults[name]))
        question = decider.prepared(self.name, self.as_of, chosen).question
        run = question.run(pack.vocabulary.closed(self.facts), self.as_of)
        verdict, amount, effect = outcome(question.base.decision, run)
        failed = failing(question.base.decision, run) if verdict != "met" else ()
        return Outcome(verdict, amount, effect, tuple(slot.rpartition(".")[2] for slot in failed))

    @property
    def verdict(self) -> str:
        """The verdict alone."""
        return self.outcome.verdict

    @property
    def amount(self) -> Decimal | None:
        """The amount alone."""
        return self.outcome.amount

    def case(self, id_: str = "found", title: str | None = None, expect: Expect | None = None) -> Case:
        """The question as a case."""
        return Case(
            id=id_,
            title=title,
            region=self.pack.name,
            decision=self.name,
            as_of=self.as_of,
            readings=dict(self.readings),
            facts=dict(self.data),
            expect=expect,
        )

    def yaml(self) -> str:
        """The question as a case file."""
        return write_cases([self.case()])

    def __repr__(self) -> str:
        return f"\n{self.yaml()}"
