"""The numbers that a pack takes from its documents: values of parameters, cells of tables, thresholds in conditions, targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.feel import ast
from dte_rules.feel.parser import parse, parse_unary_tests
from dte_rules.feel.values import Months
from dte_rules.pack.model import Condition, Pack, TableItem
from dte_rules.program.nodes import Citation
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.source.span import Snippet, Span

Quantity = Decimal | date | Months | timedelta
Found = tuple[Quantity, str, Span]

_LITERAL = re.compile(r'^@?"?(\d{4}-\d{2}-\d{2})"?$|^@?"?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"?$')
_NEUTRAL: tuple[Quantity, ...] = (Decimal(0), Decimal(1), timedelta(days=1), timedelta(0))
"""What counts, begins and steps to the next day, and is no number of a law."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, as it is ``shown`` in the pack, with its item and the clauses it rests on. ``row`` is the text that names its row."""

    item: str
    value: Quantity
    shown: str
    cites: tuple[Citation, ...]
    span: Span | None
    row: str = ""


def figures(pack: Pack) -> Iterator[Figure]:
    """All numbers of a pack that a document must have."""
    for parameter in pack.parameters:
        for _, value, span in parameter.values:
            if not isinstance(value, bool) and (found := _quantity(value)) is not None:
                yield Figure(parameter.path, found, _shown(value), parameter.cites, span)
    for function in pack.functions:
        yield from _in_formula(function.path, function.body, function.cites)
    for term in pack.terms:
        for snippet in (term.formula, term.otherwise):
            yield from _in_formula(term.path, snippet, term.cites)
        for rule in term.rules:
            yield from _in_formula(rule.path, rule.when, rule.cites)
            yield from _in_formula(rule.path, rule.then, rule.cites)
    for table in pack.tables:
        yield from _in_table(table)
    for decision in pack.decisions:
        for part in (decision.requires, decision.excludes, decision.soft, decision.delegates, decision.empowers):
            yield from _in_conditions(part)
        for grant in decision.grants:
            yield from _in_formula(grant.path, grant.formula, grant.cites)
    for target in pack.targets.values():
        for amount in (target.value, target.through):
            if amount is not None:
                yield Figure(f"targets.{target.id}", amount, _shown(amount), target.cites, target.span)


def _in_conditions(conditions: Iterable[Condition]) -> Iterator[Figure]:
    for condition in conditions:
        yield from _in_formula(condition.path, condition.when, condition.cites)
        yield from _in_conditions(condition.members)


def _in_formula(path: str, snippet: Snippet | None, cites: tuple[Citation, ...]) -> Iterator[Figure]:
    if snippet is None or not re.search(r"\d", snippet.text):
        return
    try:
        tree = parse(snippet)
    except DiagnosticsError:
        return
    for value, shown, span in (*_bounds(tree), *_compared(tree)):
        yield Figure(path, value, shown, cites, span)


def _in_table(table: TableItem) -> Iterator[Figure]:
    for row in table.rows:
        label = next((cell.text.strip('"') for cell in row.cells if re.search(r"[^\W\d_]", cell.text)), "")
        for number, cell in enumerate(row.cells):
            if not re.search(r"\d", cell.text) or row.bare[number]:
                continue
            try:
                trees = parse_unary_tests(cell).tests if number < len(table.inputs) else (parse(cell),)
            except DiagnosticsError:
                continue
            for tree in trees:
                for value, shown, span in (*_bounds(tree), *_compared(tree)):
                    yield Figure(f"{table.path}.rows.{row.id}", value, shown, row.cites, span, label)


def _compared(tree: ast.Expr) -> Iterator[Found]:
    """The numbers that something is compared with."""
    for node in _walk(tree):
        match node:
            case ast.Comparison(left=left, right=right):
                yield from (*_bounds(left), *_bounds(right))
            case ast.UnaryComparison(operand=operand):
                yield from _bounds(operand)
            case ast.Between(low=low, high=high) | ast.Interval(low=low, high=high):
                yield from (*_bounds(low), *_bounds(high))
            case ast.In(tests=tests):
                yield from (bound for test in tests for bound in _bounds(test))


def _bounds(expr: ast.Expr) -> Iterator[Found]:
    """The numbers that an expression is made of. What stands in calls and filters and after a point counts or reckons days."""
    match expr:
        case ast.NumberLiteral(value=value, span=span):
            found: Quantity | None = value
            shown = _shown(value)
        case ast.AtLiteral(text=text, span=span):
            found, shown = _quantity(text), text
        case ast.Negation(operand=operand):
            yield from _bounds(operand)
            return
        case ast.Arithmetic(left=left, right=right):
            yield from (*_bounds(left), *_bounds(right))
            return
        case ast.If(then=then, otherwise=otherwise):
            yield from (*_bounds(then), *_bounds(otherwise))
            return
        case _:
            return
    if found is not None and found not in _NEUTRAL:
        yield found, shown, span


def _quantity(value: Decimal | str | date) -> Quantity | None:
    """A number, a day or a length of time; None for other texts."""
    if not isinstance(value, str):
        return value
    match = _LITERAL.match(value)
    if match is None or not any(match.groups()):
        return None
    day, years, months, days = match.groups()
    if day is not None:
        return date.fromisoformat(day)
    return timedelta(days=int(days)) if days else Months(12 * int(years or 0) + int(months or 0))


def _shown(value: Decimal | date | str) -> str:
    """A value in the form that a pack has it in."""
    match value:
        case str():
            return value.strip('@"')
        case Decimal():
            return format(value, "f")
        case _:
            return value.isoformat()


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for field in fields(node) if is_dataclass(node) else ():
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, Span):
                yield from _walk(part)
