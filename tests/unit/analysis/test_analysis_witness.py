"""Spaces, searches and witnesses: what they say, and what they refuse to say."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.encode import Encoded, encode
from dte_rules.analysis.search import Found, Nobody, Search, Soft
from dte_rules.analysis.space import Horizon, Space
from dte_rules.analysis.typical import typical_facts, wishes
from dte_rules.analysis.witness import EncodingDisagrees, Replay, Witness, pinned, value_at
from dte_rules.engine.plan import Plan, plan
from dte_rules.program.nodes import Period

PACK = load_packs()["jinhua"]
DAY = date(2025, 6, 10)


def encoded(decision: str = "training_subsidy", mode: Any = "complete", as_of: Any = DAY) -> tuple[Plan, Space, Encoded]:
    made = plan(PACK.program, decision, DAY)
    space = Space.of([PACK.program], [made], as_of=as_of, vocabularies=[PACK.vocabulary], horizon=Horizon(mode))
    return made, space, encode(PACK.program, made, space)


def test_a_witness_is_near_the_typical_person() -> None:
    made, space, answers = encoded()
    softs = wishes(space, [made], typical_facts(), day=DAY, places=["330700"])
    found = Search(space, softs).find(answers.verdict("met"))
    assert isinstance(found, Found)
    assert value_at(found.witness.facts, "person.birth_date") == date(1992, 5, 20)
    assert value_at(found.witness.facts, "training.level") == "中级"
    assert value_at(found.witness.facts, "claims") == []
    decision = Replay(PACK, made).expect(found.witness, "met")
    assert decision.amount == 3900


def test_the_facts_of_a_case_weigh_more_than_the_typical_ones() -> None:
    made, space, answers = encoded()
    softs = wishes(space, [made], typical_facts(), day=DAY, places=["330700"], fixed={"person": {"birth_date": date(1988, 1, 2)}})
    found = Search(space, softs).find(answers.verdict("met"))
    assert isinstance(found, Found)
    assert value_at(found.witness.facts, "person.birth_date") == date(1988, 1, 2)


def test_nobody_is_proved() -> None:
    _, space, answers = encoded()
    decision = answers.plan.decision
    assert isinstance(Search(space).find(answers.verdict("met"), answers.fails(decision.requires[0])), Nobody)


def test_a_symbolic_day_stays_in_its_stretch() -> None:
    _, space, answers = encoded(as_of=Period(date(2025, 1, 1), date(2026, 1, 1)))
    found = Search(space).find(answers.verdict("met"), space.as_of.month == 2025 * 12 + 11)
    assert isinstance(found, Found)
    assert found.witness.as_of.month == 12
    assert isinstance(Search(space).find(space.as_of.month == 2026 * 12), Nobody)


def test_unknown_facts_are_left_out() -> None:
    made, space, answers = encoded(mode="partial")
    found = Search(space, [Soft(leaf.known) for leaf in space.leaves.values()]).find(
        answers.verdict("undetermined"), answers.truth("training_subsidy.requires.content").unknown
    )
    assert isinstance(found, Found)
    assert value_at(found.witness.facts, "training.content_completed") is None
    assert "training.content_completed" in Replay(PACK, made).expect(found.witness, "undetermined").missing


def test_facts_come_with_what_they_imply() -> None:
    _, space, answers = encoded(mode="partial")
    sex, track = space.equals("person.sex", "男"), space.leaves["person.retirement_track"]
    assert isinstance(Search(space).find(sex, space.leaves["person.sex"].known, ~track.known), Nobody)
    assert answers.gaps == {}


def test_facts_can_be_pinned() -> None:
    _, space, answers = encoded()
    found = Search(space).find(answers.verdict("met"))
    assert isinstance(found, Found)
    again = Search(space).find(*pinned(space, found.witness.facts))
    assert isinstance(again, Found)
    assert again.witness == found.witness
    assert isinstance(Search(space).find(answers.verdict("not_met"), *pinned(space, found.witness.facts)), Nobody)


def test_two_people_in_one_question() -> None:
    made, space, answers = encoded()
    other = Space.of([PACK.program], [made], as_of=DAY, vocabularies=[PACK.vocabulary], name="b:")
    twin = encode(PACK.program, made, other)
    search = Search(space)
    search.also(other)
    assert isinstance(search.find(answers.verdict("met"), twin.verdict("not_met")), Found)


def test_a_disagreement_is_never_hidden() -> None:
    made, _, _ = encoded()
    with pytest.raises(EncodingDisagrees, match="the solver says met"):
        Replay(PACK, made).expect(Witness({}, DAY), "met")
    with pytest.raises(EncodingDisagrees):
        Replay(PACK, made).decide(Witness({"training": {"level": "特级"}}, DAY))


def test_horizons_are_told() -> None:
    assert "at most 3 members" in Horizon().words("en")
    assert "至多3项" in Horizon("partial").words("zh")


def test_without_z3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from dte_rules.analysis import solver

    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(solver.MissingSolver, match=r"dte-rules\[analysis\]"):
        solver._load()
