"""What comparing two packs gives: people whom they treat differently, or the proof that there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dateutil.relativedelta import relativedelta

from dte_rules.analysis.effects import Order
from dte_rules.analysis.space import Horizon
from dte_rules.analysis.typical import typical_facts
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Plan, changes
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.functions import call
from dte_rules.program.nodes import Program

SideName = Literal["a", "b"]


@dataclass(frozen=True)
class Options:
    """How two packs are compared: on a day or, without one, on any day of the last stretch of law that both share.

    ``settle`` takes delegations as fulfilled where a decision says anything beside them. ``near`` are the facts of a person to
    whom witnesses are kept near, before the typical person.
    """

    as_of: date | None = None
    settle: bool = True
    horizon: Horizon = field(default_factory=Horizon)
    timeout: float = 4.0
    near: Mapping[str, Any] | None = None
    typical: Mapping[str, Any] = field(default_factory=typical_facts)
    readings: Mapping[SideName, Mapping[str, str]] = field(default_factory=dict)
    brief: bool = False
    """Whether only to ask if there is anybody, and to show nobody."""


@dataclass(frozen=True)
class Person:
    """A person whom the two packs treat differently, with both decisions.

    ``because`` is the condition that alone makes it so, ``route`` the one way by which the granter's condition of that name holds.
    """

    facts: Mapping[str, Any]
    as_of: date
    a: Decision
    b: Decision
    because: str | None = None
    route: str | None = None


@dataclass(frozen=True)
class Direction:
    """Whom one side grants and the other doesn't: refusals, and cases in which the other can't say.

    ``somebody`` says that there is a refusal, ``nobody`` that it is proved that there is none; ``unsure`` names what the solver
    could not tell in time.
    """

    granter: SideName
    refused: tuple[Person, ...] = ()
    nobody: bool = False
    somebody: bool = False
    undetermined: Person | None = None
    never_undetermined: bool = False
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True)
class EffectPair:
    """Two effects that one certificate can have, how the first stands to the second, and a person."""

    a: str
    b: str
    order: Order
    person: Person


@dataclass(frozen=True)
class Meaning:
    """A decision of two packs compared in meaning.

    ``settled`` are the delegations taken as fulfilled, by side. ``unspecified`` are the sides on which the text never decides.
    ``amounts`` are people whom both grant, with different amounts; ``same_amount`` says that it is proved there is none.
    ``values`` are other results that differ for somebody, each with a person.
    """

    decision: str
    period: tuple[date, date]
    horizon: Horizon
    directions: tuple[Direction, ...] = ()
    amounts: tuple[Person, ...] = ()
    same_amount: bool | None = None
    no_amount: tuple[SideName, ...] = ()
    effects: tuple[EffectPair, ...] = ()
    same_effect: bool | None = None
    values: tuple[tuple[str, Person], ...] = ()
    unspecified: tuple[SideName, ...] = ()
    settled: Mapping[SideName, tuple[str, ...]] = field(default_factory=dict)
    not_analysed: str | None = None
    unsure: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is proved that nobody is treated differently."""
        return (
            self.not_analysed is None
            and not self.unsure
            and bool(self.directions)
            and all(d.nobody and d.never_undetermined for d in self.directions)
            and self.same_amount is not False
            and self.same_effect is not False
            and not self.values
        )


def shared(a: Program, b: Program) -> tuple[str, ...]:
    """The decisions that both have, in the order of the first."""
    return tuple(name for name in a.decisions if name in b.decisions)


def stretch(programs: Sequence[Program], as_of: date | None) -> tuple[date, date]:
    """The first and the last day on which the law is as on a day; without one, from the last change to the end of the known calendar."""
    days = sorted({day for program in programs for day in changes(program)})
    years = [year for program in programs for year in program.calendar.years]
    last = date(max(years), 12, 31) if years else date(2026, 12, 31)
    if as_of is not None:
        return as_of, as_of
    first = days[-1] if days else date(last.year, 1, 1)
    return first, max(last, first)


def usual_day(period: tuple[date, date]) -> date:
    """The day of a stretch for which witnesses are looked for first."""
    wanted = period[0] + relativedelta(months=5, day=10)
    return min(max(wanted, period[0]), period[1])


def says_something(made: Plan) -> bool:
    """Whether a decision says anything beside what it leaves to other documents."""
    decision = made.decision
    return bool(decision.requires or decision.excludes or decision.grants)


def hard_slots(made: Plan) -> tuple[str, ...]:
    """The slots of the hard part."""
    return made.decision.requires + made.decision.excludes


def within(code: str, outer: str) -> bool:
    """Whether a division lies within another."""
    return call("division_within", [code, outer], Calendar()) is True


def wished_places(a: str, b: str, granter: SideName, known: Sequence[str]) -> tuple[str, ...]:
    """Where witnesses should live and work: in the narrower region, then elsewhere in the wider; else with the granter first."""
    inner, outer = (a, b) if within(a, b) else (b, a) if within(b, a) else ("", "")
    if not inner:
        return (a, b) if granter == "a" else (b, a)
    elsewhere = [place for place in known if within(place, outer) and place not in (inner, outer) and not within(place, inner)]
    return (inner, *elsewhere[:1], outer) if inner != outer else (inner,)
