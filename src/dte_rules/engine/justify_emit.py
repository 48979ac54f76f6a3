"""Lines of a trace: facts that are read, steps, and what need not be gone through again for each member of a list.

As in `emit`, every name in the code is made here; no text of a pack is ever part of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dte_rules.engine.code import Writer
from dte_rules.engine.emit import attribute
from dte_rules.engine.justification import WITHHELD, Form, Op, Step
from dte_rules.engine.justify_forms import Forms
from dte_rules.engine.justify_values import Place, members_at, not_given, shown
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import ListOf, Record, Type


@dataclass(frozen=True, slots=True)
class Piece:
    """What an expression comes to: the name of its value; the facts read and the steps left outside of steps, in their order.

    Facts are paths, or ``*name`` where a name holds several; steps are names, or ``*name`` likewise.
    """

    value: str
    facts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(slots=True)
class _Loop:
    """A loop whose code is being written: its variable, and before which line and how deep it begins."""

    var: str
    at: int
    depth: int


class TraceWriter(Forms, Writer, ABC):
    """Writes the function of a trace, expression by expression: `trace` and `step` are what it is used by."""

    def __init__(
        self,
        facts: Mapping[str, Type],
        calendar: Calendar,
        slots: Mapping[str, str],
        parameters: Mapping[int, str],
        withheld: frozenset[str],
    ) -> None:
        Forms.__init__(self, facts, calendar, slots, parameters, withheld)
        Writer.__init__(self)
        self.values: dict[str, str] = {}
        """By slot, the name of what was concluded."""
        self.vars: dict[str, str] = {}
        self.members: set[str] = set()
        """Names of members of lists; with a ``p`` and a ``d`` behind they are a member's place and data, where it is a record of facts."""
        self._seen: dict[str, str] = {}
        """By the name of a fact's value, the name of how it is shown."""
        self.of_records: set[str] = set()
        """Names of values which, where they are lists, have records of facts as members, and nothing else."""
        self._given: dict[tuple[str, ...], tuple[str, str]] = {}
        self._forms: dict[tuple[int, Op], Form] = {}
        self._noted: set[str] = set()
        self._loops: list[_Loop] = []
        self._around: tuple[_Loop, ...] = ()
        self._hidden_names = frozenset(path.rpartition(".")[2] for path in withheld)

    @abstractmethod
    def trace(self, expr: core.Expr) -> Piece:
        """Writes what an expression does."""

    @abstractmethod
    def step(self, expr: core.Expr) -> tuple[str, str]:
        """Writes what an expression does, as one step; the names of its value and of the step."""

    def form(self, op: Op, expr: core.Expr, *, function: str = "") -> Form:
        """The static part of a step; it is the same wherever the expression is written."""
        key = id(expr), op
        if key not in self._forms:
            self._forms[key] = super().form(op, expr, function=function)
        return self._forms[key]

    # --- names and constants ---

    def own(self, value: Any) -> str:
        """The name of a constant that is not to be mistaken for an equal one, as 1.0 for 1."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def constant(self, value: Any) -> str:
        """The name of a constant; texts and lists of texts have one name each."""
        return super().constant(value) if type(value) in (str, tuple) else self.own(value)

    def bound(self, code: str) -> str:
        """A new name for the value of some code."""
        name = self.fresh()
        self.line(f"{name} = {code}")
        return name

    def like(self, value: str, other: str) -> str:
        """The name of a value that has only members of another."""
        if other in self.of_records:
            self.of_records.add(value)
        return value

    def seen(self, value: str) -> str:
        """Code for a value, most often a truth value, as it is shown."""
        return self._seen.get(value) or f"{value} if {value} is True or {value} is False else _shown({value})"

    def side(self, value: str) -> str:
        """Code for a value, most often no truth value, as it is shown."""
        return self._seen.get(value) or f"_shown({value})"

    # --- steps ---

    def made(self, form: str, value: str, piece: Piece, left: str = "None", right: str = "None") -> str:
        """Code that makes a step of what its expression left behind; ``value`` is code for the value as it is shown."""
        return f"_new(Step, ({form}, {value}, {self.facts_of(piece)}, {listed(piece.steps)}, {left}, {right}, ''))"

    def facts_of(self, piece: Piece) -> str:
        """Code for the paths of the facts that were read."""
        found: list[str | list[str]] = []
        for fact in piece.facts:
            if fact.startswith("*"):
                found.append(fact[1:])
            elif found and isinstance(found[-1], list):
                found[-1].append(fact)
            else:
                found.append([fact])
        return " + ".join(each if isinstance(each, str) else self.constant(tuple(each)) for each in found) or "()"

    def settled(self, form: Form, value: str, piece: Piece, *, hidden: bool) -> str:
        """The name of a step that has no sides. Where only its value can differ, those of true and false are made beforehand."""
        name, kept = self.fresh("s"), self.own(form)
        other = self.side(value) if not hidden else f"{self.own(WITHHELD)} if type({value}) is str else _shown({value})"
        if piece.steps or any(fact.startswith("*") for fact in piece.facts):
            code = f"{value} if {value} is True or {value} is False else {other}"
            self.line(f"{name} = {self.made(kept, code, piece)}")
            return name
        true, false = (self.own(Step(form, truth, piece.facts)) for truth in (True, False))
        self.line(f"{name} = {true} if {value} is True else {false} if {value} is False else {self.made(kept, other, piece)}")
        return name

    def fixed(self, form: Form, value: Any, *, hidden: bool) -> str:
        """The name of a step that is always the same."""
        return self.own(Step(form, WITHHELD if hidden and type(value) is str else shown(value)))

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
        hidden = f"{raw}, {self.own(WITHHELD)}" if path in self.withheld else f"{raw}, {raw}"
        if path not in self.withheld:
            self._seen[value] = seen
        self.head.append(f"    {value}, {seen} = ({unknown}, {known}) if {raw} is None else ({hidden})")
        return value, f"read[{self.constant(path)}] = {seen}"

    def _listed(self, type_: ListOf, path: str, raw: str) -> tuple[str, str]:
        value = self.fresh("f")
        if isinstance(type_.element, Record):
            self.of_records.add(value)
        return value, f"{value} = c.listed({self.own(members_at(type_, path, path))}, {raw})"

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
        noted = set(self._noted)
        with self.block(opening):
            yield
        self._noted = noted

    @contextmanager
    def loop(self, opening: str, var: str, member: str) -> Iterator[None]:
        """A loop over a list, in which a variable stands for the member."""
        loop, around = _Loop(var, len(self.lines), self._depth), self._around
        self._loops.append(loop)
        self._around = (*around, loop)
        self.vars[var] = member
        with self.branch(opening):
            yield
        self._loops.remove(loop)
        self._around = around

    def once(self, expr: core.Expr, write: Callable[[], Piece]) -> Piece:
        """Writes an expression so that it is gone through once, and only if it is reached, for all members that it doesn't depend on."""
        if not self._around or not self._worth_keeping(expr):
            return write()
        free = {node.name for node in core.walk(expr) if isinstance(node, core.Var)}
        level = len(self._around)
        while level and self._around[level - 1].var not in free:
            level -= 1
        if level == len(self._around):
            return write()
        around, done = self._around, self.fresh("h")
        self._insert(around[level], f"{done} = None")
        self._around = around[:level]
        with self.branch(f"if {done} is None:"):
            piece = write()
            self.line(f"{done} = True")
        self._around = around
        return piece

    def _worth_keeping(self, expr: core.Expr) -> bool:
        match expr:
            case core.Const() | core.Missing() | core.Var():
                return False
            case core.Ref(name):
                return name != "as_of" and name not in self.slots and name not in self._noted
            case core.Field():
                path = self.fact_path(expr)
                return path is None or ".".join(path) not in self._noted
            case _:
                return True

    def _insert(self, loop: _Loop, text: str) -> None:
        """A line before a loop that is being written."""
        at = loop.at
        self.lines.insert(at, "    " * loop.depth + text)
        for other in self._loops:
            other.at += other.at >= at


def listed(codes: Iterable[str]) -> str:
    """Code for a tuple."""
    found: Sequence[str] = tuple(codes)
    if len(found) == 1 and found[0].startswith("*"):
        return f"tuple({found[0][1:]})"
    return f"({', '.join(found)},)" if found else "()"
