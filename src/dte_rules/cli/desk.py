"""Takes in case files, asks the packs, and hands back an outcome a case: what all commands on cases share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dte_rules.cases import BrokenCase, Case, CaseFile, Discreet, fact_problems, facts_of, read_cases
from dte_rules.cli.diagnostics import InternalError
from dte_rules.cli.screen import console
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, Enum, ListOf
from dte_rules.source import diagnostics as reader
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError, Lang
from dte_rules.source.lines import Lines
from dte_rules.source.render import render
from dte_rules.source.span import Span
from dte_rules.source.yaml import LIMITS
from dte_rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from dte_rules.api import Packs
    from dte_rules.engine.decide import EngineName
    from dte_rules.engine.decision import Decision

STDIN = "<stdin>"
MANY = 200
"""From how many cases on a terminal is told how far the work is."""


@dataclass(frozen=True)
class Outcome:
    """A case with its decision, or with what is wrong; without a case, what is wrong with a file."""

    file: CaseFile
    case: Case | BrokenCase | None
    decision: Decision | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def id(self) -> str | None:
        """The case's id, where there is one that can be read."""
        return self.case.id if self.case else None

    @property
    def title(self) -> str | None:
        """The case's title."""
        return self.case.title if self.case else None


class Desk:
    """Decides cases with the packs of a folder. Its diagnostics show no personal data."""

    def __init__(self, packs: Packs, engine: EngineName = "compiled") -> None:
        self.packs, self.engine = packs, engine
        self._veils: dict[str, Discreet] = {}

    def outcomes(self, files: Sequence[CaseFile]) -> list[Outcome]:
        """The outcome of every case, in the order of the files; a file's own errors come before its cases."""
        return [outcome for file in files for outcome in self._of_file(file)]

    def deciding(self, files: Sequence[CaseFile], lang: Lang) -> list[Outcome]:
        """As ``outcomes``, telling on a terminal how far the work is where there are many cases."""
        total = sum(len(file.cases) for file in files)
        target = console(stderr=True)
        if total <= MANY or not target.is_terminal:
            return self.outcomes(files)
        from rich.progress import track

        words = "正在判定" if lang == "zh" else "deciding"
        every = (outcome for file in files for outcome in self._of_file(file))
        return list(track(every, description=words, total=total, console=target, transient=True))

    def render(self, file: CaseFile, diagnostic: Diagnostic, lang: Lang, *, colour: bool = False) -> str:
        """A diagnostic of a case file as text."""
        if file.document is None:
            return render(diagnostic, None, lang, colour=colour)
        veil = self._veils.get(file.file)
        if veil is None:
            veil = self._veils.setdefault(file.file, Discreet(file.document, self._public.__contains__))
        return veil.render(diagnostic, lang, colour=colour)

    def _of_file(self, file: CaseFile) -> Iterator[Outcome]:
        if file.diagnostics:
            yield Outcome(file, None, diagnostics=file.diagnostics)
        for case in file.cases:
            yield self._broken(file, case) if isinstance(case, BrokenCase) else self._decided(file, case)

    def _broken(self, file: CaseFile, case: BrokenCase) -> Outcome:
        problems = [*case.diagnostics, *self._question_problems(case)]
        if case.region is not None and case.region in self.packs:
            pack = self.packs[case.region]
            problems += fact_problems(case, pack.Facts, pack.vocabulary)
        return Outcome(file, case, diagnostics=_in_order(problems))

    def _question_problems(self, case: Case | BrokenCase) -> list[Diagnostic]:
        """What is wrong with the region, the decision and the readings that a case names, each at its place."""
        if case.region is None:
            return []
        try:
            pack = self.packs[case.region]
        except DiagnosticsError as error:
            return [replace(d, span=case.span("region")) for d in error.diagnostics]
        if case.decision is None:
            return []
        return [_placed(d, case) for d in pack.check_question(case.decision, case.readings)]

    def _decided(self, file: CaseFile, case: Case) -> Outcome:
        problems = self._question_problems(case)
        if case.region not in self.packs:
            return Outcome(file, case, diagnostics=tuple(problems))
        pack = self.packs[case.region]
        try:
            facts = facts_of(case, pack.Facts, pack.vocabulary)
        except DiagnosticsError as error:
            problems += error.diagnostics
        if problems:
            return Outcome(file, case, diagnostics=_in_order(problems))
        try:
            decision = pack.decide(case.decision, facts, as_of=case.as_of, readings=case.readings, engine=self.engine)
        except DiagnosticsError as error:
            if isinstance(error, ImportError):
                raise  # the engine is not installed: no case can be decided
            return Outcome(file, case, diagnostics=error.diagnostics)
        except Exception as error:
            # a defect met in one case must not keep the others from being decided
            return Outcome(file, case, diagnostics=(InternalError.of(error, case.span("id")),))
        return Outcome(file, case, decision)

    @cached_property
    def _public(self) -> frozenset[str]:
        """Facts whose values may be shown: numbers, days, truth values, choices and codes that no pack marks as personal."""
        shown: set[str] = set()
        hidden: set[str] = set()
        for pack in self.packs.values():
            vocabulary = pack.vocabulary
            hidden |= vocabulary.personal
            shown |= {path for path in vocabulary.types if _is_harmless(vocabulary, path)}
        return frozenset(shown - hidden)


def take_in(names: Iterable[str]) -> list[CaseFile]:
    """The case files of these names; ``-`` is the standard input, read once."""
    return [_from_stdin() if name == "-" else read_cases(name) for name in dict.fromkeys(names)]


def _from_stdin() -> CaseFile:
    stream: Any = getattr(sys.stdin, "buffer", sys.stdin)
    data = stream.read(LIMITS.size + 1)
    if isinstance(data, str):
        return read_cases(STDIN, text=data)
    try:
        return read_cases(STDIN, text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        start = len(data[: error.start].decode("utf-8"))
        guess = "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "GBK"
        place: Span = Lines(text, STDIN).span(start, start + 1)
        return CaseFile(STDIN, (), (reader.NotUtf8(span=place, guess=guess),))


def _placed(diagnostic: Diagnostic, case: Case | BrokenCase) -> Diagnostic:
    """What is wrong with a question, at its place in the case."""
    from dte_rules.cases.diagnostics import UnknownDecision, UnknownInterpretation, UnknownReading

    match diagnostic:
        case UnknownDecision():
            return replace(diagnostic, span=case.span("decision"))
        case UnknownInterpretation(name=name):
            return replace(diagnostic, span=case.span("readings", name, key=True))
        case UnknownReading(interpretation=name):
            return replace(diagnostic, span=case.span("readings", name))
        case _:
            return diagnostic


def _in_order(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))


def _is_harmless(vocabulary: Vocabulary, path: str) -> bool:
    type_ = vocabulary.types[path]
    element = type_.element if isinstance(type_, ListOf) else type_
    if isinstance(element, Enum) or element in (BOOLEAN, NUMBER, DATE):
        return True
    constraint = vocabulary.constraints.get(path)
    return constraint is not None and constraint.format == "division_code"
