"""The network of durable-rules concludes what the reference interpreter concludes."""

from __future__ import annotations

from random import Random

import pytest
from durable_samples import (
    DAY,
    Chance,
    both,
    comparable,
    compare,
    condition,
    const,
    either,
    fact,
    facts,
    no,
    program,
    random_facts,
    ref,
    table,
    term,
)

from dte_rules.engine.decide import CompiledPrepared, Decider, ReferencePrepared, other_readings
from dte_rules.engine.plan import plan
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING
from dte_rules.program.nodes import Citation, Decision, Formula, Group, Label, Period, Program, Row, Rule

pytest.importorskip("durable_rules_engine")

from dte_rules.engine.durable import DurablePrepared


def prepared(a_program: Program) -> tuple[DurablePrepared, ReferencePrepared]:
    """The question ``d`` for both engines."""
    base = plan(a_program, "d", DAY)
    others = other_readings(a_program, base, DAY)
    return DurablePrepared(a_program, base, others), ReferencePrepared(a_program, base, others)


def seen(run: Run) -> tuple[str, dict[str, object]]:
    """What a run concluded, as far as engines must agree on it."""
    return run.verdict, {slot: comparable(run.values[slot]) for slot in run.values}


@pytest.mark.parametrize("seed", range(60))
def test_three_engines_agree_on_random_programs(seed: int) -> None:
    """Sixty random programs with 170 random sets of facts each: 10,200 cases, and each under every other reading."""
    program = Chance(seed).program()
    durable, reference = prepared(program)
    compiled = CompiledPrepared(program, reference.base, reference.others)
    random = Random(seed)
    for _ in range(170):
        some = random_facts(random, random.choice([0, 0.1, 0.3, 0.6]))
        expected = reference.run(some, DAY)
        for engine in (durable, compiled):
            run = engine.run(some, DAY)
            assert seen(run) == seen(expected), some
            for other, wanted in zip(engine.run_others(some, DAY, run), reference.run_others(some, DAY, expected), strict=True):
                assert seen(other or run) == seen(wanted), some


def decision(**parts: object) -> Decision:
    return Decision("d", Label("", ""), "entitlement", **parts)  # type: ignore[arg-type]


def verdicts(a_program: Program, *cases: dict[str, object]) -> list[str]:
    durable, reference = prepared(a_program)
    found = [durable.run(facts(**case), DAY) for case in cases]
    assert list(map(seen, found)) == [seen(reference.run(facts(**case), DAY)) for case in cases]
    return [run.verdict for run in found]


def test_every_verdict() -> None:
    parts = {"requires": ("b1",), "excludes": ("b2",), "soft": ("b3",), "delegates": ("b4",), "empowers": ("b5",)}
    rules = [condition(f"d.{part}.{name}", fact(name)) for part, (name,) in parts.items()]
    question = decision(**{part: (f"d.{part}.{name}",) for part, (name,) in parts.items()})
    met = {"b1": True, "b2": False, "b3": True, "b4": False, "b5": False}
    assert verdicts(
        program(rules, question),
        met,
        {"b1": False},
        {"b2": True},
        met | {"b3": False},
        met | {"b5": True, "b3": None},
        met | {"b4": True},
        met | {"b4": None},
        met | {"b3": None},
        met | {"b5": None},
        {**met, "b1": None, "b3": False},
    ) == ["met", "not_met", "not_met", "discretionary", "discretionary", *["undetermined"] * 5]


def test_a_grant_must_be_known() -> None:
    rules = [condition("d.requires.a", fact("b1")), Rule("d.grants.amount", "grant", NUMBER, Formula(fact("n1")))]
    question = decision(requires=("d.requires.a",), amount="d.grants.amount")
    assert verdicts(program(rules, question), {"b1": True, "n1": 3}, {"b1": True}, {"b1": False}) == ["met", "undetermined", "not_met"]


