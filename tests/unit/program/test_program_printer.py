"""A program has one text, which shows all of its meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING, Enum, ListOf, RangeOf, Record
from dte_rules.program.nodes import (
    Citation,
    Decision,
    Formula,
    Group,
    Interpretation,
    Label,
    OpenPoint,
    Period,
    Program,
    Reading,
    Row,
    Rule,
    Source,
    Table,
)
from dte_rules.program.printer import print_program, print_rule, type_text
from dte_rules.source.span import Span

KIND = Enum("kind", ("book", "film"))
LOAN = Record("loan", {"kind": KIND, "copies": NUMBER})
SINCE = Period(date(2020, 1, 1))
CITE = (Citation("rules", "1"),)

FEE = Rule(
    slot="fee",
    kind="table",
    type=Record("fee", {"amount": NUMBER}),
    body=Table(
        inputs=(core.Field(core.Ref("loan", type=LOAN), "kind", type=KIND),),
        outputs=("fee.amount",),
        rows=(
            Row(
                "1",
                (core.Compare("=", core.Var("?1", type=KIND), core.Const("book", type=STRING), type=BOOLEAN),),
                (_one := core.Const(Decimal(1), type=NUMBER),),
                CITE,
            ),
            Row("other", (None,), (core.Missing(("price",), type=NUMBER),), (Citation("rules", "2"),), Period(None, date(2024, 1, 1))),
        ),
        hit="first",
        otherwise=(core.Const(Decimal(0), type=NUMBER),),
    ),
    period=SINCE,
    under=(("copy", ("each", "title")),),
    cites=CITE,
    title=Label("费用", "fee"),
    pack="loans",
)
FEW = Rule("lend.requires.few", "condition", BOOLEAN, Formula(core.Compare("<", core.Ref("fee.amount", type=NUMBER), _one, type=BOOLEAN)))
ALL = Rule("lend.requires", "condition", BOOLEAN, Group("all", ("lend.requires.few",)), Period(None, date(2030, 1, 1)))

PROGRAM = Program(
    name="loans",
    version="2",
    digest="0123",
    jurisdiction="000000",
    title=Label("图书馆借阅", ""),
    rules=(FEE, FEW, ALL),
    strata={"fee.amount": 0, "lend.requires.few": 1, "lend.requires": 2},
    decisions={"lend": Decision("lend", Label("借出", "lend"), "entitlement", requires=("lend.requires",), amount="fee.amount")},
    interpretations={
        "copy": Interpretation(
            "copy", Label("", "what is a copy?"), (Reading("each", Label("", "each")), Reading("title", Label("", "title"))), True, CITE
        )
    },
    sources={"rules": Source("rules", "馆规", Label("规则", "rules"), date(2019, 12, 1), SINCE)},
    open_points={"price": OpenPoint("price", Label("", "at what price?"), CITE)},
    facts={"loan": LOAN, "loans": ListOf(LOAN)},
    calendar=Calendar(frozenset((2024,)), frozenset((date(2024, 1, 1),)), frozenset()),
)

TEXT = """\
program loans 2
  title 图书馆借阅
  jurisdiction 000000
  calendar 2024: 1 rest days, 0 make-up working days

facts
  loan: loan
  loans: list of loan

sources
  rules [2020-01-01..): 馆规, issued 2019-12-01
    规则 / rules

interpretations
  copy (an agency should be asked): what is a copy?
    cite rules 1
    - each: each
    - title: title

open points
  price: at what price?
    cite rules 1

stratum 0
  table fee [2020-01-01..) under copy=each|title
    title 费用 / fee
    pack loans
    cite rules 1
    hit first
    inputs loan.kind
    outputs fee.amount: number
    1: ?1 = "book" => 1
    other [..2024-01-01): - => unknown("price") (rules 2)
    otherwise 0

stratum 1
  condition lend.requires.few: boolean
    = fee.amount < 1

stratum 2
  condition lend.requires: boolean [..2030-01-01)
    all of
      lend.requires.few

decisions
  lend, entitlement: 借出 / lend
    requires
      lend.requires
    amount
      fee.amount
"""


def test_the_text_of_a_program() -> None:
    assert print_program(PROGRAM) == TEXT


def test_places_and_digest_are_not_in_the_text() -> None:
    moved = tuple(replace(rule, span=Span("elsewhere.yaml", 1, 2, 3, 4)) for rule in PROGRAM.rules)
    assert print_program(replace(PROGRAM, rules=moved, digest="4567")) == TEXT


def test_one_rule_by_itself() -> None:
    assert print_rule(FEW) == "condition lend.requires.few: boolean\n  = fee.amount < 1\n"


def test_a_term_with_rules() -> None:
    row = Row("young", (core.Ref("spare", type=BOOLEAN),), (core.Const(Decimal(2), type=NUMBER),))
    rule = Rule("weeks", "term", NUMBER, Table((), ("weeks",), (row,), priorities=()))
    assert print_rule(rule).splitlines() == [
        "term weeks: number",
        "  the rule that applies, unique",
        "  young: spare => 2",
        "  otherwise unknown",
    ]


def test_priorities_are_shown() -> None:
    body = replace(FEE.body, hit="priority", priorities=(core.Const(Decimal(1), type=NUMBER), core.Const(Decimal(0), type=NUMBER)))  # type: ignore[type-var]
    assert "  priorities 1 | 0\n" in print_rule(replace(FEE, body=body))


def test_types_show_their_values() -> None:
    assert type_text(ListOf(KIND)) == "list of kind(book | film)"
    assert type_text(RangeOf(NUMBER)) == "range of number"
