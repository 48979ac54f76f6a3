"""What can be said of an expression before the facts are known: its text, its place, what it reads, what must not be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dte_rules.engine.justification import Form, Op
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.unparse import unparse


class Forms:
    """Makes the static parts of the steps of one program.

    ``slots`` gives the id of the rule that concludes a slot; ``parameters`` the name of the parameter that an expression is, by the
    expression's identity; ``tainted`` are slots whose values come from facts that are not shown.
    """

    def __init__(
        self,
        facts: Mapping[str, Type],
        calendar: Calendar,
        slots: Mapping[str, str],
        parameters: Mapping[int, str],
        withheld: frozenset[str],
    ) -> None:
        self.facts, self.calendar, self.slots, self.parameters, self.withheld = facts, calendar, slots, parameters, withheld
        self.tainted: set[str] = set()
        self._hidden_fields = self._fields_of(withheld)

    def _fields_of(self, withheld: frozenset[str]) -> frozenset[tuple[str, str]]:
        found = set()
        for path in withheld:
            names = path.split(".")
            type_: Any = self.facts.get(names[0])
            for name in names[1:]:
                type_ = type_.element if isinstance(type_, ListOf) else type_
                if not isinstance(type_, Record) or name not in type_.fields:
                    break
                found_in, type_ = type_, type_.fields[name]
                if name is names[-1]:
                    found.add((found_in.name, name))
        return frozenset(found)

    def hides(self, expr: core.Expr) -> bool:
        """Whether the values in an expression come from facts that are not shown."""
        for node in core.walk(expr):
            if isinstance(node, core.Ref) and (node.name in self.tainted or node.name in self.withheld):
                return True
            if (
                isinstance(node, core.Field)
                and isinstance(node.base.type, Record)
                and (node.base.type.name, node.name) in self._hidden_fields
            ):
                return True
        return False

    # --- forms ---

    def form(self, op: Op, expr: core.Expr, *, function: str = "") -> Form:
        """The static part of a step."""
        left = right = left_rule = right_rule = left_parameter = right_parameter = ""
        if isinstance(expr, core.Compare):
            left, right = text_of(expr.left), text_of(expr.right)
            left_rule, right_rule = self._rule(expr.left), self._rule(expr.right)
            left_parameter, right_parameter = self._parameter(expr.left), self._parameter(expr.right)
        elif isinstance(expr, core.Call):
            sides = [*expr.arguments[:2]]
            texts = [*map(text_of, sides), "", ""]
            left, right = texts[0], texts[1]
            left_rule, right_rule = [*map(self._rule, sides), "", ""][:2]
            left_parameter, right_parameter = [*map(self._parameter, sides), "", ""][:2]
        own = list(self._own(expr))
        return Form(
            op,
            text_of(expr),
            expr.span,
            left,
            right,
            left_rule,
            right_rule,
            left_parameter,
            right_parameter,
            function,
            tuple(dict.fromkeys(e.name for e in own if isinstance(e, core.Ref) and e.name in self.slots)),
            tuple(dict.fromkeys(self.parameters[id(e)] for e in own if id(e) in self.parameters)),
        )

    def _rule(self, expr: core.Expr) -> str:
        """The slot on which a side rests by itself: ``subsidy_standard.required_hours``, or the list that is counted."""
        if isinstance(expr, core.Ref):
            return expr.name if expr.name in self.slots else ""
        if isinstance(expr, core.Call) and len(expr.arguments) == 1:
            return self._rule(expr.arguments[0])
        return ""

    def _parameter(self, expr: core.Expr) -> str:
        return self.parameters.get(id(expr), "")

    def _own(self, expr: core.Expr) -> Iterator[core.Expr]:
        """The expression's nodes without those that are steps of their own."""
        yield expr
        for child in core.children(expr):
            if not is_step(child):
                yield from self._own(child)


def text_of(expr: core.Expr) -> str:
    """An expression's text; the variables of what stands around it have their names as written, ``item`` where they have none."""
    bound = {node.var for node in core.walk(expr) if isinstance(node, (core.Filter, core.Quantified, core.Map))}

    def named(node: core.Expr) -> core.Expr:
        if isinstance(node, core.Var) and node.name not in bound and "%" in node.name:
            return core.Var(node.name.partition("%")[0] or "item", type=node.type, span=node.span)
        return node

    return unparse(core.rewrite(expr, named))


def is_step(expr: core.Expr) -> bool:
    """Whether an expression is a step wherever it stands."""
    match expr:
        case core.And() | core.Or() | core.Not() | core.Compare() | core.If() | core.Quantified() | core.Filter():
            return True
        case core.Call():
            return expr.type == BOOLEAN
        case _:
            return False


def holds_steps(expr: core.Expr) -> bool:
    """Whether any part of an expression is a step."""
    return any(is_step(node) for child in core.children(expr) for node in core.walk(child))


def is_text(type_: Type) -> bool:
    """Whether values of a type are texts, or lists of texts."""
    element = type_.element if isinstance(type_, ListOf) else type_
    return element == STRING or isinstance(element, Enum)
