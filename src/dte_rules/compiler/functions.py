"""The pass that checks functions which nothing calls; what is wrong with the others is found where they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dte_rules.compiler.draft import Draft, FunctionVersion
from dte_rules.compiler.scopes import Scopes
from dte_rules.compiler.snippets import rule_snippets
from dte_rules.feel.elaborate import elaborate_all
from dte_rules.feel.scope import Scope
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet


def with_function_findings(draft: Draft) -> Draft:
    """The draft with what is wrong with the functions that no rule calls."""
    scopes = Scopes(draft.names, draft.pack.interpretations)
    called = scopes.called(tuple(rule_snippets(draft.pack)))
    idle = (version for name, versions in draft.names.functions.items() if name not in called for version in versions)
    return draft.found(d for version in idle for d in _findings(version, scopes.plain))


def _findings(version: FunctionVersion, plain: Scope) -> Iterator[Diagnostic]:
    """What a call would find, its arguments being of the right types."""
    function = version.function
    arguments = [f"argument{number}" for number in range(len(function.parameters))]
    names = {**plain.names, **dict(zip(arguments, (type_ for _, type_ in function.parameters), strict=True))}
    scope = replace(plain, names=names, functions={**plain.functions, function.name: function})
    yield from elaborate_all(Snippet.of(f"{function.name}({', '.join(arguments)})"), scope).diagnostics
