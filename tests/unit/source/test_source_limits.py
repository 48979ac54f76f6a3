"""No text, however it is made, brings the reader down."""

import pytest

from dte_rules.source.builder import Limits
from dte_rules.source.yaml import read_yaml


def codes(text: str, limits: Limits | None = None, file: str = "a.yaml") -> list[tuple[str, str]]:
    document = read_yaml(text, file, limits=limits or Limits())
    assert document.root is None
    return [(x.code, f"{x.span.line}:{x.span.column}") for x in document.diagnostics if x.span]


@pytest.mark.parametrize("depth", [101, 200, 100_000])
def test_depth(depth: int) -> None:
    assert codes("[" * depth) == [("DTE133", "1:101")]
    assert codes("a: " + "[" * depth) == [("DTE133", "1:103")]
    assert codes("- " * depth) == [("DTE133", "1:201")]
    assert codes("[" * depth, file="a.json") == [("DTE133", "1:101")]
    assert codes('{"a":' * depth) == [("DTE133", "1:501")]


def test_the_deepest_that_is_allowed() -> None:
    document = read_yaml("a: " + "[" * 99 + "x" + "]" * 99, "a.yaml")
    assert document.diagnostics == ()
    assert document.span(("a", *[0] * 99)).column == 103
    assert document == read_yaml(document.text, "a.yaml")


def test_depth_through_aliases() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 2000))
    assert codes(chain) == [("DTE133", "100:12")]


def test_alias_bomb() -> None:
    bomb = "- &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"- &{'abcdefghij'[i + 1]} [{', '.join(['*' + 'abcdefghij'[i]] * 9)}]\n" for i in range(9)
    )
    assert [code for code, _ in codes(bomb)] == ["DTE132"]
    assert [code for code, _ in codes("- &a [x, x]\n" + "- *a\n" * 200_000)] == ["DTE132"]


def test_values() -> None:
    assert codes("[1, 2, 3, x]", Limits(values=4)) == [("DTE134", "1:11")]
    assert codes("[1, 2, 3, 4]", Limits(values=4)) == [("DTE134", "1:11")]


def test_size() -> None:
    assert codes("甲: 1", Limits(size=5)) == [("DTE104", "1:1")]
    assert read_yaml("甲: 1", "a", limits=Limits(size=6)).diagnostics == ()
    assert codes("a" * (16 * 2**20 + 1)) == [("DTE104", "1:1")]


def test_long_numbers() -> None:
    assert [x.code for x in read_yaml("a: " + "9" * 5000, "a").diagnostics] == ["DTE136"]
    assert [x.code for x in read_yaml("a: 1." + "9" * 5000, "a").diagnostics] == ["DTE136"]
    assert read_yaml("a: " + "9" * 900, "a").plain() == {"a": int("9" * 900)}


def test_each_forbidden_character_is_reported_once() -> None:
    found = read_yaml("a: \x01\x01\x02\ud800\n" * 50, "a").diagnostics
    assert [x.code for x in found].count("DTE106") == 3
    assert len(read_yaml("".join(map(chr, range(0xD800, 0xDFFF))), "a").diagnostics) == 20
