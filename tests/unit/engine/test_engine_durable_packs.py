"""durable-rules on the shipped packs: it agrees with the reference, and each of its rules matters."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from durable_samples import comparable

from dte_rules.api import LoadedPack, Packs, load_packs
from dte_rules.engine.decide import ReferencePrepared, other_readings
from dte_rules.engine.plan import plan
from dte_rules.engine.reference import Run

pytest.importorskip("durable_rules_engine")

from dte_rules.engine.durable import DurablePrepared
from dte_rules.engine.network import Network, NetworkRule, lay_out

AS_OF = date(2025, 3, 1)

OCCUPATION = "大数据工程技术人员"
INSURED: dict[str, Any] = {
    "person": {
        "birth_date": "1992-04-10",
        "sex": "男",
        "hukou": "330700",
        "receives_pension": False,
        "employment": {"status": "在职", "region": "330700", "in_establishment": False},
        "insurance": [{"region": "330700", "scheme": "职工", "has_paid": True, "paying_now": True}],
    },
    "training": {
        "institution": {"region": "330100", "listed": True},
        "content_completed": True,
        "occupation": OCCUPATION,
        "level": "中级",
        "hours_completed": 128,
    },
    "claims": [],
    "certificates": [
        {"kind": "培训合格证书", "occupation": OCCUPATION, "level": "中级"},
        {"kind": "专业技术等级证书", "occupation": OCCUPATION, "level": "中级", "issued": "2024-06-10"},
    ],
}
"""JZ-01 of the cases that came with the notices."""


def but(facts: dict[str, Any], *changes: tuple[str, Any]) -> dict[str, Any]:
    """Facts with some of them changed, by path; None makes a fact unknown."""
    changed = copy.deepcopy(facts)
    for path, value in changes:
        *way, last = path.split(".")
        at: Any = changed
        for step in way:
            at = at[int(step)] if step.isdigit() else at.setdefault(step, {})
        if isinstance(at, list):
            at[int(last)] = value
        elif value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return changed


UNEMPLOYED = but(INSURED, ("person.insurance", []), ("person.employment", {"status": "未就业", "in_establishment": False}))
FLEXIBLE = but(UNEMPLOYED, ("person.employment.status", "灵活就业"))
GRADUATE = but(
    INSURED,
    ("person.insurance", []),
    ("person.hukou", "330100"),
    ("person.employment", {"status": "在职", "in_establishment": False}),
    ("person.education", {"full_time": True, "graduation_date": "2025-06-30", "school_region": "330700"}),
)
CLAIM = {"region": "330700", "occupation": OCCUPATION, "level": "高级", "applied_on": "2025-01-10", "certificate_issued": "2024-12-01"}

CHANGES: tuple[tuple[tuple[str, Any], ...], ...] = (
    (),
    (("training.content_completed", False),),
    (("training.content_completed", None),),
    (("training.hours_completed", 127),),
    (("training.hours_completed", None),),
    (("training.institution.region", "310000"),),
    (("training.institution.listed", False),),
    (("certificates", []),),
    (("certificates", None),),
    (("certificates.0.kind", "专业技术等级证书"),),
    (("certificates.1.kind", "培训合格证书"),),
    (("certificates.1.issued", "2023-09-01"),),
    (("certificates.1.issued", "2024-02-01"),),
    (("certificates.1.issued", "2024-04-20"),),
    (("certificates.1.issued", "2024-02-29"),),
    (("claims", [{**CLAIM, "level": "中级"}]),),
    (("claims", [{**CLAIM, "level": "中级", "applied_on": "2024-07-01"}]),),
    (("claims", [CLAIM] * 3),),
    (("claims", [{**CLAIM, "applied_on": "2024-08-01"}] * 3),),
    (("claims", [{**CLAIM, "certificate_issued": "2024-03-01", "applied_on": "2023-12-01"}] * 3),),
    (("claims", [{**CLAIM, "region": "310000"}] * 3),),
    (("claims", None),),
    (("person.employment.in_establishment", True),),
    (("person.receives_pension", True),),
    (("person.receives_pension", None),),
    (("person.birth_date", "2009-03-01"),),
    (("person.birth_date", "2009-03-02"),),
    (("person.birth_date", "1964-06-01"),),
    (("person.birth_date", "1965-01-15"),),
    (("person.birth_date", None),),
    (("person.hukou", "310000"),),
    (("person.hukou", None),),
    (("person.hukou", "310000"), ("person.residence", "330700")),
    (("person.hukou", "310000"), ("person.employment.region", "310000"), ("person.residence", "310000")),
    (("person.hukou", "310000"), ("person.residence", "310000"), ("person.education.school_region", "330700")),
    (("person.employment.region", "310000"),),
    tuple((f"person.{place}", "310000") for place in ("hukou", "residence", "employment.region", "education.school_region")),
    tuple((f"person.{place}", "310000") for place in ("hukou", "employment.region", "education.school_region")),
    (*((f"person.{place}", "310000") for place in ("hukou", "residence", "employment.region")), ("person.education.full_time", False)),
    (
        *((f"person.{place}", "310000") for place in ("hukou", "residence", "employment.region")),
        ("person.education.graduation_date", "2023-06-30"),
    ),
    (
        *((f"person.{place}", "310000") for place in ("hukou", "residence", "employment.region")),
        ("person.education.graduation_date", "2024-06-30"),
        ("training.started", "2024-03-01"),
    ),
    (("person.employment.status", "在职"),),
    (("person.education.full_time", False),),
    (("person.education.graduation_date", "2024-06-30"),),
    (("person.education.graduation_date", "2024-10-30"),),
    (("person.education.graduation_date", None),),
    (("person.education.school_region", "330100"),),
    (("training.started", "2024-03-01"),),
    (("training.started", "2024-03-01"), ("person.birth_date", "2008-06-01")),
    (("training.started", "2024-03-01"), ("person.education.graduation_date", "2024-06-30")),
)
LEVELS = ("初级", "中级", "高级")
OCCUPATIONS = (OCCUPATION, "区块链工程技术人员", "智能制造工程技术人员")


def cases() -> Iterator[dict[str, Any]]:
    """People of each kind, with something about them changed; and one for each row of the subsidy standard."""
    for person in (INSURED, UNEMPLOYED, FLEXIBLE, GRADUATE):
        for changes in CHANGES:
            try:
                yield but(person, *changes)
            except (KeyError, IndexError):
                continue
    for occupation in OCCUPATIONS:
        for level in LEVELS:
            of = (("occupation", occupation), ("level", level))
            places = ("training", "certificates.0", "certificates.1")
            yield but(INSURED, ("training.hours_completed", 200), *((f"{place}.{name}", value) for place in places for name, value in of))


TITLE_CASES = tuple(
    but(
        INSURED,
        ("certificates.1.programme_region", region),
        ("person.title_review", {"meets_conditions": meets}),
        ("person.employment.high_skilled_digital", skilled),
        ("training.level", level),
        ("certificates.1.level", held),
    )
    for region in ("330100", "310000", None)
    for meets in (True, False, None)
    for skilled in (True, False)
    for level in LEVELS
    for held in ("初级", level)
)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs()


def read(pack: LoadedPack, facts: dict[str, Any]) -> Any:
    """Facts as the engines get them."""
    return pack._read(pack.Facts.model_validate(facts))


def asked(pack: LoadedPack, decision: str) -> DurablePrepared:
    base = plan(pack.program, decision, AS_OF)
    return DurablePrepared(pack.program, base, other_readings(pack.program, base, AS_OF))


def seen(run: Run) -> Any:
    return run.verdict, {slot: comparable(run.values[slot]) for slot in run.values}


def conclusions(question: DurablePrepared, facts: Any) -> list[Any]:
    """All that a question concludes, under each reading."""
    run = question.run(facts, AS_OF)
    return [seen(run), *(None if other is None else seen(other) for other in question.run_others(facts, AS_OF, run))]


@pytest.mark.parametrize("name", ["jinhua", "zhejiang"])
@pytest.mark.parametrize("decision", ["training_subsidy", "title_mapping"])
def test_engines_agree_on_every_case(packs: Packs, name: str, decision: str) -> None:
    pack = packs[name]
    durable = asked(pack, decision)
    reference = ReferencePrepared(pack.program, durable.base, durable.others)
    for facts in [*cases(), *TITLE_CASES]:
        some = read(pack, facts)
        run, expected = durable.run(some, AS_OF), reference.run(some, AS_OF)
        assert seen(run) == seen(expected), facts
        for other, wanted in zip(durable.run_others(some, AS_OF, run), reference.run_others(some, AS_OF, expected), strict=True):
            assert wanted is not None
            assert seen(other or run) == seen(wanted), facts


@pytest.mark.parametrize("decision", ["training_subsidy", "title_mapping"])
def test_decisions_are_equal(packs: Packs, decision: str) -> None:
    for facts in [INSURED, GRADUATE, but(INSURED, ("training.hours_completed", None)), *TITLE_CASES[:4]]:
        person = packs["jinhua"].Facts.model_validate(facts)
        answers = [packs["jinhua"].decide(decision, person, as_of=AS_OF, engine=engine) for engine in ("reference", "durable")]  # type: ignore[arg-type]
        assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("name", "decision", "least"),
    [("jinhua", "training_subsidy", 0.9), ("zhejiang", "training_subsidy", 0.9), ("zhejiang", "title_mapping", 0.9)],
)
def test_each_rule_matters(packs: Packs, name: str, decision: str, least: float) -> None:
    """Without any single rule of the network, some case comes out differently: nothing is decided beside the network."""
    pack = packs[name]
    question = asked(pack, decision)
    some = [read(pack, facts) for facts in (TITLE_CASES if decision == "title_mapping" else cases())]
    expected, held = zip(*[_with_literals(question, facts) for facts in some], strict=True)
    idle = []
    for rule in question.network.layout.rules:
        fired = [n for n, literals in enumerate(held) if literals.issuperset(rule.premises)]
        without = _without(question, rule)
        if all(conclusions(without, some[n]) == expected[n] for n in fired):
            idle.append(rule)
    assert len(idle) <= (1 - least) * len(question.network.layout.rules), "\n".join(f"{rule.about}: {rule.premises}" for rule in idle)


def _with_literals(question: DurablePrepared, facts: Any) -> tuple[list[Any], frozenset[int]]:
    """What is concluded, and the literals that hold at the end."""
    held: list[frozenset[int]] = []
    clear = Network.clear
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Network, "clear", lambda self: (held.append(frozenset(self.holds)), clear(self)))
        return conclusions(question, facts), held[0]


def _without(question: DurablePrepared, rule: NetworkRule) -> DurablePrepared:
    """The question for a network that lacks a rule."""
    lacking = DurablePrepared.__new__(DurablePrepared)
    layout = lay_out([other for other in question.network.layout.rules if other is not rule])
    lacking.__dict__.update(question.__dict__ | {"network": replace(question.network, layout=layout), "_local": threading.local()})
    return lacking
