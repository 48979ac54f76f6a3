"""From the text of an expression to the core language: names resolved, types checked, surface forms translated.

`elaborate_all` finds all errors at once; after an error the part in question counts as of any type, so that nothing follows
from it. The walk over the tree is in `feel.checker`, the calls in `feel.calls`.
"""

from __future__ import annotations

from dte_rules.feel import core
from dte_rules.feel.checker import Checker
from dte_rules.feel.parser import parse, parse_unary_tests
from dte_rules.feel.scope import Elaborated, Scope, UserFunction
from dte_rules.feel.types import Type
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError, Severity
from dte_rules.source.span import Snippet

__all__ = ["Elaborated", "Scope", "UserFunction", "elaborate", "elaborate_all", "elaborate_tests_all", "elaborate_unary_tests"]


def elaborate_all(
    snippet: Snippet, scope: Scope, expected: Type | None = None, *, allow_null: bool = False, dynamic: bool = False
) -> Elaborated:
    """Checks and translates an expression, and gives all diagnostics instead of raising.

    ``allow_null`` permits comparisons with ``null``. ``dynamic`` is FEEL as the standard has it: types are left to evaluation,
    where a mistake of type gives null; only unknown names, functions and numbers of arguments are errors.
    """
    try:
        tree = parse(snippet, scope.special_names)
    except DiagnosticsError as error:
        return Elaborated(None, error.diagnostics)
    checker = Checker(scope, allow_null=allow_null, dynamic=dynamic, tested=None)
    expr = checker.expr(tree)
    if expected is not None:
        checker.check_expected(expr, expected)
    return _finished(checker, expr)


def elaborate(
    snippet: Snippet, scope: Scope, expected: Type | None = None, *, allow_null: bool = False, dynamic: bool = False
) -> core.Expr:
    """Checks and translates an expression. Raises `DiagnosticsError` with all errors."""
    return _or_raise(elaborate_all(snippet, scope, expected, allow_null=allow_null, dynamic=dynamic))


def elaborate_tests_all(
    snippet: Snippet, scope: Scope, input_type: Type, input_expr: core.Expr, *, allow_null: bool = False, dynamic: bool = False
) -> Elaborated:
    """Checks and translates the text of a table's cell; like `elaborate_unary_tests`, but gives all diagnostics.

    The expression is None without any diagnostic for ``-``.
    """
    try:
        tree = parse_unary_tests(snippet, scope.special_names)
    except DiagnosticsError as error:
        return Elaborated(None, error.diagnostics)
    if not tree.tests:
        return Elaborated(None, ())
    checker = Checker(scope, allow_null=allow_null, dynamic=dynamic, tested=(input_expr, input_type))
    return _finished(checker, checker.unary_tests(tree))


def elaborate_unary_tests(
    snippet: Snippet, scope: Scope, input_type: Type, input_expr: core.Expr, *, allow_null: bool = False, dynamic: bool = False
) -> core.Expr | None:
    """The condition that a table's cell puts on ``input_expr`` (``?`` in the text), or None for ``-``, which holds always.

    An expression without ``?`` is a condition by itself where it gives a truth value and the input is none; else the input
    must equal it, or be among its members where it is a list.
    """
    result = elaborate_tests_all(snippet, scope, input_type, input_expr, allow_null=allow_null, dynamic=dynamic)
    return None if result.expr is None and not result.diagnostics else _or_raise(result)


def _finished(checker: Checker, expr: core.Expr) -> Elaborated:
    found = tuple(sorted(checker.diagnostics, key=_place))
    return Elaborated(None if any(x.severity == Severity.ERROR for x in found) else expr, found)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.span
    return (span.file, span.line, span.column) if span else ("", 0, 0)


def _or_raise(result: Elaborated) -> core.Expr:
    if result.expr is None:
        raise DiagnosticsError(result.diagnostics)
    return result.expr
