"""One question of one pack, put again and again: about other facts, about other days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from dte_rules.engine.decide import Decider
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Plan, Readings, expressions
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.errors import fact_diagnostics


@dataclass(frozen=True)
class Inquiry:
    """A decision of a pack under a choice of readings. Safe to share between threads, and picklable."""

    vocabulary: Vocabulary
    decider: Decider
    decision: str
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """The pack's program."""
        return self.decider.program

    @property
    def departures(self) -> Readings:
        """The readings that depart from the pack's defaults."""
        defaults = self.program.interpretations
        return tuple(sorted((i, r) for i, r in self.readings.items() if r != defaults[i].default))

    def facts(self, data: Mapping[str, Any]) -> BaseModel:
        """Plain data as facts, with what they imply.

        Raises:
            DiagnosticsError: with everything that is wrong with them.
        """
        try:
            return self.vocabulary.closed(self.vocabulary.model.model_validate(data))
        except ValidationError as error:
            raise DiagnosticsError(fact_diagnostics(error, lambda loc, kind: None, self.vocabulary)) from None

    def plan(self, as_of: date) -> Plan:
        """The rules that answer on a day."""
        return self.decider.prepared(self.decision, as_of, self.departures).question.base

    def run(self, facts: BaseModel, as_of: date) -> Run:
        """What the rules conclude; the facts are closed under their implications."""
        return self.decider.prepared(self.decision, as_of, self.departures).question.run(facts, as_of)

    def decide(self, facts: BaseModel, as_of: date) -> Decision:
        """The whole decision."""
        return self.decider.decide(self.decision, facts, as_of, self.readings)


def facts_read(program: Program, plan: Plan) -> tuple[str, ...]:
    """The paths of all facts that a plan's rules may read, without positions; of records their fields, of lists also the list."""
    nodes = [node for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)]
    roots = {node.name for node in nodes if isinstance(node, core.Ref) and node.name in program.facts}
    fields = {(_record_name(node.base.type), node.name) for node in nodes if isinstance(node, core.Field)}
    events = {_event(node) for node in nodes if isinstance(node, core.Call) and node.function == "happened"}

    def below(type_: Type, path: str) -> Iterator[str]:
        element = type_.element if isinstance(type_, ListOf) else type_
        if element is not type_ or not isinstance(element, Record):
            yield path
        if isinstance(element, Record):
            for name, inner in element.fields.items():
                if (element.name, name) in fields or (element is not type_ and (element.name, name) in events):
                    yield from below(inner, f"{path}.{name}")

    return tuple(path for root, type_ in program.facts.items() if root in roots for path in below(type_, root))


def _record_name(type_: Type) -> str:
    element = type_.element if isinstance(type_, ListOf) else type_
    return element.name if isinstance(element, Record) else ""


def _event(node: core.Call) -> tuple[str, str]:
    dated_by = node.arguments[1]
    return _record_name(node.arguments[0].type), dated_by.value if isinstance(dated_by, core.Const) else ""
