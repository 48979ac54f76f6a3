"""The rules of types that need no names: what arithmetic gives, what parts values have, which texts are an enumeration's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dte_rules.feel import core, types
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, RangeOf, Record, Type, conforms

DURATIONS = (MONTHS, DAYS)

PROPERTIES: Mapping[Type, tuple[str, ...]] = {DATE: ("year", "month", "day", "weekday"), MONTHS: ("years", "months"), DAYS: ("days",)}
"""The parts of values that aren't records; each is a number."""


def arithmetic_type(op: core.ArithmeticOp, left: Type, right: Type) -> Type | None:
    """The type of ``left op right``, or None where it isn't defined."""
    left, right = (STRING if isinstance(t, Enum) else t for t in (left, right))
    known = (NUMBER, STRING, DATE, MONTHS, DAYS, ANY)
    if left not in known or right not in known:
        return None
    if left == NUMBER == right:
        return NUMBER
    if ANY in (left, right):
        return _with_any(op, right if left == ANY else left)
    match op:
        case "+":
            if left == right and left in (STRING, *DURATIONS):
                return left
            return DATE if (left == DATE and right in DURATIONS) or (right == DATE and left in DURATIONS) else None
        case "-":
            if left == right:
                return DAYS if left == DATE else left if left in DURATIONS else None
            return DATE if left == DATE and right in DURATIONS else None
        case "*":
            return left if left in DURATIONS and right == NUMBER else right if right in DURATIONS and left == NUMBER else None
        case "/":
            return left if left in DURATIONS and right == NUMBER else NUMBER if left == right and left in DURATIONS else None
        case "**":
            return None


def _with_any(op: core.ArithmeticOp, other: Type) -> Type | None:
    if op == "**":
        return NUMBER if other in (NUMBER, ANY) else None
    if other == STRING:
        return STRING if op == "+" else None
    return None if other == DATE and op in ("*", "/") else ANY


def literals(expr: core.Expr) -> Iterator[core.Const]:
    """The literal texts that an expression may give; nothing where it may give anything else as well."""
    found = _literals(expr)
    return iter(found or ())


def _literals(expr: core.Expr) -> list[core.Const] | None:
    if isinstance(expr, core.Const) and isinstance(expr.value, str):
        return [expr]
    if isinstance(expr, core.If):
        then, otherwise = _literals(expr.then), _literals(expr.otherwise)
        return None if then is None or otherwise is None else then + otherwise
    return None


def enum_literals(expr: core.Expr, wanted: Type) -> Iterator[tuple[core.Const, Enum]]:
    """The literal texts of an expression that must be values of an enumeration if the expression is to be of type ``wanted``."""
    if isinstance(wanted, Enum):
        for const in literals(expr):
            yield const, wanted
    elif isinstance(wanted, ListOf) and isinstance(expr, core.MakeList):
        for item in expr.items:
            yield from enum_literals(item, wanted.element)


def fits(expr: core.Expr, wanted: Type) -> bool:
    """Whether an expression may stand where ``wanted`` is asked for; a literal text may stand for an enumeration's value."""
    if conforms(expr.type, wanted):
        return True
    if isinstance(wanted, Enum):
        return _literals(expr) is not None
    if isinstance(wanted, ListOf) and isinstance(expr, core.MakeList):
        return all(fits(item, wanted.element) for item in expr.items)
    return False


def field_type(base: Type, name: str) -> Type | None:
    """The type of a field of a record or of a part of a date or duration; None where there is none."""
    if isinstance(base, Record):
        return base.fields.get(name)
    if base in (ANY, types.NULL):
        return ANY
    return NUMBER if name in PROPERTIES.get(base, ()) else None


def field_names(base: Type) -> tuple[str, ...]:
    """The names of a value's fields or parts."""
    return base.names if isinstance(base, Record) else PROPERTIES.get(base, ())


def is_enum_value(word: str, roots: Iterable[Type]) -> bool:
    """Whether a word is a value of any enumeration within the types: then it lacks only its quotes."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, Enum):
            if word in type_.values:
                return True
        elif isinstance(type_, (ListOf, RangeOf)):
            waiting.append(type_.element)
        elif isinstance(type_, Record) and type_.name not in seen:
            seen.add(type_.name)
            waiting.extend(type_.fields.values())
    return False


def is_condition(type_: Type) -> bool:
    """Whether a value of the type can be asked for its truth."""
    return type_ in (BOOLEAN, ANY)
