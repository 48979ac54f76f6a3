"""On which days a decision is met: every day of a span is decided, equal days are put together, each turn is explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel

from dte_rules.advice.causes import Cause, Comparison
from dte_rules.advice.inquiry import Inquiry
from dte_rules.advice.view import View, token
from dte_rules.engine.face import outcome
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import Citation, Decision, Label

ONE_DAY = timedelta(days=1)
MOST_DAYS = 366 * 60
"""The longest span that is decided day by day."""
Part = Literal["requires", "excludes", "soft", "delegates", "empowers", "grants"]


@dataclass(frozen=True)
class Stretch:
    """Days in a row with one outcome; ``first`` and ``last`` belong to it."""

    first: date
    last: date
    verdict: Verdict
    amount: Decimal | None = None
    effect: str | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Turned:
    """A condition that turned: its value before and after, None where it was unknown or not in force, and why.

    ``gone``: it is no longer in force, because another document took its place.
    """

    slot: str
    part: Part
    title: Label | None
    before: Any
    after: Any
    causes: tuple[Cause, ...]
    cites: tuple[Citation, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Turn:
    """Where one stretch ends and the next begins: the first day of the next, and the conditions that made it."""

    day: date
    turned: tuple[Turned, ...]


@dataclass(frozen=True)
class Timeline:
    """The stretches of a span of days, in order, without gaps; ``turns[i]`` stands between stretch ``i`` and ``i + 1``."""

    region: str
    decision: str
    first: date
    last: date
    stretches: tuple[Stretch, ...]
    turns: tuple[Turn, ...]

    def opens(self, index: int) -> Turn | None:
        """What opened a stretch; None for the first of the span."""
        return self.turns[index - 1] if index else None

    def closes(self, index: int) -> Turn | None:
        """What closed a stretch; None for the last of the span."""
        return self.turns[index] if index < len(self.turns) else None


def when(inquiry: Inquiry, facts: BaseModel, first: date, last: date) -> Timeline:
    """The timeline of a question over a span of days, both of which belong to it; the facts are closed under their implications.

    Raises:
        ValueError: for a span that is empty or longer than ``MOST_DAYS``.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValueError(f"the span must have from 1 to {MOST_DAYS} days")
    stretches = tuple(_stretches(inquiry, facts, first, last))
    turns = tuple(_turn(inquiry, facts, a, b) for a, b in pairwise(stretches))
    return Timeline(inquiry.program.name, inquiry.decision, first, last, stretches, turns)


def _stretches(inquiry: Inquiry, facts: BaseModel, first: date, last: date) -> Iterator[Stretch]:
    start, current = first, _outcome(inquiry, facts, first)
    day = first
    while day < last:
        day += ONE_DAY
        reached = _outcome(inquiry, facts, day)
        if reached != current:
            yield Stretch(start, day - ONE_DAY, *current)
            start, current = day, reached
    yield Stretch(start, last, *current)


def _outcome(inquiry: Inquiry, facts: BaseModel, day: date) -> tuple[Any, Any, Any]:
    return outcome(inquiry.plan(day).decision, inquiry.run(facts, day))


def _turn(inquiry: Inquiry, facts: BaseModel, old: Stretch, new: Stretch) -> Turn:
    views = [View(inquiry.program, inquiry.plan(day), facts, day) for day in (old.last, new.first)]
    comparison = Comparison(*views)
    question = inquiry.program.decisions[inquiry.decision]
    found = [_turned(comparison, slot, part) for slot, part in _slots(question)]
    changed = [each for each in found if each is not None]
    telling = [each for each in changed if _tells(each, old.verdict, new.verdict)]
    return Turn(new.first, tuple(telling or changed))


def _turned(comparison: Comparison, slot: str, part: Part) -> Turned | None:
    before, after = comparison.value(slot)
    if token(before) == token(after):
        return None
    rule = comparison.after.plan.by_slot.get(slot) or comparison.before.plan.by_slot[slot]
    causes = tuple(comparison.of(slot))
    gone = slot not in comparison.after.plan.by_slot
    return Turned(slot, part, rule.title, _plain(before), _plain(after), causes, rule.cites, gone)


def _slots(question: Decision) -> Iterator[tuple[str, Part]]:
    parts: tuple[tuple[Part, tuple[str, ...]], ...] = (
        ("requires", question.requires),
        ("excludes", question.excludes),
        ("soft", question.soft),
        ("delegates", question.delegates),
        ("empowers", question.empowers),
        ("grants", question.grants),
    )
    for part, slots in parts:
        for slot in slots:
            yield slot, part


def _tells(turned: Turned, old: Verdict, new: Verdict) -> bool:
    """Whether a condition that turned is one that made the turn: where the verdict is a refusal, only what refuses counts."""
    refusing = {"requires": False, "excludes": True}.get(turned.part)
    if new == "not_met":
        return refusing is not None and turned.after is refusing
    if old == "not_met":
        return refusing is not None and turned.before is refusing
    return True


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, Decimal, str, date)) else None
