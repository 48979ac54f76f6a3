"""What one fact of a record says about another: declared as data on the record, applied by `closure`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

Value = bool | str


class Known(Enum):
    """The type of ``KNOWN``."""

    KNOWN = "known"


KNOWN: Final = Known.KNOWN
"""Stands for any known value in the place of an implication's ``value``."""


@dataclass(frozen=True, slots=True)
class Implication:
    """If ``field`` is ``value``, then ``then`` is ``then_value``. Put a tuple of them in a record's ``__implications__``.

    ``value`` may be ``KNOWN``: a known day of reporting implies that a report was made. With ``test="differs"`` it fires
    if ``field`` is known and differs from ``value``; this is what a contrapositive looks like.
    """

    field: str
    value: Value | Known
    then: str
    then_value: Value
    test: Literal["equals", "differs"] = "equals"

    def fires(self, actual: Any) -> bool:
        """Whether it fires where ``field`` has this value; ``None`` is unknown, on which nothing fires."""
        if actual is None:
            return False
        if isinstance(self.value, Known):
            return True
        return bool(actual == self.value) is (self.test == "equals")

    def contrapositive(self, domain: tuple[Value, ...] | None) -> Implication | None:
        """The same said backwards, where it names a value: if ``then`` differs, ``field`` is the only other of its two values.

        ``domain`` holds the values that ``field`` can have; ``None`` if they are not a short list.
        """
        if isinstance(self.value, Known) or self.test == "differs" or domain is None:
            return None
        others = tuple(value for value in domain if value != self.value)
        if len(others) != 1:
            return None
        return Implication(self.then, self.then_value, self.field, others[0], test="differs")


def with_contrapositives(implications: Iterable[Implication], domains: Mapping[str, tuple[Value, ...] | None]) -> tuple[Implication, ...]:
    """The implications and those of their contrapositives that name a value."""
    given = tuple(implications)
    backwards = (implication.contrapositive(domains.get(implication.field)) for implication in given)
    return (*given, *(implication for implication in backwards if implication is not None))


def implied(values: Mapping[str, Any], implications: Iterable[Implication]) -> dict[str, Value]:
    """The facts that ``values`` leaves unknown and the implications give, in as many steps as it takes."""
    rules = tuple(implications)
    found: dict[str, Value] = {}
    before = -1
    while before != len(found):
        before = len(found)
        for rule in rules:
            if rule.then in found or values.get(rule.then) is not None:
                continue
            actual = values.get(rule.field)
            if rule.fires(found.get(rule.field) if actual is None else actual):
                found[rule.then] = rule.then_value
    return found


def closure(values: Mapping[str, Any], implications: Iterable[Implication]) -> dict[str, Any]:
    """The values of a record together with everything they imply; a known value is never changed."""
    return {**values, **implied(values, implications)}


def contradiction(values: Mapping[str, Any], implications: Iterable[Implication]) -> Implication | None:
    """The first implication that the values, and what they imply, break; ``None`` if they agree."""
    rules = tuple(implications)
    closed = closure(values, rules)
    for rule in rules:
        actual = closed.get(rule.then)
        if actual is not None and actual != rule.then_value and rule.fires(closed.get(rule.field)):
            return rule
    return None
