"""The facade: loads packs, and asks them questions."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel

from dte_rules.cases.diagnostics import UnknownDecision, UnknownInterpretation, UnknownReading, UnknownRegion
from dte_rules.compiler import compile_pack
from dte_rules.engine.decide import Decider, EngineName
from dte_rules.engine.decision import Decision
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.pack.model import Pack
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import Declaration, Vocabulary


class LoadedPack:
    """A compiled pack, ready to decide. Immutable, safe to share between threads, and picklable.

    ``Facts`` is the vocabulary it reads: the one given to `load_packs`, with the facts that the pack declares.
    """

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self.program, self.vocabulary = program, vocabulary
        self._deciders: dict[EngineName, Decider] = {}
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[LoadedPack], tuple[Program, Vocabulary]]:
        return LoadedPack, (self.program, self.vocabulary)

    def __repr__(self) -> str:
        return f"<pack {self.name} {self.program.version} {self.program.digest[:12]}>"

    @property
    def Facts(self) -> type[BaseModel]:
        """The model of the facts that the pack reads."""
        return self.vocabulary.model

    @property
    def name(self) -> str:
        """The pack's name, as ``jinhua``."""
        return self.program.name

    def decide(
        self,
        decision: str,
        facts: BaseModel,
        *,
        as_of: date,
        readings: Mapping[str, str] | None = None,
        engine: EngineName = "compiled",
    ) -> Decision:
        """Answers one of the pack's questions for some facts on a day.

        ``readings`` departs from the packs' default interpretations. ``engine`` picks the engine: ``compiled``, ``reference``
        or ``durable``; they agree. Raises `DiagnosticsError` for a decision, interpretation or reading that the pack does not
        have, and TypeError where ``as_of`` is no date or the facts are of another vocabulary.
        """
        if not isinstance(as_of, date) or isinstance(as_of, datetime):
            raise TypeError(f"as_of must be a datetime.date, not {type(as_of).__name__}")
        chosen = dict(readings or {})
        problems = list(self.check_question(decision, chosen))
        if problems:
            raise DiagnosticsError(problems)
        return self._decider(engine).decide(decision, self._read(facts), as_of, chosen)

    def check_question(self, decision: str, readings: Mapping[str, str]) -> Iterator[Diagnostic]:
        """What is wrong with a question: a decision, an interpretation or a reading that the pack does not have."""
        program = self.program
        if decision not in program.decisions:
            yield UnknownDecision(
                name=decision, region=self.name, known=tuple(program.decisions), suggestion=nearest(decision, program.decisions)
            )
        for interpretation, reading in readings.items():
            if interpretation not in program.interpretations:
                suggestion = nearest(interpretation, program.interpretations)
                yield UnknownInterpretation(name=interpretation, region=self.name, suggestion=suggestion)
                continue
            known = tuple(r.id for r in program.interpretations[interpretation].readings)
            if reading not in known:
                yield UnknownReading(name=str(reading), interpretation=interpretation, known=known)

    def _read(self, facts: BaseModel) -> BaseModel:
        """The facts in the pack's own vocabulary, with what they imply."""
        if not isinstance(facts, self.Facts) and not (isinstance(facts, BaseModel) and issubclass(self.Facts, type(facts))):
            raise TypeError(f"facts must be an instance of {self.Facts.__name__}, not {type(facts).__name__}")
        return self.vocabulary.closed(facts)

    def _decider(self, engine: EngineName) -> Decider:
        found = self._deciders.get(engine)
        if found is None:
            if engine not in ("compiled", "reference", "durable"):
                raise ValueError(f"unknown engine {engine!r}; there are compiled, reference and durable")
            with self._lock:
                found = self._deciders.setdefault(engine, Decider(self.program, engine))
        return found


class Packs(Mapping[str, LoadedPack]):
    """Packs by name. Asking for one that is not there raises `DiagnosticsError`, which names the nearest."""

    def __init__(self, packs: Mapping[str, LoadedPack]) -> None:
        self._packs = dict(packs)

    def __getitem__(self, name: str) -> LoadedPack:
        if name not in self._packs:
            known = tuple(self._packs)
            raise UnknownPack([UnknownRegion(name=str(name), known=known, suggestion=nearest(str(name), known))])
        return self._packs[name]

    def __contains__(self, name: object) -> bool:
        return name in self._packs

    def __iter__(self) -> Iterator[str]:
        return iter(self._packs)

    def __len__(self) -> int:
        return len(self._packs)


class UnknownPack(DiagnosticsError, KeyError):
    """Raised where a region is asked for that has no pack."""

    __str__ = DiagnosticsError.__str__


def load_packs(directory: str | Path | None = None, *, facts: type[BaseModel] | None = None) -> Packs:
    """Loads and compiles all packs of a directory; without one, the shipped packs.

    ``facts`` is the vocabulary, any Pydantic model; `dte_rules.Facts` where it isn't given. Only the directory's top level is
    read; libraries that packs use are looked for in its ``lib/``, then among the shipped ones. Raises `DiagnosticsError` with
    everything that is wrong with any of the packs.
    """
    library = Library.shipped() if directory is None else Library(Path(directory))
    packs: dict[str, LoadedPack] = {}
    problems: dict[Diagnostic, None] = {}
    for name in library.names():
        try:
            packs[name] = load_one(name, library, facts)
        except DiagnosticsError as error:
            problems.update(dict.fromkeys(error.diagnostics))
    if problems:
        raise DiagnosticsError(problems)
    return Packs(packs)


def load_one(name: str, library: Library, facts: type[BaseModel] | None = None) -> LoadedPack:
    """Loads and compiles one pack. Raises `DiagnosticsError`."""
    pack = load_pack(name, library)
    vocabulary = vocabulary_of(pack, _default_facts() if facts is None else facts)
    return LoadedPack(compile_pack(pack, vocabulary), vocabulary)


def vocabulary_of(pack: Pack, facts: type[BaseModel]) -> Vocabulary:
    """The vocabulary of a pack: the facts, and those that the pack declares. Raises `DiagnosticsError`."""
    declared: dict[str, Declaration] = {}
    problems: list[Diagnostic] = []
    for fact in pack.facts:
        try:
            declared[fact.path] = Declaration.read(fact.type, fact.path)
        except DiagnosticsError as error:
            problems += [replace(d, span=d.span or fact.span) for d in error.diagnostics]
    spans = {fact.path: fact.span for fact in pack.facts}
    if not problems:
        try:
            return Vocabulary.of(facts, declared)
        except DiagnosticsError as error:
            problems += [replace(d, span=d.span or spans.get(getattr(d, "path", ""))) for d in error.diagnostics]
    raise DiagnosticsError(problems)


def _default_facts() -> type[BaseModel]:
    from dte_rules.facts import Facts

    return Facts
