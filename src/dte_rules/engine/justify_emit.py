"""Lines of a trace: facts that are read, and what need not be gone through again for each member of a list.

As in `emit`, every name in the code is made here; no text of a pack is ever part of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dte_rules.engine.emit import attribute
from dte_rules.engine.justification import WITHHELD
from dte_rules.engine.justify_steps import Piece, StepWriter
from dte_rules.engine.justify_values import Place, members_at, not_given
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import ListOf, Record, Type


@dataclass(slots=True)
class Loop:
    """A loop whose code is being written: its variable, and before which line and how deep it begins."""

    var: str
    at: int
    depth: int


class TraceWriter(StepWriter, ABC):
    """Writes the function of a trace, expression by expression: `trace` and `step` are what it is used by."""

    def __init__(
        self,
        facts: Mapping[str, Type],
        calendar: Calendar,
        slots: Mapping[str, str],
        parameters: Mapping[int, str],
        withheld: frozenset[str],
    ) -> None:
        super().__init__(facts, calendar, slots, parameters, withheld)
        self.values: dict[str, str] = {}
        """By slot, the name of what was concluded."""
        self.vars: dict[str, str] = {}
        self.members: set[str] = set()
        """Names of members of lists; with a ``p`` and a ``d`` behind they are a member's place and data, where it is a record of facts."""
        self.located: set[str] = set()
        """Those of them that are records of facts for certain."""
        self.texts: set[str] = set()
        """Those of them that are texts that may be shown, or are not known."""
        self.had: dict[Any, Piece] = {}
        """What has been gone through already, wherever one is, of expressions that leave no steps."""
        self._of_day: dict[str, str] = {}
        self._given: dict[tuple[str, ...], tuple[str, str]] = {}
        self._noted: set[str] = set()
        self._loops: list[Loop] = []
        self.around: tuple[Loop, ...] = ()
        """The loops around what is being written, outermost first."""
        self._hidden_names = frozenset(path.rpartition(".")[2] for path in withheld)

    @abstractmethod
    def trace(self, expr: core.Expr) -> Piece:
        """Writes what an expression does."""

    @abstractmethod
    def step(self, expr: core.Expr) -> tuple[str, str]:
        """Writes what an expression does, as one step; the names of its value and of the step."""

    # --- facts ---

    def _raw(self, path: tuple[str, ...]) -> str:
        """The name of what was given at a path, read at the head of the function."""
        key = (*path, "")
        if key not in self._given:
            name = self.fresh("f")
            last = self.constant(path[-1])
            if len(path) == 1:
                self.head.append(f"    {name} = {attribute('facts', path[0], last)}")
            else:
                outer = self._raw(path[:-1])
                self.head.append(f"    {name} = None if {outer} is None else {attribute(outer, path[-1], last)}")
            self._given[key] = name, name
        return self._given[key][0]

    def fact(self, path: tuple[str, ...], type_: Type) -> Piece:
        """A fact read by its path; it is noted where it was not surely noted before."""
        dotted = ".".join(path)
        raw = self._raw(path)
        if isinstance(type_, Record):
            return Piece(self.bound(f"FactAt({raw}, {self.own(Place(type_, dotted, dotted))}, c)"))
        if path not in self._given:
            self._given[path] = self._listed(type_, dotted, raw) if isinstance(type_, ListOf) else self._scalar(dotted, raw)
        value, note = self._given[path]
        if dotted not in self._noted:
            self._noted.add(dotted)
            self.line(note)
        return Piece(value, (dotted,))

    def _scalar(self, path: str, raw: str) -> tuple[str, str]:
        value, seen = self.fresh("f"), self.fresh("f")
        unknown, known = map(self.own, not_given(path))
        if path not in self.withheld:
            self.show(value, seen)
        if path in self.withheld:
            self.head.append(f"    {value}, {seen} = {raw}, {self.own(WITHHELD)}")
        else:
            self.head.append(f"    {value} = {seen} = {raw}")
        self.head.append(f"    if {raw} is None: {value}, {seen} = {unknown}, {known}")
        return value, f"read[{self.constant(path)}] = {seen}"

    def _listed(self, type_: ListOf, path: str, raw: str) -> tuple[str, str]:
        value = self.fresh("f")
        if isinstance(type_.element, Record):
            self.of_records.add(value)
        if path not in self.withheld:
            self.show(value, f"read[{self.constant(path)}]")
        return value, f"{value} = c.listed({self.own(members_at(type_, path, path))}, {raw})"

    def of_day(self, part: str) -> str:
        """The name of a part of the day that is asked about."""
        if part not in self._of_day:
            self._of_day[part] = name = self.fresh("f")
            text = self.constant(part)
            self.head.append(f"    {name} = Decimal(as_of.{part}) if type(as_of) is date else _field_of(as_of, {text})")
        return self._of_day[part]

    def fact_path(self, expr: core.Expr) -> tuple[str, ...] | None:
        """The path of a record of facts, if that is what an expression is."""
        if isinstance(expr, core.Ref):
            return (expr.name,) if expr.name in self.facts and isinstance(expr.type, Record) else None
        if isinstance(expr, core.Field) and isinstance(expr.base.type, Record):
            outer = self.fact_path(expr.base)
            return None if outer is None else (*outer, expr.name)
        return None

    def may_be_hidden(self, name: str) -> bool:
        """Whether a field of this name is withheld of any record."""
        return name in self._hidden_names

    # --- blocks, loops, and what stays the same through a loop ---

    @contextmanager
    def branch(self, opening: str) -> Iterator[None]:
        """A block that may be passed over: what is noted in it is not noted for certain."""
        noted, had = set(self._noted), dict(self.had)
        with self.block(opening):
            yield
        self._noted, self.had = noted, had

    @contextmanager
    def loop(self, opening: str, var: str, member: str) -> Iterator[None]:
        """A loop over a list, in which a variable stands for the member."""
        loop, around = Loop(var, len(self.lines), self._depth), self.around
        self._loops.append(loop)
        self.around = (*around, loop)
        self.vars[var] = member
        with self.branch(opening):
            yield
        self._loops.remove(loop)
        self.around = around

    def once(self, expr: core.Expr, write: Callable[[], Piece]) -> Piece:
        """Writes an expression so that it is gone through once, and only if it is reached, for all members that it doesn't depend on."""
        if not self.around or not self._worth_keeping(expr):
            return write()
        free = {node.name for node in core.walk(expr) if isinstance(node, core.Var)}
        level = len(self.around)
        while level and self.around[level - 1].var not in free:
            level -= 1
        if level == len(self.around):
            return write()
        around, done = self.around, self.fresh("h")
        self.insert(around[level], f"{done} = None")
        self.around = around[:level]
        with self.branch(f"if {done} is None:"):
            piece = write()
            self.line(f"{done} = True")
        self.around = around
        return piece

    def key(self, expr: core.Expr) -> Any:
        """What tells an expression apart where it stands; numbers that are equal may print differently."""
        return repr(expr), tuple([self.vars.get(node.name) for node in core.walk(expr) if isinstance(node, core.Var)])

    def _worth_keeping(self, expr: core.Expr) -> bool:
        match expr:
            case core.Const() | core.Missing() | core.Var():
                return False
            case core.Ref(name):
                return name != "as_of" and name not in self.slots and name not in self._noted
            case core.Field(core.Ref("as_of")):
                return False
            case core.Field():
                path = self.fact_path(expr)
                return self.key(expr) not in self.had if path is None else ".".join(path) not in self._noted
            case _:
                return True

    def insert(self, loop: Loop, text: str) -> None:
        """A line before a loop that is being written."""
        at = loop.at
        self.lines.insert(at, "    " * loop.depth + text)
        for other in self._loops:
            other.at += other.at >= at
