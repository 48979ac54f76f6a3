"""An index over the rows of a table: which rows match known inputs, found by hashing and by bisection.

Rows are put in groups that test the same inputs for equality, and found in a group by a hash of these. Rows that share a hash are
told apart by the first input that they test for an interval: its ends cut the line into stretches, each with the rows that
cover it, and the stretch of a value is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from dte_rules.engine.runtime import all_of, any_of, eq, le, lt
from dte_rules.feel import core

FEW = 8
"""So many rows of one hash are tried one by one."""
MOST_KEYS = 16
"""A row with more alternatives than this is not hashed by them."""
MOST_COVERS = 8
"""Stretches are kept while they name each row at most so many times on average."""
HASHED = (str, Decimal, bool, date)


@dataclass(frozen=True)
class CellTest:
    """What a row asks of an input: nothing, one of ``values``, or to lie between ``low`` and ``high`` (each with whether it is in)."""

    values: tuple[Any, ...] | None = None
    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None

    @property
    def idle(self) -> bool:
        """Whether any value will do."""
        return self.values is None and self.low is None and self.high is None

    def of(self, value: Any) -> Any:
        """What the test gives for a value: true, false, unknown, null."""
        if self.values is not None:
            return eq(value, self.values[0]) if len(self.values) == 1 else any_of([eq(value, each) for each in self.values])
        results = []
        if self.low is not None:
            results.append((le if self.low[1] else lt)(self.low[0], value))
        if self.high is not None:
            results.append((le if self.high[1] else lt)(value, self.high[0]))
        return all_of(results)


ANY = CellTest()


def read_test(expr: core.Expr | None, var: str) -> CellTest | None:
    """A test of the input ``var``; None where it isn't made of comparisons with constants."""
    match expr:
        case None:
            return ANY
        case core.Compare("=", core.Var(name), core.Const(value)) if name == var and type(value) in HASHED:
            return CellTest(values=(value,))
        case core.Compare("<" | "<=" as op, core.Var(name), core.Const(value)) if name == var and _ordered(value):
            return CellTest(high=(value, op == "<="))
        case core.Compare(">" | ">=" as op, core.Var(name), core.Const(value)) if name == var and _ordered(value):
            return CellTest(low=(value, op == ">="))
        case core.Compare("<" | "<=" as op, core.Const(value), core.Var(name)) if name == var and _ordered(value):
            return CellTest(low=(value, op == "<="))
        case core.Compare(">" | ">=" as op, core.Const(value), core.Var(name)) if name == var and _ordered(value):
            return CellTest(high=(value, op == ">="))
        case core.And(operands) if len(operands) == 2:
            one, other = (read_test(operand, var) for operand in operands)
            if one is None or other is None or one.values is not None or other.values is not None:
                return None
            if (one.low and other.low) or (one.high and other.high):
                return None
            return CellTest(low=one.low or other.low, high=one.high or other.high)
        case core.Or(operands):
            tests = [read_test(operand, var) for operand in operands]
            values = [test.values for test in tests if test is not None and test.values is not None]
            return CellTest(values=tuple(v for each in values for v in each)) if len(values) == len(tests) else None
        case _:
            return None


def _ordered(value: Any) -> bool:
    return type(value) in (Decimal, date)


