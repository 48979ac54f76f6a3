"""Which rows of a table were hit, which stay possible, and which of the others come nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dte_rules.engine.decision import Clause
from dte_rules.engine.justification import RowForm, RowTrace, Step, outcome_of
from dte_rules.engine.justify_trace import Tracers
from dte_rules.engine.justify_values import PLAIN, Reader
from dte_rules.feel import core
from dte_rules.feel.operators import conjunction
from dte_rules.feel.unparse import literal, unparse
from dte_rules.feel.values import same
from dte_rules.program.nodes import Row, Table

MOST_NEAR = 3
"""How many rows that miss are shown; those that miss by the fewest inputs come first."""
Found = tuple[tuple[RowTrace, ...], tuple[RowTrace, ...], tuple[RowTrace, ...], bool]


class Rows:
    """A table's rows, made ready: where every cell is a value or nothing, rows are looked up, else each test leaves its steps."""

    def __init__(self, table: Table, tracers: Tracers) -> None:
        self.table = table
        self.forms = [_form(row) for row in table.rows]
        self.cells = [_cells(row) for row in table.rows]
        self.plain = bool(table.inputs) and all(cells is not None and None not in cells for cells in self.cells)
        self.tests: list[list[Any]] = []
        self._exact: Mapping[tuple[Any, ...], list[int]] = {}
        self._but_one: list[Mapping[tuple[Any, ...], list[int]]] = []
        if self.plain:
            self._index()
        else:
            self.tests = [[None if t is None else tracers.step(t) for t in row.tests] for row in table.rows]

    def _index(self) -> None:
        exact: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        self._but_one = [defaultdict(list) for _ in self.table.inputs]
        for number, cells in enumerate(self.cells):
            assert cells is not None
            exact[cells].append(number)
            for i, index in enumerate(self._but_one):
                index[cells[:i] + cells[i + 1 :]].append(number)
        self._exact = exact

    def looked_at(self, c: Reader, given: Sequence[Any], values: Sequence[Any]) -> Found:
        """Rows hit, rows possible, the nearest of those that miss, and whether none can be hit."""
        if self.plain and all(type(value) in PLAIN for value in given):
            return self._indexed(tuple(given))
        return self._tested(c, given, values)

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

    def _tested(self, c: Reader, given: Sequence[Any], values: Sequence[Any]) -> Found:
        local = {f"?{number}": value for number, value in enumerate(given, 1)}
        hit: list[RowTrace] = []
        possible: list[RowTrace] = []
        missed: list[RowTrace] = []
        for number, form in enumerate(self.forms):
            results, parts = self._results(c, number, local)
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

    def _results(self, c: Reader, number: int, local: dict[str, Any]) -> tuple[list[Any], tuple[Step, ...]]:
        cells = self.cells[number]
        if self.plain and cells is not None:
            return [_equal(value, cell) for value, cell in zip(local.values(), cells, strict=True)], ()
        steps: list[Any] = []
        results = [True if test is None else test(c, local, steps) for test in self.tests[number]]
        return results, tuple(steps)


def _equal(value: Any, cell: Any) -> Any:
    from dte_rules.feel.operators import compare

    return compare("=", value, cell)


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
