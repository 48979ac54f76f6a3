"""A snippet's positions point at the very characters in the file."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.source.document import Document
from dte_rules.source.lines import Lines
from dte_rules.source.yaml import read_yaml


def check(document: Document, path: tuple[str | int, ...]) -> None:
    """Each character of the snippet stands where it says, or an escape or a folded line break does."""
    snippet = document.snippet(path)
    lines = Lines(document.text, document.file)
    style = getattr(document.node(path), "style", "plain")
    last = (0, 0)
    for offset, char in enumerate(snippet.text):
        line, column = snippet.position(offset)
        assert (line, column) > last, "positions rise"
        last = (line, column)
        there = lines.line(line)[column - 1 : column]
        if there == "" and column == len(lines.line(line)) + 1:
            assert char in " \n"
        elif style == "double" and there == "\\":
            pass
        else:
            assert there == char, (document.text, snippet)


@pytest.mark.parametrize(
    ("text", "at", "position"),
    [
        ("k: a >= b", 2, (1, 6)),
        ("k: 'it''s x'", 5, (1, 11)),
        ('k: "a\\u4e2d b"', 2, (1, 12)),
        ('k: "a\\\n  b"', 1, (2, 3)),
        ("k: a and\n   b", 6, (2, 4)),
        ("k: a\n\n\n  b", 3, (4, 3)),
        ("k: |\n  a\n   b\n", 3, (3, 4)),
        ("k: |2-\n   a\n  b\n", 0, (2, 3)),
        ("k:\n  - j: |1\n       a\n", 3, (3, 9)),
        ("k: >\n  a\n  b\n\n  c\n", 4, (5, 3)),
        ("k: > # note\n\n  a\n", 1, (3, 3)),
        ("k: &x !!str 'a'", 0, (1, 14)),
        ("k: &x\n  # note\n  a", 0, (3, 3)),
        ("k: 128", 1, (1, 5)),
        ("k: |+\n  a\n\n\nl: b", 2, (3, 1)),
        ("k: 'x\r\n  y'\r\n", 2, (2, 3)),
    ],
)
def test_positions(text: str, at: int, position: tuple[int, int]) -> None:
    document = read_yaml(text, "a.yaml")
    path: tuple[str | int, ...] = ("k", 0, "j") if "j:" in text else ("k",)
    check(document, path)
    assert document.snippet(path).position(at) == position


@pytest.mark.parametrize(
    ("text", "start"), [("k: ''", (1, 5)), ("k:", (1, 3)), ("k: |\n", (1, 4)), ("k: 'a\u2028b'", (1, 5)), ("k: a\x07b", (1, 4))]
)
def test_the_start_is_right_where_there_is_no_exact_map(text: str, start: tuple[int, int]) -> None:
    snippet = read_yaml(text, "a.yaml").snippet(("k",))
    assert snippet.position(0)[0] == start[0]
    assert abs(snippet.position(0)[1] - start[1]) <= 1


def test_an_alias_points_at_what_was_written() -> None:
    document = read_yaml("a: &x text\nb: *x", "a.yaml")
    assert document.snippet(("b",)) == document.snippet(("a",))


def test_no_snippet_of_a_list() -> None:
    with pytest.raises(LookupError):
        read_yaml("a: [b]", "a.yaml").snippet(("a",))


# U+0085, U+2028 and U+2029 are line breaks to PyYAML and to no editor: only the start is promised for them
TEXT = st.text(
    st.sampled_from("ab '\"\\\n\t#:-甲💰é") | st.characters(exclude_categories=("Cs",), exclude_characters="\x85\u2028\u2029"), max_size=40
)


@given(TEXT, st.sampled_from([None, '"', "'", "|", ">"]), st.booleans(), st.sampled_from([10, 80]), st.sampled_from(["\n", "\r\n"]))
def test_dumped_texts(value: str, style: str | None, unicode: bool, width: int, newline: str) -> None:
    text = yaml.safe_dump({"k": [value, {"j": value}]}, default_style=style, allow_unicode=unicode, width=width, line_break=newline)  # type: ignore[call-overload]
    document = read_yaml(text, "a.yaml")
    assert document.diagnostics == ()
    for path in (("k", 0), ("k", 1, "j")):
        assert document.snippet(path).text == value
        check(document, path)


@given(
    st.lists(st.text(st.sampled_from("ab 甲'\\\"\t"), max_size=6), max_size=6),
    st.sampled_from(["|", ">", "'", '"', ""]),
    st.sampled_from(["", "-", "+", "2"]),
)
def test_written_texts(parts: list[str], style: str, mark: str) -> None:
    if style in ("|", ">"):
        text = f"k: {style}{mark}\n" + "".join(f"  {part}\n" for part in parts)
    else:
        text = f"k: {style}" + "\n  ".join(parts) + style
    document = read_yaml(text, "a.yaml")
    if not document.diagnostics:
        check(document, ("k",))
