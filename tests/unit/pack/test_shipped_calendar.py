"""The shipped calendar agrees with `chinesecalendar`, day by day, and guesses no year."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from dte_rules import load_packs
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.functions import call
from dte_rules.feel.values import Unknown

YEARS = (2023, 2024, 2025, 2026)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_packs()["jinhua"].program.calendar


def test_its_years(calendar: Calendar) -> None:
    assert calendar.years >= set(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees(calendar: Calendar, year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    differing = [day for day in days if day.year == year and calendar.works(day) is not chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize("year", [2022, 2027])
def test_a_year_without_a_notice_is_unknown(calendar: Calendar, year: int) -> None:
    assert year not in calendar.years
    assert calendar.works(date(year, 5, 6)) is None
    assert calendar.works(date(year, 5, 7)) is None
    day = date(year, 5, 6)
    moved = call("working_day_on_or_after", [day], calendar)
    assert isinstance(moved, Unknown)
    assert (moved.low, moved.high) == (day, day + timedelta(days=10))
    assert moved.needs == {f"calendar-{year}"}


def test_all_packs_share_the_calendar(calendar: Calendar) -> None:
    assert all(pack.program.calendar == calendar for pack in load_packs().values())
