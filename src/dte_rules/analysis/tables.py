"""Decision tables over symbolic inputs; they mirror `dte_rules.engine.reference.look_up`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dte_rules.analysis.logic import Bit, conj, disj, disjoined, neg, ones
from dte_rules.analysis.operators import conjunction, truth
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.values import UNKNOWN, Blank, Truth, Value, join, like, picked
from dte_rules.feel import core
from dte_rules.program.nodes import Row, Table

Evaluate = Callable[[core.Expr, Mapping[str, Value]], Value]


def tests_of(table: Table, evaluate: Evaluate) -> list[Truth]:
    """For each row, whether it matches."""
    local = {f"?{number}": evaluate(expr, {}) for number, expr in enumerate(table.inputs, 1)}
    return [conjunction([truth(evaluate(test, local)) for test in row.tests if test is not None]) for row in table.rows]


def look_up(table: Table, evaluate: Evaluate) -> list[Value]:
    """The outputs of a table."""
    local = {f"?{number}": evaluate(expr, {}) for number, expr in enumerate(table.inputs, 1)}
    tests = tests_of(table, evaluate)
    columns = [[evaluate(row.outputs[place], local) for row in table.rows] for place in range(len(table.outputs))]
    default: list[Value] = [UNKNOWN] * len(table.outputs)
    if table.otherwise is not None:
        default = [evaluate(expr, local) for expr in table.otherwise]
    if table.hit.startswith("collect"):
        raise NotEncoded("a table that collects")
    if table.hit == "priority":
        order = ranked(table)
        tests = [tests[place] for place in order]
        columns = [[column[place] for place in order] for column in columns]
    guards, unmatched = _guards(tests)
    exclusive = all(test.unknown is False for test in tests)
    found = [_chosen(table, guards, column, unmatched, otherwise, exclusive) for column, otherwise in zip(columns, default, strict=True)]
    if table.hit in ("unique", "any"):
        found = [_sure(table, tests, column, value) for column, value in zip(columns, found, strict=True)]
    return found


def _guards(tests: Sequence[Truth]) -> tuple[list[Bit], Bit]:
    """For each row, whether it can be the first that matches; and whether it can be that none does."""
    guards: list[Bit] = []
    before: Bit = False
    for test in tests:
        guards.append(conj(disj(test.t, test.unknown), neg(before)))
        before = disj(before, test.t)
    return guards, neg(before)


def _chosen(table: Table, guards: Sequence[Bit], column: Sequence[Value], unmatched: Bit, otherwise: Value, exclusive: bool) -> Value:
    options = [*zip(guards, column, strict=True), (unmatched, otherwise)]
    kept = [(guard, value) for guard, value in options if guard is not False]
    return kept[0][1] if len(kept) == 1 else join(kept, exclusive=exclusive)


def _sure(table: Table, tests: Sequence[Truth], column: Sequence[Value], joined: Value) -> Value:
    """Where rows surely match: their output if it is one, or any will do; else nothing is known."""
    if len(tests) < 2:
        return joined
    sure = [test.t for test in tests]
    if disjoint(table):
        # at most one can match, and a row that surely does leaves no other possible
        return joined
    some = disjoined(sure)
    first = join([*_first(sure, column), (neg(some), UNKNOWN)], exclusive=True) if some is not False else joined
    several = ones(sure) > 1
    blank = like(Blank(False), first)
    picked_row = first if table.hit == "any" else picked(several, blank, first)
    return picked(some, picked_row, joined)


def _first(sure: Sequence[Bit], column: Sequence[Value]) -> list[tuple[Bit, Value]]:
    found: list[tuple[Bit, Value]] = []
    before: Bit = False
    for bit, value in zip(sure, column, strict=True):
        found.append((conj(bit, neg(before)), value))
        before = disj(before, bit)
    return found


def disjoint(table: Table) -> bool:
    """Whether no two rows can match at once, plainly: they ask for different constants."""

    def constants(row: Row) -> list[Any]:
        found: list[Any] = []
        for test in row.tests:
            asked = test.right.value if isinstance(test, core.Compare) and test.op == "=" and isinstance(test.right, core.Const) else None
            found.append(asked)
        return found

    rows = [constants(row) for row in table.rows]
    return all(
        any(a is not None and b is not None and a != b for a, b in zip(rows[i], rows[j], strict=True))
        for i in range(len(rows))
        for j in range(i)
    )


def ranked(table: Table) -> list[int]:
    """The rows of a table that goes by priority, by the rank of their first output.

    Raises:
        NotEncoded: where the priorities, or the outputs, are no constants.
    """
    order = [expr.value for expr in table.priorities if isinstance(expr, core.Const)]
    outputs = [row.outputs[0] for row in table.rows]
    if len(order) < len(table.priorities) or not all(isinstance(o, core.Const) for o in outputs):
        raise NotEncoded("a table whose priorities are facts")

    def rank(place: int) -> int:
        output = outputs[place]
        value = output.value if isinstance(output, core.Const) else None
        return next((n for n, v in enumerate(order) if type(v) is type(value) and v == value), len(order))

    return sorted(range(len(outputs)), key=rank)
