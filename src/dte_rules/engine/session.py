"""Sessions: facts come and go over time, and the decisions that rest on them follow.

An update recomputes the decisions that read what changed, and nothing else; listeners hear what came out differently, and why. Days
pass by `Session.advance`, one by one where a decision reads the day, so that what falls due on the way is reported in order.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict

from dte_rules.engine.decide import Decider
from dte_rules.engine.decision import Decision
from dte_rules.engine.durable import DurablePrepared
from dte_rules.engine.face import Face
from dte_rules.engine.fact_data import from_json, to_json
from dte_rules.engine.plan import Plan, Readings, expressions
from dte_rules.engine.session_changes import DAY, Change, State
from dte_rules.engine.session_dues import Dues
from dte_rules.engine.session_facts import Assertion, FactStore, Kind, value_at
from dte_rules.engine.session_network import LiveQuestion
from dte_rules.feel import core
from dte_rules.feel.types import Record
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

SessionEngine = Literal["durable", "compiled"]
Listener = Callable[[Change], object]
FORMAT: Final = 1
Path = tuple[str, ...]
_HANDLE: Final = re.compile("f[1-9][0-9]{0,17}")


@dataclass
class _Watched:
    """A decision that a session follows, under the law of the day."""

    face: Face
    state: State
    paths: frozenset[Path]
    daily: bool
    """Whether anything of it reads the day."""
    dues: Dues
    decided: Decision | None = None


class Snapshot(BaseModel):
    """What `Session.snapshot` gives, as data."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    format: int
    pack: str
    digest: str
    engine: SessionEngine
    as_of: str
    decisions: list[str]
    readings: dict[str, str]
    last: int
    reported: int
    facts: list[tuple[str, Kind, str, Any]]


