"""The values that a condition leaves to what it tests, so that conditions can be compared without being evaluated.

A condition is read as a conjunction. Each part that compares one expression with constants gives that expression a domain: a set
of texts or truth values, or intervals of numbers, dates or durations. A part that can't be read so is its own subject, of which the
condition says that it is true, or false: thus `x > y` and `not(x > y)` exclude each other, whatever they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, assert_never

from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, Enum
from dte_rules.feel.values import Months

_FLIPPED: Mapping[core.CompareOp, core.CompareOp] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Among:
    """The values listed, or all but these."""

    values: frozenset[Any]
    negated: bool = False

    def intersect(self, other: Among) -> Among:
        """The values in both."""
        match self.negated, other.negated:
            case False, False:
                return Among(self.values & other.values)
            case False, True:
                return Among(self.values - other.values)
            case True, False:
                return Among(other.values - self.values)
            case _:
                return Among(self.values | other.values, True)

    def complement(self) -> Among:
        """All other values."""
        return Among(self.values, not self.negated)

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        return not self.negated and not self.values

    def example(self) -> str:
        """One of the values, or what it must not be, as text."""
        shown = [str(v).lower() if isinstance(v, bool) else f'"{v}"' for v in sorted(self.values, key=str)]
        return f"= {shown[0]}" if not self.negated else f"!= {shown[0]}" if shown else ""


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between two ends; an end of None is infinite."""

    low: Any
    high: Any
    low_closed: bool = True
    high_closed: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies between the ends."""
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return bool(self.low > self.high) or not (self.low_closed and self.high_closed)

    def intersect(self, other: Interval) -> Interval:
        """The values in both."""
        low, low_closed = self.low, self.low_closed
        if other.low is not None and (low is None or other.low >= low):
            low, low_closed = other.low, other.low_closed and (low != other.low or low_closed)
        high, high_closed = self.high, self.high_closed
        if other.high is not None and (high is None or other.high <= high):
            high, high_closed = other.high, other.high_closed and (high != other.high or high_closed)
        return Interval(low, high, low_closed, high_closed)


def _days(interval: Interval) -> Interval:
    """The same interval with closed ends, where it is one of dates: between two neighbouring days there is none."""
    low, high = interval.low, interval.high
    if isinstance(low, date) and not interval.low_closed and low < date.max:
        low = low + _DAY
    if isinstance(high, date) and not interval.high_closed and high > date.min:
        high = high - _DAY
    return Interval(low, high, interval.low_closed or low != interval.low, interval.high_closed or high != interval.high)


@dataclass(frozen=True, slots=True)
class Within:
    """The values in any of some intervals, none of which is empty."""

    intervals: tuple[Interval, ...]

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Within:
        """The intervals without the empty ones."""
        return cls(tuple(i for i in map(_days, intervals) if not i.is_empty))

    def intersect(self, other: Within) -> Within:
        """The values in both."""
        return Within.of(a.intersect(b) for a in self.intervals for b in other.intervals)

    def complement(self) -> Within:
        """All other values."""
        rest = Within((Interval(None, None),))
        for i in self.intervals:
            outside = []
            if i.low is not None:
                outside.append(Interval(None, i.low, True, not i.low_closed))
            if i.high is not None:
                outside.append(Interval(i.high, None, not i.high_closed, True))
            rest = rest.intersect(Within.of(outside))
        return rest

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        return not self.intervals

    def example(self) -> str:
        """A value's text, or the condition on it."""
        first = self.intervals[0]
        if first.low is not None and first.low_closed:
            return f"= {_text(first.low)}"
        if first.high is not None and first.high_closed:
            return f"= {_text(first.high)}"
        low = [f"> {_text(first.low)}"] if first.low is not None else []
        return " and ".join(low + ([f"< {_text(first.high)}"] if first.high is not None else []))


def _text(value: Any) -> str:
    return f"P{value.days}D" if isinstance(value, timedelta) else str(value)


Domain = Among | Within


def intersect(a: Domain, b: Domain) -> Domain | None:
    """The values in both; None where they are of kinds that can't be compared."""
    if isinstance(a, Among) and isinstance(b, Among):
        return a.intersect(b)
    if isinstance(a, Within) and isinstance(b, Within):
        return a.intersect(b)
    return None


def contains(outer: Domain, inner: Domain) -> bool:
    """Whether the inner's values surely all are the outer's."""
    rest = intersect(outer.complement(), inner)
    return rest is not None and rest.is_empty


