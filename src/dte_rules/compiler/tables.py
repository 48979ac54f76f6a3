"""The pass that makes rules of tables."""

from __future__ import annotations

from collections.abc import Iterator

from dte_rules.compiler.cells import bare_words, concluded, otherwise_values, tested
from dte_rules.compiler.coverage import Standing, within
from dte_rules.compiler.diagnostics import CellLikeName
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.scopes import Stretch
from dte_rules.compiler.writing import Writing
from dte_rules.feel import core
from dte_rules.feel.types import ANY
from dte_rules.pack.model import TableItem, TableRow
from dte_rules.program.nodes import Row, Rule, Table
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet


def with_tables(draft: Draft) -> Draft:
    """The draft with the rules of its tables."""
    writing = Writing(draft)
    for table in draft.pack.tables:
        slots = tuple(f"{table.id}.{output}" for output in table.outputs)
        for stretch in writing.stretches(table.id, _snippets(table), Standing(table.period, table.under), table.span):
            body = _body(writing, table, slots, stretch)
            if body is not None:
                writing.rules.append(
                    Rule(
                        slot=table.id,
                        kind="table",
                        type=writing.types[table.id],
                        body=body,
                        period=stretch.standing.period,
                        under=stretch.standing.under,
                        cites=table.cites,
                        title=table.title,
                        pack=table.pack,
                        span=table.span,
                    )
                )
        if table.id in writing.broken:
            writing.broken.update(slots)
    return writing.done()


def _snippets(table: TableItem) -> tuple[Snippet, ...]:
    cells = (cell for row in table.rows for cell, bare in zip(row.cells, row.bare, strict=True) if not bare)
    return (*table.inputs, *cells, *(table.otherwise or ()), *table.priorities)


def _body(writing: Writing, table: TableItem, slots: tuple[str, ...], stretch: Stretch) -> Table | None:
    name, scope = table.id, stretch.scope
    inputs = [writing.expression(name, snippet, scope) for snippet in table.inputs]
    subjects = [core.Var(f"?{number}", type=ANY if i is None else i.type) for number, i in enumerate(inputs, 1)]
    rows = [_row(writing, table, row, stretch, subjects) for row in table.rows]
    otherwise = None if table.otherwise is None else [writing.checked(name, r) for r in otherwise_values(table, scope)]
    words = bare_words(table, 0)
    priorities = [writing.checked(name, concluded(s, s.text in words, scope)) for s in table.priorities]
    if name in writing.broken:
        return None
    return Table(
        inputs=_complete(inputs),
        outputs=slots,
        rows=tuple(row for row in rows if row is not None),
        hit=table.hit,
        otherwise=None if otherwise is None else _complete(otherwise),
        priorities=_complete(priorities),
    )


def _row(writing: Writing, table: TableItem, row: TableRow, stretch: Stretch, subjects: list[core.Var]) -> Row | None:
    width, scope = len(subjects), stretch.scope
    tests = tuple(
        writing.checked(table.id, tested(cell, bare, scope, subject))
        for cell, bare, subject in zip(row.cells[:width], row.bare[:width], subjects, strict=True)
    )
    writing.found.update(dict.fromkeys(_like_names(writing, row, width)))
    outputs = [
        writing.checked(table.id, concluded(cell, bare, scope)) for cell, bare in zip(row.cells[width:], row.bare[width:], strict=True)
    ]
    if None in outputs:
        return None
    return Row(row.id, tests, _complete(outputs), row.cites or table.cites, within(row.period, stretch.standing.period), row.span)


def _like_names(writing: Writing, row: TableRow, width: int) -> Iterator[Diagnostic]:
    """The outputs that are words, and names as well."""
    kinds = writing.draft.names.kinds
    for cell, bare in zip(row.cells[width:], row.bare[width:], strict=True):
        if bare and cell.text in kinds:
            yield CellLikeName(span=cell.span(0, len(cell.text)), name=cell.text, kind=kinds[cell.text])


def _complete(expressions: list[core.Expr | None]) -> tuple[core.Expr, ...]:
    return tuple(e for e in expressions if e is not None)
