"""Decision tables of the compiled engine: tables of constants are looked up by hashing and interval search, others row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dte_rules.engine.builtins import count, greatest, least, total
from dte_rules.engine.lookup_index import CellTest, Index, read_test
from dte_rules.engine.runtime import NULL, alike, certain, join, packed
from dte_rules.feel import core
from dte_rules.program.nodes import Table

ENOUGH = {"first": 1, "any": 1, "unique": 2}
"""How many rows that match tell what a table gives, by its hit policy; of others all are wanted."""
AGGREGATES = {"count": count, "sum": total, "min": least, "max": greatest}


class ConstantTable:
    """A table whose tests compare its inputs with constants, and whose outputs are constants.

    ``exact`` gives the outputs of known inputs at once where every row tests every input for equality; else it is empty.
    """

    def __init__(
        self,
        hit: str,
        tests: Sequence[tuple[CellTest, ...]],
        outputs: Sequence[tuple[Any, ...]],
        width: int,
        otherwise: tuple[Any, ...] | None,
        order: Sequence[Any],
    ) -> None:
        self.hit, self.outputs, self.width, self.otherwise, self.order = hit, tuple(outputs), width, otherwise, tuple(order)
        self.index = Index(tests)
        self.exact: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        if hit == "unique" and all(len(row) == 1 for row in self.index.exact.values()):
            self.exact = {key: self.outputs[row[0]] for key, row in self.index.exact.items()}

    def look_up(self, *inputs: Any) -> tuple[Any, ...]:
        """The outputs for the inputs."""
        if NULL not in inputs and certain(inputs):
            rows = self.index.rows(inputs, ENOUGH.get(self.hit))
            if len(rows) == 1 and not self.hit.startswith("collect"):
                return self.outputs[rows[0]]
            tests: list[Any] = [True] * len(rows)
        else:
            found = self.index.possible(inputs)
            rows, tests = [row for row, _ in found], [test for _, test in found]
        return choose(self.hit, tests, [self.outputs[row] for row in rows], self.width, self.otherwise, self.order)


def constant_table(table: Table) -> ConstantTable | None:
    """The table as one that is looked up in an index, where it is of that kind."""
    if not table.inputs:
        return None
    tests = []
    for row in table.rows:
        read = [read_test(test, f"?{number}") for number, test in enumerate(row.tests, 1)]
        if None in read:
            return None
        tests.append(tuple(test for test in read if test is not None))
    outputs = [_constants(row.outputs) for row in table.rows]
    otherwise = None if table.otherwise is None else _constants(table.otherwise)
    order = _constants(table.priorities)
    if None in outputs or order is None or (otherwise is None) is not (table.otherwise is None):
        return None
    return ConstantTable(table.hit, tests, [o for o in outputs if o is not None], len(table.outputs), otherwise, order)


def _constants(exprs: Sequence[core.Expr]) -> tuple[Any, ...] | None:
    """The values of constants; None where one isn't constant, or is a list."""
    values = []
    for expr in exprs:
        if not isinstance(expr, core.Const) or isinstance(expr.value, tuple):
            return None
        values.append(NULL if expr.value is None else expr.value)
    return tuple(values)


def choose(
    hit: str, tests: Sequence[Any], outputs: Sequence[tuple[Any, ...]], width: int, otherwise: tuple[Any, ...] | None, order: Sequence[Any]
) -> tuple[Any, ...]:
    """The outputs of a table from its rows' tests (true, false, unknown, null) and outputs, by its hit policy."""
    possible = [n for n, test in enumerate(tests) if test is True or test is None]
    sure = [n for n in possible if tests[n] is True]
    if hit.startswith("collect"):
        return _collected(hit[len("collect") :].strip(), possible, tests, outputs, width, otherwise)
    if hit == "unique" and sure:
        return outputs[sure[0]] if len(sure) == 1 else (None,) * width
    if hit == "any" and sure:
        return outputs[sure[0]]
    if hit == "priority":
        rank = {n: next((i for i, p in enumerate(order) if alike(p, outputs[n][0])), len(order)) for n in possible}
        possible.sort(key=rank.__getitem__)
    options: list[tuple[Any, ...]] = []
    for n in possible:
        options.append(outputs[n])
        if tests[n] is True:
            break
    else:
        options.append(otherwise if otherwise is not None else (None,) * width)
    if len(options) == 1:
        return options[0]
    return tuple(join(column) for column in zip(*options, strict=True))


def _collected(
    aggregate: str,
    possible: list[int],
    tests: Sequence[Any],
    outputs: Sequence[tuple[Any, ...]],
    width: int,
    otherwise: tuple[Any, ...] | None,
) -> tuple[Any, ...]:
    if not possible and otherwise is not None:
        return otherwise
    sure = [tests[n] is True for n in possible]
    columns = [packed([outputs[n][i] for n in possible], sure) for i in range(width)]
    return tuple(AGGREGATES[aggregate](column) for column in columns) if aggregate else tuple(columns)
