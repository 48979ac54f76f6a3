"""Coverage: conditions taken apart, truths counted, independence shown by pairs; and the shipped packs' cases reach every rule and row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dte_rules import load_packs
from dte_rules.analysis.coverage import Asked, Coverage, cover
from dte_rules.analysis.coverage_conditions import determines, outcome
from dte_rules.analysis.questions import asked
from dte_rules.cases import Case, read_cases
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, NUMBER, Record
from dte_rules.program.nodes import Citation, Decision, Formula, Group, Label, Program, Row, Rule, Table
from dte_rules.report.coverage_html import coverage_html
from dte_rules.report.coverage_text import coverage_data

ROOT = Path(__file__).parents[3]
PACKS = load_packs()
READER = Record("reader", {"member": BOOLEAN, "points": NUMBER, "barred": BOOLEAN})
DAY = date(2024, 6, 3)


def field(name: str) -> core.Expr:
    return core.Field(core.Ref("reader", type=READER), name, type=READER.fields[name])


def program() -> Program:
    """Lending: a member, or with ten points; not barred; the fee by a table."""
    points = core.Compare(">=", field("points"), core.Const(Decimal(10), type=NUMBER), type=BOOLEAN)
    either = core.Or((field("member"), points), type=BOOLEAN)
    cites = (Citation("law", "1"),)
    rows = tuple(
        Row(str(n), (core.Compare("=", core.Var("?1", type=BOOLEAN), core.Const(value, type=BOOLEAN), type=BOOLEAN),), (fee,))
        for n, (value, fee) in enumerate([(True, core.Const(Decimal(0), type=NUMBER)), (False, core.Const(Decimal(2), type=NUMBER))], 1)
    )
    rules = (
        Rule("fee", "table", NUMBER, Table((field("member"),), ("fee",), rows), cites=(Citation("law", "2"),)),
        Rule("lend.requires.known", "condition", BOOLEAN, Formula(either), cites=cites),
        Rule("lend.requires.fit", "condition", BOOLEAN, Formula(core.Not(field("barred"), type=BOOLEAN)), cites=cites),
        Rule("lend.requires.both", "condition", BOOLEAN, Group("all", ("lend.requires.known", "lend.requires.fit")), cites=cites),
        Rule("lend.grants.amount", "grant", NUMBER, Formula(core.Ref("fee", type=NUMBER)), cites=cites),
    )
    lend = Decision("lend", Label("", "lend"), "entitlement", requires=("lend.requires.both",), amount="lend.grants.amount")
    strata = {slot: n for n, rule in enumerate(rules) for slot in rule.slots}
    return Program("library", "1", "", "", Label("", ""), rules, strata, {"lend": lend}, {}, {}, {}, {"reader": READER}, Calendar())


def covered(*readers: Mapping[str, Any]) -> Coverage:
    def facts(values: Mapping[str, Any]) -> Any:
        return SimpleNamespace(reader=SimpleNamespace(**{"member": None, "points": None, "barred": None, **values}))

    return cover(program(), ["lend"], [Asked(f"c{n}", "lend", facts(reader), DAY) for n, reader in enumerate(readers, 1)])


def test_truths_are_counted_by_case() -> None:
    found = covered({"member": True, "points": Decimal(3), "barred": False}, {"member": False, "points": Decimal(3)})
    total = found.total
    assert (total.rules.hit, total.rules.of) == (5, 5)
    assert (total.rows.hit, total.rows.of) == (2, 2)
    known = next(rule for rule in found.rules if rule.rule.slot == "lend.requires.known")
    member, points = known.conditions[0].atoms
    assert member.seen == {True: "c1", False: "c2"}
    assert points.seen == {False: "c1"}
    assert known.values == {True: "c1", False: "c2"}
    fit = next(rule for rule in found.rules if rule.rule.slot == "lend.requires.fit")
    assert fit.conditions[0].atoms[0].seen == {False: "c1", None: "c2"}


def test_independence_needs_a_pair() -> None:
    """Both false, and each alone true: the three cases that MC/DC asks for of a disjunction of two."""
    no, yes = {"member": False, "points": Decimal(3)}, {"member": True, "points": Decimal(3)}
    rich = {"member": False, "points": Decimal(10)}
    one = next(r for r in covered(no, yes).rules if r.rule.slot == "lend.requires.known")
    assert [atom.independent for atom in one.conditions[0].atoms] == [("c2", "c1"), None]
    both = next(r for r in covered(no, yes, rich).rules if r.rule.slot == "lend.requires.known")
    assert [atom.independent for atom in both.conditions[0].atoms] == [("c2", "c1"), ("c3", "c1")]


def test_groups_are_conditions_on_their_members() -> None:
    fine, barred = {"member": True, "barred": False}, {"member": True, "barred": True}
    group = next(r for r in covered(fine, barred).rules if r.rule.slot == "lend.requires.both")
    assert [atom.independent for atom in group.conditions[0].atoms] == [None, ("c1", "c2")]


def test_unreached_rows_are_told_by_clause() -> None:
    found = covered({"member": True})
    assert [row.id for _, row in found.unmatched] == ["2"]
    assert found.by_clause["law 2"].rows.part == 0.5
    assert coverage_data(found)["rules"][0]["rows"] == {"1": "c1", "2": None}


def test_determining_agrees_with_trying_everything() -> None:
    tree = ("and", ("atom", 0), ("or", ("atom", 1), ("not", ("atom", 2))))

    def meaning(a: bool, b: bool, c: bool) -> bool:
        return a and (b or not c)

    for values in product([True, False], repeat=3):
        assert outcome(tree, values, {}) is meaning(*values)
        for atom in range(3):
            turned = [value if n != atom else not value for n, value in enumerate(values)]
            assert determines(tree, values, {}, atom) is (meaning(*turned) is not meaning(*values))
    assert outcome(tree, (None, True, True), {}) is None
    assert not determines(tree, (True, None, True), {}, 0)


# --- the shipped packs ----------------------------------------------------------------------------------------------


@cache
def shipped() -> dict[str, Coverage]:
    cases: dict[str, list[Case]] = {}
    for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
        for case in read_cases(file).cases:
            assert isinstance(case, Case)
            cases.setdefault(case.region, []).append(case)
    return {
        name: cover(p.program, list(p.program.decisions), [asked(c, p.program, p.vocabulary) for c in cases[name]])
        for name, p in PACKS.items()
    }


@pytest.mark.parametrize("name", list(PACKS))
def test_the_cases_reach_every_rule_and_every_row(name: str) -> None:
    found = shipped()[name]
    assert [rule.slot for rule in found.unreached] == []
    assert [f"{rule.slot} row {row.id}" for rule, row in found.unmatched] == []


@pytest.mark.parametrize("name", list(PACKS))
def test_the_page_shows_the_pack_line_by_line(name: str) -> None:
    found = shipped()[name]
    file = f"rules/{name}.yaml"
    names = {span.file for rule in found.rules for span in [rule.rule.span] if span is not None}
    own = next(n for n in names if n.endswith(file))
    page = coverage_html([found], {own: (ROOT / file).read_text("utf-8")}, "zh")
    assert "<script" not in page
    assert page.count("<tr class='full'>") > 10
