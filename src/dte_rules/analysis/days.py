"""Days of the solver: a month's index (12 · year + month − 1) and a day of it, and the arithmetic of calendars, exactly.

Days compare by one number, 31 times the month's index plus the day. Where days are counted, months lead to their first days by a
balanced tree over the range in which the day lies; the calendar of working days is such a tree too.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dte_rules.analysis.logic import Bit, Int, alike, at_most, conj, disj, equal, less, neg, quotient, remainder, when
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.values import Unknown
from dte_rules.feel.working_days import SHIFT_LIMIT, add_working_days, working_day_on_or_after

FIRST_YEAR, LAST_YEAR = 1901, 2199
"""No day of the encoding lies outside; of these years every fourth is a leap year, but for 2100."""
MOST_MONTHS = 360
"""Over so many months, what becomes of a day is written as a tree of cases; over more, it is calculated."""


class Definitions:
    """New symbols and what defines them: constraints that hold for exactly one value of each.

    ``name`` is what the symbols' names begin with, ``context`` z3's context, None for the one that is everybody's. The symbols are
    numbered here: how the solver searches, and whom it finds, depends on their names, and is to be the same whatever else was asked.
    """

    def __init__(self, name: str = "", context: Any = None) -> None:
        self.name, self.context = name, context
        self._made = 0
        self.constraints: list[Any] = []
        self._named: dict[int, tuple[Int, Int]] = {}
        self._mapped: dict[tuple[int, int], tuple[Int, Int, Sequence[Step]]] = {}
        self._firsts: dict[tuple[int, tuple[int, int]], tuple[Int, Int]] = {}
        self._days: dict[tuple[int, tuple[int, int]], tuple[Day, Int]] = {}
        self.worked: dict[tuple[int, tuple[int, int]], list[tuple[Sequence[Piece], tuple[Day, Day, Bit], Int]]] = {}
        """What `work` gave, by the key and the months of the day: its trees are large, and several rules ask the same."""

    def branch(self) -> Definitions:
        """The same, to which more is added without the other."""
        made = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict):
                setattr(made, name, {key: list(item) if isinstance(item, list) else item for key, item in value.items()})
            elif isinstance(value, list):
                setattr(made, name, list(value))
        return made

    def integer(self, name: str) -> Int:
        """A new integer."""
        self._made += 1
        return z3.Int(f"{self.name}{name}!{self._made}", self.context)

    def require(self, bit: Bit) -> None:
        """Something that always holds."""
        if bit is not True:
            self.constraints.append(z3.BoolVal(False, self.context) if bit is False else bit)

    def named(self, term: Int) -> Int:
        """A symbol for a term: trees of cases over a symbol are far easier for the solver than over a term."""
        if isinstance(term, int) or z3.is_const(term):
            return term
        if term.get_id() not in self._named:
            symbol = self.integer("key")
            self.require(symbol == term)
            self._named[term.get_id()] = symbol, term
        return self._named[term.get_id()][0]

    def mapped(self, key: Int, steps: Sequence[Step]) -> Int:
        """What becomes of a day by its key. Several rules, and several persons, ask it of one day."""
        place = key.get_id(), id(steps)
        if place not in self._mapped:
            self._mapped[place] = _mapped(key, steps), key, steps
        return self._mapped[place][0]

    def first_day(self, month: Int, months: tuple[int, int]) -> Int:
        """The number of a month's first day."""
        if isinstance(month, int):
            return _first(month)
        key = month.get_id(), months
        if key not in self._firsts:
            symbol = self.integer("first")
            self.require(symbol == _tree(list(range(months[0], months[1] + 1)), month))
            middle = 2024 * 12
            near = symbol - _first(middle), 14610 * (month - middle)
            # redundant, but the solver needs it: a month is about 30.44 days
            self.require(z3.And(480 * near[0] >= near[1] - 1920, 480 * near[0] <= near[1] + 1920))
            self._firsts[key] = symbol, month  # the term is kept, so that its number stays its own
        return self._firsts[key][0]

    def numbered(self, number: Int, months: tuple[int, int]) -> Day:
        """The day of a number, in symbols; for one number the same symbols, so that terms made of it are the same terms."""
        key = number.get_id(), months
        if key not in self._days:
            month, day = self.integer("month"), self.integer("day")
            found = day_in(month, day, months)
            self.require(conj(month >= months[0], month <= months[1], day >= 1, day <= length(month)))
            self.require(ordinal(found, self) == number)
            self._days[key] = found, number
        return self._days[key][0]


