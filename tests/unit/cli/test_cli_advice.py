"""The commands that ask, tell what would change a verdict and when, and keep receipts."""

from __future__ import annotations

import json
import re
import shutil
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
    assert dte("replay", path, "--facts", tmp_path / "none.yaml", "--redact", key).exit_code == 1
    few = tmp_path / "few.yaml"
    few.write_text("- {id: somebody, region: jinhua, decision: class_opening, as_of: 2024-09-02, facts: {}}\n", "utf-8")
    assert "the file given has no such case" in re.sub(r"\s+", " ", dte("replay", path, "--facts", few, "--redact", key).stdout)
    other = tmp_path / "other"
    other.write_bytes(b"o" * 32)
    assert "the key given is another one" in re.sub(r"\s+", " ", dte("replay", path, "--facts", FILE, "--redact", other).stdout)
    key.write_bytes(b"short")
    assert dte("decide", FILE, "--receipt", path, "--redact", key).exit_code == 2


def test_a_line_that_is_no_text_is_a_finding_and_the_others_are_replayed(tmp_path: Path) -> None:
    path = kept(tmp_path)
    first, second, *_ = path.read_bytes().splitlines()
    path.write_bytes(first[:100] + b"\xef" + first[101:] + b"\n" + second + b"\n")
    result = dte("replay", path, lang="zh")
    assert result.exit_code == 1
    told = re.sub(r"\s+", "", result.stdout)
    assert "receipts.jsonl:1:不是完整的JSON，可能已被改动或截断" in told
    assert told.endswith("：一致")
    path.write_bytes(b"\n")
    assert "there is no receipt in" in dte("replay", path).stderr


def test_what_keeps_a_journal_from_being_read_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but long enough to be read as one" * 20)
    (tmp_path / "anchor.json").write_text("[1]")
    journal = tmp_path / "journal.db"
    kept(tmp_path, "--journal", journal)
    assert "不是判定记录日志，或已损坏" in dte("journal", "verify", tmp_path / "text.db", lang="zh").stderr
    assert "没有这个文件或文件夹" in dte("journal", "verify", tmp_path / "none.db", lang="zh").stderr
    assert "it is no anchor" in dte("journal", "verify", journal, "--anchor", tmp_path / "anchor.json").stderr
    assert "the database can't be read or written" in dte("journal", "append", tmp_path / "receipts.jsonl", "--journal", tmp_path).stderr


def test_ask_speaks_of_facts_by_what_they_are_called() -> None:
    question = ["--region", "jinhua", "--decision", "training_subsidy"]
    told = dte("ask", *question, "--as-of", "2024-09-02", stdin="abc\nquit\n", lang="zh").stdout
    assert "   ! “培训机构所在地”不是有效的行政区划代码" in told
    refused = dte("ask", *question, "--as-of", "2024-13-02", lang="zh")
    assert refused.exit_code == 2
    assert refused.stderr == "--as-of：没有这一天，请再看一遍\n"
    assert refused.stdout == ""


def test_what_if_tells_a_loss_apart_from_what_can_be_done(tmp_path: Path) -> None:
    assert "What depends on the person" in dte("what-if", FILE, "--id", "JZ-01").stdout
    assert "取决于本人的" in dte("what-if", FILE, "--id", "JZ-01", lang="zh").stdout
    path = tmp_path / "cases.yaml"
    facts = "{institution: {reports: [{kind: 考核结果, event_on: 2026-10-14, made: false}]}}"
    path.write_text(f"- {{id: a, region: shanghai, decision: reporting_duty, as_of: 2026-11-16, facts: {facts}}}\n", "utf-8")
    told = dte("what-if", path, lang="zh").stdout
    assert "申请" not in told  # nobody applies for a duty
    assert "判定日为 2026年10月13日" in told


def test_what_the_pack_no_longer_takes_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    path = kept(tmp_path)
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    (rules / "jinhua.yaml").unlink()
    told = re.sub(r"\s+", "", dte("replay", path, "--rules", rules, lang="zh").stdout)
    assert "jinhua·training_subsidy·2024年9月2日：现行规则包不接受此问题（DTE601没有地区`jinhua`的规则包）" in told


def test_what_if_tells_what_no_fact_can_change(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("- {id: a, region: shanghai, decision: training_subsidy, as_of: 2025-06-01, facts: {}}\n", "utf-8")
    told = dte("what-if", path, lang="zh").stdout
    assert "文本未定、改变事实也不能解决的：\n    · 以另行规定为准：培训补贴政策\n" in told
    assert "no change of facts settles" in dte("what-if", path).stdout
