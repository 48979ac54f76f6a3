"""What a pack becomes: slots, versions, readings, events, strata."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from compiler_loans import LOANS, codes, compiled_text, program_of

from dte_rules.compiler import PASSES, compile_all, compile_pack
from dte_rules.facts import Facts
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, describe
from dte_rules.feel.unparse import unparse
from dte_rules.feel.values import Months
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.program.nodes import Formula, Group, Period, Program, Rule, Table
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.vocabulary import Vocabulary

SINCE = date(2020, 1, 1)

LENDING = """\
parameters:
  most:
    cite: rules 1
    values: [{value: 3}, {from: 2022-01-01, value: 5}]
  limits:
    cite: rules 1
    values: [{value: {child: {books: 2}, grace: '@"P1M"'}}]
interpretations:
  copy:
    cite: rules 2
    question: {en: what is a copy?}
    readings: {each: {en: each}, title: {en: by title}}
open:
  lost: {cite: rules 4, question: {en: is a lost book returned?}}
  discount: {cite: rules 4, type: number, question: {en: by how much?}}
terms:
  fee: {cite: rules 3, is: total * 2 - discount}
  out: {cite: rules 3, is: 'borrower.loans[returned = false or lost]'}
  total: {cite: rules 3, is: count(out)}
tables:
  terms_of_loan:
    cite: rules 5
    inputs: [wanted.kind, wanted.copies]
    outputs: [weeks, note]
    rows:
      - [book, "< 3", 4, short]
      - [book, ">= 3", 2, "if borrower.resident then \\"long\\" else \\"none\\""]
      - {cells: [film, "-", 1, long], id: films, cite: old 9, in_force: {from: 2021-01-01, to: 2021-02-01}}
    otherwise: [0, '"none"']
decisions:
  lend:
    title: {en: lend}
    requires:
      few: {cite: rules 1, under: {copy: each}, when: total < most}
      age:
        cite: rules 1
        any:
          child: {cite: rules 1, when: 'borrower.card = "child" and wanted.copies < limits.child.books'}
          adult: {cite: rules 1, in_force: {from: 2023-01-01}, when: 'borrower.card = "adult"'}
    excludes:
      late: {cite: rules 1, when: 'some loan in borrower.loans satisfies loan.due_on + limits.grace < as_of'}
      complained: {cite: rules 1, when: count(complaints) > 2}
    soft:
      short: {cite: rules 1, when: terms_of_loan.weeks < 4}
    delegates:
      branch: {cite: rules 6, to: {en: the branch}}
    empowers:
      head: {cite: rules 7, by: {en: the head}, when: spare}
    grants:
      amount: {cite: rules 3, is: fee}
      effect: {cite: rules 3, is: terms_of_loan.note}
      dates: {back: {cite: rules 3, is: 'as_of + duration("P7D")'}}
      values: {weeks: {cite: rules 3, is: terms_of_loan.weeks}}