class Day:
    """A day by its key; ``months`` are the first and the last month in which it can lie."""

    __slots__ = ("_parts", "key", "months")

    def __init__(self, key: Int, months: tuple[int, int], parts: tuple[Int, Int] | None = None) -> None:
        self.key, self.months, self._parts = key, months, parts

    @property
    def month(self) -> Int:
        """The month's index."""
        return self._split()[0]

    @property
    def day(self) -> Int:
        """The day of the month."""
        return self._split()[1]

    @property
    def constant(self) -> date | None:
        """The day itself, where it has no symbols."""
        return _date(self.key) if isinstance(self.key, int) else None

    @property
    def first_of_month(self) -> Day:
        """The first day of its month, where month and day are given apart; else the day itself."""
        return self if self._parts is None else day_in(self._parts[0], 1, self.months)

    def _split(self) -> tuple[Int, Int]:
        if self._parts is None:
            self._parts = quotient(self.key - 1, 31), remainder(self.key - 1, 31) + 1
        return self._parts


def day_of(value: date) -> Day:
    """A constant."""
    month = value.year * 12 + value.month - 1
    return Day(month * 31 + value.day, (month, month), (month, value.day))


def day_in(month: Int, day: Int, months: tuple[int, int]) -> Day:
    """A day of a month."""
    _check(months)
    if isinstance(month, int):
        months = (month, month)
    return Day(month * 31 + day, months, (month, day))


def day_keyed(key: Int, months: tuple[int, int]) -> Day:
    """A day by its key."""
    if isinstance(key, int):
        return day_of(_date(key))
    return Day(key, months)


def key_of(value: date) -> int:
    """The key of a day."""
    return (value.year * 12 + value.month - 1) * 31 + value.day


