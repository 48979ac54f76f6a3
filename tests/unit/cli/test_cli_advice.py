"""The commands that ask, tell what would change a verdict and when, and keep receipts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dte_rules.cases import Case, read_cases
from dte_rules.cli.app import app

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "cases" / "subsidy-jinhua.yaml"


def dte(*arguments: str | Path, stdin: str | None = None, lang: str = "en") -> Result:
    environment = {"COLUMNS": "100", "DTE_LANG": lang, "NO_COLOR": "1"}
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env=environment)


# --- ask ------------------------------------------------------------------------------------------------------------


def test_ask_interviews_validates_and_writes_a_case(tmp_path: Path) -> None:
    out = tmp_path / "asked.yaml"
    answers = "someday\n2024-09-01\n"
    result = dte("ask", "--region", "jinhua", "--decision", "class_opening", "--as-of", "2024-09-02", "--out", out, stdin=answers)
    assert result.exit_code == 0
    assert result.stdout.count("On what day was the training plan filed?") == 2
    assert "! give a day, as 2024-09-02" in result.stdout
    assert "Met" in result.stdout
    [case] = read_cases(out).cases
    assert isinstance(case, Case)
    assert dte("decide", out).exit_code == 0
    assert list(tmp_path.iterdir()) == [out]


def test_ask_takes_back_dont_know_and_quit() -> None:
    result = dte("ask", "--region", "jinhua", "--decision", "training_subsidy", stdin="2024-09-02\nback\n?\nback\n?\nquit\n", lang="zh")
    assert result.exit_code == 0
    assert "这是第一题" in result.stdout
    assert "共问 1 题" in result.stdout
    assert "尚不能判定" in result.stdout


def test_ask_ends_with_its_input() -> None:
    result = dte("ask", "--region", "jinhua", "--decision", "training_subsidy", "--as-of", "2024-09-02", stdin="")
    assert result.exit_code == 0
    assert "0 questions asked" in result.stdout


def test_ask_refuses_what_it_does_not_know() -> None:
    assert dte("ask", "--region", "jinhau", "--decision", "training_subsidy", "--as-of", "2024-09-02").exit_code == 1
    assert dte("ask", "--region", "jinhua", "--decision", "training_subsidi", "--as-of", "2024-09-02").exit_code == 1
    assert dte("ask", "--region", "jinhua", "--decision", "training_subsidy", "--as-of", "soon").exit_code == 2


# --- what-if, when --------------------------------------------------------------------------------------------------


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A case that lacks four hours."""
    path = tmp_path / "short.yaml"
    text = FILE.read_text("utf-8").split("\n- id: ")[1].replace("hours_completed: 128", "hours_completed: 124")
    path.write_text(f"cases:\n- id: {text.split(chr(10) + '  expect:')[0]}\n", "utf-8")
    return path


def test_what_if_tells_the_threshold_in_both_languages(short: Path) -> None:
    assert "hours completed: 124 → 128 (4 more) → met, CNY 3,900" in dte("what-if", short).stdout
    assert "已完成学时：124 → 128（多 4） → 符合条件，3,900 元" in dte("what-if", short, lang="zh").stdout
    [found] = json.loads(dte("what-if", short, "--format", "json").stdout)
    [change] = found["flips"][0]["changes"]
    assert (change["path"], change["before"], change["after"], change["difference"]) == ("training.hours_completed", 124, 128, 4)
    assert found["flips"][0]["who"] == "person"


def test_an_id_that_no_case_has_is_wrong_usage(short: Path) -> None:
    assert dte("what-if", short, "--id", "nobody").exit_code == 2
    assert dte("when", short, "--id", "nobody").exit_code == 2


def test_when_draws_a_line_and_tells_why() -> None:
    result = dte("when", FILE, "--id", "JZ-01", "--from", "2024-01-01", "--to", "2025-12-31")
    assert result.exit_code == 0
    assert "10 June 2024 to 10 June 2025   Met  CNY 3,900" in result.stdout
    assert "last day to apply 10 June 2025" in re.sub(r"\s+", " ", result.stdout)
    assert all(len(line) <= 100 for line in result.stdout.splitlines())
    assert "█" in result.stdout
    assert "10 June 2024" not in dte("when", FILE, "--id", "JZ-01", lang="zh").stdout


