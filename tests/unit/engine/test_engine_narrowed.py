"""Long tables under suppositions: what the reference interpreter gives, without trying every row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.work import calls

from dte_rules.engine import reference
from dte_rules.engine.narrowed import FEW, NarrowedTable, Spent
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING
from dte_rules.feel.values import Member, PartialList, Unknown
from dte_rules.program.nodes import HitPolicy, Row, Table

HITS: list[HitPolicy] = ["unique", "any", "first", "priority", "collect", "collect sum", "collect count"]
OTHER = core.Ref("other", type=NUMBER)


def number(value: int) -> core.Const:
    return core.Const(Decimal(value), type=NUMBER)


def compared(op: Any, at: int, right: core.Expr) -> core.Expr:
    return core.Compare(op, core.Var(f"?{at}", type=right.type), right, type=BOOLEAN)


def random_test(random: Random, at: int, *, computed: bool) -> core.Expr | None:
    low, high = sorted(random.randrange(12) for _ in range(2))
    texts = [compared("=", at, core.Const(random.choice("abcd"), type=STRING)) for _ in range(2)]
    return random.choice(
        [
            None,
            texts[0],
            core.Or(tuple(texts), type=BOOLEAN),
            compared("=", at, number(low)),
            core.And((compared(">=", at, number(low)), compared("<", at, number(high))), type=BOOLEAN),
            compared(">", at, number(low)),
            compared("<=", at, OTHER if computed else number(high)),
        ]
    )


def random_input(random: Random) -> Any:
    return random.choice(
        [
            *"abcde",
            *(Decimal(n) for n in range(-1, 13)),
            Decimal("3.5"),
            None,
            True,
            date(2024, 1, 1),
            *(Unknown([name]) for name in "xyz"),
            Unknown(["x"], Decimal(2), Decimal(4)),
            Unknown(["y"], None, Decimal(7)),
            PartialList((Member("a", False, frozenset(["z"])),)),
            (Decimal(1), Unknown(["x"])),
        ]
    )


def shown(value: Any) -> Any:
    match value:
        case Unknown():
            return "unknown", value.needs, value.low, value.high
        case PartialList(members):
            return "partial", [(shown(m.value), m.certain, m.needs) for m in members]
        case list() | tuple():
            return [shown(item) for item in value]
        case _:
            return type(value), value


def environment(inputs: list[Any]) -> Environment:
    return Environment({**{f"i{number}": value for number, value in enumerate(inputs, 1)}, "other": Decimal(5)}.__getitem__)


def table_of(rows: list[Row], width: int, hit: HitPolicy, otherwise: tuple[core.Expr, ...] | None = None) -> Table:
    inputs = tuple(core.Ref(f"i{at}", type=STRING) for at in range(1, width + 1))
    order = tuple(number(n) for n in (3, 1, 5)) if hit == "priority" else ()
    return Table(inputs, ("t.amount", "t.name"), tuple(rows), hit, otherwise, order)


@pytest.mark.parametrize("seed", range(80))
def test_a_narrowed_table_gives_what_the_whole_table_gives(seed: int) -> None:
    random = Random(seed)
    width, of_texts, computed = random.choice([1, 2, 3]), random.random() < 0.5, random.random() < 0.3

    def test_of(at: int) -> core.Expr | None:
        while True:
            test = random_test(random, at, computed=computed)
            found = [type(node.value) for node in core.walk(test) if isinstance(node, core.Const)] if test else []
            if seed % 4 == 0 or not found or (str in found) is (of_texts is (at == 1)):  # mostly of one type, as in packs
                return test

    rows = [
        Row(
            f"r{n}",
            tuple(test_of(at) for at in range(1, width + 1)),
            (OTHER if computed and n % 5 == 0 else number(n % 7), core.Const(f"o{n}", type=STRING)),
        )
        for n in range(random.choice([FEW + 1, 60]))
    ]
    otherwise = random.choice([None, (number(-1), core.Const("none", type=STRING))])
    table = table_of(rows, width, random.choice(HITS), otherwise)
    narrowed, spent = NarrowedTable("t", table), Spent()
    for _ in range(80):
        env = environment([random_input(random) for _ in range(width)])
        assert shown(list(narrowed.look_up(env, spent))) == shown(reference.look_up(table, "t", env))


def long_table(rows: int) -> Table:
    """Names, ten intervals each."""
    made = [
        Row(
            f"r{n}",
            (
                compared("=", 1, core.Const(f"name{n // 10}", type=STRING)),
                core.And((compared(">=", 2, number(n % 10)), compared("<", 2, number(n % 10 + 1))), type=BOOLEAN),
            ),
            (number(n), core.Const("", type=STRING)),
        )
        for n in range(rows)
    ]
    return table_of(made, 2, "first")


def test_known_inputs_leave_few_rows() -> None:
    narrowed = NarrowedTable("t", long_table(4_000))
    for inputs, most in ((["name7", Decimal(3)], 3), (["nobody", Decimal(3)], 1), (["name7", Unknown(["x"])], 12)):
        spent = Spent()
        env = environment(inputs)
        assert calls(lambda env=env, spent=spent: narrowed.look_up(env, spent)) < 1_000  # type: ignore[misc]
        assert spent.steps <= most


def test_what_makes_no_difference_is_looked_up_once() -> None:
    """Of a name that is not known, a thousand hours in ten intervals are ten look-ups."""
    narrowed, spent = NarrowedTable("t", long_table(1_000)), Spent()
    for tenth in range(100):
        narrowed.look_up(environment([Unknown(["name"]), Decimal(tenth) / 10]), spent)
    assert len(spent.kept) <= 20  # an end of an interval is a place of its own
    assert spent.steps < 20 * 120


@pytest.mark.parametrize("hit", HITS)
@pytest.mark.parametrize("value", [Unknown(["x"]), Unknown(["x"], Decimal(0), Decimal(9))], ids=["possible", "sure"])
def test_the_reference_interpreter_looks_at_each_row_once(hit: HitPolicy, value: Any) -> None:
    """Twice the rows, twice the work; it was four times, for rows were compared with each other."""
    env = environment([value])

    def work(rows: int) -> int:
        made = [Row(f"r{n}", (compared("<", 1, number(n)),), (number(n % 9), number(n))) for n in range(rows)]
        table = table_of(made, 1, hit)
        return calls(lambda: reference.look_up(table, "t", env))

    assert work(800) < 2.2 * work(400)
