"""Days and readings: where rules stand, whether two can meet, and what is left uncovered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from dte_rules.program.nodes import ALWAYS, Period, Under

_DAY = timedelta(days=1)
_MOST_CHOICES = 4096


@dataclass(frozen=True, slots=True)
class Standing:
    """The days on which something is in force, and the readings under which it stands."""

    period: Period = ALWAYS
    under: Under = ()

    def meet(self, other: Standing) -> Standing | None:
        """Where both stand; None where they never do."""
        period = self.period.intersect(other.period)
        under = meet_under(self.under, other.under)
        return None if period is None or under is None else Standing(period, under)


def meet_under(a: Under, b: Under) -> Under | None:
    """The readings that both ask for; None where they exclude each other."""
    if not a or not b:
        return a or b
    met = dict(a)
    for name, readings in b:
        both = tuple(r for r in met.get(name, readings) if r in readings)
        if not both:
            return None
        met[name] = both
    return tuple(met.items())


def within(inner: Period, outer: Period) -> Period:
    """The inner period as it stands in the outer one: without limit where it reaches at least as far."""
    start = inner.start if inner.start is not None and (outer.start is None or inner.start > outer.start) else None
    end = inner.end if inner.end is not None and (outer.end is None or inner.end < outer.end) else None
    return Period(start, end)


def holds(under: Under, choice: Mapping[str, str]) -> bool:
    """Whether something under these readings stands under the choice, as far as it goes."""
    return all(choice[name] in readings for name, readings in under if name in choice)


def choices(under: Under, versions: Sequence[Standing], readings: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """The choices of readings, allowed by ``under``, that make a difference to which of the versions stand."""
    asked = dict.fromkeys(name for version in versions for name, _ in version.under)
    allowed = dict(under)
    options = [[(name, reading) for reading in allowed.get(name, readings.get(name, ()))] for name in asked]
    for count, combination in enumerate(product(*options)):
        if count >= _MOST_CHOICES:
            return
        yield dict(combination)


def gaps(period: Period, covers: Sequence[Period]) -> tuple[Period, ...]:
    """The stretches of a period that none of the others covers, in order."""
    found: list[Period] = []
    start = period.start
    reached = False  # whether everything from `start` on is covered
    for cover in sorted(covers, key=lambda p: p.start or date.min):
        if cover.end is not None and start is not None and cover.end <= start:
            continue
        if cover.start is not None and (start is None or cover.start > start):
            if period.end is not None and cover.start >= period.end:
                break
            found.append(Period(start, cover.start))
        start = cover.end
        if start is None or (period.end is not None and start >= period.end):
            reached = True
            break
    if not reached:
        found.append(Period(start, period.end))
    return tuple(found)


def days_text(period: Period, lang: str) -> str:
    """The days of a period in words, the last day named as such."""
    start = period.start
    last = None if period.end is None else period.end - _DAY
    if lang == "zh":
        if start is None:
            return "任何日期都" if last is None else f"{period.end} 之前"
        return f"{start} 起" if last is None else f"{start} 当日" if last == start else f"{start} 至 {last} 期间"
    if start is None:
        return "on any day" if last is None else f"before {period.end}"
    return f"from {start} on" if last is None else f"on {start}" if last == start else f"from {start} through {last}"


def periods_text(periods: Sequence[Period], lang: str) -> str:
    """Several periods in words."""
    if not periods:
        return "无" if lang == "zh" else "on no day"
    unique = dict.fromkeys(sorted(periods, key=lambda p: (p.start or date.min, p.end or date.max)))
    return ("；" if lang == "zh" else ", ").join(days_text(p, lang) for p in unique)
