"""The built-in functions of the reference evaluator. Their names and types stand in `feel.builtins`."""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from dte_rules.feel.builtins import BUILTINS, FLATTEN_ONCE, INTEGERS, INTERNALS, Signature
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.operators import add, conjunction, disjunction, divide, finite, multiply
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Type
from dte_rules.feel.values import (
    DECIMAL128,
    Member,
    Months,
    PartialList,
    Unknown,
    bounded,
    bounds,
    is_known,
    list_of,
    members_of,
    needs_of,
    same,
)
from dte_rules.feel.working_days import add_working_days, working_day_on_or_after

_SIGNATURES = {**BUILTINS, **INTERNALS}
_PYTHON: dict[Type, type] = {NUMBER: Decimal, STRING: str, BOOLEAN: bool, DATE: date, MONTHS: Months, DAYS: timedelta}

_TO_WHOLE = frozenset({"floor", "ceiling"})
MOST_INTEGERS = 10_000
"""How many whole numbers ``for i in a..b`` goes over at most; of more it is null."""


def call(name: str, arguments: Sequence[Any], calendar: Calendar) -> Any:
    """The value of a built-in function."""
    if name in _TO_WHOLE and len(arguments) == 1 and type(arguments[0]) is Decimal:
        return _PLAIN[name](arguments[0])  # as below, in less time
    if name in _CALENDAR:
        return _CALENDAR[name](calendar, *arguments)
    if name in _PARTIAL:
        return _PARTIAL[name](*arguments)
    if name in _MONOTONE and isinstance(arguments[0], Unknown):
        low, high = bounds(arguments[0])
        rest = arguments[1:]
        if is_known(tuple(rest)):
            ends = [None if end is None else call(name, [end, *rest], calendar) for end in (low, high)]
            return bounded(arguments[0].needs, *ends)
    if not is_known(tuple(arguments)):
        return Unknown(needs_of(*arguments))
    fitted = next((f for s in _SIGNATURES[name].signatures if (f := _fitted(s, arguments)) is not None), None)
    if fitted is None:
        return None
    try:
        return _PLAIN[name](*fitted)
    except (TypeError, ValueError, OverflowError, ArithmeticError, IndexError, AttributeError):
        return None  # FEEL: a function on arguments outside its domain is null


def _fitted(signature: Signature, arguments: Sequence[Any]) -> list[Any] | None:
    """The arguments if they are of the parameters' types. Null may stand for an optional one, a single value for a list of it."""
    if not signature.takes(len(arguments)):
        return None
    fitted = []
    for position, value in enumerate(arguments):
        parameter = signature.parameter(position)
        if value is not None and not isinstance(value, tuple) and all(isinstance(t, ListOf) for t in parameter.types):
            value = (value,)
        if not any(_is_of(value, type_) for type_ in parameter.types) and not (value is None and parameter.optional):
            return None
        fitted.append(value)
    return fitted


def _is_of(value: Any, type_: Type) -> bool:
    return type_ == ANY or isinstance(value, tuple if isinstance(type_, ListOf) else _PYTHON[type_])


def _listed(arguments: Sequence[Any]) -> Any:
    """The one list that was given, or the several arguments as a list."""
    if len(arguments) == 1:
        only = arguments[0]
        return only if isinstance(only, (tuple, PartialList, Unknown)) or only is None else (only,)
    return tuple(arguments)


# --- functions that make something of unknown members ---------------------------------------------------------------


def _count(*arguments: Any) -> Any:
    values = arguments[0] if len(arguments) == 1 else tuple(arguments)
    if isinstance(values, Unknown):
        return Unknown(values.needs, Decimal(0))
    if values is None:
        return None
    members = list(members_of(_listed([values])))
    return bounded(needs_of(values), Decimal(sum([m.certain for m in members])), Decimal(len(members)))


