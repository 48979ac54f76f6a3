"""The account of a decision and the summary of several, on decisions made by hand and on those of the packs."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console, RenderableType

from dte_rules.engine.decision import Alternative, Clause, Decision, MissingSet, PackRef
from dte_rules.facts import Facts
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, DATE
from dte_rules.program.nodes import Citation, Formula, Interpretation, Label, OpenPoint, Program, Reading, Rule, Source
from dte_rules.program.nodes import Decision as Question
from dte_rules.report.account import account
from dte_rules.report.summary import Line, summary
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import display_width
from dte_rules.vocabulary import Vocabulary

VOCABULARY = Vocabulary.of(Facts)
TRUE = Formula(core.Const(True, type=BOOLEAN, span=None))


def rule(slot: str, zh: str, en: str, *cites: Citation, type_: Any = BOOLEAN) -> Rule:
    return Rule(slot=slot, kind="condition", type=type_, body=TRUE, cites=cites, title=Label(zh, en))


PROGRAM = Program(
    name="jinhua",
    version="1",
    digest="0",
    jurisdiction="330700",
    title=Label("金华项目", "Jinhua programme"),
    rules=(
        rule("subsidy.requires.hours", "完成规定的学时", "required hours completed", Citation("zj", "三（四）"), Citation("zj", "附件2")),
        rule("subsidy.excludes.in_establishment", "机关事业单位在编人员", "in the establishment", Citation("jh", "二")),
        rule("subsidy.soft.scale", "规模", "scale"),
        rule("subsidy.delegates.city_rule", "各市有关规定", "the rules of each city"),
        rule("standard", "补贴标准", "subsidy standards"),
        rule("subsidy.grants.dates.valid_until", "证书有效期", "certificate valid until", type_=DATE),
    ),
    strata={},
    decisions={
        "subsidy": Question(
            id="subsidy",
            title=Label("培训补贴", "training subsidy"),
            modality="entitlement",
            requires=("subsidy.requires.hours",),
            excludes=("subsidy.excludes.in_establishment",),
            soft=("subsidy.soft.scale",),
            delegates=("subsidy.delegates.city_rule",),
            dates=(("claim_deadline", "x"), ("valid_until", "subsidy.grants.dates.valid_until")),
        )
    },
    interpretations={
        "rest_day": Interpretation(
            id="rest_day",
            question=Label("休息日是否顺延？", "Does a rest day defer it?"),
            readings=(Reading("rolls", Label("顺延", "it rolls")), Reading("stays", Label("不顺延", "it stays"))),
            clarify=True,
        )
    },
    sources={"zj": Source("zj", number="浙人社发〔2023〕36号"), "jh": Source("jh", number="金人社发〔2024〕15号")},
    open_points={"resident": OpenPoint("resident", Label("居民保险是否算社会保险？", "Is a resident scheme social insurance?"))},
    facts=VOCABULARY.root.fields,
    calendar=Calendar(years=frozenset(), holidays=frozenset(), workdays=frozenset()),
)
BASE = Decision(
    region="jinhua",
    decision="subsidy",
    as_of=date(2025, 6, 2),
    verdict="met",
    amount=Decimal(3900),
    dates={"claim_deadline": date(2025, 6, 10), "valid_until": date(2026, 1, 2)},
    citations=(Clause(source="zj", locator="三（四）"), Clause(source="jh", locator="二"), Clause(source="zj", locator="附件2")),
    readings={"rest_day": "rolls"},
    pack=PackRef(name="jinhua", version="1", digest="0"),
)


def printed(renderable: RenderableType, width: int = 100) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False, emoji=False, markup=False).print(renderable)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def told(update: Mapping[str, Any], lang: Lang = "en", width: int = 100) -> str:
    return printed(account(BASE.model_copy(update=dict(update)), PROGRAM, VOCABULARY, lang=lang, case="A-1", title="甲乙"), width)


def test_met_in_both_languages() -> None:
    assert told({}) == (
        "A-1  甲乙 " + "─" * 90 + "\n"
        "  Jinhua programme · training subsidy · as of 2 June 2025\n"
        "\n"
        "  Met   CNY 3,900   last day to apply 10 June 2025\n"
        "\n"
        "  Clauses         浙人社发〔2023〕36号 三（四）, 附件2\n"
        "                  金人社发〔2024〕15号 二\n"
        "\n"
        "  Dates           certificate valid until  2 January 2026\n"
        "\n"
    )
    assert told({}, "zh") == (
        "A-1  甲乙 " + "─" * 90 + "\n"
        "  金华项目 · 培训补贴 · 判定日 2025年6月2日\n"
        "\n"
        "  符合条件   3,900 元   申请截止日 2025年6月10日\n"
        "\n"
        "  条款依据    浙人社发〔2023〕36号 三（四）、附件2\n"
        "              金人社发〔2024〕15号 二\n"
        "\n"
        "  日期        证书有效期  2026年1月2日\n"
        "\n"
    )


def test_what_fails_stands_with_its_clauses() -> None:
    text = told({"verdict": "not_met", "amount": None, "failed": ("hours", "in_establishment", "scale")})
    assert "What fails      · required hours completed   浙人社发〔2023〕36号 三（四）, 附件2\n" in text
    assert "· excluded: in the establishment   金人社发〔2024〕15号 二\n" in text
    assert "· usual requirement not met: scale\n" in text
    assert "Clauses" not in text
    text = told({"verdict": "not_met", "amount": None, "failed": ("hours", "in_establishment")}, "zh")
    assert "不符合之处  · 未满足：完成规定的学时   浙人社发〔2023〕36号 三（四）、附件2\n" in text
    assert "· 属于排除情形：机关事业单位在编人员   金人社发〔2024〕15号 二\n" in text


MISSING = {
    "verdict": "undetermined",
    "amount": None,
    "missing": ("standard(人工智能, 中级)", "person.insurance[2].paying_now", "city_rule", "resident", "zj", "person.hukou"),
    "missing_sets": (
        MissingSet(facts=("person.hukou",), verdicts=("not_met",)),
        MissingSet(facts=("person.insurance[2].paying_now",), verdicts=("not_met",)),
        MissingSet(facts=("standard(人工智能, 中级)", "person.hukou"), verdicts=("met", "not_met")),
    ),
}


def test_what_is_missing_is_asked_and_what_the_text_leaves_open_is_told() -> None:
    text = told(MISSING)
    assert "To ask          1 insurance record no. 2: Are contributions being paid at present?\n" in text
    assert "person.insurance[2].paying_now" in text
    assert "2 Where is the applicant's household registered (division code)?  person.hukou\n" in text
    assert "Not settled     3 nothing is laid down in “subsidy standards” for 人工智能, 中级\n" in text
    assert "4 left to another document: the rules of each city\n" in text
    assert "5 Is a resident scheme social insurance?\n" in text
    assert "6 浙人社发〔2023〕36号 is not in force on that day\n" in text
    assert "Enough          · 1 or 2 alone can settle it: not met\n" in text
    assert "· 2 and 3 together can settle it: met or not met\n" in text


def test_what_is_missing_in_chinese() -> None:
    text = told(MISSING, "zh")
    assert "需要询问    1 参保记录第2项：目前是否正在缴费？  person.insurance[2].paying_now\n" in text
    assert "文件未定    3 “补贴标准”没有规定：人工智能、中级\n" in text
    assert "4 以另行规定为准：各市有关规定\n" in text
    assert "6 浙人社发〔2023〕36号 当日未施行\n" in text
    assert "查清即可    · 查清第 1、2 项中任一项即可能判定：不符合条件\n" in text
    assert "· 一并查清第 2、3 项即可能判定：符合条件或不符合条件\n" in text


def test_very_many_missing_things_are_cut_but_not_those_of_the_sets() -> None:
    names = tuple(path for path in VOCABULARY.paths if path.startswith("institution."))
    text = told({**MISSING, "missing": names, "missing_sets": (MissingSet(facts=names[-2:], verdicts=("met",)),)})
    assert len(re.findall(r"^ +(?:To ask +)?\d+ ", text, re.MULTILINE)) == 14
    assert f"{len(names) - 14} more are unknown" in text
    assert "13 and 14 together can settle it: met" in text


def test_other_readings_with_whether_to_ask() -> None:
    alternatives = (
        Alternative(interpretation="rest_day", reading="stays", verdict="not_met"),
        Alternative(interpretation="rest_day", reading="other_one", verdict="undetermined", missing=("person.hukou",)),
    )
    text = told({"alternatives": alternatives, "flags": ("rest_day", "needs_clarification")})
    assert (
        "Read otherwise  · Does a rest day defer it?\n"
        "                    here: it rolls\n"
        "                    if it stays: not met\n"
        "                    if other one: undetermined (to know: household registration)\n"
        "                    worth asking the competent agency in writing\n"
    ) in text
    text = told({"alternatives": alternatives}, "zh")
    assert "另一口径    · 休息日是否顺延？\n                如采用：不顺延 → 不符合条件\n" in text
    assert "请示" not in text


def test_readings_that_were_chosen_are_told() -> None:
    assert "Read as         · Does a rest day defer it? it stays\n" in told({"readings": {"rest_day": "stays"}})


def test_effect_and_values() -> None:
    text = told({"effect": "direct_recognition", "amount": None, "values": {"title": "工程师", "credited_year": Decimal(2025)}})
    assert "  Met   direct recognition   last day to apply" in text
    assert "Result          title  工程师\n                  credited to the year  2025\n" in text

    assert "如符合条件  职称  工程师\n" in told({**MISSING, "values": {"title": "工程师"}}, "zh")
    assert "工程师" not in told({"verdict": "not_met", "amount": None, "failed": ("hours",), "values": {"title": "工程师"}})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_terminal(lang: Lang, width: int) -> None:
    alternative = Alternative(interpretation="rest_day", reading="stays", verdict="undetermined", missing=VOCABULARY.paths[:9])
    text = told({**MISSING, "failed": ("hours",), "alternatives": (alternative,)}, lang, width)
    assert max(map(display_width, text.split("\n"))) <= width
    lines = [Line(f"A-{i:03}", "很长的案例名称" * i, BASE) for i in range(8)]
    assert max(map(display_width, printed(summary(lines, lang), width).split("\n"))) <= width


def test_nothing_of_a_title_reaches_the_terminal_as_a_control_character() -> None:
    text = printed(account(BASE, PROGRAM, VOCABULARY, lang="en", case="a\x1b[31m", title="b\x07[bold]c[/bold]"))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]c[/bold]" in text


def test_the_summary_counts_and_adds_up() -> None:
    lines = [
        Line("a", "甲", BASE),
        Line("b", None, BASE.model_copy(update={"amount": Decimal("0.5")})),
        Line("c", None, BASE.model_copy(update={"verdict": "discretionary", "amount": Decimal(10)})),
        Line("d", None, BASE.model_copy(update={"verdict": "not_met", "amount": None, "dates": {}})),
        Line(None, None, None),
    ]
    text = printed(summary(lines, "en"))
    rows = [line.split() for line in text.splitlines()]
    assert ["a", "甲", "Met", "CNY", "3,900", "2025-06-10"] in rows
    assert ["b", "Met", "CNY", "0.50", "2025-06-10"] in rows
    assert ["d", "Not", "met"] in rows
    assert text.endswith("5 cases · met 2 · not met 1 · at discretion 1 · error 1 · total CNY 3,900.50 · at discretion CNY 10\n")
    assert printed(summary(lines, "zh")).endswith(
        "共 5 件 · 符合条件 2 · 不符合条件 1 · 尚须裁量决定 1 · 有误 1 · 合计 3,900.50 元 · 待裁量 10 元\n"
    )


def test_the_summary_leaves_out_columns_that_are_empty() -> None:
    bare = BASE.model_copy(update={"verdict": "not_met", "amount": None, "dates": {}})
    assert printed(summary([Line("a", None, bare), Line("b", None, bare)], "en")).split("\n")[0] == "Case   Verdict"
