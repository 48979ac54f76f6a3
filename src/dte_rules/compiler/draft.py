"""What the passes hand on: the pack, what is known of its names, the rules made so far, and everything found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dte_rules.feel.scope import UserFunction
from dte_rules.feel.types import Type
from dte_rules.feel.words import Words
from dte_rules.pack.model import Function, Pack
from dte_rules.program.nodes import Decision, Rule
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True)
class FunctionVersion:
    """A function as FEEL knows it, with the item that defines it. ``calls`` names the pack's functions in its body."""

    item: Function
    function: UserFunction
    calls: frozenset[str]


@dataclass(frozen=True)
class Names:
    """The one space of names that expressions see.

    ``types`` has every global name with its type, tables and groups of parameters as records, ``kinds`` what it names. ``parts`` has,
    for each table and group of parameters, the names of its parts; the dotted names without parts are slots.
    """

    types: Mapping[str, Type] = field(default_factory=dict)
    kinds: Mapping[str, Words] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    functions: Mapping[str, tuple[FunctionVersion, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A program in the making. A pass returns a new one.

    ``broken`` names slots whose rules have errors, and of which later passes therefore say nothing.
    """

    pack: Pack
    vocabulary: Vocabulary
    names: Names = Names()
    rules: tuple[Rule, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    strata: Mapping[str, int] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()

    def found(self, diagnostics: Iterable[Diagnostic], broken: Iterable[str] = ()) -> Draft:
        """The draft with more that is wrong with it."""
        known = dict.fromkeys(self.diagnostics)
        known.update(dict.fromkeys(diagnostics))
        return replace(self, diagnostics=tuple(known), broken=self.broken | frozenset(broken))
