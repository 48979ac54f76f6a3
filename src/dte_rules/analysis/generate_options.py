"""The values worth giving to a fact: typical ones first, then each edge of what the rules ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.analysis.generate_mining import Interest, Mined
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Type
from dte_rules.feel.values import Months
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.formats import FORMATS
from dte_rules.vocabulary.meaning import UNCONSTRAINED, Constraint

DAY = timedelta(days=1)
RECENT = (timedelta(days=84), timedelta(days=120), timedelta(days=300), timedelta(days=500))
"""How long ago something typically happened."""
LONG = 72
"""From how many months on a period is one of a life, as an age."""
MOST_DATES = 60
ELSEWHERE = ("110000", "310000", "330100")
OTHER_TEXT = "其他"
NUMBERS = (Decimal(0), Decimal(1), Decimal(2), Decimal(5), Decimal(60), Decimal(80))


class Options:
    """The options of every path that the rules of a decision read. The first of each is typical."""

    def __init__(self, vocabulary: Vocabulary, mined: Mined, jurisdiction: str) -> None:
        self.vocabulary, self.mined, self.jurisdiction = vocabulary, mined, jurisdiction
        self._found: dict[tuple[str, date], tuple[Any, ...]] = {}

    def of(self, path: str, as_of: date) -> tuple[Any, ...]:
        """The known values of a single fact, or of a list of single facts, for a question of a day."""
        key = (path, as_of)
        if key not in self._found:
            self._found[key] = tuple(dict.fromkeys(self._values(path, self.vocabulary.types[path], as_of)))
        return self._found[key]

    def lengths(self, path: str) -> tuple[int, ...]:
        """How many members a list of records may have: as many as its counts are compared with, and one more or less."""
        interest = self.mined.of(path)
        wanted = interest.counts | {int(n) for n in interest.numbers if 0 <= n <= 6}
        near = {n for c in wanted for n in (c - 1, c, c + 1) if 0 <= n <= 7}
        return tuple(sorted({0, 1, 2} | near))

    def _values(self, path: str, type_: Type, as_of: date) -> Iterable[Any]:
        interest = self.mined.of(path)
        constraint = self.vocabulary.constraints.get(path, UNCONSTRAINED)
        match type_:
            case Enum(_, values):
                return [*(v for v in interest.texts if v in values), *values]
            case ListOf(element):
                return self._lists(path, element, interest, as_of)
            case _ if type_ == BOOLEAN:
                return (True, False)
            case _ if type_ == NUMBER:
                return _within(self._numbers(path, interest, as_of), constraint)
            case _ if type_ == DATE:
                return self._dates(interest, as_of)
            case _ if type_ == STRING:
                return self._texts(path, interest, constraint)
            case _:
                return ()

    def _lists(self, path: str, element: Type, interest: Interest, as_of: date) -> list[tuple[Any, ...]]:
        if isinstance(element, Enum):
            pool: Sequence[Any] = element.values
        elif element == NUMBER:
            pool = sorted(interest.numbers) or NUMBERS[:2]
        elif element == DATE:
            pool = [as_of - RECENT[0]]
        else:
            pool = [*interest.texts, OTHER_TEXT]
        singles = [(value,) for value in pool[:6]]
        return [*singles[:1], (), *singles[1:], tuple(pool[:2]), tuple(pool[:3])]

    def _texts(self, path: str, interest: Interest, constraint: Constraint) -> Iterator[str]:
        if constraint.format == "division_code":
            yield from divisions([*interest.codes, *interest.texts], self.jurisdiction)
        elif constraint.format is None:
            yield from interest.texts
            for other in interest.linked:
                yield from self.mined.of(other).texts
            yield OTHER_TEXT

    def _numbers(self, path: str, interest: Interest, as_of: date) -> Iterator[Decimal]:
        numbers = set(interest.numbers)
        for other in interest.linked:
            if other in self.mined.read and self.vocabulary.types.get(other) == NUMBER:
                numbers |= self.mined.of(other).numbers
        if interest.yearly:
            yield from (Decimal(as_of.year + n) for n in (0, -1, 1, -2, -3, -4))
        typical = max(numbers, default=None)
        if typical is not None:
            yield typical
        for number in sorted(numbers):
            yield from (number, number - 1, number + 1)
        if not interest.yearly and (interest.linked or not numbers):
            yield from NUMBERS

    def _dates(self, interest: Interest, as_of: date) -> list[date]:
        lives = sorted(p.count for p in interest.own if isinstance(p, Months) and p.count >= LONG)
        typical = []
        if lives:
            low, high = lives[0], lives[-1]
            typical.append(shifted(as_of, Months(-(low + high) // 2 if low != high else -low - 120)))
        typical += [as_of - step for step in RECENT]
        exact: dict[date, None] = {}
        for period in sorted(interest.periods, key=str):
            exact.update(dict.fromkeys(edges(as_of, period)))
        for day in sorted(interest.dates):
            exact.update(dict.fromkeys(day + n * DAY for n in (0, -1, 1)))
            if lives:  # a birth within what a law on ages tells apart
                exact[day + 45 * DAY] = None
        years = [date(as_of.year - n, *ends) for n in (0, 1, 2) for ends in ((1, 1), (12, 31))] if interest.yearly else []
        turns = [shifted(date(as_of.year + n, 1, 1), Months(-p.count)) for p in interest.periods if isinstance(p, Months) for n in (0, 1)]
        years += [day + n * DAY for day in turns if interest.yearly and day.year > as_of.year - 3 for n in (0, -1)]
        return [*typical, as_of, as_of + DAY, as_of - DAY, *list(exact)[:MOST_DATES], *years]


def edges(as_of: date, period: Months | timedelta) -> Iterator[date]:
    """The days about which a period that begins, or ends, on them reaches the day asked about."""
    if isinstance(period, timedelta):
        start, end = as_of - period, as_of + period
    else:
        start, end = shifted(as_of, Months(-period.count)), shifted(as_of, period)
    for day in (start, end) if abs(_months(period)) < LONG else (start,):
        yield from (day + n * DAY for n in (0, -1, 1))


def shifted(day: date, months: Months) -> date:
    """The day so many months later, within the month's days."""
    count = day.year * 12 + day.month - 1 + months.count
    year, month = min(max(count // 12, 1900), 2150), count % 12 + 1
    last = ((date(year, month, 28) + 4 * DAY).replace(day=1) - DAY).day
    return date(year, month, min(day.day, last))


def divisions(asked: Sequence[str], jurisdiction: str) -> Iterator[str]:
    """Division codes that tell apart the outer ones asked for: themselves, a place within each, and others beside them."""
    outer = list(dict.fromkeys([*asked, jurisdiction]))
    known = [code for code in outer if _is_code(code)]
    narrowest = sorted(known, key=lambda code: code.rstrip("0"), reverse=True)
    found = [*narrowest]
    for code in narrowest:
        found.append(code[:2] + "0100" if code.endswith("0000") else code[:4] + "02" if code.endswith("00") else code)
        found.append(code[:2] + "0100" if not code.startswith(code[:2] + "01") else code[:2] + "0200")
    yield from (code for code in dict.fromkeys([*found, *ELSEWHERE]) if _is_code(code))


def _is_code(text: str) -> bool:
    try:
        FORMATS["division_code"](text)
    except ValueError:
        return False
    return True


def _within(numbers: Iterable[Decimal], constraint: Constraint) -> Iterator[Decimal]:
    for number in numbers:
        if constraint.whole and number != number.to_integral_value():
            continue
        low = (constraint.ge is None or number >= constraint.ge) and (constraint.gt is None or number > constraint.gt)
        if low and (constraint.le is None or number <= constraint.le) and (constraint.lt is None or number < constraint.lt):
            yield number


def _months(period: Months | timedelta) -> int:
    return period.count if isinstance(period, Months) else period.days // 30
