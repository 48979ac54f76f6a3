"""The operators of the compiled engine. They share no code with the reference evaluator, so that agreement proves something.

None is an unknown value and `NULL` is FEEL's null; `Between` is an unknown value within bounds, `Partial` a list of which some
members are only possible, `Either` a record that is one of several. Everything else is plain Python.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Context, Decimal, DecimalException
from itertools import repeat
from typing import Any, Final

from dte_rules.feel.values import Months


class _Null:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NULL"

    def __reduce__(self) -> str:
        return "NULL"


NULL: Final = _Null()
CONTEXT: Final = Context(prec=34, traps=[])
DAY: Final = timedelta(days=1)
ONE: Final = Decimal(1)


class Between:
    """An unknown number or date within inclusive bounds, None where there is none."""

    __slots__ = ("high", "low")

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high


class Partial:
    """A list with possible members: ``sure[i]`` tells whether ``values[i]`` is certainly one."""

    __slots__ = ("sure", "values")

    def __init__(self, values: Sequence[Any], sure: Sequence[bool]) -> None:
        self.values, self.sure = values, sure


class Either:
    """A record that is one of several."""

    __slots__ = ("options",)

    def __init__(self, options: Sequence[Any]) -> None:
        self.options = options


def between(low: Any, high: Any) -> Any:
    if high is NULL:
        high = None
    if low is None or low is NULL:
        return None if high is None else Between(None, high)
    return low if low == high else Between(low, high)


def low_of(value: Any) -> Any:
    return value.low if type(value) is Between else value


def high_of(value: Any) -> Any:
    return value.high if type(value) is Between else value


ALL_SURE: Final = repeat(True)
"""For each member of a list without possible members."""


def members(values: Any) -> Iterator[tuple[Any, bool]]:
    if type(values) is Partial:
        return zip(values.values, values.sure, strict=True)
    return zip(values, ALL_SURE, strict=False)  # the second never ends


def as_list(value: Any) -> Any:
    """A value as FEEL coerces it where a list is wanted."""
    return value if value is None or value is NULL or type(value) in (tuple, Partial, Between) else (value,)


def packed(values: list[Any], sure: list[bool]) -> Any:
    return tuple(values) if all(sure) else Partial(tuple(values), tuple(sure))


def certain(value: Any) -> bool:
    """Whether nothing in the value is unknown."""
    kind = type(value)
    if kind is tuple:
        return all(map(certain, value))
    return not (value is None or kind is Between or kind is Partial or kind is Either)


def alike(a: Any, b: Any) -> bool:
    """Whether two certain values are the same."""
    if type(a) is tuple and type(b) is tuple:
        return len(a) == len(b) and all(map(alike, a, b))
    return type(a) is type(b) and bool(a == b)


def join(options: Sequence[Any]) -> Any:
    first = options[0]
    if certain(first) and all(certain(o) and alike(first, o) for o in options[1:]):
        return first
    if all(_is_record(o) for o in options):
        return Either(tuple(options))
    kinds: set[type | None] = set()
    for option in options:
        for end in (low_of(option), high_of(option)):
            if option is None or option is NULL:
                kinds.add(None)
            elif end is not None:
                kinds.add(type(end))
    if kinds == {Decimal} or kinds == {date}:
        lows, highs = [low_of(o) for o in options], [high_of(o) for o in options]
        return between(None if None in lows else min(lows), None if None in highs else max(highs))
    return None


def _is_record(value: Any) -> bool:
    return type(value) is Either or hasattr(value, "model_fields_set") or isinstance(value, dict)


def get(record: Any, name: str) -> Any:
    """A field of a record of facts."""
    if record is None or record is NULL:
        return record
    if type(record) is Either:
        return join([get(option, name) for option in record.options])
    if isinstance(record, dict):
        return record.get(name)
    return getattr(record, name)


def part(value: Any, name: str) -> Any:
    """A property of a date or a duration."""
    if value is None or value is NULL:
        return value
    if type(value) is Between:
        if name != "year" or type(value.low or value.high) is not date:
            return None
        return between(value.low and Decimal(value.low.year), value.high and Decimal(value.high.year))
    if isinstance(value, date):
        if name in ("year", "month", "day"):
            return Decimal(getattr(value, name))
        return Decimal(value.weekday() + 1) if name == "weekday" else NULL
    if isinstance(value, Months):
        whole = abs(value.count) // 12 * (1 if value.count >= 0 else -1)
        return Decimal(whole) if name == "years" else Decimal(value.count - whole * 12) if name == "months" else NULL
    if isinstance(value, timedelta):
        return _duration_part(value, name)
    return NULL


def _duration_part(value: timedelta, name: str) -> Any:
    if value.days < 0:
        return neg(_duration_part(-value, name))
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"days": value.days, "hours": hours, "minutes": minutes, "seconds": seconds}
    return Decimal(parts[name]) if name in parts else NULL


def any_field(value: Any, name: str) -> Any:
    """A field of a value whose type is not known beforehand."""
    return get(value, name) if _is_record(value) else part(value, name)


# --- truth ----------------------------------------------------------------------------------------------------------


def not_(value: Any) -> Any:
    if value is True:
        return False
    if value is False:
        return True
    return None if value is None or type(value) is Between else NULL


def all_of(values: Iterable[Any]) -> Any:
    result: Any = True
    for value in values:
        if value is False:
            return False
        if value is None or type(value) is Between:
            result = None
        elif value is not True and result is True:
            result = NULL
    return result


def any_of(values: Iterable[Any]) -> Any:
    result: Any = False
    for value in values:
        if value is True:
            return True
        if value is None or type(value) is Between:
            result = None
        elif value is not False and result is False:
            result = NULL
    return result


# --- comparison -----------------------------------------------------------------------------------------------------


def eq(a: Any, b: Any) -> Any:
    kind, other = type(a), type(b)
    if kind is tuple and other is tuple:
        return len(a) == len(b) and all_of(map(eq, a, b))
    if a is None or b is None:
        return None
    if kind is Between or other is Between:
        if a is NULL or b is NULL:
            return None
        return False if _before(high_of(a), low_of(b)) or _before(high_of(b), low_of(a)) else None
    if kind is Partial or other is Partial:
        return None
    if a is NULL or b is NULL:
        return a is b
    if kind is not other:
        return NULL
    return bool(a == b)


def ne(a: Any, b: Any) -> Any:
    return not_(eq(a, b))


def _before(a: Any, b: Any) -> bool:
    return a is not None and b is not None and type(a) is type(b) and a < b


_ORDERED = frozenset({Decimal, str, date, Months, timedelta})


def lt(a: Any, b: Any) -> Any:
    return _order(a, b, True)


def le(a: Any, b: Any) -> Any:
    return _order(a, b, False)


def _order(a: Any, b: Any, strict: bool) -> Any:
    if a is NULL or b is NULL:
        return NULL
    a_low, a_high, b_low, b_high = low_of(a), high_of(a), low_of(b), high_of(b)
    ends = [type(end) for end in (a_low, a_high, b_low, b_high) if end is not None]
    if ends and (ends.count(ends[0]) != len(ends) or ends[0] not in _ORDERED):
        return NULL
    if a_high is not None and b_low is not None and (a_high < b_low if strict else a_high <= b_low):
        return True
    if a_low is not None and b_high is not None and (a_low >= b_high if strict else a_low > b_high):
        return False
    return None


# --- arithmetic -----------------------------------------------------------------------------------------------------


def number(value: Decimal) -> Any:
    return value if value.is_finite() else NULL


def floor(value: Decimal) -> Any:
    return number(value.quantize(ONE, ROUND_FLOOR, CONTEXT))


def later(day: date, count: int) -> Any:
    """The corresponding day some months away, or the last day of its month."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    try:
        return date(year, month, day.day)
    except ValueError:  # no such day, or no such year
        return date(year, month, _months.monthrange(year, month)[1]) if 1 <= year <= 9999 else NULL


