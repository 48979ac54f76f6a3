"""Facts as the reference evaluator reads them: records that know their path, and say what is unknown in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dte_rules.feel.evaluate import Environment
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.feel.values import RecordValue, Unknown
from dte_rules.program.nodes import Program

Overrides = Mapping[str, Any]
"""Values to suppose for unknown facts, by path."""
NOTHING: Overrides = {}


@dataclass(frozen=True, slots=True)
class FactRecord(RecordValue):
    """A record of facts at a path; ``data`` has its fields as attributes, or is None where the record is not known."""

    type: Record
    data: Any
    path: str
    supposed: Overrides

    def get_field(self, name: str) -> Any:
        """The field's value; unknown, and named by its path, where it was not given."""
        value = None if self.data is None else getattr(self.data, name, None)
        return read(self.type.fields[name], value, f"{self.path}.{name}", self.supposed)


def read(type_: Type, value: Any, path: str, supposed: Overrides = NOTHING) -> Any:
    """A fact as a FEEL value."""
    if value is None and path in supposed:
        value = supposed[path]
    if isinstance(type_, Record):
        return FactRecord(type_, value, path, supposed)
    if value is None:
        return Unknown([path])
    if isinstance(type_, ListOf):
        return tuple(read(type_.element, item, f"{path}[{position}]", supposed) for position, item in enumerate(value, 1))
    return value


def environment(program: Program, facts: Any, as_of: date, slots: Callable[[str], Any], supposed: Overrides = NOTHING) -> Environment:
    """The environment of a program's expressions: the facts, the day, and the slots concluded so far."""

    def lookup(name: str) -> Any:
        if name == "as_of":
            return as_of
        if name in program.facts:
            return read(program.facts[name], getattr(facts, name, None), name, supposed)
        return slots(name)

    return Environment(lookup, program.calendar, supposed)
