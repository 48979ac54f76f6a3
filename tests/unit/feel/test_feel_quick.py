"""The quick ways of the reference evaluator come to what the plain ways do."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from dte_rules.feel.calendar import Calendar
from dte_rules.feel.functions import call
from dte_rules.feel.operators import add, compare, conjunction, disjunction, subtract
from dte_rules.feel.unparse import literal
from dte_rules.feel.values import Months, Unknown

CHOICES = [True, False, None, Unknown(["a"]), Unknown(["b"])]


def by_relativedelta(day: date, count: int) -> date | None:
    try:
        return day + relativedelta(months=count)
    except (OverflowError, ValueError):
        return None


@pytest.mark.parametrize("seed", range(5))
def test_months_added_to_a_day(seed: int) -> None:
    choose = Random(seed)
    days = [date(1, 1, 1), date(9999, 12, 28), date(9999, 12, 31), date(2024, 2, 29), date(2023, 1, 31)]
    days += [date.fromordinal(choose.randrange(1, date.max.toordinal())) for _ in range(200)]
    for day in days:
        for count in (0, 1, -1, 11, 12, -12, -13, 120_000, -120_000, 10**12, choose.randrange(-30_000, 30_000)):
            assert add(day, Months(count)) == add(Months(count), day) == by_relativedelta(day, count), (day, count)
            assert subtract(day, Months(count)) == by_relativedelta(day, -count), (day, count)


def shape(value: Any) -> Any:
    return (value.needs, value.low, value.high) if isinstance(value, Unknown) else value


def test_and_or_of_any_two() -> None:
    for a in CHOICES:
        for b in CHOICES:
            needs = frozenset().union(*(v.needs for v in (a, b) if isinstance(v, Unknown)))
            unknown = any(isinstance(v, Unknown) for v in (a, b))
            both = False if a is False or b is False else (needs, None, None) if unknown else True if a is b is True else None
            either = True if a is True or b is True else (needs, None, None) if unknown else False if a is b is False else None
            assert shape(conjunction([a, b])) == both
            assert shape(disjunction([a, b])) == either
    assert (conjunction([]), disjunction([])) == (True, False)


def test_what_is_not_known_compared() -> None:
    for op in ("<", "<=", ">", ">="):
        for known in (Decimal(1), "a", date(2024, 1, 1)):
            assert shape(compare(op, Unknown(["a"]), known)) == (frozenset("a"), None, None)
            assert shape(compare(op, known, Unknown(["a"]))) == (frozenset("a"), None, None)
        assert compare(op, Unknown(["a"]), True) is None
        assert compare(op, Unknown(["a"]), None) is None


@pytest.mark.parametrize(("name", "rounding"), [("floor", ROUND_FLOOR), ("ceiling", ROUND_CEILING)])
def test_whole_numbers(name: str, rounding: str) -> None:
    for text in ("0", "-0.5", "2.5", "2E+3", "-7.01", "1E-20", "1234567890123456789012345678901234"):
        number = Decimal(text)
        found = call(name, [number], Calendar())
        assert found == number.to_integral_value(rounding)
    assert str(call(name, [Decimal("2E+3")], Calendar())) == "2E+3"
    assert call(name, [Decimal("NaN")], Calendar()) is None


def test_texts_are_written_with_what_must_be_escaped() -> None:
    assert literal("甲 a") == '"甲 a"'
    assert literal('a"b') == '"a\\"b"'
    assert literal("a\\b") == '"a\\\\b"'
    assert literal("a\nb") == '"a\\nb"'
    assert literal("a\u200bb") == '"a\\u200bb"'
    assert literal("") == '""'
