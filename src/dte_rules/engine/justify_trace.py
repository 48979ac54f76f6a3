"""Expressions that tell what they do: each becomes lines of code that give its value and make its steps.

Everything that can be said before the facts are known (texts, places, what is read) is worked out when the code is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, assert_never, cast

from dte_rules.engine.justification import WITHHELD, Op
from dte_rules.engine.justify_forms import is_step
from dte_rules.engine.justify_lists import ListWriter
from dte_rules.engine.justify_steps import Piece, listed
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, Record, Type
from dte_rules.feel.values import Unknown

_ARITHMETIC = {"+": "_plus", "-": "_minus", "*": "_times", "/": "_over", "**": "_to"}
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NAMES: dict[type, str] = {Decimal: "Decimal", str: "str", date: "date"}


class Tracer(ListWriter):
    """Writes the trace of one program's expressions."""

    def step(self, expr: core.Expr) -> tuple[str, str]:
        """Writes what an expression does, as exactly one step, whatever the expression; the names of its value and of the step."""
        if is_step(expr):
            piece = self.trace(expr)
            return piece.value, piece.steps[-1]
        op: Op = "value"
        if expr.type == BOOLEAN:
            op = "fact" if isinstance(expr, core.Field) else "rule" if isinstance(expr, core.Ref) and expr.name in self.slots else "value"
            op = "open" if isinstance(expr, core.Missing) else op
        form, hidden = self.form(op, expr), self.hides(expr)
        if isinstance(expr, (core.Const, core.Missing)):
            value = expr.value if isinstance(expr, core.Const) else Unknown(expr.needs)
            return self.trace(expr).value, self.fixed(form, value, hidden=hidden)
        step = ""

        def write() -> Piece:
            nonlocal step
            piece = self.trace(expr)
            step = self.settled(form, piece.value, piece, hidden=hidden)
            return piece

        return self.once(expr, write).value, step

    def trace(self, expr: core.Expr) -> Piece:
        """Writes what an expression does; it leaves a step where the expression is one by itself."""
        if is_step(expr) and self.goes_round(expr):
            return self.once(expr, lambda: self._by_members(expr))
        asked = self.asked(expr) if is_step(expr) else ()
        if asked:
            return self.once(expr, lambda: self._kept(expr, asked))
        if not isinstance(expr, (core.Call, core.Arithmetic, core.Index, core.Field)):
            return self.once(expr, lambda: self._trace(expr))
        key = self.key(expr)
        if key in self.had:
            return self.had[key]
        piece = self.once(expr, lambda: self._trace(expr))
        if not piece.steps:
            self.had[key] = piece
        return piece

    def _by_members(self, expr: core.Expr) -> Piece:
        value, step = self.for_each(expr, lambda: self.step(expr))
        return Piece(value, (), (step,))

    def _kept(self, expr: core.Expr, asked: Sequence[core.Expr]) -> Piece:
        value, step = self.keep(asked, lambda: self.step(expr))
        return Piece(value, (), (step,))

    def _trace(self, expr: core.Expr) -> Piece:
        match expr:
            case core.Const(value):
                return Piece(str(value) if value is None or value is True or value is False else self.own(value))
            case core.Missing(needs):
                return Piece(self.own(Unknown(needs)))
            case core.Ref(name):
                if name == "as_of":
                    return Piece("as_of")
                return Piece(self.values[name]) if name in self.slots else self.fact((name,), self.facts[name])
            case core.Var(name):
                return Piece(self.vars[name])
            case core.Field():
                path = self.fact_path(expr)
                return self.field_of(expr) if path is None else self.fact(path, expr.type)
            case core.And(operands):
                return self._connective(expr, operands, absorbing=False)
            case core.Or(operands):
                return self._connective(expr, operands, absorbing=True)
            case core.Not(operand):
                inner, part = self.step(operand)
                value = self.bound(f"False if {inner} is True else True if {inner} is False else _negation({inner})")
                return Piece(value, (), (self.settled(self.form("not", expr), value, Piece("", (), (part,)), hidden=False),))
            case core.Compare():
                return self._compare(expr)
            case core.Arithmetic(op, left, right):
                a, b = self.trace(left), self.trace(right)
                return Piece(self.bound(f"{_ARITHMETIC[op]}({a.value}, {b.value})"), a.facts + b.facts, a.steps + b.steps)
            case core.Negate(operand):
                a = self.trace(operand)
                return Piece(self.bound(f"_negate({a.value})"), a.facts, a.steps)
            case core.If():
                value, step = self._if(expr, self.step, self.step)
                return Piece(value, (), (step,))
            case core.MakeList(items):
                pieces = [self.trace(item) for item in items]
                return _joined(self.bound(listed([piece.value for piece in pieces])), pieces)
            case core.Filter():
                return self.filter(expr)
            case core.Index():
                return self.indexed(expr)
            case core.Quantified():
                return self.quantified(expr)
            case core.Map():
                return self.mapped(expr)
            case core.Call():
                return self._call(expr)
            case _:
                assert_never(expr)

    def kleene(self, values: Sequence[str], *, absorbing: bool) -> str:
        """The name of the conjunction or disjunction of values."""
        function = "_disjunction" if absorbing else "_conjunction"
        open_ended = [value for value in values if value not in self.constants]  # what is a constant is no truth value
        settles = " or ".join(f"{value} is {absorbing}" for value in open_ended) or "False"
        plain = " and ".join(f"{value} is {not absorbing}" for value in open_ended) or "True"
        if len(open_ended) < len(values):
            plain = "False"
        return self.bound(f"{absorbing} if {settles} else {not absorbing} if {plain} else {function}({listed(values)})")

    def _connective(self, expr: core.Expr, operands: tuple[core.Expr, ...], *, absorbing: bool) -> Piece:
        found = [self.step(operand) for operand in operands]
        value = self.kleene([each for each, _ in found], absorbing=absorbing)
        parts = Piece("", (), tuple(step for _, step in found))
        return Piece(value, (), (self.settled(self.form("or" if absorbing else "and", expr), value, parts, hidden=False),))

    def _compare(self, expr: core.Compare) -> Piece:
        left, right = self.trace(expr.left), self.trace(expr.right)
        a, b, form = left.value, right.value, self.own(self.form(cast(Op, expr.op), expr))
        both = _joined("", [left, right])
        value, step = self.fresh(), self.fresh("s")
        withheld = self.own(WITHHELD) if self.hides(expr) else ""
        kind = _kind(expr.right) or _kind(expr.left)
        if _known(expr.left) and _kind(expr.left) != kind:
            kind = ""
        slow = f"{value} = _compare({self.constant(expr.op)}, {a}, {b})"
        general = self.made(form, self.seen(value), both, withheld or self.side(a), withheld or self.side(b))
        if not kind:
            self.line(slow)
            self.line(f"{step} = {general}")
            return Piece(value, (), (step,))
        tests = " and ".join(f"type({each.value}) is {kind}" for each, side in ((left, expr.left), (right, expr.right)) if not _known(side))
        with self.block(f"if {tests or 'True'}:"):
            self.line(f"{value} = {a} {_PYTHON[expr.op]} {b}")
            self.line(f"{step} = {self.made(form, value, both, withheld or a, withheld or b)}")
        with self.block("else:"):
            self.line(slow)
            self.line(f"{step} = {general}")
        return Piece(value, (), (step,))

    def _if(
        self, expr: core.If, then: Callable[[core.Expr], tuple[str, str]], otherwise: Callable[[core.Expr], tuple[str, str]]
    ) -> tuple[str, str]:
        test, test_step = self.step(expr.condition)
        value, parts = self.fresh(), self.fresh()
        with self.branch(f"if {test} is True or type({test}) is Unknown:"):
            first, first_step = then(expr.then)
        with self.branch(f"if {test} is not True:"):
            second, second_step = otherwise(expr.otherwise)
        self.line(f"if {test} is True: {value}, {parts} = {first}, ({test_step}, {first_step})")
        with self.block(f"elif type({test}) is Unknown:"):
            self.line(f"{value} = _join([{first}, {second}], {test}.needs)")
            self.line(f"{parts} = ({test_step}, {first_step}, {second_step})")
        self.line(f"else: {value}, {parts} = {second}, ({test_step}, {second_step})")
        return value, self.settled(self.form("if", expr), value, Piece("", (), (f"*{parts}",)), hidden=self.hides(expr))

    def _call(self, expr: core.Call) -> Piece:
        name = expr.function
        if name == "happened":
            return self.happened(expr)
        if name in ("max", "min") and len(expr.arguments) == 1:
            (only,) = expr.arguments
            if isinstance(only, core.MakeList) and len(only.items) == 2 and _kind(only.items[0]) == _kind(only.items[1]) != "":
                return self._greater(expr, *only.items)
        pieces = [self.trace(argument) for argument in expr.arguments]
        values, all_of = [piece.value for piece in pieces], _joined("", pieces)
        calendar, text = self.own(self.calendar), self.constant(name)
        code = f"_function({text}, [{', '.join(values)}], {calendar})"
        if name == "count" and len(pieces) == 1:
            return Piece(self.bound(f"Decimal(len({values[0]})) if type({values[0]}) is tuple else {code}"), all_of.facts, all_of.steps)
        if not is_step(expr):
            return Piece(self.bound(code), all_of.facts, all_of.steps)
        value = self.fresh()
        open_ended = [v for v, a in zip(values, expr.arguments, strict=True) if not (isinstance(a, core.Const) and type(a.value) is str)]
        if values and not any(isinstance(a, core.Const) and type(a.value) is not str for a in expr.arguments):
            kept, key = self.own({}), open_ended[0] if len(open_ended) == 1 else listed(open_ended)
            with self.block(f"if {' and '.join(f'type({v}) is str' for v in open_ended) or 'True'}:"):
                self.line(f"{value} = {kept}.get({key}, {kept})")
                self.line(f"if {value} is {kept}: {value} = _texts({kept}, {key}, {text}, [{', '.join(values)}], {calendar})")
            with self.block("else:"):
                self.line(f"{value} = {code}")
        else:
            self.line(f"{value} = {code}")
        if self.hides(expr):
            left = right = self.own(WITHHELD)
        else:
            left, right = [*(self.side(v) for v in values[:2]), "None", "None"][:2]
        form = self.own(self.form("call", expr, function=name))
        return Piece(value, (), (self.bound(self.made(form, self.seen(value), all_of, left, right)),))

    def _greater(self, expr: core.Call, left: core.Expr, right: core.Expr) -> Piece:
        """The greater, or the lesser, of two values of a kind."""
        pieces = [self.trace(left), self.trace(right)]
        a, b = (piece.value for piece in pieces)
        plain = " and ".join(f"type({each}) is {_kind(left)}" for each, side in ((a, left), (b, right)) if not _known(side))
        quick = f"({b} if {b} {'>' if expr.function == 'max' else '<'} {a} else {a})"
        slow = f"_function({self.constant(expr.function)}, [({a}, {b})], {self.own(self.calendar)})"
        return _joined(self.bound(f"{quick} if {plain or 'True'} else {slow}"), pieces)

    # --- where the value is known already ---

    def saves(self, expr: core.Expr) -> bool:
        """Whether it saves anything that the value of an expression is known already."""
        plain = isinstance(expr, (core.Ref, core.Missing, core.Const))
        return isinstance(expr, core.If) or not (plain or is_step(expr) or expr.type == BOOLEAN)

    def known(self, expr: core.Expr, value: str) -> tuple[str, str]:
        """As ``step``, for an expression of which the value is known already: only what it reads is gone through."""
        if isinstance(expr, core.If):
            return self._if(expr, lambda e: self.known(e, value), lambda e: self.known(e, value))
        if not self.saves(expr):
            return self.step(expr)
        notes = _joined(value, self._notes(expr))
        return value, self.settled(self.form("value", expr), value, notes, hidden=self.hides(expr))

    def notes_all(self, expr: core.Expr) -> bool:
        """Whether all facts read are noted where the value is known; of events that are only counted the days are not."""
        match expr:
            case core.Call(name, arguments):
                return name != "happened" and all(map(self.notes_all, arguments))
            case core.Arithmetic() | core.Negate() | core.MakeList() | core.If():
                return all(map(self.notes_all, core.children(expr)))
            case _:
                return True

    def _notes(self, expr: core.Expr) -> list[Piece]:
        """What must be gone through so that all facts read are noted and all steps left, though the value is not wanted."""
        match expr:
            case core.Const() | core.Missing() | core.Var():
                return []
            case core.Ref(name) if name == "as_of" or name in self.slots:
                return []
            case core.Call() | core.Arithmetic() | core.Negate() | core.MakeList():
                return [note for child in core.children(expr) for note in self._notes(child)]
            case core.Field(base) if self.fact_path(expr) is None and not isinstance(base.type, Record):
                return self._notes(base)
            case core.Map():
                return [self.mapped(expr, valued=False)]
            case _:
                return [self.trace(expr)]


def _joined(value: str, pieces: Sequence[Piece]) -> Piece:
    """What several pieces left behind, in their order."""
    return Piece(value, tuple(f for piece in pieces for f in piece.facts), tuple(s for piece in pieces for s in piece.steps))


def _kind(expr: core.Expr) -> str:
    """The Python type of an expression's known values, where they are compared as they are."""
    if isinstance(expr, core.Const):
        return _NAMES.get(type(expr.value), "")
    type_: Type | Any = expr.type
    return "Decimal" if type_ == NUMBER else "date" if type_ == DATE else "str" if type_ == STRING or isinstance(type_, Enum) else ""


def _known(expr: core.Expr) -> bool:
    """Whether an expression is a constant of a kind that is compared as it is."""
    return isinstance(expr, core.Const) and type(expr.value) in _NAMES
