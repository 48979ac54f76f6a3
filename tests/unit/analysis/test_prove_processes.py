"""Properties proved in several processes come out as they do in one, example by example and error by error."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.prove import processes
from dte_rules.analysis.prove.model import Proved, Ready
from dte_rules.analysis.prove.read import chosen, read
from dte_rules.analysis.prove.ready import ready
from dte_rules.analysis.prove.run import prove
from dte_rules.analysis.witness import EncodingDisagrees
from dte_rules.cli.json_text import json_text
from dte_rules.pack.library import shipped_directory
from dte_rules.report.prove_data import proved_data
from dte_rules.source.diagnostic import DiagnosticsError

IMPOSSIBLE = """properties:
  - id: right
    title: {zh: 对}
    cite: jh-2024-15 一
    each: {hours: [1]}
    cases: {a: {region: jinhua, decision: training_subsidy, as_of: 2026-05-06, facts: {training.hours_completed: hours}}}
    then: a.conditions.hours or true
  - id: impossible
    title: {zh: 不可能}
    cite: jh-2024-15 一
    each: {code: ["33"]}
    cases: {a: {region: jinhua, decision: training_subsidy, as_of: 2026-05-06, facts: {person.hukou: code}}}
    then: a.granted or true
"""


@pytest.fixture(autouse=True)
def shared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH", 0.0)


def properties(*ids: str) -> tuple[Ready, ...]:
    file = read(shipped_directory() / "properties" / "regions.yaml")
    return ready(file, load_packs(), chosen(file, ids))


def told(found: list[Proved]) -> str:
    return json_text(proved_data(found, "en"))


def test_processes_find_what_one_finds() -> None:
    # by the solver, with an example, with an open point; a grid; rows of claims
    asked = properties("P2", "P6", "P10", "P13.four", "P29")
    begun: list[str] = []
    two = list(prove(asked, processes=2, told=begun.append))
    assert told(two) == told(list(prove(asked)))
    assert sorted(begun) == sorted(one.id for one in asked)
    assert [one.ready for one in two] == list(asked)
    # what both processes have comes back as what it is here
    shown = [case for one in two if one.example is not None for case in one.example.cases]
    assert all(case.side in question.sides for one in two if one.example for question in one.ready.questions for case in one.example.cases)
    assert all(any(case.side is side for one in asked for q in one.questions for side in q.sides) for case in shown)


def test_an_example_does_not_depend_on_what_else_is_proved() -> None:
    asked = properties("P6", "P19", "P23.renewal")
    one_by_one = {one.ready.id: told([one]) for ready_ in asked[::-1] for one in prove([ready_])}
    assert {one.ready.id: told([one]) for one in prove(asked)} == one_by_one


def test_an_error_comes_after_what_is_before_it() -> None:
    asked = ready(read("p.yaml", text=IMPOSSIBLE), load_packs())
    found = prove(asked, processes=2)
    assert next(found).ready.id == "right"
    with pytest.raises(DiagnosticsError) as raised:
        next(found)
    assert [d.code for d in raised.value.diagnostics] == ["DTE859"]


def test_little_work_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    every = properties()
    assert processes.worth_sharing(every, 2)
    assert not processes.worth_sharing(every, 1)
    assert not processes.worth_sharing(properties("P1", "P2", "P3"), 2)
    assert not processes.worth_sharing(properties("P16.grants"), 2)


def test_errors_cross_to_another_process(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as raised:
        read("p.yaml", text="properties: [{id: 1}]")
    again = pickle.loads(pickle.dumps(raised.value))
    assert (type(again), again.diagnostics) == (type(raised.value), raised.value.diagnostics)
    disagrees = EncodingDisagrees("jinhua", "P1", "met", "not_met", {"person": {}}, date(2026, 5, 6))
    assert str(pickle.loads(pickle.dumps(disagrees))) == str(disagrees)
