"""What a plan says of the facts that it reads: the constants that it compares them with, and which of them it reads at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from typing import Any

from dte_rules.engine.bearing import Bearing
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.operators import add, subtract
from dte_rules.feel.types import BOOLEAN, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Program

MOST_SUMS = 400
"""How many sums of two of the rules' durations are thought of."""
Kept = Mapping[str, Any]
"""The fields of facts that a plan reads, each with those of its own record; None for one that has no fields."""


class Clues:
    """What a plan says of its facts; the same for all facts and days, so it is worked out once."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program, self.plan = program, plan
        nodes = [node for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)]
        self.constants: tuple[Any, ...] = tuple(node.value for node in nodes if isinstance(node, core.Const))
        self.open: dict[str, bool] = {}
        """Open points; whether each stands for nothing but truth values, so that one can be supposed."""
        for node in nodes:
            if isinstance(node, core.Missing) and len(node.needs) == 1:
                (name,) = node.needs
                self.open[name] = node.type == BOOLEAN and self.open.get(name, True)
        self.fields = frozenset(node.name for node in nodes if isinstance(node, core.Field))
        self.compared: tuple[tuple[str, core.Expr], ...] = tuple(_compared(nodes))
        """Fields by their names, each with what it is compared with."""
        self.events: frozenset[tuple[str, str]] = frozenset(_events(nodes))
        """Record types of which the rules count only what has happened, each with the field that says when it did."""
        self._fields = self.events | {
            (owner.name, node.name) for node in nodes if isinstance(node, core.Field) for owner in [_record(node.base.type)] if owner
        }

    @cached_property
    def bearing(self) -> Bearing:
        """What can bear on which slot."""
        return Bearing(self.plan)

    @cached_property
    def numbers(self) -> tuple[Decimal, ...]:
        """The rules' numbers."""
        return tuple(dict.fromkeys(v for v in self.constants if type(v) is Decimal))

    @cached_property
    def near_numbers(self) -> tuple[Any, ...]:
        """The rules' numbers, and those next to them."""
        return tuple(around(self.numbers, Decimal(1)))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The rules' texts."""
        return tuple(dict.fromkeys(v for v in self.constants if isinstance(v, str)))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The rules' days."""
        return tuple(dict.fromkeys(v for v in self.constants if isinstance(v, date)))

    @cached_property
    def durations(self) -> tuple[Months | timedelta, ...]:
        """The rules' durations, and the sums of two of them."""
        own = list(dict.fromkeys(v for v in self.constants if isinstance(v, (Months, timedelta))))
        pairs = ((a, b) for a, b in product(own, own) if type(a) is type(b))
        sums = (add(a, b) for a, b in islice(pairs, MOST_SUMS))
        return (*own, *(s for s in sums if s is not None))

    @cached_property
    def kept(self) -> Kept:
        """The facts that the plan reads."""
        return {name: self._kept(type_, name) for name, type_ in self.program.facts.items() if self.bearing.read(name)}

    def known(self, facts: Any) -> list[Any]:
        """What is said in the facts that the plan reads."""
        return list(_leaves(facts, self.kept))

    def _kept(self, type_: Type, path: str) -> Kept | None:
        """By the paths that are read."""
        if isinstance(type_, Record):
            inner = {name: (t, f"{path}.{name}") for name, t in type_.fields.items()}
            return {name: self._kept(t, place) for name, (t, place) in inner.items() if self.bearing.read(place)}
        return self._kept_of_member(type_.element) if isinstance(type_, ListOf) else None

    def _kept_of_member(self, type_: Type) -> Kept | None:
        """Members have no paths in rules: by the fields that are read of such a record."""
        while isinstance(type_, ListOf):
            type_ = type_.element
        if not isinstance(type_, Record):
            return None
        return {name: self._kept_of_member(t) for name, t in type_.fields.items() if (type_.name, name) in self._fields}


def around(values: Iterable[Any], step: Any) -> list[Any]:
    """The values, and those a step before and after each, where there are such."""
    near = (each for value in values for each in (value, subtract(value, step), add(value, step)))
    return list(dict.fromkeys(each for each in near if each is not None))


def _leaves(value: Any, kept: Kept | None) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item, kept)
    elif kept is not None:
        for name, inner in kept.items():
            yield from _leaves(getattr(value, name, None), inner)
    elif value is not None:
        yield value


def _record(type_: Type) -> Record | None:
    """The record whose field is read: an expression's own, or that of its members."""
    while isinstance(type_, ListOf):
        type_ = type_.element
    return type_ if isinstance(type_, Record) else None


def _compared(nodes: Iterable[core.Expr]) -> Iterator[tuple[str, core.Expr]]:
    for node in nodes:
        pairs: Sequence[tuple[core.Expr, core.Expr]] = ()
        if isinstance(node, core.Compare):
            pairs = (node.left, node.right), (node.right, node.left)
        elif isinstance(node, core.Call) and node.function == "division_within":
            pairs = ((node.arguments[0], node.arguments[1]),)
        yield from ((side.name, other) for side, other in pairs if isinstance(side, core.Field))


def _events(nodes: Iterable[core.Expr]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, core.Call) and node.function == "happened":
            listed, dated_by = node.arguments[:2]
            if isinstance(listed.type, ListOf) and isinstance(listed.type.element, Record) and isinstance(dated_by, core.Const):
                yield listed.type.element.name, str(dated_by.value)
