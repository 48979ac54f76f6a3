"""The pass that compares the rows of each table: those that overlap, disagree, are never reached, or can't match at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import assert_never

from dte_rules.compiler.diagnostics import PriorityMissing, RowNeverMatches, RowsDisagree, RowsMayOverlap, RowsOverlap, RowUnreachable
from dte_rules.compiler.domains import FREE, Constraints, Interval, Within, constraints, contains, intersect
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.names import AS_OF
from dte_rules.compiler.overlaps import overlapping
from dte_rules.feel import core
from dte_rules.feel.types import DATE
from dte_rules.feel.unparse import unparse
from dte_rules.program.nodes import ALWAYS, Row, Rule, Table
from dte_rules.source.diagnostic import Diagnostic

MOST_REPORTED = 20
_MOST_COMPARED = 200_000
"""How many pairs of rows that overlap are looked at for one that covers the other."""

_DAY = core.Ref(AS_OF, type=DATE)


def with_row_findings(draft: Draft) -> Draft:
    """The draft with what its tables' rows say against each other."""
    found: list[Diagnostic] = []
    for rule in draft.rules:
        if rule.kind == "table" and isinstance(rule.body, Table):
            found += _findings(rule, rule.body)
    return draft.found(found)


def _findings(rule: Rule, table: Table) -> Iterator[Diagnostic]:
    conditions = [_condition(row, table) for row in table.rows]
    never = (row for row, condition in zip(table.rows, conditions, strict=True) if condition.is_empty)
    for row in islice(never, MOST_REPORTED):
        yield RowNeverMatches(span=row.span, table=rule.slot, row=row_name(row, table))
    match table.hit:
        case "unique":
            yield from islice(_overlaps(rule, table, conditions), MOST_REPORTED)
        case "any":
            yield from islice(_disagreements(rule, table, conditions), MOST_REPORTED)
        case "first":
            yield from islice(_unreachable(rule, table, conditions), MOST_REPORTED)
        case "priority":
            yield from islice(_unlisted(rule, table), MOST_REPORTED)
        case "collect" | "collect sum" | "collect min" | "collect max" | "collect count":
            return
        case _:
            assert_never(table.hit)


def row_name(row: Row, table: Table) -> str:
    """How a message names a row: by its id, and its number where the id is something else."""
    number = str(next(n for n, other in enumerate(table.rows, 1) if other is row))
    return number if row.id == number else f"`{row.id}`"


def _condition(row: Row, table: Table) -> Constraints:
    """What a row's cells say of the table's inputs; the row's period is a condition on the day asked about."""
    subjects: dict[core.Expr, core.Expr] = {core.Var(f"?{n}", type=i.type): i for n, i in enumerate(table.inputs, 1)}
    found = FREE
    for test in row.tests:
        told = constraints(test)
        found = found.both(Constraints({subjects.get(subject, subject): d for subject, d in told.domains.items()}, told.exact))
    if row.period == ALWAYS:
        return found
    days = Interval(row.period.start, row.period.end, True, False)
    return found.both(Constraints({_DAY: Within.of((days,))}))


def _overlaps(rule: Rule, table: Table, conditions: Sequence[Constraints]) -> Iterator[Diagnostic]:
    for first, second in overlapping(conditions):
        one, other = table.rows[first], table.rows[second]
        names = row_name(one, table), row_name(other, table)
        if conditions[first].exact and conditions[second].exact:
            example = _example(conditions[first], conditions[second], table)
            yield RowsOverlap(span=other.span, table=rule.slot, first=names[0], second=names[1], example=example)
        else:
            yield RowsMayOverlap(span=other.span, table=rule.slot, first=names[0], second=names[1])


def _disagreements(rule: Rule, table: Table, conditions: Sequence[Constraints]) -> Iterator[Diagnostic]:
    """Only constants can be told apart; rows of which one has other cells are left to the day when they meet."""
    for first, second in overlapping(conditions):
        one, other = table.rows[first], table.rows[second]
        differ = any(
            isinstance(a, core.Const) and isinstance(b, core.Const) and a != b for a, b in zip(one.outputs, other.outputs, strict=True)
        )
        if differ and conditions[first].exact and conditions[second].exact:
            example = _example(conditions[first], conditions[second], table)
            names = row_name(one, table), row_name(other, table)
            yield RowsDisagree(span=other.span, table=rule.slot, first=names[0], second=names[1], example=example)


def _example(one: Constraints, other: Constraints, table: Table) -> str:
    """Inputs that two rows both match."""
    both = one.both(other)
    shown: list[str] = []
    for subject in (*table.inputs, _DAY):
        domain = both.domains.get(subject)
        example = "" if domain is None else domain.example()
        if example:
            shown.append(f"{unparse(subject)} {example}")
    return f"`{' and '.join(shown)}`" if shown else "anything"


def _unreachable(rule: Rule, table: Table, conditions: Sequence[Constraints]) -> Iterator[Diagnostic]:
    """Rows of which an earlier one matches all: by what the cells mean, as far as there is time, and else where the cells are the same."""
    covering: dict[int, int] = {}
    for earlier, later in islice(overlapping(conditions), _MOST_COMPARED):
        if earlier < covering.get(later, later) and _within(conditions[later], conditions[earlier]):
            covering[later] = earlier
    patterns: dict[tuple[int, ...], dict[tuple[core.Expr | None, ...], int]] = {}
    for position, row in enumerate(table.rows):
        same = (known.get(tuple(row.tests[c] for c in columns)) for columns, known in patterns.items())
        covered_by = min((i for i in (covering.get(position), *same) if i is not None), default=None)
        if covered_by is not None and not conditions[position].is_empty:
            names = row_name(row, table), row_name(table.rows[covered_by], table)
            yield RowUnreachable(span=row.span, table=rule.slot, row=names[0], earlier=names[1])
        elif row.period == ALWAYS:
            tested = tuple(column for column, test in enumerate(row.tests) if test is not None)
            patterns.setdefault(tested, {}).setdefault(tuple(row.tests[c] for c in tested), position)


def _within(inner: Constraints, outer: Constraints) -> bool:
    """Whether all that matches the inner condition surely matches the outer."""
    if not outer.exact:
        return False
    for subject, wide in outer.domains.items():
        narrow = inner.domains.get(subject)
        if narrow is None or intersect(wide, narrow) is None or not contains(wide, narrow):
            return False
    return True


def _unlisted(rule: Rule, table: Table) -> Iterator[Diagnostic]:
    listed = set(table.priorities)
    if not all(isinstance(p, core.Const) for p in listed):
        return
    for row in table.rows:
        if isinstance(row.outputs[0], core.Const) and row.outputs[0] not in listed:
            yield PriorityMissing(span=row.span, table=rule.slot, row=row_name(row, table))
