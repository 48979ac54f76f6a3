"""Which rows of a table were hit, which stay possible, and which of the others come nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dte_rules.engine.decision import Clause
from dte_rules.engine.justification import RowForm, RowTrace, Step, outcome_of
from dte_rules.engine.justify_cells import Cell, cell_of
from dte_rules.engine.justify_forms import Forms
from dte_rules.engine.justify_values import PLAIN
from dte_rules.feel import core
from dte_rules.feel.operators import compare, conjunction
from dte_rules.feel.unparse import literal, unparse
from dte_rules.feel.values import Unknown, same
from dte_rules.program.nodes import Row, Table

MOST_NEAR = 3
"""How many rows that miss are shown; those that miss by the fewest inputs come first."""
MOST_KEPT = 256
"""For how many combinations of inputs that are not known the outputs are kept."""
Found = tuple[tuple[RowTrace, ...], tuple[RowTrace, ...], tuple[RowTrace, ...], bool]


Results = tuple[Sequence[Any], tuple[Step, ...]]
"""The results of a row's tests, true where there is none, and their steps."""


class Rows:
    """A table's rows, made ready: where every cell is a value or nothing, rows are looked up, else each test leaves its steps.

    ``written`` are the rows whose tests have to be written as code, for they do more than to compare an input with constants.
    """

    def __init__(self, table: Table, forms: Forms) -> None:
        self.table, self._without_rows = table, replace(table, rows=())
        self.forms = [_form(row) for row in table.rows]
        self.cells = [_cells(row) for row in table.rows]
        self.plain = bool(table.inputs) and all(cells is not None and None not in cells for cells in self.cells)
        outputs = [*(output for row in table.rows for output in row.outputs), *(table.otherwise or ()), *table.priorities]
        self.constant = self.plain and all(isinstance(output, core.Const) for output in outputs)
        self.written: tuple[Row, ...] = ()
        self._tests: list[list[Cell | None]] = []
        self._kept: dict[tuple[Any, ...], Sequence[Any]] = {}
        self._exact: Mapping[tuple[Any, ...], list[int]] = {}
        self._but_one: list[Mapping[tuple[Any, ...], list[int]]] = []
        if self.plain:
            self._index()
            return
        for row in table.rows:
            tests = [None if test is None else cell_of(test, forms) for test in row.tests]
            if any(test is not None and cell is None for test, cell in zip(row.tests, tests, strict=True)):
                self.written = table.rows
                return
            self._tests.append(tests)

    def _index(self) -> None:
        exact: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        self._but_one = [defaultdict(list) for _ in self.table.inputs]
        for number, cells in enumerate(self.cells):
            assert cells is not None
            exact[cells].append(number)
            for i, index in enumerate(self._but_one):
                index[cells[:i] + cells[i + 1 :]].append(number)
        self._exact = exact

    def concluded(self, given: Sequence[Any], look_up: Callable[[Table], Sequence[Any]]) -> Sequence[Any]:
        """The outputs where the engine's are not plain; those of constants are kept for the next time that as little is known."""
        known = all(type(value) in PLAIN for value in given)
        if self.plain and known and tuple(given) not in self._exact:  # what hits no row is told as fully by a table without rows
            return look_up(self._without_rows)
        if (
            known
            or not self.constant
            or not all(type(v) in PLAIN or (type(v) is Unknown and v.low is None and v.high is None) for v in given)
        ):
            return look_up(self.table)
        key = tuple([value.needs if type(value) is Unknown else (value,) for value in given])
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = look_up(self.table)
        return found

    def looked_at(self, given: Sequence[Any], values: Sequence[Any], results: Sequence[Results] = ()) -> Found:
        """Rows hit, rows possible, the nearest of those that miss, and whether none can be hit; ``results`` are those of `written` rows."""
        if self.plain and all(type(value) in PLAIN for value in given):
            return self._indexed(tuple(given))
        return self._tested(given, values, results)

    def _indexed(self, given: tuple[Any, ...]) -> Found:
        hits = [n for n in self._exact.get(given, ()) if all(map(same, self.cells[n] or (), given))]
        if self.table.hit == "first":
            hits = hits[:1]
        near: dict[int, int] = {}
        for i, index in enumerate(self._but_one):
            for number in index.get(given[:i] + given[i + 1 :], ()):
                if number not in hits:
                    near.setdefault(number, i)
        shown = sorted(near)[:MOST_NEAR]
        forms = self.forms
        return (
            tuple([RowTrace(forms[n], "true") for n in hits]),
            (),
            tuple([RowTrace(forms[n], "false", (near[n],)) for n in shown]),
            not hits,
        )

    def _tested(self, given: Sequence[Any], values: Sequence[Any], written: Sequence[Results]) -> Found:
        hit: list[RowTrace] = []
        possible: list[RowTrace] = []
        missed: list[RowTrace] = []
        for number, form in enumerate(self.forms):
            results, parts = written[number] if written else self._results(number, given)
            outcome = outcome_of(conjunction(results))
            fails = tuple([i for i, result in enumerate(results) if result is False])
            row = RowTrace(form, outcome, fails, parts)
            (hit if outcome == "true" else possible if outcome == "unknown" else missed).append(row)
        unheld = not hit and not possible
        if self.table.hit == "first" and hit:
            first = self.forms.index(hit[0].form)
            possible = [row for row in possible if self.forms.index(row.form) < first]
            hit = hit[:1]
        elif self.table.hit == "priority" and len(hit) > 1:
            hit = [row for row in hit if row.form.outputs[0] == literal(values[0])][:1] or hit
        missed.sort(key=lambda row: (not row.excepted, len(row.missed)))
        return tuple(hit), tuple(possible), tuple(missed[:MOST_NEAR]), unheld

    def _results(self, number: int, given: Sequence[Any]) -> Results:
        cells = self.cells[number]
        if self.plain and cells is not None:
            return [_equal(value, cell) for value, cell in zip(given, cells, strict=True)], ()
        results: list[Any] = []
        steps: list[Step] = []
        for test in self._tests[number]:
            if test is None:
                results.append(True)
                continue
            value, step = test(given)
            results.append(value)
            steps.append(step)
        return results, tuple(steps)


def _equal(value: Any, cell: Any) -> Any:
    """Whether an input is a cell's value; one of which nothing is known is not known to be."""
    return value if type(value) is Unknown and value.low is None and value.high is None else compare("=", value, cell)


def _form(row: Row) -> RowForm:
    tests = tuple("" if test is None else _cell_text(test) for test in row.tests)
    cites = tuple(Clause(source=c.source, locator=c.locator) for c in row.cites)
    return RowForm(row.id, tests, tuple(map(unparse, row.outputs)), cites, row.period, row.span)


def _cell_text(test: core.Expr) -> str:
    if isinstance(test, core.Compare) and isinstance(test.left, core.Var) and test.left.name.startswith("?"):
        text = unparse(test.right)
        return text if test.op == "=" else f"{test.op} {text}"
    return unparse(test)


def _cells(row: Row) -> tuple[Any, ...] | None:
    """A row's cells where each is a value, None for any value; nothing where one is a test of another form."""
    found: list[Any] = []
    for test in row.tests:
        if test is None:
            found.append(None)
        elif isinstance(test, core.Compare) and test.op == "=" and isinstance(test.left, core.Var) and isinstance(test.right, core.Const):
            if test.right.value is None or isinstance(test.right.value, tuple):
                return None
            found.append(test.right.value)
        else:
            return None
    return tuple(found)