def test_when_as_a_picture_and_as_data() -> None:
    svg = dte("when", FILE, "--id", "JZ-01", "--format", "svg", lang="zh").stdout
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert "申请截止日" in svg
    assert "<script" not in svg
    [found] = json.loads(dte("when", FILE, "--id", "JZ-01", "--format", "json").stdout)
    [met] = [stretch for stretch in found["stretches"] if stretch["verdict"] == "met"]
    assert (met["from"], met["to"]) == ("2024-06-10", "2025-06-10")
    assert met["closes"][0]["causes"][0]["fact"] == "certificates[2].issued"
    assert met["closes"][0]["citations"] == [{"source": "jh-2024-15", "locator": "四"}]


def test_when_refuses_a_span_that_is_none() -> None:
    assert dte("when", FILE, "--id", "JZ-01", "--from", "2025-01-01", "--to", "2024-01-01").exit_code == 2
    assert dte("when", FILE, "--id", "JZ-01", "--from", "soon").exit_code == 2
    assert dte("when", FILE, "--format", "svg").exit_code == 2


# --- receipts -------------------------------------------------------------------------------------------------------


def kept(tmp_path: Path, *more: str | Path) -> Path:
    path = tmp_path / "receipts.jsonl"
    result = dte("decide", FILE, "--receipt", path, "--format", "json", *more)
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)) == len(path.read_text("utf-8").splitlines())
    return path


def test_receipts_are_written_and_replayed(tmp_path: Path) -> None:
    path = kept(tmp_path)
    result = dte("replay", path)
    assert result.exit_code == 0
    assert all(line.endswith(": the same") for line in result.stdout.splitlines())
    data: list[dict[str, Any]] = json.loads(dte("replay", path, "--format", "json").stdout)
    assert {each["status"] for each in data} == {"same"}


def test_a_forged_receipt_is_a_finding(tmp_path: Path) -> None:
    path = kept(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"amount":3900', '"amount":9900', 1), "utf-8")
    result = dte("replay", path, lang="zh")
    assert result.exit_code == 1
    assert "receipts.jsonl:1: 内容与摘要不符" in result.stdout
    assert dte("replay", tmp_path / "none").exit_code == 2


def test_a_journal_by_its_commands(tmp_path: Path) -> None:
    journal, anchor = tmp_path / "journal.db", tmp_path / "anchor.json"
    path = kept(tmp_path, "--journal", journal)
    count = len(path.read_text("utf-8").splitlines())
    assert dte("journal", "verify", journal).stdout.startswith(f"sound: {count} entries")
    assert dte("journal", "append", path, "--journal", journal).exit_code == 0
    assert len(dte("journal", "show", journal).stdout.splitlines()) == 2 * count
    assert dte("journal", "anchor", journal, "--anchor", anchor).exit_code == 0
    assert dte("journal", "verify", journal, "--anchor", anchor).exit_code == 0
    anchor.write_text(anchor.read_text().replace(f'"seq": {2 * count}', f'"seq": {2 * count + 1}'))
    assert dte("journal", "verify", journal, "--anchor", anchor).exit_code == 1
    assert dte("journal", "verify", path).exit_code == 2
    assert dte("journal", "verify", tmp_path / "none").exit_code == 2


def test_personal_data_can_be_kept_out(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    path = kept(tmp_path, "--redact", key)
    assert 'birth_date":"' not in path.read_text("utf-8")
    assert "intact" in dte("replay", path).stdout
    assert dte("replay", path).exit_code == 0
    again = dte("replay", path, "--facts", FILE, "--redact", key)
    assert all(line.endswith(": the same") for line in again.stdout.splitlines())
    key.write_bytes(b"short")
    assert dte("decide", FILE, "--receipt", path, "--redact", key).exit_code == 2
