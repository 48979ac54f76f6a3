"""Many decisions of one question, in several processes.

Facts and decisions travel as rows of plain values: pickling the models themselves would take longer than deciding. The calling
process works too, so two processes are this one and one more. Nothing is forked: each worker is spawned and gets the pack once.
"""

from __future__ import annotations

import marshal
import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from dte_rules.engine.decision import Alternative, Decision, MissingSet
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.shape import shapes_of

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack

CHUNK = 256
"""How many facts travel at once."""
AHEAD = 2
"""How many chunks wait for each worker."""
_OWN = ("verdict", "amount", "effect", "dates", "latest", "failed", "missing", "values", "flags", "citations")
"""The fields in which decisions of one question differ, but for those below."""
_MADE_OF: tuple[tuple[str, type[MissingSet | Alternative]], ...] = (("missing_sets", MissingSet), ("alternatives", Alternative))
"""The fields that hold models."""


@dataclass(frozen=True)
class Asked:
    """A question without the facts."""

    decision: str
    as_of: date
    readings: tuple[tuple[str, str], ...]
    alternatives: bool


def decide_in_processes(pack: LoadedPack, asked: Asked, facts: Sequence[BaseModel], processes: int) -> list[Decision]:
    """The decisions, in the order of the facts."""
    rows, answers = Rows(pack.vocabulary.model), Answers()
    chunks = deque(enumerate(facts[at : at + CHUNK] for at in range(0, len(facts), CHUNK)))
    results: dict[int, list[Decision]] = {}
    waiting: list[tuple[int, Future[bytes]]] = []
    spawned = ProcessPoolExecutor(processes - 1, multiprocessing.get_context("spawn"), _receive, (pickle.dumps(pack), asked))
    with spawned as pool:
        try:
            while chunks:
                while chunks and sum(not future.done() for _, future in waiting) < AHEAD * (processes - 1):
                    number, chunk = chunks.popleft()
                    given = [pack.vocabulary.closed(pack.checked(f)) if type(f) is not rows.model else f for f in chunk]
                    waiting.append((number, pool.submit(_decide, marshal.dumps([rows.row(f) for f in given]))))
                if chunks:
                    number, chunk = chunks.popleft()
                    results[number] = decide_here(pack, asked, chunk)
            for number, future in waiting:
                results[number] = answers.decisions(pickle.loads(future.result()))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [decision for number in sorted(results) for decision in results[number]]


def decide_here(pack: LoadedPack, asked: Asked, facts: Iterable[BaseModel]) -> list[Decision]:
    """The decisions, in this process."""
    face, closed = pack.face(asked.decision, asked.as_of, dict(asked.readings)), pack.vocabulary.closed
    as_of, alternatives = asked.as_of, asked.alternatives
    return [face.decision(closed(pack.checked(f)), as_of, alternatives=alternatives) for f in facts]


# --- in a worker ---

_work: Callable[[bytes], bytes] | None = None
"""What this worker does. Set once, by `_receive`, in a process that does nothing else."""


def _receive(pickled: bytes, asked: Asked) -> None:
    global _work
    pack: LoadedPack = pickle.loads(pickled)
    rows, answers = Rows(pack.vocabulary.model), Answers()

    def work(sent: bytes) -> bytes:
        facts = [rows.instance(row) for row in marshal.loads(sent)]
        return pickle.dumps(answers.rows(decide_here(pack, asked, facts)), 5)

    _work = work


def _decide(sent: bytes) -> bytes:
    assert _work is not None
    return _work(sent)


# --- rows ---


class Rows:
    """Turns instances of a model into rows that `marshal` can write, and back. Facts are right when they get here."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        shapes = shapes_of(model)
        self._names = tuple(shapes)
        self._known = set(shapes)
        self._get: Callable[[Any], tuple[Any, ...]] = itemgetter(*self._names) if len(shapes) > 1 else lambda d: (d[self._names[0]],)
        self._plain: list[tuple[int, Change, Change]] = []
        there: Change
        back: Change
        for at, shape in enumerate(shapes.values()):
            if shape.model is not None:
                rows = Rows(shape.model)
                there, back = rows.row, rows.instance
            elif shape.kind == "date":
                there, back = date.toordinal, date.fromordinal
            elif shape.kind == "number":
                there, back = str, Decimal
            else:
                continue
            self._plain.append((at, _each(there), _each(back)) if shape.many else (at, there, back))

    def row(self, instance: Any) -> Any:
        """The values of an instance."""
        values = self._get(instance.__dict__)
        if not self._plain:
            return values
        row = list(values)
        for at, there, _ in self._plain:
            value = row[at]
            if value is not None:
                row[at] = there(value)
        return row

    def instance(self, row: Sequence[Any]) -> Any:
        """The instance of a row."""
        values = dict(zip(self._names, row, strict=True))
        for at, _, back in self._plain:
            value = row[at]
            if value is not None:
                values[self._names[at]] = back(value)
        return make(self.model, values, self._known)


Change = Callable[[Any], Any]


def _each(change: Change) -> Change:
    return lambda values: tuple([change(value) for value in values])


class Answers:
    """Turns decisions of one question into rows, and back; what they have in common travels with the first."""

    def rows(self, decisions: Sequence[Decision]) -> list[Any]:
        """What they have in common, and for each what is its own."""
        own, varying = itemgetter(*_OWN), {*_OWN, *(name for name, _ in _MADE_OF)}
        found: list[Any] = [{name: None if name in varying else value for name, value in decisions[0].__dict__.items()}]
        for decision in decisions:
            values = decision.__dict__
            found.append((own(values), [[part.__dict__ for part in values[name]] for name, _ in _MADE_OF]))
        return found

    def decisions(self, rows: Sequence[Any]) -> list[Decision]:
        """The decisions of rows."""
        shared, *rest = rows
        made = []
        for own, parts in rest:
            values = {**shared, "readings": shared["readings"].copy()}
            values.update(zip(_OWN, own, strict=True))
            for (name, model), each in zip(_MADE_OF, parts, strict=True):
                values[name] = tuple([model.made(part) for part in each])
            made.append(Decision.made(values))
        return made
