"""The walk over the syntax tree that checks it and builds the core expression.

Variables of core expressions have names that no other binder of the same expression has, except where one and the same
part stands twice (the left side of ``in`` with several tests, an argument that a function uses twice).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, assert_never

from dte_rules.feel import ast, core
from dte_rules.feel import diagnostics as d
from dte_rules.feel.builtins import FLATTEN_ONCE, INTEGERS
from dte_rules.feel.calls import CallChecker
from dte_rules.feel.context import Item, Variable, const
from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.reader import MAX_DEPTH
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NULL, NUMBER, STRING, ListOf, RangeOf, Type, join
from dte_rules.feel.values import Months
from dte_rules.feel.words import Words, type_words
from dte_rules.source.span import Span

SPELLED_OUT = 100
"""The greatest number of whole numbers that ``for i in 1..9`` spells out as a list."""

_RANGES = Words("区间作为值（请用 `x in [a..b]`）", "ranges as values (use `x in [a..b]`) are")


class Checker(CallChecker):
    """Checks one expression."""

    depth = 0

    def expr(self, node: ast.Expr) -> core.Expr:
        """The core expression for a node; where something is wrong, an expression of any type."""
        self.depth += 1
        if self.depth > 2 * MAX_DEPTH:  # only functions that call functions go so deep
            self.depth -= 1
            return self.too_large(node.span)
        result = self._expr(node)
        self.depth -= 1
        return result

    def _expr(self, node: ast.Expr) -> core.Expr:
        match node:
            case ast.Name(name, span):
                return self.name(name, span)
            case ast.Path(base, name_, span):
                return self.field(self.expr(base), name_.name, span, name_.span)
            case ast.Comparison(op, left, right, span):
                return self.compare(op, self.expr(left), self.expr(right), span)
            case ast.StringLiteral(text, span):
                return const(text, STRING, span)
            case ast.NumberLiteral(number, span):
                return const(number, NUMBER, span)
            case ast.And(operands, span):
                return core.And(tuple(self.condition(o) for o in operands), type=BOOLEAN, span=span)
            case ast.Or(operands, span):
                return core.Or(tuple(self.condition(o) for o in operands), type=BOOLEAN, span=span)
            case ast.Not(operand, span):
                return core.Not(self.condition(operand), type=BOOLEAN, span=span)
            case ast.Call():
                return self.call(node)
            case ast.In():
                return self.membership(node)
            case ast.Filter():
                return self.filter(node)
            case ast.AtLiteral(text, span):
                return self.at_literal(text, span)
            case ast.BooleanLiteral(truth, span):
                return const(truth, BOOLEAN, span)
            case ast.NullLiteral(span):
                return const(None, NULL, span)
            case ast.Arithmetic(op_, left, right, span):
                return self.arithmetic(op_, self.expr(left), self.expr(right), span)
            case ast.Negation():
                return self.negation(node)
            case ast.Between(value, low, high, span):
                tested = self.expr(value)
                return self.bounded(tested, self.expr(low), self.expr(high), (">=", "<="), span)
            case ast.If():
                return self.choice(node)
            case ast.ListLiteral(items, span):
                members = [self.expr(item) for item in items]
                return core.MakeList(tuple(members), type=ListOf(self.joined(members)), span=span)
            case ast.Quantified(kind, iterators, condition, span):
                return self.quantified(kind, iterators, condition, span)
            case ast.For(iterators, body, span):
                return self.loop(iterators, body, span)
            case ast.Input(span):
                if self.tested is None:
                    return self.failed(d.MisplacedInput(span=span))
                self.tested_used = True
                return self.tested[0]
            case ast.Interval(low, high, _, _, span):
                self.expr(low)
                self.expr(high)
                return self.failed(d.NotSupported(span=span, what=_RANGES))
            case ast.UnaryComparison(_, operand, span):
                self.expr(operand)
                return self.failed(d.NotSupported(span=span, what=_RANGES))
            case _:
                assert_never(node)

    # --- values -----------------------------------------------------------------------------------------------------

    def at_literal(self, text: str, span: Span) -> core.Expr:
        """A date or a duration."""
        date = parse_date(text)
        if date is not None:
            return const(date, DATE, span)
        duration = parse_duration(text)
        if duration is not None:
            return const(duration, MONTHS if isinstance(duration, Months) else DAYS, span)
        if ":" in text:
            return self.failed(d.NotSupported(span=span, what=Words("时刻（只支持日期）", "times of day are")))
        return self.failed(d.InvalidLiteral(span=span, text=text))

    def negation(self, node: ast.Negation) -> core.Expr:
        """A negative number (a literal), or the negative of a value."""
        operand = self.expr(node.operand)
        if isinstance(node.operand, ast.NumberLiteral):
            return const(-node.operand.value if node.operand.value else Decimal(0), NUMBER, node.span)
        type_ = operand.type
        if type_ not in (NUMBER, MONTHS, DAYS, ANY):
            self.mismatch(d.BadNegation(span=node.span, found=type_words(type_)))
            type_ = ANY
        return core.Negate(operand, type=type_, span=node.span)

    def choice(self, node: ast.If) -> core.Expr:
        """``if``: the branches' types go together."""
        condition, then, otherwise = self.condition(node.condition), self.expr(node.then), self.expr(node.otherwise)
        type_ = join(then.type, otherwise.type)
        if type_ is None:
            self.mismatch(d.BranchesDiffer(span=node.span, then=type_words(then.type), otherwise=type_words(otherwise.type)))
            type_ = ANY
        return core.If(condition, then, otherwise, type=type_, span=node.span)

    # --- lists ------------------------------------------------------------------------------------------------------

    def filter(self, node: ast.Filter) -> core.Expr:
        """``list[condition]``, or ``list[position]`` where the condition is a number."""
        source, element = self.element_of(self.expr(node.source))
        item = Item(core.Var(self.fresh(), type=element, span=node.span))
        with self.within(item):
            condition = self.expr(node.condition)
        type_ = condition.type
        if type_ == NUMBER and item.used and not self.dynamic:
            return self.failed(d.BadFilter(span=node.condition.span, found=type_words(type_)))
        if type_ == NUMBER or (type_ in (ANY, NULL) and not item.used):
            if isinstance(condition, core.Const) and condition.type == NUMBER and not condition.value:
                self.mismatch(d.IndexZero(span=node.condition.span))
            return core.Index(source, condition, type=element, span=node.span)
        if type_ not in (BOOLEAN, ANY):
            self.mismatch(d.BadFilter(span=node.condition.span, found=type_words(type_)))
        return core.Filter(
            source, item.var.name, condition, type=source.type if isinstance(source.type, ListOf) else ListOf(ANY), span=node.span
        )

    def quantified(self, kind: Literal["some", "every"], iterators: tuple[ast.Iterator, ...], condition: ast.Expr, span: Span) -> core.Expr:
        """``some`` and ``every``; further iterators are nested."""
        if not iterators:
            return self.condition(condition)
        variable, source = self.iterator(iterators[0])
        with self.within(variable):
            inner = self.quantified(kind, iterators[1:], condition, span)
        return core.Quantified(kind, variable.var.name, source, inner, type=BOOLEAN, span=span)

    def loop(self, iterators: tuple[ast.Iterator, ...], body: ast.Expr, span: Span) -> core.Expr:
        """``for``; further iterators are nested, and the lists that they give put together."""
        variable, source = self.iterator(iterators[0])
        with self.within(variable):
            inner = self.loop(iterators[1:], body, span) if len(iterators) > 1 else self.expr(body)
        mapped = core.Map(variable.var.name, source, inner, type=ListOf(inner.type), span=span)
        return mapped if len(iterators) == 1 else core.Call(FLATTEN_ONCE, (mapped,), type=inner.type, span=span)

    def iterator(self, node: ast.Iterator) -> tuple[Variable, core.Expr]:
        """The variable that an iterator binds, and the list over which it goes."""
        if node.end is not None:
            source, element = self.integers(node.source, node.end), NUMBER
            return Variable(node.name.name, core.Var(self.fresh(node.name.name), type=element, span=node.name.span)), source
        if isinstance(node.source, ast.Interval) and node.source.low_closed and node.source.high_closed:
            source, member = self.integers(node.source.low, node.source.high), NUMBER
            return Variable(node.name.name, core.Var(self.fresh(node.name.name), type=member, span=node.name.span)), source
        source, of = self.element_of(self.expr(node.source))
        return Variable(node.name.name, core.Var(self.fresh(node.name.name), type=of, span=node.name.span)), source

    def integers(self, start: ast.Expr, end: ast.Expr) -> core.Expr:
        """The whole numbers from start to end, spelled out where both are literal and few."""
        first, last = self.expr(start), self.expr(end)
        span = start.span.through(end.span)
        for side in (first, last):
            if side.type not in (NUMBER, ANY):
                self.mismatch(d.WrongType(span=side.span, wanted=type_words(NUMBER), found=type_words(side.type)))
        if isinstance(first, core.Const) and isinstance(last, core.Const) and first.type == NUMBER == last.type:
            low, high = first.value, last.value
            if low == int(low) and high == int(high) and abs(high - low) < SPELLED_OUT:
                step = 1 if high >= low else -1
                numbers = (Decimal(n) for n in range(int(low), int(high) + step, step))
                return core.MakeList(tuple(const(n, NUMBER, span) for n in numbers), type=ListOf(NUMBER), span=span)
        return core.Call(INTEGERS, (first, last), type=ListOf(NUMBER), span=span)

    # --- tests ------------------------------------------------------------------------------------------------------

    def bounded(
        self, value: core.Expr, low: core.Expr, high: core.Expr, ops: tuple[core.CompareOp, core.CompareOp], span: Span
    ) -> core.Expr:
        """Whether a value lies between two others."""
        known = len(self.diagnostics)
        lower = self.compare(ops[0], value, low, span)
        if len(self.diagnostics) > known:  # both ends have the same fault
            return const(None, ANY, span)
        return core.And((lower, self.compare(ops[1], value, high, span)), type=BOOLEAN, span=span)

    def membership(self, node: ast.In) -> core.Expr:
        """``value in test, test``."""
        value = self.expr(node.value)
        tests = tuple(self.test(value, test, node.span if len(node.tests) == 1 else test.span) for test in node.tests)
        result = self.any_of(tests, node.span)
        return result if isinstance(value, (core.Ref, core.Var, core.Field, core.Const)) else self.within_limits(result)

    def test(self, value: core.Expr, node: ast.Expr, span: Span) -> core.Expr:
        """One test of a value, as it stands behind ``in`` or in a cell."""
        match node:
            case ast.Interval(low, high, low_closed, high_closed, _):
                ops: tuple[core.CompareOp, core.CompareOp] = (">=" if low_closed else ">", "<=" if high_closed else "<")
                return self.bounded(value, self.expr(low), self.expr(high), ops, span)
            case ast.UnaryComparison(op, operand, _):
                return self.compare(op, value, self.expr(operand), span)
            case ast.ListLiteral(items, _) if not isinstance(value.type, ListOf):
                return self.any_of(tuple(self.test(value, item, item.span) for item in items), span)
            case _:
                return self.equality(value, self.expr(node), span, listed=True)

    def equality(self, value: core.Expr, wanted: core.Expr, span: Span, *, listed: bool) -> core.Expr:
        """Whether a value equals another, or is a member of it where that is a list; ``listed`` decides where it isn't known."""
        type_ = wanted.type
        if isinstance(type_, RangeOf):
            return self.failed(d.NotSupported(span=wanted.span, what=_RANGES))
        if isinstance(type_, ListOf):
            alike = isinstance(value.type, ListOf) and join(value.type, type_) is not None
            if not (alike and (join(value.type, type_.element) is None or type_.element == ANY)):
                return self.contains(value, wanted, span)
        elif type_ == ANY and listed and not isinstance(wanted, core.Const):
            return self.contains(value, wanted, span)
        return self.compare("=", value, wanted, span)

    def unary_tests(self, node: ast.UnaryTests) -> core.Expr:
        """A cell's tests of its column's input."""
        assert self.tested is not None
        tests = tuple(self.cell_test(test, *self.tested) for test in node.tests)
        result = self.any_of(tests, node.span)
        return self.within_limits(core.Not(result, type=BOOLEAN, span=node.span) if node.negated else result)

    def cell_test(self, node: ast.Expr, value: core.Expr, type_: Type) -> core.Expr:
        """One test of a cell: as behind ``in``, or a condition of its own."""
        if isinstance(node, (ast.Interval, ast.UnaryComparison, ast.ListLiteral)):
            return self.test(value, node, node.span)
        self.tested_used = False
        result = self.expr(node)
        if self.tested_used:
            self.check_expected(result, BOOLEAN)
            return result
        if result.type == BOOLEAN and type_ != BOOLEAN and not (type_ == ANY and isinstance(result, core.Const)):
            return result
        return self.equality(value, result, node.span, listed=False)
