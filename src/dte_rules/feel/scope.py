"""What an expression can see: global names with their types, and functions that are defined in FEEL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dte_rules.feel import core
from dte_rules.feel.types import Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet


@dataclass(frozen=True)
class UserFunction:
    """A function defined in FEEL. It is put in place of its calls; its body sees the global names and its parameters."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type | None
    body: Snippet

    @property
    def usage(self) -> str:
        """How the function is called."""
        return f"{self.name}({', '.join(name for name, _ in self.parameters)})"


@dataclass(frozen=True)
class Scope:
    """The global names and functions. A name with dots below it (``training.level``) is a name of Record type."""

    names: Mapping[str, Type]
    functions: Mapping[str, UserFunction] = field(default_factory=dict)

    @cached_property
    def special_names(self) -> frozenset[str]:
        """The names that aren't single words, as ``Monthly Salary``: the lexer must know them."""
        return frozenset(name for name in (*self.names, *self.functions) if not name.isidentifier())


@dataclass(frozen=True)
class Elaborated:
    """An expression of the core language, or None where there are errors; and all that is to be said about it."""

    expr: core.Expr | None
    diagnostics: tuple[Diagnostic, ...]
