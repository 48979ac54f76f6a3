"""The core language: what FEEL means once names are resolved and types are checked.

The checker (`feel.elaborate`) translates the syntax tree of an expression into these few nodes; everything behind it
(the reference evaluator, the compiled engine, SQL, the solver) knows only them. Surface forms that can be said with
others are gone: `between`, `in`, `list contains`, unary tests, filters with implicit field names, user functions.

A node's span and type don't take part in equality, so that equal expressions of two places compare equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from dte_rules.feel.types import Type
from dte_rules.source.span import Span

CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOp = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True, kw_only=True)
class Node:
    """The base of all nodes: its type, and the text from which it came."""

    type: Type = field(compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Const(Node):
    """A value: Decimal, str, bool, date, Months, timedelta, None (FEEL's null), or a tuple of such."""

    value: Any

    def __eq__(self, other: object) -> bool:  # True == 1 in Python, but not here; 1.0 and 1 print differently
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True)
class Missing(Node):
    """A value that is unknown whatever the facts: an open point, a delegated rule, a source not in force."""

    needs: tuple[str, ...]


@dataclass(frozen=True)
class Ref(Node):
    """A global name: a root of the facts, a term, a parameter, a reading, ``as_of``. Its meaning is the environment's."""

    name: str


@dataclass(frozen=True)
class Var(Node):
    """A variable bound by Filter, Quantified or Map, or by a table's input (``?1``). Names are unique in an expression."""

    name: str


@dataclass(frozen=True)
class Field(Node):
    """A field of a record, or a property of a date (``year``, ``month``, ``day``, ``weekday``) or a duration."""

    base: Expr
    name: str


@dataclass(frozen=True)
class And(Node):
    """Kleene's conjunction of one or more."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True)
class Or(Node):
    """Kleene's disjunction of one or more."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True)
class Not(Node):
    """Kleene's negation."""

    operand: Expr


@dataclass(frozen=True)
class Compare(Node):
    """A comparison; both sides have comparable types."""

    op: CompareOp
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Arithmetic(Node):
    """Arithmetic on numbers; + and - also on dates with durations, on two dates, and + on two texts."""

    op: ArithmeticOp
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Negate(Node):
    """The negative of a number or a duration."""

    operand: Expr


@dataclass(frozen=True)
class If(Node):
    """One of two values; an unknown condition gives the join of both."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class MakeList(Node):
    """A list literal."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Filter(Node):
    """The members of a list for which the condition is true; where it is unknown, they are possible members."""

    source: Expr
    var: str
    condition: Expr


@dataclass(frozen=True)
class Index(Node):
    """The n-th member, from 1; negative from the end; null where there is none."""

    source: Expr
    index: Expr


@dataclass(frozen=True)
class Quantified(Node):
    """``some`` or ``every`` member of a list satisfies a condition."""

    kind: Literal["some", "every"]
    var: str
    source: Expr
    condition: Expr


@dataclass(frozen=True)
class Map(Node):
    """``for var in source return body``; a path over a list (``certificates.issued``) too."""

    var: str
    source: Expr
    body: Expr


@dataclass(frozen=True)
class Call(Node):
    """A built-in function, by its name in `feel.builtins`."""

    function: str
    arguments: tuple[Expr, ...]


Expr = (
    Const | Missing | Ref | Var | Field | And | Or | Not | Compare | Arithmetic | Negate | If | MakeList | Filter | Index
    | Quantified | Map | Call
)  # fmt: skip


_PARTS: Mapping[type, tuple[str, ...]] = {
    node: tuple(f.name for f in fields(node) if f.type in ("Expr", "tuple[Expr, ...]")) for node in get_args(Expr)
}
"""The names of each node's fields that hold expressions, or tuples of them."""


def children(expr: Expr) -> Iterator[Expr]:
    """The direct sub-expressions, in order."""
    for name in _PARTS[type(expr)]:
        value = getattr(expr, name)
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and everything in it, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to every node, innermost first; unchanged parts are kept as they are."""
    changed: dict[str, Any] = {}
    for name in _PARTS[type(expr)]:
        value = getattr(expr, name)
        if isinstance(value, tuple):
            items = tuple([rewrite(item, change) for item in value])
            if any(a is not b for a, b in zip(items, value, strict=True)):
                changed[name] = items
        else:
            new = rewrite(value, change)
            if new is not value:
                changed[name] = new
    return change(replace(expr, **changed) if changed else expr)
