"""What the loader makes of each form of the format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.pack.model import Condition, DecisionItem, Pack, TableItem, Term
from dte_rules.program.nodes import ALWAYS, Label, Period

GOOD = Path(__file__).parents[2] / "packs" / "good"
DOC = Period(date(2024, 1, 1), date(2030, 1, 1))


@cache
def everything() -> Pack:
    return load_pack("everything", Library.at(GOOD / "pack_forms"))


def term(name: str) -> Term:
    return next(item for item in everything().terms if item.id == name)


def table(name: str) -> TableItem:
    return next(item for item in everything().tables if item.id == name)


def decision() -> DecisionItem:
    return everything().decisions[0]


def condition(name: str, part: str = "requires") -> Condition:
    found: tuple[Condition, ...] = getattr(decision(), part)
    return next(item for item in found if item.id == name)


def test_head() -> None:
    pack = everything()
    assert (pack.name, pack.version, pack.jurisdiction, pack.title) == ("everything", "2", "330000", Label("全部写法", ""))
    assert pack.span is not None
    assert (pack.span.line, pack.span.column) == (2, 1)
    assert pack.sources["doc"].period == DOC
    assert pack.sources["law"].period == ALWAYS
    trained, halls = pack.targets["trained"], pack.targets["halls"]
    assert (trained.title, trained.value, trained.unit) == (Label("培训人数", ""), Decimal(1000), Label("人", ""))
    assert (trained.every, trained.through, trained.at_least) == ("year", None, True)
    assert (halls.value, halls.every, halls.through, halls.at_least) == (Decimal("2.5"), None, date(2029, 12, 31), False)
    assert [str(cite) for cite in trained.cites] == ["doc 五"]


def test_the_register_of_clauses() -> None:
    register = everything().clauses["doc"]
    assert (register.source, register.pack, register.digest) == ("doc", "everything", "0000")
    assert list(register.clauses) == ["序", "一", "二", "三", "四", "五", "附件"]
    first = register.clauses["一"]
    assert first.parameters == ("cap", "window", "flags")
    assert first.interpretations == ("point",)
    assert first.soft == ("decisions.subsidy.soft.usual",)
    assert first.note == Label("备注", "")
    assert register.clauses["三"].open_points == ("gap",)
    assert register.clauses["三"].delegated == Label("另一文件", "")
    assert register.clauses["序"].not_executable == Label("目的", "")


def test_parameters_are_flattened_and_dated() -> None:
    found = {
        (p.path.removeprefix("parameters."), str(p.cites[0])): [(period, value) for period, value, _ in p.values]
        for p in everything().parameters
    }
    change, later, end = date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)
    assert found["cap", "doc 一"] == [(DOC, Decimal(3))]
    assert found["rates.low.base", "doc 二"] == [(Period(change, later), Decimal("0.15"))]
    assert [p.values[0][:2] for p in everything().parameters if p.path == "parameters.rates.high"] == [
        (Period(None, change), Decimal(20)),
        (Period(change, later), Decimal(25)),
        (Period(later, end), Decimal(30)),
    ]
    assert found["flags.open", "doc 一"] == [(DOC, True)]
    assert found["flags.since", "doc 一"] == [(DOC, date(2024, 1, 1))]
    assert found["flags.name", "doc 一"] == [(DOC, "甲")]


def test_a_parameters_own_period_bounds_its_values() -> None:
    window = next(p for p in everything().parameters if p.path == "parameters.window")
    change = date(2025, 6, 1)
    assert [(period, value) for period, value, _ in window.values] == [
        (Period(date(2025, 1, 1), change), '@"P12M"'),
        (Period(change, None), '@"P6M"'),
    ]


def test_interpretations_open_points_and_functions() -> None:
    pack = everything()
    point = pack.interpretations["point"]
    assert (point.default, point.clarify, [str(cite) for cite in point.cites]) == ("wide", True, ["doc 一", "law 第二条"])
    assert pack.open_points["gap"].question.zh == "未规定"
    assert pack.open_types == {"gap": "number"}
    twice = pack.functions[0]
    assert (twice.parameters, twice.result, twice.body.text) == ((("n", "number"),), "number", "n * 2")


def test_facts_keep_their_whole_declaration() -> None:
    veteran, visits = everything().facts
    assert (veteran.path, veteran.label) == ("person.veteran", Label("退役军人", "veteran"))
    assert isinstance(visits.type, dict)
    assert visits.type["fields"] == {"day": {"type": "date"}}


def test_periods_of_terms() -> None:
    assert term("simple").period == DOC
    assert term("permanent").period == ALWAYS
    assert term("wide_only").under == (("point", ("wide",)),)
    assert term("either").under == (("point", ("wide", "narrow")),)


def test_yaml_values_are_feel() -> None:
    assert [term(name).formula.text for name in ("constant", "opening", "permanent")] == ["100", '@"2024-01-01"', "true"]  # type: ignore[union-attr]


def test_rules_of_a_term_rest_on_it_or_on_their_own_clause() -> None:
    common, special, later = term("ruled").rules
    assert (common.when, common.then.text, common.period, str(common.cites[0])) == (None, "100", DOC, "doc 一")
    assert (special.excepts, special.period, str(special.cites[0])) == (("common",), ALWAYS, "law 第三条")
    assert (later.period, later.path) == (Period(date(2026, 1, 1), None), "terms.ruled.rules.later")
    otherwise = term("ruled").otherwise
    assert otherwise is not None
    assert otherwise.text == "0"


def test_cells() -> None:
    rows = table("standard").rows
    assert [cell.text for cell in rows[0].cells] == ["大数据工程技术人员", "初级", ">= 128", '@"2024-01-01"', "128", "3300"]
    assert rows[0].bare == (True, True, False, False, False, False)
    assert [cell.text for cell in rows[1].cells] == ["-", '"高 级"', "[1..10]", "true", "1.50", "amount_2"]
    assert rows[1].bare == (False, False, False, False, False, True)
    assert [cell.text for cell in rows[2].cells] == ['not("甲")', "-", "3人", "-", "-1", '"无"']
    assert rows[2].bare == (False, False, True, False, False, False)
    assert [row.id for row in rows] == ["1", "2", "late"]
    assert (rows[0].period, str(rows[0].cites[0])) == (DOC, "doc 附件")
    assert (rows[2].period, str(rows[2].cites[0])) == (Period(date(2025, 1, 1), None), "law 第四条")


def test_tables() -> None:
    standard, ranked = table("standard"), table("ranked")
    assert [cell.text for cell in standard.otherwise or ()] == ["0", "未规定"]
    assert (standard.hit, standard.outputs, len(standard.inputs)) == ("first", ("hours", "amount"), 4)
    assert ranked.otherwise is None
    assert [cell.text for cell in ranked.priorities] == ["甲", "乙"]


def test_groups() -> None:
    group = condition("group")
    inherits, own, nested = group.members
    assert (group.kind, group.period, group.when) == ("any", ALWAYS, None)
    assert (str(inherits.cites[0]), inherits.period, inherits.path) == (
        "law 第一条",
        ALWAYS,
        "decisions.subsidy.requires.group.inherits",
    )
    assert (str(own.cites[0]), own.period) == ("doc 一", DOC)
    assert nested.kind == "none"
    assert nested.members[0].path == "decisions.subsidy.requires.group.nested.deep"
    assert nested.members[0].title == Label("深", "")


def test_delegations_and_powers() -> None:
    texts = [item.when.text for item in decision().delegates if item.when]
    assert texts == ["true", "cap > 1", "not(cap > 1 or false\n)"]
    assert condition("always", "delegates").to == Label("另行规定", "")
    agency, board = decision().empowers
    assert (agency.by, agency.when.text if agency.when else "", board.when.text if board.when else "") == (
        Label("主管部门", ""),
        "true",
        "cap > 1",
    )


def test_grants_rest_on_the_decisions_clause() -> None:
    assert [(grant.path.partition("grants.")[2], grant.formula.text, str(grant.cites[0])) for grant in decision().grants] == [
        ("amount", "standard.amount", "doc 四"),
        ("effect", '"recognised"', "law 第五条"),
        ("dates.end", "as_of", "doc 四"),
        ("values.days", "1", "doc 四"),
    ]
    assert decision().grants[3].period == Period(date(2025, 1, 1), None)


def test_expressions_know_their_places_through_folding_and_negation() -> None:
    negated = condition("mostly", "delegates").when
    assert negated is not None
    assert negated.text[4:].startswith("cap > 1 or false")
    lines = (GOOD / "pack_forms" / "everything.yaml").read_text(encoding="utf-8").splitlines()
    for word in ("cap", "or", "false"):
        line, column = negated.position(negated.text.index(word))
        assert lines[line - 1][column - 1 :].startswith(word)
    day = table("standard").rows[0].cells[3]
    line, column = day.position(2)
    assert lines[line - 1][column - 1 :].startswith("2024-01-01")


@pytest.mark.parametrize("name", Library.shipped().names())
def test_shipped_packs_load(name: str) -> None:
    pack = load_pack(name, Library.shipped())
    assert pack.name == name
    assert {cite.source for item in (*pack.terms, *pack.tables, *pack.parameters) for cite in item.cites} <= pack.sources.keys()
