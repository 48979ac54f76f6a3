"""Holds registers and rules against the texts of their documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dte_rules.pack.locators import clause_of
from dte_rules.pack.model import Pack, Register
from dte_rules.program.nodes import Citation
from dte_rules.register import diagnostics as told
from dte_rules.register.literals import Figure, figures
from dte_rules.register.notices import Folder, Notice
from dte_rules.register.numerals import quantities
from dte_rules.register.structure import TextClause, clauses_of, unlisted, whole_text
from dte_rules.register.text import digest_of
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.suggest import nearest


@dataclass(frozen=True)
class Text:
    """A notice with its clauses."""

    notice: Notice
    clauses: Mapping[str, TextClause]

    def words(self, cite: Citation) -> str:
        """The text of a clause; all of the notice where it has no such clause, which is told of elsewhere."""
        locator = clause_of(cite.locator)
        return whole_text(self.clauses, locator) if locator in self.clauses else self.notice.text


@dataclass(frozen=True)
class Comparison:
    """What came out: findings, and the clauses that no register lists, by document."""

    findings: tuple[Diagnostic, ...]
    missing: Mapping[str, tuple[str, ...]]
    compared: tuple[str, ...]


def compare(packs: Sequence[Pack], folder: Folder) -> Comparison:
    """Everything in which the packs and the folder's texts disagree.

    A document that a pack inherits is compared where its text is there; the text of one that it registers itself must be.
    """
    texts = {notice.source: Text(notice, clauses_of(notice.text, notice.line)) for notice in reversed(folder.notices)}
    findings: dict[Diagnostic, None] = dict.fromkeys(_of_folder(folder, texts))
    missing: dict[str, tuple[str, ...]] = {}
    compared: list[str] = []
    registers = {source: (pack, register) for pack in reversed(packs) for source, register in pack.clauses.items()}
    for source, (pack, register) in registers.items():
        text = texts.get(source)
        if text is not None:
            compared.append(source)
            lacking = tuple(unlisted(text.clauses, register.clauses))
            missing[source] = tuple(clause.locator for clause in lacking)
            findings |= dict.fromkeys(_of_register(register, text, lacking))
        elif any(register.pack == each.name for each in packs):
            findings[told.TextMissing(span=register.span, source=source, number=pack.sources[source].number)] = None
    known = {source: text for source, text in texts.items() if source in registers}
    for pack in packs:
        findings |= dict.fromkeys(_of_figures(pack, known))
    return Comparison(tuple(findings), missing, tuple(compared))


def _of_folder(folder: Folder, texts: Mapping[str, Text]) -> Iterator[Diagnostic]:
    yield from (told.TextUnreadable(file=file) for file in folder.unreadable)
    yield from (told.TextUnknown(file=file) for file in folder.unknown)
    for notice in folder.notices:
        first = texts[notice.source].notice
        if notice is not first:
            yield told.TextTwice(source=notice.source, file=notice.file, first=first.file)


def _of_register(register: Register, text: Text, lacking: Sequence[TextClause]) -> Iterator[Diagnostic]:
    notice = text.notice
    digest = digest_of(notice.text)
    if digest != register.digest:
        yield told.TextChanged(span=register.digest_span, source=register.source, file=notice.file, digest=digest)
    for clause in lacking:
        yield told.ClauseUnlisted(span=register.span, source=register.source, locator=clause.locator, file=notice.file, line=clause.line)
    for locator, listed in register.clauses.items():
        if locator not in text.clauses:
            likely = nearest(locator, text.clauses)
            yield told.LocatorNotInText(span=listed.span, source=register.source, locator=locator, file=notice.file, nearest=likely)


def _of_figures(pack: Pack, texts: Mapping[str, Text]) -> Iterator[Diagnostic]:
    """The numbers that none of the clauses has which they rest on; where one of the documents has no text here, nothing can be said."""
    for figure in figures(pack):
        if figure.cites and all(cite.source in texts for cite in figure.cites):
            words = [texts[cite.source].words(cite) for cite in figure.cites]
            if not _stands(figure, words):
                clauses = ", ".join(dict.fromkeys(str(cite) for cite in figure.cites))
                yield told.NumberNotInText(span=figure.span, item=figure.item, value=figure.shown, clauses=clauses)


def _stands(figure: Figure, words: Sequence[str]) -> bool:
    """Whether a text has the number: for a table's, the line that names the row, where there is one."""
    lines = [line for text in words for line in text.split("\n") if figure.row and figure.row in line]
    return any(quantities(text).has(figure.value) for text in lines or words)
