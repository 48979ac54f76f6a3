"""Many decisions of one question, in several processes.

The calling process works too, so two processes are this one and one more. On Linux a process that runs a single thread is forked:
its children have the pack and the facts from the start. Elsewhere, and where other threads might hold locks that a child would wait
for in vain, each worker is spawned, gets the pack once, and facts travel. Facts and decisions travel as rows of plain values:
pickling the models themselves would take longer than deciding.
"""

from __future__ import annotations

import gc
import marshal
import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from dte_rules.engine.decision import Alternative, Decision, MissingSet
from dte_rules.generated import Lines
from dte_rules.vocabulary.closed import Closer, value_of
from dte_rules.vocabulary.coerce import decimal_of
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.shape import shapes_of
from dte_rules.workers import end_with_parent

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack

CHUNK = 256
"""How many facts travel at once, at most; each process gets several chunks, so that none waits long for another at the end."""
EACH = 16
"""How many chunks there are for each process, at least."""
AHEAD = 4
"""How many chunks each worker has before it or behind it."""
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
    rows, answers, forking = Rows(pack.vocabulary.model), Answers(), _alone()
    size = max(1, min(CHUNK, len(facts) // (EACH * processes)))
    chunks = deque(enumerate(slice(at, at + size) for at in range(0, len(facts), size)))
    results: dict[int, list[Decision]] = {}
    waiting: deque[tuple[int, Future[bytes]]] = deque()

    def sent(chunk: slice) -> bytes | slice:
        if forking:
            return chunk
        given = [f if type(f) is rows.model else pack.vocabulary.closed(pack.checked(f)) for f in facts[chunk]]
        return marshal.dumps([rows.row(f) for f in given])

    with _uncollected(), _workers(pack, asked, facts if forking else None, processes - 1) as pool:
        try:
            while chunks or waiting:
                while chunks and len(waiting) < AHEAD * (processes - 1):
                    number, chunk = chunks.popleft()
                    waiting.append((number, pool.submit(_decide, sent(chunk))))
                if chunks and not waiting[0][1].done():
                    number, chunk = chunks.popleft()
                    results[number] = decide_here(pack, asked, facts[chunk])
                else:
                    number, future = waiting.popleft()
                    results[number] = answers.decisions(pickle.loads(future.result()))
        except Exception:
            pool.shutdown(cancel_futures=True)  # to the end, so that this process is alone again
            raise
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [decision for number in sorted(results) for decision in results[number]]


def _alone() -> bool:
    """Whether this process can be forked: where that is usual, and no other thread runs, one of a library's own included."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _workers(pack: LoadedPack, asked: Asked, facts: Sequence[BaseModel] | None, number: int) -> ProcessPoolExecutor:
    """Workers that decide; with the facts where they are forked."""
    if facts is None:
        return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), _receive, (pickle.dumps(pack), asked))
    return ProcessPoolExecutor(number, multiprocessing.get_context("fork"), _inherit, (pack, asked, facts))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Lets the garbage collector rest. What is made here is kept and has no cycles, and nothing of the caller's runs meanwhile."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def decide_here(pack: LoadedPack, asked: Asked, facts: Iterable[BaseModel]) -> list[Decision]:
    """The decisions, in this process."""
    checked, closed = pack.checked, pack.vocabulary.closed
    return _decided(pack, asked, (closed(checked(f)) for f in facts))


def _decided(pack: LoadedPack, asked: Asked, closed: Iterable[BaseModel]) -> list[Decision]:
    face = pack.face(asked.decision, asked.as_of, dict(asked.readings))
    as_of, alternatives = asked.as_of, asked.alternatives
    return [face.decision(f, as_of, alternatives=alternatives) for f in closed]


# --- in a worker ---

_work: Callable[[Any], list[Decision]] | None = None
"""What this worker does. Set once, when it begins, in a process that does nothing else."""


def _inherit(pack: LoadedPack, asked: Asked, facts: Sequence[BaseModel]) -> None:
    global _work
    end_with_parent()

    def work(chunk: slice) -> list[Decision]:
        return decide_here(pack, asked, facts[chunk])

    _work = work


def _receive(pickled: bytes, asked: Asked) -> None:
    global _work
    end_with_parent()
    pack: LoadedPack = pickle.loads(pickled)
    gc.freeze()  # the pack stays to the end; what comes and goes is small
    rows = Rows(pack.vocabulary.model)

    def work(sent: bytes) -> list[Decision]:
        return _decided(pack, asked, map(rows.closed, marshal.loads(sent)))

    _work = work


def _decide(sent: bytes | slice) -> bytes:
    assert _work is not None
    return pickle.dumps(Answers().rows(_work(sent)), 5)


# --- rows ---


class Rows:
    """Turns instances of a model into rows that `marshal` can write, and rows into what an engine reads.

    Facts are right when they get here. Both functions are generated for the model; its names are in them as constants only.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        shapes = shapes_of(model)
        closer = Closer(model)
        names: dict[str, Any] = {"make": make, "model": model, "implied": closer.implied, "fields": set(shapes)}
        there, back = [], []
        for at, (name, shape) in enumerate(shapes.items()):
            names[f"n{at}"] = name
            if shape.model is not None:
                rows = Rows(shape.model)
                names[f"t{at}"], names[f"b{at}"] = rows.row, rows.closed
            elif shape.kind == "date":
                names[f"t{at}"], names[f"b{at}"] = date.toordinal, date.fromordinal
            elif shape.kind == "number":
                names[f"t{at}"], names[f"b{at}"] = decimal_text, Decimal
            elif shape.kind == "enum" and isinstance(shape.base, type):
                names[f"t{at}"], names[f"b{at}"] = value_of, str
            else:
                there.append(f"d[n{at}]" if not shape.many else f"None if (a{at} := d[n{at}]) is None else tuple(a{at})")
                back.append(f"n{at}: a{at}")
                continue
            call = f"tuple([%s{at}(x) for x in a{at}])" if shape.many else f"%s{at}(a{at})"
            there.append(f"None if (a{at} := d[n{at}]) is None else {call % 't'}")
            back.append(f"n{at}: None if a{at} is None else {call % 'b'}")
        everything = "".join(f"a{at}, " for at in range(len(shapes)))
        self.row: Callable[[Any], Any] = _function(names, "i", "d = i.__dict__", f"return ({''.join(f'{each}, ' for each in there)})")
        """The values of an instance."""
        follows = ("v.update(implied(v))",) if closer.tested else ()
        self.closed: Callable[[Any], Any] = _function(
            names, "r", f"({everything}) = r", f"v = {{{', '.join(back)}}}", *follows, "return make(model, v, fields)"
        )
        """The closed instance of a row, for engines only."""


def decimal_text(value: Any) -> str:
    """A number as a text that keeps its digits, whatever kind of number it is."""
    return str(value if type(value) is Decimal else decimal_of(value))


def _function(names: Mapping[str, Any], parameter: str, *lines: str) -> Callable[[Any], Any]:
    writer = Lines()
    for line in lines:
        writer.line(line)
    return writer.function(parameter, {"tuple": tuple, "str": str, **names})[0]


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
