"""Facts as the tracer reads them: every one that is read is noted with its path, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.engine.justification import WITHHELD, NotKnown, RecordAt, Value
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.feel.values import Months, OneOf, PartialList, RecordValue, Unknown

PLAIN = frozenset({bool, str, Decimal, date, Months, timedelta, type(None)})
"""Types of values that are shown as they are."""
SCALARS = frozenset({bool, str, Decimal, date})
"""Types of facts that are read as they are."""


class Reader:
    """What one trace has read so far, and concluded."""

    __slots__ = ("as_of", "facts", "hidden", "read", "run", "values", "withheld")

    def __init__(self, facts: Any, as_of: date, run: Mapping[str, Any], withheld: frozenset[str]) -> None:
        self.facts, self.as_of, self.run, self.withheld = facts, as_of, run, withheld
        self.values: dict[str, Any] = {}
        self.read: dict[str, Any] = {}
        self.hidden: set[str] = set()

    def fact(self, type_: Type, value: Any, path: str, plain: str) -> Any:
        """A fact as a FEEL value, noted; ``plain`` is the path without positions."""
        found: Any
        if type(type_) is Record:
            return FactAt(type_, value, path, plain, self)
        if value is None:
            found = Unknown((path,))
        elif type(type_) is ListOf:
            element = type_.element
            if type(element) is Record:
                found = tuple([FactAt(element, item, f"{path}[{n}]", plain, self) for n, item in enumerate(value, 1)])
            else:
                found = tuple([self.fact(element, item, f"{path}[{n}]", plain) for n, item in enumerate(value, 1)])
        else:
            found = value
        self.read[path] = found
        if plain in self.withheld:
            self.hidden.add(path)
        return found

    def noted(self) -> tuple[tuple[str, Value], ...]:
        """The facts read, with their values as they are shown."""
        found = [(path, v if type(v) in PLAIN else shown(v)) for path, v in self.read.items()]
        if self.hidden:
            found = [(path, WITHHELD if path in self.hidden and type(v) is not NotKnown else v) for path, v in found]
        return tuple(found)


class FactAt(RecordValue):
    """A record of facts at a path; ``data`` is None where the record is not known."""

    __slots__ = ("data", "path", "plain", "reader", "type")

    def __init__(self, type_: Record, data: Any, path: str, plain: str, reader: Reader) -> None:
        self.type, self.data, self.path, self.plain, self.reader = type_, data, path, plain, reader

    def get_field(self, name: str) -> Any:
        """The field's value, noted; unknown where it was not given."""
        value = None if self.data is None else getattr(self.data, name, None)
        type_ = self.type.fields[name]
        path, plain = f"{self.path}.{name}", f"{self.plain}.{name}"
        if type(value) in SCALARS and type(type_) is not ListOf:
            reader = self.reader
            reader.read[path] = value
            if plain in reader.withheld:
                reader.hidden.add(path)
            return value
        return self.reader.fact(type_, value, path, plain)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactAt) and self.path == other.path and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.path)


def shown(value: Any) -> Value:
    """A FEEL value as a justification holds it."""
    if type(value) in PLAIN:
        return value
    match value:
        case tuple():
            return tuple([shown(item) for item in value])
        case Unknown():
            return NotKnown(tuple(sorted(value.needs)), value.low, value.high)
        case FactAt():
            return RecordAt(value.path)
        case OneOf(_, needs):
            return NotKnown(tuple(sorted(needs)))
        case PartialList(members):
            return NotKnown(tuple(sorted(frozenset[str]().union(*(m.needs for m in members)))))
        case _:
            return WITHHELD
