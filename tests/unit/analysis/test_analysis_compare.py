"""`dte compare` and `dte diff`: what they find in the shipped packs and in versions of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.compare import compare, compare_decision
from dte_rules.analysis.diff import Diff, diff
from dte_rules.analysis.effects import Effects
from dte_rules.analysis.meaning import Meaning, Options, Person, shared
from dte_rules.analysis.structure import structure
from dte_rules.analysis.witness import value_at
from dte_rules.cli.guard import run
from dte_rules.pack.library import shipped_directory

PACKS = load_packs()
DAY = date(2025, 6, 10)


@pytest.fixture(scope="module")
def subsidy() -> Meaning:
    return compare_decision(PACKS["zhejiang"], PACKS["jinhua"], "training_subsidy")


def refused(meaning: Meaning, because: str, granter: str = "a") -> list[Person]:
    return [p for d in meaning.directions if d.granter == granter for p in d.refused if p.because == because]


def test_the_thirteenth_month(subsidy: Meaning) -> None:
    (late,) = refused(subsidy, "in_time")
    certificates = [c for c in late.facts["certificates"] if c["kind"] == "专业技术等级证书"]
    assert (late.as_of - max(c["issued"] for c in certificates)).days > 365
    assert (late.a.verdict, late.a.amount, late.b.failed) == ("met", 3900, ("in_time",))


def test_the_person_in_establishment(subsidy: Meaning) -> None:
    (person,) = refused(subsidy, "in_establishment")
    assert value_at(person.facts, "person.employment.in_establishment") is True


def test_the_resident_without_household_or_insurance(subsidy: Meaning) -> None:
    by_route = {p.route: p for p in refused(subsidy, "claim_place")}
    assert set(by_route) == {"household", "residence", "work", "school"}
    person = by_route["residence"]
    assert value_at(person.facts, "person.residence").startswith("33")
    assert not value_at(person.facts, "person.hukou").startswith("33")
    assert not any(policy["region"].startswith("3307") for policy in value_at(person.facts, "person.insurance"))


def test_amounts_are_proved_the_same(subsidy: Meaning) -> None:
    assert subsidy.same_amount is True
    assert subsidy.settled == {"a": ("city_rule",)}


def test_delegations_can_be_kept() -> None:
    meaning = compare_decision(PACKS["zhejiang"], PACKS["jinhua"], "training_subsidy", Options(settle=False, brief=True))
    assert meaning.directions[0].nobody


def test_the_duplicate_after_a_year() -> None:
    meaning = compare_decision(PACKS["jinhua"], PACKS["weihai"], "training_subsidy")
    (person,) = refused(meaning, "duplicate", "b")
    (claim,) = [c for c in person.facts["claims"] if c["level"] == value_at(person.facts, "training.level")]
    assert (person.as_of - claim["applied_on"]).days > 365
    assert (person.a.verdict, person.b.verdict) == ("not_met", "met")
    assert meaning.no_amount == ("b",)


def test_unspecified_is_said() -> None:
    meaning = compare_decision(PACKS["shanghai"], PACKS["jinhua"], "training_subsidy")
    assert meaning.unspecified == ("a",)
    assert not meaning.same


def test_sameness_is_proved() -> None:
    meaning = compare_decision(PACKS["zhejiang"], PACKS["jinhua"], "title_mapping")
    assert meaning.same


def test_effects_stand_in_an_order() -> None:
    order = Effects.read()
    assert order.order("direct_review_application", "achievement_evidence") == "stronger"
    assert order.order("review_reference", "achievement_evidence") == "weaker"
    assert order.order("appointment_by_employer", "direct_recognition") == "no order"
    assert order.order("review_reference", "review_reference") == "same"
    meaning = compare_decision(PACKS["shanghai"], PACKS["zhejiang"], "title_mapping")
    assert {(e.a, e.b): e.order for e in meaning.effects} == {
        ("appointment_by_employer", "direct_recognition"): "no order",
        ("recognition_by_committee", "direct_recognition"): "weaker",
        ("achievement_evidence", "direct_review_application"): "weaker",
    }


def test_side_by_side() -> None:
    found = structure(PACKS["zhejiang"].program, PACKS["jinhua"].program, "training_subsidy", DAY)
    how = {pair.id: pair.how for pair in found.conditions}
    assert how["hours"] == "same"
    assert how["claim_place"] == "differs"
    assert how["in_time"] == "only b"
    assert how["city_rule"] == "only a"
    assert all(pair.how == "same" for pair in found.rows)
    place = structure(PACKS["shanghai"].program, PACKS["weihai"].program, "title_mapping", DAY)
    assert {pair.id: pair.how for pair in place.conditions}["programme"] == "place"


def test_every_pair_and_decision_is_analysed() -> None:
    for a, b in (("shanghai", "weihai"), ("weihai", "zhejiang")):
        found = compare(PACKS[a], PACKS[b], options=Options(brief=True))
        assert [s.decision for s, _ in found.decisions] == list(shared(PACKS[a].program, PACKS[b].program))
        assert all(meaning.not_analysed is None and not meaning.unsure for _, meaning in found.decisions)


# --- versions ---------------------------------------------------------------------------------------------------------

Versions = Callable[[str, str, str, str], Diff]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    def changed(pack: str, file: str, old: str, new: str) -> Diff:
        folder = tmp_path / "rules"
        shutil.copytree(shipped_directory(), folder)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")
        return diff(PACKS[pack], load_packs(folder)[pack])

    return changed


def test_a_longer_period_is_a_gain(versions: Versions) -> None:
    found = versions("jinhua", "jinhua.yaml", "values: [{value: '@\"P12M\"'}]", "values: [{value: '@\"P13M\"'}]")
    assert found.verdict_changing
    assert "gains" in {d.change for d in found.differences}
    assert "loses" not in {d.change for d in found.differences}


def test_a_greater_amount(versions: Versions) -> None:
    found = versions("jinhua", "zhejiang.yaml", "128, 3900]", "128, 4000]")
    assert {d.change for d in found.differences} == {"more"}
    assert found.differences[0].person.b.amount == 4000


def test_an_amount_behind_a_delegation(versions: Versions) -> None:
    found = versions("zhejiang", "zhejiang.yaml", "128, 3900]", "128, 3800]")
    assert {(d.change, d.settled) for d in found.differences} == {("less", ("city_rule",))}


def test_another_wording_of_the_same(versions: Versions) -> None:
    found = versions("jinhua", "zhejiang.yaml", "when: count(grade_certificates) > 0", "when: count(grade_certificates) >= 1")
    assert not found.verdict_changing
    assert set(found.proved) == {"training_subsidy", "title_mapping"}


def test_titles_are_no_change(versions: Versions) -> None:
    found = versions("zhejiang", "zhejiang.yaml", "完成规定的内容", "完成规定内容")
    assert not found.verdict_changing
    assert found.changed == ()


def test_a_reading_that_is_not_the_default(versions: Versions) -> None:
    found = versions("jinhua", "zhejiang.yaml", "claim.applied_on.year = as_of.year)", "claim.applied_on.year = as_of.year - 1)")
    assert {d.reading for d in found.differences} == {("zj_duplicate", "within_year")}


def test_another_date_alone(versions: Versions) -> None:
    found = versions("jinhua", "jinhua.yaml", "{cite: jh-2024-15 四, is: claim_deadline}", "{cite: jh-2024-15 四, is: retirement_date}")
    assert {d.change for d in found.differences} == {"other date"}
    assert not found.verdict_changing
    assert found.dates_differ
    assert "training_subsidy" not in found.proved
    for difference in found.differences:
        assert difference.person.a.verdict == difference.person.b.verdict
        assert difference.person.a.dates["claim_deadline"] != difference.person.b.dates["claim_deadline"]


NAMESAKES = """\
pack: {name}
version: "1"
jurisdiction: "330000"
title: {{zh: 图书馆, en: library}}
sources:
  law: {{number: 法〔2024〕1号, issued: 2024-01-01, in_force: {{from: 2024-01-01}}}}
