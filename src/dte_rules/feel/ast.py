"""The surface syntax tree of FEEL: what the author wrote, before names are resolved and types are checked.

Each node has the span of its text. Forms that mean the same (``between`` and ``in [a..b]``) are still apart here; the
checker (`feel.elaborate`) brings them together in `feel.core`. The rest of FEEL (contexts, function definitions,
``instance of``) will be further classes of `Expr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dte_rules.source.span import Span

CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOp = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """``3``, ``.5``, ``1.20``, ``1e3``."""

    value: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A text in double quotes, its escapes already resolved."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class BooleanLiteral:
    """``true`` or ``false``."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class NullLiteral:
    """``null``."""

    span: Span


@dataclass(frozen=True, slots=True)
class AtLiteral:
    """``@"2024-05-01"``, ``@"P12M"``: the text between the quotes."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name; several words are joined by single spaces."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Input:
    """``?``: in a unary test, the value that is tested."""

    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """``base.name``."""

    base: Expr
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call, with its name where it is given by name."""

    name: Name | None
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``."""

    function: Name
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Filter:
    """``source[condition]``: a filter, or an index where the condition is a number."""

    source: Expr
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    """``-operand``."""

    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right``."""

    op: ArithmeticOp
    left: Expr
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left op right``."""

    op: CompareOp
    left: Expr
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class And:
    """``a and b and c``."""

    operands: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Or:
    """``a or b or c``."""

    operands: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    """``not(operand)``."""

    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Between:
    """``value between low and high``; both ends belong to it."""

    value: Expr
    low: Expr
    high: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Interval:
    """``[low..high]``, ``(low..high)``, ``]low..high[``."""

    low: Expr
    high: Expr
    low_closed: bool
    high_closed: bool
    span: Span


@dataclass(frozen=True, slots=True)
class UnaryComparison:
    """``> 5``: a test of one value, in a cell, after ``in``, or in parentheses as an open range."""

    op: CompareOp
    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class In:
    """``value in test`` or ``value in (test, test)``: whether any of the tests holds of the value."""

    value: Expr
    tests: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """``if condition then ... else ...``."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """``[a, b, c]``."""

    items: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Iterator:
    """``name in source``, or ``name in start..end`` over whole numbers (then ``end`` is given)."""

    name: Name
    source: Expr
    end: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """``for x in a, y in b return body``."""

    iterators: tuple[Iterator, ...]
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Quantified:
    """``some`` or ``every`` ``x in a, y in b satisfies condition``."""

    kind: Literal["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Expr
    span: Span


Expr = (
    NumberLiteral | StringLiteral | BooleanLiteral | NullLiteral | AtLiteral | Name | Input | Path | Call | Filter
    | Negation | Arithmetic | Comparison | And | Or | Not | Between | Interval | UnaryComparison | In | If | ListLiteral
    | For | Quantified
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The text of a table's cell. No tests at all is ``-``, which holds always."""

    tests: tuple[Expr, ...]
    negated: bool
    span: Span
