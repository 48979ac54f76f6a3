"""Carets stand below what they mean, in columns of the terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.source.diagnostic import Diagnostic, Lang
from dte_rules.source.diagnostics import EmptyDocument, RepeatedKey, UnexpectedText
from dte_rules.source.render import display_width, render, visible
from dte_rules.source.span import Span
from dte_rules.source.yaml import read_yaml


def lines(found: Diagnostic, text: str | None, lang: Lang = "en") -> list[str]:
    return render(found, text, lang).split("\n")


def at(line: int, column: int, end_line: int, end_column: int) -> UnexpectedText:
    return UnexpectedText(span=Span("a.yaml", line, column, end_line, end_column), found="x")


def test_the_whole() -> None:
    text = "甲: 1\n乙: 2\n甲: 3\n"
    assert render(read_yaml(text, "a.yaml").diagnostics[0], text, "en") == (
        "a.yaml:3:1: error DTE126: the key `甲` is repeated; it stands in line 1 already\n"
        " 3 | 甲: 3\n"
        "   | ^^\n"
        "   = help: delete one of the two, or rename it"
    )
    assert render(read_yaml(text, "a.yaml").diagnostics[0], text, "zh") == (
        "a.yaml:3:1: 错误 DTE126：键 `甲` 重复，第 1 行已经有了\n 3 | 甲: 3\n   | ^^\n   = 提示：删除其中一个，或者改名"
    )


@pytest.mark.parametrize(
    ("source", "span", "carets"),
    [
        ("金华市: 补贴", (1, 6, 1, 8), "        ^^^^"),
        ("e\u0301\u0301: x", (1, 6, 1, 7), "   ^"),
        ("\ta: x", (1, 5, 1, 6), "       ^"),
        ("ａ：b", (1, 3, 1, 4), "    ^"),
        ("abc", (1, 4, 1, 4), "   ^"),
        ("abc", (1, 2, 1, 2), " ^"),
        ("a甲", (1, 2, 1, 2), " ^^"),
        ("ab  \nc", (1, 2, 2, 1), " ^"),
        ("abc", (1, 9, 1, 20), "   ^"),
    ],
)
def test_carets(source: str, span: tuple[int, int, int, int], carets: str) -> None:
    assert lines(at(*span), source)[2] == "   | " + carets


def test_gutter_fits_the_line_number() -> None:
    shown = lines(at(120, 1, 120, 2), "\n" * 119 + "x")
    assert shown[1:3] == [" 120 | x", "     | ^"]
    assert shown[3].startswith("     = help:")


def test_without_text_or_span() -> None:
    assert len(lines(at(1, 1, 1, 2), None)) == 2
    assert len(lines(EmptyDocument(span=Span("a.yaml", 1, 1, 1, 1)), "")) == 2
    assert lines(EmptyDocument(), "a")[0] == "error DTE107: the file is empty, or holds only comments"


def test_long_lines_are_cut_around_the_caret() -> None:
    text = "甲" * 300 + "X" + "乙" * 300
    shown = lines(at(1, 301, 1, 302), text)
    assert all(display_width(line) <= 100 for line in shown[1:3])
    assert shown[1].endswith("...")
    assert " | ..." in shown[1]
    before = shown[2].index("^")
    assert display_width(shown[1][: shown[1].index("X")]) == before
    assert lines(at(1, 1, 1, 601), text)[1].startswith(" 1 | 甲")
    assert lines(at(1, 600, 1, 601), text)[1].endswith("乙")


def test_colour_only_adds_escapes() -> None:
    found = at(1, 1, 1, 2)
    coloured = render(found, "甲", "zh", colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(found, "甲", "zh")


def test_nothing_of_the_file_reaches_the_terminal_raw() -> None:
    text = "\x1b[2J\u202e\ud800\x7f: 1"
    shown = render(RepeatedKey(span=Span("\x1b.yaml", 1, 1, 1, 2), key="\x1b]0;x\n\u2028", first_line=1), text, "en")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u2028\u202e\ud800]", shown)
    assert len(shown.split("\n")) == 4
    assert visible("a\tb\u3000c") == "a␉b\u3000c"


@given(st.text(max_size=150), st.integers(1, 160), st.integers(0, 30))
def test_any_text_any_place(text: str, column: int, length: int) -> None:
    shown = lines(at(1, column, 1, column + length), "x" + text)
    assert len(shown) == 4
    assert "^" in shown[2]
    assert all(display_width(line) <= 100 for line in shown[1:3])
