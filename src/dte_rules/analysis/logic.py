"""Truth values and integers that are plain Python where they are constant, and z3 terms where they are not.

Constants are folded here, so that facts that are known throughout make small formulas. A `Bit` is a bool or a z3 BoolRef,
an `Int` an int or a z3 integer term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dte_rules.analysis.solver import z3

Bit = Any
Int = Any


def conj(*bits: Bit) -> Bit:
    """All of them."""
    return conjoined(bits)


def disj(*bits: Bit) -> Bit:
    """Any of them."""
    return disjoined(bits)


def conjoined(bits: Iterable[Bit]) -> Bit:
    """All of several."""
    kept: dict[int, Bit] = {}
    for bit in bits:
        if bit is False:
            return False
        if bit is not True:
            kept[bit.get_id()] = bit
    return _joined(z3.And, kept, True)


def disjoined(bits: Iterable[Bit]) -> Bit:
    """Any of several."""
    kept: dict[int, Bit] = {}
    for bit in bits:
        if bit is True:
            return True
        if bit is not False:
            kept[bit.get_id()] = bit
    return _joined(z3.Or, kept, False)


def _joined(how: Any, kept: dict[int, Bit], neutral: bool) -> Bit:
    for bit in kept.values():
        if z3.is_not(bit) and bit.arg(0).get_id() in kept:
            return not neutral  # one of them and its opposite
    return neutral if not kept else next(iter(kept.values())) if len(kept) == 1 else how(*kept.values())


def neg(bit: Bit) -> Bit:
    """Not it."""
    if isinstance(bit, bool):
        return not bit
    return bit.arg(0) if z3.is_not(bit) else z3.Not(bit)


def implies(premise: Bit, conclusion: Bit) -> Bit:
    """The one only with the other."""
    return disj(neg(premise), conclusion)


def iff(left: Bit, right: Bit) -> Bit:
    """Both or neither."""
    if isinstance(left, bool):
        return right if left else neg(right)
    if isinstance(right, bool):
        return left if right else neg(left)
    return True if left.eq(right) else left == right


def alike(left: Any, right: Any) -> bool:
    """Whether two terms are the same term."""
    if left is right:
        return True
    plain = isinstance(left, (bool, int)), isinstance(right, (bool, int))
    return left == right if all(plain) else not any(plain) and bool(left.eq(right))


def when(condition: Bit, then: Int, otherwise: Int) -> Int:
    """One of two integers."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return then if alike(then, otherwise) else z3.If(condition, then, otherwise)


def either(condition: Bit, then: Bit, otherwise: Bit) -> Bit:
    """One of two truth values."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if alike(then, otherwise):
        return then
    if isinstance(then, bool):
        return disj(condition, otherwise) if then else conj(neg(condition), otherwise)
    if isinstance(otherwise, bool):
        return disj(neg(condition), then) if otherwise else conj(condition, then)
    return z3.If(condition, then, otherwise)


def equal(left: Int, right: Int) -> Bit:
    """Whether two integers are equal."""
    return True if alike(left, right) else left == right


def less(left: Int, right: Int) -> Bit:
    """Whether one integer is below another."""
    return False if alike(left, right) else left < right


def at_most(left: Int, right: Int) -> Bit:
    """Whether one integer is at most another."""
    return True if alike(left, right) else left <= right


def total(terms: Sequence[Int]) -> Int:
    """The sum of integers."""
    constant = sum(term for term in terms if isinstance(term, int))
    rest = [term for term in terms if not isinstance(term, int)]
    if not rest:
        return constant
    return z3.Sum([*rest, z3.IntVal(constant)] if constant else rest) if len(rest) > 1 or constant else rest[0]


def ones(bits: Iterable[Bit]) -> Int:
    """How many of the truth values are true."""
    return total([when(bit, 1, 0) for bit in bits])


def quotient(term: Int, divisor: int) -> Int:
    """The quotient by a positive constant, towards minus infinity."""
    return term // divisor if isinstance(term, int) else term if divisor == 1 else term / divisor


def remainder(term: Int, divisor: int) -> Int:
    """The remainder of `quotient`, never negative."""
    return term % divisor
