"""What `prove` says of random small packs is what trying everybody says: the facts have so few values that all can be tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.prove.read import read
from dte_rules.analysis.prove.ready import ready
from dte_rules.analysis.prove.run import prove
from dte_rules.engine import reference
from dte_rules.engine.plan import plan

DAY = date(2026, 5, 6)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Loan(_Model):
    late: bool | None = None
    kind: Literal["book", "film"] | None = None


class Reader(_Model):
    member: bool | None = None
    barred: bool | None = None
    grade: Literal["low", "middle", "high"] | None = None
    years: Annotated[int, Field(ge=0, le=2)] | None = None


class Library(_Model):
    reader: Reader | None = None
    loans: list[Loan] | None = None


DOMAIN: dict[str, list[Any]] = {
    "reader.member": [False, True],
    "reader.barred": [False, True],
    "reader.grade": ["low", "middle", "high"],
    "reader.years": [0, 1, 2],
}
LOANS = [{"late": late, "kind": kind} for late in (False, True) for kind in ("book", "film")]
ATOMS = [
    "reader.member",
    "not(reader.barred)",
    'reader.grade = "high"',
    'reader.grade != "low"',
    "reader.years >= 1",
    "reader.years = 2",
    "count(loans[late]) = 0",
    'some loan in loans satisfies loan.kind = "film" and loan.late',
    "count(loans) < 2",
    "opening",
]


def condition(choose: Random) -> str:
    a, b = choose.choice(ATOMS), choose.choice(ATOMS)
    return choose.choice([a, f"({a}) and ({b})", f"({a}) or ({b})", f"not({a})", f"if {a} then {b} else reader.member"])


def pack_text(choose: Random) -> str:
    return f"""
pack: library
version: "1"
title: {{zh: 图书馆}}
sources: {{s: {{issued: 2020-01-01, in_force: {{from: 2020-01-01}}}}}}
open: {{opening: {{cite: s 一, question: {{zh: 是否开放}}}}}}
decisions:
  lend:
    title: {{zh: 借阅}}
    modality: entitlement
    requires:
      first: {{cite: s 一, when: '{condition(choose)}'}}
      second: {{cite: s 二, when: '{condition(choose)}'}}
    excludes:
      out: {{cite: s 三, when: '{condition(choose)}'}}
    grants:
      amount: {{cite: s 四, is: 'if {condition(choose)} then 10 else 10 * (reader.years + 1)'}}
