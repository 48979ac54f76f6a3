"""Amounts, days and lists in words, and text that breaks where it may."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console
from rich.text import Text

from dte_rules.report.phrases import amount_words, date_words, either, together, verdict_within, verdict_word
from dte_rules.report.prose import Prose
from dte_rules.source.render import display_width


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("3900", "3,900 元", "CNY 3,900"),
        ("3900.00", "3,900 元", "CNY 3,900"),
        ("0.5", "0.50 元", "CNY 0.50"),
        ("1234567.125", "1,234,567.125 元", "CNY 1,234,567.125"),
        ("-0.5", "-0.50 元", "CNY -0.50"),
        ("1E+4", "10,000 元", "CNY 10,000"),
        ("123456789012345678901.01", "123,456,789,012,345,678,901.01 元", "CNY 123,456,789,012,345,678,901.01"),
    ],
)
def test_amounts_keep_every_digit(amount: str, zh: str, en: str) -> None:
    assert amount_words(Decimal(amount), "zh") == zh
    assert amount_words(Decimal(amount), "en") == en


def test_days_and_lists() -> None:
    assert date_words(date(2025, 6, 1), "zh") == "2025年6月1日"
    assert date_words(date(2025, 6, 1), "en") == "1 June 2025"
    assert either(["a", "b", "c"], "en") == "a, b or c"
    assert either(["甲", "乙", "丙"], "zh") == "甲、乙或丙"
    assert together(["a", "b"], "en") == "a and b"
    assert either([], "en") == ""
    assert verdict_word("not_met", "zh") == "不符合条件"
    assert verdict_within("not_met", "en") == "not met"


def lines(prose: Prose, width: int) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(prose)
    return stream.getvalue().rstrip("\n").split("\n")


def test_chinese_breaks_between_characters_and_never_before_a_closing_mark() -> None:
    text = "申请人的户籍在哪里（行政区划代码）？请填写六位数字，例如金华市为三三〇七〇〇。"
    for width in range(6, 60):
        found = lines(Prose(text), width)
        assert "".join(found) == text
        assert all(display_width(line) <= width for line in found)
        if width > 10:
            assert not any(line[0] in "，。）？" for line in found)
            assert not any(line[-1] == "（" for line in found)


def test_words_stay_whole_where_they_fit() -> None:
    text = "须有证明 浙人社发〔2023〕36号 四（四）"
    assert lines(Prose(text, whole=["浙人社发〔2023〕36号", "四（四）"]), 22) == ["须有证明", "浙人社发〔2023〕36号", "四（四）"]
    assert lines(Prose("see the list of all occupations"), 12) == ["see the list", "of all", "occupations"]
    assert lines(Prose("abcdefghijkl"), 5) == ["abcde", "fghij", "kl"]


def test_styles_and_own_line_breaks_are_kept() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=20, force_terminal=True, color_system="standard", highlight=False)
    console.print(Prose(Text.assemble("甲\n", ("乙丙", "bold"))))
    assert stream.getvalue() == "甲\n\x1b[1m乙丙\x1b[0m\n"
