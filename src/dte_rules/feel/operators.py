"""The operators of the reference evaluator, on values that may be unknown or null.

Null stays null through arithmetic and ordering; an unknown operand makes the result unknown, within bounds where it has any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from dte_rules.feel.values import DECIMAL128, Months, PartialList, Unknown, bounded, bounds, needs_of, same

MOST_MONTHS = 120_000
_ORDERED = frozenset({Decimal, str, date})
ONE_SECOND = timedelta(seconds=1)


def conjunction(values: Sequence[Any]) -> Any:
    """Kleene's and: false if any is false, else unknown if any is, else null if any is no truth value, else true."""
    plain = True
    for value in values:
        if value is False:
            return False
        plain = plain and value is True
    if plain:
        return True
    return Unknown(needs_of(*values)) if any(map(_is_unknown, values)) else None


def disjunction(values: Sequence[Any]) -> Any:
    """Kleene's or."""
    plain = True
    for value in values:
        if value is True:
            return True
        plain = plain and value is False
    if plain:
        return False
    return Unknown(needs_of(*values)) if any(map(_is_unknown, values)) else None


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown)


def negation(value: Any) -> Any:
    """Kleene's not."""
    return (not value) if isinstance(value, bool) else Unknown(value.needs) if isinstance(value, Unknown) else None


def compare(op: str, left: Any, right: Any) -> Any:
    """A comparison; over bounds it is definite where it holds, or fails, throughout them."""
    if op == "!=":
        return negation(compare("=", left, right))
    if op == ">":
        return compare("<", right, left)
    if op == ">=":
        return compare("<=", right, left)
    if op == "=":
        return _equal(left, right)
    if left is None or right is None:
        return None
    for one, other in ((left, right), (right, left)):
        if type(one) is Unknown and one.low is None and one.high is None and type(other) in _ORDERED:
            return Unknown(one.needs)
    (left_low, left_high), (right_low, right_high) = bounds(left), bounds(right)
    surely = _ordered(op, left_high, right_low)
    if surely is None and _incomparable(left_low, left_high, right_low, right_high):
        return None
    if surely:
        return True
    if _ordered(op, left_low, right_high) is False:
        return False
    return Unknown(needs_of(left, right))