@dataclass(frozen=True)
class Constraints:
    """The domains of what a condition tests. ``exact``: whether they say all that the condition says."""

    domains: Mapping[core.Expr, Domain]
    exact: bool = True

    def disjoint(self, other: Constraints) -> bool:
        """Whether the two conditions can't both hold."""
        if self.is_empty or other.is_empty:
            return True
        if len(other.domains) < len(self.domains):
            return other.disjoint(self)
        for subject, mine in self.domains.items():
            theirs = other.domains.get(subject)
            if theirs is not None and mine is not theirs:
                both = intersect(mine, theirs)
                if both is not None and both.is_empty:
                    return True
        return False

    @property
    def is_empty(self) -> bool:
        """Whether no values satisfy the condition."""
        return any(domain.is_empty for domain in self.domains.values())

    def both(self, other: Constraints) -> Constraints:
        """The constraints of both conditions together."""
        domains = dict(self.domains)
        for subject, theirs in other.domains.items():
            mine = domains.get(subject)
            both = theirs if mine is None else intersect(mine, theirs)
            domains[subject] = theirs if both is None else both
        return Constraints(domains, self.exact and other.exact)


FREE = Constraints({})
TRUE = Among(frozenset((True,)))
FALSE = Among(frozenset((False,)))


def constraints(condition: core.Expr | None) -> Constraints:
    """What a condition says of the things that it tests."""
    match condition:
        case None:
            return FREE
        case core.Const(value=True):
            return FREE
        case core.And(operands=operands):
            found = FREE
            for operand in operands:
                found = found.both(constraints(operand))
            return found
        case core.Not(operand=operand) if simple(operand) is None:
            return Constraints({operand: FALSE}, False)
    known = simple(condition)
    return Constraints({condition: TRUE}, False) if known is None else Constraints(dict((known,)))


def simple(condition: core.Expr) -> tuple[core.Expr, Domain] | None:
    """The one subject of a condition and the domain that it leaves to it; None where the condition says more, or something else."""
    match condition:
        case core.Compare(op=op, left=left, right=core.Const(value=value)) if not isinstance(left, core.Const):
            return _compared(left, op, value)
        case core.Compare(op=op, left=core.Const(value=value), right=right) if not isinstance(right, core.Const):
            return _compared(right, _FLIPPED[op], value)
        case core.And(operands=operands):
            return _combined(operands, "and")
        case core.Or(operands=operands):
            return _combined(operands, "or")
        case core.Not(operand=operand):
            inner = simple(operand)
            return None if inner is None else (inner[0], _closed(inner[0], inner[1].complement()))
        case core.Ref() | core.Field() | core.Var() if condition.type == BOOLEAN:
            return condition, TRUE
        case _:
            return None


def _compared(subject: core.Expr, op: core.CompareOp, value: Any) -> tuple[core.Expr, Domain] | None:
    if isinstance(value, (str, bool)):
        if op not in ("=", "!="):
            return None
        return subject, _closed(subject, Among(frozenset((value,)), op == "!="))
    if isinstance(value, (Decimal, date, Months, timedelta)):
        return subject, _ordered(op, value)
    return None


def _ordered(op: core.CompareOp, value: Any) -> Within:
    match op:
        case "=":
            return Within((Interval(value, value),))
        case "!=":
            return Within.of((Interval(None, value, True, False), Interval(value, None, False, True)))
        case "<" | "<=":
            return Within.of((Interval(None, value, True, op == "<="),))
        case ">" | ">=":
            return Within.of((Interval(value, None, op == ">=", True),))
        case _:
            assert_never(op)


def _combined(operands: tuple[core.Expr, ...], how: Literal["and", "or"]) -> tuple[core.Expr, Domain] | None:
    """A combination of conditions on one subject. By De Morgan, `a or b` is not (not a and not b)."""
    parts = [simple(operand) for operand in operands]
    if None in parts or not parts:
        return None
    known = [part for part in parts if part is not None]
    subject = known[0][0]
    if any(other != subject for other, _ in known[1:]):
        return None
    domain: Domain | None = None
    for _, each in known:
        step = each if how == "and" else each.complement()
        domain = step if domain is None else intersect(domain, step)
        if domain is None:
            return None
    assert domain is not None
    return subject, _closed(subject, domain if how == "and" else domain.complement())


def _closed(subject: core.Expr, domain: Domain) -> Domain:
    """The domain as a list of values, where the subject's type has only so many."""
    if not isinstance(domain, Among) or not domain.negated:
        return domain
    if isinstance(subject.type, Enum):
        return Among(frozenset(subject.type.values) - domain.values)
    if subject.type == BOOLEAN:
        return Among(frozenset((True, False)) - domain.values)
    return domain
