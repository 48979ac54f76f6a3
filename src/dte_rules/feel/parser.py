"""The parser of FEEL: recursive descent, with precedence climbing for binary operators.

It takes linear time, builds trees of at most `MAX_DEPTH` levels, and goes back over nothing but a cell's ``not(...)``. A missing
value is reported and the parser goes on; any other error of syntax ends the parse, so that nothing is reported twice.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Literal, cast

from dte_rules.feel import ast, words
from dte_rules.feel import diagnostics as d
from dte_rules.feel.lexer import AT, END, NAME, NUMBER, STRING, Token
from dte_rules.feel.reader import BEGINS_VALUE, MAX_DEPTH, WORDS_BEFORE, WORDS_BETWEEN, Reader, Stop
from dte_rules.source.span import Snippet

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER = 1, 2, 3, 4, 5, 6
_COMPARE = frozenset(("=", "!=", "<", "<=", ">", ">="))
_ORDER = frozenset(("<", "<=", ">", ">="))
_PRECEDENCE = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*_COMPARE, "between", "in"), _COMPARISON),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/"), _PRODUCT),
    "**": _POWER,
}

_AFTER_VALUE = (frozenset((*_PRECEDENCE, ")", "]", ",", "..", "then", "else", "return", "satisfies", END))) - {"-"}
"""What can stand behind a value but never begins one: where a value should be, it is missing, and the parse can go on."""


class _Parser(Reader):
    """Builds the tree."""

    # --- operators --------------------------------------------------------------------------------------------------

    def expression(self, least: int = 0) -> ast.Expr:
        """An expression whose operators all bind at least as tightly as ``least``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.too_deep()
        outside, self.height = self.height, 0
        start = self.token.start
        result = self.operators(self.operand(), start, least)
        self.height = max(outside, self.height)
        self.depth -= 1
        return result

    def operators(self, left: ast.Expr, start: int, least: int) -> ast.Expr:
        """Goes on behind an operand that has been read from ``start``."""
        compared = ""
        while True:
            token = self.token
            op = token.kind
            precedence = _PRECEDENCE.get(op)
            if precedence is None or precedence < least:
                return left
            self.advance()
            if precedence <= _AND:
                operands = [left, self.expression(precedence + 1)]
                while self.token.kind == op:
                    self.advance()
                    operands.append(self.expression(precedence + 1))
                left = (ast.And if op == "and" else ast.Or)(tuple(operands), self.since(start))
            elif op == "between":
                low = self.expression(_SUM)
                self.expect("and")
                left = ast.Between(left, low, self.expression(_SUM), self.since(start))
            elif op == "in":
                tests = self.membership()
                left = ast.In(left, tests, self.since(start))
            elif precedence == _COMPARISON:
                if op in _ORDER and compared in _ORDER:
                    self.stop(d.ChainedComparison(span=self.span_of(token)))
                compared = op
                right = self.expression(_SUM)
                left = ast.Comparison(cast(ast.CompareOp, op), left, right, self.since(start))
            else:
                right = self.expression(precedence + 1)
                left = ast.Arithmetic(cast(ast.ArithmeticOp, op), left, right, self.since(start))
            self.grow()

    def membership(self) -> tuple[ast.Expr, ...]:
        """What stands behind ``in``: a test, or several in parentheses."""
        opening = self.token
        if opening.kind != "(":
            return (self.test(_SUM),)
        self.advance()
        first = self.test()
        if self.token.kind == "..":
            return (self.interval(opening, first),)
        tests = [first]
        while self.token.kind == ",":
            self.advance()
            tests.append(self.test())
        self.close(opening, ")")
        if len(tests) > 1 or isinstance(first, ast.UnaryComparison):
            return tuple(tests)
        # the parentheses may have been a part of one value: x in (a)[1], x in (a + b) * 2
        return (self.operators(self.postfix(first, opening.start), opening.start, _SUM),)

    def test(self, least: int = 0) -> ast.Expr:
        """A test of one value: ``> 5``, an interval, or an expression."""
        if self.token.kind not in _COMPARE:
            return self.expression(least)
        op = self.advance()
        operand = self.expression(_SUM)
        self.grow()
        return ast.UnaryComparison(cast(ast.CompareOp, op.kind), operand, self.since(op.start))

    # --- operands ---------------------------------------------------------------------------------------------------

    def operand(self) -> ast.Expr:
        """A value with all that belongs to it more tightly than any binary operator: signs, paths, filters, calls."""
        signs: list[Token] = []
        while self.token.kind == "-":
            signs.append(self.advance())
        start = self.token.start
        result = self.postfix(self.primary(), start)
        for sign in reversed(signs):
            result = ast.Negation(result, self.since(sign.start))
            self.grow()
        return result

    def primary(self) -> ast.Expr:
        token = self.token
        kind = token.kind
        self.grow()
        if kind == NAME:
            return self.name()
        if kind == NUMBER:
            self.advance()
            return ast.NumberLiteral(Decimal(token.value), self.span_of(token))
        if kind == STRING:
            self.advance()
            return ast.StringLiteral(str(token.value), self.span_of(token))
        if kind in ("true", "false"):
            self.advance()
            return ast.BooleanLiteral(kind == "true", self.span_of(token))
        if kind == "null":
            self.advance()
            return ast.NullLiteral(self.span_of(token))
        if kind == AT:
            self.advance()
            return ast.AtLiteral(str(token.value), self.span_of(token))
        if kind == "?":
            self.advance()
            return ast.Input(self.span_of(token))
        if kind == "(":
            return self.parenthesised()
        if kind == "[":
            return self.list_or_interval()
        if kind == "not":
            return self.negated()
        if kind == "if":
            return self.choice()
        if kind == "for":
            self.advance()
            iterators = self.iterators()
            self.expect("return")
            return ast.For(iterators, self.expression(), self.since(token.start))
        if kind in ("some", "every"):
            self.advance()
            iterators = self.iterators()
            self.expect("satisfies")
            return ast.Quantified(cast(Literal["some", "every"], kind), iterators, self.expression(), self.since(token.start))
        if kind == "]" and self.peek() in (NAME, NUMBER, STRING, AT, "-", "(", "?"):
            self.advance()
            return self.interval(token, self.expression(_SUM))
        return self.no_value(token)

    def no_value(self, token: Token) -> ast.Expr:
        """A value should begin here, and doesn't."""
        if token.kind == "{":
            self.not_supported(token, "上下文 `{...}`", "contexts `{...}` are")
        if token.kind == "function":
            self.not_supported(token, "函数定义 `function`", "function definitions are")
        if token.kind == END and not self.position:
            self.stop(d.EmptyExpression(span=self.span_of(token)))
        if token.kind not in _AFTER_VALUE or not self.position:
            self.unexpected(words.EXPRESSION)
        before = self.tokens[self.position - 1]
        if self.repaired != self.position:
            self.diagnostics.append(d.MissingOperand(span=self.span_of(before), after=self.shown(before)))
        self.repaired = self.position
        return ast.NullLiteral(self.span_of(before))

    def name(self) -> ast.Expr:
        token = self.advance()
        following = self.token.kind
        if following == NAME and token.value not in WORDS_BETWEEN:
            last = self.position
            while self.tokens[last].kind == NAME and self.tokens[last].value not in WORDS_BETWEEN:
                last += 1
            if self.tokens[last].kind == "(":  # a function of several words that isn't known, or misspelt
                parts = [str(token.value), *(str(t.value) for t in self.tokens[self.position : last])]
                self.position, self.token = last, self.tokens[last]
                return ast.Name(" ".join(parts), self.since(token.start))
        if token.value in WORDS_BEFORE and following in BEGINS_VALUE:
            self.position -= 1
            self.stop(d.WordOperator(span=self.span_of(token), found=str(token.value), instead=WORDS_BEFORE[str(token.value)]))
        return ast.Name(str(token.value), self.span_of(token))

    def postfix(self, base: ast.Expr, start: int) -> ast.Expr:
        while True:
            token = self.token
            if token.kind == ".":
                self.advance()
                field = self.token
                if field.kind != NAME:
                    self.unexpected(words.FIELD)
                self.advance()
                base = ast.Path(base, ast.Name(str(field.value), self.span_of(field)), self.since(start))
            elif token.kind == "[":
                if self.in_endpoint and self.peek() in _AFTER_VALUE:
                    return base
                self.advance()
                condition = self.bracketed()
                self.close(token, "]")
                base = ast.Filter(base, condition, self.since(start))
            elif token.kind == "(":
                if not isinstance(base, ast.Name):
                    if isinstance(base, ast.Path):
                        self.not_supported(token, "以路径调用函数", "calling a function by a path is")
                    self.not_supported(token, "调用函数名以外的值", "calling anything but a function's name is")
                base = ast.Call(base, self.arguments(), self.since(start))
            else:
                return base
            self.grow()

    def bracketed(self) -> ast.Expr:
        """An expression within brackets of its own."""
        endpoint, self.in_endpoint = self.in_endpoint, False
        result = self.expression()
        self.in_endpoint = endpoint
        return result

    def arguments(self) -> tuple[ast.Argument, ...]:
        opening = self.advance()
        arguments: list[ast.Argument] = []
        while self.token.kind != ")" or arguments:
            start = self.token.start
            name = self.argument_name()
            arguments.append(ast.Argument(name, self.bracketed(), self.since(start)))
            if self.token.kind != ",":
                break
            self.advance()
        self.close(opening, ")")
        if len({a.name is None for a in arguments}) > 1:
            odd = next(a for a in arguments if (a.name is None) != (arguments[0].name is None))
            self.diagnostics.append(d.MixedArguments(span=odd.span))
        return tuple(arguments)

    def argument_name(self) -> ast.Name | None:
        last = self.position
        while self.tokens[last].kind == NAME:
            last += 1
        if last == self.position or self.tokens[last].kind != ":":
            return None
        parts = self.tokens[self.position : last]
        self.position, self.token = last + 1, self.tokens[last + 1]
        return ast.Name(" ".join(str(t.value) for t in parts), self.locate(parts[0].start, parts[-1].end))

    def parenthesised(self) -> ast.Expr:
        opening = self.advance()
        endpoint, self.in_endpoint = self.in_endpoint, False
        inner = self.test()
        self.in_endpoint = endpoint
        if self.token.kind == "..":
            return self.interval(opening, inner)
        self.close(opening, ")")
        return inner

    def list_or_interval(self) -> ast.Expr:
        opening = self.advance()
        if self.token.kind == "]":
            self.advance()
            return ast.ListLiteral((), self.since(opening.start))
        items = [self.bracketed()]
        if self.token.kind == "..":
            return self.interval(opening, items[0])
        while self.token.kind == ",":
            self.advance()
            items.append(self.bracketed())
        self.close(opening, "]")
        return ast.ListLiteral(tuple(items), self.since(opening.start))

    def interval(self, opening: Token, low: ast.Expr) -> ast.Expr:
        """Goes on from the dots of an interval."""
        self.expect("..")
        endpoint, self.in_endpoint = self.in_endpoint, True
        high = self.expression(_SUM)
        self.in_endpoint = endpoint
        closing = self.token
        if closing.kind not in ("]", ")", "["):
            self.close(opening, "]" if opening.kind == "[" else ")" if opening.kind == "(" else "[")
        self.advance()
        return ast.Interval(low, high, opening.kind == "[", closing.kind == "]", self.since(opening.start))

    def negated(self) -> ast.Expr:
        token = self.advance()
        if self.token.kind != "(":
            self.diagnostics.append(d.NotNeedsParentheses(span=self.span_of(token)))
            return ast.Not(self.expression(_COMPARISON), self.since(token.start))
        opening = self.advance()
        operand = self.bracketed()
        self.close(opening, ")")
        return ast.Not(operand, self.since(token.start))

    def choice(self) -> ast.Expr:
        start = self.advance().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return ast.If(condition, then, self.expression(), self.since(start))

    def iterators(self) -> tuple[ast.Iterator, ...]:
        found: list[ast.Iterator] = []
        while True:
            name = self.token
            if name.kind != NAME:
                self.unexpected(words.VARIABLE)
            self.advance()
            self.expect("in")
            source = self.expression()
            end = None
            if self.token.kind == "..":
                self.advance()
                end = self.expression()
            found.append(ast.Iterator(ast.Name(str(name.value), self.span_of(name)), source, end, self.since(name.start)))
            if self.token.kind != ",":
                return tuple(found)
            self.advance()

    # --- whole texts ------------------------------------------------------------------------------------------------

    def whole(self) -> ast.Expr:
        result = self.expression()
        if self.token.kind != END:
            self.misplaced(words.OPERATOR_OR_END)
        return result

    def unary_tests(self) -> ast.UnaryTests:
        if self.token.kind == "-" and self.peek() == END:
            self.advance()
            return ast.UnaryTests((), False, self.since(0))
        if self.token.kind == "not" and self.peek() == "(":
            tests = self.negated_tests()
            if tests is not None:
                return tests
        start = self.token.start
        tests_ = self.test_list()
        if self.token.kind != END:
            self.misplaced(words.OPERATOR_OR_END)
        return ast.UnaryTests(tests_, False, self.since(start))

    def test_list(self) -> tuple[ast.Expr, ...]:
        tests = [self.test()]
        while self.token.kind == ",":
            self.advance()
            tests.append(self.test())
        return tuple(tests)

    def negated_tests(self) -> ast.UnaryTests | None:
        """``not(test, test)`` as the whole of a cell, or None where the text is something else."""
        known = len(self.diagnostics)
        start = self.token.start
        self.advance()
        self.advance()
        try:
            tests = self.test_list()
            if self.token.kind == ")" and self.peek() == END:
                self.advance()
                return ast.UnaryTests(tests, True, self.since(start))
        except Stop:
            pass
        del self.diagnostics[known:]
        self.position, self.token, self.repaired, self.depth, self.height, self.in_endpoint = 0, self.tokens[0], -1, 0, 0, False
        return None


def parse(snippet: Snippet, names: Collection[str] = ()) -> ast.Expr:
    """The syntax tree of an expression.

    ``names`` may hold names that are not single words (``Monthly Salary``, ``Date-Time``); others need no declaration.
    Raises `DiagnosticsError` with all errors of syntax that were found.
    """
    parser = _Parser(snippet, names)
    try:
        result = parser.whole()
    except Stop:
        raise parser.failed() from None
    if parser.diagnostics:
        raise parser.failed()
    return result


def parse_unary_tests(snippet: Snippet, names: Collection[str] = ()) -> ast.UnaryTests:
    """The syntax tree of a table's cell: ``-``, ``"a", "b"``, ``> 5``, ``[1..5]``, ``not("a")``, ``? > 3 and ? < 5``."""
    parser = _Parser(snippet, names)
    try:
        result = parser.unary_tests()
    except Stop:
        raise parser.failed() from None
    if parser.diagnostics:
        raise parser.failed()
    return result
