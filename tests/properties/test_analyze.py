"""What `analyze` says of small random programs is what going through all persons shows: the reference interpreter decides each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Annotated, Any, Literal

import pytest

pytest.importorskip("z3")

from pydantic import BaseModel, ConfigDict, Field

from dte_rules.analysis.analyze import Run
from dte_rules.analysis.analyze_findings import Finding, Options
from dte_rules.analysis.analyze_ground import key_of
from dte_rules.analysis.analyze_ledger import Question
from dte_rules.engine import reference
from dte_rules.engine.plan import Plan, plan, reads
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING, Enum
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Decision, Formula, Group, Interpretation, Label, Program, Reading, Row, Rule, Table
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.meaning import Whole
from tests.properties.random_programs import Seeded

DAY = date(2024, 6, 1)
KINDS = ("novel", "map", "score")


class Root(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    a: bool | None = None
    b: bool | None = None
    kind: Literal["novel", "map", "score"] | None = None
    n: Annotated[Decimal, Field(ge=0, le=2), Whole()] | None = None


VOCABULARY = Vocabulary.of(Root)
VALUES: dict[str, tuple[Any, ...]] = {"a": (True, False), "b": (True, False), "kind": KINDS, "n": (Decimal(0), Decimal(1), Decimal(2))}
KNOWN = [Root(**dict(zip(VALUES, values, strict=True))) for values in product(*VALUES.values())]
EVERYBODY = [Root(**dict(zip(VALUES, values, strict=True))) for values in product(*((None, *v) for v in VALUES.values()))]
LABEL = Label("问", "question")
WAYS = Interpretation("ways", LABEL, (Reading("one", LABEL), Reading("two", LABEL)))


class Policy:
    """A program with its facts, as analysis takes one."""

    def __init__(self, program: Program) -> None:
        self.program, self.vocabulary = program, VOCABULARY


class Maker:
    """Makes random programs over the facts."""

    def __init__(self, choose: Seeded) -> None:
        self.choose = choose
        self.rules: list[Rule] = []
        self.terms: list[str] = []

    def truth(self, depth: int = 2) -> core.Expr:
        pick = self.choose.pick
        shape = pick(["leaf", "leaf", "and", "or", "not"]) if depth else "leaf"
        if shape == "and":
            return core.And((self.truth(depth - 1), self.truth(depth - 1)), type=BOOLEAN)
        if shape == "or":
            return core.Or((self.truth(depth - 1), self.truth(depth - 1)), type=BOOLEAN)
        if shape == "not":
            return core.Not(self.truth(depth - 1), type=BOOLEAN)
        leaf = pick(["a", "b", "kind", "n", "n", "reading", "term"])
        if leaf in ("a", "b"):
            return core.Ref(leaf, type=BOOLEAN)
        if leaf == "kind":
            return self.kind_is(core.Ref("kind", type=VOCABULARY.root.fields["kind"]))
        if leaf == "reading":
            asked = core.Ref("ways", type=STRING)
            return core.Compare("=", asked, core.Const(pick(["one", "two"]), type=STRING), type=BOOLEAN)
        if leaf == "term" and self.terms:
            return core.Ref(pick(self.terms), type=BOOLEAN)
        return self.bound(core.Ref("n", type=NUMBER))

    def kind_is(self, subject: core.Expr) -> core.Expr:
        return core.Compare(self.choose.pick(["=", "!="]), subject, core.Const(self.choose.pick(KINDS), type=subject.type), type=BOOLEAN)

    def bound(self, subject: core.Expr) -> core.Expr:
        limit = core.Const(Decimal(self.choose.pick([0, 1, 2])), type=NUMBER)
        return core.Compare(self.choose.pick(["=", "<", ">="]), subject, limit, type=BOOLEAN)

    def add(self, slot: str, kind: Any, body: Any, type_: Any = BOOLEAN, under: bool = False) -> str:
        self.rules.append(Rule(slot, kind, type_, body, under=(("ways", ("two",)),) if under else ()))
        return slot

    def condition(self, slot: str) -> str:
        kind = self.choose.pick(["when", "when", "any", "all", "none"])
        if kind == "when":
            return self.add(slot, "condition", Formula(self.truth()), under=self.choose.pick([False] * 5 + [True]))
        members = tuple(self.add(f"{slot}.m{i}", "condition", Formula(self.truth(1))) for i in range(self.choose.pick([2, 2, 3])))
        return self.add(slot, "condition", Group(kind, members))

    def table(self) -> str:
        pick = self.choose.pick
        kind: Enum = VOCABULARY.root.fields["kind"]  # type: ignore[assignment]
        inputs = (core.Ref("kind", type=kind), core.Ref("n", type=NUMBER))
        rows = []
        for number in range(1, pick([2, 3, 4]) + 1):
            first = None if pick([True, False]) else self.kind_is(core.Var("?1", type=kind))
            second = None if pick([True, False, False]) else self.bound(core.Var("?2", type=NUMBER))
            rows.append(Row(str(number), (first, second), (core.Const(Decimal(pick([1, 2])), type=NUMBER),)))
        otherwise = (core.Const(Decimal(9), type=NUMBER),) if pick([True, False]) else None
        return self.add("fee", "table", Table(inputs, ("fee.yuan",), tuple(rows), pick(["first", "any", "unique"]), otherwise), NUMBER)

    def program(self) -> Program:
        for number in range(self.choose.pick([0, 1, 2])):
            self.terms.append(self.add(f"t{number}", "term", Formula(self.truth())))
        self.table()
        parts = {
            part: tuple(self.condition(f"d.{part}.c{i}") for i in range(self.choose.pick(counts)))
            for part, counts in {"requires": [1, 2, 3], "excludes": [0, 1, 2], "soft": [0, 0, 1], "empowers": [0, 0, 1]}.items()
        }
        amount = self.add("d.grants.amount", "grant", Formula(core.Ref("fee.yuan", type=NUMBER)), NUMBER)
        decision = Decision("d", LABEL, "entitlement", amount=amount, **parts)
        return Program(
            name="library", version="1", digest="0", jurisdiction="000000", title=LABEL, rules=tuple(self.rules),
            strata={}, decisions={"d": decision}, interpretations={"ways": WAYS}, sources={}, open_points={},
            facts=dict(VOCABULARY.root.fields), calendar=Calendar(),
        )  # fmt: skip


def plans(program: Program) -> tuple[Plan, Plan]:
    return plan(program, "d", DAY), plan(program, "d", DAY, (("ways", "two"),))


def outcome(program: Program, made: Plan, facts: Root) -> Any:
    run = reference.run(program, made, facts, DAY)
    granted = run.verdict in ("met", "discretionary")
    return run.verdict, run.values.get(made.decision.amount or "") if granted else None


def dropped(made: Plan, rule: Rule, neutral: bool) -> Plan:
    """The plan with a condition that can't be told any more."""
    body = Formula(core.Const(neutral, type=BOOLEAN))
    return replace(made, rules=tuple(replace(r, body=body) if r.slot == rule.slot else r for r in made.rules))


