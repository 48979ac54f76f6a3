"""The checker: names, types, the core forms that surface forms become, cells, and functions defined in FEEL."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from feel_samples import CERTIFICATE, FUNCTIONS, LEVEL, NAMES, SCOPE, cell, cell_codes, codes, core_of, found, function, place, renamed
from hypothesis import given, settings
from hypothesis import strategies as st
from test_feel_parser import PIECES

from dte_rules.feel import core
from dte_rules.feel import diagnostics as d
from dte_rules.feel.builtins import FLATTEN_ONCE, INTEGERS
from dte_rules.feel.elaborate import Scope, elaborate, elaborate_all, elaborate_tests_all, elaborate_unary_tests
from dte_rules.feel.inline import MAX_SIZE
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.source.span import Snippet


def same(text: str, other: str, **options: bool) -> bool:
    return renamed(core_of(text, **options)) == renamed(core_of(other, **options))


# --- types ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("1", NUMBER),
        ("person.age", NUMBER),
        ("person.sex", NAMES["person"].fields["sex"]),  # type: ignore[union-attr]
        ("姓名", STRING),
        ('@"2024-05-01"', DATE),
        ('@"P12M"', MONTHS),
        ('@"P1Y6M"', MONTHS),
        ('@"P30D"', DAYS),
        ("as_of.year", NUMBER),
        ("as_of.weekday", NUMBER),
        ("window.years", NUMBER),
        ("stay.days", NUMBER),
        ("n + 1", NUMBER),
        ("text + 姓名", STRING),
        ("person.sex + text", STRING),
        ("as_of + window", DATE),
        ("stay + as_of", DATE),
        ("as_of - window", DATE),
        ("as_of - training.started", DAYS),
        ("window + window", MONTHS),
        ("stay * 2", DAYS),
        ("2 * window", MONTHS),
        ("stay / 2", DAYS),
        ("stay / stay", NUMBER),
        ("-window", MONTHS),
        ("n > 1", BOOLEAN),
        ("certificates", ListOf(CERTIFICATE)),
        ("certificates[1]", CERTIFICATE),
        ("certificates[listed]", ListOf(CERTIFICATE)),
        ("certificates.hours", ListOf(NUMBER)),
        ("certificates.issued.year", ListOf(NUMBER)),
        ("certificates[listed][1].issued", DATE),
        ("[1, 2]", ListOf(NUMBER)),
        ("[training.level, person.name]", ListOf(STRING)),
        ("[]", ListOf(ANY)),
        ("for c in certificates return c.hours", ListOf(NUMBER)),
        ("for c in certificates, i in 1..n return c.hours * i", ListOf(NUMBER)),
        ("for i in 1..3 return [i]", ListOf(ListOf(NUMBER))),
        ("for i in 1..3, j in 1..3 return [i]", ListOf(ListOf(NUMBER))),
        ("if flag then 1 else null", NUMBER),
        ("max(numbers)", NUMBER),
        ("max(as_of, training.started)", DATE),
        ("min(certificates.issued)", DATE),
        ("append(numbers, 1)", ListOf(NUMBER)),
        ("flatten([[1], [2]])", ListOf(NUMBER)),
        ('duration("P1M")', MONTHS),
        ('duration("P1D")', DAYS),
        ("abs(window)", MONTHS),
        ("sublist(certificates, 1, 2)", ListOf(CERTIFICATE)),
        ("anything.whatever", ANY),
        ("anything + 1", ANY),
    ],
)
def test_types(text: str, type_: Type) -> None:
    assert core_of(text).type == type_


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.20", Decimal("1.2")),
        ("-3", Decimal(-3)),
        ("-0", Decimal(0)),
        ('@"2024-02-29"', date(2024, 2, 29)),
        ('@"P1Y6M"', Months(18)),
        ('@"-P30D"', timedelta(days=-30)),
        ("true", True),
        ("null", None),
    ],
)
def test_constants(text: str, value: Any) -> None:
    assert core_of(text) == core.Const(value, type=ANY)


# --- lowering -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("n between 1 and 5", "n >= 1 and n <= 5"),
        ("n in [1..5]", "n >= 1 and n <= 5"),
        ("n in (1..5]", "n > 1 and n <= 5"),
        ("n in ]1..5[", "n > 1 and n < 5"),
        ('text in ("a", "b")', 'text = "a" or text = "b"'),
        ('text in ["a", "b"]', 'text = "a" or text = "b"'),
        ('text in "a"', 'text = "a"'),
        ("n in (> 5, [1..2])", "n > 5 or (n >= 1 and n <= 2)"),
        ("n in [[1..2], 7]", "(n >= 1 and n <= 2) or n = 7"),
        ("n in numbers", "list contains(numbers, n)"),
        ("list contains([1, n], m)", "m = 1 or m = n"),
        ("n in []", "false"),
        ("n in (m + 1) * 2", "n = (m + 1) * 2"),
        ("numbers in [[1], [2]]", "list contains([[1], [2]], numbers)"),
        ("certificates[item.listed]", "certificates[listed]"),
        ("sum(1, n)", "sum([1, n])"),
        ("count(n)", "count([n])"),
        ("substring(start position: 2, string: text)", "substring(text, 2)"),
        ("for i in 1..3 return i", "for i in [1, 2, 3] return i"),
        ("for i in 3..1 return i", "for i in [3, 2, 1] return i"),
        ("for i in [1..3] return i", "for i in [1, 2, 3] return i"),
        ("some x in numbers, y in numbers satisfies x < y", "some x in numbers satisfies some y in numbers satisfies x < y"),
    ],
)
def test_equal_meanings(text: str, other: str) -> None:
    assert same(text, other)


def test_lists_are_searched_with_some() -> None:
    expr = core_of("n in numbers")
    assert isinstance(expr, core.Quantified)
    assert (expr.kind, expr.source) == ("some", core.Ref("numbers", type=ANY))
    assert expr.condition == core.Compare("=", core.Ref("n", type=ANY), core.Var(expr.var, type=ANY), type=ANY)


def test_filters_bind_fresh_variables_and_fields_are_names() -> None:
    expr = core_of("certificates[level = training.level][hours > n]")
    assert isinstance(expr, core.Filter)
    assert isinstance(expr.source, core.Filter)
    assert expr.var != expr.source.var
    assert expr.var.startswith("%")
    inner = expr.source.condition
    assert isinstance(inner, core.Compare)
    assert inner.left == core.Field(core.Var(expr.source.var, type=ANY), "level", type=ANY)
    assert inner.right == core.Field(core.Ref("training", type=ANY), "level", type=ANY)


def test_the_innermost_filter_comes_first_and_outer_fields_stay_in_sight() -> None:
    expr = core_of("certificates[count(person.insurance[paying_now = listed]) > 0]")
    assert isinstance(expr, core.Filter)
    fields = {(n.base.name, n.name) for n in core.walk(expr) if isinstance(n, core.Field) and isinstance(n.base, core.Var)}
    inner = next(n for n in core.walk(expr.condition) if isinstance(n, core.Filter))
    assert fields == {(inner.var, "paying_now"), (expr.var, "listed")}


def test_paths_over_lists_are_maps() -> None:
    expr = core_of("certificates.issued")
    assert isinstance(expr, core.Map)
    assert expr.body == core.Field(core.Var(expr.var, type=ANY), "issued", type=ANY)


def test_numbers_between_that_are_not_literal_are_a_call() -> None:
    expr = core_of("for i in 1..n return i")
    assert isinstance(expr, core.Map)
    assert expr.source == core.Call(INTEGERS, (core.Const(Decimal(1), type=ANY), core.Ref("n", type=ANY)), type=ANY)
    assert isinstance(core_of("for i in 1..100000 return i"), core.Map)


def test_several_iterators_give_one_list() -> None:
    expr = core_of("for i in numbers, j in numbers return i * j")
    assert isinstance(expr, core.Call)
    assert expr.function == FLATTEN_ONCE
    assert isinstance(expr.arguments[0], core.Map)
    assert isinstance(expr.arguments[0].body, core.Map)


def test_variables_may_be_reused_and_stay_apart() -> None:
    expr = core_of("(some x in numbers satisfies x > 1) and (some x in numbers satisfies (some x in numbers satisfies x > 2))")
    names = [n.var for n in core.walk(expr) if isinstance(n, core.Quantified)]
    assert len(set(names)) == 3
    inner = [n for n in core.walk(expr) if isinstance(n, core.Quantified)][-1]
    assert isinstance(inner.condition, core.Compare)
    assert inner.condition.left == core.Var(inner.var, type=ANY)


def test_variables_hide_global_names() -> None:
    expr = core_of("some n in certificates satisfies n.hours > 3")
    assert isinstance(expr, core.Quantified)
    assert isinstance(expr.condition, core.Compare)
    assert expr.condition.left == core.Field(core.Var(expr.var, type=ANY), "hours", type=ANY)


def test_every_node_has_a_type_and_a_span() -> None:
    text = 'certificates[kind = "培训合格证书" and hours in [1..n]][1].issued + @"P12M" >= as_of or list contains(numbers, twice(n))'
    for node in core.walk(core_of(text)):
        assert node.type is not None
        assert node.span is not None


def test_spans_point_at_the_text() -> None:
    text = '姓名 = "张三" and\n  certificates[level = "初级"][1].hours > 3'
    expr = core_of(text)
    assert isinstance(expr, core.And)
    spans = [o.span for o in expr.operands]
    assert [(s.line, s.column, s.end_line, s.end_column) for s in spans if s] == [(1, 1, 1, 10), (2, 3, 2, 42)]


# --- cells ----------------------------------------------------------------------------------------------------------


def test_a_dash_is_no_condition() -> None:
    assert cell("-", NUMBER) is None


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ('"初级"', LEVEL, '? = "初级"'),
        ('"初级", "中级"', LEVEL, '? = "初级" or ? = "中级"'),
        ('not("初级", "中级")', LEVEL, 'not(? = "初级" or ? = "中级")'),
        ("> 5", NUMBER, "? > 5"),
        ("< 5, >= 60", NUMBER, "? < 5 or ? >= 60"),
        ("[1..5)", NUMBER, "? >= 1 and ? < 5"),
        ("n + 1", NUMBER, "? = n + 1"),
        ("numbers", NUMBER, "? in numbers"),
        ("[1, 2]", NUMBER, "? = 1 or ? = 2"),
        ("true", BOOLEAN, "? = true"),
        ("flag", BOOLEAN, "? = flag"),
        ("n > 3", NUMBER, "n > 3"),
        ("? > 3 and ? < n", NUMBER, "? > 3 and ? < n"),
        ('@"2024-01-01"', DATE, '? = @"2024-01-01"'),
    ],
)
def test_cells(text: str, type_: Type, expected: str) -> None:
    tested = cell(text, type_)
    assert tested is not None
    wanted = elaborate(Snippet.of(expected.replace("?", "tested")), Scope({**NAMES, "tested": type_}))
    replaced = core.rewrite(tested, lambda node: core.Ref("tested", type=type_) if node == core.Var("?1", type=ANY) else node)
    assert renamed(replaced) == renamed(wanted)


def test_cells_are_checked() -> None:
    assert cell_codes('"初极"', LEVEL) == ["UnknownEnumValue"]
    assert cell_codes('"a"', NUMBER) == ["Incomparable"]
    assert cell_codes("null", NUMBER) == ["NullComparison"]
    assert cell_codes('"a", ＞ 3', NUMBER) == ["FullWidthSymbol"]
    assert cell_codes("? + 1", NUMBER) == ["NotBoolean"]
    with pytest.raises(DiagnosticsError):
        elaborate_unary_tests(Snippet.of("> ?a"), SCOPE, NUMBER, core.Var("?1", type=NUMBER))


def test_the_variables_of_a_tested_expression_are_not_bound_again() -> None:
    tested = core_of("count(certificates[listed])")
    expr = elaborate_tests_all(Snippet.of("? = count(certificates[hours > ?])"), SCOPE, NUMBER, tested).expr
    assert expr is not None
    inner = [n for n in core.walk(expr) if isinstance(n, core.Filter) and any(isinstance(m, core.Filter) for m in core.walk(n.condition))]
    for outer in inner:
        assert all(outer.var != n.var for n in core.walk(outer.condition) if isinstance(n, core.Filter))


# --- functions ------------------------------------------------------------------------------------------------------


def test_functions_are_put_in_place_of_calls() -> None:
    assert same("twice(n)", "n + n")
    assert same("twice(x: n) + 1", "n + n + 1")
    assert same("twice(twice(n))", "n + n + (n + n)")
    assert same("above(3) > 1", "count(certificates[hours > 3]) > 1")
    assert same('has_level("初级")', 'some c in certificates satisfies c.level = "初级"')


def test_bound_variables_of_functions_stay_apart() -> None:
    expr = core_of("some c in certificates satisfies has_level(c.level) and above(above(1)) > 0")
    for outer in core.walk(expr):
        if isinstance(outer, (core.Filter, core.Quantified, core.Map)):
            below = outer.condition if not isinstance(outer, core.Map) else outer.body
            assert all(outer.var != n.var for n in core.walk(below) if isinstance(n, (core.Filter, core.Quantified, core.Map)))
    assert isinstance(expr, core.Quantified)
    inner = next(n for n in core.walk(expr.condition) if isinstance(n, core.Quantified))
    assert isinstance(inner.condition, core.Compare)
    assert inner.condition.left == core.Field(core.Var(inner.var, type=ANY), "level", type=ANY)
    assert inner.condition.right == core.Field(core.Var(expr.var, type=ANY), "level", type=ANY)


def test_errors_in_functions() -> None:
    assert codes("loop(1)") == ["RecursiveFunction"]
    (recursive,) = found("loop(1)")
    assert isinstance(recursive, d.RecursiveFunction)
    assert recursive.path == "loop → other → loop"
    (broken,) = found("broken(1) + broken(2)")
    assert isinstance(broken, d.UnknownName)
    assert str(broken.span) == "broken.feel:1:5"
    assert broken.suggestion == "certificates"
    assert codes("unreadable(1)") == ["MissingOperand"]
    assert codes("mistyped(1)") == ["WrongType"]
    assert codes("twice()") == ["WrongArity"]
    assert codes("twice(y: 1)") == ["UnknownArgument"]
    assert codes('twice("a")') == ["ArgumentType"]
    assert codes('has_level("初极")') == ["UnknownEnumValue"]
    assert codes("twise(1)") == ["UnknownFunction"]


def test_inlining_is_limited() -> None:
    functions = {"f0": function("f0", {"x": NUMBER}, "x + x")}
    for i in range(1, 9):
        functions[f"f{i}"] = function(f"f{i}", {"x": NUMBER}, f"f{i - 1}(f{i - 1}(x))")
    scope = Scope(NAMES, functions)
    (only,) = elaborate_all(Snippet.of("f8(n)"), scope).diagnostics
    assert isinstance(only, d.TooLarge)
    nested = "twice(" * 60 + "n" + ")" * 60
    assert codes(nested) == ["TooLarge"]


def test_long_chains_of_functions_are_refused() -> None:
    functions = {"g0": function("g0", {"x": NUMBER}, "x")}
    for i in range(1, 2000):
        functions[f"g{i}"] = function(f"g{i}", {"x": NUMBER}, "(" * 20 + f"1 + g{i - 1}(x)" + ")" * 20)
    assert [type(x).__name__ for x in elaborate_all(Snippet.of("g1999(n)"), Scope(NAMES, functions)).diagnostics] == ["TooLarge"]


def test_membership_is_limited() -> None:
    text = "flag"
    for _ in range(40):
        text = f"({text} in (true, false))"
    assert "TooLarge" in codes(text)
    assert MAX_SIZE > 1000


# --- errors of types ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "column", "end"),
    [
        ("persn.age", "UnknownName", 1, 6),
        ("person.agee > 3", "UnknownField", 8, 12),
        ("person.insurance.regio", "UnknownField", 18, 23),
        ("person.age.value", "NoFields", 12, 17),
        ("as_of.hour", "NoFields", 7, 11),
        ("text.length", "NoFields", 6, 12),
        ("substrng(text, 1)", "UnknownFunction", 1, 9),
        ("now() = as_of", "NotSupported", 1, 4),
        ("sqrt(4)", "NotSupported", 1, 5),
        ("substring(text)", "WrongArity", 1, 16),
        ("floor(1, 2, 3)", "WrongArity", 1, 15),
        ("sum()", "WrongArity", 1, 6),
        ("floor(scale: 1)", "WrongArity", 1, 16),
        ("substring(string: text, begin: 2)", "UnknownArgument", 25, 30),
        ("floor(n: 1, n: 2)", "UnknownArgument", 13, 14),
        ("upper case(n)", "ArgumentType", 12, 13),
        ("sum(certificates.issued)", "ArgumentType", 5, 24),
        ('sum(1, "a")', "ItemsDiffer", 8, 11),
        ("min(training.level)", "NotOrdered", 1, 20),
        ("person.age = text", "Incomparable", 1, 18),
        ('as_of >= "2024-01-01"', "Incomparable", 1, 22),
        ('person.age in ("a", 1)', "Incomparable", 16, 19),
        ("certificates = n", "Incomparable", 1, 17),
        ('n between "a" and "b"', "Incomparable", 1, 22),
        ('list contains(numbers, "a")', "Incomparable", 1, 28),
        ('index of(numbers, "a")', "Incomparable", 19, 22),
        ('training.level > "初级"', "NotOrdered", 1, 22),
        ("flag < true", "NotOrdered", 1, 12),
        ("numbers > 3", "NotOrdered", 1, 12),
        ("as_of + 30", "BadArithmetic", 1, 11),
        ("as_of + as_of", "BadArithmetic", 1, 14),
        ('n + "a"', "BadArithmetic", 1, 8),
        ("flag * 2", "BadArithmetic", 1, 9),
        ("window ** 2", "BadArithmetic", 1, 12),
        ("n + null", "BadArithmetic", 1, 9),
        ("-text", "BadNegation", 1, 6),
        ("n and flag", "NotBoolean", 1, 2),
        ("flag or text", "NotBoolean", 9, 13),
        ("not(n)", "NotBoolean", 5, 6),
        ("if n then 1 else 2", "NotBoolean", 4, 5),
        ("some c in certificates satisfies c.hours", "NotBoolean", 34, 41),
        ('if flag then 1 else "a"', "BranchesDiffer", 1, 24),
        ('[1, "a"]', "ItemsDiffer", 5, 8),
        ('append(numbers, "a")', "ItemsDiffer", 17, 20),
        ("concatenate(numbers, certificates)", "ItemsDiffer", 22, 34),
        ('training.level = "初极"', "UnknownEnumValue", 18, 22),
        ('"初极" = training.level', "UnknownEnumValue", 1, 5),
        ('training.level in ("初级", "高极")', "UnknownEnumValue", 26, 30),
        ('certificates[kind = "培训证书"]', "UnknownEnumValue", 21, 27),
        ('list contains(certificates.level, "低级")', "UnknownEnumValue", 35, 39),
        ('training.level = if flag then "初级" else "低级"', "UnknownEnumValue", 41, 45),
        ("training.level = person.sex", "DisjointEnums", 1, 28),
        ("person.birth_date = null", "NullComparison", 1, 25),
        ("null != text", "NullComparison", 1, 13),
        ("n in (1, null)", "NullComparison", 10, 14),
        ("certificates[0]", "IndexZero", 14, 15),
        ("window < stay", "MonthsWithDays", 1, 14),
        ("window + stay", "MonthsWithDays", 1, 14),
        ('@"P1M" = @"P30D"', "MonthsWithDays", 1, 17),
        ("certificates[text]", "BadFilter", 14, 18),
        ("certificates[hours]", "BadFilter", 14, 19),
        ('@"2024-02-30" = as_of', "InvalidLiteral", 1, 14),
        ('@"P1Y2D" = stay', "InvalidLiteral", 1, 9),
        ('date("2024-13-01")', "InvalidLiteral", 6, 18),
        ('duration("3 months")', "InvalidLiteral", 10, 20),
        ('@"10:00:00" = as_of', "NotSupported", 1, 12),
        ('@"2024-01-01T10:00:00" = as_of', "NotSupported", 1, 23),
        ("n / 0", "DivisionByZero", 5, 6),
        ("n / 0.0", "DivisionByZero", 5, 8),
        ("n[1]", "NotAList", 1, 2),
        ("some x in n satisfies x > 1", "NotAList", 11, 12),
        ("for i in 1..text return i", "WrongType", 13, 17),
        ("[1..5]", "NotSupported", 1, 7),
        ("n in band", "NotSupported", 6, 10),
        ("? > 3", "MisplacedInput", 1, 2),
        ("some level in [1] satisfies certificates[level = item.level][1].listed", "AmbiguousName", 42, 47),
    ],
)
def test_one_error(text: str, kind: str, column: int, end: int) -> None:
    (only,) = found(text)
    assert type(only).__name__ == kind
    assert place(only) == (1, column, 1, end)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("certificats[1]", "certificates"),
        ("person.agee", "age"),
        ("as_of.yeer", "year"),
        ("substrng(text, 1)", "substring"),
        ("string lenght(text)", "string length"),
        ("twise(1)", "twice"),
        ("substring(sting: text, start position: 1)", "string"),
        ("count > 1", "count(...)"),
        ("True", "true"),
        ("training.level = 初级", '"初级"'),
        ('training.level = "初极"', "初级"),
        ("certificates[kinds = text]", "kind"),
        ("some veteran in certificates satisfies vetran.listed", "veteran"),
    ],
)
def test_suggestions(text: str, suggestion: str) -> None:
    (only,) = found(text)
    assert getattr(only, "suggestion") == suggestion  # noqa: B009
    assert suggestion in only.help("zh")
    assert suggestion in only.help("en")


def test_all_errors_at_once_in_order_and_nothing_follows_from_them() -> None:
    text = 'persn.age > 3 and\n  person.agee + 1 > 2 and training.level = "初极" and unknown(nothing) = 1'
    kinds = [(type(x).__name__, place(x)[:2]) for x in found(text, BOOLEAN)]
    assert kinds == [
        ("UnknownName", (1, 1)),
        ("UnknownField", (2, 10)),
        ("UnknownEnumValue", (2, 44)),
        ("UnknownFunction", (2, 53)),
        ("UnknownName", (2, 61)),
    ]


def test_the_expected_type() -> None:
    assert codes("person.age", BOOLEAN) == ["NotBoolean"]
    assert codes("person.age", DATE) == ["WrongType"]
    assert codes('"初级"', LEVEL) == []
    assert codes('"初极"', LEVEL) == ["UnknownEnumValue"]
    assert codes('["初级", "低级"]', ListOf(LEVEL)) == ["UnknownEnumValue"]
    assert codes("text", LEVEL) == ["WrongType"]
    assert codes("anything", DATE) == []
    assert codes("person.veteran", BOOLEAN) == []
    with pytest.raises(DiagnosticsError):
        core_of("person.age", BOOLEAN)


def test_enums_that_overlap_can_be_compared() -> None:
    other = Enum("级别", ("高级", "特级"))
    scope = Scope({"a": LEVEL, "b": other})
    assert elaborate_all(Snippet.of("a = b"), scope).diagnostics == ()


def test_null_where_it_is_allowed() -> None:
    assert codes("person.birth_date = null", allow_null=True) == []
    assert codes("true or null", allow_null=True) == []
    assert codes("true or null") == ["NotBoolean"]
    assert codes("n = text", allow_null=True) == ["Incomparable"]


def test_dynamic_feel_leaves_types_to_evaluation() -> None:
    for text in ('1 = "a"', "true or 123", '[1, "a"]', "not(0)", 'if 1 then 2 else "a"', "100[1]", "n / 0", "[1][0]", "-text", "1 + true"):
        assert codes(text, dynamic=True) == []
    assert codes("nothing", dynamic=True) == ["UnknownName"]
    assert codes("substring(text)", dynamic=True) == ["WrongArity"]


def test_names_within_untyped_lists_are_fields() -> None:
    expr = core_of("anything[kind = text][1]")
    assert isinstance(expr, core.Index)
    assert isinstance(expr.source, core.Filter)
    assert isinstance(expr.source.condition, core.Compare)
    assert expr.source.condition.left == core.Field(core.Var(expr.source.var, type=ANY), "kind", type=ANY)
    assert expr.source.condition.right == core.Ref("text", type=ANY)
    assert isinstance(core_of("anything[n]"), core.Index)


def test_records_of_one_name_are_one_type() -> None:
    again = Record("certificate", {})
    scope = Scope({"a": again, "b": CERTIFICATE})
    assert elaborate_all(Snippet.of("a = b"), scope).diagnostics == ()


def test_global_names_of_several_words() -> None:
    scope = Scope({"Monthly Salary": NUMBER})
    assert elaborate(Snippet.of("12 * Monthly Salary"), scope).type == NUMBER


WORDS = [
    *PIECES,
    "person",
    "certificates",
    "training.level",
    "numbers",
    "as_of",
    '"初级"',
    "n",
    "twice(",
    "loop(1)",
    "[1]",
    "[listed]",
    "min(",
    "date(",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_any_text_is_elaborated_or_has_diagnostics(text: str) -> None:
    for options in ({}, {"dynamic": True}):
        result = elaborate_all(Snippet.of(text), SCOPE, BOOLEAN, **options)
        assert (result.expr is None) == bool(result.diagnostics)
        tested = elaborate_tests_all(Snippet.of(text), SCOPE, NUMBER, core.Var("?1", type=NUMBER), **options)
        assert tested.expr is None or not tested.diagnostics
    assert FUNCTIONS
