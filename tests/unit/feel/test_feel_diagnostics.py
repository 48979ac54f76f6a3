"""Every diagnostic of FEEL: its code, its words in both languages, and a text that shows it."""

from __future__ import annotations

import re

import pytest
from feel_samples import SCOPE

from dte_rules.feel.diagnostics import DIAGNOSTICS
from dte_rules.feel.elaborate import elaborate_all
from dte_rules.feel.types import BOOLEAN
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet

SHOWN = {
    "FullWidthSymbol": "n ＞ 1",
    "ForeignOperator": "n == 1",
    "WordOperator": "flag 且 flag",
    "UnexpectedCharacter": "n # 1",
    "UnclosedText": 'text = "a',
    "UnclosedComment": "flag /* a",
    "BadEscape": 'text = "\\u12"',
    "NumberOutOfRange": "n = 1e9999",
    "UnclosedBracket": "(n > 1",
    "StrayBracket": "n > 1)",
    "MissingOperand": "n >",
    "UnexpectedToken": "if flag 1",
    "MissingOperator": "n 1",
    "ChainedComparison": "1 < n < 3",
    "TooDeep": "(" * 100 + "flag" + ")" * 100,
    "NotNeedsParentheses": "not flag",
    "NotSupported": "{a: 1}",
    "EmptyExpression": " ",
    "MixedArguments": "substring(text, start position: 1)",
    "MisplacedInput": "? = 1",
    "UnknownName": "persn.age > 1",
    "UnknownField": "person.agee > 1",
    "NoFields": "n.age > 1",
    "UnknownFunction": "counts(numbers) > 1",
    "UnknownArgument": "floor(m: 1) > 1",
    "WrongArity": "floor() > 1",
    "RecursiveFunction": "loop(1)",
    "AmbiguousName": "some hours in numbers satisfies count(certificates[hours > 1]) > 1",
    "WrongType": "mistyped(1) = text",
    "NotBoolean": "n",
    "Incomparable": "n = text",
    "NotOrdered": 'training.level > "初级"',
    "BadArithmetic": "as_of + 1 > as_of",
    "BadNegation": "-text = text",
    "BranchesDiffer": "n = if flag then 1 else text",
    "ItemsDiffer": "n in [1, text][item = 1]",
    "ArgumentType": "floor(text) = 1",
    "UnknownEnumValue": 'training.level = "初极"',
    "DisjointEnums": "training.level = person.sex",
    "NullComparison": "text = null",
    "IndexZero": "numbers[0] = 1",
    "MonthsWithDays": "window = stay",
    "BadFilter": "count(numbers[text]) = 1",
    "InvalidLiteral": 'as_of = @"2024-02-30"',
    "DivisionByZero": "n / 0 = 1",
    "NotAList": "n[1] = 1",
    "TooLarge": "twice(" * 20 + "n" + ")" * 20 + " = 1",
}


@pytest.mark.parametrize("kind", DIAGNOSTICS, ids=lambda kind: kind.__name__)
def test_a_text_shows_exactly_this_diagnostic(kind: type[Diagnostic]) -> None:
    result = elaborate_all(Snippet.of(SHOWN[kind.__name__]), SCOPE, BOOLEAN)
    assert result.expr is None
    assert [type(x) for x in result.diagnostics] == [kind]
    (only,) = result.diagnostics
    for lang in ("zh", "en"):
        assert only.message(lang)
        assert "{" not in only.message(lang).replace("`{", "").replace("{...}", "")
        assert not only.message(lang).endswith((".", "。"))
    assert re.search(r"[\u4e00-\u9fff]", only.message("zh"))
    assert not re.search(r"[\u4e00-\u9fff]", re.sub("`[^`]*`", "", only.message("en")).replace("等级", "").replace("性别", ""))
    assert only.span is not None


def test_codes() -> None:
    codes = [kind.code for kind in DIAGNOSTICS]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"DTE2\d\d", code) for code in codes)
    assert {kind.__name__ for kind in DIAGNOSTICS} == set(SHOWN)


def test_each_has_its_page_and_words_in_both_languages() -> None:
    for kind in DIAGNOSTICS:
        assert kind.__doc__
        assert len(kind.__doc__) > 60
        assert kind.zh
        assert kind.en
        assert bool(kind.zh_help) == bool(kind.en_help)
