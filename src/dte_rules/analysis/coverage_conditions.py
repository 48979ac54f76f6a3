"""Conditions taken apart: a tree of connectives over atoms, each of which is true, false or unknown in an evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dte_rules.engine.plan import expressions
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Citation, Group, Program, Rule, Table
from dte_rules.source.span import Span

Truth = bool | None
Tree = tuple[Any, ...]
"""``("atom", n)``, ``("and", ...)``, ``("or", ...)``, ``("not", t)``, ``("if", c, t, e)``, ``("const", truth)``."""
Kind = Literal["rule", "within", "choice", "group"]


@dataclass(frozen=True)
class Condition:
    """A condition whose atoms are counted: a rule's own, one within a list, what an `if` asks, or a group of conditions."""

    key: tuple[Any, ...]
    rule: Rule
    kind: Kind
    tree: Tree
    atoms: tuple[core.Expr | str, ...]
    """The atoms: expressions, or for a group the slots of its members."""
    span: Span | None
    node: core.Expr | None = field(default=None, compare=False, repr=False)
    """The condition itself; None for a group."""

    @property
    def cites(self) -> tuple[Citation, ...]:
        """The clauses on which the rule rests."""
        return self.rule.cites


def conditions_of(rule: Rule, program: Program) -> tuple[Condition, ...]:
    """Every condition of a rule. What only asks which reading was chosen is no atom."""
    if isinstance(rule.body, Group):
        kind = {"all": "and", "any": "or", "none": "or"}[rule.body.kind]
        tree: Tree = (kind, *(("atom", n) for n in range(len(rule.body.members))))
        tree = ("not", tree) if rule.body.kind == "none" else tree
        return (Condition((rule.slot, rule.period, "group"), rule, "group", tree, rule.body.members, rule.span),)
    found: list[Condition] = []
    for number, expr in enumerate(expressions(rule)):
        for node, kind in _conditions(expr, whole=not isinstance(rule.body, Table)):
            atoms: list[core.Expr] = []
            tree = _tree(node, atoms, program)
            if atoms:
                key = (rule.slot, rule.period, number, node.span, kind, len(found))
                found.append(Condition(key, rule, kind, tree, tuple(atoms), node.span, node))
    return tuple(found)


def _conditions(expr: core.Expr, *, whole: bool) -> Iterator[tuple[core.Expr, Kind]]:
    if whole and expr.type == BOOLEAN:
        yield expr, "rule"
    yield from _inner(expr, within=whole and expr.type == BOOLEAN)


def _inner(expr: core.Expr, *, within: bool) -> Iterator[tuple[core.Expr, Kind]]:
    """Conditions in an expression that is itself, or is not, part of one."""
    match expr:
        case core.And() | core.Or() | core.Not():
            for child in core.children(expr):
                yield from _inner(child, within=within)
        case core.Filter(source, _, condition) | core.Quantified(_, _, source, condition):
            yield from _inner(source, within=False)
            yield condition, "within"
            yield from _inner(condition, within=True)
        case core.If(condition, then, otherwise):
            if not (within and expr.type == BOOLEAN):
                yield condition, "choice"
            yield from _inner(condition, within=True)
            yield from _inner(then, within=within)
            yield from _inner(otherwise, within=within)
        case _:
            for child in core.children(expr):
                yield from _inner(child, within=False)


def _tree(expr: core.Expr, atoms: list[core.Expr], program: Program) -> Tree:
    match expr:
        case core.And(operands):
            return ("and", *(_tree(o, atoms, program) for o in operands))
        case core.Or(operands):
            return ("or", *(_tree(o, atoms, program) for o in operands))
        case core.Not(operand):
            return ("not", _tree(operand, atoms, program))
        case core.If(condition, then, otherwise) if expr.type == BOOLEAN:
            return ("if", *(_tree(e, atoms, program) for e in (condition, then, otherwise)))
        case core.Const(bool() as value):
            return ("const", value)
        case core.Missing():
            return ("const", None)
        case _ if asks_reading(expr, program):
            return ("asks", expr)
        case _:
            atoms.append(expr)
            return ("atom", len(atoms) - 1)


def asks_reading(expr: core.Expr, program: Program) -> bool:
    """Whether an expression rests on nothing but the choice of readings."""
    names = [node.name for node in core.walk(expr) if isinstance(node, (core.Ref, core.Var))]
    return bool(names) and all(name in program.interpretations for name in names)


def outcome(tree: Tree, values: Sequence[Truth], asked: Mapping[int, Truth]) -> Truth:
    """The condition's truth from those of its atoms; ``asked`` are the truths of what asks for readings, by the node's id."""
    match tree[0]:
        case "atom":
            own: Truth = values[tree[1]]
            return own
        case "const":
            return bool(tree[1]) if tree[1] is not None else None
        case "asks":
            return asked.get(id(tree[1]))
        case "not":
            inner = outcome(tree[1], values, asked)
            return None if inner is None else not inner
        case "if":
            test = outcome(tree[1], values, asked)
            if test is not None:
                return outcome(tree[2] if test else tree[3], values, asked)
            one, other = outcome(tree[2], values, asked), outcome(tree[3], values, asked)
            return one if one is other else None
        case kind:
            parts = [outcome(part, values, asked) for part in tree[1:]]
            absorbing: bool = kind == "or"
            if absorbing in parts:
                return absorbing
            return None if None in parts else not absorbing


def determines(tree: Tree, values: Sequence[Truth], asked: Mapping[int, Truth], atom: int) -> bool:
    """Whether the atom, as it is, decides: with its opposite the condition would come out opposite."""
    own = values[atom]
    if own is None:
        return False
    result = outcome(tree, values, asked)
    if result is None:
        return False
    turned = list(values)
    turned[atom] = not own
    return outcome(tree, turned, asked) is (not result)


def asking(tree: Tree) -> Iterator[core.Expr]:
    """The parts of a condition that ask for readings."""
    if tree[0] == "asks":
        yield tree[1]
    for part in tree[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield from asking(part)
