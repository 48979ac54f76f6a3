"""Making rules of items: the expressions of each version, with all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dte_rules.compiler.coverage import Standing
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.scopes import Scopes, Stretch
from dte_rules.feel import core
from dte_rules.feel.elaborate import Elaborated, elaborate_all
from dte_rules.feel.scope import Scope
from dte_rules.feel.types import Type
from dte_rules.program.nodes import Rule
from dte_rules.source.diagnostic import Diagnostic, Severity
from dte_rules.source.span import Snippet, Span


@dataclass
class Writing:
    """The rules that one pass makes, and what it finds; the pass alone holds it, and hands on what is in it."""

    draft: Draft
    rules: list[Rule] = field(default_factory=list)
    found: dict[Diagnostic, None] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.scopes = Scopes(self.draft.names, self.draft.pack.interpretations)

    @property
    def types(self) -> Mapping[str, Type]:
        """The types of the global names."""
        return self.draft.names.types

    def stretches(self, slot: str, snippets: Sequence[Snippet], standing: Standing, span: Span) -> Iterator[Stretch]:
        """The scopes for a rule with these expressions. Functions that aren't in force throughout are reported."""
        unavailable = list(self.scopes.unavailable(slot, snippets, standing, span))
        self.found.update(dict.fromkeys(unavailable))
        if unavailable:
            self.broken.add(slot)
        yield from self.scopes.stretches(snippets, standing)

    def expression(self, slot: str, snippet: Snippet, scope: Scope, expected: Type | None = None) -> core.Expr | None:
        """The expression in the core language; None where there are errors, which break the slot."""
        return self.checked(slot, elaborate_all(snippet, scope, expected))

    def checked(self, slot: str, result: Elaborated) -> core.Expr | None:
        """The expression, its diagnostics taken down."""
        if result.diagnostics:
            self.found.update(dict.fromkeys(result.diagnostics))
            if any(d.severity == Severity.ERROR for d in result.diagnostics):
                self.broken.add(slot)
        return result.expr

    def done(self) -> Draft:
        """The draft with all that was made and found."""
        return replace(self.draft, rules=(*self.draft.rules, *self.rules)).found(self.found, self.broken)
