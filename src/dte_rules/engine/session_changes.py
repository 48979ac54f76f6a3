"""What a session reports: how a decision changed, and because of which conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from dte_rules.engine.decision import Clause
from dte_rules.engine.face import clauses_of, failing, outcome
from dte_rules.engine.plan import Plan
from dte_rules.engine.reference import Run

ChangeKind = Literal["verdict", "amount", "effect", "date", "value", "passed"]
DAY = timedelta(days=1)
Days = tuple[date, date]
"""The days between which a date lies; both are the same where it is known."""


@dataclass(frozen=True, slots=True)
class Because:
    """A condition that changed: from true, false or None (not known, or not in force), and the clauses on which it rests."""

    condition: str
    before: bool | None
    after: bool | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a decision on a day.

    ``name`` is the date's or the value's. ``passed`` is a date, ``before``, that was over the day before: a deadline, kept or not, a
    validity, a ban. Of a duty whose date is the first of several, each of them is told as it passes. ``because`` are the conditions
    that changed with it, ``by`` is the update that did it: ``put``, ``set``, ``change``, ``retract`` or ``advance``, with the fact's
    path.
    """

    number: int
    as_of: date
    decision: str
    kind: ChangeKind
    name: str
    before: Any
    after: Any
    because: tuple[Because, ...]
    by: tuple[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """What happened, in English: ``became met``, ``no longer undetermined``, ``deadline set``."""
        what = self.name.replace("_", " ") or self.kind
        if self.kind == "verdict":
            left = ("no longer undetermined",) if self.before == "undetermined" else ()
            return (f"became {str(self.after).replace('_', ' ')}", *left)
        if self.kind == "passed":
            return (f"{what} passed",)
        if self.before is None:
            return (f"{what} set",)
        return (f"{what} lifted" if self.after is None else f"{what} changed",)


@dataclass(frozen=True)
class State:
    """What a session keeps of a decision between updates."""

    verdict: str
    amount: Any
    effect: Any
    dates: Mapping[str, date]
    latest: Mapping[str, date]
    values: Mapping[str, Any]
    failed: tuple[str, ...]
    conditions: Mapping[str, bool | None]
    plan: Plan
    several: Mapping[str, tuple[Days, ...]]
    """By a date's name, the days of which it is the first, as far as they are known."""

    @classmethod
    def of(cls, plan: Plan, run: Run, several: Mapping[str, tuple[Days, ...]]) -> State:
        """The state after a run of a plan."""
        wanted = plan.decision
        verdict, amount, effect = outcome(wanted, run)
        slots = wanted.requires + wanted.excludes + wanted.soft + wanted.delegates + wanted.empowers
        truths = {**dict.fromkeys(slots), **dict.fromkeys(run.those(slots, True), True), **dict.fromkeys(run.those(slots, False), False)}
        days = {name: found for name, slot in wanted.dates if (found := run.days(slot)) is not None}
        return cls(
            verdict,
            amount,
            effect,
            {name: low for name, (low, _) in days.items()},
            {name: high for name, (_, high) in days.items()},
            {name: value for name, slot in wanted.values if (value := run.known(slot)) is not None},
            tuple([slot.rpartition(".")[2] for slot in failing(wanted, run)]) if verdict != "met" else (),
            truths,
            plan,
            several,
        )

    def differences(self, after: State) -> Iterator[tuple[ChangeKind, str, Any, Any]]:
        """What is another in the state after."""
        if self.verdict != after.verdict:
            yield "verdict", "", self.verdict, after.verdict
        if self.amount != after.amount:
            yield "amount", "", self.amount, after.amount
        if self.effect != after.effect:
            yield "effect", "", self.effect, after.effect
        for kind, old, new in (("date", self.dates, after.dates), ("value", self.values, after.values)):
            for name in dict.fromkeys((*old, *new)):
                if old.get(name) != new.get(name):
                    yield ("date" if kind == "date" else "value"), name, old.get(name), new.get(name)

    def because(self, after: State) -> tuple[Because, ...]:
        """The conditions that are another in the state after."""
        found = []
        for slot in dict.fromkeys((*self.conditions, *after.conditions)):
            before, now = self.conditions.get(slot), after.conditions.get(slot)
            if before is not now:
                plan = after.plan if slot in after.conditions else self.plan
                found.append(Because(slot.rpartition(".")[2], before, now, clauses_of(plan, [slot])))
        return tuple(found)

    def days(self) -> Iterator[tuple[str, Days]]:
        """Each date by its name, and where it is the first of several, the others too."""
        for name, low in self.dates.items():
            for days in dict.fromkeys(((low, self.latest[name]), *self.several.get(name, ()))):
                yield name, days

    def passed(self, as_of: date) -> Sequence[tuple[str, date]]:
        """The dates that were over the day before, for certain."""
        return self._over.get(as_of - DAY, ())

    @cached_property
    def _over(self) -> Mapping[date, Sequence[tuple[str, date]]]:
        """By a day, the dates that are over with it."""
        found: dict[date, dict[tuple[str, date], None]] = {}
        for name, (_, high) in self.days():
            found.setdefault(high, {})[name, high] = None
        return {day: tuple(over) for day, over in found.items()}
