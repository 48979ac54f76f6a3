"""The lexer and parser of FEEL: trees, positions, errors, and that no text whatever breaks them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.work import calls

from dte_rules.feel import ast
from dte_rules.feel import diagnostics as d
from dte_rules.feel.lexer import KEYWORDS, Locator
from dte_rules.feel.parser import parse, parse_unary_tests
from dte_rules.feel.reader import MAX_DEPTH
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.span import Snippet


def tree(text: str, *names: str) -> ast.Expr:
    return parse(Snippet.of(text), names)


def shape(node: Any) -> Any:
    """The tree without spans, as nested tuples that are easy to write down."""
    match node:
        case ast.NumberLiteral(value, _):
            return value
        case ast.StringLiteral(value, _) | ast.BooleanLiteral(value, _):
            return value
        case ast.NullLiteral():
            return None
        case ast.AtLiteral(text, _):
            return ("@", text)
        case ast.Name(name, _):
            return f".{name}"
        case ast.Input():
            return "?"
        case ast.Path(base, name, _):
            return ("path", shape(base), name.name)
        case ast.Call(function, arguments, _):
            return ("call", function.name, *((a.name.name, shape(a.value)) if a.name else shape(a.value) for a in arguments))
        case ast.Filter(source, condition, _):
            return ("filter", shape(source), shape(condition))
        case ast.Negation(operand, _):
            return ("-", shape(operand))
        case ast.Arithmetic(op, left, right, _) | ast.Comparison(op, left, right, _):
            return (op, shape(left), shape(right))
        case ast.And(operands, _):
            return ("and", *map(shape, operands))
        case ast.Or(operands, _):
            return ("or", *map(shape, operands))
        case ast.Not(operand, _):
            return ("not", shape(operand))
        case ast.Between(value, low, high, _):
            return ("between", shape(value), shape(low), shape(high))
        case ast.Interval(low, high, low_closed, high_closed, _):
            return (("[" if low_closed else "(") + ".." + ("]" if high_closed else ")"), shape(low), shape(high))
        case ast.UnaryComparison(op, operand, _):
            return ("test" + op, shape(operand))
        case ast.In(value, tests, _):
            return ("in", shape(value), *map(shape, tests))
        case ast.If(condition, then, otherwise, _):
            return ("if", shape(condition), shape(then), shape(otherwise))
        case ast.ListLiteral(items, _):
            return ("list", *map(shape, items))
        case ast.For(iterators, body, _):
            return ("for", *map(shape, iterators), shape(body))
        case ast.Quantified(kind, iterators, condition, _):
            return (kind, *map(shape, iterators), shape(condition))
        case ast.Iterator(name, source, end, _):
            return (name.name, shape(source), *(() if end is None else (shape(end),)))
        case _:
            raise AssertionError(node)


def errors(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as caught:
        parse(Snippet.of(text))
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.20", Decimal("1.20")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("1.5E-2", Decimal("0.015")),
        ("true", True),
        ("null", None),
        ('"a\\"b\\\\c\\n\\u4e2d\\U01F40E"', 'a"b\\c\n中🐎'),
        ('"\\uD83D\\uDC0E"', "🐎"),
        ('"\\s"', "\\s"),
        ('"，。（）“”"', "，。（）“”"),
        ('@"2024-05-01"', ("@", "2024-05-01")),
        ("姓名", ".姓名"),
        ("person.age", ("path", ".person", "age")),
        ("a.b.c", ("path", ("path", ".a", "b"), "c")),
        ("a . in", ("path", ".a", "in")),
        # precedence
        ("1 + 2 * 3 ** 4", ("+", 1, ("*", 2, ("**", 3, 4)))),
        ("3 ** 4 ** 5", ("**", ("**", 3, 4), 5)),
        ("-3 ** 2", ("**", ("-", 3), 2)),
        ("--3", ("-", ("-", 3))),
        ("2 - -3", ("-", 2, ("-", 3))),
        ("1 - 2 - 3", ("-", ("-", 1, 2), 3)),
        ("(1 - 2) * 3", ("*", ("-", 1, 2), 3)),
        ("-a.b[1]", ("-", ("filter", ("path", ".a", "b"), 1))),
        ("a or b and c or d", ("or", ".a", ("and", ".b", ".c"), ".d")),
        ("a and b and c", ("and", ".a", ".b", ".c")),
        ("(a and b) and c", ("and", ("and", ".a", ".b"), ".c")),
        ("a = 1 and b < 2", ("and", ("=", ".a", 1), ("<", ".b", 2))),
        ("a + 1 >= b * 2", (">=", ("+", ".a", 1), ("*", ".b", 2))),
        ("a = b = true", ("=", ("=", ".a", ".b"), True)),
        ("not(a) or b", ("or", ("not", ".a"), ".b")),
        ("a between 1 and 2 and b", ("and", ("between", ".a", 1, 2), ".b")),
        # membership
        ('x in ("a", "b")', ("in", ".x", "a", "b")),
        ("x in [1..5]", ("in", ".x", ("[..]", 1, 5))),
        ("x in (1..5]", ("in", ".x", ("(..]", 1, 5))),
        ("x in ]1..5[ and y", ("and", ("in", ".x", ("(..)", 1, 5)), ".y")),
        ("x in [a..b[1]]", ("in", ".x", ("[..]", ".a", ("filter", ".b", 1)))),
        ("x in [a..b[-1]]", ("in", ".x", ("[..]", ".a", ("filter", ".b", ("-", 1))))),
        ("x in [a..b[1][", ("in", ".x", ("[..)", ".a", ("filter", ".b", 1)))),
        ("x in (> 5, < 2)", ("in", ".x", ("test>", 5), ("test<", 2))),
        ("x in > 5", ("in", ".x", ("test>", 5))),
        ("x in ([1..2], 7)", ("in", ".x", ("[..]", 1, 2), 7)),
        ("x in l", ("in", ".x", ".l")),
        ("x in (l)", ("in", ".x", ".l")),
        ("x in (l)[1] and y", ("and", ("in", ".x", ("filter", ".l", 1)), ".y")),
        ("x in (1 + 2) * 3", ("in", ".x", ("*", ("+", 1, 2), 3))),
        ("x in [1, 2]", ("in", ".x", ("list", 1, 2))),
        ("(> 5)", ("test>", 5)),
        # lists and calls
        ("[]", ("list",)),
        ("[1, [2]]", ("list", 1, ("list", 2))),
        ("l[a = 1][1].f", ("path", ("filter", ("filter", ".l", ("=", ".a", 1)), 1), "f")),
        ("f()", ("call", "f")),
        ("string  length(a)", ("call", "string length", ".a")),
        ("years and months duration(a, b)", ("call", "years and months duration", ".a", ".b")),
        ("round half up(1, 2)", ("call", "round half up", 1, 2)),
        ('substring(string: "a", start position: 2)', ("call", "substring", ("string", "a"), ("start position", 2))),
        ("string lenght(a)", ("call", "string lenght", ".a")),
        # keywords
        ("if a then 1 else if b then 2 else 3", ("if", ".a", 1, ("if", ".b", 2, 3))),
        ("some x in l, y in m satisfies x = y", ("some", ("x", ".l"), ("y", ".m"), ("=", ".x", ".y"))),
        ("every x in l satisfies x > 1 and x < 5", ("every", ("x", ".l"), ("and", (">", ".x", 1), ("<", ".x", 5)))),
        ("for i in 1..3 return i * 2", ("for", ("i", 1, 3), ("*", ".i", 2))),
        ("for i in 1..n + 1, x in l return i", ("for", ("i", 1, ("+", ".n", 1)), ("x", ".l"), ".i")),
        # comments and space
        ("1 + // one\n 1", ("+", 1, 1)),
        ("/* a\n * b */ 1 /**/", 1),
        ("a　=　1", ("=", ".a", 1)),
    ],
)
def test_trees(text: str, expected: Any) -> None:
    assert shape(tree(text)) == expected


def test_names_of_several_words_can_be_declared() -> None:
    assert shape(tree("12 * Monthly  Salary", "Monthly Salary")) == ("*", 12, ".Monthly Salary")
    assert shape(tree("Date-Time - Date-Time2", "Date-Time", "Date-Time2")) == ("-", ".Date-Time", ".Date-Time2")
    assert shape(tree("every i in values in a list satisfies i", "values in a list")) == ("every", ("i", ".values in a list"), ".i")


@pytest.mark.parametrize(
    ("text", "expected", "negated"),
    [
        ("-", (), False),
        (" - ", (), False),
        ('"a"', ("a",), False),
        ('"a", "b"', ("a", "b"), False),
        ("> 5", (("test>", 5),), False),
        ("<18,>=60", (("test<", 18), ("test>=", 60)), False),
        ("[1..5]", (("[..]", 1, 5),), False),
        ("[15..30)", (("[..)", 15, 30),), False),
        ("[0..999], null", (("[..]", 0, 999), None), False),
        ('not("a")', ("a",), True),
        ('not("a", > 3)', ("a", ("test>", 3)), True),
        ("not(a) and ?", (("and", ("not", ".a"), "?"),), False),
        ("not(a), b", (("not", ".a"), ".b"), False),
        ("? > 3 and ? < 5", (("and", (">", "?", 3), ("<", "?", 5)),), False),
        ("-1", (("-", 1),), False),
    ],
)
def test_unary_tests(text: str, expected: Any, negated: bool) -> None:
    cell = parse_unary_tests(Snippet.of(text))
    assert (tuple(map(shape, cell.tests)), cell.negated) == (expected, negated)


# --- positions ------------------------------------------------------------------------------------------------------


def test_positions_under_chinese_text() -> None:
    text = '姓名 = "张三" and 年龄 >= 16'
    node = tree(text)
    assert isinstance(node, ast.And)
    first, second = node.operands
    assert (node.span.column, node.span.end_column) == (1, 23)
    assert (first.span.column, first.span.end_column) == (1, 10)
    assert (second.span.column, second.span.end_column) == (15, 23)
    assert isinstance(second, ast.Comparison)
    assert (second.right.span.column, second.right.span.end_column) == (21, 23)


def test_positions_over_several_lines() -> None:
    node = tree("a and\n  b.c[d = 1]\n  and not(e)")
    assert isinstance(node, ast.And)
    assert [(o.span.line, o.span.column, o.span.end_line, o.span.end_column) for o in node.operands] == [
        (1, 1, 1, 2),
        (2, 3, 2, 13),
        (3, 7, 3, 13),
    ]
    assert (node.span.line, node.span.column, node.span.end_line, node.span.end_column) == (1, 1, 3, 13)


def test_positions_within_a_file() -> None:
    # a block scalar: the lines stand indented in the file
    snippet = Snippet("a >\nb", "pack.yaml", ((0, 10, 7), (4, 11, 9)))
    node = parse(snippet)
    assert isinstance(node, ast.Comparison)
    assert str(node.span) == "pack.yaml:10:7"
    assert (node.right.span.line, node.right.span.column, node.right.span.end_column) == (11, 9, 10)


def test_names_and_arguments_have_spans() -> None:
    node = tree("round half up(n: 5, scale: 1)")
    assert isinstance(node, ast.Call)
    assert (node.function.span.column, node.function.span.end_column) == (1, 14)
    assert [(a.span.column, a.span.end_column) for a in node.arguments] == [(15, 19), (21, 29)]
    assert node.arguments[1].name is not None
    assert (node.arguments[1].name.span.column, node.arguments[1].name.span.end_column) == (21, 26)


@given(st.lists(st.text("ab中\n", max_size=5)).map("\n".join), st.data())
def test_the_locator_agrees_with_the_snippet(text: str, data: st.DataObject) -> None:
    snippet = Snippet.of(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text) + 1))
    assert Locator(snippet).span(start, end) == snippet.span(start, end)


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "column", "end"),
    [
        ("", d.EmptyExpression, 1, 2),
        ("  // nothing", d.EmptyExpression, 13, 14),
        ('a = "b', d.UnclosedText, 5, 7),
        ("a /* b", d.UnclosedComment, 3, 5),
        ('"\\u12"', d.BadEscape, 2, 4),
        ('"\\uD83D"', d.BadEscape, 2, 8),
        ("1e99999", d.NumberOutOfRange, 1, 8),
        ("1234567890123456789012345678901234567", d.NumberOutOfRange, 1, 38),
        ("a # b", d.UnexpectedCharacter, 3, 4),
        ("a = \x07", d.UnexpectedCharacter, 5, 6),
        ("(a", d.UnclosedBracket, 1, 2),
        ("a and (b or (c)", d.UnclosedBracket, 7, 8),
        ("f(a, b", d.UnclosedBracket, 2, 3),
        ("l[a = 1", d.UnclosedBracket, 2, 3),
        ("[1, 2", d.UnclosedBracket, 1, 2),
        ("x in [1..5", d.UnclosedBracket, 6, 7),
        ("(a]", d.UnclosedBracket, 1, 2),
        ("a)", d.StrayBracket, 2, 3),
        ("a]", d.StrayBracket, 2, 3),
        ("a >", d.MissingOperand, 3, 4),
        ("(a and )", d.MissingOperand, 4, 7),
        ("[1, ]", d.MissingOperand, 3, 4),
        ("f(, 1)", d.MissingOperand, 2, 3),
        ("if a then else 3", d.MissingOperand, 6, 10),
        ("and a", d.UnexpectedToken, 1, 4),
        ("if a else 3", d.UnexpectedToken, 6, 10),
        ("if a then 3", d.UnexpectedToken, 12, 13),
        ("some x of l satisfies x", d.UnexpectedToken, 8, 10),
        ("some 3 in l satisfies x", d.UnexpectedToken, 6, 7),
        ("a.3", d.MissingOperator, 2, 4),
        ("a.(b)", d.UnexpectedToken, 3, 4),
        ("a : b", d.UnexpectedToken, 3, 4),
        ("a b", d.MissingOperator, 3, 4),
        ("12个月", d.MissingOperator, 3, 5),
        ('f(a "b")', d.MissingOperator, 5, 8),
        ("16 <= age < 60", d.ChainedComparison, 11, 12),
        ("not a", d.NotNeedsParentheses, 1, 4),
        ("{a: 1}", d.NotSupported, 1, 2),
        ("function(a) a", d.NotSupported, 1, 9),
        ("a instance of number", d.NotSupported, 3, 11),
        ("a.b(1)", d.NotSupported, 4, 5),
        ("f(1)(2)", d.NotSupported, 5, 6),
        ("f(1, b: 2)", d.MixedArguments, 6, 10),
        ("a 且 b", d.WordOperator, 3, 4),
        ("a >= 16且b", d.WordOperator, 8, 9),
        ("非(a)", d.WordOperator, 1, 2),
        ("a AND b", d.WordOperator, 3, 6),
        ("如果 a then 1 else 2", d.WordOperator, 1, 3),
        ("if a 那么 1 else 2", d.WordOperator, 6, 8),
        ("! a", d.ForeignOperator, 1, 2),
        ("a % 2", d.ForeignOperator, 3, 4),
        ("a = 'b'", d.ForeignOperator, 5, 8),
        ("！a", d.FullWidthSymbol, 1, 2),
    ],
)
def test_one_error(text: str, kind: type[Diagnostic], column: int, end: int) -> None:
    (only,) = errors(text)
    assert isinstance(only, kind)
    assert only.span is not None
    assert (only.span.column, only.span.end_column) == (column, end)


@pytest.mark.parametrize(
    ("text", "replacements"),
    [
        ("a ＝ 1", ["="]),
        ("a ＞ 1", [">"]),
        ("a ＜ 1", ["<"]),
        ("a ≥ 1", [">="]),
        ("a ≤ 1", ["<="]),
        ("a ≠ 1", ["!="]),
        ("a ＞＝ 1", [">="]),
        ("a ＋ 1", ["+"]),
        ("a × 2 ÷ 3", ["*", "/"]),
        ("（a）", ["(", ")"]),
        ("f(a，b；c)", [",", ","]),
        ("［1、2］", ["[", ",", "]"]),
        ("a。b", ["."]),
        ("a = “b”", ['"', '"']),
        ("a = 「b」", ['"', '"']),
        ("a = ‘b’", ['"', '"']),
        ('a = "b”', ['"']),
        ('a = “b"', ['"']),
        ("a >= １６", ["16"]),
        ("a ＆＆ b ｜｜ c", ["and", "or"]),
        ("x in [1…3]", [".."]),
        ("a && b", ["and"]),
        ("a || b", ["or"]),
        ("a == 1", ["="]),
        ("a <> 1", ["!="]),
        ("a => 1", [">="]),
        ("a =< 1", ["<="]),
        ("a ^ 2", ["**"]),
        ("a == “b” && c", ["=", '"', '"', "and"]),
    ],
)
def test_wrong_symbols_are_named_with_the_right_ones_and_nothing_follows(text: str, replacements: list[str]) -> None:
    found = errors(text)
    assert all(isinstance(x, (d.FullWidthSymbol, d.ForeignOperator)) for x in found)
    assert [x.instead for x in found if isinstance(x, (d.FullWidthSymbol, d.ForeignOperator))] == replacements
    assert all(x.instead in x.help("zh") and x.instead in x.help("en") for x in found if isinstance(x, d.FullWidthSymbol))


def test_several_errors_at_once_in_order_of_place() -> None:
    found = errors("a ＞ and b == ")
    assert [type(x).__name__ for x in found] == ["FullWidthSymbol", "MissingOperand", "ForeignOperator", "MissingOperand"]
    assert [x.span.column for x in found if x.span] == [3, 3, 11, 11]
    assert [type(x).__name__ for x in errors("a > and b <")] == ["MissingOperand", "MissingOperand"]


def test_doubtful_tokens_hide_the_errors_that_would_follow() -> None:
    assert [type(x).__name__ for x in errors('(a = "b) and c')] == ["UnclosedText"]
    assert [type(x).__name__ for x in errors("a # # b c")] == ["UnexpectedCharacter", "UnexpectedCharacter"]
    assert [type(x).__name__ for x in errors("a #### b")] == ["UnexpectedCharacter"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000,
        "-" * 10_000 + "1",
        "not(" * 10_000,
        "f(" * 10_000,
        "if " * 10_000,
        "x in (" * 10_000,
        "1+" * 10_000 + "1",
        "a" + ".a" * 10_000,
        "a" + "[1]" * 10_000,
        "for x in " * 10_000,
        "x between 1 and (" * 10_000,
    ],
)
def test_depth_is_limited(text: str) -> None:
    (only,) = errors(text)
    assert isinstance(only, d.TooDeep)
    assert only.limit == MAX_DEPTH


def test_wide_expressions_are_fine_and_take_linear_time() -> None:
    def work(n: int) -> int:
        text = "\n".join(["a = 1 and"] * n) + " b"
        return calls(lambda: parse(Snippet.of(text)))

    assert work(4_000) < 9 * work(500)


def test_keywords_are_no_names() -> None:
    for word in KEYWORDS - {"true", "false", "null"}:
        with pytest.raises(DiagnosticsError):
            parse(Snippet.of(f"{word} = 1"))


# --- any text -------------------------------------------------------------------------------------------------------

PIECES = [
    "a", "b.c", "年龄", "1", ".5", "1e9", '"x"', '"', "“", "”", "@", '@"P1D"', "true", "null", "?", "-", "+", "*", "/", "**", "=", "!=",
    "<", "<=", "..", ".", ",", ":", "(", ")", "[", "]", "{", "}", "and", "or", "not", "in", "between", "if", "then", "else", "for",
    "return", "some", "every", "satisfies", "item", "count", "list contains", "//", "/*", "*/", "\n", "＝", "（", "，", "且", "非", "&&",
    "!", "'", "#", "\\", "instance", "of", "function", "x in ", "string length(",
]  # fmt: skip


def outcome(read: Callable[[Snippet], object], text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a text; none where it parses. Nothing else may be raised."""
    try:
        read(Snippet.of(text))
    except DiagnosticsError as error:
        return error.diagnostics
    return ()


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join), st.lists(st.sampled_from(PIECES)).map("".join)))
@settings(max_examples=500, deadline=None)
def test_any_text_parses_or_has_diagnostics(text: str) -> None:
    for read in (parse, parse_unary_tests):
        found = outcome(read, text)
        places = [(x.span.line, x.span.column) for x in found if x.span]
        assert places == sorted(places)
        assert len(places) == len(found)
        for x in found:
            assert x.message("zh")
            assert x.message("en")
            x.help("zh"), x.help("en")