def _sum(*arguments: Any) -> Any:
    values = _listed(arguments)
    if isinstance(values, Unknown) or values is None:
        return values
    members = list(members_of(values))
    if not members:
        return None
    if not any(m.certain for m in members):
        return Unknown(needs_of(values))
    low: Any = Decimal(0)
    high: Any = Decimal(0)
    for m in members:
        if m.value is None:
            return None if m.certain else Unknown(needs_of(values))
        least, most = bounds(m.value)
        if not isinstance(least, (Decimal, type(None))) or not isinstance(most, (Decimal, type(None))):
            return None
        if not m.certain:
            least = None if least is None else min(least, Decimal(0))
            most = None if most is None else max(most, Decimal(0))
        low = None if low is None or least is None else DECIMAL128.add(low, least)
        high = None if high is None or most is None else DECIMAL128.add(high, most)
    return bounded(needs_of(values), low, high)


def _extreme(sign: int) -> Callable[..., Any]:
    """min (sign -1) and max (sign 1) of numbers, dates or texts."""

    def extreme(*arguments: Any) -> Any:
        values = _listed(arguments)
        if isinstance(values, Unknown) or values is None:
            return values
        members = list(members_of(values))
        if not members or any(m.value is None for m in members if m.certain):
            return None
        if not any(m.certain for m in members) or any(m.value is None for m in members):
            return Unknown(needs_of(values))  # with no certain member it may be null
        lows = [bounds(m.value)[0] for m in members if m.certain or sign < 0]
        highs = [bounds(m.value)[1] for m in members if m.certain or sign > 0]
        pick = max if sign > 0 else min
        try:
            if is_known(values):
                return pick(lows)
            # the far end may be any member's, the near end only a certain one's
            low = (max((v for v in lows if v is not None), default=None)) if sign > 0 else (None if None in lows else min(lows))
            high = (None if None in highs else max(highs)) if sign > 0 else min((v for v in highs if v is not None), default=None)
        except TypeError:
            return None
        if not isinstance(low, (Decimal, date, type(None))) or not isinstance(high, (Decimal, date, type(None))):
            return Unknown(needs_of(values))
        return bounded(needs_of(values), low, high)

    return extreme


def _quantify(combine: Callable[[Sequence[Any]], Any], neutral: bool) -> Callable[..., Any]:
    """all (neutral true) and any (neutral false) of a list of truth values."""

    def quantify(*arguments: Any) -> Any:
        values = _listed(arguments)
        if isinstance(values, Unknown) or values is None:
            return values
        return combine([m.value if m.certain or m.value is neutral else Unknown(m.needs | needs_of(m.value)) for m in members_of(values)])

    return quantify


def _concatenate(*lists: Any) -> Any:
    if any(isinstance(part, Unknown) for part in lists):
        return Unknown(needs_of(*lists))
    if any(part is None for part in lists):
        return None
    return list_of(member for part in lists for member in members_of(_listed([part])))


def _flatten_once(lists: Any) -> Any:
    """The members of the lists in a list; those of a list that is only a possible member are only possible."""
    if isinstance(lists, Unknown) or lists is None:
        return lists
    parts = list(members_of(_listed([lists])))
    if any(isinstance(p.value, Unknown) or (p.value is None and not p.certain) for p in parts):
        return Unknown(needs_of(lists))
    if any(p.value is None for p in parts):
        return None
    inner = ((p, m) for p in parts for m in members_of(_listed([p.value])))
    return list_of(Member(m.value, m.certain and p.certain, m.needs | p.needs) for p, m in inner)


def _happened(events: Any, dated_by: str, as_of: date) -> Any:
    """The events of a list that have happened by a day; one without its date has."""
    if isinstance(events, Unknown) or events is None:
        return events

    def later(event: Any) -> bool:
        day = event.get_field(dated_by)
        return isinstance(day, date) and day > as_of

    return list_of(m for m in members_of(events) if not later(m.value))


# --- plain functions on known arguments -----------------------------------------------------------------------------


