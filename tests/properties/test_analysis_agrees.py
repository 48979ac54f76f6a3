"""What diff, compare and mutation say is so by brute force: on small random programs over facts so few that all of them are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from operator import eq, ge, gt, le, lt, ne
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

pytest.importorskip("z3")

from dte_rules.analysis.compare import compare_decision
from dte_rules.analysis.coverage import Counter
from dte_rules.analysis.diff import Diff, diff
from dte_rules.analysis.meaning import Options
from dte_rules.analysis.mutation_mutants import mutants
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans
from dte_rules.analysis.mutation_solver import Differs, Prover, Same
from dte_rules.engine import reference
from dte_rules.engine.face import failing, outcome
from dte_rules.engine.plan import plan
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, NUMBER
from dte_rules.program.nodes import Decision, Formula, Group, Label, Program, Row, Rule, Table
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.meaning import Whole
from tests.properties.random_programs import CALENDAR, Chooser, Seeded

DAY = date(2025, 6, 10)
KINDS = ("novel", "map", "score")
COUNTS = (0, 1, 2)


class Facts(BaseModel):
    model_config = ConfigDict(frozen=True)
    member: bool | None = None
    child: bool | None = None
    kind: Literal["novel", "map", "score"] | None = None
    count: Annotated[Decimal, Whole(), Field(ge=0, le=2)] | None = None


VOCABULARY = Vocabulary.of(Facts)
TYPES = VOCABULARY.root.fields
EVERYBODY = [
    Facts(member=m, child=c, kind=k, count=n)
    for m, c, k, n in product((True, False, None), (True, False, None), (*KINDS, None), (*map(Decimal, COUNTS), None))
]
KNOWN = [facts for facts in EVERYBODY if None not in (facts.member, facts.child, facts.kind, facts.count)]
"""Of whom everything is known."""


@dataclass
class Pack:
    program: Program
    vocabulary: Vocabulary = VOCABULARY


def condition(choose: Chooser, depth: int) -> core.Expr:
    """A condition over the facts."""
    make = choose.pick(["fact", "compare", "compare", "and", "or", "not"] if depth else ["fact", "compare", "compare"])
    if make == "fact":
        return core.Ref(choose.pick(["member", "child"]), type=BOOLEAN)
    if make == "compare":
        if choose.pick([True, False]):
            kind = core.Ref("kind", type=TYPES["kind"])
            return core.Compare(choose.pick(["=", "!="]), kind, core.Const(choose.pick(KINDS), type=TYPES["kind"]), type=BOOLEAN)
        other = choose.pick([number(choose, COUNTS), number(choose, COUNTS), core.Ref("standard.least", type=NUMBER)])
        return core.Compare(choose.pick(["<", "<=", ">", ">=", "="]), core.Ref("count", type=NUMBER), other, type=BOOLEAN)
    if make == "not":
        return core.Not(condition(choose, depth - 1), type=BOOLEAN)
    parts = (condition(choose, depth - 1), condition(choose, depth - 1))
    return core.And(parts, type=BOOLEAN) if make == "and" else core.Or(parts, type=BOOLEAN)


def amount(choose: Chooser) -> core.Expr:
    """An amount, perhaps one that rests on a fact."""
    some, other = (core.Const(Decimal(choose.pick([10, 20])), type=NUMBER) for _ in range(2))
    options: list[core.Expr] = [
        some,
        core.Ref("standard.amount", type=NUMBER),
        core.Ref("count", type=NUMBER),
        core.If(condition(choose, 1), some, other, type=NUMBER),
    ]
    return choose.pick(options)


def standard(choose: Chooser) -> Table:
    """Amounts and least counts by kind; for some kind there may be none."""
    asked = core.Var("?1", type=TYPES["kind"])
    rows = tuple(
        Row(
            kind,
            (core.Compare("=", asked, core.Const(kind, type=TYPES["kind"]), type=BOOLEAN),),
            (number(choose, [10, 20]), number(choose, COUNTS)),
        )
        for kind in KINDS[: choose.pick([3, 2])]
    )
    return Table((core.Ref("kind", type=TYPES["kind"]),), ("standard.amount", "standard.least"), rows, "unique", None, ())


def number(choose: Chooser, options: Sequence[int]) -> core.Expr:
    return core.Const(Decimal(choose.pick(options)), type=NUMBER)


def program(choose: Chooser) -> Program:
    """A program of one decision."""
    rules = [Rule("standard", "table", NUMBER, standard(choose))]

    def add(slot: str, body: Any, type_: Any = BOOLEAN, kind: Any = "condition") -> str:
        rules.append(Rule(slot, kind, type_, body))
        return slot

    def part(name: str, counts: list[int]) -> tuple[str, ...]:
        found = []
        for number in range(choose.pick(counts)):
            slot = f"d.{name}.{name}_{number}"
            if choose.pick([False, False, True]):
                members = tuple(add(f"{slot}.m{i}", Formula(condition(choose, 1))) for i in range(2))
                found.append(add(slot, Group(choose.pick(["any", "all", "none"]), members)))
            else:
                found.append(add(slot, Formula(condition(choose, 2))))
        return tuple(found)

    parts: Any = {
        name: part(name, counts) for name, counts in (("requires", [1, 2]), ("excludes", [0, 1]), ("soft", [0, 1]), ("empowers", [0, 0, 1]))
    }
    grant = add("d.grants.amount", Formula(amount(choose)), NUMBER, "grant")
    decision = Decision("d", Label("问", "question"), "entitlement", delegates=(), amount=grant, **parts)
    return Program(
        name="library", version="1", digest="0", jurisdiction="000000", title=Label("图书馆", "library"), rules=tuple(rules),
        strata={slot: i for i, rule in enumerate(rules) for slot in rule.slots},
        decisions={"d": decision}, interpretations={}, sources={}, open_points={},
        facts=TYPES, calendar=CALENDAR,
    )  # fmt: skip


def pair(seed: int) -> tuple[Program, Program]:
    """Two versions: the second has one condition written anew, or is another program."""
    choose = Seeded(seed)
    old = program(choose)
    if choose.pick([True, False, False]):
        return old, program(choose)
    place = choose.pick([n for n, rule in enumerate(old.rules) if isinstance(rule.body, Formula)])
    expr = amount(choose) if old.rules[place].kind == "grant" else condition(choose, 2)
    rule = replace(old.rules[place], body=Formula(expr))
    return old, replace(old, rules=(*old.rules[:place], rule, *old.rules[place + 1 :]))


def decided(of: Program) -> Callable[[Facts], tuple[Any, ...]]:
    """What the reference interpreter shows of a person: verdict, amount, effect, and what fails."""
    made = plan(of, "d", DAY)

    def decide(facts: Facts) -> tuple[Any, ...]:
        run = reference.run(of, made, facts, DAY)
        return *outcome(made.decision, run), frozenset(failing(made.decision, run)) if run.verdict != "met" else frozenset()

    return decide


COMPARISONS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
GRANTS = ("met", "discretionary")


def change(old: tuple[Any, ...], new: tuple[Any, ...]) -> str | None:
    """How `diff` calls the change of a decision."""
    before, after = old[0] in GRANTS, new[0] in GRANTS
    if before is not after:
        return "gains" if after else "loses"
    if before and old[1] != new[1]:
        return "more" if old[1] < new[1] else "less"
    return None if old[0] == new[0] else "other verdict"


def changes(old: Program, new: Program, among: list[Facts]) -> set[str]:
    first, second = decided(old), decided(new)
    found: set[str] = set()
    for facts in among:
        one, other = first(facts), second(facts)
        kind = change(one, other)
        if kind is not None:
            found.add(kind)
        if kind in ("more", "less") and one[0] != other[0]:
            found.add("other verdict")
    return found


def person(facts: Mapping[str, Any]) -> Facts:
    return Facts.model_validate(facts)


OPTIONS = Options(typical={})


@pytest.mark.parametrize("seed", range(3))
def test_diff_finds_every_kind_of_change_and_no_other(seed: int) -> None:
    same = different = 0
    for number in range(15):
        old, new = pair(seed * 1000 + number)
        found: Diff = diff(Pack(old), Pack(new), OPTIONS)
        assert not found.unsure
        assert not found.not_analysed
        expected = changes(old, new, KNOWN) or changes(old, new, EVERYBODY)
        assert {d.change for d in found.differences} == expected
        assert found.verdict_changing is bool(expected)
        for difference in found.differences:
            facts = person(difference.person.facts)
            assert change(decided(old)(facts), decided(new)(facts)) in (difference.change, "more", "less")
        same, different = same + (not expected), different + bool(expected)
    assert same
    assert different


@pytest.mark.parametrize("seed", range(3))
def test_compare_proves_what_is_so_and_shows_whom_there_is(seed: int) -> None:
    proofs = people = 0
    for number in range(15):
        a, b = pair(seed * 1000 + 500 + number)
        meaning = compare_decision(Pack(a), Pack(b), "d", OPTIONS)
        assert meaning.not_analysed is None
        sides = {"a": decided(a), "b": decided(b)}
        verdicts = {side: [decide(facts)[0] for facts in KNOWN] for side, decide in sides.items()}
        for side, never in ((side, not {"met", "discretionary", "not_met"} & set(verdicts[side])) for side in sides):
            assert (side in meaning.unspecified) is never
        for direction in meaning.directions:
            refuser = "b" if direction.granter == "a" else "a"
            both = list(zip(verdicts[direction.granter], verdicts[refuser], strict=True))
            refused = any(x in GRANTS and y == "not_met" for x, y in both)
            assert (direction.nobody, direction.somebody) == (not refused, refused)
            assert direction.never_undetermined is not any(x in GRANTS and y == "undetermined" for x, y in both)
            for shown in direction.refused:
                facts = person(shown.facts)
                assert sides[direction.granter](facts)[0] in GRANTS
                assert sides[refuser](facts)[0] == "not_met"
            proofs, people = proofs + direction.nobody, people + len(direction.refused)
        amounts = [(x[1], y[1]) for x, y in ((sides["a"](f), sides["b"](f)) for f in KNOWN) if x[0] in GRANTS and y[0] in GRANTS]
        assert meaning.same_amount is all(x == y for x, y in amounts)
    assert proofs
    assert people


@pytest.mark.parametrize("seed", range(3))
def test_a_fault_is_equivalent_if_nobody_is_decided_differently(seed: int) -> None:
    equivalent = different = 0
    for number in range(4):
        original = program(Seeded(seed * 1000 + 700 + number))
        plans, prover = Plans(original), Prover(original, VOCABULARY, 20.0)
        old = [decided(original)(facts) for facts in EVERYBODY]
        for mutant in mutants(original, ["d"])[::2]:
            told = prover.told(["d"], plans, FaultyPlans(plans, mutant))
            now = decided(mutant.program(original))
            differs = old != [now(facts) for facts in EVERYBODY]
            assert isinstance(told, Differs if differs else Same), mutant
            if isinstance(told, Differs):
                facts = person(told.state.facts)
                assert now(facts) != decided(original)(facts)
            equivalent, different = equivalent + (not differs), different + differs
    assert equivalent
    assert different


@pytest.mark.parametrize("seed", range(3))
def test_coverage_counts_what_brute_force_counts(seed: int) -> None:
    """All truths that conditions can have, and whether a pair of people shows that an atom matters by itself."""
    for number in range(6):
        made = single(seed * 1000 + 900 + number)
        atoms = list(dict.fromkeys(leaves(made)))
        if len(atoms) < 2:
            continue
        counter = Counter(formula(made), ["d"])
        for place, facts in enumerate(KNOWN):
            counter.take(str(place), counter.tracer.trace("d", facts, DAY))
        total = counter.coverage(len(KNOWN)).total
        seen = {(leaf, evaluated(leaf, facts)) for leaf in atoms for facts in KNOWN}
        assert total.branches.hit >= len(seen)
        alone = sum(matters(made, leaf) for leaf in atoms)
        assert (total.independent.hit, total.independent.of) == (alone, len(atoms))


def single(seed: int) -> core.Expr:
    """A condition in which no atom stands twice."""
    choose = Seeded(seed)
    while True:
        made = condition(choose, 2)
        found = list(leaves(made))
        if any(isinstance(leaf, core.Compare) and not isinstance(leaf.right, core.Const) for leaf in found):
            continue
        if len(set(found)) == len(found):
            return made


def formula(expr: core.Expr) -> Program:
    made = program(Seeded(1))
    decision = replace(made.decisions["d"], requires=("d.requires.c0",), excludes=(), soft=(), empowers=(), amount=None)
    rules = (Rule("d.requires.c0", "condition", BOOLEAN, Formula(expr)),)
    return replace(made, rules=rules, decisions={"d": decision}, strata={"d.requires.c0": 0})


def leaves(expr: core.Expr) -> Iterator[core.Expr]:
    if isinstance(expr, (core.And, core.Or, core.Not)):
        for child in core.children(expr):
            yield from leaves(child)
    else:
        yield expr


def evaluated(expr: core.Expr, facts: Facts, forced: tuple[core.Expr, bool] | None = None) -> bool:
    """Two-valued truth at known facts, with an atom forced to a truth."""
    if forced is not None and expr == forced[0]:
        return forced[1]
    match expr:
        case core.And(operands):
            return all(evaluated(o, facts, forced) for o in operands)
        case core.Or(operands):
            return any(evaluated(o, facts, forced) for o in operands)
        case core.Not(operand):
            return not evaluated(operand, facts, forced)
        case core.Ref(name):
            return bool(getattr(facts, name))
        case core.Compare(op, core.Ref(name), core.Const(wanted)):
            value = getattr(facts, name)
            return bool(COMPARISONS[op](value, wanted))
    raise AssertionError(expr)


def matters(expr: core.Expr, leaf: core.Expr) -> bool:
    """Whether two people differ in the atom, it decides for both, and the condition comes out differently."""
    seen = set()
    for facts in KNOWN:
        if evaluated(expr, facts, (leaf, True)) != evaluated(expr, facts, (leaf, False)):
            seen.add((evaluated(leaf, facts), evaluated(expr, facts)))
    return any(x[0] != y[0] and x[1] != y[1] for x in seen for y in seen)
