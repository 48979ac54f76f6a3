"""What expressions see, and when: a function that is overridden from some day on splits the rules that call it at that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product

from dte_rules.compiler.coverage import Standing, choices, days_text, gaps, holds, periods_text
from dte_rules.compiler.diagnostics import NotInForce
from dte_rules.compiler.draft import FunctionVersion, Names
from dte_rules.compiler.names import functions_called
from dte_rules.feel.scope import Scope
from dte_rules.feel.types import Type
from dte_rules.program.nodes import ALWAYS, Interpretation, Period
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet, Span


@dataclass(frozen=True)
class Stretch:
    """Days and readings on which expressions have one scope."""

    standing: Standing
    scope: Scope


class Scopes:
    """The scopes of a pack. ``types`` are the global names; it may be a mapping that works types out when asked."""

    def __init__(self, names: Names, interpretations: Mapping[str, Interpretation], types: Mapping[str, Type] | None = None) -> None:
        self._versions = names.functions
        self._readings = {name: [r.id for r in i.readings] for name, i in interpretations.items()}
        self._closure = _closure(names.functions)
        self.plain = Scope(names.types if types is None else types, {n: v[0].function for n, v in names.functions.items()})
        """The scope in which every function has its first version."""

    def stretches(self, snippets: Sequence[Snippet], standing: Standing) -> tuple[Stretch, ...]:
        """The scopes of a rule with these expressions, together with where the rule stands with each."""
        called = self.called(snippets)
        if all(_unlimited(self._versions[name]) for name in called):
            return (Stretch(standing, self.plain),)
        return tuple(self._combined(called, standing))

    def unavailable(self, slot: str, snippets: Sequence[Snippet], standing: Standing, span: Span) -> Iterator[Diagnostic]:
        """The functions that a rule calls and that aren't in force throughout."""
        for name in self.called(snippets):
            versions = [_standing(version) for version in self._versions[name]]
            for choice in choices(standing.under, versions, self._readings):
                standing_now = [v.period for v in versions if holds(v.under, choice)]
                if missing := gaps(standing.period, standing_now):
                    yield not_in_force(slot, name, span, missing[0], standing_now)
                    break

    def bodies(self, snippets: Sequence[Snippet]) -> tuple[Snippet, ...]:
        """The bodies of all functions that the expressions call, directly or through others."""
        return tuple(version.item.body for name in self.called(snippets) for version in self._versions[name])

    def called(self, snippets: Sequence[Snippet]) -> tuple[str, ...]:
        """The pack's functions that the expressions call, directly or through others."""
        if not self._versions:
            return ()
        direct = {name for snippet in snippets for name in functions_called(snippet.text) if name in self._versions}
        return tuple(sorted({name for first in direct for name in self._closure[first]}))

    def _combined(self, called: Sequence[str], standing: Standing) -> Iterator[Stretch]:
        limited = [name for name in called if not _unlimited(self._versions[name])]
        for versions in product(*(self._versions[name] for name in limited)):
            met = reduce(lambda a, b: None if a is None else a.meet(_standing(b)), versions, _optional(standing))
            if met is not None:
                functions = {**self.plain.functions, **{v.item.id: v.function for v in versions}}
                yield Stretch(met, replace(self.plain, functions=functions))


def not_in_force(slot: str, read: str, span: Span | None, missing: Period, covers: Sequence[Period]) -> NotInForce:
    """The diagnostic for days on which what a rule reads isn't in force."""
    return NotInForce(
        span=span,
        slot=slot,
        read=read,
        days=days_text(missing, "zh"),
        days_en=days_text(missing, "en"),
        periods=periods_text(covers, "zh"),
        periods_en=periods_text(covers, "en"),
    )


def _optional(standing: Standing) -> Standing | None:
    return standing


def _standing(version: FunctionVersion) -> Standing:
    return Standing(version.item.period, version.item.under)


def _unlimited(versions: Sequence[FunctionVersion]) -> bool:
    return len(versions) == 1 and versions[0].item.period == ALWAYS and not versions[0].item.under


def _closure(functions: Mapping[str, tuple[FunctionVersion, ...]]) -> dict[str, frozenset[str]]:
    """For each function, itself and all that are called from it."""
    calls = {name: frozenset[str]().union(*(v.calls for v in versions)) for name, versions in functions.items()}
    closed: dict[str, frozenset[str]] = {}
    for name in calls:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in reached:
                reached.add(current)
                waiting += calls[current]
        closed[name] = frozenset(reached)
    return closed
