"""Decision tables of the compiled engine: constant tables are looked up by hashing, others row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dte_rules.engine.builtins import count, greatest, least, total
from dte_rules.engine.runtime import NULL, alike, certain, eq, join, packed
from dte_rules.feel import core
from dte_rules.program.nodes import Table

AGGREGATES = {"count": count, "sum": total, "min": least, "max": greatest}


class ConstantTable:
    """A table whose tests are equalities with constants and whose outputs are constants: looked up by hashing.

    ``rows`` are the constants for each input (None where any value will do) and the outputs.
    """

    def __init__(self, width: int, rows: Sequence[tuple[tuple[Any, ...], tuple[Any, ...]]], otherwise: tuple[Any, ...] | None) -> None:
        self.width, self.rows = width, tuple(rows)
        self.otherwise = otherwise if otherwise is not None else (None,) * width
        self.exact: dict[tuple[Any, ...], tuple[Any, ...]] = dict(reversed(self.rows))
        self.full = all(None not in tests for tests, _ in self.rows)

    def look_up(self, *inputs: Any) -> tuple[Any, ...]:
        """The outputs for the inputs."""
        if self.full and certain(inputs):
            found = self.exact.get(inputs)
            if found is None:
                return self.otherwise
            return found
        options = []
        for tests, outputs in self.rows:
            hit: Any = True
            for test, value in zip(tests, inputs, strict=True):
                if test is None:
                    continue
                same = eq(value, test)
                if same is None:
                    hit = None
                elif same is not True:
                    hit = False
                    break
            if hit is True:
                return outputs
            if hit is None:
                options.append(outputs)
        options.append(self.otherwise)
        return tuple(join(column) for column in zip(*options, strict=True))


def constant_table(table: Table) -> ConstantTable | None:
    """The table as one that is looked up by hashing, where it is of that kind."""
    if table.hit != "unique" or not table.inputs:
        return None
    rows = []
    for row in table.rows:
        tests: list[str | None] = []
        for number, test in enumerate(row.tests, 1):
            match test:
                case None:
                    tests.append(None)
                case core.Compare("=", core.Var(name), core.Const(value)) if name == f"?{number}" and isinstance(value, str):
                    tests.append(value)
                case _:
                    return None
        if not all(isinstance(output, core.Const) and not isinstance(output.value, tuple) for output in row.outputs):
            return None
        outputs = tuple(NULL if o.value is None else o.value for o in row.outputs if isinstance(o, core.Const))
        rows.append((tuple(tests), outputs))
    otherwise: tuple[Any, ...] | None = None
    if table.otherwise is not None:
        if not all(isinstance(o, core.Const) for o in table.otherwise):
            return None
        otherwise = tuple(NULL if o.value is None else o.value for o in table.otherwise if isinstance(o, core.Const))
    return ConstantTable(len(table.outputs), rows, otherwise)


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
