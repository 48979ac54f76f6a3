"""``dte cover``, ``dte mutate`` and ``dte generate-cases`` from the outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dte_rules.cases import read_cases
from dte_rules.cli.app import app

PACK = """pack: lakeside
version: "1"
jurisdiction: "330100"
title: {zh: 湖滨培训补贴, en: Lakeside subsidy}
sources:
  ls: {number: 虚构1号, title: {zh: 通知, en: notice}, issued: 2025-01-06, in_force: {from: 2025-02-01}}
decisions:
  training_subsidy:
    title: {zh: 培训补贴, en: training subsidy}
    modality: entitlement
    requires:
      hours: {cite: ls 一, title: {zh: 学时, en: hours}, when: training.hours_completed >= 80}
      place:
        cite: ls 二
        title: {zh: 本市, en: in the city}
        when: division_within(person.hukou, "330100") or division_within(person.residence, "330100")
"""
CASES = """defaults: {region: lakeside, decision: training_subsidy, as_of: 2025-06-02}
cases:
  - {id: enough, facts: {person: {hukou: "330100"}, training: {hours_completed: 80}}, expect: {verdict: met}}
  - {id: short, facts: {person: {hukou: "330100"}, training: {hours_completed: 79}}, expect: {verdict: not_met}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "lakeside.yaml").write_text(PACK, "utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, "utf-8")
    return tmp_path


def dte(folder: Path, *arguments: str | Path, lang: str = "en") -> Result:
    environment = {"COLUMNS": "100", "DTE_LANG": lang, "NO_COLOR": "1"}
    return CliRunner().invoke(app, [*map(str, arguments), "--rules", str(folder / "rules")], env=environment)


def test_cover_shows_what_is_not_reached(folder: Path) -> None:
    done = dte(folder, "cover", folder / "cases.yaml")
    assert done.exit_code == 0
    assert re.search(r"ls 二 +1/1 +- +1/4 +1/2 +0/2", done.stdout)
    assert 'division_within(person.hukou, "330100"): never false' in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "从未为假" in dte(folder, "cover", folder / "cases.yaml", lang="zh").stdout


def test_cover_as_json_and_html(folder: Path) -> None:
    [data] = json.loads(dte(folder, "cover", folder / "cases.yaml", "--format", "json").stdout)
    assert data["total"]["branches"] == {"hit": 3, "of": 6}
    assert data["cases"] == 2
    page = folder / "out" / "pack.html"
    assert dte(folder, "cover", folder / "cases.yaml", "--format", "html", "--out", page).exit_code == 0
    text = page.read_text("utf-8")
    assert "training.hours_completed &gt;= 80" in text
    assert "<tr class='full'>" in text
    assert "<tr class='part'>" in text


def test_mutate_shows_survivors_with_cases_that_notice_them(folder: Path) -> None:
    found = folder / "killers.yaml"
    done = dte(folder, "mutate", folder / "cases.yaml", "--samples", "200", "--workers", "1", "--out", found)
    assert done.exit_code == 1
    assert "survived" in done.stdout
    cases = read_cases(found).cases
    assert cases
    merged = dte(folder, "mutate", folder / "cases.yaml", "--cases", found, "--samples", "200", "--workers", "1", "--format", "json")
    [data] = json.loads(merged.stdout)
    assert data["score"]["survived"] == 0
    assert merged.exit_code == 0
    assert data["score"]["killed"] >= 15
    assert all(mutant["killed_by"] for mutant in data["mutants"] if mutant["fate"] == "killed")


def test_generated_cases_pass_and_are_marked(folder: Path) -> None:
    out = folder / "generated.yaml"
    arguments = ("generate-cases", "--region", "lakeside", "--decision", "training_subsidy", "--samples", "200", "--out", out)
    assert dte(folder, *arguments, lang="zh").exit_code == 0
    assert out.read_text("utf-8").startswith("# 由 dte generate-cases 生成")
    assert dte(folder, "test", out).exit_code == 0
    [data] = json.loads(dte(folder, "cover", out, "--format", "json").stdout)
    assert data["total"]["independent"] == {"hit": 3, "of": 3}


def test_wrong_names_are_usage_errors(folder: Path) -> None:
    assert dte(folder, "cover", folder / "cases.yaml", "--region", "lakesid").exit_code == 2
    assert dte(folder, "cover", folder / "cases.yaml", "--decision", "training_subsidi").exit_code == 2
    assert dte(folder, "generate-cases", "--region", "lakeside", "--decision", "nothing").exit_code == 2
