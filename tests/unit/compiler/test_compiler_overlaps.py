"""Overlaps are found without comparing each row with each, and none is missed; domains mean what their conditions mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from compiler_loans import codes, compiled_text
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.work import calls

from dte_rules.compiler.domains import Among, Constraints, Domain, Interval, Within, constraints, contains, intersect, simple
from dte_rules.compiler.overlaps import overlapping
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, Type
from dte_rules.source.diagnostic import Diagnostic

LEVEL = Enum("level", ("a", "b", "c"))
VALUES: dict[str, tuple[Type, tuple[Any, ...]]] = {
    "number": (NUMBER, tuple(Decimal(n) for n in range(6))),
    "day": (DATE, tuple(date(2024, 2, 27) + timedelta(days=n) for n in range(6))),
    "text": (STRING, ("a", "b", "c", "d")),
    "level": (LEVEL, LEVEL.values),
    "flag": (BOOLEAN, (True, False)),
}
"""Subjects, with the values tried; constants are drawn from the inner ones, so that there are values on each side."""


def atom(name: str, op: core.CompareOp, value: Any) -> core.Expr:
    type_, _ = VALUES[name]
    return core.Compare(op, core.Ref(name, type=type_), core.Const(value, type=type_), type=BOOLEAN)


@st.composite
def atoms(draw: Callable[[Any], Any]) -> core.Expr:
    name = draw(st.sampled_from(sorted(VALUES)))
    ordered = name in ("number", "day")
    value = draw(st.sampled_from(VALUES[name][1][1:-1] if ordered else VALUES[name][1]))
    made = atom(name, draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="] if ordered else ["=", "!="])), value)
    if draw(st.booleans()) and isinstance(made, core.Compare):
        flipped: dict[str, core.CompareOp] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
        return core.Compare(flipped[made.op], made.right, made.left, type=BOOLEAN)
    return made


def combined(inner: st.SearchStrategy[core.Expr]) -> st.SearchStrategy[core.Expr]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return (
        several.map(lambda o: core.And(o, type=BOOLEAN))
        | several.map(lambda o: core.Or(o, type=BOOLEAN))
        | inner.map(lambda o: core.Not(o, type=BOOLEAN))
    )


CONDITIONS = st.recursive(atoms(), combined, max_leaves=6)
WORLDS = st.fixed_dictionaries({name: st.sampled_from(values) for name, (_, values) in VALUES.items()})


def member(value: Any, domain: Domain) -> bool:
    if isinstance(domain, Among):
        return (value in domain.values) is not domain.negated
    return any(
        (i.low is None or value > i.low or (value == i.low and i.low_closed))
        and (i.high is None or value < i.high or (value == i.high and i.high_closed))
        for i in domain.intervals
    )


def satisfied(found: Constraints, world: dict[str, Any]) -> bool:
    return all(member(evaluate(subject, Environment(world.__getitem__)), domain) for subject, domain in found.domains.items())


@settings(max_examples=1500, deadline=None)
@given(CONDITIONS, WORLDS)
def test_a_condition_implies_its_constraints_and_exact_ones_imply_it(condition: core.Expr, world: dict[str, Any]) -> None:
    found = constraints(condition)
    truth = evaluate(condition, Environment(world.__getitem__))
    if truth:
        assert satisfied(found, world)
    if found.exact:
        assert satisfied(found, world) is truth


@settings(max_examples=1500, deadline=None)
@given(CONDITIONS, CONDITIONS, WORLDS)
def test_disjoint_conditions_never_hold_together(one: core.Expr, other: core.Expr, world: dict[str, Any]) -> None:
    environment = Environment(world.__getitem__)
    if evaluate(one, environment) and evaluate(other, environment):
        assert not constraints(one).disjoint(constraints(other))


@settings(max_examples=500, deadline=None)
@given(CONDITIONS, CONDITIONS, WORLDS)
def test_containment_is_sure(one: core.Expr, other: core.Expr, world: dict[str, Any]) -> None:
    narrow, wide = simple(one), simple(other)
    if narrow and wide and narrow[0] == wide[0] and intersect(narrow[1], wide[1]) is not None and contains(wide[1], narrow[1]):
        value = world[narrow[0].name]  # type: ignore[union-attr]
        assert not member(value, narrow[1]) or member(value, wide[1])


@settings(max_examples=400, deadline=None)
@given(st.lists(CONDITIONS, max_size=60))
def test_no_overlap_is_missed(conditions: list[core.Expr]) -> None:
    read = [constraints(condition) for condition in conditions]
    wanted = {(a, b) for a, b in combinations(range(len(read)), 2) if not read[a].disjoint(read[b])}
    found = list(overlapping(read))
    assert len(found) == len(set(found))
    assert set(found) == wanted


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8), st.booleans(), st.booleans()), min_size=25, max_size=80))
def test_no_overlap_of_intervals_is_missed(ends: list[tuple[int, int, bool, bool]]) -> None:
    subject = core.Ref("number", type=NUMBER)
    read = [
        Constraints({subject: Within.of((Interval(Decimal(low), Decimal(low + length), closed, open_),))})
        for low, length, closed, open_ in ends
    ]
    wanted = {(a, b) for a, b in combinations(range(len(read)), 2) if not read[a].disjoint(read[b])}
    assert set(overlapping(read)) == wanted


def table(folder: Path, hit: str, inputs: str, *rows: str, outputs: str = "o") -> tuple[Diagnostic, ...]:
    listed = "\n".join(f"      - [{row}]" for row in rows)
    return compiled_text(
        folder,
        f"""\
interpretations:
  copy: {{cite: rules 2, question: {{en: what?}}, readings: {{each: {{en: each}}, title: {{en: title}}}}}}
