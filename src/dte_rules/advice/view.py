"""What the rules conclude from some facts on a day, asked for piece by piece, with values put in the place of facts that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from dte_rules.engine import reference
from dte_rules.engine.plan import Plan
from dte_rules.feel.evaluate import Environment
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.feel.values import Member, OneOf, PartialList, RecordValue, Unknown
from dte_rules.program.nodes import Program

DAY = "as_of"
"""The name of the day asked about, among the paths of facts."""
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class View:
    """The facts of a plan on a day, ``changes`` put in the place of what they say; ``read`` collects the paths that were read."""

    program: Program
    plan: Plan
    facts: BaseModel
    as_of: date
    changes: Mapping[str, Any] = field(default_factory=dict)
    read: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def env(self) -> Environment:
        """The environment of the plan's expressions."""
        return Environment(self.lookup, self.program.calendar, self.changes)

    def lookup(self, name: str) -> Any:
        """A global name's value."""
        if name == DAY:
            day = self.changes.get(DAY, self.as_of)
            self.read[DAY] = day
            return day
        if name in self.program.facts:
            return self.fact(self.program.facts[name], getattr(self.facts, name, None), name)
        if name not in self.values:
            self.values.update(reference.conclude(self.plan.by_slot[name], self.env))
        return self.values[name]

    def fact(self, type_: Type, value: Any, path: str) -> Any:
        """A fact's value, noted; what changes is put in its place."""
        if path in self.changes:
            value = self.changes[path]
        if isinstance(type_, Record):
            return FactAt(type_, value, path, self)
        self.read[path] = value
        if value is None:
            return Unknown([path])
        if isinstance(type_, ListOf):
            return tuple([self.fact(type_.element, item, f"{path}[{position}]") for position, item in enumerate(value, 1)])
        return value


@dataclass(frozen=True, slots=True)
class FactAt(RecordValue):
    """A record of facts at a path."""

    type: Record
    data: Any
    path: str
    view: View = field(compare=False, repr=False)

    def get_field(self, name: str) -> Any:
        """The field's value, noted."""
        value = None if self.data is None else getattr(self.data, name, None)
        return self.view.fact(self.type.fields[name], value, f"{self.path}.{name}")


def token(value: Any) -> Any:
    """Something by which two values of two views can be compared: records by their paths."""
    match value:
        case FactAt(_, _, path):
            return ("@", path)
        case OneOf(options, _):
            return ("or", tuple(map(token, options)))
        case Unknown():
            return ("?", value.low, value.high, tuple(sorted(value.needs)))
        case PartialList(members):
            return ("partial", tuple((token(member.value), member.certain) for member in members))
        case Member(inner, certain, _):
            return (token(inner), certain)
        case tuple():
            return tuple(map(token, value))
        case _:
            return (type(value).__name__, value)
