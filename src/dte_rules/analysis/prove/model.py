"""What a property is once it is read and checked, and what proving it gives. Nothing here needs the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dte_rules.analysis.prove.policy import Policy
from dte_rules.analysis.prove.schema import Outcome, PropertiesFile, PropertyForm
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Readings
from dte_rules.feel import core
from dte_rules.program.nodes import Citation, Label
from dte_rules.source.diagnostic import Lang
from dte_rules.source.document import Document
from dte_rules.source.span import Span

Found = Literal["holds", "fails", "not_specified", "could_not_tell"]
Way = Literal["solver", "grid", "histories"]


@dataclass(frozen=True)
class File:
    """A file of properties of which the form is right."""

    document: Document
    content: PropertiesFile

    @property
    def ids(self) -> tuple[str, ...]:
        """The properties' ids, in order."""
        return tuple(form.id for form in self.content.properties)


@dataclass(frozen=True)
class Days:
    """The days for which a case may be asked, the last one among them."""

    first: date
    last: date


@dataclass(frozen=True)
class Side:
    """A case of a property, of one pack and one decision.

    ``like`` is the case that it is like, None for the first. ``slots`` are those that the property reads, each with its name in the
    property (``derived.claim_deadline``); ``facts`` the facts that are given, by path.
    """

    name: str
    policy: Policy
    decision: str
    days: Days | None
    readings: Mapping[str, str]
    settles: bool
    slots: Mapping[str, str]
    facts: Mapping[str, core.Expr]
    like: str | None = None
    differs: frozenset[str] = frozenset()
    rises: frozenset[str] = frozenset()
    adds: frozenset[str] = frozenset()
    knows_more: bool = False

    def departures(self, choices: Mapping[str, Any]) -> Readings:
        """The readings of the case that depart from its pack's defaults, given what is chosen for the points left open."""
        own = self.policy.program.interpretations
        chosen = {**self.readings, **{name: value for name, value in choices.items() if isinstance(value, str)}}
        return tuple(sorted((i, r) for i, r in chosen.items() if i in own and r != own[i].default))


@dataclass(frozen=True)
class Claims:
    """A row of claims: what may be claimed each time and on which days, and what is entered when one is granted."""

    side: Side
    days: tuple[date, ...]
    most: int
    each: Mapping[str, tuple[Any, ...]]
    enters: str
    entry: Mapping[str, core.Expr]


@dataclass(frozen=True)
class Question:
    """A property put to one choice of packs and decisions: its cases, and its two expressions over them."""

    sides: tuple[Side, ...]
    given: core.Expr
    then: core.Expr
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    claims: Claims | None = None


@dataclass(frozen=True)
class Choice:
    """A point that is left open, with what it may be: a reading's id, or a truth value."""

    name: str
    question: Label
    cites: tuple[Citation, ...]
    values: tuple[str | bool, ...]
    kind: Literal["interpretation", "open", "unsaid"]
    labels: Mapping[str, Label] = field(default_factory=dict)

    def words(self, value: str | bool, lang: Lang) -> str:
        """A value in words."""
        if isinstance(value, bool):
            return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
        return self.labels[value].text(lang) if value in self.labels else value


@dataclass(frozen=True)
class Ready:
    """A property that is checked and can be proved."""

    form: PropertyForm
    span: Span
    title: Label
    because: Label | None
    cites: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def id(self) -> str:
        """The property's id."""
        return self.form.id

    @property
    def expect(self) -> Outcome | None:
        """The outcome that is expected."""
        return self.form.expect

    @property
    def way(self) -> Way:
        """How it is proved."""
        return "histories" if self.form.history is not None else "grid" if self.form.each else "solver"


@dataclass(frozen=True)
class Shown:
    """A case of an example with the engine's decision.

    ``settled`` are the delegations taken as fulfilled. ``values`` are the results that the statement reads, by the names that it
    has for them; ``named`` the paths of facts that it names. ``whole`` says whether its verdict is one of them, or at least could
    be: a case of a grid may be about a table alone.
    """

    side: Side
    facts: Mapping[str, Any]
    as_of: date
    decision: Decision
    settled: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True)
class Example:
    """Cases that show how a property comes out. ``then`` is what the statement is there: false, null or unknown.

    ``variables`` are the values of ``each``; ``steps`` a row of claims, ``other`` the same claims in another order. ``missing`` names what
    the statement lacks where it is unknown.
    """

    cases: tuple[Shown, ...]
    then: Literal["false", "null", "unknown"]
    variables: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Shown, ...] = ()
    other: tuple[Shown, ...] = ()
    missing: tuple[str, ...] = ()


FACTS_NOT_GIVEN = "facts not given"
"""Why a statement about values that are tried one by one could not be told: its cases don't give facts on which it rests."""


@dataclass(frozen=True)
class Branch:
    """What comes out under one choice for the points left open; ``why`` says why it could not be told."""

    choices: Mapping[str, str | bool]
    outcome: Found
    example: Example | None = None
    why: str = ""
    idle: bool = False
    """Whether ``given`` is never true, so that nothing was stated of anybody."""


@dataclass(frozen=True)
class Proved:
    """A property with its outcome.

    ``branches`` has more than one where something is left open. ``checked`` is how many cases or rows of claims were decided one by
    one; ``horizon`` are the words of what was covered.
    """

    ready: Ready
    outcome: Found
    branches: Sequence[Branch]
    checked: int = 0
    periods: tuple[Days, ...] = ()
    horizon: Mapping[Lang, str] = field(default_factory=dict)

    @property
    def of_nobody(self) -> bool:
        """Whether it states that there is nobody as ``given`` says: ``then`` is plainly ``false``."""
        return all(isinstance(q.then, core.Const) and q.then.value is False for q in self.ready.questions)

    @property
    def empty(self) -> bool:
        """Whether it holds only because ``given`` is true of nobody, though that isn't what it states."""
        return self.outcome == "holds" and not self.of_nobody and all(branch.idle for branch in self.branches)

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is the one that is expected; without an expectation, whether the property holds. An empty one never is."""
        return self.outcome == (self.ready.expect or "holds") and not self.empty

    @property
    def example(self) -> Example | None:
        """The example of the first branch that has one."""
        return next((branch.example for branch in self.branches if branch.example is not None), None)
