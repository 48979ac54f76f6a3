"""Working days: the State Council's yearly notices, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rest days and make-up working days of the years whose notice is known.

    ``years`` are these years, ``holidays`` the days off by the notices, ``workdays`` the weekend days worked instead.
    A day of any other year is neither a working day nor a rest day: it is not known.
    """

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool | None:
        """Whether people work on that day; None in a year whose notice is not known."""
        if day.year not in self.years:
            return None
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    @staticmethod
    def name(year: int) -> str:
        """The name under which an unknown calendar stands in ``missing``."""
        return f"calendar-{year}"
