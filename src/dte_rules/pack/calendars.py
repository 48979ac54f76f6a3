"""Takes in the holidays of years, from packs and from files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dte_rules.feel.calendar import Calendar
from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.draft import Draft, Owner
from dte_rules.pack.model import CalendarYear
from dte_rules.pack.schema.items import CalendarYearSchema
from dte_rules.pack.scope import Scope
from dte_rules.program.nodes import Citation, Source
from dte_rules.source.document import Path

_SATURDAY = 5


def add_calendar(draft: Draft, scope: Scope, years: Mapping[str, CalendarYearSchema]) -> None:
    """Add years to the draft; each year's notice becomes a source, named as the year is in what is missing."""
    for text, written in years.items():
        at: Path = ("calendar", text)
        path = f"calendar.{text}"
        span = scope.place(at)
        if path in draft.owners:
            scope.report(law.YearTwice(span=span, year=text, place=str(draft.owners[path].span)))
            continue
        year = int(text)
        _check(scope, at, year, written)
        name = Calendar.name(year)
        draft.owners[path] = Owner(scope.pack, span)
        draft.sources[name] = Source(name, written.notice, None, written.issued, span=span)
        holidays = tuple((holiday.from_, holiday.through) for holiday in written.holidays)
        cite = Citation(name, "", scope.document.span((*at, "notice")))
        draft.calendar[year] = CalendarYear(year=year, holidays=holidays, workdays=tuple(written.workdays), cites=(cite,))


def _check(scope: Scope, at: Path, year: int, written: CalendarYearSchema) -> None:
    def wrong(place: Path, day: date, zh: str, en: str) -> None:
        scope.report(law.CalendarDay(span=scope.document.span(place), day=day.isoformat(), problem_zh=zh, problem_en=en))

    for index, holiday in enumerate(written.holidays):
        here: Path = (*at, "holidays", index)
        days = {"from": holiday.from_, "through": holiday.through}
        outside = [key for key, day in days.items() if day.year != year]
        for key in outside:
            wrong((*here, key), days[key], f"不在 {year} 年", f"is not in the year {year}")
        if not outside and holiday.through < holiday.from_:
            wrong((*here, "through"), holiday.through, f"早于 `from` {holiday.from_}", f"is earlier than `from`, {holiday.from_}")
    for index, day in enumerate(written.workdays):
        place: Path = (*at, "workdays", index)
        if day.year != year:
            wrong(place, day, f"不在 {year} 年", f"is not in the year {year}")
        elif day.weekday() < _SATURDAY:
            wrong(place, day, "不是周六或周日，无需调休", "is no Saturday or Sunday, so it is worked anyway")
        elif any(holiday.from_ <= day <= holiday.through for holiday in written.holidays):
            wrong(place, day, "同时列为放假和上班", "is listed both as a day off and as a day worked")
