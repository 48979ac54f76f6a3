"""What is missing is found with little work, however little is known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.properties.random_programs import CALENDAR, FACTS, Loan, Reader, Root
from tests.work import calls

from dte_rules import Facts, load_packs
from dte_rules.engine.bearing import Bearing
from dte_rules.engine.decide import CompiledPrepared, ReferencePrepared
from dte_rules.engine.missing import Finder, Missing, missing_of
from dte_rules.engine.narrowed import MOST_STEPS
from dte_rules.engine.plan import plan
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, ListOf
from dte_rules.program.nodes import Decision, Formula, Label, Program, Row, Rule, Table

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


# --- long tables ----------------------------------------------------------------------------------------------------


def number(value: int) -> core.Const:
    return core.Const(Decimal(value), type=NUMBER)


READER = core.Ref("reader", type=FACTS["reader"])
TOWN = core.Field(READER, "town", type=STRING)
POINTS = core.Field(READER, "points", type=NUMBER)
FEE = core.Ref("fee", type=NUMBER)


def long_program(rows: int, *, computed: bool = False) -> Program:
    """A table of towns and points; with ``computed`` no cell is a constant, so that no rows can be left out."""
    made = []
    for n in range(rows):
        town = core.Compare("=", core.Var("?1", type=STRING), core.Const(f"town{n // 10}", type=STRING), type=BOOLEAN)
        limit: core.Expr = core.Arithmetic("+", FEE, number(n % 10), type=NUMBER) if computed else number(n % 10)
        points = core.Compare("=", core.Var("?2", type=NUMBER), limit, type=BOOLEAN)
        made.append(Row(f"r{n}", (None if computed else town, points), (number(n % 50),)))
    table = Rule("t", "table", NUMBER, Table((TOWN, POINTS), ("t.fee",), tuple(made), "first"))
    enough = core.Compare(">", core.Ref("t.fee", type=NUMBER), number(20), type=BOOLEAN)
    some = core.Compare(">", POINTS, number(3), type=BOOLEAN)
    conditions = [condition("fee", enough), condition("some", some)]
    return program_of(table, *conditions, requires=tuple(rule.slot for rule in conditions))


@pytest.mark.parametrize("known", [{}, {"town": "town7"}, {"points": Decimal(5)}, {"town": "nowhere", "points": Decimal(5)}])
def test_a_table_of_thousands_of_rows(known: dict[str, Any]) -> None:
    """What is missing is what is missing with a few rows, and the work grows with the rows, not with the rows times what is tried."""
    facts = Root(reader=Reader(**known)) if known else Root()
    few, many = (missing(long_program(rows), facts) for rows in (100, 2_000))
    assert few == many
    assert few.names
    program = long_program(2_000)
    made = plan(program, "d", DAY)
    run, finder = ReferencePrepared(program, made, ()).run(facts, DAY), Finder(program, made)
    finder.missing(facts, DAY, run)  # what is worked out once
    assert calls(lambda: finder.missing(facts, DAY, run)) < 400_000  # it was tens of millions


def test_what_is_tried_is_bounded_by_work() -> None:
    program = long_program(5_000, computed=True)
    made = plan(program, "d", DAY)
    run, finder = ReferencePrepared(program, made, ()).run(Root(), DAY), Finder(program, made)
    settling = finder.settling(Root(), DAY)
    sets = settling.sets()
    assert settling._spent.steps < MOST_STEPS + 10_000
    assert {each.facts: each.verdicts for each in sets}[("reader.points",)] == ("not_met",)
    assert {"fee", "reader.points"} <= set(finder.missing(Root(), DAY, run).names)


# --- what is worth supposing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shanghai", "zhejiang", "jinhua", "weihai"])
@pytest.mark.parametrize("as_of", [DAY, date.min, date.max])
def test_the_first_and_the_last_day_there_is(name: str, as_of: date) -> None:
    pack = load_packs()[name]
    for born in ("0001-01-01", "9999-12-31", None):
        facts = pack.Facts.model_validate({"person": {"birth_date": born}})
        for decision in pack.program.decisions:
            assert pack.decide(decision, facts, as_of=as_of).as_of == as_of


def test_what_is_not_read_is_no_matter() -> None:
    """It suggests no values, so the sets that would settle the verdict are the same, and they are complete."""
    pack, day = load_packs()["shanghai"], date(2025, 1, 2)
    claims = [{"applied_on": day - timedelta(days=n)} for n in range(30)]
    others = [{}, {"claims": claims[7:8]}, {"claims": claims}, {"person": BORN["person"]}, TRAINED]
    for other in others:
        made = pack.decide("reporting_duty", pack.Facts.model_validate(other), as_of=day)
        assert [(each.facts, each.verdicts) for each in made.missing_sets] == [(("institution.reports",), ("met", "not_met"))]


def test_a_duration_pushes_out_no_day() -> None:
    """Under this reading a report is due a day earlier; that day's neighbours are no better than days long ago."""
    pack = load_packs()["weihai"]
    made = pack.decide("reporting_duty", pack.Facts(), as_of=DAY, readings={"wh_quarter_report": "before_last_day"})
    assert [(each.facts, each.verdicts) for each in made.missing_sets] == [(("institution.reports",), ("met", "not_met"))]


def test_a_share_of_a_known_number() -> None:
    """At most half of the hours may be online: of forty, eighty is the number that turns it."""
    pack = load_packs()["shanghai"]
    facts = pack.Facts.model_validate({"training": {"hours_online": 40}})
    made = pack.decide("online_share", facts, as_of=date(2026, 3, 2))
    assert [(each.facts, each.verdicts) for each in made.missing_sets] == [(("training.hours_total",), ("met", "discretionary"))]


def test_only_facts_that_are_read_suggest_values() -> None:
    """By their paths, and of the members of lists by the fields that are read of such records."""
    loans = core.Ref("loans", type=FACTS["loans"])
    loan = FACTS["loans"].element  # type: ignore[union-attr]
    lent = core.Field(core.Var("x", type=loan), "lent_on", type=DATE)
    early = core.Compare("<", lent, core.Ref("as_of", type=DATE), type=BOOLEAN)
    some = condition("some", core.Quantified("some", "x", loans, early, type=BOOLEAN))
    few = condition("few", core.Compare("<", POINTS, number(3), type=BOOLEAN))
    program = program_of(some, few, requires=(some.slot, few.slot))
    finder = Finder(program, plan(program, "d", DAY))
    facts = Root(
        reader=Reader(points=Decimal(7), town="图书", born=date(2000, 1, 1)),
        loans=(Loan(title="a", lent_on=date(2024, 1, 5), fee=Decimal(9)),),
        fee=Decimal(11),
    )
    assert finder.settling(facts, DAY).suppositions.known == [Decimal(7), date(2024, 1, 5)]
