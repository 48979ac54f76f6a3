"""The statutory retirement dates of `rules/lib/national.yaml`, against a formulation of the Decision of 2024-09-13 of its own.

By article 1, from 2025-01-01 on men's age rises from 60 by a month every four months to 63, that of women from 55 by a month every
four months to 58, from 50 by a month every two months to 55. "Every four months" counts months of reaching the old age.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta

from dte_rules import Facts, LoadedPack, load_packs

AS_OF = date(2026, 3, 2)
BEFORE = date(2024, 12, 31)
REFORM = (2025, 1)
"""The month from which reaching the old age leads to a later retirement."""
TRACKS = {"男职工": ("男", 60, 4, 36), "女干部": ("女", 55, 4, 36), "女工人": ("女", 50, 2, 60)}


@pytest.fixture(scope="module")
def pack() -> LoadedPack:
    return load_packs()["jinhua"]


def decided(pack: LoadedPack, birth: date, track: str, as_of: date = AS_OF) -> date | None:
    """The retirement date in a decision whose verdict is plain, so that nothing missing has to be looked for."""
    person = {"birth_date": birth, "sex": TRACKS[track][0], "retirement_track": track}
    return pack.decide("training_subsidy", Facts.model_validate({"person": person, "certificates": []}), as_of=as_of).dates.get(
        "retirement_date"
    )


def expected(birth: date, track: str) -> date:
    """Counts the months from the reform to the month of the old age, by walking over them."""
    _, base, pace, most = TRACKS[track]
    old = birth + relativedelta(years=base)
    year, month = REFORM
    months, delay = 0, 0
    while (year, month) <= (old.year, old.month):
        if months % pace == 0:
            delay += 1
        months += 1
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return birth + relativedelta(months=12 * base + min(delay, most))


def births(first: int, last: int) -> Iterator[date]:
    """Some days of each month: the first, the middle, the last ones."""
    for year in range(first, last + 1):
        for month in range(1, 13):
            end = date(year, month, 1) + relativedelta(months=1, days=-1)
            yield from (date(year, month, 1), date(year, month, 15), end)


@pytest.mark.parametrize(("track", "first", "last"), [("男职工", 1960, 1989), ("女干部", 1965, 1989), ("女工人", 1970, 1995)])
def test_by_enumeration(pack: LoadedPack, track: str, first: int, last: int) -> None:
    days = list(births(first, last))
    found = [decided(pack, birth, track) for birth in days]
    assert [(b, f) for b, f in zip(days, found, strict=True) if f != expected(b, track)] == []
    assert found == sorted(found, key=lambda day: day or date.max)


@pytest.mark.parametrize(
    ("track", "birth", "day"),
    [
        ("男职工", "1964-12-31", "2024-12-31"),
        ("男职工", "1965-01-01", "2025-02-01"),
        ("男职工", "1965-04-30", "2025-05-30"),
        ("男职工", "1965-05-01", "2025-07-01"),
        ("男职工", "1976-08-31", "2039-07-31"),
        ("男职工", "1976-09-01", "2039-09-01"),
        ("男职工", "1989-09-01", "2052-09-01"),
        ("女干部", "1969-12-31", "2024-12-31"),
        ("女干部", "1970-01-01", "2025-02-01"),
        ("女干部", "1981-08-31", "2039-07-31"),
        ("女干部", "1981-09-01", "2039-09-01"),
        ("女工人", "1974-12-31", "2024-12-31"),
        ("女工人", "1975-01-01", "2025-02-01"),
        ("女工人", "1984-10-31", "2039-09-30"),
        ("女工人", "1984-11-01", "2039-11-01"),
        ("女工人", "1995-11-30", "2050-11-30"),
    ],
)
def test_first_affected_births_and_caps(pack: LoadedPack, track: str, birth: str, day: str) -> None:
    assert decided(pack, date.fromisoformat(birth), track) == date.fromisoformat(day)


@pytest.mark.parametrize("track", TRACKS)
def test_before_the_reform_the_old_ages_hold(pack: LoadedPack, track: str) -> None:
    base = TRACKS[track][1]
    for birth in births(1964, 1985):
        assert decided(pack, birth, track, BEFORE) == birth + relativedelta(years=base)


def test_an_unknown_track_lies_between_those_possible(pack: LoadedPack) -> None:
    """`dates` gives the earlier end."""
    facts = Facts.model_validate({"person": {"birth_date": date(1980, 6, 1), "sex": "女"}, "certificates": []})
    day = pack.decide("training_subsidy", facts, as_of=AS_OF).dates["retirement_date"]
    assert day == expected(date(1980, 6, 1), "女工人")
