"""Exact numbers of the solver: an integer term over a constant denominator, with the range that it lies in where known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from dte_rules.analysis.logic import Bit, Int, alike, at_most, equal, less, quotient, total, when
from dte_rules.analysis.solver import NotEncoded

Range = tuple[Fraction, Fraction] | None


@dataclass(frozen=True, slots=True)
class Num:
    """``top / bottom``. ``rounded`` where decimal arithmetic would have rounded it at its 34th digit.

    A rounded number compares like the exact one (rounding is monotone, and no value of the horizon comes so near to
    another), but nothing more is calculated with it.
    """

    top: Int
    bottom: int = 1
    range: Range = None
    rounded: bool = False

    @property
    def constant(self) -> Fraction | None:
        """Its value, where it has no symbols."""
        return Fraction(self.top, self.bottom) if isinstance(self.top, int) else None


def num(value: Decimal | int | Fraction) -> Num:
    """A constant."""
    exact = Fraction(value)
    return Num(exact.numerator, exact.denominator, (exact, exact))


def _common(a: Num, b: Num) -> tuple[Int, Int, int]:
    bottom = lcm(a.bottom, b.bottom)
    return _scaled(a, bottom), _scaled(b, bottom), bottom


def _scaled(a: Num, bottom: int) -> Int:
    factor = bottom // a.bottom
    return a.top if factor == 1 else a.top * factor


def _exact(*terms: Num) -> None:
    if any(term.rounded for term in terms):
        raise NotEncoded("arithmetic on a quotient that decimals round")


def plus(a: Num, b: Num) -> Num:
    """The sum."""
    _exact(a, b)
    x, y, bottom = _common(a, b)
    within = None if a.range is None or b.range is None else (a.range[0] + b.range[0], a.range[1] + b.range[1])
    return Num(total([x, y]), bottom, within)


def minus(a: Num) -> Num:
    """The negative."""
    return Num(-a.top, a.bottom, None if a.range is None else (-a.range[1], -a.range[0]), a.rounded)


def times(a: Num, factor: Fraction) -> Num:
    """The product with a constant."""
    _exact(a)
    ends = None if a.range is None else sorted((a.range[0] * factor, a.range[1] * factor))
    if factor == 0:
        return num(0)
    bottom = a.bottom * factor.denominator
    top = a.top if factor.numerator == 1 else a.top * factor.numerator
    if isinstance(top, int):
        return num(Fraction(top, bottom))
    return Num(top, bottom, None if ends is None else (ends[0], ends[1]), rounded=not _terminates(factor.denominator))


def over(a: Num, divisor: Fraction) -> Num:
    """The quotient by a constant that isn't zero."""
    found = times(a, 1 / divisor)
    return found if _terminates(found.bottom) else Num(found.top, found.bottom, found.range, rounded=True)


def _terminates(bottom: int) -> bool:
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    return bottom == 1


def num_equal(a: Num, b: Num) -> Bit:
    """Whether they are equal."""
    x, y, _ = _common(a, b)
    return equal(x, y)


def num_less(a: Num, b: Num) -> Bit:
    """Whether the first is less."""
    x, y, _ = _common(a, b)
    return less(x, y)


def num_at_most(a: Num, b: Num) -> Bit:
    """Whether the first is not more."""
    x, y, _ = _common(a, b)
    return at_most(x, y)


def num_when(condition: Bit, then: Num, otherwise: Num) -> Num:
    """One of two."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise or (then.bottom == otherwise.bottom and alike(then.top, otherwise.top)):
        return then
    x, y, bottom = _common(then, otherwise)
    within = (
        None
        if then.range is None or otherwise.range is None
        else (min(then.range[0], otherwise.range[0]), max(then.range[1], otherwise.range[1]))
    )
    return Num(when(condition, x, y), bottom, within, then.rounded or otherwise.rounded)


def num_max(a: Num, b: Num) -> Num:
    """The greater."""
    found = num_when(num_less(a, b), b, a)
    if a.range is None or b.range is None or found.constant is not None:
        return found
    return Num(found.top, found.bottom, (max(a.range[0], b.range[0]), max(a.range[1], b.range[1])), found.rounded)


def num_min(a: Num, b: Num) -> Num:
    """The lesser."""
    return minus(num_max(minus(a), minus(b)))


def floor(a: Num) -> Num:
    """The greatest whole number that is not more."""
    within = None if a.range is None else (Fraction(a.range[0] // 1), Fraction(a.range[1] // 1))
    return Num(quotient(a.top, a.bottom), 1, within)


def ceiling(a: Num) -> Num:
    """The least whole number that is not less."""
    return minus(floor(minus(a)))


def truncated(a: Num) -> Num:
    """The whole part."""
    return a if a.bottom == 1 else num_when(num_less(a, num(0)), ceiling(a), floor(a))


def rounded(a: Num, how: str) -> Num:
    """A whole number, rounded as FEEL's functions do."""
    negative = num_less(a, num(0))
    match how:
        case "floor":
            return floor(a)
        case "ceiling":
            return ceiling(a)
        case "round down":
            return truncated(a)
        case "round up":
            return num_when(negative, floor(a), ceiling(a))
        case "round half up" | "round half down":
            half = num(Fraction(1, 2))
            below, above = floor(_shifted(a, half)), ceiling(_shifted(a, minus(half)))
            return num_when(negative, above, below) if how == "round half up" else num_when(negative, below, above)
        case _:
            raise NotEncoded(f"the function {how}")


def _shifted(a: Num, by: Num) -> Num:
    return plus(Num(a.top, a.bottom, a.range), by)


def whole(a: Num) -> tuple[int, int] | None:
    """The range as whole numbers, where there is one."""
    return None if a.range is None else (int(-(-a.range[0] // 1)), int(a.range[1] // 1))


def num_of(top: Any, bottom: int, value: Any) -> Decimal:
    """A number of a model as a decimal; ``value`` is the integer that stands for it."""
    exact = Fraction(value, bottom)
    return Decimal(exact.numerator) / Decimal(exact.denominator)
