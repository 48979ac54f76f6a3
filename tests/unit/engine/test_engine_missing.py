"""What is missing is found with little work, however little is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.properties.random_programs import CALENDAR, FACTS, Reader, Root
from tests.work import calls

from dte_rules import Facts, load_packs
from dte_rules.engine.bearing import Bearing
from dte_rules.engine.decide import CompiledPrepared, ReferencePrepared
from dte_rules.engine.missing import Missing, missing_of
from dte_rules.engine.plan import plan
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, NUMBER, ListOf
from dte_rules.program.nodes import Decision, Formula, Label, Program, Rule

DAY = date(2024, 9, 2)
TRAINED = {"training": {"occupation": "大数据工程技术人员", "level": "中级"}}
BORN = {"person": {"sex": "男", "birth_date": "1990-01-01"}}
MOST = 200_000
"""Python functions called for a decision with next to no facts; it was 800,000 when each supposition was decided anew."""


@pytest.mark.parametrize("known", [{}, TRAINED, BORN, TRAINED | BORN], ids=["nothing", "training", "person", "both"])
def test_next_to_no_facts(known: dict[str, Any]) -> None:
    pack = load_packs()["jinhua"]
    facts = Facts.model_validate(known)
    made = pack.decide("training_subsidy", facts, as_of=DAY)
    assert made.verdict == "undetermined"
    assert calls(lambda: pack.decide("training_subsidy", facts, as_of=DAY)) < MOST
    assert made == pack.decide("training_subsidy", facts, as_of=DAY, engine="reference")
    assert made.missing_sets
    assert all(len(found.facts) < 5 for found in made.missing_sets)


def program_of(*rules: Rule, requires: tuple[str, ...]) -> Program:
    label = Label("问", "question")
    decision = Decision("d", label, "entitlement", requires=requires)
    strata = {rule.slot: n for n, rule in enumerate(rules)}
    return Program("p", "1", "0", "330000", label, rules, strata, {"d": decision}, {}, {}, {}, FACTS, CALENDAR)


def condition(name: str, expr: core.Expr) -> Rule:
    return Rule(f"d.requires.{name}", "condition", BOOLEAN, Formula(expr))


def missing(program: Program, facts: Root) -> Missing:
    made = plan(program, "d", DAY)
    by_engine = [engine(program, made, ()).run(facts, DAY) for engine in (CompiledPrepared, ReferencePrepared)]
    found = [missing_of(program, made, facts, DAY, run) for run in by_engine]
    assert found[0] == found[1]
    return found[0]


def test_an_open_point_that_stands_for_a_list() -> None:
    """Nothing can be supposed for it, not even where it stands for a truth value too."""
    listed = core.Missing(("point",), type=ListOf(NUMBER))
    some = core.Quantified(
        "some", "x", listed, core.Compare("=", core.Var("x", type=NUMBER), core.Const(None, type=NUMBER), type=BOOLEAN), type=BOOLEAN
    )
    plain = core.Missing(("point",), type=BOOLEAN)
    for rules in ([condition("a", some)], [condition("a", some), condition("b", plain)], [condition("b", plain), condition("a", some)]):
        found = missing(program_of(*rules, requires=tuple(rule.slot for rule in rules)), Root())
        assert found.names == ("point",)
        assert [each.facts for each in found.sets] == [("point",)]


def test_an_open_point_that_stands_for_a_truth_value() -> None:
    rule = condition("a", core.Missing(("point",), type=BOOLEAN))
    found = missing(program_of(rule, requires=(rule.slot,)), Root())
    assert [(each.facts, each.verdicts) for each in found.sets] == [(("point",), ("met", "not_met"))]


def test_what_bears_on_a_slot() -> None:
    reader = core.Ref("reader", type=FACTS["reader"])
    points = core.Compare(">", core.Field(reader, "points", type=NUMBER), core.Const(None, type=NUMBER), type=BOOLEAN)
    first = Rule("t", "term", BOOLEAN, Formula(points))
    loans = core.Call("count", (core.Ref("loans", type=FACTS["loans"]),), type=NUMBER)
    many = core.Compare(">", loans, core.Const(None, type=NUMBER), type=BOOLEAN)
    second = condition("a", core.And((core.Ref("t", type=BOOLEAN), many, core.Missing(("point",), type=BOOLEAN)), type=BOOLEAN))
    bearing = Bearing(plan(program_of(first, second, requires=(second.slot,)), "d", DAY))
    assert bearing.bears("reader.points", "t")
    assert bearing.bears("reader", "t")
    assert not bearing.bears("reader.born", "t")
    assert not bearing.bears("loans", "t")
    assert all(bearing.bears(name, second.slot) for name in ("reader.points", "loans", "loans[2].returned", "point"))
    assert not any(bearing.bears(name, second.slot) for name in ("reader.town", "loan", "points", "fee"))


def test_what_stays_unknown_rules_out_a_grant() -> None:
    """A requirement that rests on other facts stays unknown whatever these are: then only a refusal is looked for."""
    reader = core.Ref("reader", type=FACTS["reader"])
    rules = [condition(name, core.Field(reader, name, type=BOOLEAN)) for name in ("member",)]
    rules.append(condition("point", core.Missing(("point",), type=BOOLEAN)))
    found = missing(program_of(*rules, requires=tuple(rule.slot for rule in rules)), Root(reader=Reader()))
    assert {each.facts: each.verdicts for each in found.sets} == {
        ("reader.member",): ("not_met",),
        ("point",): ("not_met",),
    }
