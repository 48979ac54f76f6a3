"""What building the items of one file rests on: its text, the documents and readings in sight, and where problems go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.schema.texts import Bilingual, InForce
from dte_rules.program.nodes import ALWAYS, Citation, Interpretation, Label, Period, Source, Under
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path
from dte_rules.source.nodes import ScalarNode
from dte_rules.source.span import Snippet, Span
from dte_rules.source.suggest import nearest

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule rests on, and when: handed down to the parts that say nothing of their own."""

    cites: tuple[Citation, ...] = ()
    period: Period = ALWAYS


@dataclass(frozen=True)
class Scope:
    """The surroundings of one file's items. ``data`` is all that the file says, what was left out for its form included.

    ``cited`` gathers every citation that is written in the file.
    """

    document: Document
    data: Mapping[str, Any]
    pack: str
    sources: Mapping[str, Source]
    interpretations: Mapping[str, Interpretation]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    cited: list[Citation] = field(default_factory=list)

    def report(self, diagnostic: Diagnostic) -> None:
        """Note a problem and go on."""
        self.diagnostics.append(diagnostic)

    def feel(self, at: Path) -> Snippet:
        """The expression at a place. A date that YAML has read becomes FEEL's literal."""
        node = self.document.node(at)
        if isinstance(node, ScalarNode) and isinstance(node.value, date):
            line, column = node.span.line, node.span.column
            return Snippet(f'@"{node.raw}"', node.span.file, tuple((offset, line, column) for offset in range(3)))
        return self.document.snippet(at)

    def cell(self, at: Path) -> tuple[Snippet, bool]:
        """A table's cell, and whether it is a bare word: a text as the notice has it, without quotes."""
        snippet = self.feel(at)
        node = self.document.node(at)
        is_text = isinstance(node, ScalarNode) and isinstance(node.value, str)
        return snippet, is_text and bool(_WORD.fullmatch(snippet.text)) and not snippet.text.isdecimal()

    def standing(
        self, at: Path, path: str, cite: str | list[str] | None, in_force: InForce | None, above: Standing | None = None
    ) -> Standing:
        """The clauses and the period of an item; ``above`` is what it rests on where it says nothing itself."""
        if cite is None and above is None:
            self.report(law.MissingCitation(span=self.document.key_span(at), item=path))
            above = Standing()
        cites = self.cites((*at, "cite"), cite) if cite is not None else above.cites if above else ()
        if in_force is not None:
            period = self.period((*at, "in_force"), in_force)
        elif cite is None and above is not None:
            period = above.period
        else:
            period = self._common_period(at, path, cites)
        return Standing(cites, period)

    def cites(self, at: Path, cite: str | list[str]) -> tuple[Citation, ...]:
        """The citations written at a place."""
        if isinstance(cite, str):
            return (self._citation(at, cite),)
        return tuple(self._citation((*at, index), text) for index, text in enumerate(cite))

    def period(self, at: Path, written: InForce) -> Period:
        """A period as written; one without a day in it is reported, and taken as always."""
        if written.from_ is not None and written.to is not None and written.from_ >= written.to:
            span = self.document.span((*at, "to"))
            self.report(law.EmptyPeriod(span=span, start=written.from_.isoformat(), end=written.to.isoformat()))
            return ALWAYS
        return Period(written.from_, written.to)

    def under(self, at: Path, written: Mapping[str, str | list[str]]) -> Under:
        """The readings under which a rule stands."""
        return tuple((name, self._readings((*at, "under", name), name, readings)) for name, readings in written.items())

    def place(self, at: Path) -> Span:
        """The place of an item: its key's, or a row's own."""
        return self.document.key_span(at)

    def _is_written(self, section: str, name: str) -> bool:
        """Whether the file has an item of that name, be it one of a wrong form that was left out and reported."""
        items = self.data.get(section)
        return isinstance(items, dict) and name in items

    def _citation(self, at: Path, text: str) -> Citation:
        source, _, locator = text.strip().partition(" ")
        span = self.document.span(at)
        if source not in self.sources and not self._is_written("sources", source):
            start = text.find(source)
            place = self.document.snippet(at).span(start, start + len(source))
            self.report(law.UnknownSource(span=place, source=source, nearest=nearest(source, self.sources)))
        elif not locator.strip():
            self.report(law.CitationWithoutClause(span=span, cite=source))
        self.cited.append(found := Citation(source, locator.strip(), span))
        return found

    def _common_period(self, at: Path, path: str, cites: tuple[Citation, ...]) -> Period:
        period: Period | None = ALWAYS
        for cite in cites:
            source = self.sources.get(cite.source)
            period = period.intersect(source.period) if period and source else period
        if period is None:
            names = ", ".join(dict.fromkeys(f"`{cite.source}`" for cite in cites))
            self.report(law.NeverInForce(span=self.document.span((*at, "cite")), item=path, sources=names))
        return period or ALWAYS

    def _readings(self, at: Path, name: str, written: str | list[str]) -> tuple[str, ...]:
        readings = (written,) if isinstance(written, str) else tuple(written)
        known = self.interpretations.get(name)
        if known is None:
            if not self._is_written("interpretations", name):
                self.report(
                    law.UnknownInterpretation(span=self.document.key_span(at), name=name, nearest=nearest(name, self.interpretations))
                )
            return readings
        allowed = [reading.id for reading in known.readings]
        for index, reading in enumerate(readings):
            if reading not in allowed:
                span = self.document.span(at if isinstance(written, str) else (*at, index))
                listed = ", ".join(f"`{word}`" for word in allowed)
                self.report(
                    law.UnknownReading(span=span, interpretation=name, reading=reading, nearest=nearest(reading, allowed), allowed=listed)
                )
        return readings


def label(written: Bilingual | None) -> Label | None:
    """A text in two languages, if there is one."""
    return None if written is None else Label(written.zh, written.en)


def some_label(written: Bilingual) -> Label:
    """A text in two languages."""
    return Label(written.zh, written.en)
