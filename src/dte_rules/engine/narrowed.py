"""Tables of many rows for the search of what is missing: of each table only those rows are looked at that known inputs leave.

The reference interpreter tries every row of a table. That is its meaning; but under suppositions a table is looked up hundreds of
times, nearly always with some inputs known. A row whose test of a known input is false takes no part in what the table gives, so
the reference interpreter is given a table without such rows. What it gives is kept for inputs of which as much is known, as far
as the table is concerned.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dte_rules.engine import reference
from dte_rules.engine.lookup_index import ANY, HASHED, CellTest, Index, read_test
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Row, Rule, Table

FEW = 16
"""A table of no more rows is tried row by row."""
MOST_STEPS = 60_000
"""How many rules and rows of tables are tried for one decision before no more values are supposed."""
LIGHT = 8
"""So many rows are found as quickly as one is tried."""
Place = tuple[Any, int, bool]
"""Where a value lies among the constants with which a column compares it."""


class Spent:
    """What a search has tried so far, and what came of tables."""

    def __init__(self) -> None:
        self.steps = 0
        self.kept: dict[tuple[Any, ...], Sequence[Any]] = {}

    def enough(self) -> bool:
        """Whether so much was tried that no more is to be."""
        return self.steps >= MOST_STEPS


class NarrowedRules:
    """The rules of a plan, concluded as by the reference interpreter; long tables are made ready when they are first looked up."""

    def __init__(self) -> None:
        self._tables: dict[str, NarrowedTable] = {}

    def conclude(self, rule: Rule, env: Environment, spent: Spent) -> Mapping[str, Any]:
        """The slots that a rule concludes, with their values."""
        body = rule.body
        if not isinstance(body, Table) or len(body.rows) <= FEW:
            spent.steps += 1
            return reference.conclude(rule, env)
        table = self._tables.get(rule.slot)
        if table is None:
            table = self._tables[rule.slot] = NarrowedTable(rule.slot, body)
        return dict(zip(body.outputs, table.look_up(env, spent), strict=True))


class NarrowedTable:
    """A table of which the rows are found that known inputs leave. A test that does not compare with constants leaves all."""

    def __init__(self, name: str, table: Table) -> None:
        self.name, self.table = name, table
        tests = [[read_test(test, f"?{number}") for number, test in enumerate(row.tests, 1)] for row in table.rows]
        self._columns = [_Column([row[at] or ANY for row in tests]) for at in range(len(table.inputs))]
        outputs = [*(output for row in table.rows for output in row.outputs), *(table.otherwise or ()), *table.priorities]
        self._constant = all(None not in row for row in tests) and all(isinstance(output, core.Const) for output in outputs)
        """Whether what it gives rests on its inputs alone."""

    def look_up(self, env: Environment, spent: Spent) -> Sequence[Any]:
        """The outputs."""
        inputs = [evaluate(expr, env) for expr in self.table.inputs]
        places = [column.place(value) for column, value in zip(self._columns, inputs, strict=True)]
        key = self._key(inputs, places) if self._constant else None
        found = None if key is None else spent.kept.get(key)
        if found is None:
            rows = self._rows(inputs, places, spent)
            spent.steps += 1 + len(rows)
            found = reference.look_up(replace(self.table, rows=rows), self.name, env)
            if key is not None:
                spent.kept[key] = found
        return found

    def _key(self, inputs: Sequence[Any], places: Sequence[Place | None]) -> tuple[Any, ...] | None:
        """As much of the inputs as makes a difference; None where all are known, for then few rows are left, and may be missing by name."""
        parts: list[Any] = []
        for value, place in zip(inputs, places, strict=True):
            if isinstance(value, Unknown):
                parts.append((value.needs, value.low, value.high))
            elif place is not None:
                parts.append(place)
            else:
                return None
        return (self.name, *parts) if None in places else None

    def _rows(self, inputs: Sequence[Any], places: Sequence[Place | None], spent: Spent) -> tuple[Row, ...]:
        """The rows whose tests of known inputs hold, in order."""
        each = zip(self._columns, inputs, places, strict=True)
        known = sorted([(column.most(value), at, value) for at, (column, value, place) in enumerate(each) if place is not None], key=_first)
        if not known:
            return self.table.rows
        (_, at, value), *others = known
        found = self._columns[at].rows(value)
        spent.steps += len(found) // LIGHT
        for _, at, value in others:
            found = self._columns[at].those(found, value)
        return tuple([self.table.rows[row] for row in found])


def _first(each: tuple[int, int, Any]) -> int:
    return each[0]


class _Column:
    """The tests of an input by rows: which hold for a known value."""

    def __init__(self, tests: Sequence[CellTest]) -> None:
        self._tests = tests
        self._kinds = {type(value) for test in tests for value in _constants(test)}
        self._always: list[int] = []
        self._by_value: dict[Any, list[int]] = {}
        intervals: dict[CellTest, list[int]] = {}
        for row, test in enumerate(tests):
            if test.idle:
                self._always.append(row)
            elif test.values is not None:
                for value in dict.fromkeys(test.values):
                    self._by_value.setdefault(value, []).append(row)
            else:
                intervals.setdefault(test, []).append(row)
        self._rows_within = list(intervals.values())
        self._within = Index([(test,) for test in intervals])
        self._edges = sorted({end for test in intervals for end in _constants(test)}) if len(self._kinds) == 1 else []
        self._many = len(self._always) + sum(map(len, self._rows_within))

    def place(self, value: Any) -> Place | None:
        """What makes the difference between values: those of one place pass the same tests. None where a test may be unknown or null."""
        if not self._kinds:
            return (None, 0, False) if type(value) in HASHED else None
        if self._kinds != {type(value)}:
            return None
        at = bisect_left(self._edges, value)
        return value if value in self._by_value else None, at, at < len(self._edges) and self._edges[at] == value

    def most(self, value: Any) -> int:
        """How many rows there are at most whose tests hold."""
        return self._many + len(self._by_value.get(value, ()))

    def rows(self, value: Any) -> list[int]:
        """The rows whose tests hold."""
        within = [row for test in self._within.rows((value,)) for row in self._rows_within[test]]
        return sorted([*self._always, *self._by_value.get(value, ()), *within])

    def those(self, rows: Sequence[int], value: Any) -> list[int]:
        """Those of some rows whose tests hold."""
        tests = self._tests
        return [row for row in rows if tests[row].idle or tests[row].of(value) is True]


def _constants(test: CellTest) -> Sequence[Any]:
    return [*(test.values or ()), *(end[0] for end in (test.low, test.high) if end is not None)]
