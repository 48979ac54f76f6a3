"""Puts a function's body in place of a call: parameters are substituted, bound variables get fresh names.

Core expressions have no sharing, so a body that uses a parameter twice doubles the argument. `Measures` keeps sizes in bounds
before anything is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dte_rules.feel import core

MAX_SIZE = 20_000
"""The greatest number of nodes of an expression."""

MAX_HEIGHT = 240
"""The greatest height of an expression; walks of it recurse so deep."""


class Measures:
    """Size and height of expressions, each worked out once however often it occurs in another."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[core.Expr, int, int]] = {}  # the expression is kept so that its id stays its own

    def of(self, expr: core.Expr) -> tuple[int, int]:
        """The number of nodes of the tree, and its height."""
        known = self._known.get(id(expr))
        if known is None:
            size = height = 0
            for child in core.children(expr):
                child_size, child_height = self.of(child)
                size += child_size
                height = max(height, child_height)
            known = self._known[id(expr)] = (expr, size + 1, height + 1)
        return known[1], known[2]

    def fits(self, expr: core.Expr) -> bool:
        """Whether the expression is within the limits."""
        size, height = self.of(expr)
        return size <= MAX_SIZE and height <= MAX_HEIGHT

    def fits_inlined(self, template: core.Expr, arguments: Mapping[str, core.Expr]) -> bool:
        """Whether the template with the arguments in place of its variables would be within the limits."""
        size, height = self.of(template)
        sizes = {name: self.of(argument) for name, argument in arguments.items()}
        for node in core.walk(template):
            if isinstance(node, core.Var) and node.name in sizes:
                size += sizes[node.name][0]
        return size <= MAX_SIZE and height + max((h for _, h in sizes.values()), default=0) <= MAX_HEIGHT


def substitute(template: core.Expr, arguments: Mapping[str, core.Expr], fresh: Callable[[str], str]) -> core.Expr:
    """The template with arguments in place of the variables of those names, and new names for the variables that it binds."""
    renamed = {node.var: fresh(node.var) for node in core.walk(template) if isinstance(node, (core.Filter, core.Quantified, core.Map))}

    def change(node: core.Expr) -> core.Expr:
        if isinstance(node, core.Var):
            if node.name in arguments:
                return arguments[node.name]
            return replace(node, name=renamed[node.name]) if node.name in renamed else node
        if isinstance(node, (core.Filter, core.Quantified, core.Map)):
            return replace(node, var=renamed[node.var])
        return node

    return core.rewrite(template, change)


def bound_names(expr: core.Expr) -> set[str]:
    """The names of all variables that occur in an expression, bound or free."""
    names: set[str] = set()
    for node in core.walk(expr):
        if isinstance(node, core.Var):
            names.add(node.name)
        elif isinstance(node, (core.Filter, core.Quantified, core.Map)):
            names.add(node.var)
    return names
