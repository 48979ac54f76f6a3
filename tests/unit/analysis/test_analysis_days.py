"""Days and numbers of the solver agree with Python's, on constants and on symbols."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from random import Random

import pytest

pytest.importorskip("z3")

from dateutil.relativedelta import relativedelta

from dte_rules import load_packs
from dte_rules.analysis.days import (
    Day,
    Definitions,
    WorkingDays,
    add_days,
    add_months,
    day_in,
    day_of,
    from_ordinal,
    key_of,
    last_of_month,
    length,
    ordinal,
    work,
)
from dte_rules.analysis.numbers import Num, num, num_max, num_min, rounded
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.feel.values import Unknown
from dte_rules.feel.working_days import add_working_days, working_day_on_or_after

CALENDAR = load_packs()["jinhua"].program.calendar
NARROW, WIDE = (2018 * 12, 2029 * 12 + 11), (1930 * 12, 2060 * 12 + 11)


def symbolic(months: tuple[int, int], define: Definitions) -> Day:
    month, day = z3.Ints("month day")
    define.require(z3.And(month >= months[0], month <= months[1], day >= 1, day <= length(month)))
    return day_in(month, day, months)


def agrees(change: Callable[[Day, Definitions], Day], wanted: Callable[[date], date], months: tuple[int, int]) -> None:
    """A change of days over a symbol gives what Python gives, on random days and on all month ends of a leap year."""
    define = Definitions()
    start = symbolic(months, define)
    result = change(start, define)
    solver = z3.SimpleSolver()
    random = Random(1)
    first = date(months[0] // 12, 1, 1).toordinal()
    last = date(months[1] // 12, 12, 31).toordinal()
    days = [date.fromordinal(random.randint(first, last)) for _ in range(40)]
    days += [date(2024, month, 1) - timedelta(days=n) for month in range(1, 13) for n in (0, 1, 2)]
    solver.add(*define.constraints)
    for day in days:
        solver.push()
        solver.add(start.key == key_of(day))
        assert solver.check() == z3.sat
        assert solver.model().eval(result.key).as_long() == key_of(wanted(day)), day
        assert change(day_of(day), define).key == key_of(wanted(day))
        solver.pop()


@pytest.mark.parametrize("months", [NARROW, WIDE])
@pytest.mark.parametrize("count", [1, 6, 12, -1, 13, 720])
def test_months_are_added(count: int, months: tuple[int, int]) -> None:
    agrees(lambda day, define: add_months(day, count, (count, count), define), lambda day: day + relativedelta(months=count), months)


@pytest.mark.parametrize("months", [NARROW, WIDE])
@pytest.mark.parametrize("count", [1, 30, -1, -30, 45, 0])
def test_days_are_added(count: int, months: tuple[int, int]) -> None:
    agrees(lambda day, define: add_days(day, count, (count, count), define), lambda day: day + timedelta(days=count), months)


@pytest.mark.parametrize("months", [NARROW, WIDE])
def test_last_day_of_month(months: tuple[int, int]) -> None:
    agrees(last_of_month, lambda day: (day.replace(day=1) + relativedelta(months=1)) - timedelta(days=1), months)


def test_ordinals_there_and_back() -> None:
    reach = date(2018, 1, 1).toordinal(), date(2029, 12, 31).toordinal()

    def there_and_back(day: Day, define: Definitions) -> Day:
        return from_ordinal(ordinal(day, define), reach, define)

    agrees(there_and_back, lambda day: day, NARROW)


@pytest.mark.parametrize("number", [None, 0, 5])
def test_working_days(number: int | None) -> None:
    define = Definitions()
    start = symbolic(NARROW, define)
    low, high, exact = work(start, WorkingDays(CALENDAR).pieces(number), define)
    solver = z3.SimpleSolver()
    solver.add(*define.constraints)
    for day in (date(2022, 12, 20) + timedelta(days=n) for n in range(0, 1500, 7)):
        found = working_day_on_or_after(CALENDAR, day) if number is None else add_working_days(CALENDAR, day, Decimal(number))
        ends = (found.low, found.high) if isinstance(found, Unknown) else (found, found)
        solver.push()
        solver.add(start.key == key_of(day))
        assert solver.check() == z3.sat
        model = solver.model()
        assert model.eval(low.key).as_long() == key_of(ends[0]), day
        assert model.eval(high.key).as_long() == key_of(ends[1]), day
        known = exact if isinstance(exact, bool) else z3.is_true(model.eval(exact))
        assert known is (ends[0] == ends[1])
        solver.pop()


def test_days_beyond_the_calendar_are_not_encoded() -> None:
    with pytest.raises(NotEncoded):
        add_months(symbolic((2198 * 12, 2199 * 12 + 11), Definitions()), 12, (12, 12), Definitions())


@pytest.mark.parametrize(
    ("how", "rounding"),
    [
        ("floor", ROUND_FLOOR),
        ("ceiling", ROUND_CEILING),
        ("round up", ROUND_UP),
        ("round down", ROUND_DOWN),
        ("round half up", ROUND_HALF_UP),
        ("round half down", ROUND_HALF_DOWN),
    ],
)
def test_rounding(how: str, rounding: str) -> None:
    top = z3.Int("top")
    over = rounded(Num(top, 4), how)
    solver = z3.SimpleSolver()
    for quarter in range(-12, 13):
        wanted = int((Decimal(quarter) / 4).quantize(Decimal(1), rounding=rounding))
        assert rounded(num(Fraction(quarter, 4)), how).constant == wanted
        solver.push()
        solver.add(top == quarter)
        solver.check()
        assert Fraction(solver.model().eval(over.top).as_long(), over.bottom) == wanted
        solver.pop()


def test_extremes_keep_their_range() -> None:
    number = Num(z3.Int("n"), 1, (Fraction(-5), Fraction(50)))
    clamped = num_min(num(36), num_max(num(0), number))
    assert clamped.range == (0, 36)


def test_the_last_of_a_month_is_one_term_for_whichever_day_of_it() -> None:
    """So a rule in which the last day of the month of a first becomes that of a second is seen to say the same."""
    define = Definitions()
    month = z3.Int("month")
    first, second = (last_of_month(day_in(month, day, NARROW), define) for day in (1, 2))
    assert first.key.eq(second.key)