def neutral_of(program: Program, slot: str) -> bool:
    groups = [r.body for r in program.rules if isinstance(r.body, Group) and slot in r.body.members]
    if groups:
        return groups[0].kind == "all"
    return slot in program.decisions["d"].requires + program.decisions["d"].soft


def expected(program: Program, question: Question, rule: Rule, number: int) -> bool:
    """Whether somebody is so in some plan in which the rule stands."""
    for made in plans(program):
        if rule.slots[0] not in made.by_slot:
            continue
        for facts in KNOWN:
            values = reference.run(program, made, facts, DAY).values
            if question in ("true", "false"):
                if values[rule.slot] is (question == "true"):
                    return True
            elif question == "decides":
                without = dropped(made, rule, neutral_of(program, rule.slot))
                if reference.run(program, made, facts, DAY).verdict != reference.run(program, without, facts, DAY).verdict:
                    return True
            else:
                hits = matching(made.by_slot["fee.yuan"], facts)
                table = made.by_slot["fee.yuan"].body
                assert isinstance(table, Table)
                if number in (hits[:1] if table.hit == "first" else hits):
                    return True
    return False


def matching(rule: Rule, facts: Root) -> list[int]:
    """The rows that match, by the plainest reading of their tests."""
    assert isinstance(rule.body, Table)
    given = {"?1": facts.kind, "?2": facts.n}

    def holds(test: core.Expr | None) -> bool:
        if test is None:
            return True
        assert isinstance(test, core.Compare)
        assert isinstance(test.left, core.Var)
        assert isinstance(test.right, core.Const)
        value: Any = given[test.left.name]
        return {
            "=": lambda: value == test.right.value,
            "!=": lambda: value != test.right.value,
            "<": lambda: value < test.right.value,
            ">=": lambda: value >= test.right.value,
        }[test.op]()

    return [number for number, row in enumerate(rule.body.rows, 1) if all(map(holds, row.tests))]


