"""The operators of the core language on symbolic values; they mirror `dte_rules.feel.operators`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import assert_never

from dte_rules.analysis.days import Day, Definitions, add_days, add_months, between, ordinal
from dte_rules.analysis.logic import Bit, at_most, conj, conjoined, disj, disjoined, equal, iff, neg, quotient, remainder
from dte_rules.analysis.numbers import Num, minus, num, num_at_most, over, plus, times, truncated, whole
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.values import (
    Blank,
    End,
    Kind,
    Ordered,
    Rec,
    Text,
    Truth,
    Value,
    alignment,
    before,
    exactly,
    same_end,
    settled,
    unknown_ordered,
    within,
)
from dte_rules.feel.core import CompareOp


def truth(value: Value) -> Truth:
    """A value that must be a truth value."""
    if isinstance(value, Blank):
        return Truth(False, False, value.null)
    if not isinstance(value, Truth):
        raise NotEncoded("a condition that is no truth value")
    return value


def conjunction(values: Sequence[Truth]) -> Truth:
    """Kleene's and; null where none is false or unknown and one is null."""
    t = conjoined(v.t for v in values)
    if all(v.decided for v in values):
        return settled(t)
    f = disjoined(v.f for v in values)
    nulls = [v.null for v in values if v.null is not False]
    return Truth(t, f, conj(neg(f), disjoined(nulls), neg(disjoined(v.unknown for v in values))) if nulls else False)


def negation(value: Truth) -> Truth:
    """Kleene's not."""
    return Truth(value.f, value.t, value.null)


def disjunction(values: Sequence[Truth]) -> Truth:
    """Kleene's or."""
    return negation(conjunction([negation(v) for v in values]))


def compare(op: CompareOp, left: Value, right: Value) -> Truth:
    """A comparison; definite where it holds, or fails, throughout the bounds."""
    match op:
        case "=":
            return _equal(left, right)
        case "!=":
            return negation(_equal(left, right))
        case "<":
            return _ordered(left, right, strict=True)
        case "<=":
            return _ordered(left, right, strict=False)
        case ">":
            return _ordered(right, left, strict=True)
        case ">=":
            return _ordered(right, left, strict=False)
        case _:
            assert_never(op)


def _ordered(left: Value, right: Value, *, strict: bool) -> Truth:
    a, b = alignment([left, right])
    if isinstance(a, Blank) and isinstance(b, Blank):
        return Truth(False, False, disj(a.null, b.null))
    if not isinstance(a, Ordered) or not isinstance(b, Ordered):
        raise NotEncoded("an order of texts")
    t = conj(a.high_on, b.low_on, _before(a.high, b.low, strict))
    f = conj(a.low_on, b.high_on, neg(_before(a.low, b.high, strict)))
    return Truth(t, f, disj(a.null, b.null))


def _before(a: End, b: End, strict: bool) -> Bit:
    if strict:
        return before(a, b)
    if isinstance(a, Num) and isinstance(b, Num):
        return num_at_most(a, b)
    assert isinstance(a, Day)
    assert isinstance(b, Day)
    return at_most(a.key, b.key)


def _equal(left: Value, right: Value) -> Truth:
    a, b = alignment([left, right])
    if isinstance(a, Blank) and isinstance(b, Blank):
        same, apart = False, False
        return Truth(conj(a.null, b.null), apart, same)
    null = conj(a.null, b.null)
    if isinstance(a, Truth) and isinstance(b, Truth):
        known = disj(a.t, a.f), disj(b.t, b.f)
        same = iff(a.t, b.t)
    elif isinstance(a, Text) and isinstance(b, Text):
        known = a.known, b.known
        same = equal(a.code, b.code)
    elif isinstance(a, Ordered) and isinstance(b, Ordered):
        known = a.known, b.known
        if a.kind != b.kind:
            raise NotEncoded("a comparison of values of different types")
        same = same_end(a.low, b.low)
    else:
        raise NotEncoded("a comparison of lists or records")
    both = conj(*known)
    f = disj(conj(both, neg(same)), conj(a.null, known[1]), conj(b.null, known[0]))
    if isinstance(a, Ordered) and isinstance(b, Ordered) and not (a.low is a.high and b.low is b.high):
        apart = disj(conj(a.high_on, b.low_on, before(a.high, b.low)), conj(b.high_on, a.low_on, before(b.high, a.low)))
        f = disj(f, conj(disj(a.unknown, b.unknown), apart))
    return Truth(disj(null, conj(both, same)), f)