"""


@pytest.fixture
def lending(tmp_path: Path) -> Program:
    return program_of(tmp_path, LENDING)


def one(program: Program, slot: str) -> Rule:
    (rule,) = program.versions(slot)
    return rule


def text(program: Program, slot: str) -> str:
    body = one(program, slot).body
    assert isinstance(body, Formula)
    return unparse(body.expr)


def test_a_dated_value_is_a_version(lending: Program) -> None:
    first, second = lending.versions("most")
    assert first.body == Formula(core.Const(Decimal(3), type=NUMBER))
    assert (first.period, second.period) == (Period(SINCE, date(2022, 1, 1)), Period(date(2022, 1, 1)))
    assert first.kind == "parameter"
    assert first.pack == "loans"


def test_parts_of_parameters_are_slots(lending: Program) -> None:
    assert one(lending, "limits.grace").body == Formula(core.Const(Months(1), type=DATE))
    assert text(lending, "lend.requires.age.child") == 'borrower.card = "child" and wanted.copies < limits.child.books'
    expr = one(lending, "lend.requires.age.child").body
    assert isinstance(expr, Formula)
    assert core.Ref("limits.child.books", type=NUMBER) in set(core.walk(expr.expr))


def test_an_open_point_is_missing(lending: Program) -> None:
    assert text(lending, "fee") == 'total * 2 - unknown("discount")'
    assert lending.open_points["lost"].question.en == "is a lost book returned?"


def test_lists_of_events_have_happened(lending: Program) -> None:
    assert text(lending, "out") == 'happened(borrower.loans, "lent_on", as_of)[returned = false or unknown("lost")]'
    assert text(lending, "lend.excludes.complained") == 'count(happened(complaints, "lent_on", as_of)) > 2'
    assert text(lending, "lend.excludes.late").startswith('some loan in happened(borrower.loans, "lent_on", as_of) satisfies')
    # a term that hands such a list on has left out the future already, and one event by itself is no list
    assert text(lending, "total") == "count(out)"
    assert one(lending, "out").type == ListOf(LOANS.records["loan"])


def test_tables(lending: Program) -> None:
    rule = one(lending, "terms_of_loan.weeks")
    assert rule is one(lending, "terms_of_loan.note")
    table = rule.body
    assert isinstance(table, Table)
    assert rule.slots == table.outputs == ("terms_of_loan.weeks", "terms_of_loan.note")
    assert [unparse(i) for i in table.inputs] == ["wanted.kind", "wanted.copies"]
    assert [[None if t is None else unparse(t) for t in row.tests] for row in table.rows] == [
        ['?1 = "book"', "?2 < 3"],
        ['?1 = "book"', "?2 >= 3"],
        ['?1 = "film"', None],
    ]
    assert [row.id for row in table.rows] == ["1", "2", "films"]
    assert [row.period for row in table.rows] == [Period(), Period(), Period(date(2021, 1, 1), date(2021, 2, 1))]
    assert [str(row.cites[0]) for row in table.rows] == ["rules 5", "rules 5", "old 9"]
    assert table.otherwise == (core.Const(Decimal(0), type=NUMBER), core.Const("none", type=STRING))
    assert describe(rule.type) == "terms_of_loan"
    assert one(lending, "lend.grants.effect").type == STRING


def test_groups_are_made_of_slots(lending: Program) -> None:
    assert one(lending, "lend.requires.age").body == Group("any", ("lend.requires.age.child", "lend.requires.age.adult"))
    assert one(lending, "lend.requires.age.adult").period == Period(date(2023, 1, 1))
    assert one(lending, "lend.requires.few").under == (("copy", ("each",)),)


def test_decisions_list_their_slots(lending: Program) -> None:
    decision = lending.decisions["lend"]
    assert decision.requires == ("lend.requires.few", "lend.requires.age")
    assert decision.excludes == ("lend.excludes.late", "lend.excludes.complained")
    assert (decision.soft, decision.delegates, decision.empowers) == (
        ("lend.soft.short",),
        ("lend.delegates.branch",),
        ("lend.empowers.head",),
    )
    assert (decision.amount, decision.effect) == ("lend.grants.amount", "lend.grants.effect")
    assert decision.dates == (("back", "lend.grants.dates.back"),)
    assert decision.values == (("weeks", "lend.grants.values.weeks"),)
    always = one(lending, "lend.delegates.branch")
    assert always.body == Formula(core.Const(True, type=BOOLEAN))
    assert always.title is not None
    assert always.title.en == "the branch"


def test_rules_come_after_those_they_read(lending: Program) -> None:
    done: set[str] = set()
    for rule in lending.rules:
        reads: set[str] = set()
        if isinstance(rule.body, Formula):
            reads = {n.name for n in core.walk(rule.body.expr) if isinstance(n, core.Ref)} & set(lending.strata)
        elif isinstance(rule.body, Group):
            reads = set(rule.body.members)
        for read in reads:
            assert lending.strata[read] < lending.strata[rule.slots[0]]
        assert reads <= done | {s for r in lending.rules for s in r.slots if lending.strata[s] < lending.strata[rule.slots[0]]}
        done |= set(rule.slots)
    assert [lending.strata[s] for s in ("most", "out", "total", "fee", "lend.grants.amount")] == [0, 0, 1, 2, 3]


def test_a_readings_name_stays_a_name(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        """\
interpretations:
  copy: {cite: rules 2, question: {en: what?}, readings: {each: {en: each}, title: {en: by title}}}
decisions:
  lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: 'copy = "each" or wanted.copies < 3'}}}
""",
    )
    assert text(program, "lend.requires.few") == 'copy = "each" or wanted.copies < 3'
    body = one(program, "lend.requires.few").body
    assert isinstance(body, Formula)
    ref = next(n for n in core.walk(body.expr) if isinstance(n, core.Ref) and n.name == "copy")
    assert ref.type == Enum("copy", ("each", "title"))


def test_the_column_of_texts_is_an_enumeration(tmp_path: Path) -> None:
    body = """\