tables:
  t:
    cite: rules 1
    hit: {hit}
    inputs: [{inputs}]
    outputs: [{outputs}]
    rows:
{listed}
decisions: {{lend: {{title: {{en: lend}}, requires: {{x: {{cite: rules 1, when: 'count([t.o]) > 0 and copy = "each"'}}}}}}}}
""",
    )[1]


@pytest.mark.parametrize(
    ("inputs", "rows", "expected"),
    [
        ("wanted.kind", ["book, 1", "film, 2", "map, 3"], []),
        ("wanted.kind", ["book, 1", "'not(\"book\")', 2"], []),
        ("wanted.kind", ["book, 1", "'not(\"film\")', 2"], ['`wanted.kind = "book"`']),
        ("wanted.kind", ['\'"book", "film"\', 1', '\'"film", "map"\', 2'], ['`wanted.kind = "film"`']),
        ("wanted.copies", ["'< 3', 1", "'>= 3', 2"], []),
        ("wanted.copies", ["'[1..3]', 1", "'(3..5]', 2", "'(5..6), > 7', 3"], []),
        ("wanted.copies", ["'(1..3)', 1", "'(2..5)', 2"], ["`wanted.copies > 2 and < 3`"]),
        ("wanted.copies", ["'< 3', 1", "'< 2', 2"], ["`wanted.copies < 2`"]),
        ("wanted.copies", ["'-', 1", "'-', 2"], ["anything"]),
        ("spare", ["true, 1", "false, 2"], []),
        ("spare", ["true, 1", "'-', 2"], ["`spare = true`"]),
        ("copy", ["each, 1", "title, 2"], []),
        ("wanted.kind, wanted.copies", ["book, '< 3', 1", "film, '< 3', 2", "book, '>= 3', 2"], []),
        ("wanted.copies, wanted.copies", ["'< 3', '-', 1", "'-', '>= 3', 2"], []),
        ("count(borrower.loans)", ["'< 3', 1", "'> 2', 2"], ['`count(happened(borrower.loans, "lent_on", as_of)) > 2 and < 3`']),
    ],
)
def test_overlaps_of_rows(tmp_path: Path, inputs: str, rows: list[str], expected: list[str]) -> None:
    found = table(tmp_path, "unique", inputs, *rows)
    assert [d.message("en").partition("both match ")[2] for d in found] == expected


def test_rows_of_different_days_do_not_overlap(tmp_path: Path) -> None:
    def rows(*periods: str) -> list[str]:
        listed = "".join(f"      - {{cells: [book, {i}], in_force: {period}}}\n" for i, period in enumerate(periods))
        return codes(
            compiled_text(
                tmp_path,
                f"""\
tables:
  t:
    cite: rules 1
    inputs: [wanted.kind]
    outputs: [o]
    rows:
{listed}
decisions: {{lend: {{title: {{en: lend}}, requires: {{x: {{cite: rules 1, when: t.o > 1}}}}}}}}
""",
            )[1]
        )

    assert rows("{to: 2022-01-01}", "{from: 2022-01-01}") == []
    assert rows("{to: 2022-01-02}", "{from: 2022-01-01}") == ["DTE420"]


def test_rows_under_any_may_agree_or_leave_it_open(tmp_path: Path) -> None:
    assert codes(table(tmp_path, "any", "wanted.copies", "'< 3', 1", "'< 5', 1")) == []
    assert codes(table(tmp_path, "any", "wanted.copies", "'< 3', 1", "'< 5', wanted.copies")) == []
    assert codes(table(tmp_path, "any", "wanted.copies", "'< 3', 1", "'? < borrower.fee_due', 2")) == []
    assert codes(table(tmp_path, "any", "wanted.copies", "'< 3', 1", "'< 5', 2")) == ["DTE422"]


def test_rows_under_first_may_overlap_but_not_be_covered(tmp_path: Path) -> None:
    assert codes(table(tmp_path, "first", "wanted.copies", "'>= 5', 1", "'>= 3', 2", "'-', 3")) == []
    assert codes(table(tmp_path, "first", "wanted.copies", "'>= 3', 1", "'>= 5', 2", "'-', 3")) == ["DTE423"]
    # a condition that can't be compared covers only the same condition
    assert codes(table(tmp_path, "first", "wanted.copies", "'? > borrower.fee_due', 1", "'> 3', 2", "'? > borrower.fee_due', 3")) == [
        "DTE423"
    ]


def _values(i: int) -> tuple[Domain, Domain]:
    return Among(frozenset((str(i % 3),))), Within((Interval(Decimal(i // 3), Decimal(i // 3)),))


def _grid(i: int) -> tuple[Domain, Domain]:
    rows, columns = (Within.of((Interval(Decimal(n), Decimal(n + 1), True, False),)) for n in (i % 100, i // 100))
    return rows, columns


def _steps(i: int) -> tuple[Domain, Domain]:
    """Intervals that don't meet, but in no common steps."""
    return Within.of((Interval(Decimal(3 * i), Decimal(3 * i + i % 3)),)), Within.of((Interval(None, Decimal(i)),))


@pytest.mark.parametrize("domains", [_values, _grid, _steps])
def test_rows_are_compared_in_nearly_linear_work(domains: Callable[[int], tuple[Domain, Domain]]) -> None:
    subjects = core.Ref("one", type=NUMBER), core.Ref("other", type=NUMBER)

    def work(rows: int) -> int:
        read = [Constraints(dict(zip(subjects, domains(i), strict=True))) for i in range(rows)]
        return calls(lambda: list(overlapping(read)))

    assert work(4_000) < 13 * work(500)  # eight times the rows; every pair would be 64 times the work
    assert list(overlapping([Constraints(dict(zip(subjects, domains(i), strict=True))) for i in range(10_000)])) == []