class Index:
    """Finds the rows that match. ``exact`` has the rows of each combination where all rows test all inputs for equality alone."""

    def __init__(self, tests: Sequence[tuple[CellTest, ...]]) -> None:
        self.tests = tuple(tests)
        self.exact: dict[tuple[Any, ...], list[int]] = {}
        groups: dict[tuple[int, ...], dict[tuple[Any, ...], list[int]]] = {}
        for row, each in enumerate(self.tests):
            columns = tuple(at for at, test in enumerate(each) if test.values is not None and len(test.values) <= MOST_KEYS)
            while _combinations(each, columns) > MOST_KEYS:
                columns = columns[:-1]
            group = groups.setdefault(columns, {})
            for key in dict.fromkeys(product(*[each[at].values or () for at in columns])):
                group.setdefault(tuple([(type(v), v) for v in key]), []).append(row)
        self._groups = [
            (columns, {key: Bucket(self.tests, rows, columns) for key, rows in group.items()}) for columns, group in groups.items()
        ]
        if len(groups) == 1:
            (columns, group), *_ = groups.items()
            if self.tests and all(len(columns) == len(each) for each in self.tests):
                self.exact = {tuple(v for _, v in key): rows for key, rows in group.items()}
        kinds = [{type(v) for each in self.tests for v in each[at].values or ()} for at in range(len(self.tests[0]) if self.tests else 0)]
        if any(len(kind) > 1 or bool in kind for kind in kinds):
            self.exact = {}  # a dictionary takes 1 and true for the same

    def rows(self, inputs: Sequence[Any]) -> Sequence[int]:
        """The rows that match inputs that are known, in order."""
        found: list[Sequence[int]] = []
        for columns, group in self._groups:
            bucket = group.get(tuple([(type(inputs[at]), inputs[at]) for at in columns]))
            if bucket is not None and (rows := bucket.matching(inputs)):
                found.append(rows)
        if len(found) == 1:
            return found[0]
        return sorted(row for rows in found for row in rows)

    def possible(self, inputs: Sequence[Any]) -> list[tuple[int, bool | None]]:
        """The rows that match, and with None those that may, tried one by one: for inputs of which some are not known."""
        found: list[tuple[int, bool | None]] = []
        known: dict[tuple[int, CellTest], Any] = {}
        for row, each in enumerate(self.tests):
            hit: Any = True
            results = []
            for at, test in enumerate(each):
                if test.idle:
                    continue
                key = at, test
                result = known[key] if key in known else known.setdefault(key, test.of(inputs[at]))
                results.append(result)
                if result is False:
                    break
            hit = all_of(results)
            if hit is True or hit is None:
                found.append((row, hit))
        return found


def _combinations(tests: Sequence[CellTest], columns: Sequence[int]) -> int:
    total = 1
    for at in columns:
        total *= len(tests[at].values or ())
    return total


class Bucket:
    """Rows that share a hash."""

    def __init__(self, tests: Sequence[tuple[CellTest, ...]], rows: Sequence[int], hashed: Sequence[int]) -> None:
        self.rows_left = [(row, [(at, t) for at, t in enumerate(tests[row]) if at not in hashed and not t.idle]) for row in rows]
        self.column = -1
        self.kind: type = object
        self.edges: list[Any] = []
        self.covers: list[list[tuple[int, list[tuple[int, CellTest]]]]] = []
        if len(rows) > FEW:
            columns = [at for at in range(len(tests[0])) if all(_is_interval(tests[row][at]) for row in rows)]
            for column in columns:
                if self._cut(column):
                    return

    def _cut(self, column: int) -> bool:
        """Cuts the line at the ends of the rows' intervals: stretch 2i is what lies before edge i, stretch 2i + 1 the edge itself."""
        spans = [(next(t for at, t in left if at == column), row, left) for row, left in self.rows_left]
        ends = [end[0] for test, _, _ in spans for end in (test.low, test.high) if end is not None]
        if len({type(end) for end in ends}) != 1:
            return False
        edges = sorted(set(ends))
        place = {edge: number for number, edge in enumerate(edges)}
        covers: list[list[tuple[int, list[tuple[int, CellTest]]]]] = [[] for _ in range(2 * len(edges) + 1)]
        budget = MOST_COVERS * len(covers)
        for test, row, left in spans:
            first = 0 if test.low is None else 2 * place[test.low[0]] + (1 if test.low[1] else 2)
            last = len(covers) - 1 if test.high is None else 2 * place[test.high[0]] + (1 if test.high[1] else 0)
            budget -= max(0, last - first + 1)
            if budget < 0:
                return False
            rest = [(at, t) for at, t in left if at != column]
            for stretch in range(first, last + 1):
                covers[stretch].append((row, rest))
        self.column, self.kind, self.edges, self.covers = column, type(edges[0]), edges, covers
        return True

    def matching(self, inputs: Sequence[Any]) -> list[int]:
        """The rows that match, in order."""
        left = self.rows_left
        if self.column >= 0:
            value = inputs[self.column]
            if type(value) is not self.kind:
                return []
            at = bisect_left(self.edges, value)
            left = self.covers[2 * at + (at < len(self.edges) and self.edges[at] == value)]
        return [row for row, tests in left if all(test.of(inputs[at]) is True for at, test in tests)]


def _is_interval(test: CellTest) -> bool:
    return test.low is not None or test.high is not None
