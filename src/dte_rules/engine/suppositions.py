"""Values worth supposing for an unknown fact: those that the rules' constants and the known facts suggest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from types import SimpleNamespace
from typing import Any

from dte_rules.engine.clues import Clues, around
from dte_rules.engine.plan import Plan
from dte_rules.feel import core
from dte_rules.feel.operators import subtract
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.program.nodes import Program

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
PLAIN = (bool, Decimal, str, date)
"""Values of which a supposition may be another; lists and records are none."""
MOST_DATES = 6
"""How many days are supposed for a date of a supposed member."""
MOST_MEMBERS = 240
"""How many different members are supposed for an unknown list."""


class Suppositions:
    """Candidates for each unknown name of a plan; for one person and one day. ``clues`` are the plan's, where they are known already."""

    def __init__(self, program: Program, plan: Plan, facts: Any, as_of: date, *, clues: Clues | None = None) -> None:
        self.program, self.facts, self.as_of = program, facts, as_of
        self.clues = Clues(program, plan) if clues is None else clues
        self.open = self.clues.open
        self._found: dict[str, Sequence[Any]] = {}

    @cached_property
    def known(self) -> Sequence[Any]:
        """What is known of the facts that the rules read; others suggest nothing."""
        return self.clues.known(self.facts)

    @cached_property
    def numbers(self) -> Sequence[Any]:
        """The rules' numbers and those of the facts, and those next to them."""
        return list(dict.fromkeys([*self.clues.near_numbers, *around([v for v in self.known if type(v) is Decimal], Decimal(1))]))

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts of the facts and of the rules, and another."""
        return list(dict.fromkeys([*(v for v in self.known if isinstance(v, str)), *self.clues.texts, "〇"]))

    @cached_property
    def dates(self) -> Sequence[date]:
        """Days of the rules and of the facts, and those so long before the day asked about as the rules' durations; days next to them."""
        return around(self._days, timedelta(days=1))

    @cached_property
    def _days(self) -> Sequence[date]:
        days = [self.as_of, *self.clues.days, *(v for v in self.known if isinstance(v, date))]
        moved = [subtract(self.as_of, duration) for duration in self.clues.durations]
        return [*days, *(day for day in moved if day is not None), date(1900, 1, 1)]

    @cached_property
    def compared(self) -> Mapping[str, Sequence[Any]]:
        """By a field's name, the values that the rules compare it with: constants, and known facts."""
        found: dict[str, list[Any]] = {}
        seen: set[tuple[str, type, Any]] = set()
        for name, other in self.clues.compared:
            value = other.value if isinstance(other, core.Const) else _fact(other, self.facts)
            if value is None or not isinstance(value, PLAIN) or (name, type(value), value) in seen:
                continue
            seen.add((name, type(value), value))
            found.setdefault(name, []).append(value)
        return found

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
        names = [name for name in record.fields if name in self.clues.fields]
        columns = [self._of_member(name, record.fields[name]) for name in names]
        nothing = dict.fromkeys(record.fields)
        for values in islice(product(*columns), MOST_MEMBERS):
            yield SimpleNamespace(**{**nothing, **dict(zip(names, values, strict=True))})

    def _of_member(self, name: str, type_: Type) -> list[Any]:
        """A few values for a field of a supposed member: those that it is compared with, and another."""
        values = list(self._values(type_))
        if type_ == DATE:
            days = dict.fromkeys([*self._days, *values])
            return list(islice((day for day in days if day <= self.as_of), MOST_DATES))
        if isinstance(type_, Enum) or type_ in (STRING, NUMBER):
            thought_of = set(values)
            wanted = dict.fromkeys(v for v in self.compared.get(name, ()) if v in thought_of or type_ == STRING)
            return [*wanted, *islice((v for v in values if v not in wanted), 1)] or [None]
        return values or [None]


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
