"""What came of repeating receipts, in words: no ids, no JSON, nothing wider than the page."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dte_rules import load_packs
from dte_rules.receipts import Receipt, Replayed
from dte_rules.receipts.receipt import SCHEMA
from dte_rules.receipts.replay import ConditionDifference, FieldDifference
from dte_rules.report.replays import replay_account
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import display_width

PROGRAM = load_packs(Path(__file__).parents[3] / "rules")["jinhua"].program
QUESTION = {"region": "jinhua", "decision": "training_subsidy", "as_of": "2024-09-02", "readings": {}, "case": "li"}


def made() -> Receipt:
    body: dict[str, Any] = {"schema": SCHEMA, "engine": {"name": "compiled", "version": "0"}, "question": QUESTION, "facts": {}}
    return Receipt.made(
        {**body, "pack": {"name": "jinhua", "version": "1", "digest": "a" * 64}, "result": {"verdict": "met"}, "conditions": []}
    )


CHANGED = Replayed(
    made(),
    "changed",
    (
        FieldDifference("verdict", "met", "not_met"),
        FieldDifference("amount", Decimal(3900), None),
        FieldDifference("effect", None, "direct_recognition"),
        FieldDifference(
            "dates", {"claim_deadline": "2025-06-14"}, {"claim_deadline": "2024-08-14", "retirement_date": {"hmac-sha256": "0"}}
        ),
        FieldDifference("failed", [], ["hours"]),
        FieldDifference("citations", [], [{"source": "jh-2024-15", "locator": "四"}]),
    ),
    (ConditionDifference("training_subsidy.requires.hours", "turned", True, False, ("zj-2023-36 三（四）", "zj-2023-36 附件2")),),
    ("2", "b" * 64),
    "0",
)


def text(found: Replayed, lang: Lang, *, known: bool = True) -> str:
    out = io.StringIO()
    Console(file=out, width=100).print(replay_account(found, PROGRAM if known else None, lang))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_in_chinese() -> None:
    assert text(CHANGED, "zh").splitlines() == [
        "li  金华市数字技术工程师培育项目 · 职业培训补贴 · 2024年9月2日：规则包已更新，结果有变",
        "    规则包 1 (aaaaaaaaaaaa) → 2 (bbbbbbbbbbbb)",
        "    判定结论：符合条件 → 不符合条件",
        "    金额：3,900 元 → 无",
        "    效果：无 → 直接认定",
        "    申请截止日：2025年6月14日 → 2024年8月14日",
        "    法定退休日：无 → （已隐去）",
        "    不符合之处：无 → 完成规定的学时",
        "    “完成规定的学时”改变：成立 → 不成立（浙人社发〔2023〕36号 三（四）、附件2）",
        "    另有不同：条款依据，见 --format json",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_wider_than_the_page_and_no_json_is_shown(lang: Lang, known: bool) -> None:
    told = text(CHANGED, lang, known=known)
    assert all(display_width(line) <= 100 for line in told.splitlines())
    assert not set('{}[]"') & set(told)
    assert ("required hours completed" in told) is (lang == "en" and known)
