"""``dte explain`` through Typer's runner: formats, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from dte_rules.cli.app import app
from dte_rules.engine.justification import SCHEMA

CASES = Path(__file__).parents[2] / "cases" / "subsidy-jinhua.yaml"


def dte(*arguments: str | Path, stdin: str | None = None) -> Result:
    clean = {"COLUMNS": "100", "DTE_LANG": "en", "NO_COLOR": "1"}
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env=clean)


def test_a_tree_in_both_languages() -> None:
    result = dte("explain", CASES, "--id", "JZ-19")
    assert result.exit_code == 0
    assert "hours completed: 60; required: at least 64" in result.stdout
    chinese = dte("explain", CASES, "--id", "JZ-19", "--lang", "zh").stdout
    assert "已完成学时：60，要求不少于 64" in chinese
    assert "规则触发次序" not in chinese
    assert "规则触发次序" in dte("explain", CASES, "--id", "JZ-19", "--lang", "zh", "--full").stdout


def test_json_holds_decision_reasons_and_justification() -> None:
    found = json.loads(dte("explain", CASES, "--id", "JZ-19", "--id", "JZ-01", "--format", "json").stdout)
    assert [each["id"] for each in found] == ["JZ-01", "JZ-19"]
    assert found[0]["why_not"] == []
    late = found[1]
    assert late["decision"]["verdict"] == "not_met"
    assert late["why_not"][0]["condition"] == "training_subsidy.requires.hours"
    assert (late["why_not"][0]["gap"]["left"], late["why_not"][0]["gap"]["right"]) == (60, 64)
    assert late["justification"]["schema"] == SCHEMA


def test_pages_and_folders(tmp_path: Path) -> None:
    page = dte("explain", CASES, "--id", "JZ-04", "--id", "JZ-01", "--format", "html", "--lang", "zh").stdout
    assert page.count("<article") == 2
    assert dte("explain", CASES, "--id", "JZ-04", "--format", "html", "--out", tmp_path / "one.html").exit_code == 0
    assert (tmp_path / "one.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    folder = tmp_path / "letters"
    assert dte("explain", CASES, "--id", "JZ-04", "--id", "JZ-01", "--format", "markdown", "--out", folder).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["JZ-01.md", "JZ-04.md"]
    assert dte("explain", CASES, "--id", "JZ-04", "--out", folder, "--format", "json").exit_code == 0
    assert json.loads((folder / "JZ-04.json").read_text(encoding="utf-8"))["id"] == "JZ-04"
    assert dte("explain", CASES, "--id", "JZ-04", "--out", tmp_path / "one.txt").exit_code == 0
    assert "What fails" in (tmp_path / "one.txt").read_text(encoding="utf-8")


def test_what_cannot_be_explained() -> None:
    assert dte("explain", CASES, "--id", "no-such").exit_code == 1
    broken = "cases:\n- {id: a, region: jinhua, decision: training_subsidi, as_of: 2024-09-02}\n"
    result = dte("explain", "-", "--format", "json", stdin=broken)
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["error"]["message"]
    assert dte("explain", "no-such.yaml").exit_code == 1