def _date(key: int) -> date:
    month, day = divmod(key - 1, 31)
    return date(month // 12, month % 12 + 1, day + 1)


def length(month: Int) -> Int:
    """How many days a month has."""
    if isinstance(month, int):
        return monthrange(month // 12, month % 12 + 1)[1]
    of_year = remainder(month, 12)
    short = disj(*(equal(of_year, m) for m in (3, 5, 8, 10)))
    leap = conj(equal(remainder(month, 48), 1), neg(equal(month, 2100 * 12 + 1)))
    return when(equal(of_year, 1), when(leap, 29, 28), when(short, 30, 31))


def day_when(condition: Bit, then: Day, otherwise: Day) -> Day:
    """One of two days."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise or alike(then.key, otherwise.key):
        return then
    months = min(then.months[0], otherwise.months[0]), max(then.months[1], otherwise.months[1])
    return Day(when(condition, then.key, otherwise.key), months)


def add_months(day: Day, months: Int, within: tuple[int, int] | None, define: Definitions) -> Day:
    """The day some months later; the last of the month where that has no such day."""
    if within is None:
        raise NotEncoded("a number of months without bounds added to a day")
    reach = day.months[0] + within[0], day.months[1] + within[1]
    if isinstance(months, int) and not isinstance(day.key, int):
        _check(reach)
        steps = _month_steps(months, day.months)
        if len(steps) == 1:  # no month is too short
            return day_in(day.month + months, day.day, reach)
        if len(steps) <= MOST_MONTHS:
            return day_keyed(define.mapped(define.named(day.key), steps), reach)
    moved = day.month + months
    last = length(moved)
    return day_in(moved, when(at_most(day.day, last), day.day, last), reach)


def last_of_month(day: Day, define: Definitions) -> Day:
    """The last day of the month."""
    day = day.first_of_month  # whichever day of a month it is, the same term comes of it
    if _narrow(day):
        return day_keyed(define.mapped(define.named(day.key), _day_steps(None, day.months)), day.months)
    return day_in(day.month, length(day.month), day.months)


def add_days(day: Day, days: Int, within: tuple[int, int] | None, define: Definitions) -> Day:
    """The day some days later."""
    constant = day.constant
    if constant is not None and isinstance(days, int):
        return _within(lambda: day_of(constant + timedelta(days=days)))
    if isinstance(days, int) and days == 0:
        return day
    if isinstance(days, int) and _narrow(day):
        reach = _numbered(_low(day) + days).month, _numbered(_high(day) + days).month
        return day_keyed(define.mapped(define.named(day.key), _day_steps(days, day.months)), reach)
    if isinstance(days, int) and abs(days) <= 62:
        while days:
            step = max(-28, min(28, days))
            day, days = _step(day, step), days - step
        return day
    if within is None:
        raise NotEncoded("a number of days without bounds added to a day")
    return from_ordinal(ordinal(day, define) + days, (_low(day) + within[0], _high(day) + within[1]), define)


def _narrow(day: Day) -> bool:
    return not isinstance(day.key, int) and day.months[1] - day.months[0] <= MOST_MONTHS


Step = tuple[int, bool, int]
"""From a key on: whether the result is a constant key, and the key or what is added to it."""


@lru_cache(maxsize=256)
def _month_steps(months: int, within: tuple[int, int]) -> tuple[Step, ...]:
    steps: list[Step] = [(0, False, 31 * months)]
    for month in range(within[0], within[1] + 1):
        last = length(month + months)
        if last < length(month):
            steps.append((month * 31 + last + 1, True, (month + months) * 31 + last))
            steps.append(((month + 1) * 31 + 1, False, 31 * months))
    return tuple(steps)


@lru_cache(maxsize=256)
def _day_steps(days: int | None, within: tuple[int, int]) -> tuple[Step, ...]:
    """Some days on; for None, to the end of the month."""
    steps: list[Step] = []
    for month in range(within[0], within[1] + 1):
        for day in range(1, length(month) + 1):
            here = _date(month * 31 + day)
            if days is None:
                step = True, month * 31 + length(month)
            else:
                there = _date(month * 31 + day) + timedelta(days=days)
                step = False, key_of(there) - key_of(here)
            if not steps or steps[-1][1:] != step:
                steps.append((month * 31 + day, *step))
    return tuple(steps)


def _mapped(key: Int, steps: Sequence[Step]) -> Int:
    if len(steps) == 1:
        _, constant, value = steps[0]
        return value if constant else key + value
    middle = len(steps) // 2
    return when(less(key, steps[middle][0]), _mapped(key, steps[:middle]), _mapped(key, steps[middle:]))


def _check(months: tuple[int, int]) -> None:
    if months[0] < FIRST_YEAR * 12 or months[1] >= (LAST_YEAR + 1) * 12:
        raise NotEncoded(f"days before {FIRST_YEAR} or after {LAST_YEAR}")


def _within(made: Callable[[], Day]) -> Day:
    try:
        return made()
    except OverflowError:
        raise NotEncoded(f"days before {FIRST_YEAR} or after {LAST_YEAR}") from None


def _step(day: Day, days: int) -> Day:
    """At most 28 days on or back: one month's end is passed at most."""
    moved = day.day + days
    if days > 0:
        last = length(day.month)
        stays = at_most(moved, last)
        return day_in(when(stays, day.month, day.month + 1), when(stays, moved, moved - last), (day.months[0], day.months[1] + 1))
    stays = at_most(1, moved)
    before = length(day.month - 1)
    return day_in(when(stays, day.month, day.month - 1), when(stays, moved, moved + before), (day.months[0] - 1, day.months[1]))


def ordinal(day: Day, define: Definitions) -> Int:
    """The day's number, as Python counts days."""
    constant = day.constant
    if constant is not None:
        return constant.toordinal()
    return define.first_day(day.month, day.months) + day.day - 1


def from_ordinal(number: Int, within: tuple[int, int], define: Definitions) -> Day:
    """The day of a number."""
    if isinstance(number, int):
        return _numbered(number)
    return define.numbered(number, (_numbered(within[0]).month, _numbered(within[1]).month))


def _numbered(number: int) -> Day:
    return _within(lambda: day_of(date.fromordinal(number)))


def between(first: Day, last: Day) -> tuple[int, int]:
    """Between how many days two days can lie apart, the second minus the first."""
    return _low(last) - _high(first), _high(last) - _low(first)


def _low(day: Day) -> int:
    return _first(day.months[0])


def _high(day: Day) -> int:
    return _first(day.months[1]) + 30


def _first(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _tree(months: list[int], month: Int) -> Int:
    if len(months) == 1:
        return _first(months[0])
    middle = len(months) // 2
    return when(month < months[middle], _tree(months[:middle], month), _tree(months[middle:], month))


# --- working days -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """From a day on, what a function of the calendar gives: one day, or so many days later; between two such where unknown."""

    start: int
    low: date | int
    high: date | int


class WorkingDays:
    """The functions of a calendar, as pieces; each is worked out once, by asking the reference evaluator day by day."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._pieces: dict[int | None, list[Piece]] = {}

    def pieces(self, number: int | None) -> list[Piece]:
        """Of ``add_working_days`` with a number, of ``working_day_on_or_after`` with None."""
        if number not in self._pieces:
            self._pieces[number] = list(self._worked_out(number))
        return self._pieces[number]

    def _worked_out(self, number: int | None) -> Sequence[Piece]:
        def asked(day: date) -> Any:
            if number is None:
                return working_day_on_or_after(self.calendar, day)
            return add_working_days(self.calendar, day, Decimal(number))

        years = self.calendar.years or frozenset([2000])
        margin = SHIFT_LIMIT + 2 * (number or 0)
        day = date(min(years), 1, 1) - timedelta(days=margin)
        end = date(max(years), 12, 31) + timedelta(days=margin)
        found: list[Piece] = []
        far = _ends(asked(date(min(years) - 20, 1, 1)), date(min(years) - 20, 1, 1), relative=True)
        found.append(Piece(0, *far))
        while day <= end:
            low, high = _ends(asked(day), day, relative=day.year not in years)
            if (found[-1].low, found[-1].high) != (low, high):
                found.append(Piece(key_of(day), low, high))
            day += timedelta(days=1)
        found.append(Piece(key_of(day), *far))
        return found


def _ends(found: Any, day: date, *, relative: bool) -> tuple[date | int, date | int]:
    ends = (found.low, found.high) if isinstance(found, Unknown) else (found, found)
    if relative and isinstance(found, Unknown):
        return (ends[0] - day).days, (ends[1] - day).days
    return ends if ends != (day, day) else (0, 0)


def work(day: Day, pieces: list[Piece], define: Definitions) -> tuple[Day, Day, Bit]:
    """The first and the last day that the function can give, and whether that is one day."""
    if isinstance(day.key, int):
        return _work(day, pieces, define)
    known = define.worked.setdefault((day.key.get_id(), day.months), [])
    found = next((result for others, result, _ in known if others == pieces), None)
    if found is None:
        found = _work(day, pieces, define)
        known.append((pieces, found, day.key))
    return found


def _work(day: Day, pieces: list[Piece], define: Definitions) -> tuple[Day, Day, Bit]:
    first, last = day.months[0] * 31 + 1, day.months[1] * 31 + 31
    if isinstance(day.key, int):
        first = last = day.key
    kept = [p for p, after in zip(pieces, [*pieces[1:], None], strict=True) if p.start <= last and (after is None or after.start > first)]

    reach = [day.months[0], day.months[1]]
    key = define.named(day.key)
    exact = conj(*(_outside(key, p, after) for p, after in zip(kept, [*kept[1:], None], strict=True) if p.low != p.high))
    low, high = _grown(kept, day, key, reach, define)
    early = day_keyed(low, (reach[0], reach[1]))
    return early, early if low is high else day_keyed(high, (reach[0], reach[1])), exact


def _grown(pieces: Sequence[Piece], day: Day, key: Int, reach: list[int], define: Definitions) -> tuple[Int, Int]:
    """A tree of cases; what it reaches beyond ``reach`` is noted there. (A closure would hold terms until the collector comes by.)"""
    if len(pieces) == 1:
        low = _leaf(pieces[0].low, day, reach, define)
        return low, low if pieces[0].low == pieces[0].high else _leaf(pieces[0].high, day, reach, define)
    middle = len(pieces) // 2
    condition = less(key, pieces[middle].start)
    a, b = _grown(pieces[:middle], day, key, reach, define), _grown(pieces[middle:], day, key, reach, define)
    low = when(condition, a[0], b[0])
    return low, low if a[0] is a[1] and b[0] is b[1] else when(condition, a[1], b[1])


def _leaf(end: date | int, day: Day, reach: list[int], define: Definitions) -> Int:
    found = day_of(end) if isinstance(end, date) else add_days(day, end, (end, end), define)
    reach[0], reach[1] = min(reach[0], found.months[0]), max(reach[1], found.months[1])
    return found.key


def _outside(key: Int, piece: Piece, after: Piece | None) -> Bit:
    return disj(key < piece.start, False if after is None else key >= after.start)
