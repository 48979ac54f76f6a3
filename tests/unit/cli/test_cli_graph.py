"""``dte graph`` through Typer's runner."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from dte_rules.cli.app import app

CASES = Path(__file__).parents[2] / "cases" / "subsidy-jinhua.yaml"


def dte(*arguments: str | Path) -> Result:
    clean = {"COLUMNS": "100", "DTE_LANG": "en", "NO_COLOR": "1"}
    return CliRunner().invoke(app, [str(each) for each in arguments], env=clean)


def test_mermaid_and_svg(tmp_path: Path) -> None:
    text = dte("graph", "--region", "jinhua", "--decision", "training_subsidy", "--lang", "zh").stdout
    assert text.splitlines()[1] == "flowchart LR"
    assert "在核发之日起12个月内申请" in text
    early = dte("graph", "--region", "jinhua", "--decision", "training_subsidy", "--as-of", "2024-01-01", "--lang", "zh").stdout
    assert "在核发之日起12个月内申请" not in early
    path = tmp_path / "g.svg"
    result = dte("graph", "--region", "jinhua", "--decision", "training_subsidy", "--format", "svg", "--out", path)
    assert result.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("<svg ")


def test_a_case_gives_the_question_and_the_colours() -> None:
    result = dte("graph", "--case", CASES, "--id", "JZ-04", "--lang", "zh")
    assert result.exit_code == 0
    assert "✗ 不符合条件" in result.stdout
    assert dte("graph", "--case", CASES, "--id", "no-such").exit_code == 1
    assert dte("graph", "--case", CASES, "--id", "JZ-04", "--region", "shanghai").exit_code == 1


def test_wrong_usage() -> None:
    assert dte("graph").exit_code == 2
    assert dte("graph", "--region", "jinhua", "--decision", "nothing").exit_code == 1
    assert dte("graph", "--region", "nowhere", "--decision", "training_subsidy").exit_code == 1
