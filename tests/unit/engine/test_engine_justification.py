"""Justifications of the sample cases: they agree with the decision, come back from JSON, and tell nobody's number or name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from dte_rules import Facts, load_packs
from dte_rules.api import Packs
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.engine.justification import SCHEMA, Explained, Justification, NotKnown, RecordAt, Step, Withheld
from dte_rules.engine.justify_json import value_data, value_of
from dte_rules.feel.values import Months
from dte_rules.source.diagnostic import DiagnosticsError

ROOT = Path(__file__).parents[3]
FILES = [*sorted((ROOT / "tests" / "cases").glob("*.yaml")), *sorted((ROOT / "examples").glob("*.yaml"))]


@cache
def packs() -> Packs:
    return load_packs(ROOT / "rules")


def sample_cases(file: Path) -> Iterator[Case]:
    for case in read_cases(str(file)).cases:
        assert isinstance(case, Case)
        yield case


def explained(case: Case) -> Explained:
    pack = packs()[case.region]
    return pack.explain(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)


def sample(id_: str) -> Explained:
    return next(explained(case) for file in FILES for case in sample_cases(file) if case.id == id_)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_samples(file: Path) -> None:
    """For every sample case: the decision is the same, its reasons are told, each with its clause, and JSON gives it all back."""
    for case in sample_cases(file):
        pack = packs()[case.region]
        found = explained(case)
        decided = pack.decide(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)
        assert found.decision == decided, case.id
        j = found.justification
        assert (j.verdict, j.decision, j.as_of) == (decided.verdict, case.decision, case.as_of)
        reasons = j.why_not
        names = [reason.conclusion.id.rpartition(".")[2] for reason in reasons]
        if decided.verdict == "not_met":
            assert tuple(names) == decided.failed, case.id
        if decided.verdict == "met":
            assert not reasons
        if decided.verdict in ("undetermined", "discretionary"):
            assert reasons or j.frame.absent, case.id
        for reason in reasons:
            assert reason.conclusion.form.cites, (case.id, names)
            assert list(reason.gap.leaves())
        assert Justification.from_json(j.to_json()) == j, case.id


def test_every_unknown_that_is_missing_is_told() -> None:
    """What the decision misses stands in the gaps of its reasons, or among the facts read as unknown."""
    for file in FILES:
        for case in sample_cases(file):
            found = explained(case)
            unknown = {need for _, value in found.justification.facts if isinstance(value, NotKnown) for need in value.needs}
            program = packs()[case.region].program
            for name in found.decision.missing:
                if name.split(".")[0].split("[")[0] in program.facts:
                    assert name in unknown, (case.id, name)


def test_the_parts_of_a_justification() -> None:
    j = sample("JZ-04").justification
    assert json.loads(j.to_json())["schema"] == SCHEMA
    in_time = j.by_slot["training_subsidy.requires.in_time"]
    assert in_time.outcome == "false"
    assert isinstance(in_time.step, Step)
    assert (in_time.step.form.text, in_time.step.left, in_time.step.right) == (
        "as_of <= claim_deadline", date(2025, 3, 1), date(2025, 2, 28),
    )  # fmt: skip
    assert in_time.form.reads == ("claim_deadline",)
    assert j.parameters["claim_period"].value == Months(12)
    assert j.parameters["claim_period"].period.start == date(2024, 5, 1)
    assert j.fact_values["training.hours_completed"] == Decimal(80)
    table = j.by_slot["subsidy_standard"].table
    assert table is not None
    assert [row.form.outputs for row in table.hit] == [("80", "2200")]
    assert {row.form.tests[1] for row in table.near} <= {'"初级"', '"中级"', '"高级"'}
    assert all(len(row.missed) == 1 for row in table.near)
    order = [conclusion.id for conclusion in j.conclusions]
    assert order.index("certificate_day") < order.index("claim_deadline") < order.index("training_subsidy.requires.in_time")
    assert {source.id for source in j.frame.sources} >= {"jh-2024-15", "zj-2023-36"}
    assert any(reading.interpretation == "period_end" and reading.default for reading in j.frame.readings)


def test_the_steps_of_a_list() -> None:
    """Each member of a list has its own step, with the facts it read."""
    j = sample("JZ-01").justification
    step = j.by_slot["grade_certificates"].step
    assert step is not None
    assert step.value == (RecordAt("certificates[2]"),)
    members = [part for part in step.parts if part.form.op == "member"]
    assert [(member.member, member.outcome) for member in members] == [("certificates[1]", "false"), ("certificates[2]", "true")]
    assert next(fact for part in members[0].parts[0].parts for fact in part.facts) == "certificates[1].kind"


def test_routes_of_a_group() -> None:
    """The ways of a group that fails, the nearest first, with how far each was from holding."""
    for file in FILES:
        for case in sample_cases(file):
            for reason in explained(case).justification.why_not:
                distances = [route.distance.key for route in reason.routes]
                assert distances == sorted(distances)
                assert all(key > (0, 0) for key in distances)


def test_numbers_and_names_are_not_told() -> None:
    pack = packs()["jinhua"]
    facts = Facts.model_validate(
        {
            "person": {"identity_number": "330702199204100010", "birth_date": date(1992, 4, 10), "sex": "男"},
            "training": {"institution": {"name": "某某培训学校", "listed": False}, "occupation": "大数据工程技术人员"},
        }
    )
    text = pack.explain("training_subsidy", facts, as_of=date(2024, 9, 2)).justification.to_json()
    assert "330702199204100010" not in text
    assert "某某培训学校" not in text


def test_a_withheld_fact_that_is_read_is_named_without_its_value(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        """pack: p
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
terms:
  who: {cite: s 一, title: {zh: 某人, en: who}, is: 'person.identity_number + "!"'}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires:
      same: {cite: s 一, title: {zh: 相同, en: same}, when: 'who = "330702199204100018!" or person.identity_number = "x"'}
