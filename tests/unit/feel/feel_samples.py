"""A small vocabulary and helpers, shared by the tests of FEEL."""

from __future__ import annotations

from collections.abc import Sequence

from dte_rules.feel import core
from dte_rules.feel.elaborate import Scope, UserFunction, elaborate, elaborate_all, elaborate_tests_all
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, RangeOf, Record, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet

LEVEL = Enum("等级", ("初级", "中级", "高级"))
SEX = Enum("性别", ("男", "女"))
KIND = Enum("证书种类", ("专业技术等级证书", "培训合格证书"))
CERTIFICATE = Record("certificate", {"kind": KIND, "level": LEVEL, "issued": DATE, "hours": NUMBER, "listed": BOOLEAN})
INSURANCE = Record("insurance", {"region": STRING, "paying_now": BOOLEAN})
PERSON = Record(
    "person",
    {"age": NUMBER, "sex": SEX, "name": STRING, "birth_date": DATE, "veteran": BOOLEAN, "insurance": ListOf(INSURANCE)},
)
TRAINING = Record("training", {"level": LEVEL, "hours_completed": NUMBER, "started": DATE})

NAMES: dict[str, Type] = {
    "person": PERSON,
    "training": TRAINING,
    "certificates": ListOf(CERTIFICATE),
    "as_of": DATE,
    "n": NUMBER,
    "m": NUMBER,
    "flag": BOOLEAN,
    "text": STRING,
    "numbers": ListOf(NUMBER),
    "window": MONTHS,
    "stay": DAYS,
    "anything": ANY,
    "band": RangeOf(NUMBER),
    "姓名": STRING,
}


def function(name: str, parameters: dict[str, Type], body: str, result: Type | None = None) -> UserFunction:
    return UserFunction(name, tuple(parameters.items()), result, Snippet.of(body, f"{name}.feel"))


FUNCTIONS = {
    f.name: f
    for f in (
        function("twice", {"x": NUMBER}, "x + x", NUMBER),
        function("above", {"x": NUMBER}, "count(certificates[hours > x])", NUMBER),
        function("has_level", {"wanted": LEVEL}, "some c in certificates satisfies c.level = wanted", BOOLEAN),
        function("loop", {"x": NUMBER}, "other(x)"),
        function("other", {"x": NUMBER}, "loop(x)"),
        function("broken", {"x": NUMBER}, "x + certificats"),
        function("unreadable", {"x": NUMBER}, "x +"),
        function("mistyped", {"x": NUMBER}, "x", STRING),
    )
}

SCOPE = Scope(NAMES, FUNCTIONS)


def core_of(text: str, expected: Type | None = None, **options: bool) -> core.Expr:
    return elaborate(Snippet.of(text), SCOPE, expected, **options)


def found(text: str, expected: Type | None = None, **options: bool) -> tuple[Diagnostic, ...]:
    return elaborate_all(Snippet.of(text), SCOPE, expected, **options).diagnostics


def codes(text: str, expected: Type | None = None, **options: bool) -> list[str]:
    return [type(d).__name__ for d in found(text, expected, **options)]


def cell(text: str, type_: Type, **options: bool) -> core.Expr | None:
    result = elaborate_tests_all(Snippet.of(text), SCOPE, type_, core.Var("?1", type=type_), **options)
    assert not result.diagnostics, result.diagnostics
    return result.expr


def cell_codes(text: str, type_: Type) -> list[str]:
    return [type(d).__name__ for d in elaborate_tests_all(Snippet.of(text), SCOPE, type_, core.Var("?1", type=type_)).diagnostics]


def place(diagnostic: Diagnostic) -> tuple[int, int, int, int]:
    span = diagnostic.span
    assert span is not None
    return span.line, span.column, span.end_line, span.end_column


def renamed(expr: core.Expr) -> core.Expr:
    """The expression with its bound variables named in order, so that equal meaning compares equal."""
    binders: Sequence[str] = [n.var for n in core.walk(expr) if isinstance(n, (core.Filter, core.Quantified, core.Map))]
    names = {var: f"v{i}" for i, var in enumerate(dict.fromkeys(binders))}

    def change(node: core.Expr) -> core.Expr:
        match node:
            case core.Var(name) if name in names:
                return core.Var(names[name], type=node.type)
            case core.Filter(source, var, condition):
                return core.Filter(source, names[var], condition, type=node.type)
            case core.Quantified(kind, var, source, condition):
                return core.Quantified(kind, names[var], source, condition, type=node.type)
            case core.Map(var, source, body):
                return core.Map(names[var], source, body, type=node.type)
            case _:
                return node

    return core.rewrite(expr, change)
