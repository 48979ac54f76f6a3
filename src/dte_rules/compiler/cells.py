"""The cells of tables as conditions and values. Most are plain texts and numbers, which need no parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dte_rules.feel import core
from dte_rules.feel.elaborate import Elaborated, elaborate_all, elaborate_tests_all
from dte_rules.feel.scope import Scope
from dte_rules.feel.types import ANY, BOOLEAN, NUMBER, STRING, Enum, Type
from dte_rules.pack.model import TableItem
from dte_rules.source.span import Snippet

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,4})?")
_ANYTHING = "-"


def tested(cell: Snippet, bare: bool, scope: Scope, subject: core.Var) -> Elaborated:
    """The condition that an input's cell puts on the input's value; None for a cell that holds always."""
    if not bare and cell.text == _ANYTHING:
        return Elaborated(None, ())
    constant = constant_of(cell, bare)
    if constant is not None and _may_equal(subject.type, constant):
        return Elaborated(core.Compare("=", subject, constant, type=BOOLEAN, span=constant.span), ())
    return elaborate_tests_all(_quoted(cell) if bare else cell, scope, subject.type, subject)


def concluded(cell: Snippet, bare: bool, scope: Scope, expected: Type | None = None) -> Elaborated:
    """The value of an output's cell."""
    constant = constant_of(cell, bare)
    if constant is not None and expected is None:
        return Elaborated(constant, ())
    return elaborate_all(_quoted(cell) if bare else cell, scope, expected)


def bare_words(table: TableItem, output: int) -> frozenset[str]:
    """The bare texts in an output's column. Outside the rows, too, they are these texts and no names."""
    column = len(table.inputs) + output
    return frozenset(row.cells[column].text for row in table.rows if row.bare[column])


def otherwise_values(table: TableItem, scope: Scope) -> Iterator[Elaborated]:
    """The outputs where no row matches."""
    for output, cell in enumerate(table.otherwise or ()):
        yield concluded(cell, cell.text in bare_words(table, output), scope)


def constant_of(cell: Snippet, bare: bool) -> core.Const | None:
    """The value of a cell that holds a bare text or a plain number; None for any other."""
    if bare:
        return core.Const(cell.text, type=STRING, span=cell.span(0, len(cell.text)))
    if _NUMBER.fullmatch(cell.text):
        return core.Const(Decimal(cell.text), type=NUMBER, span=cell.span(0, len(cell.text)))
    return None


def _may_equal(type_: Type, constant: core.Const) -> bool:
    if isinstance(type_, Enum):
        return constant.value in type_.values
    return type_ in (ANY, constant.type)


def _quoted(cell: Snippet) -> Snippet:
    """A bare text as a FEEL text, each character still at its place."""
    escaped = cell.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    runs = [(offset + 1 if offset else 0, line, column) for offset, line, column in cell.runs]
    first = runs[0]
    return Snippet(f'"{escaped}"', cell.file, (first, (1, *first[1:]), *runs[1:]))
