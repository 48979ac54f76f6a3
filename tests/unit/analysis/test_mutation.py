"""Mutation: the faults that are planted, what notices them, and what would."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dte_rules import load_packs
from dte_rules.analysis.mutation import Work, mutate
from dte_rules.analysis.mutation_cases import Bench, Checked
from dte_rules.analysis.mutation_mutants import Mutant, mutants
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans, bare
from dte_rules.analysis.mutation_survivors import Judged, Search
from dte_rules.analysis.questions import checked
from dte_rules.cases import Case, Expect, read_cases
from dte_rules.engine import plan as planning

ROOT = Path(__file__).parents[3]
PACKS = load_packs()
WEIHAI = PACKS["weihai"]
JINHUA = PACKS["jinhua"]


def cases_of(region: str, decision: str) -> tuple[Checked, ...]:
    pack = PACKS[region]
    read = [c for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")) for c in read_cases(file).cases]
    ready = [
        checked(c, pack.program, pack.vocabulary) for c in read if isinstance(c, Case) and (c.region, c.decision) == (region, decision)
    ]
    return tuple(case for case in ready if case is not None)


def of(operator: str, slot: str, every: tuple[Mutant, ...]) -> list[str]:
    return [mutant.en for mutant in every if mutant.operator == operator and mutant.slot == slot]


def test_the_faults_of_the_text() -> None:
    every = mutants(JINHUA.program, ["training_subsidy"])
    assert of("threshold", "yearly_cap", every) == ["3 becomes 2", "3 becomes 4"]
    assert of("threshold", "claim_period", every) == ['@"P1Y" becomes @"P11M"', '@"P1Y" becomes @"P1Y1M"']
    assert of("date", "city_start", every)[:2] == ['@"2024-05-01" becomes @"2024-04-30"', '@"2024-05-01" becomes @"2024-05-02"']
    hours = ">= becomes > in training.hours_completed >= subsidy_standard.required_hours"
    assert of("comparison", "training_subsidy.requires.hours", every) == [hours, hours]  # the province's text, and the city's
    assert "dropped: insured" in of("drop", "training_subsidy.requires.claim_place", every)
    assert "condition dropped: in_establishment" in of("drop", "training_subsidy.excludes.in_establishment", every)
    assert "cells of rows 1 and 2 swapped: 3300 ↔ 3900" in of("cell", "subsidy_standard", every)
    assert any(mutant.en.startswith("in force from 2024-05-01 becomes") for mutant in every)
    assert [mutant.number for mutant in every] == list(range(1, len(every) + 1))
    assert all(mutant.zh and mutant.clauses for mutant in every)


def test_a_text_taken_in_twice_is_one_fault() -> None:
    """The national rule on the last day of a period stands in `claim_deadline` four times."""
    every = mutants(JINHUA.program, ["training_subsidy"])
    found = of("drop", "claim_deadline", every)
    assert sum(text == "working_day_on_or_after dropped" for text in found) == 1
    assert len([m for m in every if m.slot == "claim_deadline"]) < 40


@pytest.mark.parametrize("name", ["weihai", "zhejiang"])
def test_plans_with_a_fault_are_those_of_the_whole_program(name: str) -> None:
    program = PACKS[name].program
    plans = Plans(program)
    for mutant in mutants(program, ["training_subsidy"])[::3]:
        faulty = FaultyPlans(plans, mutant)
        for day in (date(2023, 9, 15), date(2023, 10, 9), date(2024, 12, 31), date(2025, 3, 3)):
            whole = planning.plan(faulty.program, "training_subsidy", day)
            derived = faulty.plan("training_subsidy", day, ())
            assert derived.decision == whole.decision, mutant
            assert set(map(bare, whole.rules)) <= set(map(bare, derived.rules)), mutant


def test_a_fault_is_noticed_by_the_case_at_the_edge() -> None:
    case = next(c for c in cases_of("jinhua", "training_subsidy") if c.id == "OJ-013")  # 159 hours of 160
    bench = Bench(JINHUA.program, [case])
    every = [m for m in mutants(JINHUA.program, ["training_subsidy"]) if m.slot == "subsidy_standard"]
    killed = {m.en for m in every if bench.killer(m, ["training_subsidy"])}
    assert "160 becomes 159" in killed
    assert "160 becomes 161" not in killed


def test_a_case_that_fails_as_it_is_takes_no_part() -> None:
    case = cases_of("weihai", "training_subsidy")[0]
    wrong = replace(case, id="wrong", expect=Expect({"verdict": "discretionary"}))
    bench = Bench(WEIHAI.program, [case, wrong])
    assert bench.failing == ["wrong"]
    assert len(bench.cases) == 1


def test_survivors_come_with_a_question_that_tells_them() -> None:
    work = Work(WEIHAI.program, WEIHAI.vocabulary, ("class_opening",), cases_of("weihai", "class_opening")[:1], samples=400)
    found = mutate(work, workers=1)
    survivors = found.of("survived")
    assert survivors
    for result in survivors:
        assert result.witness is not None or result.untold
    score = found.score
    assert score.killed + score.survived + score.equivalent == len(found.results)


def judged(region: str, decision: str, slot: str, en: str, seconds: float = 20.0) -> Judged:
    pack = PACKS[region]
    mutant = next(m for m in mutants(pack.program, [decision]) if m.slot == slot and m.en == en)
    return Search(pack.program, pack.vocabulary, 100, seconds).judged(mutant, [decision], Plans(pack.program))


def test_the_solver_finds_who_is_decided_differently() -> None:
    """A certificate of the future: no generated case had thought of it."""
    pytest.importorskip("z3")
    found = judged("weihai", "level_assessment", "training_certificates", "happened dropped")
    assert found.witness is not None
    (certificate,) = found.witness.state.facts["certificates"]
    assert certificate["issued"] > found.witness.state.as_of


def test_the_solver_proves_that_nobody_is() -> None:
    """Before the reform nobody retires later, whatever the pace; a province that leaves amounts to its cities pays none."""
    pytest.importorskip("z3")
    assert judged("jinhua", "training_subsidy", "retirement_ages.men.pace", "4 becomes 3").proved
    assert judged("zhejiang", "training_subsidy", "subsidy_standard", "3300 becomes 3299").proved


def test_what_could_not_be_told_is_said() -> None:
    pytest.importorskip("z3")
    found = judged("jinhua", "training_subsidy", "retirement_ages.men.pace", "4 becomes 3", seconds=0.0)
    assert (found.witness, found.proved, found.untold) == (None, False, "time")


def test_without_a_solver_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dte_rules.analysis.mutation_solver", None)
    found = judged("zhejiang", "training_subsidy", "subsidy_standard", "3300 becomes 3299")
    assert (found.proved, found.untold) == (False, "not installed")


def test_time_is_kept() -> None:
    seen: list[Any] = []
    work = Work(WEIHAI.program, WEIHAI.vocabulary, ("training_subsidy",), cases_of("weihai", "training_subsidy"), samples=100)
    found = mutate(work, workers=1, max_seconds=0.0, progress=lambda done, total: seen.append((done, total)))
    assert found.score.not_run == len(found.results) - 1
    assert seen == [(1, len(found.results))]


def test_processes_find_what_one_finds() -> None:
    decisions = ("title_mapping", "class_opening")
    cases = tuple(case for decision in decisions for case in cases_of("weihai", decision))
    work = Work(WEIHAI.program, WEIHAI.vocabulary, decisions, cases, samples=60)
    one, two = (mutate(work, workers=workers) for workers in (1, 2))
    assert len(one.results) > 60
    assert [r.fate == "killed" for r in one.results] == [r.fate == "killed" for r in two.results]