# --- arithmetic ---------------------------------------------------------------------------------------------------------


class Arithmetic:
    """Arithmetic on ordered values; days need the definitions of months."""

    def __init__(self, define: Definitions) -> None:
        self.define = define

    def add(self, left: Value, right: Value) -> Value:
        """Numbers, durations, and a day with a duration either way."""
        a, b = self._pair(left, right)
        if a.kind != "date" and b.kind == "date":
            a, b = b, a
        if a.kind == "date" and b.kind in ("months", "days"):
            kind: Kind = "date"
        elif a.kind == b.kind and a.kind != "date":
            kind = a.kind
        else:
            raise NotEncoded("a sum of values of different types")
        return self._interval(kind, a, b, (b.low, b.high), (b.low_on, b.high_on))

    def subtract(self, left: Value, right: Value) -> Value:
        """The opposite of `add`; a day from a day gives days."""
        a, b = self._pair(left, right)
        if a.kind == b.kind == "date":
            low = self._apart(b.high, a.low)
            high = low if a.low is a.high and b.low is b.high else self._apart(b.low, a.high)
            return within("days", low, high, conj(a.low_on, b.high_on), conj(a.high_on, b.low_on), disj(a.null, b.null))
        if not (a.kind == b.kind or (a.kind == "date" and b.kind in ("months", "days"))):
            raise NotEncoded("a difference of values of different types")
        return self.add(a, self.negate(b))

    def negate(self, value: Value) -> Value:
        """The negative of a number or a duration."""
        if isinstance(value, Blank):
            return value
        if not isinstance(value, Ordered) or not isinstance(value.low, Num) or not isinstance(value.high, Num):
            raise NotEncoded("the negative of what is no number")
        high = minus(value.low)
        low = high if value.low is value.high else minus(value.high)
        return Ordered(value.kind, low, high, value.known, value.high_on, value.low_on, value.null)

    def multiply(self, left: Value, right: Value) -> Value:
        """Numbers, and a duration with a number; one factor at least must be a constant."""
        a, b = self._pair(left, right)
        if a.kind == "number" and b.kind != "number":
            a, b = b, a
        if b.kind != "number" or a.kind == "date":
            raise NotEncoded("a product of such values")
        factor, other = (b, a) if _constant(b) is not None else (a, b)
        by = _constant(factor)
        if by is None:
            raise NotEncoded("a product of two facts")
        null = disj(a.null, b.null)
        kind = a.kind
        if factor.kind != "number":  # a constant duration times a number
            return exactly(kind, self._whole(kind, times(_number(other.low), by)), other.known, null)
        if kind != "number":
            return exactly(kind, self._whole(kind, times(_number(other.low), by)), conj(a.known, b.known), null)
        return self._scaled(other, lambda n: times(_number(n), by), by < 0, null)

    def divide(self, left: Value, right: Value) -> Value:
        """Numbers, and a duration by a number; the divisor must be a constant."""
        a, b = self._pair(left, right)
        by = _constant(b)
        if b.kind != "number" or a.kind == "date":
            raise NotEncoded("a quotient of such values")
        if by is None:
            raise NotEncoded("a division by a fact")
        if by == 0:
            return unknown_ordered(a.kind, True)
        if a.kind != "number":
            return exactly(a.kind, self._whole(a.kind, over(_number(a.low), by)), a.known, a.null)
        return self._scaled(a, lambda n: over(_number(n), by), by < 0, a.null)

    def _pair(self, left: Value, right: Value) -> tuple[Ordered, Ordered]:
        kinds: list[Kind] = [v.kind for v in (left, right) if isinstance(v, Ordered)]
        kind: Kind = kinds[0] if kinds else "number"
        found = [unknown_ordered(kind if kind != "date" else "days", v.null) if isinstance(v, Blank) else v for v in (left, right)]
        if not isinstance(found[0], Ordered) or not isinstance(found[1], Ordered):
            raise NotEncoded("arithmetic on texts")
        return found[0], found[1]

    def _interval(self, kind: Kind, a: Ordered, b: Ordered, ends: tuple[End, End], on: tuple[Bit, Bit]) -> Ordered:
        null = disj(a.null, b.null)
        low = self._moved(kind, a.low, b.kind, ends[0])
        high = low if a.low is a.high and ends[0] is ends[1] else self._moved(kind, a.high, b.kind, ends[1])
        return within(kind, low, high, conj(a.low_on, on[0]), conj(a.high_on, on[1]), null)

    def _moved(self, kind: Kind, start: End, unit: Kind, by: End) -> End:
        assert isinstance(by, Num)
        if isinstance(start, Num):
            return plus(start, by)
        if by.bottom != 1:
            raise NotEncoded("a part of a day")
        if unit == "months":
            return add_months(start, by.top, whole(by), self.define)
        return add_days(start, by.top, whole(by), self.define)

    def _apart(self, first: End, last: End) -> Num:
        assert isinstance(first, Day)
        assert isinstance(last, Day)
        low, high = between(first, last)
        return Num(ordinal(last, self.define) - ordinal(first, self.define), 1, (Fraction(low), Fraction(high)))

    def _whole(self, kind: Kind, number: Num) -> Num:
        if kind == "months":
            return truncated(number)
        if number.bottom != 1:
            raise NotEncoded("a part of a day")
        return number

    def _scaled(self, value: Ordered, change: Callable[[End], Num], swapped: bool, null: Bit) -> Ordered:
        low = change(value.low)
        high = low if value.low is value.high else change(value.high)
        ends = (high, low, value.high_on, value.low_on) if swapped else (low, high, value.low_on, value.high_on)
        return within("number", *ends, null)


