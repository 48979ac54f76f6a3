"""Explanations in words. ``UPDATE_GOLDEN=1 pytest tests/unit/report/test_report_explain.py`` writes the golden files anew; read them."""

from __future__ import annotations

import io
import os
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dte_rules import load_packs
from dte_rules.api import Packs
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.engine.justification import Explained
from dte_rules.report.explain import Explanation, explanation
from dte_rules.report.explain_data import why_data
from dte_rules.report.explain_items import Item, flattened, pruned
from dte_rules.report.explain_markdown import escaped, markdown
from dte_rules.report.explain_text import explanation_text
from dte_rules.report.letter import letter, letters
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import display_width

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "explain"
FILES = [*sorted((ROOT / "tests" / "cases").glob("*.yaml")), *sorted((ROOT / "examples").glob("*.yaml"))]
TELLING = ("JZ-01", "JZ-04", "JZ-19", "JZ-18", "OJ-143", "OJ-242", "OS-055", "OP-001", "OW-054", "OZ-01")
"""Met; too late; hours short; no row of the table; ways of a group; an exclusion; grounds; discretion; a certificate; another document."""


@cache
def packs() -> Packs:
    return load_packs(ROOT / "rules")


@cache
def cases() -> dict[str, Case]:
    return {case.id: case for file in FILES for case in read_cases(str(file)).cases if isinstance(case, Case)}


@cache
def explained(id_: str) -> Explained:
    case = cases()[id_]
    pack = packs()[case.region]
    return pack.explain(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)


def in_words(id_: str, lang: Lang = "zh", *, full: bool = False) -> Explanation:
    case = cases()[id_]
    pack = packs()[case.region]
    return explanation(explained(id_), pack.program, pack.vocabulary, lang=lang, case=id_, title=case.title, full=full)


def as_text(words: Explanation, width: int = 100) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False, emoji=False, markup=False, no_color=True).print(explanation_text(words))
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id_", TELLING)
def test_golden(id_: str, lang: Lang) -> None:
    path = GOLDEN / f"{id_}.{lang}.txt"
    text = as_text(in_words(id_, lang))
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), "run with UPDATE_GOLDEN=1 to write it"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sample_names_what_decides_and_its_clause(lang: Lang) -> None:
    """For each sample case, the title of every failing or missing condition stands in the explanation with its clause."""
    for id_ in cases():
        words = in_words(id_, lang)
        decision = words.decision
        if decision.verdict == "met":
            continue
        assert words.deciding is not None, id_
        items = words.deciding.items
        j = explained(id_).justification
        for reason in j.why_not:
            title = reason.conclusion.form.title
            item = next((item for item in items if title is None or title.text(lang) in item.text), None)
            assert item is not None, (id_, reason.conclusion.id)
            assert item.clauses, (id_, reason.conclusion.id)
        told = [each.text for each in flattened(items)]
        assert not any("%" in text for text in told), (id_, told)
        if decision.verdict == "undetermined":
            assert any(item.mark == "unknown" for item in flattened(items)), id_


def test_folded_explanations_are_short() -> None:
    """A clerk reads one in half a minute: no reason takes more than a dozen lines or so, no explanation more than a page."""
    for id_ in cases():
        text = as_text(in_words(id_))
        assert len(text.splitlines()) <= 75, id_
        assert max(map(display_width, text.splitlines())) <= 100, id_


def test_the_words_of_a_comparison() -> None:
    assert "已完成学时：60，要求不少于 64（培训补贴标准）" in as_text(in_words("JZ-19"))
    assert "hours completed: 60; required: at least 64 (subsidy standards)" in as_text(in_words("JZ-19", "en"))


def test_ways_tell_how_far_they_were_from_holding() -> None:
    words = in_words("OJ-143")
    assert words.deciding is not None
    ways = words.deciding.items[0].parts
    assert [way.note for way in ways] == ["1 项未知", "差 1 项", "差 2 项"]
    data = why_data(explained("OJ-143").justification)
    assert [(way["fails"], way["unknown"]) for way in data[0]["routes"]] == [(0, 1), (1, 0), (2, 0)]


def test_full_unfolds_rules_and_facts() -> None:
    text = as_text(in_words("JZ-04", full=True))
    for heading in ("所用标准", "规则触发次序", "所读事实", "采用口径"):
        assert heading in text
    assert "claim_deadline" in text
    assert "--full" not in text


def test_markdown_is_escaped_and_nested() -> None:
    text = markdown(in_words("JZ-19"))
    assert text.startswith("# JZ-19 ")
    assert "\n- ✗ 完成规定的学时 — *" in text
    assert "\n  - ✗ 已完成学时：60" in text
    assert escaped("a*b_[c]|<d>") == r"a\*b\_\[c\]\|\<d\>"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id_", TELLING)
