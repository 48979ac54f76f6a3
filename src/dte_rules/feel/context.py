"""What the checker knows while it walks: the names in sight, the reports so far; and the rules that every form shares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dte_rules.feel import ast, core
from dte_rules.feel import diagnostics as d
from dte_rules.feel.builtins import BUILTINS
from dte_rules.feel.inline import Measures, bound_names
from dte_rules.feel.scope import Scope
from dte_rules.feel.types import ANY, BOOLEAN, DAYS, MONTHS, NULL, NUMBER, ORDERED, Enum, ListOf, RangeOf, Record, Type, join
from dte_rules.feel.typing_rules import arithmetic_type, enum_literals, field_names, field_type, fits, is_condition, is_enum_value
from dte_rules.feel.words import type_words
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest

ORDERINGS = ("<", "<=", ">", ">=")
_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false", "是": "true", "否": "false", "真": "true", "假": "false"}
_CONSTANTS = ("true", "false", "null")


@dataclass(slots=True)
class Variable:
    """A name that stands for a bound variable, or for a function's parameter."""

    name: str
    var: core.Var


@dataclass(slots=True)
class Item:
    """Within a filter: its member, whose fields are names."""

    var: core.Var
    used: bool = False


def const(value: Any, type_: Type, span: Span | None) -> core.Const:
    """A value as an expression."""
    return core.Const(value, type=type_, span=span)


