"""Ways to turn a condition: facts and other values for them with which it comes out as wanted, found along its structure.

What `engine.missing` does for unknown facts is done here for known ones too. A way need not be exact (`what_if` moves its values to
the nearest that will do) and is a proposal only: whether it turns the verdict is found by deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from dte_rules.advice.inquiry import Inquiry
from dte_rules.advice.paths import plain, steps
from dte_rules.advice.view import DAY, FactAt, View
from dte_rules.engine.plan import Plan
from dte_rules.engine.supports import NOTHING, UNSUPPOSABLE, Support, both, either, search
from dte_rules.engine.suppositions import Suppositions, type_at
from dte_rules.engine.verdict import granted
from dte_rules.feel import core
from dte_rules.feel.evaluate import evaluate
from dte_rules.feel.types import DATE, NUMBER, STRING, Enum, ListOf, Record
from dte_rules.feel.values import PartialList, members_of
from dte_rules.program.nodes import Formula, Group, Table
from dte_rules.vocabulary.formats import FORMATS
from dte_rules.vocabulary.meaning import UNCONSTRAINED

MOST_TEXTS = 40
OTHER = "〇"
"""Stands for a text that no rule names."""


class Candidates:
    """Other values for a fact, the nearest first; for a list, the list with another member."""

    def __init__(self, inquiry: Inquiry, plan: Plan, facts: BaseModel, as_of: date) -> None:
        self.inquiry, self.facts, self.as_of = inquiry, facts, as_of
        self.suppositions = Suppositions(inquiry.program, plan, facts, as_of)
        self.present = View(inquiry.program, plan, facts, as_of)
        self._found: dict[str, tuple[Any, ...]] = {}

    def current(self, path: str) -> Any:
        """The value that a fact has; None where it is unknown."""
        return self.as_of if path == DAY else _at(self.facts, path)

    def of(self, path: str) -> tuple[Any, ...]:
        """Other values for it."""
        if path not in self._found:
            self._found[path] = tuple(self._of(path))
        return self._found[path]

    def _of(self, path: str) -> Sequence[Any]:
        now = self.current(path)
        if path == DAY:
            return sorted((day for day in self.suppositions.dates if day != now), key=lambda day: abs(day - self.as_of))
        type_ = type_at(self.inquiry.program.facts, path)
        if type_ is None or isinstance(type_, Record):
            return ()
        if isinstance(type_, ListOf):
            added = [value for value in self.suppositions.of(path) if len(value) == 1]
            return [(*(now or ()), *value) for value in added if isinstance(type_.element, Record) or value[0] not in (now or ())]
        if type_ in (NUMBER, DATE):
            limits = self.inquiry.vocabulary.constraints.get(_plain_path(path), UNCONSTRAINED)
            values = [v for v in self.suppositions.of(path) if v != now and (type_ == DATE or _within(v, limits.ge, limits.le))]
            return values if now is None else sorted(values, key=lambda value: abs(value - now))
        if type_ == STRING:
            return [text for text in self._texts(path) if text != now][:MOST_TEXTS]
        values = list(type_.values) if isinstance(type_, Enum) else list(self.suppositions.of(path))
        return [value for value in values if value != now]

    def _texts(self, path: str) -> Sequence[str]:
        """Texts that the rules compare the fact with, and ``OTHER``; of a text that has a form, all that have it."""
        form = self.inquiry.vocabulary.constraints.get(_plain_path(path), UNCONSTRAINED).format
        if form is not None:
            return [text for text in self.suppositions.texts if _has_form(text, form)]
        name = path.rpartition(".")[2]
        tests = [
            test
            for rule in self.present.plan.rules
            if isinstance(rule.body, Table)
            for given, column in zip(rule.body.inputs, zip(*(row.tests for row in rule.body.rows), strict=True), strict=False)
            if isinstance(given, core.Field) and given.name == name
            for test in column
            if test is not None
        ]
        constants = [node.value for test in tests for node in core.walk(test) if isinstance(node, core.Const)]
        return list(dict.fromkeys([*self.suppositions.compared.get(name, ()), *(v for v in constants if isinstance(v, str)), OTHER]))


class Ways:
    """The ways to turn conditions of one question."""

    def __init__(self, inquiry: Inquiry, candidates: Candidates) -> None:
        self.candidates, self.view = candidates, candidates.present
        self.plan = self.view.plan
        self._of_slots: dict[tuple[str, bool], tuple[Support, ...]] = {}

    def refusal(self) -> tuple[Support, ...]:
        """Ways to make the decision be refused."""
        d = self.plan.decision
        return either([*(self.slot(s, False) for s in d.requires), *(self.slot(s, True) for s in d.excludes)])

    def granting(self, *, soft: bool = False) -> tuple[Support, ...]:
        """Ways to make the hard part hold, with all that is granted known; with ``soft`` the usual requirements too."""
        d = self.plan.decision
        parts = [self.slot(s, True) for s in (*d.requires, *(d.soft if soft else ()))]
        parts += [self.slot(s, False) for s in (*d.excludes, *d.delegates)]
        return both(parts + [self._known(s) for s in d.grants])

    def slot(self, name: str, want: bool) -> tuple[Support, ...]:
        """Ways to make a condition true or false."""
        key = (name, want)
        if key not in self._of_slots:
            rule = self.plan.by_slot[name]
            if self.view.lookup(name) is want:
                found = NOTHING
            elif isinstance(rule.body, Group):
                kind = rule.body.kind
                inner = want if kind != "none" else not want
                parts = [self.slot(member, inner) for member in rule.body.members]
                found = both(parts) if (kind == "all") is inner else either(parts)
            elif isinstance(rule.body, Formula):
                found = self.condition(rule.body.expr, want, {})
            else:
                found = self._searched(lambda view, _: view.lookup(name), want, {})
            self._of_slots[key] = found
        return self._of_slots[key]

    def condition(self, expr: core.Expr, want: bool, local: Mapping[str, Any]) -> tuple[Support, ...]:
        """Ways to make an expression true or false."""
        if evaluate(expr, self.view.env, local) is want:
            return NOTHING
        match expr:
            case core.And(operands) | core.Or(operands):
                parts = [self.condition(operand, want, local) for operand in operands]
                return both(parts) if isinstance(expr, core.And) is want else either(parts)
            case core.Not(operand):
                return self.condition(operand, not want, local)
            case core.Ref(name) if name in self.plan.by_slot:
                return self.slot(name, want)
            case core.Quantified(kind, var, source, test):
                members = evaluate(source, self.view.env, local)
                if isinstance(members, (tuple, PartialList)):
                    parts = [self.condition(test, want, {**local, var: m.value}) for m in members_of(members)]
                    combined = both(parts) if (kind == "every") is want else either(parts)
                    return either([combined, self._atom(expr, want, local)])
        return self._atom(expr, want, local)

    def _atom(self, expr: core.Expr, want: bool, local: Mapping[str, Any]) -> tuple[Support, ...]:
        return self._searched(lambda view, inner: evaluate(expr, view.env, inner), want, local)

    def _known(self, name: str) -> tuple[Support, ...]:
        if granted(self.view.lookup(name)):
            return NOTHING
        return self._searched(lambda view, _: granted(view.lookup(name)), True, {})

    def _searched(self, outcome: Callable[[View, Mapping[str, Any]], Any], want: bool, local: Mapping[str, Any]) -> tuple[Support, ...]:
        def view_of(changes: Mapping[str, Any]) -> View:
            return replace(self.view, changes=changes, read={}, values={})

        def result(changes: Mapping[str, Any]) -> Any:
            view = view_of(changes)
            return outcome(view, {k: _renewed(v, view) for k, v in local.items()}) is want

        traced = view_of({})
        outcome(traced, {k: _renewed(v, traced) for k, v in local.items()})
        names = [name for name in traced.read if self.candidates.of(name)]
        found = search(names, self.candidates.of, result, (True,))[True]
        return tuple(support for support in found if not any(value is UNSUPPOSABLE for value in support.values()))


def _renewed(value: Any, view: View) -> Any:
    """A member of a list, read again under other changes."""
    return replace(value, view=view) if isinstance(value, FactAt) else value


def _at(facts: Any, path: str) -> Any:
    current = facts
    for step in steps(path):
        if isinstance(step, int):
            current = current[step] if current is not None and step < len(current) else None
        else:
            current = getattr(current, step, None)
    return current


def _has_form(text: str, form: str) -> bool:
    try:
        FORMATS[form](text)
    except ValueError:
        return False
    return True


def _within(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _plain_path(path: str) -> str:
    return "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))


def as_data(value: Any) -> Any:
    """A value that may have supposed members, as plain data."""
    if isinstance(value, SimpleNamespace):
        return {name: as_data(part) for name, part in vars(value).items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    return plain(value)
