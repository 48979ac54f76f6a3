"""``dte clauses`` and ``dte interpretations``: what they print in both languages and formats, and their exit codes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dte_rules.cli.app import app
from dte_rules.source.render import display_width

sys.path.insert(0, str(Path(__file__).parents[1] / "register"))

from register_notices import CITY, PLAN, pack_text, written


def dte(*arguments: str | Path) -> Result:
    env = {"COLUMNS": "100", "DTE_LANG": "en", "NO_COLOR": "1"}
    return CliRunner().invoke(app, [str(each) for each in arguments], env=env)


def data(*arguments: str | Path) -> Any:
    return json.loads(dte(*arguments, "--format", "json").stdout)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path, pack_text(), city=CITY, plan=PLAN)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["clauses", "interpretations"])
def test_the_shipped_packs_fit_a_page(command: str, lang: str) -> None:
    result = dte(command, "--lang", lang)
    assert result.exit_code == 0
    assert max(display_width(line) for line in result.stdout.splitlines()) <= 100
    assert not any(line != line.rstrip() for line in result.stdout.splitlines())


def test_clauses_of_a_region_with_what_it_inherits() -> None:
    found = data("clauses", "--region", "jinhua")["documents"]
    assert [(each["source"], each["pack"]) for each in found] == [("jh-2024-15", "jinhua"), ("zj-2023-36", "zhejiang")]
    city = {clause["locator"]: clause for clause in found[0]["clauses"]}
    assert city["四"]["parameters"] == ["claim_period"]
    assert found[0]["coverage"]["total"] == found[0]["coverage"]["accounted"] == len(city)
    assert {each["source"] for each in data("clauses")["documents"]} > {"wh-2023-25", "sh-2024-plan"}


def test_the_figures_are_told_in_both_languages(folders: tuple[Path, Path]) -> None:
    rules, _ = folders
    english, chinese = dte("clauses", "--rules", rules), dte("clauses", "--rules", rules, "--lang", "zh")
    assert "8 clauses · 3 with rules · 3 with parameters · 0 delegated · 3 not executable · 100% accounted for" in english.stdout
    assert "共 8 条 · 有规则 3 · 有标准 3 · 另行规定 0 · 不可执行 3 · 已说明 100%" in chinese.stdout


def test_texts_that_agree(folders: tuple[Path, Path]) -> None:
    rules, notices = folders
    result = dte("clauses", "--rules", rules, "--sources", notices)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "compared with the texts of 2 documents: no differences"


def test_texts_that_do_not(folders: tuple[Path, Path]) -> None:
    rules, notices = folders
    (notices / "city.txt").write_text(CITY.replace("三、申请期限", "三、办理\n照办。\n\n四、申请期限"), encoding="utf-8")
    result = dte("clauses", "--rules", rules, "--sources", notices, "--lang", "zh")
    assert result.exit_code == 1
    assert re.search(r"^四 +清单没有列入$", result.stdout, re.MULTILINE)
    assert "DTE801" in result.stdout
    assert "已说明 88%" in result.stdout
    assert "yunchuan.yaml:" in result.stdout
    found = data("clauses", "--rules", rules, "--sources", notices)
    assert {each["code"] for each in found["findings"]} == {"DTE801", "DTE803", "DTE804"}
    assert next(each for each in found["documents"] if each["source"] == "yc-3")["missing"] == ["四"]


def test_a_pack_without_a_register(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text('pack: small\nversion: "1"\ntitle: {zh: 小, en: Small}\n', encoding="utf-8")
    assert dte("clauses", "--rules", tmp_path).stdout == "no pack has a register of clauses\n"
    assert data("clauses", "--rules", tmp_path) == {"documents": []}
    assert "no interpretations" in dte("interpretations", "--rules", tmp_path).stdout
    assert data("interpretations", "--rules", tmp_path) == []


def test_what_is_asked_for_must_be_there(tmp_path: Path) -> None:
    for command in ("clauses", "interpretations"):
        assert dte(command, "--region", "jinhau").exit_code == 2
        assert dte(command, "--rules", tmp_path).exit_code == 2
    assert dte("clauses", "--sources", tmp_path / "none").exit_code == 2


def test_a_broken_pack_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("pack: [", encoding="utf-8")
    for command in ("clauses", "interpretations"):
        result = dte(command, "--rules", tmp_path, "--format", "json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)[0]["error"]["code"].startswith("DTE1")


def test_interpretations_as_data() -> None:
    found = {each["id"]: each for each in data("interpretations", "--region", "jinhua")}
    cap = found["cap_year"]
    assert list(cap) == ["region", "id", "question", "readings", "default", "clarify", "clauses", "decisions", "rules", "through"]
    assert (cap["region"], cap["default"], cap["clarify"]) == ("jinhua", "calendar_year_of_application", True)
    assert list(cap["readings"]) == ["calendar_year_of_application", "calendar_year_of_certificate", "rolling_12_months"]
    assert cap["clauses"] == [{"source": "zj-2023-36", "locator": "四（四）"}]
    assert cap["decisions"] == ["training_subsidy"]
    assert found["zj_duplicate"]["clarify"] is False


def test_interpretations_for_people() -> None:
    text = dte("interpretations", "--region", "weihai", "--lang", "zh").stdout
    assert "wh_duplicate" in text
    assert "应请明确" in text
    assert "* rolling_12_months" in text
    assert "威人社函〔2023〕25号 五（三）" in text
