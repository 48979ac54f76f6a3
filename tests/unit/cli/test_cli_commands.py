"""The commands through Typer's runner: what they print, in both languages and formats, and their exit codes."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dte_rules.cli.app import app

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "jinhua-applications.yaml"
EXAMPLES_JSON = ROOT / "examples" / "jinhua-applications.json"
SAMPLES = sorted((ROOT / "tests" / "cases").glob("*.yaml"))


def dte(*arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    clean = {"COLUMNS": "100", "DTE_LANG": "en", "NO_COLOR": "1"}
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env={**clean, **(env or {})})


def decided(*arguments: str | Path, stdin: str | None = None) -> tuple[int, list[dict[str, Any]]]:
    result = dte("decide", *arguments, "--format", "json", stdin=stdin)
    return result.exit_code, json.loads(result.stdout, parse_float=Decimal)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(
        """defaults: {region: jinhua, decision: training_subsidy, as_of: 2024-09-02}
cases:
  - {id: sound, facts: {person: {employment: {in_establishment: true}}}, expect: {verdict: not_met}}
  - {id: typo, facts: {training: {ocupation: 大数据工程技术人员}}}
  - {id: elsewhere, region: jinhau}
  - {id: question, decision: training_subsidi, readings: {rest_dya: rolls, cap_year: never}}
  - {id: other, facts: {person: {employment: {in_establishment: true}}}, expect: {verdict: met, amount: 3900, flags: [cap_year]}}