def shift(day: date, duration: Any) -> Any:
    if type(duration) is Months:
        return later(day, duration.count)
    ordinal = day.toordinal() + duration.days
    return date.fromordinal(ordinal) if 1 <= ordinal <= 3652059 else NULL


def _seconds(span: timedelta) -> int:
    return span.days * 86400 + span.seconds


def _lasting(seconds: Decimal) -> Any:
    if not seconds.is_finite() or abs(seconds) >= 86400 * 10**9:
        return NULL
    return timedelta(seconds=int(seconds))


def _lasting_months(count: Decimal) -> Any:
    return Months(int(count)) if count.is_finite() else NULL


def add(a: Any, b: Any) -> Any:
    if a is NULL or b is NULL:
        return NULL
    if a is None or b is None:
        return None
    kind, other = type(a), type(b)
    if kind is Between or other is Between:
        return _ends(add, low_of(a), low_of(b), high_of(a), high_of(b))
    if kind is date and (other is Months or other is timedelta):
        return shift(a, b)
    if other is date and (kind is Months or kind is timedelta):
        return shift(b, a)
    if kind is not other:
        return NULL
    if kind is Decimal:
        return number(CONTEXT.add(a, b))
    if kind is Months:
        return Months(a.count + b.count)
    if kind is timedelta:
        return _lasting(Decimal(_seconds(a) + _seconds(b)))
    return a + b if kind is str else NULL


