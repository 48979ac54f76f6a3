"""The facade: loads packs, and asks them questions."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from dte_rules import cache
from dte_rules.engine.decide import Decider, EngineName
from dte_rules.engine.decision import Decision
from dte_rules.engine.face import Face
from dte_rules.pack.library import Library
from dte_rules.program.nodes import Program, Target
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import Declaration, Vocabulary

if TYPE_CHECKING:
    from dte_rules.advice.inquiry import Inquiry
    from dte_rules.advice.interview import Interview
    from dte_rules.advice.what_if import WhatIf
    from dte_rules.advice.when import Timeline
    from dte_rules.engine.justification import Explained
    from dte_rules.engine.justify import Explainer
    from dte_rules.engine.session import Session, SessionEngine
    from dte_rules.engine.session_async import AsyncSession
    from dte_rules.pack.model import Pack
    from dte_rules.receipts import Key, Receipt


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

    @property
    def targets(self) -> Mapping[str, Target]:
        """The goals that the pack's documents set, by id: plain data, on which no decision rests."""
        return self.program.targets

    def decide(
        self,
        decision: str,
        facts: BaseModel,
        *,
        as_of: date,
        readings: Mapping[str, str] | None = None,
        engine: EngineName = "compiled",
        alternatives: bool = True,
    ) -> Decision:
        """Answers one of the pack's questions for some facts on a day.

        ``readings`` departs from the packs' default interpretations. ``engine`` picks the engine: ``compiled``, ``reference``
        or ``durable``; they agree. Without ``alternatives`` it is not worked out what other readings of the law would give,
        which takes half of the time; ``flags`` and ``alternatives`` are then empty. Raises `DiagnosticsError` for a decision,
        interpretation or reading that the pack does not have, and TypeError where ``as_of`` is no date or the facts are of
        another vocabulary.
        """
        if type(as_of) is not date:
            _check_day(as_of)
        return self.face(decision, as_of, readings, engine).decision(self._read(facts), as_of, alternatives=alternatives)

    def decide_json(
        self,
        decision: str,
        text: str | bytes,
        *,
        as_of: date,
        readings: Mapping[str, str] | None = None,
        alternatives: bool = True,
    ) -> str:
        """Answers a question for facts in JSON, as JSON; numbers keep every digit on the way in.

        It raises what `decide` does, and `pydantic.ValidationError` for a text that is no JSON or no facts.
        """
        _check_day(as_of)
        face = self.face(decision, as_of, readings)
        return face.decision(self.vocabulary.closed_json(text), as_of, alternatives=alternatives).model_dump_json()

    def decide_many(
        self,
        decision: str,
        facts: Iterable[BaseModel],
        *,
        as_of: date,
        readings: Mapping[str, str] | None = None,
        processes: int | None = None,
        alternatives: bool = True,
    ) -> list[Decision]:
        """Answers a question for many facts, in their order.

        With ``processes`` the work is shared among so many processes, this one included. On Linux a process that runs one thread
        is forked, which pays from some thousand facts on. Else processes are spawned, which takes half a second; a script that asks
        for it must be safe to import, as `multiprocessing` wants it. It raises what `decide` does.
        """
        from dte_rules.many import Asked, decide_here, decide_in_processes

        _check_day(as_of)
        asked = Asked(decision, as_of, tuple((readings or {}).items()), alternatives)
        self.face(decision, as_of, readings)
        if processes is None or processes < 2:
            return decide_here(self, asked, facts)
        return decide_in_processes(self, asked, list(facts), processes)

    def face(self, decision: str, as_of: date, readings: Mapping[str, str] | None = None, engine: EngineName = "compiled") -> Face:
        """A question made ready for any facts. Raises `DiagnosticsError` as `decide` does."""
        if (readings or decision not in self.program.decisions) and (problems := list(self.check_question(decision, readings or {}))):
            raise DiagnosticsError(problems)
        decider = self._deciders.get(engine) or self._decider(engine)
        return decider.prepared(decision, as_of, decider.departures(readings) if readings else ())

    def session(
        self,
        decisions: Iterable[str] | None = None,
        *,
        as_of: date,
        facts: BaseModel | None = None,
        readings: Mapping[str, str] | None = None,
        engine: SessionEngine | None = None,
    ) -> Session:
        """A session in which facts are put in, changed and taken back, and decisions follow: all of the pack's, or those named.

        ``facts`` are those to begin with; each of them can be taken back. ``engine`` is what draws the conclusions: ``durable``,
        a network of durable-rules, or ``compiled``; they agree. Without it, ``durable`` where that is installed. It raises what
        `decide` does, ValueError for another engine, and `pydantic.ValidationError` where the model wants fields that ``facts`` do
        not give.
        """
        _check_day(as_of)
        wanted = tuple(self.program.decisions if decisions is None else dict.fromkeys(decisions))
        chosen = dict(readings or {})
        if problems := list(dict.fromkeys(p for name in wanted for p in self.check_question(name, chosen))):
            raise DiagnosticsError(problems)
        from dte_rules.engine.session import Session
        from dte_rules.engine.session_facts import FactStore

        store = FactStore(self.vocabulary) if facts is None else FactStore.of(self.vocabulary, self.checked(facts))
        decider = self._decider(engine or _session_engine())
        return Session(decider, self.vocabulary, wanted, as_of=as_of, readings=chosen, store=store)

    def async_session(
        self,
        decisions: Iterable[str] | None = None,
        *,
        as_of: date,
        facts: BaseModel | None = None,
        readings: Mapping[str, str] | None = None,
        engine: SessionEngine | None = None,
    ) -> AsyncSession:
        """A session for asyncio, to be used by ``async with``: its updates are awaited, and never hold up the event loop."""
        from dte_rules.engine.session_async import AsyncSession

        wanted = None if decisions is None else tuple(decisions)
        return AsyncSession(lambda: self.session(wanted, as_of=as_of, facts=facts, readings=readings, engine=engine))

    def restore(self, snapshot: Mapping[str, Any], *, engine: SessionEngine | None = None) -> Session:
        """The session of a `Session.snapshot`, to be continued, with the same engine unless another is named.

        Raises ValueError for a snapshot of another pack or version, and for one that was damaged.
        """
        from dte_rules.engine.session import restored

        return restored(self._decider(engine or snapshot.get("engine", "compiled")), self.vocabulary, snapshot)

    def replay(self, log: Iterable[Mapping[str, Any]], *, engine: SessionEngine | None = None) -> Session:
        """A session that does what a `Session.log` says. Raises ValueError for one of another pack or version."""
        from dte_rules.engine.session import replayed

        start, *updates = log
        return replayed(self.restore(start, engine=engine), updates)

    def explain(self, decision: str, facts: BaseModel, *, as_of: date, readings: Mapping[str, str] | None = None) -> Explained:
        """A decision, and everything that made it: each rule that fired, the facts it read, what held and what did not.

        It takes and raises what `decide` does. Identity numbers and names are left out of the justification.
        """
        _check_day(as_of)
        return self._explainer.explain(self.face(decision, as_of, readings), self._read(facts), as_of)

    @cached_property
    def _explainer(self) -> Explainer:
        from dte_rules.engine.justify import Explainer
        from dte_rules.engine.justify_withheld import withheld

        return Explainer(self._decider("compiled"), withheld(self.vocabulary))

    def inquiry(self, decision: str, readings: Mapping[str, str] | None = None) -> Inquiry:
        """A question to put again and again, about other facts and other days. Raises `DiagnosticsError` as `decide` does."""
        from dte_rules.advice.inquiry import Inquiry

        problems = list(self.check_question(decision, readings or {}))
        if problems:
            raise DiagnosticsError(problems)
        return Inquiry(self.vocabulary, self._decider("compiled"), decision, dict(readings or {}))

    def interview(
        self, decision: str, *, as_of: date, readings: Mapping[str, str] | None = None, facts: BaseModel | None = None
    ) -> Interview:
        """An interview that asks for the facts that still matter, the question that settles most first; ``facts`` are known already."""
        from dte_rules.advice.interview import Interview

        return Interview(self.inquiry(decision, readings), as_of, facts)

    def what_if(self, decision: str, facts: BaseModel, *, as_of: date, readings: Mapping[str, str] | None = None) -> WhatIf:
        """The smallest changes of facts, or of the day, that turn the verdict."""
        from dte_rules.advice.what_if import what_if

        return what_if(self.inquiry(decision, readings), self._read(facts), as_of)

    def when(self, decision: str, facts: BaseModel, first: date, last: date, *, readings: Mapping[str, str] | None = None) -> Timeline:
        """On which days from ``first`` to ``last`` the decision is met, and what opens and closes each stretch of them."""
        from dte_rules.advice.when import when

        return when(self.inquiry(decision, readings), self._read(facts), first, last)

    def receipt(
        self,
        made: Decision,
        facts: BaseModel,
        *,
        readings: Mapping[str, str] | None = None,
        case: str | None = None,
        engine: EngineName = "compiled",
        key: Key | None = None,
    ) -> Receipt:
        """The receipt of a decision that was made on these facts: all that is needed to repeat it.

        With a key, personal data is replaced by keyed digests. The readings are those that were given to `decide`.
        """
        from dte_rules import __version__
        from dte_rules.receipts import receipt_of

        inquiry = self.inquiry(made.decision, readings)
        run = inquiry.run(self._read(facts), made.as_of)
        return receipt_of(
            self.program,
            self.vocabulary,
            inquiry.plan(made.as_of),
            facts,
            made,
            values=run.values,
            version=__version__,
            engine=engine,
            case=case,
            readings=dict(inquiry.departures),
            key=key,
        )

    def repeat(self, receipt: Receipt, *, facts: BaseModel | None = None, key: Key | None = None) -> Receipt:
        """The receipt of the same question asked again, of this pack as it is now.

        ``facts`` are the original ones, with the key, of a receipt whose personal data was replaced. Raises `DiagnosticsError` for a
        question that the pack does not have, and ``pydantic.ValidationError`` for facts that it does not take.
        """
        from dte_rules.engine.fact_data import Instances

        question = receipt.data["question"]
        readings = dict(question["readings"])
        given = Instances(self.vocabulary).of(receipt.data["facts"]) if facts is None else facts
        engine = receipt.data["engine"]["name"]
        made = self.decide(question["decision"], given, as_of=date.fromisoformat(question["as_of"]), readings=readings)
        return self.receipt(made, given, readings=readings, case=receipt.case, engine=engine, key=key)

    def check_question(self, decision: str, readings: Mapping[str, str]) -> Iterator[Diagnostic]:
        """What is wrong with a question: a decision, an interpretation or a reading that the pack does not have."""
        program = self.program
        if decision in program.decisions and not readings:
            return
        from dte_rules.cases.diagnostics import UnknownDecision, UnknownInterpretation, UnknownReading  # slow to import

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
        vocabulary = self.vocabulary
        return vocabulary.closed(facts if type(facts) is vocabulary.model else self.checked(facts))

    def checked(self, facts: BaseModel) -> BaseModel:
        """The facts, if they are of the pack's vocabulary. Raises TypeError."""
        model = self.vocabulary.model
        if not isinstance(facts, model) and not (isinstance(facts, BaseModel) and issubclass(model, type(facts))):
            raise TypeError(f"facts must be an instance of {model.__name__}, not {type(facts).__name__}")
        return facts

    def _decider(self, engine: EngineName) -> Decider:
        found = self._deciders.get(engine)
        if found is None:
            if engine not in ("compiled", "reference", "durable"):
                raise ValueError(f"unknown engine {engine!r}; there are compiled, reference and durable")
            with self._lock:
                found = self._deciders.setdefault(engine, Decider(self.program, engine))
        return found


