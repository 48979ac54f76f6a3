"""Cells of a table that ask of their input alone: they are gone through as data, since a table may have thousands of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dte_rules.engine.justification import Op, Step
from dte_rules.engine.justify_forms import Forms
from dte_rules.engine.justify_values import shown
from dte_rules.feel import core
from dte_rules.feel.operators import compare, conjunction, disjunction, negation

Cell = Callable[[Sequence[Any]], tuple[Any, Step]]
"""``cell(inputs)`` gives the value of a test on a table's inputs, and its step."""
_QUICK = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_PLAIN_PAIR = frozenset({Decimal, str, date})


def cell_of(test: core.Expr, forms: Forms) -> Cell | None:
    """The test as data; None where it does more than to compare its input with constants."""
    match test:
        case core.Compare(op, core.Var(name), core.Const(value)):
            return _comparison(op, int(name[1:]) - 1, value, forms.form(op, test))
        case core.And(operands):
            return _connective("and", test, operands, forms)
        case core.Or(operands):
            return _connective("or", test, operands, forms)
        case core.Not(operand):
            return _negation(test, operand, forms)
        case _:
            return None


def _comparison(op: Any, place: int, constant: Any, form: Any) -> Cell:
    kind, quick = type(constant), _QUICK[op]
    plain = kind in _PLAIN_PAIR

    def cell(inputs: Sequence[Any]) -> tuple[Any, Step]:
        given = inputs[place]
        if plain and type(given) is kind:
            value = quick(given, constant)
            return value, Step(form, value, (), (), given, constant)
        value = compare(op, given, constant)
        return value, Step(form, shown(value), (), (), shown(given), shown(constant))

    return cell


def _connective(op: Op, test: core.Expr, operands: Sequence[core.Expr], forms: Forms) -> Cell | None:
    cells = [cell_of(operand, forms) for operand in operands]
    kept = [cell for cell in cells if cell is not None]
    if len(kept) < len(cells):
        return None
    form, whole = forms.form(op, test), conjunction if op == "and" else disjunction

    def cell(inputs: Sequence[Any]) -> tuple[Any, Step]:
        found = [each(inputs) for each in kept]
        value = whole([value for value, _ in found])
        return value, Step(form, shown(value), (), tuple([step for _, step in found]))

    return cell


def _negation(test: core.Expr, operand: core.Expr, forms: Forms) -> Cell | None:
    inner = cell_of(operand, forms)
    if inner is None:
        return None
    kept, form = inner, forms.form("not", test)

    def cell(inputs: Sequence[Any]) -> tuple[Any, Step]:
        found, step = kept(inputs)
        value = negation(found)
        return value, Step(form, shown(value), (), (step,))

    return cell
