"""``dte analyze``: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.analyze import analyze
from dte_rules.cli.guard import run

PACK = """\
pack: lakeside
version: "1"
jurisdiction: "330100"
title: {zh: 湖滨补贴, en: Lakeside subsidy}
sources:
  ls-1: {number: 虚构〔2025〕1号, issued: 2025-01-06, in_force: {from: 2025-02-01}}
interpretations:
  bound:
    cite: ls-1 一
    question: {zh: 是否含80？, en: Is 80 included?}
    readings:
      included: {zh: 含, en: it is}
      excluded: {zh: 不含, en: it is not}
tables:
  standard:
    cite: ls-1 附件
    title: {zh: 补贴标准, en: standards}
    inputs: [training.level]
    outputs: [amount]
    rows:
      - [初级, 1000]
      - [中级, 1500]
decisions:
  training_subsidy:
    title: {zh: 培训补贴, en: training subsidy}
    modality: entitlement
    requires:
      hours:
        title: {zh: 完成学时, en: hours completed}
        cite: ls-1 一
        when: if bound = "included" then training.hours_completed >= 80 else training.hours_completed > 80
    grants:
      amount: {cite: ls-1 附件, is: standard.amount}
"""
CONTRADICTION = """\
    excludes:
      many:
        title: {zh: 学时过多, en: too many hours}
        cite: ls-1 二
        when: training.hours_completed > 70
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "lakeside.yaml").write_text(PACK, encoding="utf-8")
    return folder


def test_a_warning_is_told_with_its_place_and_a_person(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["analyze", "--rules", str(rules), "--lang", "en"]
    assert run(asked) == 0
    told = capsys.readouterr().out
    assert "Lakeside subsidy lakeside  1 warning" in told
    assert "lakeside.yaml:15:3" in told.replace("\n", "")  # a long folder's name is broken
    assert "warning gap" in told
    assert "table “standards” has no row for level = 高级" in told
    assert "bound: excluded" in told
    assert "met, CNY 1,500 → not met" in told
    assert "at most 3 members in a list" in " ".join(told.split())
    assert max(len(line) for line in told.splitlines()) <= 100
    assert run([*asked, "--strict"]) == 1


def test_in_chinese(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "--rules", str(rules), "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "表“补贴标准”对下列情形没有规定：培训等级 = 高级" in told
    assert "各口径改变什么" in told


def test_an_error_ends_with_1(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = rules / "lakeside.yaml"
    file.write_text(PACK.replace("    grants:", CONTRADICTION + "    grants:"), encoding="utf-8")
    assert run(["analyze", "--rules", str(rules), "--lang", "zh"]) == 1
    told = capsys.readouterr().out
    assert "“培训补贴”无人能够符合：“完成学时”和“学时过多”不能同时满足" in told


def test_as_data(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "--rules", str(rules), "--lang", "en", "--format", "json", "--region", "lakeside"]) == 0
    (pack,) = json.loads(capsys.readouterr().out)
    (finding,) = pack["findings"]
    assert (finding["kind"], finding["severity"], finding["slot"], finding["line"]) == ("gap", "warning", "standard", 15)
    assert finding["clauses"] == ["ls-1 附件"]
    assert finding["witness"]["decision"]["missing"] == ["standard(高级)"]
    (reading,) = pack["readings"]
    assert (reading["interpretation"], reading["reading"], reading["changes"]) == ("bound", "excluded", ["verdict", "amount"])
    assert reading["facts"]["training"]["hours_completed"] == 80
    assert pack["facts"][0]["kind"] == "begins"
    assert pack["unsure"] == []
    assert pack["horizon"]["slots"] == 3


def test_the_persons_are_cases(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "found.yaml"
    assert run(["analyze", "--rules", str(rules), "--lang", "en", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert "id: lakeside-01-gap" in text
    assert "readings:\n    bound: excluded" in text
    capsys.readouterr()
    assert run(["test", str(out), "--rules", str(rules), "--lang", "en"]) == 0
    assert "3 passed, 0 failed" in capsys.readouterr().out


def test_what_there_is_not(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "--rules", str(rules), "--region", "lakesid", "--lang", "en"]) == 2
    assert "did you mean `lakeside`" in capsys.readouterr().err
    assert run(["analyze", "--rules", str(rules), "--decision", "training", "--lang", "en"]) == 2


def test_a_shipped_pack() -> None:
    """The annex names three occupations; what it leaves out is said in the pack, and nothing else stands out."""
    analysis = analyze(load_packs()["zhejiang"])
    assert [(finding.severity, finding.kind, finding.slot) for finding in analysis.findings] == [("note", "gap", "subsidy_standard")]
    assert {fact.kind for fact in analysis.facts} == {"begins", "never-refused", "delegated", "unread"}
    assert all(found.known for found in analysis.readings)
    assert (analysis.unsure, dict(analysis.not_analysed)) == ((), {})