def sub(a: Any, b: Any) -> Any:
    if a is NULL or b is NULL:
        return NULL
    if a is None or b is None:
        return None
    kind, other = type(a), type(b)
    if kind is Between or other is Between:
        return _ends(sub, low_of(a), high_of(b), high_of(a), low_of(b))
    if kind is date and other is date:
        return timedelta(days=a.toordinal() - b.toordinal())
    if kind is Decimal and other is Decimal:
        return number(CONTEXT.subtract(a, b))
    if other is Months or other is timedelta:
        return add(a, neg(b))
    return NULL


def _ends(operation: Callable[[Any, Any], Any], a: Any, b: Any, c: Any, d: Any) -> Any:
    low = None if a is None or b is None else operation(a, b)
    high = None if c is None or d is None else operation(c, d)
    return between(low, high)


def mul(a: Any, b: Any) -> Any:
    if a is NULL or b is NULL:
        return NULL
    if type(b) is Decimal and (a is None or type(a) is Between):
        a, b = b, a
    if type(a) is Decimal and type(b) is Between:
        low, high = (b.low, b.high) if a >= 0 else (b.high, b.low)
        return between(None if low is None else mul(a, low), None if high is None else mul(a, high))
    if a is None or b is None or type(a) is Between or type(b) is Between:
        return None
    if type(a) is not Decimal:
        a, b = b, a
    if type(a) is not Decimal:
        return NULL
    if type(b) is Decimal:
        return number(CONTEXT.multiply(a, b))
    if type(b) is Months:
        return _lasting_months(CONTEXT.multiply(Decimal(b.count), a))
    return _lasting(CONTEXT.multiply(Decimal(_seconds(b)), a)) if type(b) is timedelta else NULL


def div(a: Any, b: Any) -> Any:
    if a is NULL or b is NULL:
        return NULL
    if type(b) is Decimal and b == 0:
        return NULL
    if type(a) is Between and type(b) is Decimal:
        low, high = (a.low, a.high) if b > 0 else (a.high, a.low)
        return between(None if low is None else div(low, b), None if high is None else div(high, b))
    if a is None or b is None or type(a) is Between or type(b) is Between:
        return None
    if type(b) is not Decimal:
        return NULL
    if type(a) is Decimal:
        return number(CONTEXT.divide(a, b))
    if type(a) is Months:
        return _lasting_months(CONTEXT.divide(Decimal(a.count), b))
    return _lasting(CONTEXT.divide(Decimal(_seconds(a)), b)) if type(a) is timedelta else NULL


def power(a: Any, b: Any) -> Any:
    if a is NULL or b is NULL:
        return NULL
    if a is None or b is None or type(a) is Between or type(b) is Between:
        return None
    if type(a) is not Decimal or type(b) is not Decimal:
        return NULL
    try:
        return number(CONTEXT.power(a, b))
    except DecimalException:
        return NULL


def neg(a: Any) -> Any:
    if a is None or a is NULL:
        return a
    kind = type(a)
    if kind is Between:
        return between(None if a.high is None else neg(a.high), None if a.low is None else neg(a.low))
    if kind is Decimal:
        return CONTEXT.minus(a)
    if kind is Months:
        return Months(-a.count)
    return -a if kind is timedelta else NULL


# --- lists ----------------------------------------------------------------------------------------------------------


def happened(events: Any, dated_by: str, as_of: date) -> Any:
    """The events that have happened by a day; one without its date has."""
    if not events or type(events) is not tuple:
        if type(events) is Partial:
            kept = [(e, s) for e, s in members(events) if not _later(e, dated_by, as_of)]
            return packed([e for e, _ in kept], [s for _, s in kept])
        return events
    if any(_later(event, dated_by, as_of) for event in events):
        return tuple(event for event in events if not _later(event, dated_by, as_of))
    return events


def _later(event: Any, dated_by: str, as_of: date) -> bool:
    day = get(event, dated_by)
    return type(day) is date and day > as_of


def index(values: Any, place: Any) -> Any:
    if values is None or place is None or type(place) is Between or type(values) is Between:
        return None
    if values is NULL or place is NULL:
        return NULL
    at = int(place)
    if type(values) is tuple:
        if at == 0 or abs(at) > len(values):
            return NULL
        return values[at - 1 if at > 0 else at]
    pairs = list(members(values))
    if at < 0:
        pairs, at = pairs[::-1], -at
    options: list[Any] = []
    fewest = 0  # how many certain members stand before
    for most, (value, sure) in enumerate(pairs):
        if fewest < at and most + 1 >= at:
            options.append(value)
        fewest += sure
        if fewest >= at > 0:
            return options[0] if len(options) == 1 else join(options)
    options.append(NULL)
    return options[0] if len(options) == 1 else join(options)
