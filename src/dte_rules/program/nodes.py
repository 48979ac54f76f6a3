"""The program: a compiled pack. Frozen, typed, and all that engines, batch and analysis ever see of a pack.

A program is a set of *rules*; each concludes one named fact, its *slot* (a table concludes one per output). Rules of one slot
are versions of one another: at most one is in force on a day under a choice of readings. Every rule keeps the place it
came from and the clauses it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import Type
from dte_rules.source.span import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the two languages."""

    zh: str
    en: str

    def text(self, lang: Literal["zh", "en"]) -> str:
        """The text in one language, or in the other where it lacks one."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause: a document's id and a locator in it, as ``四（四） 第2句``."""

    source: str
    locator: str
    span: Span | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.source} {self.locator}".strip()


@dataclass(frozen=True, slots=True)
class Period:
    """Days in force: from ``start``, up to but without ``end``; None is without limit."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def intersect(self, other: Period) -> Period | None:
        """The days that are in both; None where there are none."""
        start = max((d for d in (self.start, other.start) if d is not None), default=None)
        end = min((d for d in (self.end, other.end) if d is not None), default=None)
        return None if start is not None and end is not None and start >= end else Period(start, end)


ALWAYS = Period()

Under = tuple[tuple[str, tuple[str, ...]], ...]
"""Readings under which a rule stands: for each interpretation named, one of the readings must be chosen."""

HitPolicy = Literal["unique", "any", "first", "priority", "collect", "collect sum", "collect min", "collect max", "collect count"]


@dataclass(frozen=True)
class Formula:
    """The slot's value is an expression's."""

    expr: core.Expr


@dataclass(frozen=True)
class Group:
    """A condition made of others: all of the members, any of them, or none. Members not in force are left out."""

    kind: Literal["all", "any", "none"]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table. ``tests[i]`` is a condition on the i-th input (``Var('?1')`` ...), None where any value will do."""

    id: str
    tests: tuple[core.Expr | None, ...]
    outputs: tuple[core.Expr, ...]
    cites: tuple[Citation, ...] = ()
    period: Period = ALWAYS
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Table:
    """A decision table. Output ``i`` is concluded as slot ``outputs[i]``.

    Where no row can match, the outputs are ``otherwise``; None leaves them unknown, and the row is what is missing. Under
    ``priority`` the row whose first output stands first in ``priorities`` wins. ``collect`` gives the list of the outputs.
    """

    inputs: tuple[core.Expr, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    hit: HitPolicy = "unique"
    otherwise: tuple[core.Expr, ...] | None = None
    priorities: tuple[core.Expr, ...] = ()


Body = Formula | Group | Table
RuleKind = Literal["parameter", "term", "table", "condition", "grant"]


@dataclass(frozen=True)
class Rule:
    """One version of what concludes a slot.

    ``slot`` is the dotted name: a term's or table's id, or ``decision.part.id`` for conditions and grants
    (``training_subsidy.requires.hours``, ``training_subsidy.grants.amount``).
    """

    slot: str
    kind: RuleKind
    type: Type = field(compare=False, repr=False)
    body: Body
    period: Period = ALWAYS
    under: Under = ()
    cites: tuple[Citation, ...] = ()
    title: Label | None = None
    pack: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that it concludes."""
        return self.body.outputs if isinstance(self.body, Table) else (self.slot,)

    @property
    def id(self) -> str:
        """The last part of the slot's name, by which a decision reports it."""
        return self.slot.rpartition(".")[2]


@dataclass(frozen=True)
class Reading:
    """One way to read a clause."""

    id: str
    label: Label


@dataclass(frozen=True)
class Interpretation:
    """An ambiguous clause: the question, and its readings, the default first."""

    id: str
    question: Label
    readings: tuple[Reading, ...]
    clarify: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def default(self) -> str:
        """The reading that holds where none is chosen."""
        return self.readings[0].id


@dataclass(frozen=True)
class Source:
    """A document: its number, title, day of issue, and days in force."""

    id: str
    number: str = ""
    title: Label | None = None
    issued: date | None = None
    period: Period = ALWAYS
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class OpenPoint:
    """A point that the text leaves open, or another document to which it leaves the matter; its id stands in ``missing``."""

    id: str
    question: Label
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Target:
    """A number that a document sets as a goal: ``value`` of ``unit`` each year, or up to the day ``through``. No rule rests on it."""

    id: str
    title: Label
    value: Decimal
    unit: Label | None = None
    every: Literal["year"] | None = None
    through: date | None = None
    at_least: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Decision:
    """A question and the slots that answer it; each part is in the order of the pack.

    The hard part is: every slot of ``requires`` holds and none of ``excludes``. ``soft`` slots, if false, and ``empowers``
    slots, if true, lead to discretion; ``delegates`` slots, if true, to `undetermined`, for want of the slot's last name.
    ``amount``, ``effect`` and ``values`` are grants; ``dates`` are given where known.
    """

    id: str
    title: Label
    modality: Literal["entitlement", "duty", "prohibition", "discretion", "constitutive"]
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    delegates: tuple[str, ...] = ()
    empowers: tuple[str, ...] = ()
    amount: str | None = None
    effect: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def grants(self) -> tuple[str, ...]:
        """The slots that must be known for a grant: amount, effect and values."""
        return tuple(s for s in (self.amount, self.effect) if s) + tuple(slot for _, slot in self.values)

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot that the decision reads."""
        parts = self.requires + self.excludes + self.soft + self.delegates + self.empowers
        return parts + self.grants + tuple(slot for _, slot in self.dates)


@dataclass(frozen=True)
class Program:
    """A compiled pack. ``rules`` stand in an order in which each rule comes after those it reads; ``strata`` numbers them."""

    name: str
    version: str
    digest: str
    jurisdiction: str
    title: Label
    rules: tuple[Rule, ...]
    strata: Mapping[str, int]
    decisions: Mapping[str, Decision]
    interpretations: Mapping[str, Interpretation]
    sources: Mapping[str, Source]
    open_points: Mapping[str, OpenPoint]
    facts: Mapping[str, Type]
    calendar: Calendar
    targets: Mapping[str, Target] = field(default_factory=dict)

    def versions(self, slot: str) -> tuple[Rule, ...]:
        """All versions of what concludes a slot."""
        return tuple(rule for rule in self.rules if slot in rule.slots)
