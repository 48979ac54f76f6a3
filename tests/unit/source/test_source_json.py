"""JSON is read as JSON: exact numbers, escapes, and the place of every value."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.source.yaml import read_yaml


def read(text: str, file: str = "a.json") -> Any:
    document = read_yaml(text, file)
    assert document.diagnostics == ()
    return document.plain()


def codes(text: str, file: str = "a.json") -> list[tuple[str, str]]:
    return [(x.code, f"{x.span.line}:{x.span.column}") for x in read_yaml(text, file).diagnostics if x.span]


def test_what_yaml_can_not_read() -> None:
    text = '{\n\t"a":\t1e2,\n\t"b": "\\ud83d\\ude00\\/\\u0041",\n\t"c": [-1.50, true, null, {}],\n\t"d": []\n}\r\n'
    for file in ("a.json", "A.JSON", "a.yaml", "<stdin>"):
        assert read(text, file) == {"a": Decimal("1E+2"), "b": "😀/A", "c": [Decimal("-1.50"), True, None, {}], "d": []}
    document = read_yaml(text, "a.json")
    assert str(document.span(("c", 0))) == "a.json:4:8"
    assert str(document.key_span(("b",))) == "a.json:3:2"
    snippet = document.snippet(("b",))
    assert [snippet.position(i) for i in range(3)] == [(3, 8), (3, 20), (3, 22)]


def test_single_values_and_text_stays_text() -> None:
    assert read("12") == 12
    assert read(' "2024-02-30" ') == "2024-02-30"
    assert read('["true", "012", "<<"]') == ["true", "012", "<<"]
    assert read('{"<<": 1}') == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "DTE107", "1:1"),
        ("[1,]", "DTE137", "1:4"),
        ("{,}", "DTE137", "1:2"),
        ('{"a" 1}', "DTE137", "1:6"),
        ('{"a": 1 "b": 2}', "DTE137", "1:9"),
        ('{"a": 1, 2: 3}', "DTE137", "1:10"),
        ("[1 2]", "DTE137", "1:4"),
        ("[01]", "DTE137", "1:2"),
        ("[1.]", "DTE137", "1:3"),
        ("[tru]", "DTE137", "1:2"),
        ("[1] x", "DTE137", "1:5"),
        ("[1", "DTE137", "1:3"),
        ("['a']", "DTE137", "1:2"),
        ("# note\n1", "DTE137", "1:1"),
        ('["a', "DTE112", "1:2"),
        ('["a\n"]', "DTE112", "1:2"),
        ('["\\x41"]', "DTE124", "1:3"),
        ('["a\tb"]', "DTE106", "1:4"),
        ('["a\ud800"]', "DTE106", "1:4"),
        ('["a\\ud83dx\\\\"]', "DTE124", "1:4"),
        ('["\\ude00"]', "DTE124", "1:3"),
        ('{"a": 1, "a": 2}', "DTE126", "1:10"),
        ("[NaN]", "DTE138", "1:2"),
        ("[-Infinity]", "DTE138", "1:2"),
        ("[1e999999999999999999999]", "DTE136", "1:2"),
        ("[" + "1" * 5000 + "]", "DTE136", "1:2"),
    ],
)
def test_problems(text: str, code: str, at: str) -> None:
    assert codes(text) == [(code, at)]


def test_flow_yaml_is_no_json() -> None:
    assert read("{a: no, b: [x, 1e5], c: 2024-02-29}", "a.yaml")["b"] == ["x", "1e5"]
    assert read("[NaN, x]", "a.yaml") == ["NaN", "x"]
    assert codes('{"a": NaN}', "a.yaml") == [("DTE138", "1:7")]


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(DATA, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_reading_a_dump_gives_the_data_back(data: Any, ascii_: bool, indent: int | str | None) -> None:
    text = json.dumps(data, ensure_ascii=ascii_, indent=indent)
    assert repr(read(text)) == repr(json.loads(text, parse_float=Decimal))


@given(st.text(st.sampled_from(list('[]{}",:\\u0d8 \n\t1-.eENaNtrue')), max_size=30))
def test_accepts_what_the_standard_library_accepts(text: str) -> None:
    def refuse(word: str) -> Any:
        raise ValueError(word)

    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except ValueError:
        assert read_yaml(text, "a.json").diagnostics
        return
    found = read_yaml(text, "a.json")
    if {x.code for x in found.diagnostics} <= {"DTE126", "DTE124", "DTE136"} and found.diagnostics:
        return  # repeated keys, lone surrogates and numbers out of range are refused
    assert repr(found.plain()) == repr(data)
