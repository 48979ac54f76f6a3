"""Parts of a trace that ask only of what has few values, as truth values and codes: made once for each combination, then kept.

What is kept is shared by all justifications of a question; it is frozen. What is not known is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dte_rules.engine.justify_emit import TraceWriter
from dte_rules.engine.justify_steps import listed
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, STRING, Enum, ListOf, Record

MOST_ASKED = 8
"""Of how many things a part may ask that is kept by their values."""
MOST_KEPT = 256
"""For how many combinations of values a part is kept."""
LONGEST = 64
"""Longer texts are no codes; what was made of them is not kept."""
NOTHING = (None, None)
_KEPT = frozenset({bool, str, int})


def keep(kept: dict[Any, Any], key: Any, first: Any, second: Any) -> None:
    """Keeps what was made for a key, if it holds truth values and codes alone."""
    for value in key if type(key) is tuple else (key,):
        if type(value) not in _KEPT or (type(value) is str and len(value) > LONGEST):
            return
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = first, second


class KeptWriter(TraceWriter):
    """Writes parts of a trace that are kept. ``keeping`` is set while such a part is written, ``going`` while one for each member is."""

    keeping = False
    going = False

    def asked(self, expr: core.Expr) -> tuple[core.Expr, ...]:
        """The facts, conclusions and members of lists that an expression asks of, in order; none where some have many values."""
        found = None if self.keeping else self._asked(expr)
        asked = tuple(dict.fromkeys(found or ()))
        return asked if len(asked) <= MOST_ASKED and not self.hides(expr) else ()

    def _asked(self, expr: core.Expr) -> tuple[core.Expr, ...] | None:
        match expr:
            case core.Const() | core.Missing():
                return ()
            case core.Ref() | core.Var() | core.Field() | core.Index():
                return (expr,) if _has_few(expr) and self._is_plain(expr) else None
            case core.Call("count", (listed,)) if self._is_given(listed):
                return (expr,)
            case core.Call("happened"):
                return None
            case core.And() | core.Or() | core.Not() | core.Compare() | core.Call():
                found = [self._asked(child) for child in core.children(expr)]
                known = [each for each in found if each is not None]
                return sum(known, ()) if len(known) == len(found) else None
            case _:
                return None

    def _is_plain(self, expr: core.Expr) -> bool:
        """Whether an expression is a fact or a conclusion by its name, a member of a list, or a field of one."""
        match expr:
            case core.Ref(name):
                return name in self.slots or name in self.facts
            case core.Var(name):
                return self.vars.get(name) in self.texts
            case core.Index(source, core.Const()):
                return isinstance(source, core.Field) and self.fact_path(source) is not None
            case core.Field(core.Var(name), field) if isinstance(expr.base.type, Record):
                return self.vars.get(name) in self.members and not self.may_be_hidden(field)
            case _:
                return self.fact_path(expr) is not None

    def _is_given(self, expr: core.Expr) -> bool:
        """Whether an expression is a list of facts by its name, or those events of one that have happened."""
        match expr:
            case core.Call("happened", (listed, core.Const(), _)):
                return self._is_given(listed)
            case core.Ref(name):
                return name in self.facts and isinstance(expr.type, ListOf)
            case core.Field():
                return self.fact_path(expr) is not None and isinstance(expr.type, ListOf)
            case _:
                return False

    def _part(self, expr: core.Expr) -> str:
        """Writes one thing that is asked; code for its value in a key. Of a list that is counted it is the number of its members."""
        if isinstance(expr, core.Call):
            listed = self._part_of(expr.arguments[0])
            return self.bound(f"len({listed}) if type({listed}) is tuple else None")
        return self._part_of(expr)

    def _part_of(self, expr: core.Expr) -> str:
        piece = self.trace(expr)
        self.had[self.key(expr)] = piece
        return piece.value

    def keep(self, asked: Sequence[core.Expr], write: Callable[[], tuple[str, str]], *about: str) -> tuple[str, str]:
        """Writes two values so that they are made once for each combination of what is asked; their names. ``about`` adds to the key."""
        parts = [*about]
        for expr in asked:
            value = self._part(expr)
            if isinstance(expr, core.Field) and isinstance(expr.base, core.Var):
                parts.append(self.path_of(self.vars[expr.base.name]))
            parts.append(value)
        unlike = tuple(dict.fromkeys(parts))
        key = unlike[0] if len(unlike) == 1 else listed(unlike)
        kept, first, second = self.own({}), self.fresh(), self.fresh("s")
        self.line(f"{first}, {second} = {kept}.get({key}, NOTHING)")
        with self.branch(f"if {second} is None:"):
            self.keeping = True
            made = write()
            self.keeping = False
            self.line(f"{first}, {second} = {made[0]}, {made[1]}")
            self.line(f"_keep({kept}, {key}, {first}, {second})")
        return first, second

    def goes_round(self, expr: core.Expr) -> bool:
        """Whether an expression asks of the member of an inner loop, and comes to the same for each member of an outer one."""
        if self.going or self.keeping or len(self.around) < 2:
            return False
        free = {node.name for node in core.walk(expr) if isinstance(node, core.Var)}
        asked = [loop.var in free for loop in self.around]
        return asked[-1] and not all(asked) and all(self._tells(self.vars[loop.var]) for loop in self.around if loop.var in free)

    def _tells(self, member: str) -> bool:
        """Whether a member of a list can be told apart: by its place, or because it is a text."""
        return member in self.located or member in self.texts

    def for_each(self, expr: core.Expr, write: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        """Writes two values so that they are made once in a trace for each of the members that are asked of; their names."""
        free = {node.name for node in core.walk(expr) if isinstance(node, core.Var)}
        names = [self.vars[loop.var] for loop in self.around if loop.var in free]
        members = [f"{name}p" if name in self.located else name for name in names]
        kept, first, second = self.fresh("h"), self.fresh(), self.fresh("s")
        self.insert(self.around[0], f"{kept} = {{}}")
        key = members[0] if len(members) == 1 else listed(members)
        self.line(f"{first}, {second} = {kept}.get({key}, NOTHING)")
        with self.branch(f"if {second} is None:"):
            self.going = True
            made = write()
            self.going = False
            self.line(f"{kept}[{key}] = {first}, {second} = {made[0]}, {made[1]}")
        return first, second

    def path_of(self, member: str) -> str:
        """Code for the path of a member of a list that is being gone through; None where it is no record of facts."""
        return f"{member}p.path" if member in self.located else f"({member}p and {member}p.path)"


def _has_few(expr: core.Expr) -> bool:
    return expr.type in (BOOLEAN, STRING) or isinstance(expr.type, Enum)
