"""A core expression as FEEL text again: for printed programs and explanations. One expression has one text.

The text, read in the same scope, gives the expression again, but for three things that FEEL cannot say: `core.Missing`
(``unknown(...)``), a list as a constant (printed as a list literal), and a filter whose member is needed within another filter inside
it (``list[x: ...]``).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, assert_never

from dte_rules.feel import core
from dte_rules.feel.builtins import FLATTEN_ONCE, INTEGERS
from dte_rules.feel.functions import days_text
from dte_rules.feel.lexer import KEYWORDS
from dte_rules.feel.types import ANY, ListOf, Record, Type
from dte_rules.feel.values import Months

_ANYTHING, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _SIGN, _PATH, _ATOM = range(10)
"""How tightly forms bind."""

_ARITHMETIC: dict[str, int] = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG_EXPONENT = 30
_TextAndLevel = tuple[str, int]


def unparse(expr: core.Expr) -> str:
    """The text of the expression, with no more parentheses than it needs."""
    return _Printer(expr).text()


def literal(value: Any) -> str:
    """The text of a known value."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            if not value:
                return "0"
            exponent = value.as_tuple().exponent
            plain = isinstance(exponent, int) and abs(exponent) <= _LONG_EXPONENT
            return format(value, "f") if plain else str(value)
        case str():
            if value.isprintable() and '"' not in value and "\\" not in value:
                return f'"{value}"'
            return '"' + "".join(map(_escaped, value)) + '"'
        case date():
            return f'@"{value.isoformat()}"'
        case Months():
            return f'@"{value}"'
        case timedelta():
            return f'@"{days_text(value)}"'
        case tuple():
            return "[" + ", ".join(map(literal, value)) + "]"
        case _:
            return str(value)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:06x}"


def _elements(type_: Type) -> Type:
    return type_.element if isinstance(type_, ListOf) else ANY