def _check_day(as_of: date) -> None:
    if type(as_of) is not date and (not isinstance(as_of, date) or isinstance(as_of, datetime)):
        raise TypeError(f"as_of must be a datetime.date, not {type(as_of).__name__}")


def _session_engine() -> SessionEngine:
    from importlib.util import find_spec

    return "durable" if find_spec("durable_rules_engine") is not None else "compiled"


class Packs(Mapping[str, LoadedPack]):
    """Packs by name. Asking for one that is not there raises `DiagnosticsError`, which names the nearest."""

    def __init__(self, packs: Mapping[str, LoadedPack]) -> None:
        self._packs = dict(packs)

    def __getitem__(self, name: str) -> LoadedPack:
        if name not in self._packs:
            from dte_rules.cases.diagnostics import UnknownRegion

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

    They are compiled once for each content, and then kept in the user's cache (see `dte_rules.cache`).
    ``facts`` is the vocabulary, any Pydantic model; `dte_rules.Facts` where it isn't given. Only the directory's top level is
    read; libraries that packs use are looked for in its ``lib/``, then among the shipped ones. Raises `DiagnosticsError` with
    everything that is wrong with any of the packs.
    """
    library = Library.shipped() if directory is None else Library(Path(directory))
    model = _default_facts() if facts is None else facts
    plain = Vocabulary.of(model)
    key = _key(library, plain)
    kept = None if key is None else cache.read(key)
    if kept is not None and tuple(kept) == library.names():
        return Packs({n: LoadedPack(program, Vocabulary.of(model, d) if d else plain) for n, (program, d) in kept.items()})
    from dte_rules.compiler import compile_pack  # not needed where packs are cached, and slow to import
    from dte_rules.pack.loader import load_pack

    packs: dict[str, LoadedPack] = {}
    declared: dict[str, dict[str, Declaration]] = {}
    problems: dict[Diagnostic, None] = {}
    for name in library.names():
        try:
            pack = load_pack(name, library)
            vocabulary = vocabulary_of(pack, model)
            packs[name] = LoadedPack(compile_pack(pack, vocabulary), vocabulary)
            declared[name] = {fact.path: Declaration.read(fact.type, fact.path) for fact in pack.facts}
        except DiagnosticsError as error:
            problems.update(dict.fromkeys(error.diagnostics))
    if problems:
        raise DiagnosticsError(problems)
    if key is not None and key == _key(library, plain):  # the files are still those that were compiled
        cache.write(key, {name: (pack.program, declared[name]) for name, pack in packs.items()})
    return Packs(packs)


def _key(library: Library, vocabulary: Vocabulary) -> str | None:
    if cache.folder() is None:
        return None
    shipped = Library.shipped().directory
    try:
        return cache.key_of((library.directory, library.directory / "lib", shipped / "lib"), vocabulary)
    except OSError:
        return None


def load_one(name: str, library: Library, facts: type[BaseModel] | None = None) -> LoadedPack:
    """Loads and compiles one pack. Raises `DiagnosticsError`."""
    from dte_rules.compiler import compile_pack
    from dte_rules.pack.loader import load_pack

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
