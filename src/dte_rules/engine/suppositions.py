"""Values worth supposing for an unknown fact: those that the rules' constants and the known facts suggest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from types import SimpleNamespace
from typing import Any

from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.operators import add, subtract
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Program

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
MOST_DATES = 6
"""How many days are supposed for a date of a supposed member."""
MOST_MEMBERS = 240
"""How many different members are supposed for an unknown list."""


class Suppositions:
    """Candidates for each unknown name of a plan; computed once for a run."""

    def __init__(self, program: Program, plan: Plan, facts: Any, as_of: date) -> None:
        self.program, self.as_of = program, as_of
        nodes = [node for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)]
        constants = [node.value for node in nodes if isinstance(node, core.Const)]
        self.open: dict[str, bool] = {}
        """Open points; whether each stands for nothing but truth values, so that one can be supposed."""
        for node in nodes:
            if isinstance(node, core.Missing) and len(node.needs) == 1:
                (name,) = node.needs
                self.open[name] = node.type == BOOLEAN and self.open.get(name, True)
        self.fields = {node.name for node in nodes if isinstance(node, core.Field)}
        self.compared = _compared(nodes, facts)
        known = list(_leaves(facts))
        self.numbers = _around([v for v in constants + known if type(v) is Decimal], Decimal(1))
        self.texts = list(dict.fromkeys([v for v in known + constants if isinstance(v, str)] + ["〇"]))
        durations = [v for v in constants if isinstance(v, (Months, timedelta))]
        fixed = [as_of, *(v for v in constants + known if isinstance(v, date))]
        sums = [add(a, b) for a in durations for b in durations if type(a) is type(b)]
        moved = [subtract(as_of, duration) for duration in durations + sums]
        days = [d for d in fixed + moved if isinstance(d, date)]
        self.dates = _around([*days, date(1900, 1, 1)], timedelta(days=1))
        self._found: dict[str, Sequence[Any]] = {}

    def of(self, name: str) -> Sequence[Any]:
        """Values for a fact's path or an open point; none for what can't be supposed."""
        if name not in self._found:
            self._found[name] = self._candidates(name)
        return self._found[name]

    def _candidates(self, name: str) -> Sequence[Any]:
        if name in self.open:
            return (True, False) if self.open[name] else ()
        type_ = type_at(self.program.facts, name)
        return () if type_ is None else tuple(self._values(type_))

    def _values(self, type_: Type) -> Iterable[Any]:
        match type_:
            case Enum(_, values):
                return values
            case ListOf(Record() as record):
                return [(), *((member,) for member in self._members(record))]
            case ListOf(element):
                return [(), *((value,) for value in self._values(element))]
            case Record() as record:
                return list(self._members(record))
            case _ if type_ == BOOLEAN:
                return (True, False)
            case _ if type_ == NUMBER:
                return self.numbers
            case _ if type_ == DATE:
                return self.dates
            case _ if type_ == STRING:
                return self.texts
            case _:
                return ()

    def _members(self, record: Record) -> Iterable[Any]:
        """Members that differ in the fields that the rules read; the rest of their fields stays unknown."""
        names = [name for name in record.fields if name in self.fields]
        columns = [self._of_member(name, record.fields[name]) for name in names]
        nothing = dict.fromkeys(record.fields)
        for values in islice(product(*columns), MOST_MEMBERS):
            yield SimpleNamespace(**{**nothing, **dict(zip(names, values, strict=True))})

    def _of_member(self, name: str, type_: Type) -> list[Any]:
        """A few values for a field of a supposed member: those that it is compared with, and another."""
        values = list(self._values(type_))
        wanted = [v for v in self.compared.get(name, ()) if v in values or type_ == STRING]
        if type_ == DATE:
            return [day for day in values if day <= self.as_of][:MOST_DATES]
        if isinstance(type_, Enum) or type_ in (STRING, NUMBER):
            return (wanted + [v for v in values if v not in wanted][:1]) or [None]
        return values or [None]


def _compared(nodes: Iterable[core.Expr], facts: Any) -> dict[str, list[Any]]:
    """By a field's name, the values that the rules compare it with: constants, and known facts."""
    found: dict[str, list[Any]] = {}

    def note(side: core.Expr, other: core.Expr) -> None:
        if isinstance(side, core.Field):
            value = other.value if isinstance(other, core.Const) else _fact(other, facts)
            if value is not None and value not in found.setdefault(side.name, []):
                found[side.name].append(value)

    for node in nodes:
        if isinstance(node, core.Compare):
            note(node.left, node.right)
            note(node.right, node.left)
        elif isinstance(node, core.Call) and node.function == "division_within":
            note(*node.arguments[:2])
    return found


def _fact(expr: core.Expr, facts: Any) -> Any:
    """The value of a fact that is read by its path, if it is known."""
    if isinstance(expr, core.Ref):
        return getattr(facts, expr.name, None)
    if isinstance(expr, core.Field):
        base = _fact(expr.base, facts)
        return None if base is None or isinstance(base, tuple) else getattr(base, expr.name, None)
    return None


def type_at(roots: Mapping[str, Type], path: str) -> Type | None:
    """The type of a fact by its path, as ``person.insurance[1].paying_now``; None where there is none."""
    current: Type | None = Record("facts", roots)
    for name, position in _STEP.findall(path):
        if position:
            current = current.element if isinstance(current, ListOf) else None
        else:
            current = current.fields.get(name) if isinstance(current, Record) else None
    return current


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif hasattr(value, "model_fields_set"):
        for part in value.__dict__.values():
            yield from _leaves(part)
    elif value is not None:
        yield value


def _around(values: Iterable[Any], step: Any) -> list[Any]:
    """The values, and those a step before and after each."""
    return list(dict.fromkeys(near for value in values for near in (value, value - step, value + step)))