def of(findings: tuple[Finding, ...], *kinds: str) -> list[Finding]:
    return [finding for finding in findings if finding.kind in kinds]


def stands_in_no_way(program: Program, made: Plan, facts: Root, slots: Iterator[str] | tuple[str, ...]) -> bool:
    """Whether none of these conditions and results keeps a person from being granted."""
    values = reference.run(program, made, facts, DAY).values
    decision = made.decision
    for slot in slots:
        value = values[slot]
        if slot in decision.requires and value is not True:
            return False
        if slot in decision.excludes and value is not False:
            return False
        if slot in decision.grants and (value is None or isinstance(value, Unknown)):
            return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_is_so_and_what_is_so_is_said(seed: int) -> None:
    kinds: set[str] = set()
    for number in range(12):
        program = Maker(Seeded(seed * 104729 + number)).program()
        run = Run(Policy(program), ("d",), Options(), None)
        analysis = run.analysis()
        assert not analysis.unsure
        assert not analysis.not_analysed
        kinds |= {finding.kind for finding in analysis.findings}
        check_ledger(program, run)
        check_granted(program, analysis.findings)
        check_tables(program, analysis.findings)
        check_readings(program, analysis.findings, bool(analysis.readings))
    assert len(kinds) > 5


def check_ledger(program: Program, run: Run) -> None:
    asked = 0
    for rule in program.rules:
        questions: list[tuple[Question, int]] = []
        if rule.kind == "condition":
            questions = [("decides", 0), ("true", 0), ("false", 0)]
        elif rule.kind == "term":
            questions = [("true", 0), ("false", 0)]
        elif isinstance(rule.body, Table):
            questions = [("row", n) for n in range(1, len(rule.body.rows) + 1)]
        if key_of(rule) not in run.ledger.met:
            continue
        proved = {(e.question, e.number) for q, _ in questions for e in run.ledger.proved(q) if e.rule == rule}
        for question, number in questions:
            if isinstance(rule.body, Formula) and isinstance(rule.body.expr, core.Const):
                continue
            asked += 1
            assert ((question, number) in proved) is not expected(program, question, rule, number), (question, rule.slot, number)
    assert asked


def check_granted(program: Program, findings: tuple[Finding, ...]) -> None:
    made = plans(program)[0]
    slots = made.decision.requires + made.decision.excludes + made.decision.grants
    nobody = not any(stands_in_no_way(program, made, facts, slots) for facts in KNOWN)
    found = of(findings, "contradiction", "never-granted")
    assert bool(found) is nobody
    for finding in found:
        core_ = (finding.slot, *finding.others)
        assert not any(stands_in_no_way(program, made, facts, core_) for facts in KNOWN)
        for fewer in combinations(core_, len(core_) - 1):
            assert any(stands_in_no_way(program, made, facts, fewer) for facts in KNOWN)


def check_tables(program: Program, findings: tuple[Finding, ...]) -> None:
    rule = next(rule for rule in program.rules if isinstance(rule.body, Table))
    assert isinstance(rule.body, Table)
    hits = [matching(rule, facts) for facts in KNOWN]
    gaps = of(findings, "gap")
    assert bool(gaps) is (rule.body.otherwise is None and not all(hits))
    for gap in gaps:
        assert gap.witness is not None
        assert not matching(rule, Root(**gap.witness.facts))
    outputs = {n: row.outputs for n, row in enumerate(rule.body.rows, 1)}
    unlike = {(j, i) for several in hits for i, j in combinations(several, 2) if outputs[i] != outputs[j]}
    said = {(int(f.slot[-1]), int(f.others[0][-1])) for f in of(findings, "rows-conflict")}
    if rule.body.hit == "first":
        assert not said
    else:
        assert said <= unlike
        assert bool(said) is bool(unlike)


def check_readings(program: Program, findings: tuple[Finding, ...], effective: bool) -> None:
    one, two = plans(program)
    differs = any(outcome(program, one, facts) != outcome(program, two, facts) for facts in EVERYBODY)
    assert effective is differs
    asked = any(rule.under or "ways" in reads(rule) for rule in program.rules)
    assert len(of(findings, "idle-reading")) == (asked and not differs)
