"""Several packs analysed: what is found is the same in one process and in two, and whatever was asked before."""

from __future__ import annotations

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis import analyze_several as several
from dte_rules.analysis.analyze import analyze
from dte_rules.analysis.analyze_findings import Options
from dte_rules.analysis.analyze_people import People
from dte_rules.analysis.analyze_readings import departures
from dte_rules.analysis.analyze_several import Work, analyze_several

PACKS = load_packs()
DECISIONS = ("continuing_education_hours", "training_admission")


def test_one_process_and_two_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work((PACKS["weihai"], PACKS["zhejiang"]), DECISIONS)
    heard: list[tuple[str, int, int]] = []
    alone = analyze_several(work, lambda *told: heard.append(told), processes=1)
    assert [analysis.pack for analysis in alone] == ["weihai", "zhejiang"]
    assert {name for name, _, _ in heard} == {"weihai", "zhejiang"}
    monkeypatch.setattr(several, "ENOUGH", 0)
    heard.clear()
    assert analyze_several(work, lambda *told: heard.append(told), processes=2) == alone
    assert heard == [("", 0, 2), ("", 1, 2), ("", 2, 2)]


def test_what_is_small_stays_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "done", None)
    analyze_several(Work((PACKS["weihai"], PACKS["zhejiang"]), DECISIONS[:1]), processes=2)


def test_the_shipped_packs_are_worth_a_second_process() -> None:
    sizes = sorted(several._size(pack, ()) for pack in PACKS.values())
    assert sum(sizes[:-1]) > several.ENOUGH


def test_who_is_found_is_the_same_whatever_was_asked_before() -> None:
    first = analyze(PACKS["zhejiang"], ("training_admission",))
    analyze(PACKS["weihai"], ("continuing_education_hours",))
    assert analyze(PACKS["zhejiang"], ("training_admission",)) == first


def test_people_are_tried_before_the_solver_is_asked() -> None:
    pack, options = PACKS["weihai"], Options()
    for asked in departures(pack, ("title_mapping",), options):
        for decision, laws in asked.laws:
            found = People(pack, options).apart(decision, laws[0])
            assert found is not None
            assert found.verdict
            assert found.default.facts == found.departed.facts
            assert laws[0].first <= found.default.as_of <= laws[0].last
            assert (found.default.readings, found.departed.readings) == tuple(made.readings for made in laws[0].plans)


def test_people_who_are_told_alike_are_no_answer() -> None:
    pack, options = PACKS["jinhua"], Options()
    (asked,) = (each for each in departures(pack, ("training_subsidy",), options) if each.interpretation.id == "zj_school_place")
    decision, laws = asked.laws[0]
    assert People(pack, options).apart(decision, laws[0]) is None  # the solver finds them


def test_readings_part_at_ends_of_months() -> None:
    pack, options = PACKS["jinhua"], Options()
    (asked,) = (each for each in departures(pack, ("training_subsidy",), options) if each.interpretation.id == "month_end")
    decision, laws = asked.laws[0]
    found = People(pack, options).apart(decision, laws[0])
    assert found is not None
    assert not found.verdict
    days = [shown.decision.dates["claim_deadline"] for shown in (found.default, found.departed)]
    assert [(day.month, day.day) for day in days] == [(2, 28), (2, 29)]