decisions:
  training_subsidy:
    title: {{zh: 补贴, en: subsidy}}
    modality: entitlement
    requires:
      hours: {{cite: law 一, when: training.hours_completed >= {least}}}
    excludes:
      hours: {{cite: law 一, when: training.hours_completed > 90}}
"""


def test_conditions_of_one_id_are_told_apart(tmp_path: Path) -> None:
    for name, least in (("east", 10), ("west", 20)):
        (tmp_path / f"{name}.yaml").write_text(NAMESAKES.format(name=name, least=least), "utf-8")
    packs = load_packs(tmp_path)
    meaning = compare_decision(packs["east"], packs["west"], "training_subsidy")
    assert [person.because for person in meaning.directions[0].refused] == ["hours"]
    assert meaning.directions[1].nobody


# --- commands -----------------------------------------------------------------------------------------------------------


def test_compare_prints_text_json_and_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["compare", "zhejiang", "weihai", "--decision", "title_mapping", "--as-of", "2025-06-10"]
    assert run([*asked, "--lang", "zh"]) == 0
    text = capsys.readouterr().out
    assert "zhejiang给予而weihai不给予" in text
    assert run([*asked, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["decisions"]["title_mapping"]["meaning"]["period"] == ["2025-06-10", "2025-06-10"]
    page = tmp_path / "page.html"
    assert run([*asked, "--format", "html", "--lang", "zh", "--out", str(page)]) == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "src=" not in page.read_text("utf-8")
    assert run(["compare", "zhejiang"]) == 2
    assert run([*asked[:3], "--as-of", "June"]) == 2
    assert run(["compare", "zhejiang", "weihai", "--decision", "nothing"]) == 1


def test_diff_has_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(shipped_directory(), folder)
    assert run(["diff", str(shipped_directory()), str(folder), "--lang", "en"]) == 0
    assert "no verdict changes" in capsys.readouterr().out
    weihai = folder / "weihai.yaml"
    weihai.write_text(weihai.read_text("utf-8").replace("when: institution.class_consented_on <= as_of", "when: true"), "utf-8")
    cases = Path(__file__).parents[2] / "cases" / "weihai.yaml"
    asked = ["diff", str(shipped_directory() / "weihai.yaml"), str(weihai)]
    assert run([*asked, "--lang", "zh", "--cases", str(cases)]) == 1
    assert "受益" in capsys.readouterr().out
    assert run([*asked, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["packs"][0]["differences"][0]["change"] == "gains"
    assert run(["diff", str(tmp_path / "none"), str(folder)]) == 2


def test_diff_says_that_dates_differ(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(shipped_directory(), folder)
    jinhua = folder / "jinhua.yaml"
    text = jinhua.read_text("utf-8")
    jinhua.write_text(text.replace("{cite: jh-2024-15 四, is: claim_deadline}", "{cite: jh-2024-15 四, is: retirement_date}"), "utf-8")
    asked = ["diff", str(shipped_directory() / "jinhua.yaml"), str(jinhua)]
    assert run([*asked, "--lang", "en"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "no verdict changes, dates differ" in told
    assert "the same verdict, another date" in told
    assert "last day to apply" in told
    assert run([*asked, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["verdict_changing"], data["dates_differ"]) == (False, True)
    assert data["packs"][0]["dates_differ"]


CASE = """\
cases:
- id: wang
  region: jinhua
  decision: training_subsidy
  as_of: 2025-06-10
  facts: {person: {hukou: "330782"}, training: {occupation: 智能制造工程技术人员, level: 高级}}
"""


def test_near_keeps_witnesses_near_a_case(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "near.yaml"
    file.write_text(CASE, "utf-8")
    asked = ["compare", "zhejiang", "jinhua", "--decision", "training_subsidy", "--format", "json"]
    assert run([*asked, "--near", f"{file}#wang"]) == 0
    meaning = json.loads(capsys.readouterr().out)["decisions"]["training_subsidy"]["meaning"]
    levels = {person["facts"]["training"]["level"] for direction in meaning["directions"] for person in direction["refused"]}
    assert levels == {"高级"}
    assert run([*asked, "--near", f"{file}#li", "--lang", "en"]) == 2
    assert "no case in" in capsys.readouterr().err
    assert run([*asked, "--near", str(tmp_path / "none.yaml"), "--lang", "en"]) == 1
    assert "DTE101" in capsys.readouterr().err
    versions = [str(shipped_directory() / "weihai.yaml")] * 2
    assert run(["diff", *versions, "--near", str(file)]) == 0
