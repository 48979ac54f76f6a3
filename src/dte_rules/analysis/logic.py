"""Truth values and integers that are plain Python where they are constant, and z3 terms where they are not.

Constants are folded here, so that facts that are known throughout make small formulas. A `Bit` is a bool or a z3 BoolRef,
an `Int` an int or a z3 integer term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dte_rules.analysis.solver import z3

_SMALL = 2**62
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
    return _joined(z3.Z3_mk_and, kept, True)


def disjoined(bits: Iterable[Bit]) -> Bit:
    """Any of several."""
    kept: dict[int, Bit] = {}
    for bit in bits:
        if bit is True:
            return True
        if bit is not False:
            kept[bit.get_id()] = bit
    return _joined(z3.Z3_mk_or, kept, False)


# Terms are made by z3's C functions here: its Python ones check and convert every argument, for most of the time of an encoding.


def _joined(how: Any, kept: dict[int, Bit], neutral: bool) -> Bit:
    if len(kept) < 2:
        return next(iter(kept.values())) if kept else neutral
    for bit in kept.values():
        opposite = _opposite(bit)
        if opposite is not None and z3.Z3_get_ast_id(bit.ctx_ref(), opposite) in kept:
            return not neutral  # one of them and its opposite
    ctx = next(iter(kept.values())).ctx
    terms = (z3.Ast * len(kept))(*(bit.ast for bit in kept.values()))
    return z3.BoolRef(how(ctx.ref(), len(kept), terms), ctx)


def _opposite(bit: Bit) -> Any:
    """What a term is the negation of; None where it is none."""
    ref = bit.ctx_ref()
    if z3.Z3_get_decl_kind(ref, z3.Z3_get_app_decl(ref, bit.ast)) != z3.Z3_OP_NOT:
        return None
    return z3.Z3_get_app_arg(ref, bit.ast, 0)


def neg(bit: Bit) -> Bit:
    """Not it."""
    if isinstance(bit, bool):
        return not bit
    opposite = _opposite(bit)
    return z3.BoolRef(z3.Z3_mk_not(bit.ctx_ref(), bit.ast) if opposite is None else opposite, bit.ctx)


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
    if isinstance(left, int) or isinstance(right, int):
        return isinstance(left, int) and isinstance(right, int) and left == right
    return bool(left.ast.value == right.ast.value)  # of one context, whose equal terms are one


def when(condition: Bit, then: Int, otherwise: Int) -> Int:
    """One of two integers."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if alike(then, otherwise):
        return then
    ctx, ref = condition.ctx, condition.ctx_ref()
    first, second = (_integer(term, ctx) for term in (then, otherwise))
    return z3.ArithRef(z3.Z3_mk_ite(ref, condition.ast, first.ast, second.ast), ctx)


def _integer(term: Int, ctx: Any) -> Any:
    if not isinstance(term, int):
        return term
    if abs(term) > _SMALL:
        return z3.IntVal(term, ctx)
    ref = ctx.ref()
    return z3.IntNumRef(z3.Z3_mk_int64(ref, term, z3.Z3_mk_int_sort(ref)), ctx)


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
    if alike(left, right):
        return True
    if isinstance(left, int):
        if isinstance(right, int):
            return False
        left, right = right, left
    ctx = left.ctx
    return z3.BoolRef(z3.Z3_mk_eq(ctx.ref(), left.ast, _integer(right, ctx).ast), ctx)


def less(left: Int, right: Int) -> Bit:
    """Whether one integer is below another."""
    if isinstance(left, int):
        return False if alike(left, right) else left < right
    ctx = left.ctx
    return False if alike(left, right) else z3.BoolRef(z3.Z3_mk_lt(ctx.ref(), left.ast, _integer(right, ctx).ast), ctx)


def at_most(left: Int, right: Int) -> Bit:
    """Whether one integer is at most another."""
    if alike(left, right):
        return True
    if isinstance(left, int):
        return left <= right
    ctx = left.ctx
    return z3.BoolRef(z3.Z3_mk_le(ctx.ref(), left.ast, _integer(right, ctx).ast), ctx)


def total(terms: Sequence[Int]) -> Int:
    """The sum of integers."""
    constant = sum(term for term in terms if isinstance(term, int))
    rest = [term for term in terms if not isinstance(term, int)]
    if not rest:
        return constant
    return z3.Sum([*rest, z3.IntVal(constant, rest[0].ctx)] if constant else rest) if len(rest) > 1 or constant else rest[0]


def ones(bits: Iterable[Bit]) -> Int:
    """How many of the truth values are true."""
    return total([when(bit, 1, 0) for bit in bits])


def quotient(term: Int, divisor: int) -> Int:
    """The quotient by a positive constant, towards minus infinity."""
    return term // divisor if isinstance(term, int) else term if divisor == 1 else term / divisor


def remainder(term: Int, divisor: int) -> Int:
    """The remainder of `quotient`, never negative."""
    return term % divisor