def _ordered(op: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None or _incomparable(left, right):
        return None
    return bool(left < right if op == "<" else left <= right)


def _incomparable(*ends: Any) -> bool:
    kinds = {bool if isinstance(e, bool) else type(e) for e in ends if e is not None}
    return len(kinds) > 1 or not kinds.isdisjoint({bool, tuple, PartialList})


def _equal(left: Any, right: Any) -> Any:
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        return conjunction([_equal(a, b) for a, b in zip(left, right, strict=True)])
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        (left_low, left_high), (right_low, right_high) = bounds(left), bounds(right)
        if left is not None and right is not None and (_ordered("<", left_high, right_low) or _ordered("<", right_high, left_low)):
            return False
        return Unknown(needs_of(left, right))
    if isinstance(left, PartialList) or isinstance(right, PartialList):
        return Unknown(needs_of(left, right))
    if left is None or right is None:
        return left is right
    kinds = {bool if isinstance(v, bool) else type(v) for v in (left, right)}
    return same(left, right) if len(kinds) == 1 else None


def add(left: Any, right: Any) -> Any:
    """Numbers, durations, texts; a date and a duration either way. Months added to a date clamp to the month's end."""
    if type(left) is Decimal and type(right) is Decimal:
        return finite(DECIMAL128.add(left, right))
    if type(left) is date and type(right) is Months:
        return _shift(left, right)
    if left is None or right is None:
        return None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _interval(left, right, add, add)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, date) and isinstance(right, (Months, timedelta)):
        return _shift(left, right)
    if isinstance(right, date) and isinstance(left, (Months, timedelta)):
        return _shift(right, left)
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.count + right.count)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _span(Decimal(left // ONE_SECOND) + right // ONE_SECOND)
    return None


def subtract(left: Any, right: Any) -> Any:
    """The opposite of `add`; a date from a date gives days."""
    if type(left) is Decimal and type(right) is Decimal:
        return finite(DECIMAL128.subtract(left, right))
    if left is None or right is None:
        return None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _interval(left, right, lambda a, b: subtract(a, b), lambda a, b: subtract(a, b), crossed=True)
    if isinstance(left, date) and isinstance(right, date):
        return left - right
    if isinstance(right, (Months, timedelta)):
        return add(left, negate(right))
    return None


def _interval(left: Any, right: Any, at_low: Callable[..., Any], at_high: Callable[..., Any], *, crossed: bool = False) -> Any:
    (left_low, left_high), (right_low, right_high) = bounds(left), bounds(right)
    if crossed:
        right_low, right_high = right_high, right_low
    low = None if left_low is None or right_low is None else at_low(left_low, right_low)
    high = None if left_high is None or right_high is None else at_high(left_high, right_high)
    return bounded(needs_of(left, right), low, high)


def _shift(day: date, duration: Months | timedelta) -> date | None:
    try:
        if isinstance(duration, Months):
            months = day.month - 1 + duration.count
            if day.day <= 28 and abs(months) < MOST_MONTHS:  # a day that every month has
                return day.replace(year=day.year + months // 12, month=months % 12 + 1)
            return day + relativedelta(months=duration.count)
        return day + timedelta(days=duration.days)
    except (OverflowError, ValueError):
        return None


def _months(count: Decimal) -> Months | None:
    """A duration of so many whole months; null where that is no number."""
    return Months(int(count)) if count.is_finite() else None


def _span(seconds: Decimal) -> timedelta | None:
    """A duration of so many whole seconds; null where it is longer than there are."""
    try:
        return timedelta(seconds=int(seconds))
    except (OverflowError, ValueError):
        return None


def multiply(left: Any, right: Any) -> Any:
    """Numbers, and a duration with a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return finite(DECIMAL128.multiply(left, right))
    if left is None or right is None:
        return None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        factor, other = (right, left) if isinstance(left, Unknown) else (left, right)
        if isinstance(factor, Decimal):
            low, high = bounds(other)
            ends = (None if low is None else multiply(low, factor), None if high is None else multiply(high, factor))
            return bounded(needs_of(other), *(ends if factor >= 0 else ends[::-1]))
        return Unknown(needs_of(left, right))
    if isinstance(left, Decimal):
        left, right = right, left
    if isinstance(left, Months) and isinstance(right, Decimal):
        return _months(DECIMAL128.multiply(Decimal(left.count), right))
    if isinstance(left, timedelta) and isinstance(right, Decimal):
        return _span(DECIMAL128.multiply(Decimal(left // ONE_SECOND), right))
    return None


def divide(left: Any, right: Any) -> Any:
    """Numbers, and a duration by a number. By zero it is null."""
    if left is None or right is None:
        return None
    if isinstance(right, Decimal):
        if right == 0:
            return None
        if isinstance(left, Unknown):
            low, high = bounds(left)
            ends = (None if low is None else divide(low, right), None if high is None else divide(high, right))
            return bounded(left.needs, *(ends if right > 0 else ends[::-1]))
        if isinstance(left, Decimal):
            return finite(DECIMAL128.divide(left, right))
        if isinstance(left, Months):
            return _months(DECIMAL128.divide(Decimal(left.count), right))
        if isinstance(left, timedelta):
            return _span(DECIMAL128.divide(Decimal(left // ONE_SECOND), right))
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown(needs_of(left, right))
    return None


def power(left: Any, right: Any) -> Any:
    """Numbers."""
    if left is None or right is None:
        return None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown(needs_of(left, right))
    return finite(DECIMAL128.power(left, right)) if isinstance(left, Decimal) and isinstance(right, Decimal) else None


def negate(value: Any) -> Any:
    """The negative of a number or a duration."""
    match value:
        case Unknown():
            low, high = value.low, value.high
            return bounded(value.needs, None if high is None else negate(high), None if low is None else negate(low))
        case bool():
            return None
        case Decimal():
            return DECIMAL128.minus(value)
        case Months(count):
            return Months(-count)
        case timedelta():
            return -value
        case _:
            return None


def finite(number: Decimal) -> Decimal | None:
    """The number, or null where it is none."""
    return number if number.is_finite() else None


def property_of(value: Any, name: str) -> Any:
    """``year, month, day, weekday`` of a date (Monday is 1), ``years, months`` or ``days, hours, minutes, seconds`` of a duration.

    All parts of a negative duration are negative.
    """
    if isinstance(value, Unknown):
        low, high = value.low, value.high
        if name == "year" and all(isinstance(end, (date, type(None))) for end in (low, high)):
            return bounded(value.needs, low and Decimal(low.year), high and Decimal(high.year))
        return Unknown(value.needs)
    match value, name:
        case date(), "year" | "month" | "day":
            return Decimal(getattr(value, name))
        case date(), "weekday":
            return Decimal(value.isoweekday())
        case Months(count), "years" | "months":
            years = int(count / 12)
            return Decimal(years if name == "years" else count - 12 * years)
        case timedelta(), "days" | "hours" | "minutes" | "seconds":
            size = int(abs(value.total_seconds()))
            part = {"days": size // 86400, "hours": size // 3600 % 24, "minutes": size // 60 % 60, "seconds": size % 60}[name]
            return Decimal(part if value >= timedelta(0) else -part)
        case _:
            return None