"""


@dataclass(frozen=True)
class Outcome:
    """A case decided by the reference interpreter."""

    verdict: str
    granted: bool | None
    amount: Any
    first: bool | None


def everybody(partial: bool) -> Iterator[dict[str, Any]]:
    values = [[*found, None] if partial else found for found in DOMAIN.values()]
    lists: list[Any] = [[], *([one] for one in LOANS)] + ([None] if partial else [[a, b] for a in LOANS for b in LOANS])
    for combination in product(*values, lists):
        yield dict(zip([*DOMAIN, "loans"], combination, strict=True))


def model(person: Mapping[str, Any]) -> Library:
    fields = {path.removeprefix("reader."): value for path, value in person.items() if path != "loans"}
    return Library.model_validate({"reader": fields, "loans": person["loans"]})


Relation = tuple[str, Callable[[dict[str, Any], dict[str, Any]], bool]]
STATEMENTS: list[tuple[str, Callable[[Outcome, Outcome], Any]]] = [
    ("b.granted", lambda a, b: b.granted),
    ("a.verdict = b.verdict", lambda a, b: a.verdict == b.verdict),
    ('b.verdict = "met" or a.verdict = "not_met"', lambda a, b: b.verdict == "met" or a.verdict == "not_met"),
    ("b.conditions.first", lambda a, b: b.first),
    (
        "b.amount >= a.amount",
        lambda a, b: "unknown" if "unknown" in (a.amount, b.amount) else None if None in (a.amount, b.amount) else b.amount >= a.amount,
    ),
]
PRESUMED: list[tuple[str, Callable[[Outcome, Outcome], bool]]] = [
    ("true", lambda a, b: True),
    ("a.granted", lambda a, b: a.granted is True),
    ('a.verdict != "undetermined"', lambda a, b: a.verdict != "undetermined"),
]


def same_but(*paths: str) -> Callable[[dict[str, Any], dict[str, Any]], bool]:
    return lambda a, b: all(a[p] == b[p] for p in a if p not in paths)


def rises(path: str) -> Callable[[dict[str, Any], dict[str, Any]], bool]:
    order = DOMAIN[path]
    return lambda a, b: same_but(path)(a, b) and order.index(b[path]) >= order.index(a[path])


def kinds(person: Mapping[str, Any]) -> list[str]:
    return [loan["kind"] for loan in person["loans"]]


COMPLETE: list[Relation] = [
    ("{}", same_but()),
    ("{differs_in: [reader.grade]}", same_but("reader.grade")),
    ("{rises_in: [reader.years]}", rises("reader.years")),
    ("{rises_in: [reader.grade]}", rises("reader.grade")),
    ("{rises_in: [reader.barred]}", rises("reader.barred")),
    ("{adds_to: [loans]}", lambda a, b: same_but("loans")(a, b) and b["loans"][: len(a["loans"])] == a["loans"]),
    ("{differs_in: [loans.late]}", lambda a, b: same_but("loans")(a, b) and kinds(a) == kinds(b)),
]
PARTIAL: list[Relation] = [("{knows_more: true}", lambda a, b: all(a[p] is None or a[p] == b[p] for p in a))]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("partial", [False, True], ids=["known", "may be unknown"])
def test_proofs_agree_with_trying_everybody(tmp_path: Path, seed: int, partial: bool) -> None:
    choose = Random(seed * 31 + partial)
    (tmp_path / "library.yaml").write_text(pack_text(choose), encoding="utf-8")
    packs = load_packs(tmp_path, facts=Library)
    pack = packs["library"]
    made = plan(pack.program, "lend", DAY)

    def decided(person: Mapping[str, Any]) -> Outcome:
        run = reference.run(pack.program, made, pack.vocabulary.closed(model(person)), DAY)
        granted = None if run.verdict == "undetermined" else run.verdict != "not_met"
        amount: Any = "unknown" if granted is None else run.known(made.decision.amount) if granted else None
        return Outcome(run.verdict, granted, amount, value if isinstance(value := run.values["lend.requires.first"], bool) else None)

    outcomes: set[str] = set()
    people = [(person, decided(person)) for person in everybody(partial)]
    relations = PARTIAL if partial else [COMPLETE[(2 * seed + n) % len(COMPLETE)] for n in range(2)]
    for form, related in relations:
        pairs = [(a, b) for (p, a), (q, b) in product(people, people) if related(p, q)]
        for given, presumed in PRESUMED:
            for then, stated in STATEMENTS:
                text = f"""
properties:
  - id: P
    title: {{zh: 甲}}
    cite: s 一
    cases:
      a: {{region: library, decision: lend, as_of: {DAY}}}
      b: {form}
    given: '{given}'
    then: '{then}'
    horizon: {{facts: {"may_be_unknown" if partial else "known"}, members: {1 if partial else 2}}}
"""
                (found,) = prove(ready(read("p.yaml", text=text), packs))
                expected = _wanted(pairs, presumed, stated, then, partial)
                outcomes.add(expected)
                assert found.outcome == expected, (form, given, then, (tmp_path / "library.yaml").read_text(encoding="utf-8"))
    assert outcomes >= ({"fails"} if partial else {"fails", "holds"})


def _wanted(pairs: list[tuple[Outcome, Outcome]], presumed: Any, stated: Any, then: str, partial: bool) -> str:
    """Null is no truth; unknown is what the text leaves, unless facts may be unknown."""
    values = [stated(a, b) for a, b in pairs if presumed(a, b)]
    null_is_false = then == "b.amount >= a.amount"
    false = [v for v in values if v is False or (v is None and null_is_false)]
    unknown = [v for v in values if v == "unknown" or (v is None and not null_is_false)]
    if false or (unknown and partial):
        return "fails"
    return "not_specified" if unknown else "holds"
