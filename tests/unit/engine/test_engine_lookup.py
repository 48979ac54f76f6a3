"""Tables of constants: the index finds what trying row by row finds, known inputs or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.work import calls

from dte_rules.engine.lookup import ConstantTable, choose
from dte_rules.engine.lookup_index import ANY, CellTest, Index, read_test
from dte_rules.engine.runtime import NULL, Between, all_of
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING

HITS = ["unique", "any", "first", "priority", "collect", "collect sum", "collect count"]


def random_test(random: Random) -> CellTest:
    kind = random.randrange(6)
    a, b = sorted(Decimal(random.randrange(12)) for _ in range(2))
    match kind:
        case 0:
            return ANY
        case 1:
            return CellTest(values=(random.choice("abcd"),))
        case 2:
            return CellTest(values=tuple(random.sample("abcd", 2)))
        case 3:
            return CellTest(low=(a, random.random() < 0.5), high=(b, random.random() < 0.5))
        case 4:
            return CellTest(low=(a, random.random() < 0.5))
        case _:
            return CellTest(high=(b, random.random() < 0.5))


def random_input(random: Random) -> Any:
    return random.choice(
        [
            *"abcde",
            *(Decimal(n) for n in range(-1, 13)),
            Decimal("3.5"),
            None,
            NULL,
            True,
            Between(Decimal(2), Decimal(4)),
            Between(None, Decimal(7)),
            date(2024, 1, 1),
        ]
    )


@pytest.mark.parametrize("seed", range(150))
def test_the_index_agrees_with_trying_each_row(seed: int) -> None:
    random = Random(seed)
    width = random.choice([1, 2, 3])
    kinds = [random.choice([1, 3, 5]) for _ in range(width)]
    rows = random.choice([0, 1, 5, 40, 200])

    def column(at: int) -> CellTest:
        while True:
            test = random_test(random)
            same = {1: test.values is not None, 3: test.values is None, 5: True}[kinds[at]]
            if same:
                return test

    tests = [tuple(column(at) for at in range(width)) for _ in range(rows)]
    outputs = [(Decimal(n % 7), f"o{n}") for n in range(rows)]
    hit = random.choice(HITS)
    order = tuple(Decimal(n) for n in random.sample(range(7), 4)) if hit == "priority" else ()
    if hit in ("collect sum",):
        outputs = [(Decimal(n), Decimal(1)) for n in range(rows)]
    otherwise = random.choice([None, (Decimal(-1), "none")])
    table = ConstantTable(hit, tests, outputs, 2, otherwise, order)
    for _ in range(60):
        inputs = [random_input(random) for _ in range(width)]
        each = [all_of([t.of(v) for t, v in zip(row, inputs, strict=True) if not t.idle]) for row in tests]
        expected = choose(hit, each, outputs, 2, otherwise, order)
        found = table.look_up(*inputs)
        assert shown(found) == shown(expected), (hit, inputs)
        if table.exact and all(type(v) is str for v in inputs):
            assert table.exact.get(tuple(inputs), expected) == expected


def shown(value: Any) -> Any:
    if isinstance(value, Between):
        return ("between", value.low, value.high)
    if isinstance(value, tuple):
        return tuple(map(shown, value))
    if hasattr(value, "sure"):
        return ("partial", tuple(map(shown, value.values)), tuple(value.sure))
    return value


def test_one_and_true_are_not_the_same() -> None:
    index = Index([(CellTest(values=(Decimal(1),)),), (CellTest(values=(True,)),)])
    assert list(index.rows([Decimal(1)])) == [0]
    assert list(index.rows([True])) == [1]
    assert index.exact == {}


def test_a_lookup_costs_the_same_in_a_large_table() -> None:
    """Of ten thousand rows few are tried: those that share a hash and a stretch."""
    tests = [
        (CellTest(values=(f"n{n // 100}",)), CellTest(low=(Decimal(n % 100), True), high=(Decimal(n % 100 + 1), False)))
        for n in range(10_000)
    ]
    tests += [(CellTest(values=("all",)), CellTest(low=(Decimal(n), True), high=(Decimal(n + 1), False))) for n in range(10_000)]
    index = Index(tests)
    assert list(index.rows(["n42", Decimal("17.5")])) == [4217]
    assert list(index.rows(["all", Decimal("9999.5")])) == [19_999]
    buckets = [bucket for _, group in index._groups for bucket in group.values()]
    assert all(len(cover) <= 1 for bucket in buckets for cover in bucket.covers)
    assert all(bucket.column == 1 for bucket in buckets)


@pytest.mark.parametrize("rows", [500, 4_000])
def test_a_lookup_among_intervals_that_overlap(rows: int) -> None:
    """The first of thousands of rows that all match is found by looking at a few; where each counts, each that matches is looked at."""
    below = [(CellTest(high=(Decimal(n + 1), False)),) for n in range(rows)]
    nested = [(CellTest(low=(Decimal(n), True), high=(Decimal(2 * rows - n), True)),) for n in range(rows)]
    outputs = [(Decimal(n),) for n in range(rows)]
    value = Decimal(rows) / 2
    for tests, first, count in ((below, rows // 2, rows - rows // 2), (nested, 0, rows // 2 + 1), ([*below, (ANY,)], rows // 2, 0)):
        for hit in ("first", "any"):
            table = ConstantTable(hit, tests, [*outputs, (Decimal(-1),)][: len(tests)], 1, None, ())
            assert table.look_up(value) == (Decimal(first),)
            assert calls(lambda table=table: table.look_up(value)) < 100  # type: ignore[misc]
        if count:
            assert ConstantTable("collect count", tests, outputs, 1, None, ()).look_up(value) == (Decimal(count),)
            assert ConstantTable("unique", tests, outputs, 1, None, ()).look_up(value) == (None,)


@pytest.mark.parametrize("seed", range(30))
def test_the_first_rows_that_match(seed: int) -> None:
    random = Random(seed)
    tests = [(random_test(random), random_test(random)) for _ in range(120)]
    index = Index(tests)
    for _ in range(60):
        inputs = [random.choice([*"abcd", *(Decimal(n) / 2 for n in range(-1, 25)), date(2024, 1, 1)]) for _ in range(2)]
        every = [row for row, each in enumerate(tests) if all(t.idle or t.of(v) is True for t, v in zip(each, inputs, strict=True))]
        assert list(index.rows(inputs)) == every
        assert [list(index.rows(inputs, most)) for most in (1, 2, 5)] == [every[:most] for most in (1, 2, 5)]


def var() -> core.Var:
    return core.Var("?1", type=NUMBER)


def number(value: int) -> core.Const:
    return core.Const(Decimal(value), type=NUMBER)


def test_what_counts_as_a_test_of_constants() -> None:
    low, high = core.Compare(">=", var(), number(1), type=BOOLEAN), core.Compare("<", var(), number(5), type=BOOLEAN)
    assert read_test(None, "?1") == ANY
    assert read_test(core.And((low, high), type=BOOLEAN), "?1") == CellTest(low=(Decimal(1), True), high=(Decimal(5), False))
    assert read_test(core.Compare("<", number(1), var(), type=BOOLEAN), "?1") == CellTest(low=(Decimal(1), False))
    same = core.Compare("=", var(), number(1), type=BOOLEAN)
    assert read_test(core.Or((same, same), type=BOOLEAN), "?1") == CellTest(values=(Decimal(1), Decimal(1)))
    for other in (
        core.And((low, low), type=BOOLEAN),
        core.Or((same, low), type=BOOLEAN),
        core.Not(same, type=BOOLEAN),
        core.Compare("=", core.Var("?2", type=STRING), number(1), type=BOOLEAN),
        core.Compare("=", var(), core.Ref("x", type=NUMBER), type=BOOLEAN),
    ):
        assert read_test(other, "?1") is None
