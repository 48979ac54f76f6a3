"""What a case expects against what was decided: a field that it doesn't name isn't compared, a list must hold what it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from dte_rules.cases.case import Expect
from dte_rules.cases.expectation import WHOLE, day_of


class Decided(Protocol):
    """The parts of a decision that can be compared; the engine's decision has them."""

    @property
    def verdict(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def effect(self) -> str | None: ...
    @property
    def dates(self) -> Mapping[str, date]: ...
    @property
    def failed(self) -> Sequence[str]: ...
    @property
    def missing(self) -> Sequence[str]: ...
    @property
    def missing_sets(self) -> Sequence[Any]: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def flags(self) -> Sequence[str]: ...
    @property
    def alternatives(self) -> Sequence[Any]: ...
    @property
    def citations(self) -> Sequence[Any]: ...
    @property
    def readings(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Difference:
    """A field that is not as expected.

    ``expected`` and ``actual`` are what stands on either side: for a single field its values; for a list the members that were
    expected and are not there (``expected``), against all that are there (``actual``). ``surplus`` are members that are there
    although the list was to hold no others.
    """

    field: str
    expected: Any
    actual: Any
    surplus: tuple[Any, ...] = ()


Match = Callable[[Any, Any], bool]


def compare(expect: Expect, decision: Decided) -> tuple[Difference, ...]:
    """Every difference, in the order in which the case names its fields."""
    found: list[Difference] = []
    for field, expected in expect.fields.items():
        actual = getattr(decision, field)
        if field in ("dates", "values", "readings"):
            found += _named(field, expected, actual)
        elif field in WHOLE:
            found += _listed(field, expected, actual, whole=field in expect.exactly)
        elif not _equal(expected, actual):
            found.append(Difference(field, expected, actual))
    for field in WHOLE:
        if field in expect.exactly and field not in expect.fields:
            found += _listed(field, (), getattr(decision, field), whole=True)
    return tuple(found)


def names_tail(tail: str, path: str) -> bool:
    """Whether a path is, or at a dot ends in, another: ``paying_now`` is the tail of ``person.insurance[1].paying_now``."""
    return path == tail or path.endswith(f".{tail}")


def _named(field: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Difference]:
    pairs = ((f"{field}.{name}", value, actual.get(name)) for name, value in expected.items())
    return [Difference(name, value, other) for name, value, other in pairs if not _equal(value, other)]


def _listed(field: str, expected: Sequence[Any], actual: Sequence[Any], *, whole: bool) -> list[Difference]:
    match = _MATCHES[field]
    absent = tuple(one for one in expected if not any(match(one, other) for other in actual))
    surplus: tuple[Any, ...] = ()
    if whole:
        surplus = tuple(other for other in actual if not any(match(one, other) for one in expected))
        if not absent and not surplus and _distinct(expected) != _distinct(actual):
            # one entry can stand for several, but then the list as a whole is another
            surplus = tuple(actual)
    if not absent and not surplus:
        return []
    return [Difference(field, tuple(expected) if whole else absent, tuple(actual), surplus)]


def _distinct(members: Sequence[Any]) -> int:
    return len({repr(member) for member in members})


def _same(expected: Any, actual: Any) -> bool:
    return bool(expected == actual)


def _is_missing(expected: str, actual: str) -> bool:
    return names_tail(expected, actual)


def _is_set(expected: Mapping[str, Any], actual: Any) -> bool:
    names: Sequence[str] | None = expected.get("facts")
    verdicts: Sequence[str] | None = expected.get("verdicts")
    if verdicts is not None and set(verdicts) != set(actual.verdicts):
        return False
    return names is None or not _listed("missing", names, actual.facts, whole=True)


def _is_alternative(expected: Mapping[str, Any], actual: Any) -> bool:
    for field, value in expected.items():
        other = getattr(actual, field)
        if field == "missing":
            if _listed("missing", value or (), other, whole=False):
                return False
        elif not _equal(value, other):
            return False
    return True


def _is_citation(expected: Mapping[str, Any], actual: Any) -> bool:
    source, locator = expected.get("source"), expected.get("locator")
    if locator is None:
        return source in (actual.source, f"{actual.source} {actual.locator}".strip())
    return source in (None, actual.source) and bool(locator == actual.locator)


_MATCHES: Mapping[str, Match] = {
    "failed": _same,
    "flags": _same,
    "missing": _is_missing,
    "missing_sets": _is_set,
    "alternatives": _is_alternative,
    "citations": _is_citation,
}


def _equal(expected: Any, actual: Any) -> bool:
    """Equality of results: numbers by value, days as dates or text, lists member by member; true is not 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return expected.keys() == actual.keys() and all(_equal(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return len(expected) == len(actual) and all(_equal(one, other) for one, other in zip(expected, actual, strict=True))
    if isinstance(actual, date) and isinstance(expected, str):
        return day_of(expected) == actual
    if isinstance(expected, float):
        expected = Decimal(repr(expected))
    return bool(expected == actual)
