"""Strategies and sampler: valid facts, at the edges, shrinking to the typical case, the same for a seed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings

from dte_rules import load_packs
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.testing import Question, cases, facts_for, pairs_differing_in, sample_cases, sample_facts, typical_case, typical_day

PACKS = load_packs()
JINHUA = PACKS["jinhua"]
SUBSIDY = "training_subsidy"
QUESTIONS = [(name, decision) for name, pack in PACKS.items() for decision in pack.program.decisions]
FEW = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(("name", "decision"), QUESTIONS)
def test_samples_are_valid_facts(name: str, decision: str) -> None:
    """What is made without validation is what validation makes."""
    pack = PACKS[name]
    for question in sample_cases(pack, decision, 60, seed=3):
        assert question.facts == pack.Facts.model_validate(question.data)


def test_the_typical_case_is_met_and_known() -> None:
    typical = typical_case(JINHUA, SUBSIDY)
    assert typical.verdict == "met"
    assert typical.decision.missing == ()
    assert typical.amount == typical.decision.amount
    assert typical.as_of == typical_day(JINHUA, SUBSIDY)


def test_samples_repeat_and_reach_every_verdict() -> None:
    one, other = (sample_cases(JINHUA, SUBSIDY, 300, seed=5) for _ in range(2))
    assert one == other
    assert one != sample_cases(JINHUA, SUBSIDY, 300, seed=6)
    seen = Counter(question.verdict for question in one)
    assert min(seen[verdict] for verdict in ("met", "not_met", "undetermined")) > 20
    assert sample_facts(JINHUA, SUBSIDY, 20) == sample_facts(JINHUA, SUBSIDY, 20)


def test_samples_stand_at_the_edges() -> None:
    """Each threshold of the hours and one hour less; the last day to claim and the day after."""
    questions = sample_cases(JINHUA, SUBSIDY, 4000, seed=1)
    hours = {int(h) for q in questions if (h := q.data.get("training", {}).get("hours_completed")) is not None}
    assert {63, 64, 65, 79, 80, 81, 89, 90, 127, 128, 129, 159, 160, 161} <= hours
    day = typical_day(JINHUA, SUBSIDY)
    issued = {c.get("issued") for q in questions if q.as_of == day for c in q.data.get("certificates", [])}
    assert {date(2024, 5, 5), date(2024, 5, 4), date(2024, 5, 1), date(2024, 4, 30)} <= issued


def test_without_unknowns_every_fact_is_known() -> None:
    own = set(typical_case(JINHUA, SUBSIDY).data["person"])

    @FEW
    @given(cases(JINHUA, SUBSIDY, unknowns=False))
    def known(question: Question) -> None:
        assert own <= set(question.data["person"])

    known()


def test_failures_shrink_to_what_matters() -> None:
    def short(question: Question) -> bool:
        return question.verdict == "not_met" and "hours" in question.outcome.failed

    found = find(cases(JINHUA, SUBSIDY), short, settings=settings(max_examples=2000, database=None, deadline=None))
    typical = typical_case(JINHUA, SUBSIDY)
    assert found.as_of == typical.as_of
    assert found.data["person"] == typical.data["person"]
    assert {name for name, value in found.data["training"].items() if typical.data["training"].get(name) != value} == {"hours_completed"}
    assert "hours_completed" in repr(found)


def test_facts_are_of_one_day() -> None:
    @FEW
    @given(facts_for(JINHUA, SUBSIDY, as_of=date(2024, 9, 2)))
    def decided(facts: Any) -> None:
        JINHUA.decide(SUBSIDY, facts, as_of=date(2024, 9, 2))

    decided()


def test_pairs_differ_in_the_path_alone() -> None:
    @FEW
    @given(pairs_differing_in(JINHUA, SUBSIDY, "training.hours_completed"))
    def differ(pair: tuple[Question, Question]) -> None:
        one, other = (dict(question.data) for question in pair)
        assert one["training"].pop("hours_completed") != other["training"].pop("hours_completed")
        assert one == other

    differ()


def test_paths_that_are_not_read_are_named() -> None:
    with pytest.raises(ValueError, match=r"doesn't read `person\.name`; it reads training"):
        pairs_differing_in(JINHUA, SUBSIDY, "person.name")
    with pytest.raises(DiagnosticsError):
        cases(JINHUA, "training_subsidi")


def test_importing_the_package_loads_neither_hypothesis_nor_the_engine() -> None:
    heavy = ("hypothesis", "pydantic", "dte_rules.api")
    code = f"import sys, dte_rules.testing, dte_rules.testing.plugin; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_hypothesis_the_error_names_the_extra() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import dte_rules.testing
try:
    dte_rules.testing.cases
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'dte-rules[testing]'" in done.stdout
