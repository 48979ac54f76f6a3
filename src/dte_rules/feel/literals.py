"""The texts of dates and durations, as ISO 8601 and FEEL write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dte_rules.feel.values import Months

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")
_DAYS = re.compile(r"(-?)P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?")


def parse_date(text: str) -> date | None:
    """The date that ``YYYY-MM-DD`` writes, or None where it writes none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_duration(text: str) -> Months | timedelta | None:
    """The duration that ``P1Y6M`` (years and months) or ``P30DT2H`` (days and time) writes, or None."""
    if text in ("P", "-P") or text.endswith("T"):
        return None
    if match := _MONTHS.fullmatch(text):
        sign, years, months = match.groups()
        count = int(years or 0) * 12 + int(months or 0)
        return Months(-count if sign else count)
    if match := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds = match.groups()
        try:
            span = timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
        except OverflowError:
            return None
        return -span if sign else span
    return None
