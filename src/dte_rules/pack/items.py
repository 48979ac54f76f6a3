"""Builds the items that are neither parameters nor decisions: sources, facts, interpretations, functions, terms and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.diagnostics_form import RowLength
from dte_rules.pack.model import FactDeclaration, Function, TableItem, TableRow, Term, TermRule
from dte_rules.pack.schema.clauses import TargetSchema
from dte_rules.pack.schema.items import (
    FactSchema,
    FunctionSchema,
    InterpretationSchema,
    OpenSchema,
    RowSchema,
    SourceSchema,
    TableSchema,
    TermRuleSchema,
    TermSchema,
)
from dte_rules.pack.scope import Scope, Standing, label, some_label
from dte_rules.program.nodes import Interpretation, OpenPoint, Reading, Source, Target
from dte_rules.source.document import Path
from dte_rules.source.span import Snippet
from dte_rules.source.suggest import nearest

UNSPECIFIED = "unspecified"


def build_source(scope: Scope, at: Path, name: str, written: SourceSchema) -> Source:
    """A document that rules cite."""
    period = scope.period((*at, "in_force"), written.in_force)
    return Source(name, written.number, label(written.title), written.issued, period, scope.place(at))


def build_fact(scope: Scope, at: Path, path: str, written: FactSchema, raw: Mapping[str, Any]) -> FactDeclaration:
    """A declared fact; its type is the whole declaration as written."""
    return FactDeclaration(
        path=path, type=dict(raw), label=some_label(written.label), question=some_label(written.question), span=scope.place(at)
    )


def build_interpretation(scope: Scope, at: Path, name: str, written: InterpretationSchema) -> Interpretation:
    """An ambiguous clause with its readings."""
    cites = scope.cites((*at, "cite"), written.cite)
    readings = tuple(Reading(reading, some_label(text)) for reading, text in written.readings.items())
    return Interpretation(name, some_label(written.question), readings, written.clarify, cites, scope.place(at))


def build_open_point(scope: Scope, at: Path, name: str, written: OpenSchema) -> OpenPoint:
    """A point that the text leaves open."""
    return OpenPoint(name, some_label(written.question), scope.cites((*at, "cite"), written.cite))


def build_target(scope: Scope, at: Path, name: str, written: TargetSchema) -> Target:
    """A goal that a document sets."""
    return Target(
        id=name,
        title=some_label(written.title),
        value=written.value,
        unit=label(written.unit),
        every=written.every,
        through=written.through,
        at_least=written.at_least,
        cites=scope.cites((*at, "cite"), written.cite),
        span=scope.place(at),
    )


def build_function(scope: Scope, at: Path, path: str, written: FunctionSchema) -> Function:
    """A formula with parameters."""
    standing = scope.standing(at, path, written.cite, written.in_force)
    return Function(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, written.under),
        title=label(written.title),
        parameters=tuple(written.params.items()),
        body=scope.feel((*at, "is")),
        result=written.result,
    )


def build_term(scope: Scope, at: Path, path: str, written: TermSchema) -> Term:
    """A derived fact."""
    standing = scope.standing(at, path, written.cite, written.in_force)
    rules = written.rules or {}
    places = {name: (*at, "rules", name) for name in rules}
    check_exceptions(scope, places, path, {name: rule.except_ for name, rule in rules.items()})
    return Term(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, written.under),
        title=label(written.title),
        formula=scope.feel((*at, "is")) if written.is_ is not None else None,
        rules=tuple(build_term_rule(scope, (*at, "rules", n), f"{path}.rules.{n}", rule, standing) for n, rule in rules.items()),
        otherwise=scope.feel((*at, "otherwise")) if written.otherwise is not None else None,
    )


def build_term_rule(scope: Scope, at: Path, path: str, written: TermRuleSchema, above: Standing | None) -> TermRule:
    """One of the rules that conclude a term."""
    standing = scope.standing(at, path, written.cite, written.in_force, above)
    return TermRule(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, written.under),
        title=label(written.title),
        when=scope.feel((*at, "when")) if written.when is not None else None,
        then=scope.feel((*at, "then")),
        excepts=tuple(written.except_),
    )


def build_table(scope: Scope, at: Path, path: str, written: TableSchema) -> TableItem:
    """A decision table."""
    standing = scope.standing(at, path, written.cite, written.in_force)
    columns = [f"`{text}`" for text in (*written.inputs, *written.outputs)]
    hit_at: Path = (*at, "hit")
    return TableItem(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, written.under),
        title=label(written.title),
        hit=written.hit,
        hit_span=scope.document.span(hit_at) if scope.document.node(hit_at) else scope.place(at),
        inputs=tuple(scope.feel((*at, "inputs", index)) for index in range(len(written.inputs))),
        outputs=tuple(written.outputs),
        rows=tuple(_rows(scope, at, path, written, columns, standing)),
        otherwise=_otherwise(scope, (*at, "otherwise"), written, columns),
        priorities=tuple(scope.feel((*at, "priorities", index)) for index in range(len(written.priorities))),
    )


def _rows(scope: Scope, at: Path, path: str, written: TableSchema, columns: list[str], above: Standing) -> Iterator[TableRow]:
    seen: set[str] = set()
    for index, row in enumerate(written.rows):
        here: Path = (*at, "rows", index)
        form = row if isinstance(row, RowSchema) else None
        name = form.id if form and form.id else str(index + 1)
        if name in seen:
            scope.report(law.RowTwice(span=scope.document.span((*here, "id") if form and form.id else here), row=name))
        seen.add(name)
        cells_at: Path = (*here, "cells") if form else here
        count = len(form.cells) if isinstance(row, RowSchema) and form else len(row) if isinstance(row, list) else 0
        if count != len(columns):
            span = scope.document.span(cells_at)
            scope.report(RowLength(span=span, found=count, wanted=len(columns), columns=", ".join(columns)))
        cells = [scope.cell((*cells_at, number)) for number in range(count)]
        standing = scope.standing(here, f"{path}.rows.{name}", form.cite, form.in_force, above) if form else above
        yield TableRow(
            cells=tuple(cell for cell, _ in cells),
            bare=tuple(bare for _, bare in cells),
            span=scope.document.span(here),
            id=name,
            cites=standing.cites,
            period=standing.period,
        )


def _otherwise(scope: Scope, at: Path, written: TableSchema, columns: list[str]) -> tuple[Snippet, ...] | None:
    """The outputs where no row matches; None where the text does not say."""
    if written.otherwise is None or written.otherwise == UNSPECIFIED:
        return None
    several = isinstance(written.otherwise, list)
    count = len(written.otherwise) if several else 1
    if count != len(written.outputs):
        outputs = ", ".join(columns[len(written.inputs) :])
        scope.report(RowLength(span=scope.document.span(at), found=count, wanted=len(written.outputs), columns=outputs))
    return tuple(scope.feel((*at, index)) for index in range(count)) if several else (scope.feel(at),)


def check_exceptions(scope: Scope, places: Mapping[str, Path], path: str, excepts: Mapping[str, Sequence[str]]) -> None:
    """Exceptions name rules of the term, and don't run in a circle. ``places`` has the rules that are written in this file."""
    for name, at in places.items():
        for index, other in enumerate(excepts[name]):
            if other not in excepts:
                span = scope.document.span((*at, "except", index))
                listed = ", ".join(f"`{rule}`" for rule in excepts if rule != name)
                scope.report(law.UnknownException(span=span, term=path, rule=other, nearest=nearest(other, excepts), allowed=listed))
    circle = _circle(excepts) or ()
    written = next((name for name in circle if name in places), None)
    if written is not None:
        span = scope.document.span((*places[written], "except"))
        scope.report(law.ExceptionCircle(span=span, path=" → ".join(f"`{name}`" for name in circle)))


def _circle(excepts: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    """A way from a rule through its exceptions back to itself, if there is one."""
    clear: set[str] = set()
    for start in excepts:
        trail: list[str] = []
        ways = [iter([start])]
        while ways:
            name = next(ways[-1], None)
            if name is None:
                ways.pop()
                if trail:
                    clear.add(trail.pop())
            elif name in trail:
                return (*trail[trail.index(name) :], name)
            elif name not in clear and name in excepts:
                trail.append(name)
                ways.append(iter(excepts[name]))
    return None