""",
        encoding="utf-8",
    )
    return path


def test_the_samples_and_examples_pass() -> None:
    result = dte("test", *SAMPLES, EXAMPLES, EXAMPLES_JSON)
    assert re.fullmatch(r"[0-9]{2,} passed, 0 failed\n", result.stdout)
    assert result.exit_code == 0
    assert dte("test", EXAMPLES_JSON, "--lang", "zh").stdout == "2 件通过，0 件不符\n"


def test_a_decision_as_json_holds_the_fields_of_the_contract() -> None:
    code, found = decided(EXAMPLES_JSON)
    assert code == 0
    first, second = found
    assert list(first) == [
        "id",
        "region",
        "decision",
        "as_of",
        "verdict",
        "amount",
        "effect",
        "dates",
        "latest",
        "failed",
        "missing",
        "missing_sets",
        "values",
        "flags",
        "alternatives",
        "citations",
        "readings",
        "pack",
    ]
    pack = first.pop("pack")
    assert (pack["name"], len(pack["digest"])) == ("jinhua", 64)
    first.pop("readings")
    assert first == {
        "id": "JH-2024-001",
        "region": "jinhua",
        "decision": "training_subsidy",
        "as_of": "2024-09-10",
        "verdict": "met",
        "amount": 3300,
        "effect": None,
        "dates": {"claim_deadline": "2025-07-07", "retirement_date": "2053-05-18"},
        "latest": {},
        "failed": [],
        "missing": [],
        "missing_sets": [],
        "values": {},
        "flags": [],
        "alternatives": [],
        "citations": [
            {"source": "jh-2024-15", "locator": "一"},
            {"source": "zj-2023-36", "locator": "三（四）"},
            {"source": "zj-2023-36", "locator": "附件2"},
            {"source": "zj-2023-36", "locator": "二（一）"},
            {"source": "jh-2024-15", "locator": "五"},
            {"source": "zj-2023-36", "locator": "五"},
            {"source": "zj-2023-36", "locator": "四（四）"},
            {"source": "jh-2024-15", "locator": "二"},
            {"source": "jh-2024-15", "locator": "四"},
        ],
    }
    assert (second["verdict"], second["amount"], second["failed"]) == ("not_met", None, ["hours"])
    assert second["alternatives"] == [
        {
            "interpretation": "annex_hours",
            "reading": "certificate_conclusive",
            "verdict": "met",
            "amount": 3300,
            "effect": None,
            "missing": [],
        }
    ]


def test_broken_cases_have_an_error_and_the_others_are_decided(cases: Path) -> None:
    code, found = decided(cases)
    assert code == 1
    by_id = {each["id"]: each for each in found}
    assert by_id["sound"]["verdict"] == "not_met"
    assert by_id["typo"] == {
        "id": "typo",
        "error": {"code": "DTE501", "message": "unknown fact `training.ocupation`", "file": str(cases), "line": 4, "column": 35},
    }
    assert by_id["elsewhere"]["error"]["code"] == "DTE601"
    assert (by_id["elsewhere"]["error"]["line"], by_id["elsewhere"]["error"]["column"]) == (5, 29)
    assert [(e["code"], e["line"], e["column"]) for e in by_id["question"]["errors"]] == [
        ("DTE602", 6, 30),
        ("DTE603", 6, 59),
        ("DTE604", 6, 86),
    ]
    assert by_id["question"]["error"] == by_id["question"]["errors"][0]


def test_errors_are_shown_with_line_caret_and_nearest_name(cases: Path) -> None:
    result = dte("decide", cases)
    assert result.exit_code == 1
    assert f"{cases}:4:35: error DTE501: unknown fact `training.ocupation`" in result.stderr
    assert "^^^^^^^^^" in result.stderr
    assert "did you mean `occupation`?" in result.stderr
    assert "did you mean `jinhua`?" in result.stderr
    assert "sound" in result.stdout
    assert "5 cases · not met 2 · error 3\n" in result.stdout
    assert "是否想写 `occupation`？" in dte("decide", cases, "--lang", "zh").stderr


def test_differences_stand_side_by_side(cases: Path) -> None:
    result = dte("test", cases)
    assert result.exit_code == 1
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["Case", "Field", "Expected", "Actual"] in lines
    assert ["other", "verdict", "met", "not_met"] in lines
    assert ["amount", "3900", "null"] in lines
    assert ["flags", "cap_year", "(none)"] in lines
    assert "1 passed, 1 failed, 3 with errors\n" in result.stdout
    assert "1 件通过，1 件不符，3 件有误\n" in dte("test", cases, "--lang", "zh").stdout


def test_differences_as_json(cases: Path) -> None:
    result = dte("test", cases, "--format", "json")
    assert result.exit_code == 1
    by_id = {each["id"]: each for each in json.loads(result.stdout)}
    assert by_id["sound"]["passed"] is True
    assert by_id["typo"]["passed"] is False
    assert by_id["typo"]["error"]["code"] == "DTE501"
    assert by_id["other"]["differences"] == [
        {"field": "verdict", "expected": "met", "actual": "not_met"},
        {"field": "amount", "expected": 3900, "actual": None},
        {"field": "flags", "expected": ["cap_year"], "actual": []},
    ]


def test_a_case_that_expects_nothing_is_not_counted_as_passed(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("{id: a, region: jinhua, decision: training_subsidy, as_of: 2024-09-02}\n")
    result = dte("test", path)
    assert (result.exit_code, result.stdout) == (0, "0 passed, 0 failed, 1 without expectations\n")


def test_a_file_that_cannot_be_read_is_one_object_without_an_id() -> None:
    code, found = decided("no-such-file.yaml", EXAMPLES_JSON)
    assert code == 1
    assert [each["id"] for each in found] == [None, "JH-2024-001", "JH-2025-012"]
    assert found[0]["error"]["code"] == "DTE101"
    assert found[0]["error"]["file"] == "no-such-file.yaml"


def test_cases_come_from_the_standard_input() -> None:
    code, found = decided("-", stdin=EXAMPLES_JSON.read_text(encoding="utf-8"))
    assert (code, len(found)) == (0, 2)
    code, found = decided("-", stdin="cases: [\n")
    assert code == 1
    assert found[0]["error"] | {"message": ""} == {"code": "DTE114", "message": "", "file": "<stdin>", "line": 1, "column": 8}
    result = dte("decide", "-", "--format", "json", stdin=b"id: \xd5\xc5\n")
    assert json.loads(result.stdout)[0]["error"]["code"] == "DTE105"


def test_the_account_in_both_languages() -> None:
    result = dte("decide", EXAMPLES_JSON, "--lang", "zh")
    assert "  符合条件   3,300 元   申请截止日 2025年7月7日\n" in result.stdout
    assert "共 2 件 · 符合条件 1 · 不符合条件 1 · 合计 3,300 元\n" in result.stdout
    result = dte("decide", EXAMPLES_JSON)
    assert "  Met   CNY 3,300   last day to apply 7 July 2025\n" in result.stdout
    assert "2 cases · met 1 · not met 1 · total CNY 3,300\n" in result.stdout
    assert "\x1b" not in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.split("\n"))


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_the_engines_agree(engine: str) -> None:
    assert dte("test", EXAMPLES, "--engine", engine).exit_code == 0


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"DTE_LANG": "zh"}, "通过"),
        ({"DTE_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "passed"),
        ({"DTE_LANG": "", "LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "通过"),
        ({"DTE_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW"}, "通过"),
        ({"DTE_LANG": "", "LC_ALL": "C", "LANG": "zh_CN"}, "passed"),
    ],
)
def test_the_language_comes_from_the_environment(env: dict[str, str], word: str) -> None:
    assert word in dte("test", EXAMPLES_JSON, env=env).stdout


def test_options_before_the_command_hold_unless_it_has_its_own() -> None:
    assert "通过" in dte("--lang", "zh", "test", EXAMPLES_JSON).stdout
    assert "passed" in dte("--lang", "zh", "test", EXAMPLES_JSON, "--lang", "en").stdout
    result = dte("--rules", ROOT / "rules", "check", "--lang", "en")
    assert result.exit_code == 0
    assert "checked: no problems" in result.stdout


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert dte("decide").exit_code == 2
    assert dte("decide", EXAMPLES, "--engine", "x").exit_code == 2
    assert dte("decide", EXAMPLES, "--rules", tmp_path / "none").exit_code == 2
    assert dte("nothing").exit_code == 2
    for arguments in (["decide", EXAMPLES], ["check"]):
        result = dte(*arguments, "--rules", tmp_path)
        assert result.exit_code == 2
        assert "DTE990" in result.stderr


def test_packs_that_cannot_be_loaded_are_told_once_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text("pack: town\nversion: '1'\njurisdiktion: '330700'\n", encoding="utf-8")
    result = dte("decide", EXAMPLES_JSON, "--rules", tmp_path, "--format", "json")
    assert result.exit_code == 1
    [found] = json.loads(result.stdout)
    assert found["id"] is None
    assert found["error"]["file"].endswith("town.yaml")
    assert f"{tmp_path / 'town.yaml'}:3:1: error" in result.stderr
    assert " 3 | jurisdiktion: '330700'" in result.stderr


def test_check_shows_every_diagnostic_and_counts(tmp_path: Path) -> None:
    path = tmp_path / "town.yaml"
    path.write_text("pack: town\nversion: '1'\njurisdiktion: '330700'\n", encoding="utf-8")
    result = dte("check", path)
    assert result.exit_code == 1
    assert f"{path}:3:1: error" in result.stdout
    assert "^^^^^^^^^^^^" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("1 pack checked: ")
    codes = [each["code"] for each in json.loads(dte("check", path, "--format", "json").stdout)]
    assert codes
    assert dte("check", ROOT / "rules" / "jinhua.yaml", "--lang", "zh").stdout == "已检查 1 个规则包：没有问题\n"
    assert dte("check", *sorted((ROOT / "rules" / "lib").glob("*.yaml"))).exit_code == 0
    assert "DTE101" in dte("check", tmp_path / "none.yaml").stdout


def test_no_output_of_errors_holds_a_name_or_an_identity_number(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    secret = "330702199001011234"
    path.write_text(
        "- {id: a, region: jinhua, decision: training_subsidy, as_of: 2024-09-02, title: 张三,"
        f' facts: {{person: {{identity_number: "{secret}", name: 张三, hukou: x}}}}}} # 张三 {secret}\n',
        encoding="utf-8",
    )
    for arguments in (["decide"], ["test"], ["decide", "--format", "json"], ["decide", "--lang", "zh"]):
        result = dte(*arguments, path)
        assert result.exit_code == 1
        assert secret not in result.output
        assert "张三" not in result.stderr
        assert "DTE511" in result.output
        assert "DTE501" in result.output


def test_a_defect_met_in_one_case_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from dte_rules.api import LoadedPack

    decide = LoadedPack.decide

    def broken(self: LoadedPack, decision: str, facts: Any, **rest: Any) -> Any:
        if rest["as_of"].year == 2024:
            raise RuntimeError("张三 330702199001011234")
        return decide(self, decision, facts, **rest)

    monkeypatch.setattr(LoadedPack, "decide", broken)
    code, found = decided(EXAMPLES_JSON)
    assert code == 1
    assert found[0]["error"]["code"] == "DTE999"
    assert "RuntimeError" in found[0]["error"]["message"]
    assert "张三" not in found[0]["error"]["message"]
    assert found[1]["verdict"] == "not_met"
