"""Codes are unique, and every message is whole in both languages."""

import dataclasses
import re

import pytest

from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.diagnostics import DIAGNOSTICS, RepeatedKey
from dte_rules.source.span import Span


def example(kind: type[Diagnostic]) -> Diagnostic:
    values = {f.name: 7 if f.type == "int" else "{x}" for f in dataclasses.fields(kind) if f.name != "span"}
    return kind(span=Span("a.yaml", 1, 2, 1, 3), **values)


def test_codes_are_unique_and_in_range() -> None:
    codes = [kind.code for kind in DIAGNOSTICS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"DTE1\d\d", code) for code in codes)


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=lambda kind: kind.__name__)
def test_messages_are_whole(kind: type[Diagnostic]) -> None:
    found = example(kind)
    for lang in ("zh", "en"):
        assert found.message(lang)
        assert found.help(lang)
        assert not found.message(lang).endswith((".", "。"))
        assert not found.help(lang).endswith((".", "。"))
    assert not found.message("en")[0].isupper()
    assert re.search(r"[\u4e00-\u9fff]", found.message("zh") + found.help("zh"))
    assert (kind.__doc__ or "").count("\n") >= 3, "a docstring gives the meaning, then cause and cure"
    assert found.as_dict()["file"] == "a.yaml"


def test_error_shows_code_and_place() -> None:
    error = DiagnosticsError([RepeatedKey(span=Span("a.yaml", 3, 1, 3, 2), key="a", first_line=1)])
    assert str(error) == "a.yaml:3:1: DTE126 the key `a` is repeated; it stands in line 1 already"