""",
        encoding="utf-8",
    )
    pack = load_packs(tmp_path)["p"]
    facts = pack.Facts.model_validate({"person": {"identity_number": "330702199204100010"}})
    j = pack.explain("d", facts, as_of=date(2024, 1, 1)).justification
    assert "330702199204100010" not in j.to_json()
    assert isinstance(j.fact_values["person.identity_number"], Withheld)
    assert j.by_slot["d.requires.same"].outcome == "false"


def test_errors_are_those_of_decide() -> None:
    pack = packs()["jinhua"]
    with pytest.raises(DiagnosticsError):
        pack.explain("nothing", Facts(), as_of=date(2024, 9, 2))
    with pytest.raises(TypeError):
        pack.explain("training_subsidy", Facts(), as_of="2024-09-02")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["{}", '{"schema": "dte-justification/0"}', f'{{"schema": "{SCHEMA}"}}', "[]"])
def test_what_is_no_justification_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Justification.from_json(text)


def test_values_come_back_from_json() -> None:
    values = (None, True, "文", Decimal("1.50"), date(2024, 2, 29), Months(-3), (Decimal(1), ("a",)), Withheld(), RecordAt("a[1]"),
              NotKnown(("a.b",), Decimal(1), None))  # fmt: skip
    assert value_of(value_data(values)) == values


def test_exceptions_that_applied(tmp_path: Path) -> None:
    """A rule of a term that an exception kept from applying is told as such."""
    (tmp_path / "p.yaml").write_text(
        """pack: p
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
terms:
  rate:
    cite: s 一
    title: {zh: 比率, en: rate}
    rules:
      common: {when: training.hours_total > 0, then: 1, cite: s 一}
      special: {when: training.assessment_passed, then: 2, cite: s 二, except: [common]}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires: {high: {cite: s 三, title: {zh: 高, en: high}, when: rate > 1}}
""",
        encoding="utf-8",
    )
    pack = load_packs(tmp_path)["p"]
    facts = pack.Facts.model_validate({"training": {"hours_total": 3, "assessment_passed": True}})
    table = pack.explain("d", facts, as_of=date(2024, 1, 1)).justification.by_slot["rate"].table
    assert table is not None
    assert [row.form.id for row in table.hit] == ["special"]
    assert [(row.form.id, row.excepted) for row in table.near] == [("common", True)]
    assert re.search("二", str(table.hit[0].form.cites))