class Session:
    """Decisions that follow facts over time. Safe to share between threads, which take turns.

    ``decisions`` are those that it follows, by the decider's engine. Make it by ``LoadedPack.session``. Raises ValueError for the
    reference engine, which is no session's.
    """

    def __init__(
        self,
        decider: Decider,
        vocabulary: Vocabulary,
        decisions: Iterable[str],
        *,
        as_of: date,
        readings: Mapping[str, str],
        store: FactStore | None = None,
        reported: int = 0,
    ) -> None:
        if decider.engine not in get_args(SessionEngine):
            raise ValueError(f"a session's engine is durable or compiled, not {decider.engine}")
        self.program: Program = decider.program
        self.engine, self.decisions = decider.engine, tuple(decisions)
        self._decider, self._vocabulary = decider, vocabulary
        self._readings: Readings = decider.departures(readings)
        self._store = store if store is not None else FactStore(vocabulary)
        self._as_of, self._reported = as_of, reported
        self._listeners: list[tuple[Listener, frozenset[str]]] = []
        self._lock = threading.RLock()
        self._telling = False
        self._faces: dict[tuple[str, int], Face] = {}
        self._watched: dict[str, _Watched] = {name: self._watch(name, None) for name in self.decisions}
        self.log: list[dict[str, Any]] = [{"do": "start", **self._snapshot()}]
        """Every update since the session began, as data that JSON can hold: what `LoadedPack.replay` takes."""

    # --- what holds ---

    @property
    def as_of(self) -> date:
        """The day on which the session stands."""
        return self._as_of

    @property
    def facts(self) -> BaseModel:
        """The facts as they are now."""
        return self._store.facts

    @property
    def assertions(self) -> Mapping[str, Assertion]:
        """What was put in and not taken back, by handle."""
        return dict(self._store.assertions)

    def decision(self, name: str) -> Decision:
        """One of the decisions as it is now: what `LoadedPack.decide` gives for the facts and the day. Raises KeyError."""
        with self._lock:
            watched = self._watched[name]
            if watched.decided is None or watched.decided.as_of != self._as_of:
                watched.decided = watched.face.decision(self._store.closed, self._as_of)
            return watched.decided

    def obligations(self) -> dict[str, str]:
        """The verdicts of the decisions that say what must or must not be done."""
        with self._lock:
            wanted = self.program.decisions
            return {n: w.state.verdict for n, w in self._watched.items() if wanted[n].modality in ("duty", "prohibition")}

    def deadlines(self) -> list[tuple[date, str, str]]:
        """The dates of all decisions that may still be to come, in order: the day, the decision, the date's name.

        Of a date that lies between two days it is the earlier one; it stands here until the later one is over. Of a duty whose date is
        the first of several, all are here.
        """
        with self._lock:
            days = [(low, name, what, high) for name, w in self._watched.items() for what, (low, high) in w.state.days()]
            return sorted((low, name, what) for low, name, what, high in days if high >= self._as_of)

    # --- updates ---

    def put(self, path: str, member: Any) -> str:
        """Puts a member into the list of facts at a path, and gives a handle to it.

        A list that was unknown is then known, and complete. Raises KeyError where there is no such list, and
        `pydantic.ValidationError` for a member that is none, or contradicts; then nothing has changed. What a listener raises comes
        out too, see `on_change`.
        """
        return self._update("put", lambda: self._store.put(path, member)).handle

    def set(self, path: str, value: Any) -> str:
        """Says the value of a fact, and gives a handle to that. It raises what `put` does."""
        return self._update("set", lambda: self._store.set(path, value)).handle

    def change(self, handle: str, value: Any) -> None:
        """Says another value in the place of one that was put or set. It raises what `put` does."""
        self._update("change", lambda: self._store.change(handle, value))

    def retract(self, handle: str) -> None:
        """Takes back what was put or set, and all that rested on it: as if it had never been said.

        Raises KeyError, and `pydantic.ValidationError` where what is left contradicts itself; then nothing has changed.
        """
        self._update("retract", lambda: self._store.retract(handle))

    def advance(self, to: date) -> list[Change]:
        """Goes on to a later day, and gives what fell due on the way, in order. Raises ValueError for an earlier day."""
        with self._lock:
            if to < self._as_of:
                raise ValueError(f"a session only goes forward; it stands on {self._as_of.isoformat()}")
            with self._all_or_nothing():
                changes: list[Change] = []
                while self._as_of < to:
                    self._as_of += DAY
                    for name in self.decisions:
                        changes += self._day_begins(name)
            self.log.append({"do": "advance", "to": to.isoformat()})
            self._tell(changes, f"the session has gone on to {to.isoformat()}")
            return changes

    def on_change(self, listener: Listener, *decisions: str) -> Callable[[], None]:
        """Lets a listener hear each change, of some decisions or of all; gives what ends that.

        Listeners are called after the update, in the thread that made it. They may read the session; an update by a listener raises
        RuntimeError. What a listener raises comes out of the update when all have heard everything; the update stands, and a note on
        the exception names its handle. Raises KeyError for a decision that the session does not follow.
        """
        self.check_followed(decisions)
        entry = (listener, frozenset(decisions))
        self._listeners.append(entry)

        def end() -> None:
            with contextlib.suppress(ValueError):  # ended before
                self._listeners.remove(entry)

        return end

    def check_followed(self, decisions: Iterable[str]) -> None:
        """Raises KeyError for a decision that the session does not follow."""
        for name in decisions:
            if name not in self._watched:
                raise KeyError(f"the session does not follow {name!r}")

    # --- snapshots ---

    def snapshot(self) -> dict[str, Any]:
        """The session as data that JSON can hold: what `LoadedPack.restore` takes."""
        with self._lock:
            return self._snapshot()

    def _snapshot(self) -> dict[str, Any]:
        store = self._store
        return {
            "format": FORMAT,
            "pack": self.program.name,
            "digest": self.program.digest,
            "engine": self.engine,
            "as_of": self._as_of.isoformat(),
            "decisions": list(self.decisions),
            "readings": dict(self._readings),
            "last": store.last,
            "reported": self._reported,
            "facts": [[a.handle, a.kind, a.path, to_json(a.value)] for a in store.assertions.values()],
        }

    # --- how decisions follow ---

    def _update(self, what: str, act: Callable[[], Assertion]) -> Assertion:
        with self._lock:
            with self._all_or_nothing():
                before = self._store.closed
                made = act()
                changes: list[Change] = []
                after = self._store.closed
                for name, watched in self._watched.items():
                    if any(not _same(value_at(before, p), value_at(after, p)) for p in watched.paths):
                        changes += self._renew(name, (what, made.path))
            entry: dict[str, Any] = {"do": what, "handle": made.handle, "path": made.path}
            self.log.append(entry if what == "retract" else {**entry, "value": to_json(made.value)})
            self._tell(changes, f"the update stands; its handle is {made.handle}")
            return made

    @contextlib.contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """What raises, an interrupt too, leaves the session as it was."""
        if self._telling:
            raise RuntimeError("a listener may read the session, but not update it")
        kept = self._store.state, dict(self._watched), self._as_of, self._reported
        try:
            yield
        except BaseException:
            self._store.state, self._watched, self._as_of, self._reported = kept
            raise

    def _day_begins(self, name: str) -> Iterator[Change]:
        watched = self._watched[name]
        face = self._face(name)
        passing = watched.state.passed(self._as_of)
        if watched.daily or face is not watched.face:
            yield from self._renew(name, ("advance", ""))
        for what, day in passing:
            if (what, day) in self._watched[name].state.passed(self._as_of):  # else another date has taken its place
                self._reported += 1
                yield Change(self._reported, self._as_of, name, "passed", what, day, None, (), ("advance", ""))

    def _renew(self, name: str, by: tuple[str, str]) -> Iterator[Change]:
        """Recomputes a decision, and tells what came out differently."""
        before = self._watched[name]
        watched = self._watched[name] = self._watch(name, before)
        differences = list(before.state.differences(watched.state))
        because = before.state.because(watched.state) if differences else ()
        for kind, what, old, new in differences:
            self._reported += 1
            yield Change(self._reported, self._as_of, name, kind, what, old, new, because, by)

    def _watch(self, name: str, before: _Watched | None) -> _Watched:
        face = self._face(name)
        base, facts, as_of = face.question.base, self._store.closed, self._as_of
        same = before if before is not None and before.face is face else None
        dues = Dues(self.program, base) if same is None else same.dues
        state = State.of(base, face.question.run(facts, as_of), dues.of(facts, as_of))
        if same is not None:
            return _Watched(face, state, same.paths, same.daily, dues)
        plans = [base, *(other.plan for other in face.question.others)]
        return _Watched(face, state, paths_of(self.program, plans), any(map(_reads_the_day, plans)), dues)

    def _face(self, name: str) -> Face:
        shared = self._decider.prepared(name, self._as_of, self._readings)
        if not isinstance(shared.question, DurablePrepared):
            return shared
        era = self._decider.era(self._as_of)
        if (name, era) not in self._faces:
            self._faces = {key: face for key, face in self._faces.items() if key[1] == era}  # the law of other days is past
            self._faces[name, era] = Face(self.program, LiveQuestion(shared.question))
        return self._faces[name, era]

    def _tell(self, changes: Iterable[Change], note: str) -> None:
        """Calls the listeners; the first exception of one is raised, with a note, when all have heard everything."""
        raised: Exception | None = None
        self._telling = True
        try:
            for change in changes:
                for listener, decisions in tuple(self._listeners):
                    if not decisions or change.decision in decisions:
                        try:
                            listener(change)
                        except Exception as error:
                            raised = raised or error
        finally:
            self._telling = False
        if raised is not None:
            raised.add_note(f"a listener raised this; {note}")
            raise raised


