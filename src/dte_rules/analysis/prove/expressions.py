"""FEEL in a file of properties: checked against what it can see, with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dte_rules.analysis.prove.model import File
from dte_rules.compiler.diagnostics import UnknownType
from dte_rules.feel import core
from dte_rules.feel.elaborate import elaborate_all
from dte_rules.feel.scope import Scope, UserFunction
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Path
from dte_rules.source.nodes import ScalarNode

_TYPES: Mapping[str, Type] = {t.name: t for t in (NUMBER, STRING, BOOLEAN, DATE, MONTHS, DAYS)}


class Feel:
    """Checks expressions of one file; what is wrong is added to ``found``."""

    def __init__(self, file: File, found: list[Diagnostic]) -> None:
        self.document, self.found = file.document, found
        self.functions = {
            name: UserFunction(
                name,
                tuple((parameter, self._type(type_, name, parameter)) for parameter, type_ in form.params.items()),
                None,
                self.document.snippet(("functions", name, "is")),
            )
            for name, form in file.content.functions.items()
        }

    def _type(self, name: str, function: str, parameter: str) -> Type:
        if name not in _TYPES:
            span = self.document.span(("functions", function, "params", parameter))
            self.found.append(UnknownType(span=span, name=name, types=", ".join(_TYPES)))
        return _TYPES.get(name, ANY)

    def expression(self, path: Path, names: Mapping[str, Type], wanted: Type | None, *, null: bool = False) -> core.Expr | None:
        """The expression at a place; None where something is wrong with it."""
        node = self.document.node(path)
        if isinstance(node, ScalarNode) and isinstance(node.value, date):
            return core.Const(node.value, type=DATE, span=node.span)  # a day as YAML has it, which FEEL would take for a difference
        snippet = self.document.snippet(path)
        checked = elaborate_all(snippet, Scope(names, self.functions), wanted, allow_null=null)
        self.found += checked.diagnostics
        return checked.expr
