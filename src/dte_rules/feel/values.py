"""The values that FEEL expressions have, unknown ones included.

Known values are plain Python: Decimal, str, bool, date, timedelta, `Months`, None (FEEL's null), tuples, records. What is
not known is an `Unknown`, which may carry bounds; a list of which some members are only possible is a `PartialList`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Any

DECIMAL128 = Context(prec=34, traps=[])
"""Decimal arithmetic as DMN has it (IEEE 754 decimal128); what can't be computed is NaN or infinite, hence null."""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, in months."""

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{parts}"


class Unknown:
    """A value that is not known: what it rests on, and between which values it lies, where that is known.

    ``needs`` names what would have to be known: paths of facts, ids of open points, delegations and sources. ``low`` and
    ``high`` are inclusive bounds (both Decimal or both date), None where there is none.
    """

    __slots__ = ("high", "low", "needs")

    def __init__(self, needs: Iterable[str] = (), low: Any = None, high: Any = None) -> None:
        self.needs: frozenset[str] = frozenset(needs)
        self.low, self.high = low, high

    def __repr__(self) -> str:
        bounds = "" if self.low is None and self.high is None else f", {self.low}..{self.high}"
        return f"Unknown({sorted(self.needs)}{bounds})"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a partial list; it is certain, or only possible for want of ``needs``."""

    value: Any
    certain: bool
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartialList:
    """A list of which some members are only possible."""

    members: tuple[Member, ...]


class RecordValue(ABC):
    """A record of facts."""

    __slots__ = ()

    @abstractmethod
    def get_field(self, name: str) -> Any:
        """The value of a field; an `Unknown` where it is not known."""


@dataclass(frozen=True, slots=True)
class OneOf(RecordValue):
    """A record that is not known: one of several. Its fields are the joins of theirs."""

    options: tuple[Any, ...]
    needs: frozenset[str]

    def get_field(self, name: str) -> Any:
        """The join of the field's values over the possible records."""
        return join((option.get_field(name) for option in self.options), self.needs)


def bounded(needs: Iterable[str], low: Any, high: Any) -> Any:
    """An unknown value within bounds; the value itself where the bounds meet."""
    return low if low is not None and low == high else Unknown(needs, low, high)


def bounds(value: Any) -> tuple[Any, Any]:
    """The least and the greatest possible value; None where there is no bound."""
    return (value.low, value.high) if isinstance(value, Unknown) else (value, value)


def needs_of(*values: Any) -> frozenset[str]:
    """Everything for want of which any of the values is not known, members of lists included."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, (Unknown, OneOf)):
            found |= value.needs
        elif isinstance(value, PartialList):
            for member in value.members:
                found |= member.needs | needs_of(member.value)
        elif isinstance(value, tuple):
            found |= needs_of(*value)
    return frozenset(found)


def is_known(value: Any) -> bool:
    """Whether nothing in the value is unknown (a record counts as known)."""
    if isinstance(value, tuple):
        return all(is_known(item) for item in value)
    return not isinstance(value, (Unknown, PartialList, OneOf))


def members_of(value: tuple[Any, ...] | PartialList) -> Iterator[Member]:
    """The members of a list, certain and possible ones."""
    if isinstance(value, PartialList):
        yield from value.members
    else:
        for item in value:
            yield Member(item, True, frozenset())


def list_of(members: Iterable[Member]) -> tuple[Any, ...] | PartialList:
    """The list of these members, in its plain form where all are certain."""
    kept = tuple(members)
    return tuple(m.value for m in kept) if all(m.certain for m in kept) else PartialList(kept)


def same(a: Any, b: Any) -> bool:
    """Whether two known values are the same value of the same kind."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return (a is b) if (a is None or b is None) else bool(type(a) is type(b) and a == b)


def join(options: Iterable[Any], needs: Iterable[str]) -> Any:
    """What is known of a value that is one of several: the value if all agree, else bounds, else nothing."""
    values = list(options)
    wanted = frozenset(needs)
    first, rest = values[0], values[1:]
    if all(is_known(v) for v in values) and all(same(first, v) for v in rest):
        return first
    wanted |= needs_of(*values)
    if all(isinstance(v, RecordValue) for v in values):
        return OneOf(tuple(values), wanted)
    ends = [bounds(v) for v in values]
    for kind in (Decimal, date):
        if all((isinstance(low, kind) or low is None) and (isinstance(high, kind) or high is None) for low, high in ends) and all(
            v is not None for v in values
        ):
            lows, highs = [low for low, _ in ends], [high for _, high in ends]
            return bounded(wanted, None if None in lows else min(lows), None if None in highs else max(highs))
    return Unknown(wanted)


Duration = Months | timedelta
