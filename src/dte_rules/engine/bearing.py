"""Which facts and open points can bear on which slots of a plan, whatever their values."""

from __future__ import annotations

from collections.abc import Mapping

from dte_rules.engine.plan import Plan, expressions, reads
from dte_rules.feel import core
from dte_rules.feel.types import Record

MOST_KEPT = 16_384
"""Of how many pairs of a fact and a slot it is kept whether the one bears on the other."""


class Bearing:
    """What each slot of a plan reads, other slots' reading included: the paths of facts, and the ids of open points."""

    def __init__(self, plan: Plan) -> None:
        self._reads: dict[str, frozenset[str]] = {}
        for rule in plan.rules:
            found: set[str] = set()
            for name in reads(rule):
                found |= self._reads.get(name, frozenset())
            for expr in expressions(rule):
                _collect(expr, self._reads, found)
            self._reads.update(dict.fromkeys(rule.slots, frozenset(found)))
        self._all = frozenset().union(*self._reads.values())
        self._found: dict[tuple[str, str], bool] = {}

    def read(self, name: str) -> bool:
        """Whether anything in the plan reads a fact, a part of it, or what it is a part of."""
        return any(_overlap(name, path) for path in self._all)

    def bears(self, name: str, slot: str) -> bool:
        """Whether the value of a fact or an open point can make a difference to a slot."""
        key = name, slot
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            found = self._found[key] = any(_overlap(name, path) for path in self._reads[slot])
        return found


def _collect(expr: core.Expr, slots: Mapping[str, frozenset[str]], found: set[str]) -> None:
    """Adds the paths that an expression reads, each as long as its names are given."""
    match expr:
        case core.Missing(needs):
            found.update(needs)
        case core.Ref(name):
            if name not in slots and name != "as_of":
                found.add(name)
        case core.Field() if path := _path(expr):
            if path.partition(".")[0] not in slots:
                found.add(path)
        case _:
            for child in core.children(expr):
                _collect(child, slots, found)


def _path(expr: core.Expr) -> str:
    """The path of a record's field that is reached by names alone, else nothing."""
    if isinstance(expr, core.Ref):
        return expr.name
    if isinstance(expr, core.Field) and isinstance(expr.base.type, Record):
        outer = _path(expr.base)
        return outer and f"{outer}.{expr.name}"
    return ""


def _overlap(a: str, b: str) -> bool:
    """Whether one path leads to the other, or on from it."""
    if len(a) > len(b):
        a, b = b, a
    return a == b or (b.startswith(a) and b[len(a)] in ".[")
