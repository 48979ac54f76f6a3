"""FEEL in a file of properties: checked against what it can see, with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dte_rules.analysis.prove.model import File
from dte_rules.compiler.diagnostics import UnknownType
from dte_rules.feel import core
from dte_rules.feel.diagnostics_types import UnknownName
from dte_rules.feel.elaborate import elaborate_all
from dte_rules.feel.scope import Scope, UserFunction
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Path
from dte_rules.source.nodes import ScalarNode

_TYPES: Mapping[str, Type] = {t.name: t for t in (NUMBER, STRING, BOOLEAN, DATE, MONTHS, DAYS)}


@dataclass(frozen=True, kw_only=True)
class _NotNamedHere(UnknownName):
    """As in a pack, but the help says what a property can name at that place."""

    names: str

    zh_without = "此处可用的名称：{names}；若是文本，请加双引号"
    en_without = "what can be named here: {names}; a text stands between double quotes"


@dataclass(frozen=True, kw_only=True)
class _NothingNamedHere(UnknownName):
    """A fact that a case gives is worked out from the variables of ``each`` alone."""

    zh_without = "此处只能用 `each` 的变量；与判定日或其他事实的关系写在 `given` 中；若是文本，请加双引号"
    en_without = (
        "only variables of `each` can be named here; how a fact is related to the day or to others is said in `given`; "
        "a text stands between double quotes"
    )


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
        self.found += (_here(problem, names) for problem in checked.diagnostics)
        return checked.expr


def _here(problem: Diagnostic, names: Mapping[str, Type]) -> Diagnostic:
    if not isinstance(problem, UnknownName) or problem.suggestion is not None:
        return problem
    if not names:
        return _NothingNamedHere(span=problem.span, name=problem.name)
    return _NotNamedHere(span=problem.span, name=problem.name, names=", ".join(f"`{name}`" for name in names))
