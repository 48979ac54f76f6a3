"""Takes numbers apart that are trees of cases: a comparison with one becomes a tree of comparisons, which z3 decides far sooner.

The formulas stay the same in meaning. What would grow too much is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from dte_rules.analysis.logic import Bit
from dte_rules.analysis.solver import z3

MOST = 1_000_000
"""Into so many comparisons formulas may be taken apart. (Most come out alike and are made once.)"""


def expanded(bits: Sequence[Bit]) -> Sequence[Bit]:
    """The formulas with no tree of cases in any number; themselves where they would grow too much."""
    if not bits or comparisons(bits) > MOST:
        return bits
    context = bits[0].ctx
    goal = z3.Goal(ctx=context)
    goal.add(*bits)
    (made,) = z3.Tactic("blast-term-ite", ctx=context)(goal)
    return list(made)


def comparisons(bits: Sequence[Bit]) -> int:
    """At most how many comparisons come of those of the formulas that are with trees of cases; not counted far beyond `MOST`."""
    ref = bits[0].ctx_ref()
    ast_id, arity, part_of = map(_unchecked, (z3.Z3_get_ast_id, z3.Z3_get_app_num_args, z3.Z3_get_app_arg))
    sort, sort_kind, declared, kind = map(_unchecked, (z3.Z3_get_sort, z3.Z3_get_sort_kind, z3.Z3_get_app_decl, z3.Z3_get_decl_kind))
    leaves: dict[int, int] = {}
    total = 0
    waiting: list[tuple[Any, int, list[int] | None]] = [(bit.ast, ast_id(ref, bit.ast), None) for bit in bits]
    while waiting and total <= MOST:
        term, key, keys = waiting.pop()
        if key in leaves:
            continue
        if keys is None:
            parts = [part_of(ref, term, n) for n in range(arity(ref, term))]
            keys = [ast_id(ref, part) for part in parts]
            waiting.append((term, key, keys))
            waiting += [(part, own, None) for part, own in zip(parts, keys, strict=True) if own not in leaves]
            continue
        counts = [leaves[own] for own in keys]
        if sort_kind(ref, sort(ref, term)) == z3.Z3_BOOL_SORT:
            grown = prod(counts)
            total += grown if grown > 1 else 0
            leaves[key] = 1
        elif len(counts) == 3 and kind(ref, declared(ref, term)) == z3.Z3_OP_ITE:
            leaves[key] = counts[1] + counts[2]
        else:
            leaves[key] = prod(counts)
    return total


def _unchecked(function: Any) -> Any:
    """A function of z3 that looks into a term, without the check for errors after each call, which takes longer than the call."""
    kept = function.__defaults__
    return getattr(kept[-1], "f", function) if kept else function