def test_a_letter_stands_by_itself(id_: str, lang: Lang) -> None:
    page = letter(in_words(id_, lang))
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"<script|<link|<img|https?://|url\(|@import", page)
    assert page.count("<ul>") == page.count("</ul>")
    assert page.count("<li") == page.count("</li>")
    for text in (
        ("〔申请人", "期限：＿", "复议" if id_ not in ("JZ-18", "OJ-143", "OZ-01") else "不是最终决定")
        if lang == "zh"
        else ("[Name of the", "Time allowed")
    ):
        assert text in page
    for clause in explained(id_).decision.citations:
        assert clause.locator in page


def test_a_letter_takes_nothing_for_markup() -> None:
    case = cases()["JZ-04"]
    pack = packs()[case.region]
    words = explanation(explained("JZ-04"), pack.program, pack.vocabulary, lang="zh", case="<b>&", title="x")
    assert "&lt;b&gt;&amp;" in letter(words)
    assert "<b>" not in letter(words)
    assert letters([words, words], "zh").count("<article") == 2


def test_pruning_keeps_the_first_level() -> None:
    deep = Item("no", "a", (), tuple(Item("no", f"b{n}", (), (Item("no", "c"), Item("no", "d"))) for n in range(6)))
    assert [part.parts for part in pruned(deep, 10).parts] == [()] * 6
    assert pruned(deep, 100) == deep


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("2027年10月3日至2027年10月13日之间", "国务院公布的2027年放假调休安排", "不晚于 2027年10月3日至2027年10月13日之间的某日")),
        ("en", ("last day to apply between 3 October 2027 and 13 October 2027", "notice of the holidays of 2027")),
    ],
)
def test_a_year_whose_holidays_are_not_announced_is_asked_for_in_words(lang: Lang, words: tuple[str, ...]) -> None:
    case = cases()["JZ-01"]
    pack = packs()["jinhua"]
    facts: Any = facts_of(case, pack.Facts, pack.vocabulary)
    issued = [c.model_copy(update={"issued": date(2026, 10, 3)}) for c in facts.certificates]
    found = pack.explain("training_subsidy", facts.model_copy(update={"certificates": tuple(issued)}), as_of=date(2027, 10, 8))
    text = as_text(explanation(found, pack.program, pack.vocabulary, lang=lang, case="JZ-01", title=""), width=400)
    for each in words:
        assert each in text
    assert "calendar-" not in text


def told(region: str, decision: str, as_of: date, facts: dict[str, Any], lang: Lang = "zh") -> str:
    pack = packs()[region]
    given = pack.explain(decision, pack.Facts.model_validate(facts), as_of=as_of)
    return as_text(explanation(given, pack.program, pack.vocabulary, lang=lang))


def test_lists_are_counted_by_their_names() -> None:
    removal = {"removals": [{"decided_on": date(2026, 2, 28)}]}
    text = told("shanghai", "institution_reapplication", date(2029, 2, 28), {"institution": removal})
    assert "✗ 退出目录记录：1 项" in text
    assert "happened(" not in text
    assert "由此得出：退出目录记录第1项：退出决定日期" in text  # not the list, which says nothing by itself


def test_a_deadline_that_moves_is_told_without_a_function() -> None:
    report = {"kind": "考核结果", "event_on": date(2026, 10, 14), "made": False}
    facts = {"institution": {"reports": [report]}}
    assert "（事项发生日期 + 30天，遇休息日顺延）" in told("shanghai", "reporting_duty", date(2026, 11, 16), facts)
    text = re.sub(r"\s+", " ", told("shanghai", "reporting_duty", date(2026, 11, 16), facts, "en"))
    assert "(day of the event + 30 days, moved to the next working day)" in text
    late = {"kind": "季度情况", "event_on": date(2027, 3, 31), "made": True, "reported_on": date(2027, 4, 1)}
    assert "该项条件" not in told("weihai", "reporting_duty", date(2027, 4, 2), {"institution": {"reports": [late]}})


def test_nothing_known_shows_no_expressions_and_no_empty_headings() -> None:
    text = told("jinhua", "training_subsidy", date(2026, 12, 31), {})
    assert "provincial_claims" not in text
    assert "? 已享受的本项目补贴：未知" in text
    assert not re.search(r"同时满足：$", text, re.MULTILINE)


def test_ways_beside_a_member_of_a_list_are_told_as_ways() -> None:
    certificate = {"kind": "专业技术等级证书", "occupation": "人工智能工程技术人员", "level": "中级", "issued": date(2025, 4, 1)}
    training = {"occupation": "人工智能工程技术人员", "level": "中级"}
    facts = {"training": training, "certificates": [{**certificate, "programme_region": "330700"}]}
    lines = told("shanghai", "title_mapping", date(2025, 5, 5), facts).splitlines()
    place = next(number for number, line in enumerate(lines) if "证书所属项目地区" in line)
    assert lines[place - 2].strip() == "· 下列之一即可："


def test_a_document_not_in_force_is_told_once_with_its_first_day() -> None:
    text = told("shanghai", "level_assessment", date(2024, 12, 25), {})
    assert text.count("当日未施行") == 1
    assert "当日未施行，自 2024年12月26日 起施行" in text
    assert "需要询问" not in text
    assert "but from 26 December 2024 on" in told("shanghai", "level_assessment", date(2024, 12, 25), {}, "en")
