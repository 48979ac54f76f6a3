"""A pack while it is put together: what has been taken in so far, file by file. One draft serves one call of the loader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from dte_rules.pack.model import (
    CalendarYear,
    Condition,
    DecisionItem,
    FactDeclaration,
    Function,
    Item,
    Parameter,
    Register,
    TableItem,
    Term,
)
from dte_rules.pack.schema.decisions import PARTS
from dte_rules.program.nodes import Interpretation, OpenPoint, Source, Target
from dte_rules.source.span import Span


@dataclass(frozen=True, slots=True)
class Owner:
    """Who brought an item in, and where it stands."""

    pack: str
    span: Span


@dataclass
class Draft:
    """Items by section. A section's items are in the order of the files; versions of one path stand together."""

    sources: dict[str, Source] = field(default_factory=dict)
    facts: dict[str, FactDeclaration] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    interpretations: dict[str, Interpretation] = field(default_factory=dict)
    open_points: dict[str, OpenPoint] = field(default_factory=dict)
    open_types: dict[str, str] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    terms: tuple[Term, ...] = ()
    tables: tuple[TableItem, ...] = ()
    decisions: tuple[DecisionItem, ...] = ()
    calendar: dict[int, CalendarYear] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    clauses: dict[str, Register] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    contents: list[tuple[str, object]] = field(default_factory=list)
    owners: dict[str, Owner] = field(default_factory=dict)
    """Every path that stands for something, sources, facts and single grants included."""

    def decision(self, path: str) -> DecisionItem | None:
        """The decision of a path, if it is there."""
        return next((decision for decision in self.decisions if decision.path == path), None)

    def add_decision(self, added: DecisionItem) -> None:
        """Take in a new decision, or append what is added to one that is there."""
        there = self.decision(added.path)
        if there is None:
            self.decisions += (added,)
            return
        parts = {part: getattr(there, part) + getattr(added, part) for part in PARTS}
        merged = replace(there, grants=there.grants + added.grants, **parts)
        self.decisions = tuple(merged if decision is there else decision for decision in self.decisions)

    def items(self) -> Iterator[Item]:
        """Every item with everything within it."""
        yield from self.parameters
        yield from self.functions
        for term in self.terms:
            yield term
            yield from term.rules
        yield from self.tables
        for decision in self.decisions:
            yield decision
            yield from parts_of(decision)


def parts_of(decision: DecisionItem) -> Iterator[Item]:
    """A decision's conditions, with the members of groups, and its grants."""
    for part in PARTS:
        yield from flatten(getattr(decision, part))
    yield from decision.grants


def flatten(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Conditions with all members of groups."""
    for condition in conditions:
        yield condition
        yield from flatten(condition.members)