def restored(decider: Decider, vocabulary: Vocabulary, snapshot: Mapping[str, Any]) -> Session:
    """The session of a snapshot. Raises ValueError for what is no snapshot, or one of another pack, or of another version of it."""
    program = decider.program
    if snapshot.get("format") != FORMAT or snapshot.get("pack") != program.name:
        raise ValueError(f"this is no snapshot of a session of {program.name}")
    if snapshot.get("digest") != program.digest:
        raise ValueError(f"the snapshot was made with another version of {program.name}")
    kept = Snapshot.model_validate({name: value for name, value in snapshot.items() if name != "do"})
    readings = {each.id: {reading.id for reading in each.readings} for each in program.interpretations.values()}
    if strangers := [
        *(n for n in kept.decisions if n not in program.decisions),
        *(f"{i}: {r}" if i in readings else i for i, r in kept.readings.items() if r not in readings.get(i, ())),
    ]:
        raise ValueError(f"{program.name} has no {strangers[0]!r}, which the snapshot names")
    assertions = {handle: Assertion(handle, kind, path, from_json(value)) for handle, kind, path, value in kept.facts}
    if len(assertions) < len(kept.facts) or not all(_HANDLE.fullmatch(h) and int(h[1:]) <= kept.last for h in assertions):
        raise ValueError("the snapshot is damaged: a handle stands in it twice, or was never given")
    return Session(
        decider,
        vocabulary,
        kept.decisions,
        as_of=date.fromisoformat(kept.as_of),
        readings=kept.readings,
        store=FactStore(vocabulary, assertions, kept.last),
        reported=kept.reported,
    )


def replayed(session: Session, log: Iterable[Mapping[str, Any]]) -> Session:
    """The session after the updates of a log, which begins where the session stands."""
    for entry in log:
        match entry["do"]:
            case "put":
                session.put(entry["path"], from_json(entry["value"]))
            case "set":
                session.set(entry["path"], from_json(entry["value"]))
            case "change":
                session.change(entry["handle"], from_json(entry["value"]))
            case "retract":
                session.retract(entry["handle"])
            case "advance":
                session.advance(date.fromisoformat(entry["to"]))
            case unknown:
                raise ValueError(f"no update is called {unknown!r}")
    return session


def paths_of(program: Program, plans: Iterable[Plan]) -> frozenset[Path]:
    """The paths of all facts that plans read; a list counts as one fact."""
    found: set[Path] = set()

    def path_of(expr: core.Expr) -> Path | None:
        if isinstance(expr, core.Ref):
            return (expr.name,) if expr.name in program.facts else None
        if isinstance(expr, core.Field) and isinstance(expr.base.type, Record):
            outer = path_of(expr.base)
            return None if outer is None else (*outer, expr.name)
        return None

    def visit(expr: core.Expr) -> None:
        path = path_of(expr)
        if path is not None:
            found.add(path)
        else:
            for child in core.children(expr):
                visit(child)

    for each in plans:
        for rule in each.rules:
            for expr in expressions(rule):
                visit(expr)
    return frozenset(found)


def _reads_the_day(plan: Plan) -> bool:
    return any(
        isinstance(node, core.Ref) and node.name == "as_of" for rule in plan.rules for e in expressions(rule) for node in core.walk(e)
    )


def _same(a: Any, b: Any) -> bool:
    return a is b or bool(a == b)