tables:
  terms_of_loan: {cite: rules 5, inputs: [wanted.kind], outputs: [note], rows: [[book, long], [film, short]], otherwise: long}
decisions:
  lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: 'terms_of_loan.note = "lnog"'}}}
"""
    program, diagnostics = compiled_text(tmp_path, body)
    assert program is None
    assert codes(diagnostics) == ["DTE249"]
    program = program_of(tmp_path, body.replace("lnog", "long"))
    rule = one(program, "terms_of_loan.note")
    assert isinstance(rule.body, Table)
    assert rule.body.otherwise == (core.Const("long", type=STRING),)


def test_collected_outputs_have_the_type_of_what_is_made_of_them(tmp_path: Path) -> None:
    for hit, expected in (("collect", "count(fees.fee) > 1"), ("collect sum", "fees.fee > 1"), ("collect count", "fees.fee > 1")):
        program = program_of(
            tmp_path,
            f"""\
tables:
  fees: {{cite: rules 5, hit: {hit}, inputs: [wanted.kind], outputs: [fee], rows: [[book, 1], ["-", 2]]}}
decisions:
  lend: {{title: {{en: lend}}, requires: {{few: {{cite: rules 1, when: '{expected}'}}}}}}
""",
        )
        rule = one(program, "fees.fee")
        assert isinstance(rule.body, Table)
        assert rule.body.hit == hit


def test_declared_facts_are_facts(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        """\
facts:
  borrower.veteran:
    type: boolean
    label: {zh: 退役军人, en: veteran}
    question: {zh: 是否退役军人？, en: Is the borrower a veteran?}
  visits:
    type: list
    record: visit
    event: day
    label: {zh: 到馆, en: visits}
    question: {zh: 何时到馆？, en: When did the borrower come?}
    fields: {day: {type: date}, branch: {type: string}}
decisions:
  lend:
    title: {en: lend}
    requires: {seen: {cite: rules 1, when: 'borrower.veteran or count(visits[branch = "east"]) > 2'}}
""".replace("    record: visit\n", ""),
    )
    assert "visits" in program.facts
    assert text(program, "lend.requires.seen") == 'borrower.veteran or count(happened(visits, "day", as_of)[branch = "east"]) > 2'


def test_a_facts_own_vocabulary_alone(tmp_path: Path) -> None:
    program, diagnostics = compiled_text(
        tmp_path, "decisions: {lend: {title: {en: lend}, requires: {x: {cite: rules 1, when: person.hukou > 1}}}}\n"
    )
    assert program is None
    assert codes(diagnostics) == ["DTE230"]


def test_terms_may_stand_in_any_order_and_a_member_may_share_a_terms_name(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        """\
terms:
  kind: {cite: rules 1, is: 'if count(films) > 1 then "film" else "book"'}
  films: {cite: rules 1, is: 'borrower.loans[kind = "film"]'}
decisions:
  lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: 'kind = "book"'}}}
""",
    )
    assert [program.strata[s] for s in ("films", "kind", "lend.requires.few")] == [0, 1, 2]


def test_long_chains_need_no_deep_recursion(tmp_path: Path) -> None:
    # in the worst order: each term before the one that it reads
    terms = "".join(f"  t{i}: {{cite: rules 1, is: t{i + 1} + 1}}\n" for i in range(1500))
    program = program_of(
        tmp_path,
        f"""\
terms:
{terms}  t1500: {{cite: rules 1, is: wanted.copies}}
decisions:
  lend: {{title: {{en: lend}}, requires: {{few: {{cite: rules 1, when: t0 < 3}}}}}}
""",
    )
    assert program.strata["t0"] == 1500
    assert one(program, "t0").type == NUMBER


def test_a_function_overridden_later_splits_its_callers(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        """\
pack: base
version: "1"
title: {en: base}
sources: {rules: {in_force: {from: 2020-01-01}}}
functions:
  cheap: {cite: rules 1, params: {n: number}, result: boolean, is: n < 3}
  fair: {cite: rules 1, params: {n: number}, is: cheap(n) or spare}
decisions:
  lend:
    title: {en: lend}
    requires: {few: {cite: rules 1, when: fair(wanted.copies)}}
    grants: {amount: {cite: rules 1, is: wanted.copies}}
