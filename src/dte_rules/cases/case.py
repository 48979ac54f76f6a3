"""A case as it stands in a file: the question, the plain facts with their places, and what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document
from dte_rules.source.span import Span

CASE_KEYS = ("id", "title", "region", "decision", "as_of", "readings", "facts", "expect")
REQUIRED_KEYS = ("id", "region", "decision", "as_of")


@dataclass(frozen=True)
class Expect:
    """What a case expects: only the fields that it names, and those that are to be compared as whole lists."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    exactly: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """Something of which the places in a file are known."""

    document: Document | None = field(default=None, compare=False, repr=False)
    """The case with the file's defaults under it; its places are those of the file."""

    def span(self, *path: str | int, key: bool = False) -> Span | None:
        """The place of a value of the case, or of its key; None for a case that comes from no file."""
        if self.document is None:
            return None
        return self.document.key_span(path) if key else self.document.span(path)


@dataclass(frozen=True, kw_only=True)
class Case(_Placed):
    """A case whose form is right. Its facts are plain data until ``facts_of`` reads them in a pack's vocabulary."""

    id: str
    title: str | None = None
    region: str
    decision: str
    as_of: date
    readings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    expect: Expect | None = None


@dataclass(frozen=True, kw_only=True)
class BrokenCase(_Placed):
    """A case that can't be decided as it stands, with what is wrong with it; what could be read of it is given."""

    diagnostics: tuple[Diagnostic, ...]
    id: str | None = None
    title: str | None = None
    region: str | None = None
    decision: str | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False)
class CaseFile:
    """The cases of a file, in its order; ``diagnostics`` is what is wrong with the file itself, outside of any case."""

    file: str
    cases: tuple[Case | BrokenCase, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    document: Document | None = field(default=None, compare=False, repr=False)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong, each thing once, however many cases it spoils."""
        found = dict.fromkeys(self.diagnostics)
        for case in self.cases:
            if isinstance(case, BrokenCase):
                found.update(dict.fromkeys(case.diagnostics))
        return tuple(found)
