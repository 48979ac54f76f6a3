"""What the generated code of a trace calls, where a value is not of the plainest kind.

The operators are the reference evaluator's; the generated code does only their plainest cases on the spot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import compress
from typing import Any

from dte_rules.engine.justification import Conclusion, Step, TableTrace
from dte_rules.engine.justify_kept import NOTHING, keep
from dte_rules.engine.justify_values import PLAIN, FactAt, shown
from dte_rules.engine.runtime import NULL
from dte_rules.feel import core, functions
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.evaluate import Environment, evaluate, field_of
from dte_rules.feel.operators import add, compare, conjunction, disjunction, divide, multiply, negate, negation, power, subtract
from dte_rules.feel.types import ANY
from dte_rules.feel.unparse import literal
from dte_rules.feel.values import DECIMAL128, Member, Months, PartialList, Unknown, join, list_of, members_of, needs_of

MOST_CODES = 4096
_NO_NEEDS: frozenset[str] = frozenset()
_DECIDED = frozenset({bool, str, Decimal, date, Months, timedelta})
_LIST, _PLACE = core.Var("list", type=ANY), core.Var("place", type=ANY)
_INDEX = core.Index(_LIST, _PLACE, type=ANY)


def field_at(owner: Any, name: str) -> tuple[Any, tuple[str, ...]]:
    """A field, and its path where it is a fact's."""
    if type(owner) is FactAt:
        return owner.get_field(name), owner.place.names[name][1]
    return field_of(owner, name), ()


def values_of(listed: Any) -> list[Any]:
    """The members of a list, possible ones too."""
    return [member.value for member in members_of(listed)]


def as_list(value: Any) -> Any:
    """What a filter goes through."""
    return value if isinstance(value, (tuple, PartialList)) else (value,)


def kept(listed: Any, tests: Sequence[Any]) -> Any:
    """The members for which a test is true; where it is not known, they are possible members."""
    if type(listed) is tuple and tests.count(True) == len(tests):
        return listed
    if type(listed) is tuple and _TRUTHS.issuperset(map(type, tests)):
        return tuple(compress(listed, tests))
    members = []
    if type(listed) is tuple:
        for value, test in zip(listed, tests, strict=True):
            if test is True:
                members.append(Member(value, True, _NO_NEEDS))
            elif type(test) is Unknown:
                members.append(Member(value, False, test.needs))
        return list_of(members)
    for member, test in zip(members_of(listed), tests, strict=True):
        if test is True:
            members.append(member)
        elif type(test) is Unknown:
            members.append(Member(member.value, False, member.needs | test.needs))
    return list_of(members)


def counted(listed: Any, tests: Sequence[Any], neutral: bool) -> list[Any]:
    """The results for the members of a list: that of a possible one counts only if it is a member."""
    return [
        test if member.certain or test is neutral else Unknown(member.needs | needs_of(test))
        for member, test in zip(members_of(listed), tests, strict=True)
    ]


def instead(listed: Any, values: Sequence[Any]) -> Any:
    """A list with other values for its members, which are as certain as those."""
    return list_of(Member(value, m.certain, m.needs) for m, value in zip(members_of(listed), values, strict=True))


def named(value: Any, number: int) -> str:
    """What a member that is no record of facts is called."""
    if type(value) is Decimal and value:
        text = str(value)
        if "E" not in text:
            return text
    return value.path if type(value) is FactAt else literal(value) if type(value) in PLAIN else str(number + 1)


def index_of(listed: Any, place: Any) -> Any:
    """The n-th member."""
    return evaluate(_INDEX, Environment(lambda name: None), {"list": listed, "place": place})


def happened(events: Any, name: str, as_of: date, calendar: Calendar) -> Any:
    """The events of a list that have happened by the day; each day is read."""
    if type(events) is not tuple:
        return functions.call("happened", [events, name, as_of], calendar)
    kept = []
    every = True
    for event in events:
        day = getattr(event.data, name, None) if type(event) is FactAt and event.data is not None else None
        if day is None:
            day = event.get_field(name)
        else:
            event.reader.read[event.place.names[name][0]] = day
        if type(day) is date and day > as_of:
            every = False
        else:
            kept.append(event)
    return events if every else tuple(kept)


def of_texts(kept: dict[Any, Any], key: Any, name: str, arguments: Sequence[Any], calendar: Calendar) -> Any:
    """The value of a function of texts; codes of places and the like come again and again."""
    if len(kept) >= MOST_CODES:
        kept.clear()
    value = kept[key] = functions.call(name, arguments, calendar)
    return value


def days_of(events: Any, name: str) -> tuple[str, ...]:
    """The paths of the days of events; none where no list of them is known."""
    if events is None or type(events) is Unknown:
        return ()
    return tuple([path for event in values_of(events) for path in field_at(event, name)[1]])


_TRUTHS = frozenset({bool, type(None)})


def call(name: str, arguments: Sequence[Any], calendar: Calendar) -> Any:
    """The value of a built-in function; those that come often are quick on one list of plain values of a kind."""
    if len(arguments) == 1 and name in _QUICK:
        (values,) = arguments
        if values == () and name != "mean":
            return None
        if type(values) is tuple:
            kinds = set(map(type, values))
            if len(kinds) == 1 and kinds <= _ORDERED:
                quick = _QUICK[name](values)
                if quick is not NULL:
                    return quick
    return functions.call(name, arguments, calendar)


def _mean(values: Sequence[Any]) -> Any:
    if type(values[0]) is not Decimal:
        return NULL
    total = Decimal(0)
    for value in values:
        total = DECIMAL128.add(total, value)
    found = DECIMAL128.divide(total, Decimal(len(values)))
    return found if found.is_finite() else None


_ORDERED = frozenset({Decimal, str, date})
_QUICK: Mapping[str, Any] = {"max": max, "min": min, "mean": _mean}


def decided(raw: Any, places: Sequence[int]) -> tuple[Any, ...] | None:
    """What the engine concluded, if all of it is plain."""
    found = []
    for place in places:
        value = raw[place]
        if value is NULL:
            value = None
        elif type(value) not in _DECIDED:
            return None
        found.append(value)
    return tuple(found)


HELPERS: Mapping[str, Any] = {
    "_new": tuple.__new__,
    "Step": Step,
    "Conclusion": Conclusion,
    "TableTrace": TableTrace,
    "FactAt": FactAt,
    "Unknown": Unknown,
    "PartialList": PartialList,
    "Months": Months,
    "DECIDED": _DECIDED,
    "NOTHING": NOTHING,
    "_keep": keep,
    "_shown": shown,
    "_both": conjunction,
    "_some": disjunction,
    "_conjunction": conjunction,
    "_disjunction": disjunction,
    "_negation": negation,
    "_compare": compare,
    "_plus": add,
    "_minus": subtract,
    "_times": multiply,
    "_over": divide,
    "_to": power,
    "_negate": negate,
    "_join": join,
    "_field_of": field_of,
    "_field_at": field_at,
    "_values": values_of,
    "_as_list": as_list,
    "_kept": kept,
    "_counted": counted,
    "_instead": instead,
    "_named": named,
    "_index_of": index_of,
    "_happened": happened,
    "_days": days_of,
    "_texts": of_texts,
    "_function": call,
    "_decided": decided,
}
"""The names that the generated code of a trace may use, besides those that are made for it."""