class _Printer:
    def __init__(self, expr: core.Expr) -> None:
        self.expr = expr
        self.references: set[str] = set()
        self.shown: dict[str, str] = {}  # for each variable the name under which it is printed
        self.named: set[str] = set()  # variables of filters that must be printed with a name
        self.filters: list[tuple[str, Type]] = []
        self._choose_names()

    def _choose_names(self) -> None:
        """Names for variables that no global name and no field of a filter's member hides."""
        binders: list[str] = []
        taken = {"item", *KEYWORDS}
        for node in core.walk(self.expr):
            if isinstance(node, core.Ref):
                self.references.add(node.name)
            elif isinstance(node, (core.Quantified, core.Map, core.Filter)):
                binders.append(node.var)
                element = _elements(node.source.type)
                if isinstance(node, core.Filter) and isinstance(element, Record):
                    taken.update(element.fields)
        taken |= self.references
        for var in dict.fromkeys(binders):
            base = var.partition("%")[0] or "x"
            name, number = base, 1
            while name in taken:
                number += 1
                name = f"{base}_{number}"
            taken.add(name)
            self.shown[var] = name

    def text(self) -> str:
        while True:
            known = len(self.named)
            result = self.render(self.expr, _ANYTHING)
            if len(self.named) == known:
                return result

    def render(self, expr: core.Expr, least: int) -> str:
        text, level = self.node(expr)
        return f"({text})" if level < least else text

    def all(self, exprs: tuple[core.Expr, ...]) -> str:
        return ", ".join(self.render(e, _ANYTHING) for e in exprs)

    def node(self, expr: core.Expr) -> _TextAndLevel:
        match expr:
            case core.Const(value):
                negative = isinstance(value, Decimal) and value < 0
                return literal(value), _SIGN if negative else _ATOM
            case core.Missing(needs):
                return f"unknown({', '.join(map(literal, needs))})", _ATOM
            case core.Ref(name):
                return name, _ATOM
            case core.Var(name):
                return self.variable(name), _ATOM
            case core.Field(base, name):
                return self.field(base, name), _PATH
            case core.And(operands):
                return " and ".join(self.render(o, _COMPARISON) for o in operands), _AND
            case core.Or(operands):
                return self.disjunction(operands)
            case core.Not(operand):
                return f"not({self.render(operand, _ANYTHING)})", _ATOM
            case core.Compare(op, left, right):
                return f"{self.render(left, _SUM)} {op} {self.render(right, _SUM)}", _COMPARISON
            case core.Arithmetic(op, left, right):
                level = _ARITHMETIC[op]
                return f"{self.render(left, level)} {op} {self.render(right, level + 1)}", level
            case core.Negate(operand):
                return f"-{self.render(operand, _SIGN)}", _SIGN
            case core.If(condition, then, otherwise):
                parts = (self.render(e, _ANYTHING) for e in (condition, then, otherwise))
                return "if {} then {} else {}".format(*parts), _ANYTHING
            case core.MakeList(items):
                return f"[{self.all(items)}]", _ATOM
            case core.Filter():
                return self.filter(expr), _PATH
            case core.Index(source, index):
                return f"{self.render(source, _PATH)}[{self.render(index, _ANYTHING)}]", _PATH
            case core.Quantified():
                return self.quantified(expr)
            case core.Map():
                return self.map(expr)
            case core.Call(function, arguments):
                if function == FLATTEN_ONCE and isinstance(arguments[0], core.Map):
                    return self.loops(expr), _ANYTHING
                return f"{function}({self.all(arguments)})", _PATH
            case _:
                assert_never(expr)

    # --- names ------------------------------------------------------------------------------------------------------

    def variable(self, var: str) -> str:
        """A variable: by its name, or ``item`` where it is the member of the filter around it."""
        if var in self.named or all(var != name for name, _ in self.filters):
            return self.shown.get(var, var)
        if self.filters[-1][0] == var:
            return "item"
        self.named.add(var)
        return self.shown[var]

    def field(self, base: core.Expr, name: str) -> str:
        if isinstance(base, core.Var) and base.name not in self.named:
            for depth, (var, type_) in enumerate(reversed(self.filters)):
                if var == base.name:
                    inner = [t for _, t in self.filters[len(self.filters) - depth :]]
                    if self._plain(type_, name) and not any(t == ANY or (isinstance(t, Record) and name in t.fields) for t in inner):
                        return name
                    break
        return f"{self.render(base, _PATH)}.{name}"

    def _plain(self, type_: Type, name: str) -> bool:
        """Whether a member's field can be printed without ``item.``."""
        known = isinstance(type_, Record) and name in type_.fields
        return known and name.isidentifier() and name not in KEYWORDS and name != "item" and name not in self.references

    # --- forms with a text of their own -----------------------------------------------------------------------------

    def disjunction(self, operands: tuple[core.Expr, ...]) -> _TextAndLevel:
        """``x = "a" or x = "b"`` is printed as ``x in ("a", "b")``."""
        first = operands[0]
        if isinstance(first, core.Compare) and len(operands) > 1:
            values = [
                o.right
                for o in operands
                if isinstance(o, core.Compare) and o.op == "=" and o.left == first.left and isinstance(o.right, core.Const)
            ]
            scalar = not isinstance(first.left, core.Const) and all(v.value is not None and not isinstance(v.value, tuple) for v in values)
            if len(values) == len(operands) and scalar:
                return f"{self.render(first.left, _SUM)} in ({self.all(tuple(values))})", _COMPARISON
        return " or ".join(self.render(o, _AND) for o in operands), _OR

    def filter(self, expr: core.Filter) -> str:
        source = self.render(expr.source, _PATH)
        self.filters.append((expr.var, _elements(expr.source.type)))
        condition = self.render(expr.condition, _ANYTHING)
        self.filters.pop()
        return f"{source}[{self.shown[expr.var]}: {condition}]" if expr.var in self.named else f"{source}[{condition}]"

    def iterator(self, var: str, source: core.Expr) -> str:
        if isinstance(source, core.Call) and source.function == INTEGERS:
            first, last = source.arguments
            return f"{self.shown[var]} in {self.render(first, _SUM)}..{self.render(last, _SUM)}"
        return f"{self.shown[var]} in {self.render(source, _OR)}"

    def quantified(self, expr: core.Quantified) -> _TextAndLevel:
        condition = expr.condition
        if expr.kind == "some" and expr.var.startswith("%") and isinstance(condition, core.Compare) and condition.op == "=":
            var, value = condition.right, condition.left
            bound = any(isinstance(n, core.Var) and n.name == expr.var for n in core.walk(value))
            if isinstance(var, core.Var) and var.name == expr.var and not bound:
                if isinstance(expr.source.type, ListOf) and not isinstance(value.type, ListOf):
                    return f"{self.render(value, _SUM)} in {self.render(expr.source, _SUM)}", _COMPARISON
                return f"list contains({self.all((expr.source, value))})", _PATH
        iterators = [self.iterator(expr.var, expr.source)]
        while isinstance(condition, core.Quantified) and condition.kind == expr.kind and not condition.var.startswith("%"):
            iterators.append(self.iterator(condition.var, condition.source))
            condition = condition.condition
        return f"{expr.kind} {', '.join(iterators)} satisfies {self.render(condition, _ANYTHING)}", _ANYTHING

    def map(self, expr: core.Map) -> _TextAndLevel:
        body = expr.body
        if expr.var.startswith("%") and isinstance(body, core.Field) and isinstance(body.base, core.Var) and body.base.name == expr.var:
            return f"{self.render(expr.source, _PATH)}.{body.name}", _PATH
        return f"for {self.iterator(expr.var, expr.source)} return {self.render(body, _ANYTHING)}", _ANYTHING

    def loops(self, expr: core.Expr) -> str:
        """``for`` with several iterators."""
        iterators: list[str] = []
        while isinstance(expr, core.Call) and expr.function == FLATTEN_ONCE and isinstance(expr.arguments[0], core.Map):
            outer = expr.arguments[0]
            iterators.append(self.iterator(outer.var, outer.source))
            expr = outer.body
        if isinstance(expr, core.Map):
            iterators.append(self.iterator(expr.var, expr.source))
            return f"for {', '.join(iterators)} return {self.render(expr.body, _ANYTHING)}"
        return f"for {', '.join(iterators)}, x in {self.render(expr, _OR)} return x"
