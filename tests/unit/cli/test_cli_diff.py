"""``dte diff --cases``: what is decided differently in a case, and cases that can't be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules.cli.guard import run

PACK = """pack: toy
version: "1"
title: {zh: 玩具}
sources: {s: {issued: 2020-01-01, in_force: {from: 2020-01-01}}}
decisions:
  grant:
    title: {zh: 补贴, en: grant}
    modality: entitlement
    requires:
      enough: {cite: s 一, title: {zh: 学时, en: hours}, when: training.hours_completed >= 10}
    grants:
      amount: {cite: s 二, is: 1000}
      dates:
        claim_deadline: {cite: s 三, is: 'training.ended + @"P12M"'}
"""
CASES = """defaults: {region: toy, decision: grant, as_of: 2026-05-06}
cases:
  - {id: enough, facts: {training: {hours_completed: 12, ended: 2026-01-10}}}
  - {id: short, facts: {training: {hours_completed: 5}}}
"""


def folders(tmp_path: Path, old: str, new: str) -> list[str]:
    changed = PACK.replace(old, new)
    assert changed != PACK
    for name, text in (("old", PACK), ("new", changed)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "toy.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.yaml").write_text(CASES, encoding="utf-8")
    return ["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--cases", str(tmp_path / "cases")]


def test_a_case_is_told_by_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = folders(tmp_path, "P12M", "P13M")
    assert run([*command, "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "cases decided differently (1 of 2)\n" in out
    assert "  enough  Met, CNY 1,000; last day to apply 2027-01-10 → 2027-02-10\n" in out
    assert run([*command, "--lang", "zh"]) == 1
    assert "符合条件、1,000 元；申请截止日 2027-01-10 → 2027-02-10" in capsys.readouterr().out
    assert run([*command, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [case["id"] for case in data["cases"]] == ["enough"]
    assert data["cases"][0]["new"]["dates"] == {"claim_deadline": "2027-02-10"}


def test_a_case_is_told_by_its_verdict_and_amount(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*folders(tmp_path, ">= 10", ">= 13"), "--lang", "en"]) == 1
    assert "  enough  Met, CNY 1,000 → Not met\n" in capsys.readouterr().out


def test_a_case_that_can_not_be_read_is_told_and_not_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = folders(tmp_path, "hours_completed >= 10", "hours_completed >= 9 + 1")
    assert run([*command, "--lang", "en"]) == 0
    assert "no case is decided differently (cases: 2)" in capsys.readouterr().out
    bad = "cases:\n  - {id: bad, region: toy, decision: grant, as_of: 2026-05-06, facts: {training: {hours: 3}}}\n"
    (tmp_path / "cases" / "b.yaml").write_text(bad, encoding="utf-8")
    (tmp_path / "cases" / "c.properties.yaml").write_text("properties: []\n", encoding="utf-8")
    assert run([*command, "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert "cases that can't be read: 1" in told.out
    assert "b.yaml:2:" in told.err