def _rounded(rounding: str) -> Callable[..., Any]:
    def to_scale(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        return _quantized(number, int(scale), rounding)

    return to_scale


def _quantized(number: Decimal, scale: int, rounding: str) -> Decimal | None:
    if not -6111 <= scale <= 6176:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and scale >= -exponent:
        return number  # it has no more places than that
    return finite(number.quantize(Decimal(1).scaleb(-scale), rounding=rounding, context=DECIMAL128)) if number.is_finite() else None


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """The remainder of division towards minus infinity: the sign is the divisor's."""
    if divisor == 0:
        return None
    quotient = _quantized(DECIMAL128.divide(dividend, divisor), 0, ROUND_FLOOR)
    return None if quotient is None else finite(DECIMAL128.subtract(dividend, DECIMAL128.multiply(divisor, quotient)))


def _parity(remainder: int) -> Callable[[Decimal], bool | None]:
    return lambda number: None if number != int(number) else int(number) % 2 == remainder


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    if start == 0 or start != int(start) or (length is not None and length < 1):
        return None
    begin = int(start) - 1 if start > 0 else max(len(text) + int(start), 0) if -start <= len(text) else len(text)
    if begin >= len(text) or (start < 0 and -start > len(text)):
        return "" if start > 0 else None
    return text[begin:] if length is None else text[begin : begin + int(length)]


def _before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def _after(text: str, match: str) -> str:
    return text.partition(match)[2] if match in text and match else (text if not match else "")


def _join(parts: tuple[Any, ...], delimiter: str = "") -> str:
    return (delimiter or "").join(p for p in parts if p is not None)


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    kept: list[Any] = []
    for value in values:
        if not any(same(value, k) for k in kept):
            kept.append(value)
    return tuple(kept)


def _flatten(values: tuple[Any, ...]) -> tuple[Any, ...]:
    flat: list[Any] = []
    for value in values:
        flat.extend(_flatten(value) if isinstance(value, tuple) else (value,))
    return tuple(flat)


def _sublist(values: tuple[Any, ...], start: Decimal, length: Decimal | None = None) -> tuple[Any, ...] | None:
    begin = int(start) - 1 if start > 0 else len(values) + int(start)
    if start == 0 or not 0 <= begin < len(values):
        return None
    return values[begin:] if length is None else values[begin : begin + int(length)]


def _integers(start: Decimal, end: Decimal) -> tuple[Decimal, ...] | None:
    first, last = int(start), int(end)
    if first != start or last != end or abs(last - first) >= MOST_INTEGERS:
        return None
    return tuple(Decimal(n) for n in (range(first, last + 1) if first <= last else range(first, last - 1, -1)))


def _insert(values: tuple[Any, ...], position: Decimal, item: Any) -> tuple[Any, ...] | None:
    place = int(position) - 1 if position > 0 else len(values) + int(position)
    return None if position == 0 or not 0 <= place <= len(values) else (*values[:place], item, *values[place:])


def _remove(values: tuple[Any, ...], position: Decimal) -> tuple[Any, ...] | None:
    place = int(position) - 1 if position > 0 else len(values) + int(position)
    return None if position == 0 or not 0 <= place < len(values) else values[:place] + values[place + 1 :]


def _mean(*arguments: Any) -> Any:
    values = _listed(arguments)
    total: Any = Decimal(0)
    for value in values:
        total = add(total, value)
    return divide(total, Decimal(len(values)))


def _product(*arguments: Any) -> Any:
    values = _listed(arguments)
    total: Any = Decimal(1) if values else None
    for value in values:
        total = multiply(total, value)
    return total


def text_of(value: Any) -> str | None:
    """The text of a value, as the function ``string`` gives it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case Decimal():
            digits = format(value, "f")
            return (digits.rstrip("0").rstrip(".") if "." in digits else digits) if value else "0"
        case date():
            return value.isoformat()
        case timedelta():
            return days_text(value)
        case tuple():
            return "[" + ", ".join(f'"{v}"' if isinstance(v, str) else str(text_of(v)) for v in value) + "]"
        case _:
            return str(value)


def days_text(duration: timedelta) -> str:
    """A days and time duration as ISO 8601 writes it."""
    seconds = int(abs(duration.total_seconds()))
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    body = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{'-' if duration < timedelta(0) else ''}P{body or 'T0S'}"


def _number(text: Any, grouping: str | None = None, decimal: str | None = None) -> Decimal | None:
    separators = [s for s in (grouping, decimal) if s is not None]
    if separators and (
        not isinstance(text, str) or grouping == decimal or decimal not in (None, ".", ",") or grouping not in (None, " ", ".", ",")
    ):
        return None
    plain = str(text)
    if grouping:
        plain = plain.replace(grouping, "")
    if decimal:
        plain = plain.replace(decimal, ".")
    return finite(Decimal(plain))


def _date(*arguments: Any) -> date | None:
    if len(arguments) == 3:
        return date(*(int(a) for a in arguments))
    return arguments[0] if isinstance(arguments[0], date) else parse_date(arguments[0])


def _months_between(start: date, end: date) -> Months:
    sign = 1 if end >= start else -1
    early, late = (start, end) if sign > 0 else (end, start)
    count = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
    return Months(sign * count)


def _last_day_of_month(day: date) -> date:
    return day.replace(day=month_lengths.monthrange(day.year, day.month)[1])


def _division_within(code: str, outer: str) -> bool:
    """Whether a GB/T 2260 division lies within another, or is it: the outer's non-zero pairs of digits begin its code."""
    prefix = outer
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return code.startswith(prefix)


def _name_of(names: str) -> Callable[[date, int], str]:
    words = names.split()
    return lambda day, index: words[index]


_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

_PLAIN: dict[str, Callable[..., Any]] = {
    "abs": lambda n: abs(n) if not isinstance(n, Months) else Months(abs(n.count)),
    "floor": _rounded(ROUND_FLOOR),
    "ceiling": _rounded(ROUND_CEILING),
    "round half up": _rounded(ROUND_HALF_UP),
    "round half down": _rounded(ROUND_HALF_DOWN),
    "round up": _rounded(ROUND_UP),
    "round down": _rounded(ROUND_DOWN),
    "decimal": _rounded(ROUND_HALF_EVEN),
    "modulo": _modulo,
    "odd": _parity(1),
    "even": _parity(0),
    "substring": _substring,
    "string length": lambda text: Decimal(len(text)),
    "upper case": str.upper,
    "lower case": str.lower,
    "contains": lambda text, match: match in text,
    "starts with": str.startswith,
    "ends with": str.endswith,
    "substring before": _before,
    "substring after": _after,
    "string join": _join,
    "mean": _mean,
    "product": _product,
    "distinct values": _distinct,
    "index of": lambda values, match: tuple(Decimal(i) for i, v in enumerate(values, 1) if same(v, match)),
    "append": lambda values, *items: (*values, *items),
    "union": lambda *lists: _distinct(tuple(v for part in lists for v in part)),
    "insert before": _insert,
    "remove": _remove,
    "reverse": lambda values: values[::-1],
    "flatten": _flatten,
    "sublist": _sublist,
    INTEGERS: _integers,
    "string": text_of,
    "number": _number,
    "date": _date,
    "duration": parse_duration,
    "years and months duration": _months_between,
    "day of year": lambda day: Decimal(day.timetuple().tm_yday),
    "day of week": lambda day: _WEEKDAYS[day.weekday()],
    "month of year": lambda day: _MONTHS[day.month - 1],
    "week of year": lambda day: Decimal(day.isocalendar().week),
    "last_day_of_month": _last_day_of_month,
    "division_within": _division_within,
}
_PARTIAL: dict[str, Callable[..., Any]] = {
    "count": _count,
    "sum": _sum,
    "min": _extreme(-1),
    "max": _extreme(1),
    "all": _quantify(conjunction, True),
    "any": _quantify(disjunction, False),
    "concatenate": _concatenate,
    FLATTEN_ONCE: _flatten_once,
    "happened": _happened,
}
_CALENDAR: dict[str, Callable[..., Any]] = {
    "working_day_on_or_after": working_day_on_or_after,
    "add_working_days": add_working_days,
}
_MONOTONE = frozenset({"floor", "ceiling", "round half up", "round half down", "round up", "round down", "last_day_of_month"})

IMPLEMENTED = frozenset(_PLAIN) | frozenset(_PARTIAL) | frozenset(_CALENDAR)
"""The names of all functions that the reference evaluator has."""
