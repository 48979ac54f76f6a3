"""Folds what is already decided in an expression: comparisons of constants, connectives and choices over them.

Only identities of Kleene's logic are used, so that the meaning stays the same whatever is unknown.
"""

from __future__ import annotations

from dataclasses import replace

from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN


def fold(node: core.Expr) -> core.Expr:
    """The node, or a simpler one of the same meaning; its operands are folded already."""
    match node:
        case core.Compare("=" | "!=" as op, core.Const(left), core.Const(right)) if isinstance(left, str) and isinstance(right, str):
            return _const((left == right) is (op == "="), node)
        case core.Not(core.Const(bool() as value)):
            return _const(not value, node)
        case core.And(operands):
            return _connective(node, operands, absorbing=False)
        case core.Or(operands):
            return _connective(node, operands, absorbing=True)
        case core.If(core.Const(bool() as value), then, otherwise):
            return then if value else otherwise
        case _:
            return node


def _connective(node: core.And | core.Or, operands: tuple[core.Expr, ...], *, absorbing: bool) -> core.Expr:
    if any(isinstance(o, core.Const) and o.value is absorbing for o in operands):
        return _const(absorbing, node)
    kept = tuple(o for o in operands if not (isinstance(o, core.Const) and o.value is (not absorbing)))
    if not kept:
        return _const(not absorbing, node)
    return kept[0] if len(kept) == 1 else replace(node, operands=kept) if len(kept) < len(operands) else node


def _const(value: bool, node: core.Expr) -> core.Const:
    return core.Const(value, type=BOOLEAN, span=node.span)
