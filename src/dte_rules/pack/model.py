"""A pack as its author wrote it, after inheritance: items with their texts, places, clauses and days in force.

Nothing is resolved or typed here: conditions are snippets of FEEL. Items of one path may stand several times, as versions whose
periods don't overlap, where a pack overrides what it inherits from its own source's first day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from dte_rules.program.nodes import ALWAYS, Citation, HitPolicy, Interpretation, Label, OpenPoint, Period, Source, Target, Under
from dte_rules.source.span import Snippet, Span

Scalar = Decimal | str | bool | date


@dataclass(frozen=True, kw_only=True)
class Item:
    """What every named item has. ``path`` is dotted, as ``decisions.training_subsidy.requires.hours``; ``span`` is its key's.

    ``period`` is the item's own, else its sources' (the intersection), less the days from which another pack overrides it.
    """

    path: str
    span: Span
    pack: str
    cites: tuple[Citation, ...] = ()
    period: Period = ALWAYS
    under: Under = ()
    title: Label | None = None

    @property
    def id(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Parameter(Item):
    """A dated number, text, date or duration. ``values`` are (period, value, place), a text that begins with @ a literal."""

    values: tuple[tuple[Period, Scalar, Span], ...]


@dataclass(frozen=True, kw_only=True)
class Function(Item):
    """A formula with parameters (name, type's name), inlined where it is called."""

    parameters: tuple[tuple[str, str], ...]
    body: Snippet
    result: str | None = None


@dataclass(frozen=True, kw_only=True)
class TermRule(Item):
    """A conclusion of a term, where ``when`` holds and no exception to it does. It is an exception to ``excepts``."""

    when: Snippet | None
    then: Snippet
    excepts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Term(Item):
    """A derived fact: one formula, or rules. Where no rule applies it is ``otherwise``, or unknown."""

    formula: Snippet | None = None
    rules: tuple[TermRule, ...] = ()
    otherwise: Snippet | None = None


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A row as written: cells for the inputs, then for the outputs. A cell's snippet is FEEL, or a bare text as in the notice."""

    cells: tuple[Snippet, ...]
    bare: tuple[bool, ...]
    span: Span
    id: str
    cites: tuple[Citation, ...] = ()
    period: Period = ALWAYS


@dataclass(frozen=True, kw_only=True)
class TableItem(Item):
    """A decision table."""

    hit: HitPolicy
    hit_span: Span
    inputs: tuple[Snippet, ...]
    outputs: tuple[str, ...]
    rows: tuple[TableRow, ...]
    otherwise: tuple[Snippet, ...] | None = None
    priorities: tuple[Snippet, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Condition(Item):
    """A named condition: a formula, or a group of named conditions.

    ``to`` names the document of a delegation, ``by`` the authority of a power, in words.
    """

    kind: Literal["when", "all", "any", "none"]
    when: Snippet | None = None
    members: tuple[Condition, ...] = ()
    to: Label | None = None
    by: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Grant(Item):
    """A named result: the amount, the effect, a date or a value."""

    formula: Snippet


@dataclass(frozen=True, kw_only=True)
class DecisionItem(Item):
    """A question of the pack. ``grants`` have the paths ``….grants.amount``, ``.effect``, ``.dates.x``, ``.values.x``."""

    modality: Literal["entitlement", "duty", "prohibition", "discretion", "constitutive"] = "entitlement"
    requires: tuple[Condition, ...] = ()
    excludes: tuple[Condition, ...] = ()
    soft: tuple[Condition, ...] = ()
    delegates: tuple[Condition, ...] = ()
    empowers: tuple[Condition, ...] = ()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarYear:
    """The rest days and make-up working days of a year, by its notice."""

    year: int
    holidays: tuple[tuple[date, date], ...]
    workdays: tuple[date, ...]
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FactDeclaration:
    """A fact that a pack adds to the vocabulary: its dotted path, type as written, label and question."""

    path: str
    type: object
    label: Label
    question: Label
    span: Span


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause of a document with what became of it: paths of rules and soft conditions, ids of all else, or words."""

    locator: str
    span: Span
    rules: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    delegated: Label | None = None
    not_executable: Label | None = None
    note: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Register:
    """The clauses of a document by locator, and the digest of the text that they were taken from."""

    source: str
    pack: str
    digest: str
    digest_span: Span
    clauses: Mapping[str, Clause]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack and all that it inherits and uses."""

    name: str
    version: str
    jurisdiction: str
    title: Label
    digest: str
    files: tuple[str, ...]
    sources: Mapping[str, Source]
    facts: tuple[FactDeclaration, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    interpretations: Mapping[str, Interpretation] = field(default_factory=dict)
    open_points: Mapping[str, OpenPoint] = field(default_factory=dict)
    open_types: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    terms: tuple[Term, ...] = ()
    tables: tuple[TableItem, ...] = ()
    decisions: tuple[DecisionItem, ...] = ()
    calendar: tuple[CalendarYear, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    clauses: Mapping[str, Register] = field(default_factory=dict)
    span: Span | None = None
