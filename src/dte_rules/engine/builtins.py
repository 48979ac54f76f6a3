"""The built-in functions of the compiled engine; like `engine.runtime`, written apart from the reference evaluator."""

from __future__ import annotations

import calendar as _months
import decimal
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dte_rules.engine.runtime import (
    CONTEXT,
    NULL,
    Between,
    Either,
    Partial,
    add,
    alike,
    all_of,
    any_of,
    between,
    certain,
    div,
    happened,
    high_of,
    low_of,
    members,
    mul,
    number,
    packed,
)
from dte_rules.engine.takes import as_taken
from dte_rules.feel.builtins import FLATTEN_ONCE, INTEGERS
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.values import Months

ZERO = Decimal(0)
ABSENT = (None, NULL)
"""An optional argument that was left out, or is null because a later one was named."""


def _given(arguments: tuple[Any, ...]) -> Any:
    """A function over a list may be given one list, or its members."""
    if len(arguments) != 1:
        return arguments
    (only,) = arguments
    return only if only is None or only is NULL or type(only) in (tuple, Partial, Between) else (only,)


def count(values: Any) -> Any:
    if values is None or type(values) is Between:
        return Between(ZERO, None)
    if type(values) is tuple:
        return Decimal(len(values))
    if type(values) is Partial:
        return between(Decimal(sum(values.sure)), Decimal(len(values.values)))
    return values if values is NULL else Decimal(1)


def total(*arguments: Any) -> Any:
    values = _given(arguments)
    if values is None or values is NULL:
        return values
    if type(values) is Between:
        return values
    pairs = list(members(values))
    if not pairs:
        return NULL
    if not any(sure for _, sure in pairs):
        return None
    low: Any = ZERO
    high: Any = ZERO
    for value, sure in pairs:
        if value is NULL:
            return NULL if sure else None
        a, b = low_of(value), high_of(value)
        if not (a is None or type(a) is Decimal) or not (b is None or type(b) is Decimal):
            return NULL
        if not sure:
            a, b = a if a is None or a < 0 else ZERO, b if b is None or b > 0 else ZERO
        low = None if low is None or a is None else CONTEXT.add(low, a)
        high = None if high is None or b is None else CONTEXT.add(high, b)
    return between(low, high)


def least(*arguments: Any) -> Any:
    return _extreme(_given(arguments), largest=False)


def greatest(*arguments: Any) -> Any:
    return _extreme(_given(arguments), largest=True)


def _extreme(values: Any, *, largest: bool) -> Any:
    if type(values) is tuple and len(values) == 1 and type(values[0]) in (date, Decimal):
        return values[0]
    if values is None or values is NULL or type(values) is Between:
        return values
    pairs = list(members(values))
    if not pairs or any(value is NULL and sure for value, sure in pairs):
        return NULL
    if not any(sure for _, sure in pairs) or any(value is NULL for value, _ in pairs):
        return None
    everything = [value for value, _ in pairs]
    choose = max if largest else min
    try:
        if certain(tuple(everything)) and all(sure for _, sure in pairs):
            return choose(everything)
        near = [(low_of if largest else high_of)(value) for value, sure in pairs if sure]
        far = [(high_of if largest else low_of)(value) for value in everything]
        inner = choose((end for end in near if end is not None), default=None)
        outer = None if None in far else choose(far)
    except TypeError:
        return NULL
    if not all(end is None or type(end) in (Decimal, date) for end in (inner, outer)):
        return None
    return between(inner, outer) if largest else between(outer, inner)


def every(*arguments: Any) -> Any:
    values = _given(arguments)
    if values is None or values is NULL or type(values) is Between:
        return values
    return all_of(value if sure or value is True else None for value, sure in members(values))


def some(*arguments: Any) -> Any:
    values = _given(arguments)
    if values is None or values is NULL or type(values) is Between:
        return values
    return any_of(value if sure or value is False else None for value, sure in members(values))


def concatenate(*lists: Any) -> Any:
    if any(part is None or type(part) is Between for part in lists):
        return None
    if any(part is NULL for part in lists):
        return NULL
    pairs = [pair for part in lists for pair in members(part if type(part) in (tuple, Partial) else (part,))]
    return packed([value for value, _ in pairs], [sure for _, sure in pairs])


