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
MOST_MEMBERS = 240
"""How many different members are supposed for an unknown list."""


class Suppositions:
    """Candidates for each unknown name of a plan; computed once for a run."""

    def __init__(self, program: Program, plan: Plan, facts: Any, as_of: date) -> None:
        self.program, self.as_of = program, as_of
        nodes = [node for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)]
        constants = [node.value for node in nodes if isinstance(node, core.Const)]
        self.open = {node.needs[0]: node.type for node in nodes if isinstance(node, core.Missing) and len(node.needs) == 1}
        self.fields = {node.name for node in nodes if isinstance(node, core.Field)}
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
            return (True, False) if self.open[name] == BOOLEAN else ()
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
        columns = [list(self._values(record.fields[name])) or [None] for name in names]
        events = [c if not c or not isinstance(c[0], date) else [d for d in c if d <= self.as_of][:6] for c in columns]
        nothing = dict.fromkeys(record.fields)
        for values in islice(product(*events), MOST_MEMBERS):
            yield SimpleNamespace(**{**nothing, **dict(zip(names, values, strict=True))})


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
        for name in value.model_fields_set:
            yield from _leaves(getattr(value, name))
    elif value is not None:
        yield value


def _around(values: Iterable[Any], step: Any) -> list[Any]:
    """The values, and those a step before and after each."""
    return list(dict.fromkeys(near for value in values for near in (value, value - step, value + step)))