def test_a_decision_of_which_everything_is_constant() -> None:
    always = program([condition("d.requires.a", const(True))], decision(requires=("d.requires.a",)))
    never = program([condition("d.requires.a", const(False))], decision(requires=("d.requires.a",)))
    null = program([condition("d.requires.a", core.Const(None, type=BOOLEAN))], decision(requires=("d.requires.a",)))
    assert [verdicts(p, {}) for p in (always, never, null)] == [["met"], ["not_met"], ["undetermined"]]


def test_a_decision_without_a_rule_in_force() -> None:
    past = Rule("d.requires.a", "condition", BOOLEAN, Formula(fact("b1")), Period(None, DAY), cites=(Citation("x", ""),))
    durable, _ = prepared(program([past], decision(requires=("d.requires.a",))))
    assert durable.run(facts(b1=True), DAY).verdict == "undetermined"
    assert durable.network.layout.rules == ()


def test_many_conditions_are_joined_in_groups() -> None:
    names = [f"c{n}" for n in range(40)]
    rules = [condition(name, compare("<", fact("n1"), const(n + 1))) for n, name in enumerate(names)]
    rules.append(Rule("d.requires.a", "condition", BOOLEAN, Group("all", tuple(names))))
    a_program = program(rules, decision(requires=("d.requires.a",)))
    assert verdicts(a_program, {"n1": 0}, {"n1": 1}, {}) == ["met", "not_met", "undetermined"]


def test_conditions_within_values_are_rules_too() -> None:
    test = both(fact("b1"), either(fact("b2"), no(fact("b3"))))
    value = term("t", core.If(test, const(1), const(2), type=NUMBER))
    a_program = program([value, condition("d.requires.a", compare("=", ref("t", NUMBER), const(1)))], decision(requires=("d.requires.a",)))
    assert verdicts(a_program, {"b1": True, "b3": False}, {"b1": False}, {"b1": True}) == ["met", "not_met", "undetermined"]
    durable, _ = prepared(a_program)
    assert {rule.about for rule in durable.network.layout.rules} >= {"?1 is true", "?1 is false"}


@pytest.mark.parametrize("hit", ["unique", "any", "first", "priority", "collect sum", "collect count", "collect min"])
@pytest.mark.parametrize("otherwise", [None, (const(9),)])
def test_tables(hit: str, otherwise: tuple[core.Expr, ...] | None) -> None:
    level, amount = core.Var("?1", type=STRING), core.Var("?2", type=NUMBER)
    rows = [
        Row("1", (compare("=", level, const("初级")), None), (const(1),)),
        Row("2", (compare("=", level, const("中级")), compare(">=", amount, const(2))), (const(2),)),
        Row("3", (None, compare(">=", amount, const(3))), (const(3),)),
        Row("4", (compare("=", level, const("高级")), compare("<", amount, core.Const(None, type=NUMBER))), (const(4),)),
    ]
    priorities = (const(3), const(2), const(1))
    rules = [table("t", [fact("s1"), fact("n1")], rows, hit, otherwise=otherwise, priorities=priorities)]  # type: ignore[arg-type]
    rules.append(Rule("d.grants.amount", "grant", NUMBER, Formula(ref("t.out", NUMBER))))
    durable, reference = prepared(program(rules, decision(amount="d.grants.amount")))
    for s1 in (None, "初级", "中级", "高级", "其他"):
        for n1 in (None, 1, 2, 3):
            some = facts(**{k: v for k, v in {"s1": s1, "n1": n1}.items() if v is not None})
            assert seen(durable.run(some, DAY)) == seen(reference.run(some, DAY)), (s1, n1)


def test_decider_answers_alike() -> None:
    a_program = Chance(7).program()
    random = Random(7)
    deciders = [Decider(a_program, engine) for engine in ("reference", "durable", "compiled")]
    for _ in range(20):
        some = random_facts(random, 0.2)
        answers = [decider.decide("d", some, DAY, {"i": random.choice(["one"])}) for decider in deciders]
        assert answers[1].model_dump(exclude={"missing_sets"}) == answers[0].model_dump(exclude={"missing_sets"})
        assert answers[2].verdict == answers[1].verdict