def flatten_once(lists: Any) -> Any:
    if lists is None or lists is NULL or type(lists) is Between:
        return lists
    values: list[Any] = []
    sure: list[bool] = []
    empty = False
    for part, here in members(lists if type(lists) in (tuple, Partial) else (lists,)):
        if part is None or type(part) is Between or (part is NULL and not here):
            return None
        if part is NULL:
            empty = True
            continue
        for value, there in members(part if type(part) in (tuple, Partial) else (part,)):
            values.append(value)
            sure.append(here and there)
    return NULL if empty else packed(values, sure)


def _on_calendar(function: Callable[..., Any]) -> Callable[..., Any]:
    def moved(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (OverflowError, ValueError):
            return NULL

    return moved


@_on_calendar
def working_day_on_or_after(calendar: Calendar, day: Any) -> Any:
    if day is None or day is NULL:
        return day
    if type(day) is Between:
        return _span(day, lambda d: working_day_on_or_after(calendar, d))
    if type(day) is not date:
        return NULL
    found = day.toordinal()
    while True:
        current = date.fromordinal(found)
        if current.year not in calendar.years:
            return between(current, date.fromordinal(day.toordinal() + 10))
        if current in calendar.workdays or (current.weekday() < 5 and current not in calendar.holidays):
            return current
        found += 1


@lru_cache(maxsize=8)
def rolled(calendar: Calendar) -> Mapping[date, date]:
    """The working day on or after each day of which that is known: what `working_day_on_or_after` gives for them."""
    found: dict[date, date] = {}
    for year in calendar.years:
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            working = working_day_on_or_after(calendar, day)
            if type(working) is date:
                found[day] = working
    return found


@_on_calendar
def add_working_days(calendar: Calendar, day: Any, amount: Any) -> Any:
    if day is NULL or amount is NULL:
        return NULL
    if day is None or amount is None or type(amount) is Between:
        return None
    if type(day) is Between:
        return _span(day, lambda d: add_working_days(calendar, d, amount))
    if type(day) is not date or type(amount) is not Decimal or amount < 0 or not _whole(amount):
        return NULL
    remaining, current = int(amount), day
    while remaining > 0:
        current = date.fromordinal(current.toordinal() + 1)
        if current.year not in calendar.years:
            first = date.fromordinal(current.toordinal() + remaining - 1)
            return between(first, date.fromordinal(first.toordinal() + 10 + 2 * ((remaining + 4) // 5)))
        if current in calendar.workdays or (current.weekday() < 5 and current not in calendar.holidays):
            remaining -= 1
    return current


def _span(day: Between, move: Callable[[Any], Any]) -> Any:
    low = None if day.low is None else low_of(move(day.low))
    high = None if day.high is None else high_of(move(day.high))
    return between(low, high)


def _scaled(rounding: str) -> Callable[..., Any]:
    def scaled(value: Any, scale: Any = ZERO) -> Any:
        if not -6111 <= int(scale) <= 6176:
            return NULL
        places = int(scale)
        if -value.as_tuple().exponent <= places:
            return value
        return number(value.quantize(Decimal((0, (1,), -places)), rounding, CONTEXT))

    return scaled


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _modulo(a: Decimal, b: Decimal) -> Any:
    if b == 0:
        return NULL
    floor = _scaled(decimal.ROUND_FLOOR)(CONTEXT.divide(a, b))
    return NULL if floor is NULL else number(CONTEXT.subtract(a, CONTEXT.multiply(b, floor)))


def _remainder(wanted: int) -> Callable[[Any], Any]:
    return lambda value: int(abs(value)) & 1 == wanted if _whole(value) else NULL


def _substring(text: str, start: Decimal, length: Any = None) -> Any:
    if not _whole(start) or start == 0 or (length not in ABSENT and length < 1):
        return NULL
    first = int(start)
    if first < 0:
        if -first > len(text):
            return NULL
        first += len(text) + 1
    tail = text[first - 1 :]
    return tail if length in ABSENT else tail[: int(length)]


def _split_at(text: str, match: str, *, before: bool) -> str:
    place = text.find(match)
    if before:
        return text[:place] if match and place >= 0 else ""
    return text[place + len(match) :] if place >= 0 else ""


def _unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    kept: tuple[Any, ...] = ()
    for value in values:
        if not any(alike(value, other) for other in kept):
            kept += (value,)
    return kept


def _flat(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(x for v in values for x in (_flat(v) if type(v) is tuple else (v,)))


def _position(size: int, at: Decimal, *, room: int) -> int | None:
    place = int(at)
    if place < 0:
        place += size + 1
    elif place == 0:
        return None
    return place - 1 if 1 <= place <= size + room else None


def _sublist(values: tuple[Any, ...], at: Decimal, length: Any = None) -> Any:
    first = _position(len(values), at, room=0)
    if first is None:
        return NULL
    return values[first:] if length in ABSENT else values[first : first + int(length)]


def _integers(start: Decimal, end: Decimal) -> Any:
    if not _whole(start) or not _whole(end) or abs(int(end) - int(start)) >= 10_000:
        return NULL
    first, step = int(start), 1 if end >= start else -1
    return tuple(Decimal(first + step * n) for n in range(abs(int(end) - first) + 1))


def _insert(values: tuple[Any, ...], at: Decimal, item: Any) -> Any:
    if at < 0:
        first: int | None = len(values) + int(at)
        first = None if first is not None and first < 0 else first
    else:
        first = _position(len(values), at, room=1)
    return NULL if first is None else (*values[:first], item, *values[first:])


def _remove(values: tuple[Any, ...], at: Decimal) -> Any:
    first = _position(len(values), at, room=0)
    return NULL if first is None else values[:first] + values[first + 1 :]


def _mean(*arguments: Any) -> Any:
    values = _given(arguments)
    result: Any = ZERO
    for value in values:
        result = add(result, value)
    return div(result, Decimal(len(values)))


def _product(*arguments: Any) -> Any:
    values = _given(arguments)
    if not values:
        return NULL
    result: Any = Decimal(1)
    for value in values:
        result = mul(result, value)
    return result


def as_text(value: Any) -> Any:
    if value is NULL:
        return NULL
    if value is True or value is False:
        return str(value).lower()
    if type(value) is Decimal:
        written = f"{value:f}"
        return (written.rstrip("0").rstrip(".") if "." in written else written) if value else "0"
    if type(value) is tuple:
        return "[" + ", ".join('"' + v + '"' if type(v) is str else str(as_text(v)) if v is not NULL else "None" for v in value) + "]"
    if type(value) is timedelta:
        size = abs(value)
        hours, minutes, seconds = size.seconds // 3600, size.seconds % 3600 // 60, size.seconds % 60
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if seconds else "")
        days = f"{size.days}D" if size.days else ""
        return ("-" if value.days < 0 else "") + "P" + (days + ("T" + clock if clock else "") or "T0S")
    return value.isoformat() if type(value) is date else str(value)


def _as_number(text: Any, grouping: Any = None, point: Any = None) -> Any:
    given = grouping not in ABSENT, point not in ABSENT
    if any(given) and type(text) is not str:
        return NULL
    if (given[0] and grouping not in (" ", ".", ",")) or (given[1] and point not in (".", ",")) or (all(given) and grouping == point):
        return NULL
    plain = str(text)
    for mark, written in ((grouping, ""), (point, ".")):
        if mark not in ABSENT:
            plain = plain.replace(mark, written)
    return number(Decimal(plain))


def _as_date(*arguments: Any) -> Any:
    if len(arguments) == 3:
        year, month, day = map(int, arguments)
        return date(year, month, day)
    (only,) = arguments
    return only if type(only) is date else parse_date(only) or NULL


def _as_duration(text: str) -> Any:
    found = parse_duration(text)
    return NULL if found is None else found


def _months_between(start: date, end: date) -> Months:
    if end < start:
        return Months(-_months_between(end, start).count)
    months = (end.year * 12 + end.month) - (start.year * 12 + start.month)
    return Months(months if end.day >= start.day else months - 1)


def _month_end(day: date) -> date:
    return date(day.year, day.month, _months.monthrange(day.year, day.month)[1])


def division_prefix(code: str) -> str:
    """The digits with which every division within a GB/T 2260 division begins: its code without trailing pairs of noughts."""
    while code and code[-2:] == "00":
        code = code[:-2]
    return code


def _division_within(code: str, outer: str) -> bool:
    return code.startswith(division_prefix(outer))


_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEAR = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

PLAIN: dict[str, Callable[..., Any]] = {
    "abs": lambda v: Months(abs(v.count)) if type(v) is Months else abs(v),
    "floor": _scaled(decimal.ROUND_FLOOR),
    "ceiling": _scaled(decimal.ROUND_CEILING),
    "round half up": _scaled(decimal.ROUND_HALF_UP),
    "round half down": _scaled(decimal.ROUND_HALF_DOWN),
    "round up": _scaled(decimal.ROUND_UP),
    "round down": _scaled(decimal.ROUND_DOWN),
    "decimal": _scaled(decimal.ROUND_HALF_EVEN),
    "modulo": _modulo,
    "odd": _remainder(1),
    "even": _remainder(0),
    "substring": _substring,
    "string length": lambda text: Decimal(len(text)),
    "upper case": lambda text: text.upper(),
    "lower case": lambda text: text.lower(),
    "contains": lambda text, match: text.find(match) >= 0,
    "starts with": lambda text, match: text[: len(match)] == match,
    "ends with": lambda text, match: text.endswith(match),
    "substring before": lambda text, match: _split_at(text, match, before=True),
    "substring after": lambda text, match: _split_at(text, match, before=False),
    "string join": lambda parts, mark="": ("" if mark is NULL else mark).join(p for p in parts if p is not NULL),
    "mean": _mean,
    "product": _product,
    "distinct values": _unique,
    "index of": lambda values, match: tuple(Decimal(n + 1) for n in range(len(values)) if alike(values[n], match)),
    "append": lambda values, *items: values + items,
    "union": lambda *lists: _unique(sum(lists, ())),
    "insert before": _insert,
    "remove": _remove,
    "reverse": lambda values: tuple(reversed(values)),
    "flatten": _flat,
    "sublist": _sublist,
    INTEGERS: _integers,
    "string": as_text,
    "number": _as_number,
    "date": _as_date,
    "duration": _as_duration,
    "years and months duration": _months_between,
    "day of year": lambda day: Decimal(day.toordinal() - date(day.year, 1, 1).toordinal() + 1),
    "day of week": lambda day: _WEEK[day.weekday()],
    "month of year": lambda day: _YEAR[day.month - 1],
    "week of year": lambda day: Decimal(day.isocalendar()[1]),
    "last_day_of_month": _month_end,
    "division_within": _division_within,
}
KLEENE: dict[str, Callable[..., Any]] = {
    "count": lambda *values: count(values[0] if len(values) == 1 else values),
    "sum": total,
    "min": least,
    "max": greatest,
    "all": every,
    "any": some,
    "concatenate": concatenate,
    FLATTEN_ONCE: flatten_once,
    "happened": happened,
}
CALENDAR: dict[str, Callable[..., Any]] = {
    "working_day_on_or_after": working_day_on_or_after,
    "add_working_days": add_working_days,
}
MONOTONE = frozenset({"floor", "ceiling", "round half up", "round half down", "round up", "round down", "last_day_of_month"})
IMPLEMENTED = frozenset(PLAIN) | frozenset(KLEENE) | frozenset(CALENDAR)


def call(name: str, *arguments: Any) -> Any:
    """A plain function: unknown where an argument is, null outside its domain."""
    function = PLAIN[name]
    first = arguments[0]
    if type(first) is Between and name in MONOTONE and certain(arguments[1:]):
        return between(*(None if end is None else call(name, end, *arguments[1:]) for end in (first.low, first.high)))
    for argument in arguments:
        if not certain(argument):
            return None
    taken = as_taken(name, arguments)
    if taken is None:
        return NULL
    try:
        return function(*taken)
    except (TypeError, ValueError, OverflowError, ArithmeticError, IndexError, AttributeError):
        return NULL


__all__ = ["CALENDAR", "IMPLEMENTED", "KLEENE", "Either", "call", "count"]
