"""The printer of core expressions: its text, and that the text gives the expression again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from feel_samples import CERTIFICATE, LEVEL, SCOPE, core_of, renamed
from hypothesis import given, settings
from hypothesis import strategies as st

from dte_rules.feel import core
from dte_rules.feel.builtins import FLATTEN_ONCE, INTEGERS
from dte_rules.feel.elaborate import elaborate
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Record, Type
from dte_rules.feel.unparse import literal, unparse
from dte_rules.feel.values import Months
from dte_rules.source.span import Snippet


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(((n)))", "n"),
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("2**(3**4)", "2 ** (3 ** 4)"),
        ("-n ** 2", "-n ** 2"),
        ("-(n + 1)", "-(n + 1)"),
        ("(-3) ** 2", "-3 ** 2"),
        ("1.50", "1.50"),
        ("(flag or flag) and (n > 1)", "(flag or flag) and n > 1"),
        ("flag or (flag and flag)", "flag or flag and flag"),
        ("(n > 1) = flag", "(n > 1) = flag"),
        ("not ( flag )", "not(flag)"),
        ("n between 1 and 5", "n >= 1 and n <= 5"),
        ('text in ("a","b")', 'text in ("a", "b")'),
        ('text = "a" or text = "b" or flag', 'text = "a" or text = "b" or flag'),
        ("n in numbers", "n in numbers"),
        ("list contains(numbers, n)", "n in numbers"),
        ("list contains([numbers], numbers)", "numbers = numbers"),
        ("certificates.issued.year", "certificates.issued.year"),
        ("numbers[item > 3]", "numbers[item > 3]"),
        ("certificates[any(person.insurance[listed].paying_now)]", "certificates[any(person.insurance[listed].paying_now)]"),
        ("if flag then 1 else 2", "if flag then 1 else 2"),
        ("(if flag then 1 else 2) + 1", "(if flag then 1 else 2) + 1"),
        ("some x in numbers, y in numbers satisfies x > y", "some x in numbers, y in numbers satisfies x > y"),
        ("every x in numbers satisfies x > 1", "every x in numbers satisfies x > 1"),
        ("for c in certificates return c.hours", "for c in certificates return c.hours"),
        ("for i in 1..n, c in certificates return c.hours * i", "for i in 1..n, c in certificates return c.hours * i"),
        ("(some x in numbers satisfies x > 1) and flag", "(some x in numbers satisfies x > 1) and flag"),
        ("(some x in numbers satisfies x > 1) and (every x in numbers satisfies x > 2)",
         "(some x in numbers satisfies x > 1) and (every x_2 in numbers satisfies x_2 > 2)"),
        ("string  length(text)", "string length(text)"),
        ("max(1, n)", "max([1, n])"),
        ('@"P18M"', '@"P1Y6M"'),
        ('as_of + @"P30D"', 'as_of + @"P30D"'),
        ("has_level(training.level)", "some c in certificates satisfies c.level = training.level"),
    ],
)  # fmt: skip
def test_texts(text: str, expected: str) -> None:
    assert unparse(core_of(text)) == expected
    assert renamed(core_of(expected)) == renamed(core_of(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+500"), "1E+500"),
        ('a"\\\n\x07中', '"a\\"\\\\\\n\\u0007中"'),
        (date(2024, 2, 29), '@"2024-02-29"'),
        (Months(-18), '@"-P1Y6M"'),
        (timedelta(days=2, hours=3), '@"P2DT3H"'),
        ((Decimal(1), "a"), '[1, "a"]'),
    ],
)
def test_literals(value: Any, text: str) -> None:
    assert literal(value) == text


def test_what_feel_cannot_say_has_a_text_too() -> None:
    assert unparse(core.Missing(("open.point", "source.x"), type=NUMBER)) == 'unknown("open.point", "source.x")'
    outer = core.Var("%1", type=NUMBER)
    numbers = core.Ref("numbers", type=ListOf(NUMBER))
    inner = core.Filter(numbers, "%2", core.Compare("<", core.Var("%2", type=NUMBER), outer, type=BOOLEAN), type=ListOf(NUMBER))
    more = core.Compare(">", core.Call("count", (inner,), type=NUMBER), core.Const(Decimal(0), type=NUMBER), type=BOOLEAN)
    assert unparse(core.Filter(numbers, "%1", more, type=ListOf(NUMBER))) == "numbers[x: count(numbers[item < x]) > 0]"


def test_names_that_fields_would_hide_are_printed_apart() -> None:
    hours = core.Field(core.Var("%1", type=CERTIFICATE), "hours", type=NUMBER)
    source = core.Ref("certificates", type=ListOf(CERTIFICATE))
    with_global = core.Filter(source, "%1", core.Compare("=", hours, core.Ref("hours", type=NUMBER), type=BOOLEAN), type=source.type)
    assert unparse(with_global) == "certificates[item.hours = hours]"
    with_variable = core.Filter(source, "%1", core.Compare("=", hours, core.Var("hours", type=NUMBER), type=BOOLEAN), type=source.type)
    some = core.Quantified(
        "some", "hours", core.Ref("numbers", type=ListOf(NUMBER)),
        core.Compare(">", core.Call("count", (with_variable,), type=NUMBER), core.Const(Decimal(1), type=NUMBER), type=BOOLEAN),
        type=BOOLEAN,
    )  # fmt: skip
    assert unparse(some) == "some hours_2 in numbers satisfies count(certificates[hours = hours_2]) > 1"


# --- round trip -----------------------------------------------------------------------------------------------------

_TEXTS = st.text(max_size=6).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))
_CONSTANTS: dict[Type, st.SearchStrategy[Any]] = {
    NUMBER: st.decimals(1, 10**12, places=3, allow_nan=False) | st.integers(1, 99).map(Decimal) | st.just(Decimal("1E+300")),
    STRING: _TEXTS,
    BOOLEAN: st.booleans(),
    DATE: st.dates(),
    MONTHS: st.integers(-5000, 5000).map(Months),
    DAYS: st.integers(-5000, 5000).map(lambda n: timedelta(days=n)),
    LEVEL: st.sampled_from(LEVEL.values),
}
_REFS: dict[Type, Sequence[str]] = {
    NUMBER: ("n", "m"),
    STRING: ("text", "姓名"),
    BOOLEAN: ("flag",),
    DATE: ("as_of",),
    MONTHS: ("window",),
    DAYS: ("stay",),
}
_SCALARS = (NUMBER, STRING, BOOLEAN, DATE, MONTHS, DAYS)
_Env = tuple[core.Var, ...]


@st.composite
def expressions(draw: st.DrawFn, type_: Type, depth: int = 4, env: _Env = (), counter: list[int] | None = None) -> core.Expr:
    """A well-typed expression, as the checker might give it."""
    count = [0] if counter is None else counter

    def fresh(prefix: str) -> str:
        count[0] += 1
        return f"{prefix}{count[0]}"

    def sub(wanted: Type, further: _Env = (), base: _Env | None = None) -> core.Expr:
        return draw(expressions(wanted, depth - 1, (env if base is None else base) + further, count))

    def bind(prefix: str, wanted: Type) -> core.Var:
        return core.Var(fresh(prefix), type=wanted)

    options = ["const"]
    options += ["ref"] * (type_ in _REFS)
    options += ["var"] * any(_reaches(v.type, type_) for v in env)
    if depth > 0:
        options += {
            NUMBER: ["arithmetic", "negate", "count", "part", "index", "if", "ref"],
            STRING: ["concatenate", "call", "if"],
            BOOLEAN: ["and", "or", "not", "compare", "compare", "quantified", "contains", "in"],
            DATE: ["shift", "index", "if", "max"],
            MONTHS: ["sum", "scaled"],
            DAYS: ["sum", "difference", "scaled"],
        }.get(type_, [])
    if isinstance(type_, ListOf):
        options = ["list"] if depth <= 0 or type_.element == CERTIFICATE else ["list", "filter", "map", "path", "loops"]
        if type_.element == CERTIFICATE:
            options = ["certificates"] if depth <= 0 else ["certificates", "filter"]
    node = {"type": type_}
    match draw(st.sampled_from(options)):
        case "ref":
            return core.Ref(draw(st.sampled_from(_REFS[type_])), **node)
        case "var":
            var = draw(st.sampled_from([v for v in env if _reaches(v.type, type_)]))
            if isinstance(var.type, Record):
                return core.Field(var, draw(st.sampled_from([n for n, t in var.type.fields.items() if t == type_])), **node)
            return var
        case "arithmetic":
            return core.Arithmetic(draw(st.sampled_from(["+", "-", "*", "/", "**"])), sub(NUMBER), sub(NUMBER), **node)
        case "negate":
            operand = sub(NUMBER)
            return operand if isinstance(operand, core.Const) else core.Negate(operand, **node)
        case "count":
            return core.Call("count", (sub(ListOf(draw(st.sampled_from([NUMBER, CERTIFICATE])))),), **node)
        case "part":
            return core.Field(sub(DATE), draw(st.sampled_from(["year", "month", "weekday"])), **node)
        case "index":
            if type_ == DATE:
                return core.Field(
                    core.Index(sub(ListOf(CERTIFICATE)), core.Const(Decimal(1), type=NUMBER), type=CERTIFICATE), "issued", **node
                )
            return core.Index(sub(ListOf(NUMBER)), core.Const(Decimal(draw(st.sampled_from([1, -1, 3]))), type=NUMBER), **node)
        case "if":
            return core.If(sub(BOOLEAN), sub(type_), sub(type_), **node)
        case "concatenate":
            return core.Arithmetic("+", sub(STRING), sub(STRING), **node)
        case "call":
            return core.Call("substring", (sub(STRING), sub(NUMBER)), **node)
        case "and" | "or" as connective:
            operands = tuple(sub(BOOLEAN) for _ in range(draw(st.integers(2, 3))))
            return core.And(operands, **node) if connective == "and" else core.Or(operands, **node)
        case "not":
            return core.Not(sub(BOOLEAN), **node)
        case "compare":
            compared = draw(st.sampled_from(_SCALARS))
            ops = ["=", "!="] if compared == BOOLEAN else ["=", "!=", "<", "<=", ">", ">="]
            return core.Compare(draw(st.sampled_from(ops)), sub(compared), sub(compared), **node)
        case "in":
            left = sub(draw(st.sampled_from([NUMBER, STRING, DATE])))
            values = draw(st.lists(_CONSTANTS[left.type], min_size=2, max_size=3))
            return core.Or(tuple(core.Compare("=", left, core.Const(v, type=left.type), **node) for v in values), **node)
        case "quantified":
            source = sub(ListOf(draw(st.sampled_from([NUMBER, CERTIFICATE]))))
            assert isinstance(source.type, ListOf)
            var = bind("q", source.type.element)
            return core.Quantified(draw(st.sampled_from(["some", "every"])), var.name, source, sub(BOOLEAN, (var,)), **node)
        case "contains":
            source = core.Ref("numbers", type=ListOf(NUMBER))
            var = bind("%", NUMBER)
            return core.Quantified("some", var.name, source, core.Compare("=", sub(NUMBER), var, **node), **node)
        case "shift":
            return core.Arithmetic(draw(st.sampled_from(["+", "-"])), sub(DATE), sub(draw(st.sampled_from([MONTHS, DAYS]))), **node)
        case "max":
            return core.Call("max", (core.MakeList((sub(DATE), sub(DATE)), type=ListOf(DATE)),), **node)
        case "sum":
            return core.Arithmetic(draw(st.sampled_from(["+", "-"])), sub(type_), sub(type_), **node)
        case "scaled":
            return core.Arithmetic("*", sub(type_), sub(NUMBER), **node)
        case "difference":
            return core.Arithmetic("-", sub(DATE), sub(DATE), **node)
        case "certificates":
            return core.Ref("certificates", **node)
        case "list":
            return core.MakeList(tuple(sub(type_.element) for _ in range(draw(st.integers(1, 3)))), **node)
        case "filter":
            source = sub(type_)
            var = bind("%", type_.element)
            # FEEL has no name for the member of an outer filter
            outer = tuple(v for v in env if not v.name.startswith("%"))
            return core.Filter(source, var.name, sub(BOOLEAN, (var,), outer), **node)
        case "map":
            if draw(st.booleans()):
                source = core.Call(INTEGERS, (core.Const(Decimal(1), type=NUMBER), core.Ref("n", type=NUMBER)), type=ListOf(NUMBER))
            else:
                source = sub(ListOf(draw(st.sampled_from([NUMBER, CERTIFICATE]))))
            var = bind("f", source.type.element)
            return core.Map(var.name, source, sub(type_.element, (var,)), **node)
        case "path":
            source = sub(ListOf(CERTIFICATE))
            var = bind("%", CERTIFICATE)
            return core.Map(var.name, source, core.Field(var, "hours", type=NUMBER), **node)
        case "loops":
            first, second = bind("f", NUMBER), bind("f", CERTIFICATE)
            inner = core.Map(second.name, sub(ListOf(CERTIFICATE), (first,)), sub(type_.element, (first, second)), **node)
            outer_map = core.Map(first.name, sub(ListOf(NUMBER)), inner, type=ListOf(type_))
            return core.Call(FLATTEN_ONCE, (outer_map,), **node)
        case _:
            return core.Const(draw(_CONSTANTS[type_]), **node)


def _reaches(own: Type, wanted: Type) -> bool:
    return own == wanted or (isinstance(own, Record) and wanted in own.fields.values())


@given(st.sampled_from([NUMBER, STRING, BOOLEAN, DATE, MONTHS, DAYS, ListOf(NUMBER), ListOf(CERTIFICATE)]).flatmap(expressions))
@settings(max_examples=500, deadline=None)
def test_the_text_gives_the_expression_again(expr: core.Expr) -> None:
    text = unparse(expr)
    again = elaborate(Snippet.of(text), SCOPE)
    assert renamed(again) == renamed(expr), text
    assert unparse(again) == text or renamed(again) == renamed(expr)
    assert again.type == expr.type or ANY in (again.type, expr.type)