def _constant(value: Ordered) -> Fraction | None:
    if value.known is True and isinstance(value.low, Num) and value.low is value.high:
        return value.low.constant
    return None


def _number(end: End) -> Num:
    assert isinstance(end, Num)
    return end


def property_of(value: Value, name: str, define: Definitions) -> Value:
    """``year``, ``month``, ``day`` and ``weekday`` of a day; ``years`` and ``months``, or ``days``, of a duration."""
    if isinstance(value, Blank):
        return value
    if not isinstance(value, Ordered) or isinstance(value, Rec):
        raise NotEncoded(f"the property {name}")
    if isinstance(value.low, Day) and isinstance(value.high, Day):
        if name == "year":
            low = _year(value.low)
            return within("number", low, low if value.low is value.high else _year(value.high), value.low_on, value.high_on, value.null)
        day = value.low
        match name:
            case "month":
                top, last = remainder(day.month, 12) + 1, 12
            case "day":
                top, last = day.day, 31
            case "weekday":
                top, last = remainder(ordinal(day, define) - 1, 7) + 1, 7
            case _:
                raise NotEncoded(f"the property {name}")
        return exactly("number", Num(top, 1, (Fraction(1), Fraction(last))), value.known, value.null)
    number = _number(value.low)
    if value.kind == "months" and name in ("years", "months"):
        years = truncated(times(number, Fraction(1, 12)))
        part = years if name == "years" else plus(number, times(years, Fraction(-12)))
    elif value.kind == "days" and name in ("days", "hours", "minutes", "seconds"):
        part = number if name == "days" else num(0)
    else:
        raise NotEncoded(f"the property {name}")
    return exactly("number", part, value.known, value.null)


def _year(day: Day) -> Num:
    months = day.months
    return Num(quotient(day.month, 12), 1, (Fraction(months[0] // 12), Fraction(months[1] // 12)))
