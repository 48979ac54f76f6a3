"""The rules of a question under all of its readings, each version once, and with every combination of conditions in the open.

Plans of different readings share most of their rules. Here each version of a rule gets a name of its own, and a plan is a table
from its slots to these names; so one network answers for all readings at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from dte_rules.engine.plan import Plan
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Body, Formula, Group, Row, Rule, Table

LIFTED = "?"
"""How the names of conditions begin that were part of a value; no slot of a pack begins so."""


@dataclass(frozen=True)
class Union:
    """Rules under names of their own, each after those it reads; ``names[i]`` gives the name of each slot of the i-th plan."""

    rules: tuple[Rule, ...]
    names: tuple[Mapping[str, str], ...]


def unite(plans: Sequence[Plan]) -> Union:
    """The rules of several plans, those that are equal once."""
    rules: list[Rule] = []
    known: dict[tuple[str, bool, Body], dict[str, str]] = {}
    versions: dict[str, int] = {}
    names: list[dict[str, str]] = []
    lift = _Lift(rules)
    for plan in plans:
        named: dict[str, str] = {}
        for rule in plan.rules:
            body = _renamed(rule.body, named)
            key = (rule.slot, rule.kind == "condition", body)
            if key not in known:
                number = versions[rule.slot] = versions.get(rule.slot, 0) + 1
                known[key] = {slot: slot if number == 1 else f"{slot}#{number}" for slot in rule.slots}
                if isinstance(body, Table):
                    body = replace(body, outputs=tuple(known[key][slot] for slot in body.outputs))
                name = known[key].get(rule.slot, rule.slot if number == 1 else f"{rule.slot}#{number}")
                rules.append(replace(rule, slot=name, body=lift.body(body, condition=rule.kind == "condition")))
            named.update(known[key])
        names.append(named)
    return Union(tuple(rules), tuple(names))


def connective(expr: core.Expr) -> bool:
    """Whether an expression combines conditions."""
    return isinstance(expr, (core.And, core.Or, core.Not)) or (isinstance(expr, core.If) and expr.type == BOOLEAN)


def conditional(rule: Rule) -> bool:
    """Whether the rule concludes a condition: something true or false that the network may combine."""
    match rule.body:
        case Formula(expr):
            return rule.kind == "condition" or connective(expr) or expr.type == BOOLEAN
        case Group():
            return True
        case Table():
            return False


def atoms(expr: core.Expr) -> Iterator[core.Expr]:
    """The conditions of which a condition is made, down to those that combine no others; of a table's input, the cell whole."""
    if connective(expr) and not variables(expr):
        for part in core.children(expr):
            yield from atoms(part)
    else:
        yield expr


def variables(expr: core.Expr) -> frozenset[str]:
    """The variables that an expression doesn't bind itself; names are unique in it."""
    used, bound = set(), set()
    for node in core.walk(expr):
        match node:
            case core.Var(name):
                used.add(name)
            case core.Filter(_, name, _) | core.Quantified(_, name, _, _) | core.Map(name, _, _):
                bound.add(name)
            case _:
                pass
    return frozenset(used - bound)


def _renamed(body: Body, names: Mapping[str, str]) -> Body:
    def rename(node: core.Expr) -> core.Expr:
        return replace(node, name=names[node.name]) if isinstance(node, core.Ref) and node.name in names else node

    if isinstance(body, Group):
        return replace(body, members=tuple(names[member] for member in body.members))
    return _mapped(body, lambda expr: core.rewrite(expr, rename), lambda test: core.rewrite(test, rename))


def _mapped(body: Body, value: Callable[[core.Expr], core.Expr], test: Callable[[core.Expr], core.Expr]) -> Body:
    """The body with its expressions changed, those of rows' tests apart from the others."""
    match body:
        case Formula(expr):
            return Formula(value(expr))
        case Group():
            return body
        case Table() as table:

            def changed(row: Row) -> Row:
                return replace(
                    row, tests=tuple(None if t is None else test(t) for t in row.tests), outputs=tuple(value(o) for o in row.outputs)
                )

            return replace(
                table,
                inputs=tuple(value(i) for i in table.inputs),
                rows=tuple(changed(row) for row in table.rows),
                otherwise=None if table.otherwise is None else tuple(value(o) for o in table.otherwise),
                priorities=tuple(value(p) for p in table.priorities),
            )


class _Lift:
    """Takes combinations of conditions out of values, as rules of their own before the rule at hand.

    What stands under a variable, in the condition of a filter or a quantifier, stays where it is: it is no condition on the facts
    as a whole.
    """

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = rules
        self._known: dict[core.Expr, str] = {}

    def body(self, body: Body, *, condition: bool) -> Body:
        """The body with values that read such conditions by name."""
        return _mapped(body, self.condition if condition else self.either, self.condition)

    def either(self, expr: core.Expr) -> core.Expr:
        """An expression that is a condition, or a value."""
        return self.condition(expr) if connective(expr) else self._value(expr)

    def condition(self, expr: core.Expr) -> core.Expr:
        """A condition: its atoms are values."""
        if connective(expr) and not variables(expr):
            return _with_children(expr, self.condition)
        return self._value(expr)

    def _value(self, expr: core.Expr) -> core.Expr:
        if connective(expr) and not variables(expr):
            if expr not in self._known:
                self._known[expr] = name = f"{LIFTED}{len(self._known) + 1}"
                self._rules.append(Rule(slot=name, kind="term", type=BOOLEAN, body=Formula(self.condition(expr))))
            return core.Ref(self._known[expr], type=expr.type, span=expr.span)
        match expr:
            case core.Filter(source) | core.Quantified(_, _, source):
                return replace(expr, source=self._value(source))
            case core.Map(_, source):
                return replace(expr, source=self._value(source))
            case _:
                return _with_children(expr, self._value)


def _with_children(expr: core.Expr, change: Callable[[core.Expr], core.Expr]) -> core.Expr:
    changed: dict[str, Any] = {}
    for f in fields(expr):
        value = getattr(expr, f.name)
        if f.name in ("type", "span"):
            continue
        if isinstance(value, core.Expr):
            changed[f.name] = change(value)
        elif isinstance(value, tuple) and any(isinstance(item, core.Node) for item in value):
            changed[f.name] = tuple(change(item) for item in value)
    return replace(expr, **changed) if changed else expr
