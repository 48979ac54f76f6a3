"""Arithmetic on parts of dates in integers gives what decimals give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.properties.random_programs import FACTS, READER, Reader, Root, Seeded, random_program
from tests.properties.test_engines_agree import shape

from dte_rules.engine import reference
from dte_rules.engine.compiled import compile_plan, exported
from dte_rules.engine.plan import Plan
from dte_rules.engine.whole import LARGEST, whole
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, MONTHS, NUMBER
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Decision, Formula, Label, Program, Rule

BORN = core.Field(core.Ref("reader", type=READER), "born", type=DATE)
DAYS = [date(1, 1, 1), date(1965, 1, 31), date(2024, 2, 29), date(9999, 12, 31), date(2000, 12, 1), None]


def number(value: str) -> core.Const:
    return core.Const(Decimal(value), type=NUMBER)


def random_number(random: Random, depth: int) -> core.Expr:
    kind = random.randrange(7) if depth else random.randrange(2)
    match kind:
        case 0:
            return number(random.choice(["0", "1", "12", "-7", "400", "2.5", "1E+2"]))
        case 1:
            base = random.choice([BORN, core.Ref("as_of", type=DATE), core.Const(date(1970, 3, 5), type=DATE)])
            return core.Field(base, random.choice(["year", "month", "day"]), type=NUMBER)
        case 2 | 3:
            op: Any = random.choice(["+", "-", "*"])
            return core.Arithmetic(op, random_number(random, depth - 1), random_number(random, depth - 1), type=NUMBER)
        case 4:
            pace = number(random.choice(["4", "2", "7", "0", "-3"]))
            return core.Call("floor", (core.Arithmetic("/", random_number(random, depth - 1), pace, type=NUMBER),), type=NUMBER)
        case 5:
            return core.Call("floor", (random_number(random, depth - 1),), type=NUMBER)
        case _:
            items = tuple(random_number(random, depth - 1) for _ in range(random.choice([1, 2, 3])))
            return core.Call(random.choice(["min", "max"]), (core.MakeList(items, type=NUMBER),), type=NUMBER)


def program_of(*exprs: core.Expr) -> tuple[Program, Plan]:
    base = random_program(Seeded(1))
    rules = tuple(Rule(slot=f"t{n}", kind="term", type=e.type, body=Formula(e)) for n, e in enumerate(exprs))
    decision = Decision(id="d", title=Label("", ""), modality="duty", values=tuple((r.slot, r.slot) for r in rules))
    program = Program(
        **{
            name: getattr(base, name)
            for name in ("name", "version", "digest", "jurisdiction", "title", "sources", "open_points", "calendar")
        },
        rules=rules,
        strata={},
        decisions={"d": decision},
        interpretations={},
        facts=FACTS,
    )
    return program, Plan(decision, rules, (), by_slot={r.slot: r for r in rules})


@pytest.mark.parametrize("seed", range(60))
def test_integers_give_what_decimals_give(seed: int) -> None:
    random = Random(seed)
    exprs: list[core.Expr] = []
    for _ in range(6):
        value = random_number(random, 3)
        month = core.Const(Months(random.choice([1, -2, 600])), type=MONTHS)
        moved = core.Arithmetic("+", month, core.Arithmetic("*", core.Const(Months(1), type=MONTHS), value, type=MONTHS), type=MONTHS)
        exprs += [
            value,
            core.Arithmetic("+", BORN, moved, type=DATE),
            core.Compare(random.choice(["=", "<", ">="]), value, random_number(random, 2), type=BOOLEAN),
        ]
    program, plan = program_of(*exprs)
    compiled = compile_plan(program, plan)
    for born in DAYS:
        for as_of in (date(2024, 2, 29), date(2026, 12, 31)):
            facts = Root(reader=Reader(born=born))
            expected = reference.run(program, plan, facts, as_of)
            _, values = compiled.function(facts, as_of)
            for slot, value in zip(compiled.slots, values, strict=True):
                assert shape(exported(value)) == shape(expected.values[slot]), f"{slot}\n{compiled.source}"


def test_bounds_keep_integers_small() -> None:
    year = core.Field(BORN, "year", type=NUMBER)
    found = whole(core.Arithmetic("*", year, number("12"), type=NUMBER), {})
    assert found is not None
    assert (found.low, found.high) == (12, 9999 * 12)
    product: core.Expr = year
    for _ in range(3):
        product = core.Arithmetic("*", product, year, type=NUMBER)
    assert LARGEST <= 9999**4
    assert whole(product, {}) is None
    assert whole(number("1.0"), {}) is None
    assert whole(core.Arithmetic("/", year, number("2"), type=NUMBER), {}) is None
