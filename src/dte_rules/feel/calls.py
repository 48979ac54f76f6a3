"""Calls: of built-in functions, by position or by name, and of functions defined in FEEL, which are put in place of the call."""

from __future__ import annotations

from collections.abc import Sequence

from dte_rules.feel import ast, core
from dte_rules.feel import diagnostics as d
from dte_rules.feel.builtins import BUILTINS, UNSUPPORTED, Builtin, Signature
from dte_rules.feel.context import Context, Variable, const
from dte_rules.feel.inline import substitute
from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.parser import parse
from dte_rules.feel.scope import Scope, UserFunction
from dte_rules.feel.types import ANY, BOOLEAN, DAYS, MONTHS, NULL, ORDERED, ListOf, Type, join
from dte_rules.feel.typing_rules import fits
from dte_rules.feel.values import Months
from dte_rules.feel.words import Words, any_of, type_words
from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest

MAX_CHAIN = 12
"""How many functions may call one another in a row."""


class CallChecker(Context):
    """The part of the checker that deals with calls."""

    def __init__(self, scope: Scope, *, allow_null: bool, dynamic: bool, tested: tuple[core.Expr, Type] | None) -> None:
        super().__init__(scope, allow_null=allow_null, dynamic=dynamic, tested=tested)
        self.templates: dict[str, core.Expr | None] = {}
        self.active: list[str] = []

    def call(self, node: ast.Call) -> core.Expr:
        """A call of any function."""
        name = node.function.name
        function = self.scope.functions.get(name)
        if function is not None:
            return self._user(node, function)
        values = [self.expr(a.value) for a in node.arguments]
        builtin = BUILTINS.get(name)
        if builtin is not None:
            return self._builtin(node, builtin, values)
        if name in UNSUPPORTED:
            return self.failed(d.NotSupported(span=node.function.span, what=Words(f"函数 `{name}`", f"function `{name}` is")))
        return self.failed(
            d.UnknownFunction(span=node.function.span, name=name, suggestion=nearest(name, [*BUILTINS, *self.scope.functions]))
        )

    # --- built-in functions -----------------------------------------------------------------------------------------

    def _builtin(self, node: ast.Call, builtin: Builtin, values: list[core.Expr]) -> core.Expr:
        named = bool(node.arguments) and node.arguments[0].name is not None
        if builtin.gathers and not named:
            values = self._gathered(node, values)
            signature: Signature | None = builtin.signatures[0] if values else None
        elif named:
            names = {a.name.name for a in node.arguments if a.name}
            signature = max(builtin.signatures, key=lambda s: len(names & {p.name for p in s.parameters}))
            order = self._by_name(node, builtin.name, tuple(p.name for p in signature.parameters))
            if order is None:
                return const(None, ANY, node.span)
            arranged = [None if i is None else values[i] for i in order]
            if any(value is None and not p.optional for value, p in zip(arranged, signature.parameters, strict=True)):
                signature = None
            while arranged and arranged[-1] is None:
                arranged.pop()
            values = [const(None, NULL, node.span) if value is None else value for value in arranged]
        else:
            signature = next((s for s in builtin.signatures if s.takes(len(values))), None)
        if signature is None:
            return self.failed(d.WrongArity(span=node.span, function=builtin.name, given=len(node.arguments), usage=builtin.usage))
        for position, value in enumerate(values):
            parameter = signature.parameter(position)
            if not any(fits(value, type_) for type_ in parameter.types):
                self._wrong_argument(value, builtin.name, parameter.name, any_of(*parameter.types))
        return self._special(node, builtin, signature, values)

    def _gathered(self, node: ast.Call, values: list[core.Expr]) -> list[core.Expr]:
        """Several arguments, or a single one that is no list, as one list."""
        if not values or (len(values) == 1 and (isinstance(values[0].type, ListOf) or values[0].type in (ANY, NULL))):
            return values
        return [core.MakeList(tuple(values), type=ListOf(self.joined(values)), span=node.span)]

    def _special(self, node: ast.Call, builtin: Builtin, signature: Signature, values: list[core.Expr]) -> core.Expr:
        """What a few functions need beyond the rules that all follow."""
        result = signature.result([v.type for v in values])
        match builtin.name:
            case "list contains":
                return self.contains(values[1], values[0], node.span)
            case "min" | "max":
                if result != ANY and result not in ORDERED:
                    self.mismatch(d.NotOrdered(span=node.span, op=builtin.name, found=type_words(result)))
            case "index of":
                if isinstance(values[0].type, ListOf):
                    self._check_member(values[1], values[0].type.element)
            case "append" | "insert before" | "concatenate" | "union":
                self._check_together(builtin.name, values)
            case "date" if len(values) == 1 and isinstance(values[0], core.Const) and isinstance(values[0].value, str):
                if parse_date(values[0].value) is None:
                    self.mismatch(d.InvalidLiteral(span=values[0].span, text=values[0].value))
            case "duration" if isinstance(values[0], core.Const) and isinstance(values[0].value, str):
                duration = parse_duration(values[0].value)
                if duration is None:
                    self.mismatch(d.InvalidLiteral(span=values[0].span, text=values[0].value))
                else:
                    result = MONTHS if isinstance(duration, Months) else DAYS
            case _:
                pass
        return core.Call(builtin.name, tuple(values), type=result, span=node.span)

    def _check_member(self, value: core.Expr, element: Type) -> None:
        if join(value.type, element) is None:
            self.mismatch(d.Incomparable(span=value.span, left=type_words(element), right=type_words(value.type)))
        else:
            self.check_values(value, element)

    def _check_together(self, name: str, values: Sequence[core.Expr]) -> None:
        """Members of one list must have types that go together."""
        lists = values if name in ("concatenate", "union") else values[:1]
        singles = () if name in ("concatenate", "union") else values[1:] if name == "append" else values[2:]
        type_: Type = ANY
        for value in (*lists, *singles):
            own = value.type
            if value in lists:
                own = own.element if isinstance(own, ListOf) else ANY
            both = join(type_, own)
            if both is None:
                self.mismatch(d.ItemsDiffer(span=value.span, first=type_words(type_), other=type_words(own)))
                return
            self.check_values(value, type_ if value in singles else ListOf(type_))
            type_ = both

    def contains(self, value: core.Expr, source: core.Expr, span: Span) -> core.Expr:
        """Whether a list has a member equal to the value."""
        if isinstance(source, core.MakeList):
            tests = tuple(self.compare("=", value, item, item.span or span) for item in source.items)
            return self.any_of(tests, span)
        source, element = self.element_of(source)
        var = core.Var(self.fresh(), type=element, span=span)
        return core.Quantified("some", var.name, source, self.compare("=", value, var, span), type=BOOLEAN, span=span)

    def any_of(self, tests: tuple[core.Expr, ...], span: Span) -> core.Expr:
        """Whether one of the tests holds."""
        if not tests:
            return const(False, BOOLEAN, span)
        return tests[0] if len(tests) == 1 else core.Or(tests, type=BOOLEAN, span=span)

    def _wrong_argument(self, value: core.Expr, function: str, parameter: str, wanted: Words) -> None:
        self.mismatch(d.ArgumentType(span=value.span, function=function, parameter=parameter, wanted=wanted, found=type_words(value.type)))

    def _by_name(self, node: ast.Call, function: str, parameters: tuple[str, ...]) -> list[int | None] | None:
        """For each parameter the position of the argument that names it; None where a name is wrong."""
        order: list[int | None] = [None] * len(parameters)
        wrong = False
        for position, argument in enumerate(node.arguments):
            assert argument.name is not None  # the parser lets no mixture through
            name = argument.name.name
            if name in parameters and order[parameters.index(name)] is None:
                order[parameters.index(name)] = position
            else:
                wrong = True
                near = None if name in parameters else nearest(name, parameters)
                self.report(d.UnknownArgument(span=argument.name.span, function=function, name=name, suggestion=near))
        return None if wrong else order

    # --- functions defined in FEEL ----------------------------------------------------------------------------------

    def _user(self, node: ast.Call, function: UserFunction) -> core.Expr:
        values = [self.expr(a.value) for a in node.arguments]
        if values and node.arguments[0].name is not None:
            order = self._by_name(node, function.name, tuple(name for name, _ in function.parameters))
            if order is None:
                return const(None, function.result or ANY, node.span)
            values = [values[i] for i in order if i is not None]
        if len(values) != len(function.parameters):
            return self.failed(d.WrongArity(span=node.span, function=function.name, given=len(node.arguments), usage=function.usage))
        for value, (name, type_) in zip(values, function.parameters, strict=True):
            if fits(value, type_):
                self.check_values(value, type_)
            else:
                self._wrong_argument(value, function.name, name, type_words(type_))
        template = self._template(function, node.function.span)
        if template is None:
            return const(None, function.result or ANY, node.span)
        arguments = {_placeholder(function, name): value for (name, _), value in zip(function.parameters, values, strict=True)}
        if not self.measures.fits_inlined(template, arguments):
            return self.too_large(node.span)
        return substitute(template, arguments, self.fresh)

    def _template(self, function: UserFunction, span: Span) -> core.Expr | None:
        """The function's body with placeholders for its parameters, worked out once; None where it can't be."""
        if function.name in self.active:
            path = [*self.active[self.active.index(function.name) :], function.name]
            self.report(d.RecursiveFunction(span=span, path=" → ".join(path)))
            return None
        if function.name in self.templates:
            return self.templates[function.name]
        if len(self.active) == MAX_CHAIN:
            self.too_large(span)
            return None
        try:
            tree = parse(function.body, self.scope.special_names)
        except DiagnosticsError as error:
            for diagnostic in error.diagnostics:
                self.report(diagnostic)
            self.templates[function.name] = None
            return None
        outside = self.frames, self.tested
        self.tested = None
        self.frames = [Variable(name, core.Var(_placeholder(function, name), type=type_, span=None)) for name, type_ in function.parameters]
        self.active.append(function.name)
        known = len(self.diagnostics)
        body = self.expr(tree)
        if function.result is not None:
            self.check_expected(body, function.result)
        self.active.pop()
        self.frames, self.tested = outside
        self.templates[function.name] = body if len(self.diagnostics) == known else None
        return self.templates[function.name]


def _placeholder(function: UserFunction, parameter: str) -> str:
    """The name of a variable that stands for a parameter; no variable of an expression is named so."""
    return f"{function.name}({parameter})"
