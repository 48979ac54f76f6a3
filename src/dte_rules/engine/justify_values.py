"""Facts as a trace reads them: every one that is read is noted with its path, once, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any

from dte_rules.engine.justification import WITHHELD, NotKnown, RecordAt, Value
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.feel.values import Months, OneOf, PartialList, RecordValue, Unknown

PLAIN = frozenset({bool, str, Decimal, date, Months, timedelta, type(None)})
"""Types of values that are shown as they are."""
SCALARS = frozenset({bool, str, Decimal, date})
"""Types of facts that are read as they are."""
MOST_PLACES = 1000
"""Of how many members of a list the places are kept for the next trace."""
FEW_PLACES = 20
"""Of how many members at most a list's members as they are shown are kept."""


_new: Any = object.__new__
_set_needs, _set_low, _set_high = (NotKnown.__dict__[name].__set__ for name in ("needs", "low", "high"))


class _Names(dict[str, tuple[str, tuple[str]]]):
    """The paths of a record's fields, by themselves and as all that was read; each made when it is first asked for."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def __missing__(self, name: str) -> tuple[str, tuple[str]]:
        path = f"{self.path}.{name}"
        made = self[name] = path, (path,)
        return made


class _NotGiven(dict[str, tuple[Unknown, NotKnown]]):
    """For a path, what stands for a fact that was not given there: as a value, and as it is shown."""

    def __missing__(self, path: str) -> tuple[Unknown, NotKnown]:
        made = self[path] = not_given(path)
        return made


class Place:
    """Where a record of facts stands, whatever is known of it: its type, its path, and ``plain``, the path without positions.

    It is the same for all justifications of a question, so that paths are put together once.
    """

    __slots__ = ("names", "not_given", "path", "plain", "record", "type")

    def __init__(self, type_: Record, path: str, plain: str) -> None:
        self.type, self.path, self.plain = type_, path, plain
        self.record = RecordAt(path)
        self.names = _Names(path)
        self.not_given = _NotGiven()


class Places:
    """The places of the members of a list of records."""

    __slots__ = ("_kept", "not_given", "path", "plain", "seen", "type")

    def __init__(self, type_: Record, path: str, plain: str) -> None:
        self.type, self.path, self.plain = type_, path, plain
        self.not_given = not_given(path)
        self._kept: tuple[Place, ...] = ()
        self.seen: dict[int, tuple[RecordAt, ...]] = {}

    def first(self, count: int) -> Sequence[Place]:
        """The places of so many members."""
        kept = self._kept
        if len(kept) < count:
            kept += tuple([Place(self.type, f"{self.path}[{n}]", self.plain) for n in range(len(kept) + 1, count + 1)])
            self._kept = kept[:MOST_PLACES]
        return kept

    def shown(self, count: int) -> tuple[RecordAt, ...]:
        """So many members as they are shown."""
        found = tuple([place.record for place in self.first(count)[:count]])
        if count <= FEW_PLACES:
            self.seen[count] = found
        return found


class Items:
    """The paths of the members of a list of plain values."""

    __slots__ = ("_kept", "not_given", "path", "plain", "type")

    def __init__(self, type_: Type, path: str, plain: str) -> None:
        self.type, self.path, self.plain = type_, path, plain
        self.not_given = not_given(path)
        self._kept: tuple[str, ...] = ()

    def first(self, count: int) -> Sequence[str]:
        """The paths of so many members."""
        kept = self._kept
        if len(kept) < count:
            kept += tuple([f"{self.path}[{n}]" for n in range(len(kept) + 1, count + 1)])
            self._kept = kept[:MOST_PLACES]
        return kept


def members_at(type_: ListOf, path: str, plain: str) -> Places | Items:
    """Where the members of a list of facts stand."""
    element = type_.element
    return Places(element, path, plain) if type(element) is Record else Items(element, path, plain)


def not_given(path: str) -> tuple[Unknown, NotKnown]:
    """What stands for a fact that was not given."""
    return Unknown((path,)), NotKnown((path,))


def not_known(needs: frozenset[str], low: Any, high: Any) -> NotKnown:
    """As the constructor, which sets the fields of a frozen class one by one, in a fraction of its time."""
    made: NotKnown = _new(NotKnown)
    _set_needs(made, tuple(needs) if len(needs) < 2 else tuple(sorted(needs)))
    _set_low(made, low)
    _set_high(made, high)
    return made


class Reader:
    """What one trace has read so far: ``read`` are the facts as they are shown, ``lists`` the lists among them as values.

    ``values`` are slots concluded, where an engine has to be asked for them by name.
    """

    __slots__ = ("lists", "read", "values", "withheld")

    def __init__(self, withheld: frozenset[str]) -> None:
        self.withheld = withheld
        self.read: dict[str, Value] = {}
        self.lists: dict[str, Any] = {}
        self.values: dict[str, Any] = {}

    def fact(self, type_: Type, value: Any, path: str, plain: str) -> Any:
        """A fact as a FEEL value, noted; ``plain`` is the path without positions."""
        if type(type_) is Record:
            return FactAt(value, Place(type_, path, plain), self)
        if value is None:
            unknown, self.read[path] = not_given(path)
            return unknown
        if type(type_) is ListOf:
            return self.listed(members_at(type_, path, plain), value)
        self.read[path] = WITHHELD if plain in self.withheld else value
        return value

    def listed(self, at: Places | Items, value: Any) -> Any:
        """A list of facts as a FEEL value, noted."""
        path = at.path
        found = self.lists.get(path)
        if found is not None:
            return found
        if value is None:
            found, self.read[path] = at.not_given
        else:
            seen: Value
            if isinstance(at, Places):
                count = len(value)
                found = tuple(map(FactAt, value, at.first(count), repeat(self)))
                seen = at.seen.get(count) or at.shown(count)
            elif at.plain not in self.withheld and SCALARS.issuperset(map(type, value)):
                found = seen = tuple(value)
                self.read.update(zip(at.first(len(value)), found, strict=False))
            else:
                found = tuple([self.fact(at.type, item, name, at.plain) for item, name in zip(value, at.first(len(value)), strict=False)])
                seen = shown(found)
            self.read[path] = WITHHELD if at.plain in self.withheld else seen
        self.lists[path] = found
        return found


class FactAt(RecordValue):
    """A record of facts at a place; ``data`` is None where the record is not known."""

    __slots__ = ("data", "place", "reader")

    def __init__(self, data: Any, place: Place, reader: Reader) -> None:
        self.data, self.place, self.reader = data, place, reader

    @property
    def path(self) -> str:
        """The record's path."""
        return self.place.path

    def get_field(self, name: str) -> Any:
        """The field's value, noted; unknown where it was not given."""
        place = self.place
        value = None if self.data is None else getattr(self.data, name, None)
        return self.reader.fact(place.type.fields[name], value, place.names[name][0], f"{place.plain}.{name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactAt) and self.path == other.path and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.path)


def shown(value: Any) -> Value:
    """A FEEL value as a justification holds it."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is FactAt:
        return value.place.record
    if kind is tuple:
        return tuple([item.place.record if type(item) is FactAt else item if type(item) in PLAIN else shown(item) for item in value])
    if kind is Unknown:
        return not_known(value.needs, value.low, value.high)
    match value:
        case OneOf(_, needs):
            return NotKnown(tuple(sorted(needs)))
        case PartialList(members):
            return NotKnown(tuple(sorted(frozenset[str]().union(*(m.needs for m in members)))))
        case _:
            return WITHHELD
