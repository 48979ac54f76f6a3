"""An index over the rows of a table: which rows match known inputs, found by hashing and by bisection.

Rows are put in groups that test the same inputs for equality, and found in a group by a hash of these. Rows that share a hash are
told apart by the first input that they test for an interval: its ends cut the line into stretches, each with the rows that
cover it, and the stretch of a value is found by bisection. Where intervals overlap so much that this would name each row many
times, a row is named by the few nodes of a tree of stretches that make up its interval, and the rows of a value are those on the
way from its stretch to the root.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from heapq import merge
from itertools import chain, product
from typing import Any

from dte_rules.engine.runtime import all_of, any_of, eq, le, lt
from dte_rules.feel import core

FEW = 8
"""So many rows of one hash are tried one by one."""
MOST_KEYS = 16
"""A row with more alternatives than this is not hashed by them."""
MOST_COVERS = 8
"""Each stretch has its own rows while so many are named for each on average; else there is a tree."""
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

    def rows(self, inputs: Sequence[Any], most: int | None = None) -> Sequence[int]:
        """The rows that match inputs that are known, in order: all, or the first so many."""
        found: list[Sequence[int]] = []
        for columns, group in self._groups:
            bucket = group.get(tuple([(type(inputs[at]), inputs[at]) for at in columns]))
            if bucket is not None and (rows := bucket.matching(inputs, most)):
                found.append(rows)
        if len(found) == 1:
            return found[0]
        return sorted(row for rows in found for row in rows)[:most]

    def possible(self, inputs: Sequence[Any]) -> list[tuple[int, bool | None]]:
        """The rows that match, and with None those that may, tried one by one: for inputs of which some are not known."""
        found: list[tuple[int, bool | None]] = []
        if not self.tests:
            return found
        columns = [[True if test.idle else test.of(value) for test in tests] for tests, value in zip(self._tests_of, inputs, strict=True)]
        for row, numbers in enumerate(self._numbers_of):
            results = [column[number] for column, number in zip(columns, numbers, strict=True)]
            if False not in results and ((hit := all_of(results)) is True or hit is None):
                found.append((row, hit))
        return found

    @cached_property
    def _tests_of(self) -> list[list[CellTest]]:
        """The different tests of each input."""
        return [[test for _, test in numbers] for numbers in self._numbered]

    @cached_property
    def _numbers_of(self) -> list[tuple[int, ...]]:
        """For each row, which of these are its."""
        return [tuple([numbers[_key(test)] for numbers, test in zip(self._numbered, each, strict=True)]) for each in self.tests]

    @cached_property
    def _numbered(self) -> list[dict[tuple[Any, CellTest], int]]:
        found: list[dict[tuple[Any, CellTest], int]] = [{} for _ in (self.tests[0] if self.tests else ())]
        for each in self.tests:
            for numbers, test in zip(found, each, strict=True):
                numbers.setdefault(_key(test), len(numbers))
        return found


def _key(test: CellTest) -> tuple[Any, CellTest]:
    """A test, and the types of its values: 1 and true are equal in Python."""
    return tuple(map(type, test.values or ())), test


def _combinations(tests: Sequence[CellTest], columns: Sequence[int]) -> int:
    total = 1
    for at in columns:
        total *= len(tests[at].values or ())
    return total


Left = tuple[int, list[tuple[int, CellTest]]]
"""A row, and the tests that are left for it."""


def _left(row: int, tests: Sequence[CellTest], hashed: Sequence[int]) -> Left:
    return row, [(at, test) for at, test in enumerate(tests) if at not in hashed and not test.idle]


class Bucket:
    """Rows that share a hash."""

    def __init__(self, tests: Sequence[tuple[CellTest, ...]], rows: Sequence[int], hashed: Sequence[int]) -> None:
        self.rows_left = [_left(row, tests[row], hashed) for row in rows]
        self.column = -1
        self.kind: type = object
        self.edges: list[Any] = []
        self.covers: list[list[Left]] = []
        self.tree: list[list[Left]] = []
        if len(rows) > FEW:
            columns = [at for at in range(len(tests[0])) if at not in hashed and all(tests[row][at].values is None for row in rows)]
            spread = [found for at in columns if (found := _Spread.of([tests[row][at] for row in rows], at)) is not None]
            if spread:
                self._cut(min(spread, key=lambda each: each.named))

    def _cut(self, spread: _Spread) -> None:
        self.column, self.kind, self.edges = spread.column, type(spread.edges[0]), spread.edges
        left = [(row, [(at, t) for at, t in tests if at != spread.column]) for row, tests in self.rows_left]
        size = 2 * len(spread.edges) + 1
        if spread.named <= MOST_COVERS * size:
            self.covers = [[] for _ in range(size)]
            for each, (first, last) in zip(left, spread.spans, strict=True):
                for stretch in range(first, last + 1):
                    self.covers[stretch].append(each)
            return
        self.tree = [[] for _ in range(2 * size)]
        for each, (first, last) in zip(left, spread.spans, strict=True):
            low, high = first + size, last + size + 1
            while low < high:  # the nodes that make up the span, from the outside in
                if low % 2:
                    self.tree[low].append(each)
                    low += 1
                if high % 2:
                    high -= 1
                    self.tree[high].append(each)
                low, high = low // 2, high // 2

    def matching(self, inputs: Sequence[Any], most: int | None = None) -> list[int]:
        """The rows that match, in order: all, or the first so many."""
        found: list[int] = []
        for row, tests in self._near(inputs, most):
            if all(test.of(inputs[at]) is True for at, test in tests):
                found.append(row)
                if len(found) == most:
                    break
        return found

    def _near(self, inputs: Sequence[Any], most: int | None) -> Iterable[Left]:
        """The rows that may match, in order."""
        if self.column < 0 or type(inputs[self.column]) is not self.kind:
            return self.rows_left
        value = inputs[self.column]
        at = bisect_left(self.edges, value)
        stretch = 2 * at + (at < len(self.edges) and self.edges[at] == value)
        if self.covers:
            return self.covers[stretch]
        lists = []
        node = stretch + len(self.tree) // 2
        while node:
            if self.tree[node]:
                lists.append(self.tree[node])
            node //= 2
        return merge(*lists) if most is not None else sorted(chain(*lists))


@dataclass(frozen=True)
class _Spread:
    """The intervals for which rows test an input: stretch 2i of the line is what lies before edge i, stretch 2i + 1 the edge itself."""

    column: int
    edges: list[Any]
    spans: list[tuple[int, int]]
    """For each row, its first and its last stretch."""
    named: int
    """How many stretches all rows have together."""

    @classmethod
    def of(cls, tests: Sequence[CellTest], column: int) -> _Spread | None:
        """None where no row tests for an interval, or the ends are not of one type."""
        ends = [end[0] for test in tests for end in (test.low, test.high) if end is not None]
        if len({type(end) for end in ends}) != 1:
            return None
        edges = sorted(set(ends))
        place = {edge: number for number, edge in enumerate(edges)}
        spans = [
            (
                0 if test.low is None else 2 * place[test.low[0]] + (1 if test.low[1] else 2),
                2 * len(edges) if test.high is None else 2 * place[test.high[0]] + (1 if test.high[1] else 0),
            )
            for test in tests
        ]
        return cls(column, edges, spans, sum(max(0, last - first + 1) for first, last in spans))
