"""Every expression of the DMN conformance kit that was at hand parses, or is said to be not supported yet.

``tck_expressions.json`` holds texts from https://github.com/dmn-tck/tck (Apache License 2.0), each with the names of several words
that its model declares.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dte_rules.feel import diagnostics as d
from dte_rules.feel.elaborate import Scope, elaborate_all
from dte_rules.feel.parser import parse, parse_unary_tests
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.source.span import Snippet

TEXTS = json.loads((Path(__file__).parent / "tck_expressions.json").read_text(encoding="utf-8"))


def reads(kind: str, text: str, names: list[str]) -> bool:
    """Whether the text parses; if not, all that is wrong must be that it is not supported."""
    try:
        (parse if kind == "expressions" else parse_unary_tests)(Snippet.of(text), names)
    except DiagnosticsError as error:
        if [type(x) for x in error.diagnostics] != [d.NotSupported]:
            raise
        return False
    return True


@pytest.mark.parametrize("kind", ["expressions", "tests"])
def test_texts_parse_or_are_not_supported(kind: str) -> None:
    parsed = sum(reads(kind, text, names) for text, names in TEXTS[kind])
    assert parsed > 0.8 * len(TEXTS[kind])


def test_texts_are_elaborated_or_have_diagnostics() -> None:
    for text, _ in TEXTS["expressions"]:
        result = elaborate_all(Snippet.of(text), Scope({}), dynamic=True)
        assert (result.expr is None) == bool(result.diagnostics)
