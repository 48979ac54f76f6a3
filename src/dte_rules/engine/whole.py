"""Python integers for the arithmetic on whole numbers: parts of dates, counts of months.

Decimals are exact but slow, and most arithmetic of laws is on years and months. Where every operand is a part of a date or a whole
constant, and the bounds show that nothing grows past what decimals hold exactly, integers give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dte_rules.feel import core
from dte_rules.feel.types import DATE
from dte_rules.feel.values import Months

LARGEST = 10**12
"""Integers stay below this; decimals hold 34 digits, so a quotient of such numbers is on the right side of every whole number."""
PARTS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}


@dataclass(frozen=True, slots=True)
class Whole:
    """``code`` is an integer between ``low`` and ``high`` where none of ``days``, the dates that it reads, is unknown."""

    code: str
    low: int
    high: int
    days: tuple[core.Expr, ...] = ()


def whole(expr: core.Expr, names: dict[core.Expr, str]) -> Whole | None:
    """An expression as an integer; None where it isn't one. ``names`` are the names of the dates, and is added to."""
    match expr:
        case core.Const(Decimal() as value) if value.as_tuple().exponent == 0 and abs(value) < LARGEST:
            return Whole(f"({int(value)})" if value < 0 else str(int(value)), int(value), int(value))
        case core.Field(core.Const(value), "year" | "month" | "day" as name) if type(value) is date:
            number = getattr(value, name)
            return Whole(str(number), number, number)
        case core.Field(base, "year" | "month" | "day" as name) if base.type == DATE:
            day = names.setdefault(base, f"\0{len(names)}\0")
            return Whole(f"{day}.{name}", *PARTS[name], (base,))
        case core.Arithmetic("+" | "-" | "*" as op, left, right):
            return _combined(op, whole(left, names), whole(right, names))
        case core.Call("floor", (core.Arithmetic("/", left, right),)):
            return _quotient(whole(left, names), whole(right, names))
        case core.Call("floor", (only,)):
            return whole(only, names)
        case core.Call("min" | "max" as name, (core.MakeList(items),)) if items:
            return _extreme(name, [whole(item, names) for item in items])
        case _:
            return None


def months(expr: core.Expr, names: dict[core.Expr, str]) -> Whole | None:
    """A duration as a whole number of months; None where it isn't one."""
    match expr:
        case core.Const(Months(count)) if abs(count) < LARGEST:
            return Whole(f"({count})" if count < 0 else str(count), count, count)
        case core.Arithmetic("+" | "-" as op, left, right):
            return _combined(op, months(left, names), months(right, names))
        case core.Arithmetic("*", core.Const(Months(1)), times) | core.Arithmetic("*", times, core.Const(Months(1))):
            return whole(times, names)
        case core.Arithmetic("*", core.Const(Months()) as duration, times) | core.Arithmetic("*", times, core.Const(Months()) as duration):
            return _combined("*", months(duration, names), whole(times, names))
        case _:
            return None


def bounded(expr: core.Expr) -> bool:
    """Whether an unknown operand leaves bounds on the value, which only the general operators find."""
    return any(isinstance(node, core.Call) and node.function in ("min", "max") for node in core.walk(expr))


def _combined(op: str, a: Whole | None, b: Whole | None) -> Whole | None:
    if a is None or b is None:
        return None
    match op:
        case "+":
            ends = [a.low + b.low, a.high + b.high]
        case "-":
            ends = [a.low - b.high, a.high - b.low]
        case _:
            ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return _within(f"({a.code} {op} {b.code})", ends, a, b)


def _quotient(a: Whole | None, b: Whole | None) -> Whole | None:
    if a is None or b is None or b.low != b.high or b.low <= 0:
        return None
    return _within(f"({a.code} // {b.low})", [a.low // b.low, a.high // b.low], a)


def _extreme(name: str, items: Sequence[Whole | None]) -> Whole | None:
    found = [item for item in items if item is not None]
    if len(found) < len(items):
        return None
    choose = min if name == "min" else max
    if len(found) == 1:
        return found[0]
    ends = [choose(i.low for i in found), choose(i.high for i in found)]
    return _within(f"_{name}({', '.join(i.code for i in found)})", ends, *found)


def _within(code: str, ends: Sequence[int], *operands: Whole) -> Whole | None:
    low, high = min(ends), max(ends)
    if low <= -LARGEST or high >= LARGEST:
        return None
    days = tuple(dict.fromkeys(day for operand in operands for day in operand.days))
    constant = str(low) if low >= 0 else f"({low})"
    return Whole(constant if low == high else code, low, high, days)
