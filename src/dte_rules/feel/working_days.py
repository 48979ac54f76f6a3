"""The functions of the reference evaluator that move days to working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.feel.calendar import Calendar
from dte_rules.feel.values import Unknown, bounded, bounds, needs_of

SHIFT_LIMIT = 10
"""Where a year's notice is not known, a day shifted to a working day lies at most so many days later."""


def _null_past_the_end(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, null where it would go past the last day that there is."""

    def within(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except OverflowError:
            return None

    return within


@_null_past_the_end
def working_day_on_or_after(calendar: Calendar, day: Any) -> Any:
    """The day itself or the next working day; between the day and ten days later where the calendar is not known."""
    if isinstance(day, Unknown):
        return _over_bounds(day, lambda d: working_day_on_or_after(calendar, d))
    if not isinstance(day, date):
        return None
    current = day
    while True:
        works = calendar.works(current)
        if works is None:
            return Unknown([Calendar.name(current.year)], current, day + timedelta(days=SHIFT_LIMIT))
        if works:
            return current
        current += timedelta(days=1)


@_null_past_the_end
def add_working_days(calendar: Calendar, day: Any, count: Any) -> Any:
    """The ``count``-th working day after the day."""
    if day is None or count is None:
        return None
    if isinstance(count, Unknown):
        return Unknown(needs_of(day, count))
    if isinstance(day, Unknown):
        return _over_bounds(day, lambda d: add_working_days(calendar, d, count))
    if not isinstance(day, date) or not isinstance(count, Decimal) or count < 0 or count != int(count):
        return None
    left, current = int(count), day
    while left:
        current += timedelta(days=1)
        works = calendar.works(current)
        if works is None:
            slack = SHIFT_LIMIT + 2 * -(-left // 5)
            earliest = current + timedelta(days=left - 1)
            return Unknown([Calendar.name(current.year)], earliest, earliest + timedelta(days=slack))
        left -= works
    return current


def _over_bounds(day: Unknown, shift: Callable[[Any], Any]) -> Any:
    low, high = bounds(day)
    early = None if low is None else shift(low)
    late = None if high is None else shift(high)
    return bounded(day.needs | needs_of(early, late), bounds(early)[0], bounds(late)[1])
