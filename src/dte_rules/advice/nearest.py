"""The nearest value that still does: exact for what turns once between two values, checked at every value that the rules suggest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

YEARS = 4
"""How far from the day asked about other days are looked at, every one of them."""
ONE_DAY = timedelta(days=1)
Test = Callable[[Any], bool]


def nearest_day(as_of: date, does: Test) -> date | None:
    """The nearest day that does, of two as near the later; every day within four years is tried."""
    later, earlier = as_of, as_of
    for _ in range(366 * YEARS):
        later = later if later == date.max else later + ONE_DAY
        if does(later):
            return later
        earlier = earlier if earlier == date.min else earlier - ONE_DAY
        if does(earlier):
            return earlier
    return None


def nearest_value(now: Any, values: Sequence[Any], does: Test, step: Decimal) -> Any:
    """The nearest number or date that does.

    On either side of ``now`` the values are tried outwards; between the first that does and the one before it, which does
    not, the turning point is found by bisection, in whole days or in steps of ``step``.
    """
    found: list[Any] = []
    for side in (1, -1):
        outwards = sorted({v for v in values if (v > now) is (side == 1) and v != now}, reverse=side == -1)
        inner = now
        for value in outwards:
            if does(value):
                found.append(_bisected(inner, value, does, step))
                break
            inner = value
    return min(found, key=lambda value: abs(value - now))


def _bisected(fails: Any, does_it: Any, does: Test, step: Decimal) -> Any:
    if isinstance(does_it, date):
        while abs((does_it - fails).days) > 1:
            middle = fails + timedelta(days=(does_it - fails).days // 2)
            fails, does_it = (fails, middle) if does(middle) else (middle, does_it)
        return does_it
    sign = 1 if does_it > fails else -1
    while abs(does_it - fails) > step:
        half = max(int(abs(does_it - fails) / step) // 2, 1)
        middle = fails + sign * half * step
        fails, does_it = (fails, middle) if does(middle) else (middle, does_it)
    return does_it.normalize() + 0 if does_it == does_it.to_integral_value() else does_it


def trimmed(members: tuple[Any, ...], as_of: date, does: Test) -> tuple[Any, ...]:
    """A list whose last member is supposed, with only the fields of it that matter; days in it are the day asked about where that does."""
    *rest, last = members
    if not isinstance(last, SimpleNamespace):
        return members
    fields = dict(vars(last))
    for name, value in list(fields.items()):
        for other in (None, as_of) if isinstance(value, date) else (None,):
            if value is not None and value != other and does((*rest, SimpleNamespace(**{**fields, name: other}))):
                fields[name] = other
                break
    return (*rest, SimpleNamespace(**fields))
