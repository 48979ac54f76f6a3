"""The registry of built-in functions."""

from __future__ import annotations

import re

import pytest
from feel_samples import core_of

from dte_rules.feel import core
from dte_rules.feel.builtins import BUILTINS, INTERNALS, MULTI_WORD_NAMES, UNSUPPORTED, Builtin
from dte_rules.feel.lexer import KEYWORDS
from dte_rules.feel.parser import parse
from dte_rules.source.span import Snippet

ALL = [*BUILTINS.values(), *INTERNALS.values()]


@pytest.mark.parametrize("builtin", ALL, ids=lambda b: b.name)
def test_each_is_documented_in_both_languages(builtin: Builtin) -> None:
    assert re.search(r"[\u4e00-\u9fff]", builtin.zh)
    assert not re.search(r"[\u4e00-\u9fff]", builtin.en)
    assert builtin.usage.startswith(builtin.name + "(")


@pytest.mark.parametrize("builtin", ALL, ids=lambda b: b.name)
def test_optional_parameters_come_last_and_a_variadic_one_is_alone_at_the_end(builtin: Builtin) -> None:
    for signature in builtin.signatures:
        optional = [p.optional for p in signature.parameters]
        assert optional == sorted(optional)
        assert not any(p.variadic for p in signature.parameters[:-1])
        assert len({p.name for p in signature.parameters}) == len(signature.parameters)
        assert signature.takes(signature.least)
        assert not signature.takes(signature.least - 1)


def test_the_names() -> None:
    assert not set(BUILTINS) & UNSUPPORTED
    assert not set(BUILTINS) & set(INTERNALS)
    assert not set(BUILTINS) & KEYWORDS
    assert "string length" in MULTI_WORD_NAMES
    with pytest.raises(TypeError):
        BUILTINS["x"] = BUILTINS["abs"]  # type: ignore[index]


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_the_parser_knows_each_name(name: str) -> None:
    parse(Snippet.of(f"{name}(a)"))


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("number(text)", 1),
        ('number(text, ",", ".")', 3),
        ('number(from: text, decimal separator: ",")', 3),
        ("date(2024, 5, 1)", 3),
        ("date(year: 2024, month: 5, day: 1)", 3),
        ("date(from: text)", 1),
        ("append(numbers, 1, 2)", 3),
        ("union(numbers, numbers)", 2),
        ("floor(n: n)", 1),
        ("years and months duration(from: as_of, to: as_of)", 2),
        ("last_day_of_month(as_of)", 1),
        ("add_working_days(date: as_of, days: 3)", 2),
        ('division_within("330700", "330000")', 2),
    ],
)
def test_calls_have_their_arguments_by_position(text: str, arguments: int) -> None:
    expr = core_of(text)
    assert isinstance(expr, core.Call)
    assert len(expr.arguments) == arguments
