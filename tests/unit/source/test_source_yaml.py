"""What the reader makes of texts: values, places, and problems."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.source.builder import Limits, TreeBuilder
from dte_rules.source.document import Document
from dte_rules.source.lines import Lines
from dte_rules.source.nodes import MappingNode, ScalarNode, SequenceNode
from dte_rules.source.render import render
from dte_rules.source.yaml import _read_events, read_yaml


def read(text: str, file: str = "a.yaml") -> Any:
    document = read_yaml(text, file)
    assert document.diagnostics == ()
    return document.plain()


def codes(text: str, file: str = "a.yaml") -> list[tuple[str, str]]:
    return [(x.code, f"{x.span.line}:{x.span.column}") for x in read_yaml(text, file).diagnostics if x.span]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-5", -5),
        ("+5", 5),
        ("128", 128),
        ("3.10", Decimal("3.10")),
        ("-0.5", Decimal("-0.5")),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_safe_scalars_resolve(text: str, value: object) -> None:
    found = read(f"k: {text}")["k"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        *("no", "yes", "on", "off", "True", "TRUE", "Null", "y", "n"),
        *("012", "1:30", "1e5", "1.5e3", "0x10", "0o7", "1_000", ".5", "5.", "--1", "1.2.3", ".inf", ".nan", "=", "+"),
        *("2024-2-3", "2024-02-29T00:00:00", "２０２４", "²", "'true'", '"12"', "'2024-02-30'", "'~'"),
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert read(f"k: {text}") == {"k": text.strip("'\"")}


def test_decimal_keeps_its_digits() -> None:
    assert str(read("k: 3.10")["k"]) == "3.10"
    node = read_yaml("k: 3.10", "a").node(("k",))
    assert isinstance(node, ScalarNode)
    assert node.raw == "3.10"


def test_keys_are_text() -> None:
    assert read("1: a\nno: b\n2024-02-30: c\n3.10: d\n~: e\n'<<': f\n") == {
        "1": "a", "no": "b", "2024-02-30": "c", "3.10": "d", "~": "e", "<<": "f",
    }  # fmt: skip


def test_styles() -> None:
    document = read_yaml("- a\n- 'a'\n- \"a\"\n- |\n  a\n- >\n  a\n", "a")
    assert isinstance(document.root, SequenceNode)
    assert [x.style for x in document.root.items if isinstance(x, ScalarNode)] == ["plain", "single", "double", "literal", "folded"]


def place(document: Document, *path: str | int) -> str:
    s = document.span(path)
    return f"{s.line}:{s.column}-{s.end_line}:{s.end_column}"


def test_places_of_values() -> None:
    text = "甲:\n  - 乙: 1\n    丙: [x, {y: 2}]\n  - |\n    lit\n     more\n\n  # comment\nnext:\nlast: &a !!str\n  z\n"
    document = read_yaml(text, "a")
    assert place(document, "甲") == "2:3-6:10"
    assert place(document, "甲", 0) == "2:5-3:19"
    assert place(document, "甲", 0, "乙") == "2:8-2:9"
    assert place(document, "甲", 0, "丙") == "3:8-3:19"
    assert place(document, "甲", 0, "丙", 1, "y") == "3:16-3:17"
    assert place(document, "甲", 1) == "4:5-6:10"
    assert place(document, "next") == "9:6-9:6"
    assert place(document, "last") == "11:3-11:4"
    assert place(document, "last", "deeper", 3) == "11:3-11:4"
    assert document.key_span(("甲", 0, "丙")).column == 5
    assert document.key_span(("甲", 0)) == document.span(("甲", 0))
    assert document.key_span(("甲", 0, "nothing")) == document.span(("甲", 0))
    assert document.key_span(("甲", "nothing")).line == 1
    assert document.span(()).line == 1


def test_columns_count_characters_whatever_ends_the_lines() -> None:
    for newline in ("\n", "\r\n", "\r"):
        document = read_yaml(newline.join(["a: 𝒳", "b: '💰x'", "c: [💰, d]"]), "a")
        assert place(document, "b") == "2:4-2:8"
        assert place(document, "c", 1) == "3:8-3:9"
    assert place(read_yaml("\ufeffa: b", "a"), "a") == "1:4-1:5"
    assert place(read_yaml("a: 'x\u2028y\x85'\nb: 1", "a"), "b") == "2:4-2:5"


def test_aliases_share_what_was_written() -> None:
    document = read_yaml("a: &x [1, {b: c}]\nd: *x\n? &k e\n: &n\nf: [*n, *k]\n*k : 2\n", "a")
    assert [(x.code, x.span and x.span.line) for x in document.diagnostics] == [("DTE126", 6)]
    assert document.plain() == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}], "e": None, "f": [None, "e"]}
    assert document.span(("d", 0)) == document.span(("a", 0))
    copied = document.plain()
    copied["a"].append(2)
    assert copied["d"] == [1, {"b": "c"}]


def test_all_problems_at_once_in_order_of_place() -> None:
    text = "a: 2024-02-30\nb: !!int 3\na: 1\n<<: {c: d}\n? [x]\n: *nowhere\ne: &e [*e, \x07]\n"
    assert codes(text) == [
        ("DTE135", "1:4"), ("DTE127", "2:4"), ("DTE126", "3:1"), ("DTE129", "4:1"), ("DTE128", "5:3"), ("DTE131", "6:3"),
        ("DTE130", "7:8"), ("DTE106", "7:12"),
    ]  # fmt: skip
    assert codes("a: 1\na: 2\nb: 'x\n") == [("DTE126", "2:1"), ("DTE112", "3:4")]


def test_nested_repeated_keys_name_the_first_line() -> None:
    found = read_yaml("a:\n  b: 1\n  c: 2\n  b: 3\nb: 4\n", "a").diagnostics
    assert [x.message("en") for x in found] == ["the key `b` is repeated; it stands in line 2 already"]
    assert read_yaml("a:\n  b: 1\n  b: 3\n", "a").plain() == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ('a: "x\nb: "y"\n', "DTE112", "1:4"),  # the quote that closes belongs to the next line
        ("k: 'a\n---\n'", "DTE112", "1:4"),
        ("a: 'it's'\n", "DTE113", "1:8"),
        ('a: "x": y', "DTE113", "1:7"),
        ("a: [1,\nb: 2", "DTE114", "1:4"),
        ("x: {", "DTE114", "1:4"),
        ("a: [b}\n", "DTE115", "1:6"),
        ('a: [x, "y" z]', "DTE115", "1:12"),
        ("a: |\n\tx", "DTE116", "2:1"),
        ("a:\n  b: 1\n \t c: 1\n", "DTE116", "3:2"),
        ("a: 1\n  b: 2", "DTE117", "2:3"),
        ("- a\nb: 1", "DTE117", "2:1"),
        ("a: x # c\n  y: z\n", "DTE117", "2:3"),
        ("a: 1\n# note\nb：2\nc: 3", "DTE120", "3:2"),
        ("- pack:x\n  b: 1", "DTE119", "1:7"),
        ("a: *甲", "DTE122", "1:4"),
        ("a: &甲 x", "DTE122", "1:4"),
        ("%x", "DTE122", "1:1"),
        ("a: `x`", "DTE122", "1:4"),
        ("a: |x", "DTE123", "1:4"),
        ('a: "\\u12"', "DTE124", "1:5"),
        ('a: "\\ud83d\\ude00"', "DTE124", "1:5"),
        ("a: !foo!x y", "DTE127", "1:4"),
        ("a: ,", "DTE110", "1:4"),
        ("a: b\n}\n", "DTE110", "2:1"),
        ("%YAML 2.0\n---\na", "DTE110", "1:1"),
        ("", "DTE107", "1:1"),
        ("---\n# x\n", "DTE107", "1:1"),
        ("--- !!str\n", "DTE127", "1:5"),
        ("a: 1\n...\nb: 2", "DTE108", "3:1"),
    ],
)
def test_problems(text: str, code: str, at: str) -> None:
    assert (code, at) in codes(text)


def test_root_is_none_after_a_syntax_error() -> None:
    document = read_yaml("a: 1\nb: 'x", "a")
    assert document.root is None
    assert document.plain() is None
    assert str(document.span(("a",))) == "a:1:1"
    assert str(document.key_span(("a",))) == "a:1:1"
    with pytest.raises(LookupError):
        document.snippet(("a",))


def test_null_at_the_root_is_a_value() -> None:
    assert read_yaml("null", "a").diagnostics == ()
    assert read("--- text") == "text"


SAMPLES = [
    "a: &x 'b'\nc: |\n  lit\n   more\n\nd:\ne: {x: 1, y: [2, 3]}\nf:\n  - 中文: x\n  - - z\ng: *x\n",
    "- \"💰 \\u4e2d\"\n- >-\n  f\n\n  g\n- plain\n  text\n- ''\n",
    "? [a]\n: b\na: 1\na: 2\n",
    "a: !t b\nc: ! d\n",
    *(
        "a: 'x",
        "a: b: c",
        "a\n\tb: c\n",
        "a: 1\n b: 2\n",
        "[a, b",
        "a: [b}",
        "a: @x",
        '"a": "b" c',
        "a: > 3",
        "- a\n- b\nc: 1",
        "a: - b",
        "%x",
    ),
]


@pytest.mark.parametrize("text", SAMPLES)
def test_the_slow_loader_gives_the_same(text: str) -> None:
    outcomes = []
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        builder = TreeBuilder(Lines(text, "a"), Limits())
        _read_events(builder, loader)
        outcomes.append((builder.root, [x.code for x in builder.diagnostics] if text != "%x" else None))
    assert outcomes[0] == outcomes[1]


# --- properties ---

DATES = st.dates()
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
# PyYAML's dumper loses U+0085, U+2028 and U+2029 where it folds a line
# a whole text like [Infinity] is JSON with a number that there isn't: it is refused, see test_flow_yaml_is_no_json
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x85\u2028\u2029"), max_size=30).filter(
    lambda text: text not in ("NaN", "Infinity", "-Infinity")
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | DATES | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def same(found: Any, data: Any) -> bool:
    """Equal, and of equal types throughout (True is not 1)."""
    if isinstance(data, dict):
        return isinstance(found, dict) and list(found) == list(data) and all(same(found[k], v) for k, v in data.items())
    if isinstance(data, list):
        return isinstance(found, list) and len(found) == len(data) and all(map(same, found, data))
    return type(found) is type(data) and found == data


@given(DATA, st.booleans(), st.sampled_from([None, True, False]), st.sampled_from([20, 80]))
def test_reading_a_dump_gives_the_data_back(data: Any, unicode: bool, flow: bool | None, width: int) -> None:
    text = yaml.safe_dump(data, allow_unicode=unicode, default_flow_style=flow, width=width, sort_keys=False)
    document = read_yaml(text, "a.yaml")
    assert document.diagnostics == (), text
    assert same(document.plain(), data), text


@given(DECIMALS)
def test_decimals_are_exact(number: Decimal) -> None:
    found = read(f"k: {number:f}")["k"]
    assert str(found) == f"{number:f}"


FRAGMENTS = st.sampled_from(
    [*" \n\t-:?[]{},&*!|>'\"%@`#~<=\\\r\x00\x85\u2028\ufeff\ud800甲aA01.", "- ", ": ", "? ", "\n  ", "&a ", "*a", "<<: "]
)
SOUP = st.lists(FRAGMENTS | st.text(max_size=3), max_size=40).map("".join)


@given(SOUP, st.sampled_from(["a.yaml", "a.json"]))
def test_never_a_traceback(text: str, file: str) -> None:
    document = read_yaml(text, file)
    assert document.diagnostics or document.root is not None
    lines = Lines(document.text, file)
    for found in document.diagnostics:
        span = found.span
        assert span is not None
        assert span.line >= 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.column <= len(lines.line(span.line)) + 3
        for lang in ("zh", "en"):
            assert render(found, document.text, lang)
    check_places(document, document.root, ())


def check_places(document: Document, node: Any, path: tuple[str | int, ...]) -> None:
    """Every node is found by its path, and every scalar's snippet starts in the file."""
    assert document.node(path) is node
    match node:
        case ScalarNode():
            assert document.snippet(path).text == node.raw
        case SequenceNode():
            for index, item in enumerate(node.items):
                check_places(document, item, (*path, index))
        case MappingNode():
            for entry in node.entries:
                check_places(document, entry.value, (*path, entry.key.raw))