class Context(ABC):
    """The state of a check, and the checks that don't depend on the form of an expression."""

    def __init__(self, scope: Scope, *, allow_null: bool, dynamic: bool, tested: tuple[core.Expr, Type] | None) -> None:
        self.scope = scope
        self.allow_null = allow_null or dynamic
        self.dynamic = dynamic
        self.tested = tested
        self.tested_used = False
        self.diagnostics: list[Diagnostic] = []
        self.frames: list[Variable | Item] = []
        self.taken: set[str] = bound_names(tested[0]) if tested else set()
        self.counter = 0
        self.measures = Measures()

    @abstractmethod
    def expr(self, node: ast.Expr) -> core.Expr:
        """The core expression for a node."""

    # --- reports ----------------------------------------------------------------------------------------------------

    def report(self, diagnostic: Diagnostic) -> None:
        """Notes what is wrong; once, though the place may be met more than once (in a function's body)."""
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def failed(self, diagnostic: Diagnostic) -> core.Expr:
        """Notes what is wrong, and gives an expression of any type, from which no further error follows."""
        self.report(diagnostic)
        return const(None, ANY, diagnostic.span)

    def mismatch(self, diagnostic: Diagnostic) -> None:
        """Notes an error of types; dynamic FEEL has none."""
        if not self.dynamic:
            self.report(diagnostic)

    # --- names ------------------------------------------------------------------------------------------------------

    def fresh(self, name: str = "") -> str:
        """A variable's name that is not taken: the author's if possible, else with a number behind ``%``."""
        base = name.partition("%")[0]
        if base and base not in self.taken:
            self.taken.add(base)
            return base
        while True:
            self.counter += 1
            numbered = f"{base}%{self.counter}"
            if numbered not in self.taken:
                self.taken.add(numbered)
                return numbered

    @contextmanager
    def within(self, frame: Variable | Item) -> Iterator[None]:
        """With one more binder in sight."""
        self.frames.append(frame)
        try:
            yield
        finally:
            self.frames.pop()

    def name(self, name: str, span: Span) -> core.Expr:
        """What a name stands for: the innermost variable or field of a filter's member, else a global name."""
        untyped: Item | None = None
        fields_of: core.Expr | None = None
        for frame in reversed(self.frames):
            if isinstance(frame, Variable):
                if frame.name == name:
                    if fields_of is not None:
                        return self.failed(d.AmbiguousName(span=span, name=name))
                    return core.Var(frame.var.name, type=frame.var.type, span=span)
            elif fields_of is None:
                type_ = frame.var.type
                if name == "item" and not (isinstance(type_, Record) and name in type_.fields):
                    frame.used = True
                    return core.Var(frame.var.name, type=type_, span=span)
                if isinstance(type_, Record) and name in type_.fields:
                    frame.used = True
                    fields_of = core.Field(core.Var(frame.var.name, type=type_, span=span), name, type=type_.fields[name], span=span)
                elif type_ == ANY:
                    untyped = untyped or frame
        if fields_of is not None:
            return fields_of
        if name in self.scope.names:
            return core.Ref(name, type=self.scope.names[name], span=span)
        if untyped is not None:
            untyped.used = True
            return core.Field(core.Var(untyped.var.name, type=ANY, span=span), name, type=ANY, span=span)
        return self.failed(d.UnknownName(span=span, name=name, suggestion=self._suggest_name(name)))

    def _suggest_name(self, name: str) -> str | None:
        if name.lower() in _TRUTH:
            return _TRUTH[name.lower()]
        if name in BUILTINS:
            return f"{name}(...)"
        if is_enum_value(name, self.scope.names.values()):
            return f'"{name}"'
        local: set[str] = set(_CONSTANTS)
        for frame in self.frames:
            if isinstance(frame, Variable):
                local.add(frame.name)
            else:
                local.update(field_names(frame.var.type))
        return nearest(name, [*local, *self.scope.names])

    def field(self, base: core.Expr, name: str, span: Span, name_span: Span) -> core.Expr:
        """A path's next part: a field of a record, a part of a date or duration, or that of each member of a list."""
        element = base.type.element if isinstance(base.type, ListOf) else None
        owner = base.type if element is None else element
        type_ = field_type(owner, name)
        if type_ is None:
            suggestion = nearest(name, field_names(owner))
            if isinstance(owner, Record):
                return self.failed(d.UnknownField(span=name_span, record=owner.name, name=name, suggestion=suggestion))
            if not self.dynamic:
                return self.failed(d.NoFields(span=name_span, found=type_words(owner), name=name, suggestion=suggestion))
            type_ = ANY
        if element is None:
            return core.Field(base, name, type=type_, span=span)
        var = core.Var(self.fresh(), type=element, span=span)
        return core.Map(var.name, base, core.Field(var, name, type=type_, span=span), type=ListOf(type_), span=span)

    # --- types ------------------------------------------------------------------------------------------------------

    def check_values(self, expr: core.Expr, wanted: Type) -> None:
        """Literal texts where an enumeration is wanted must be among its values."""
        if self.dynamic:
            return
        for literal, enum in enum_literals(expr, wanted):
            if literal.value not in enum.values:
                self.report(
                    d.UnknownEnumValue(
                        span=literal.span,
                        enum=enum.name,
                        value=literal.value,
                        values="、".join(enum.values),
                        suggestion=nearest(literal.value, enum.values),
                    )
                )

    def check_expected(self, expr: core.Expr, wanted: Type) -> None:
        """The whole expression has the type that is wanted in its place."""
        if fits(expr, wanted):
            self.check_values(expr, wanted)
        elif wanted == BOOLEAN:
            self.mismatch(d.NotBoolean(span=expr.span, found=type_words(expr.type)))
        else:
            self.mismatch(d.WrongType(span=expr.span, wanted=type_words(wanted), found=type_words(expr.type)))

    def condition(self, node: ast.Expr) -> core.Expr:
        """An expression that must give a truth value."""
        result = self.expr(node)
        if not is_condition(result.type) and not (result.type == NULL and self.allow_null):
            self.mismatch(d.NotBoolean(span=node.span, found=type_words(result.type)))
        return result

    def joined(self, items: list[core.Expr]) -> Type:
        """The common type of a list's members."""
        result: Type = ANY
        for item in items:
            both = join(result, item.type)
            if both is None:
                self.mismatch(d.ItemsDiffer(span=item.span, first=type_words(result), other=type_words(item.type)))
                return ANY
            result = both
        return result

    def element_of(self, source: core.Expr) -> tuple[core.Expr, Type]:
        """A list, and the type of its members. Dynamic FEEL takes a single value as a list of it."""
        type_ = source.type
        if isinstance(type_, ListOf):
            return source, type_.element
        if type_ in (ANY, NULL):
            return source, ANY
        if self.dynamic:
            return core.MakeList((source,), type=ListOf(type_), span=source.span), type_
        self.report(d.NotAList(span=source.span, found=type_words(type_)))
        return source, ANY

    def compare(self, op: core.CompareOp, left: core.Expr, right: core.Expr, span: Span) -> core.Expr:
        """A comparison, once it is checked."""
        if not self.dynamic:
            self._check_comparable(op, left, right, span)
        return core.Compare(op, left, right, type=BOOLEAN, span=span)

    def _check_comparable(self, op: core.CompareOp, left: core.Expr, right: core.Expr, span: Span) -> None:
        types = (left.type, right.type)
        if NULL in types:
            if not self.allow_null:
                self.report(d.NullComparison(span=span))
            return
        if op in ORDERINGS:
            for side in types:
                if side != ANY and side not in ORDERED:
                    self.report(d.NotOrdered(span=span, op=op, found=type_words(side)))
                    return
        if ANY in types:
            return
        if set(types) == {MONTHS, DAYS}:
            self.report(d.MonthsWithDays(span=span))
        elif isinstance(left.type, Enum) and isinstance(right.type, Enum):
            if set(left.type.values).isdisjoint(right.type.values):
                self.report(d.DisjointEnums(span=span, left=left.type.name, right=right.type.name))
        elif isinstance(left.type, RangeOf) or isinstance(right.type, RangeOf) or join(*types) is None:
            self.report(d.Incomparable(span=span, left=type_words(left.type), right=type_words(right.type)))
        else:
            self.check_values(left, right.type)
            self.check_values(right, left.type)

    def arithmetic(self, op: core.ArithmeticOp, left: core.Expr, right: core.Expr, span: Span) -> core.Expr:
        """An operation on numbers, dates, durations or texts, once it is checked."""
        type_ = arithmetic_type(op, left.type, right.type)
        if type_ is None:
            if {left.type, right.type} == {MONTHS, DAYS} and op in ("+", "-"):
                self.mismatch(d.MonthsWithDays(span=span))
            else:
                self.mismatch(d.BadArithmetic(span=span, op=op, left=type_words(left.type), right=type_words(right.type)))
            type_ = ANY
        if op == "/" and isinstance(right, core.Const) and right.type == NUMBER and not right.value:
            self.mismatch(d.DivisionByZero(span=right.span))
        return core.Arithmetic(op, left, right, type=type_, span=span)

    def within_limits(self, expr: core.Expr) -> core.Expr:
        """The expression, if it isn't too large for all that comes behind."""
        return expr if self.measures.fits(expr) else self.too_large(expr.span)

    def too_large(self, span: Span | None) -> core.Expr:
        """Notes once that the expression grows beyond all bounds."""
        if not any(isinstance(x, d.TooLarge) for x in self.diagnostics):
            self.report(d.TooLarge(span=span))
        return const(None, ANY, span)
