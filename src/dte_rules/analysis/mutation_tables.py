"""Faults in decision tables: cells swapped with their neighbours, rows left out, rows in another order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dte_rules.analysis.expression_text import plain_text
from dte_rules.feel import core
from dte_rules.program.nodes import Row, Table
from dte_rules.source.span import Span


@dataclass(frozen=True)
class TableChange:
    """A table with a fault."""

    key: tuple[Any, ...]
    operator: str
    zh: str
    en: str
    table: Table
    span: Span | None


def table_changes(table: Table) -> Iterator[TableChange]:
    """The faults of a table as a whole."""
    rows = table.rows
    for place, row in enumerate(rows):
        kept = rows[:place] + rows[place + 1 :]
        if kept:
            yield TableChange(("row", row.id), "row", f"去掉第 {row.id} 行", f"row {row.id} dropped", replace(table, rows=kept), row.span)
        following = place + 1
        if following >= len(rows):
            continue
        other = rows[following]
        for column, (own, its) in enumerate(zip(row.outputs, other.outputs, strict=True)):
            if own != its:
                swapped = _swapped(rows, place, following, column)
                words = f"{_text(own)} ↔ {_text(its)}"
                zh, en = f"第 {row.id}、{other.id} 行单元格对调：{words}", f"cells of rows {row.id} and {other.id} swapped: {words}"
                yield TableChange(("cells", row.id, column), "cell", zh, en, replace(table, rows=swapped), row.span)
        for column, (test, its_test) in enumerate(zip(row.tests, other.tests, strict=True)):
            if test != its_test:
                exchanged = _tests_swapped(rows, place, following, column)
                words = f"{_text(test)} ↔ {_text(its_test)}"
                zh, en = f"第 {row.id}、{other.id} 行条件对调：{words}", f"tests of rows {row.id} and {other.id} swapped: {words}"
                yield TableChange(("tests", row.id, column), "cell", zh, en, replace(table, rows=exchanged), row.span)
        if table.hit == "first":
            turned = (*rows[:place], other, row, *rows[following + 1 :])
            zh, en = f"第 {row.id}、{other.id} 行顺序对调", f"rows {row.id} and {other.id} in the other order"
            yield TableChange(("order", row.id), "row", zh, en, replace(table, rows=turned), row.span)


def _swapped(rows: tuple[Row, ...], one: int, other: int, column: int) -> tuple[Row, ...]:
    def cells(row: Row, value: core.Expr) -> Row:
        return replace(row, outputs=(*row.outputs[:column], value, *row.outputs[column + 1 :]))

    new = list(rows)
    new[one] = cells(rows[one], rows[other].outputs[column])
    new[other] = cells(rows[other], rows[one].outputs[column])
    return tuple(new)


def _tests_swapped(rows: tuple[Row, ...], one: int, other: int, column: int) -> tuple[Row, ...]:
    def tests(row: Row, value: core.Expr | None) -> Row:
        return replace(row, tests=(*row.tests[:column], value, *row.tests[column + 1 :]))

    new = list(rows)
    new[one] = tests(rows[one], rows[other].tests[column])
    new[other] = tests(rows[other], rows[one].tests[column])
    return tuple(new)


def _text(expr: core.Expr | None) -> str:
    return "-" if expr is None else plain_text(expr)
