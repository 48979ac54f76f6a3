"""The faults that mutation plants in one node of an expression: a threshold off by one, a comparison the other way, a condition left out.

An edit is a replacement of a node, with words for it. Faults that a text could really have are meant, not all that are thinkable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.analysis.expression_text import plain_text
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, Enum
from dte_rules.feel.unparse import literal
from dte_rules.feel.values import Months

DAY = timedelta(days=1)
NEAR: dict[str, tuple[core.CompareOp, ...]] = {
    "<": ("<=",),
    "<=": ("<",),
    ">": (">=",),
    ">=": (">",),
    "=": (),
    "!=": (),
}
OPPOSITE: dict[str, core.CompareOp] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
OTHER_FUNCTION = {"max": "min", "min": "max", "floor": "ceiling", "ceiling": "floor"}
UNWRAPPED = ("working_day_on_or_after", "last_day_of_month", "happened")
"""Functions whose first argument stands for the whole, if the fault is that they were forgotten."""
LONGEST = 60


@dataclass(frozen=True)
class Edit:
    """A replacement of a node. ``operator`` names the kind of fault."""

    operator: str
    new: core.Expr
    zh: str
    en: str


def edits(node: core.Expr, texts: tuple[str, ...], *, condition: bool, choice: bool) -> Iterator[Edit]:
    """The faults of a node. ``texts`` are other texts that could stand in its place.

    ``condition`` says whether the node stands where a condition stands; ``choice`` whether it is compared with a reading.
    """
    match node:
        case core.Const():
            if not choice:
                yield from _constant(node, texts)
        case core.Compare(op):
            yield from _comparison(node, op, choice)
        case core.And(operands) | core.Or(operands):
            yield from _connective(node, operands)
        case core.Not(operand):
            yield Edit("negate", operand, f"去掉否定 {_short(node)}", f"negation dropped: {_short(node)}")
        case core.If(_, then, otherwise):
            yield Edit("exception", then, f"总取前者 {_short(then)}", f"always {_short(then)}")
            yield Edit("exception", otherwise, f"总取后者 {_short(otherwise)}", f"always {_short(otherwise)}")
        case core.Quantified(kind):
            other: Any = "every" if kind == "some" else "some"
            yield Edit("quantifier", replace(node, kind=other), f"{kind} 改为 {other}", f"{kind} becomes {other}")
        case core.Filter(source):
            yield Edit("drop", source, f"去掉筛选 {_short(node.condition)}", f"filter dropped: {_short(node.condition)}")
        case core.Call(function, arguments):
            yield from _call(node, function, arguments)
        case core.Arithmetic(op, left, right) if op in "+-":
            turned: Any = "-" if op == "+" else "+"
            new = replace(node, op=turned, left=left, right=right)
            yield Edit("arithmetic", new, f"{_short(node)} 的 {op} 改为 {turned}", f"{op} becomes {turned} in {_short(node)}")
        case _:
            pass
    if condition and isinstance(node, (core.Field, core.Call, core.Ref, core.Quantified)):
        negated = core.Not(node, type=BOOLEAN, span=node.span)
        yield Edit("negate", negated, f"取反 {_short(node)}", f"negated: {_short(node)}")


def _constant(node: core.Const, texts: tuple[str, ...]) -> Iterator[Edit]:
    value = node.value
    others: list[Any] = []
    operator = "threshold"
    match value:
        case bool():
            others, operator = [not value], "negate"
        case Decimal():
            exponent = value.as_tuple().exponent
            step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
            others = [value - step, value + step]
        case date():
            others, operator = [value - DAY, value + DAY], "date"
        case Months(count):
            others = [Months(count - 1), Months(count + 1)]
        case timedelta():
            others = [value - DAY, value + DAY]
        case str():
            operator = "constant"
            if isinstance(node.type, Enum) and value in node.type.values and len(node.type.values) > 1:
                place = node.type.values.index(value)
                others = [node.type.values[(place + 1) % len(node.type.values)]]
            elif len(value) == 6 and value.isdigit():
                others = [_other_division(value)]
            elif texts:
                place = texts.index(value) if value in texts else -1
                others = [text for text in (texts[(place + 1) % len(texts)],) if text != value]
        case _:
            pass
    for other in others:
        new = replace(node, value=other)
        yield Edit(operator, new, f"{literal(value)} 改为 {literal(other)}", f"{literal(value)} becomes {literal(other)}")


def _other_division(code: str) -> str:
    """A division beside: another city of the province, another province."""
    if code.endswith("0000"):
        return "310000" if code != "310000" else "330000"
    return code[:2] + "0100" if not code.startswith(code[:2] + "01") else code[:2] + "0200"


def _comparison(node: core.Compare, op: str, choice: bool) -> Iterator[Edit]:
    if op == "=" and isinstance(node.left, core.Var) and node.left.name.startswith("?"):
        return  # a plain cell of a table, which can hold another value but no other comparison
    for near in () if choice else NEAR[op]:
        yield Edit("comparison", replace(node, op=near), f"{_short(node)} 的 {op} 改为 {near}", f"{op} becomes {near} in {_short(node)}")
    other = OPPOSITE[op]
    yield Edit("negate", replace(node, op=other), f"{_short(node)} 的 {op} 改为 {other}", f"{op} becomes {other} in {_short(node)}")


def _connective(node: core.And | core.Or, operands: tuple[core.Expr, ...]) -> Iterator[Edit]:
    for place, operand in enumerate(operands):
        kept = operands[:place] + operands[place + 1 :]
        new = kept[0] if len(kept) == 1 else replace(node, operands=kept)
        kind = "exception" if isinstance(operand, core.Not) else "drop"
        yield Edit(kind, new, f"去掉 {_short(operand)}", f"dropped: {_short(operand)}")
    word, other = ("and", core.Or) if isinstance(node, core.And) else ("or", core.And)
    turned = "or" if word == "and" else "and"
    swapped = other(operands, type=node.type, span=node.span)
    yield Edit("connective", swapped, f"{_short(node)} 的 {word} 改为 {turned}", f"{word} becomes {turned} in {_short(node)}")


def _call(node: core.Call, function: str, arguments: tuple[core.Expr, ...]) -> Iterator[Edit]:
    if function in OTHER_FUNCTION:
        other = OTHER_FUNCTION[function]
        yield Edit("function", replace(node, function=other), f"{function} 改为 {other}", f"{function} becomes {other}")
    if function in UNWRAPPED:
        yield Edit("drop", arguments[0], f"去掉 {function}", f"{function} dropped")


def _short(expr: core.Expr) -> str:
    return plain_text(expr, LONGEST)
