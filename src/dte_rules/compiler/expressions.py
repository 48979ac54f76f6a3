"""The expressions in rules: to read them all, and to change them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from dte_rules.feel import core
from dte_rules.program.nodes import Formula, Group, Period, Row, Rule, Table

Change = Callable[[core.Expr], core.Expr]


def expressions(rule: Rule) -> Iterator[tuple[core.Expr, Period]]:
    """The expressions of a rule that can read anything, each with the days on which it counts."""
    match rule.body:
        case Formula(expr):
            yield expr, rule.period
        case Group():
            return
        case Table() as table:
            for expr in (*table.inputs, *(table.otherwise or ()), *table.priorities):
                yield expr, rule.period
            for row in table.rows:
                period = rule.period.intersect(row.period)
                for cell in (*row.tests, *row.outputs):
                    if cell is not None and period is not None and not is_plain(cell):
                        yield cell, period
        case _:
            assert_never(rule.body)


def changed(rule: Rule, change: Change) -> Rule:
    """The rule with each of its expressions changed, node by node, innermost first."""

    def apply(expr: core.Expr) -> core.Expr:
        return expr if is_plain(expr) else core.rewrite(expr, change)

    match rule.body:
        case Formula(expr):
            return replace(rule, body=Formula(apply(expr)))
        case Group():
            return rule
        case Table() as table:
            body = replace(
                table,
                inputs=tuple(map(apply, table.inputs)),
                rows=tuple(_row(row, apply) for row in table.rows),
                otherwise=None if table.otherwise is None else tuple(map(apply, table.otherwise)),
                priorities=tuple(map(apply, table.priorities)),
            )
            return replace(rule, body=body)
        case _:
            assert_never(rule.body)


def is_plain(expr: core.Expr) -> bool:
    """Whether the expression is a constant, or compares a table's input with constants. Nearly all cells do, and they read nothing."""
    match expr:
        case core.Const():
            return True
        case core.Compare(left=left, right=right):
            return isinstance(left, core.Var) and isinstance(right, core.Const)
        case core.And(operands=operands) | core.Or(operands=operands):
            return all(map(is_plain, operands))
        case core.Not(operand=operand):
            return is_plain(operand)
        case _:
            return False


def _row(row: Row, apply: Change) -> Row:
    if all(cell is None or is_plain(cell) for cell in (*row.tests, *row.outputs)):
        return row
    tests = tuple(None if test is None else apply(test) for test in row.tests)
    return replace(row, tests=tests, outputs=tuple(map(apply, row.outputs)))
