"""Steps as lines of a trace: what an expression left behind becomes code that makes its step, with values as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dte_rules.engine.code import Writer
from dte_rules.engine.justification import WITHHELD, Form, Op, Step
from dte_rules.engine.justify_forms import Forms
from dte_rules.engine.justify_values import PLAIN, shown
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import Type


@dataclass(frozen=True, slots=True)
class Piece:
    """What an expression comes to: the name of its value; the facts read and the steps left outside of steps, in their order.

    Facts are paths, or ``*name`` where a name holds several; steps are names, or ``*name`` likewise.
    """

    value: str
    facts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class StepWriter(Forms, Writer):
    """Writes steps."""

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
        self.of_records: set[str] = set()
        """Names of values which, where they are lists, have records of facts as members, and nothing else."""
        self._seen: dict[str, str] = {}
        """By the name of a value, code for how it is shown."""
        self._forms: dict[tuple[int, Op], Form] = {}

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

    def show(self, value: str, seen: str) -> None:
        """Sets the code for a value as it is shown."""
        self._seen[value] = seen

    def seen(self, value: str) -> str:
        """Code for a value, most often a truth value, as it is shown."""
        return self._seen.get(value) or f"{value} if {value} is True or {value} is False else _shown({value})"

    def as_other(self, value: str, other: str) -> str:
        """Code for a value as it is shown, which often is another one that was shown already."""
        seen = self._seen.get(other)
        return f"{seen} if {value} is {other} else _shown({value})" if seen else f"_shown({value})"

    def side(self, value: str) -> str:
        """Code for a value, most often no truth value, as it is shown."""
        if type(self.constants.get(value)) in PLAIN - {type(None)}:
            return value
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


def listed(codes: Iterable[str]) -> str:
    """Code for a tuple."""
    found: Sequence[str] = tuple(codes)
    if len(found) == 1 and found[0].startswith("*"):
        return f"tuple({found[0][1:]})"
    return f"({', '.join(found)},)" if found else "()"