""",
        encoding="utf-8",
    )
    (tmp_path / "town.yaml").write_text(
        """\
pack: town
version: "1"
title: {en: town}
extends: base
sources: {later: {in_force: {from: 2024-01-01}}}
overrides:
  functions.cheap: {cite: later 1, params: {n: number}, result: boolean, is: n < 9}
""",
        encoding="utf-8",
    )
    program = compile_pack(load_pack("town", Library.at(tmp_path)), LOANS)
    versions = program.versions("lend.requires.few")
    assert [(unparse(r.body.expr), r.period) for r in versions if isinstance(r.body, Formula)] == [
        ("wanted.copies < 3 or spare", Period(SINCE, date(2024, 1, 1))),
        ("wanted.copies < 9 or spare", Period(date(2024, 1, 1))),
    ]
    assert program.decisions["lend"].requires == ("lend.requires.few",)
    assert len(program.versions("lend.grants.amount")) == 1


def test_an_override_makes_versions_and_members_stand_with_their_group(tmp_path: Path) -> None:
    jinhua = compile_pack(load_pack("jinhua", Library.shipped()), Vocabulary.of(Facts))
    before, after = jinhua.versions("training_subsidy.requires.claim_place")
    assert before.period.end == after.period.start == date(2024, 5, 1)
    households = jinhua.versions("training_subsidy.requires.claim_place.household")
    assert [(r.period, r.under) for r in households] == [
        (before.period, ()),
        (after.period, (("claim_place", ("zhejiang_prevails",)),)),
    ]
    assert jinhua.decisions["training_subsidy"].requires.count("training_subsidy.requires.claim_place") == 1


@pytest.mark.parametrize("name", ["zhejiang", "jinhua"])
def test_shipped_packs_compile_to_the_same_program_each_time(name: str) -> None:
    program, diagnostics = compile_all(load_pack(name, Library.shipped()), Vocabulary.of(Facts))
    assert program is not None, diagnostics
    assert pickle.loads(pickle.dumps(program)) == program
    again = compile_pack(load_pack(name, Library.shipped()), Vocabulary.of(Facts))
    assert again == program
    assert list(again.strata.items()) == list(program.strata.items())
    assert date(2024, 2, 12) in program.calendar.holidays
    assert program.calendar.works(date(2024, 2, 18)) is True


def test_all_errors_are_raised_and_no_warning(tmp_path: Path) -> None:
    body = """\
parameters:
  most: {cite: rules 1, values: [{value: 3}]}
decisions:
  lend: {title: {en: lend}, requires: {a: {cite: rules 1, when: one}, b: {cite: rules 1, when: two}}}
"""
    _, diagnostics = compiled_text(tmp_path, body)
    assert codes(diagnostics) == ["DTE450", "DTE230", "DTE230"]
    with pytest.raises(DiagnosticsError) as raised:
        compile_pack(load_pack(tmp_path / "loans.yaml", Library.at(tmp_path)), LOANS)
    assert codes(raised.value.diagnostics) == ["DTE230", "DTE230"]


def test_what_is_inherited_may_stay_unused(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        """\
pack: base
version: "1"
title: {en: base}
sources: {rules: {}}
parameters: {most: {cite: rules 1, values: [{value: 3}]}}
interpretations: {copy: {cite: rules 2, question: {en: what?}, readings: {each: {en: each}, title: {en: by title}}}}
open: {lost: {cite: rules 4, question: {en: lost?}}}
functions: {late: {cite: rules 1, params: {day: date}, is: day > as_of}}
""",
        encoding="utf-8",
    )
    (tmp_path / "town.yaml").write_text(
        """\
pack: town
version: "1"
title: {en: town}
extends: base
terms: {mine: {cite: rules 1, is: spare}}
""",
        encoding="utf-8",
    )
    assert codes(compile_all(load_pack("base", Library.at(tmp_path)), LOANS)[1]) == ["DTE450"] * 4
    assert [d.message() for d in compile_all(load_pack("town", Library.at(tmp_path)), LOANS)[1]] == ["a term `mine` is never used"]


def test_passes_are_named_for_what_they_return() -> None:
    assert all(each.__name__.startswith("with_") for each in PASSES)
    assert [each.__name__ for each in PASSES[:2]] == ["with_names", "with_types"]
