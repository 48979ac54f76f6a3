"""Proves properties in several processes, the longest first; what comes out is the same as in one."""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from math import prod
from typing import Any

from dte_rules.analysis.pool import done
from dte_rules.analysis.prove.model import Proved, Ready

WORTH = 4.0
"""So many seconds of work, as `seconds` guesses them, are worth the start of further processes."""
_SOLVED, _UNKNOWN, _DECIDED, _CLAIMED = 0.1, 2, 4e-5, 2e-4
"""The seconds, about, that a question to the solver takes for each case, how much more where facts may be unknown, and those that a
case of a grid and a claim take."""


def seconds(ready: Ready) -> float:
    """About how long a property takes to prove. Only the order of work depends on it, and whether to share it."""
    branches = prod(len(choice.values) for choice in ready.choices)
    match ready.way:
        case "solver":
            known = 1 if ready.form.horizon.facts == "known" else _UNKNOWN
            # cases of different days, and of three persons, are the harder ones
            return sum(_SOLVED * known * len(question.sides) ** 2 for question in ready.questions) * branches
        case "grid":
            return sum(_DECIDED * len(q.sides) * prod(len(values) for values in q.grid.values()) for q in ready.questions) * branches
        case "histories":
            rows = [len(q.claims.days) * prod(len(v) for v in q.claims.each.values()) ** 3 for q in ready.questions if q.claims]
            return _CLAIMED * sum(rows) * branches


def worth_sharing(properties: Sequence[Ready], processes: int) -> bool:
    """Whether further processes would save time."""
    return processes > 1 and len(properties) > 1 and sum(map(seconds, properties)) >= WORTH


def proved_in_processes(properties: Sequence[Ready], settings: Any, told: Callable[[str], None] | None, processes: int) -> Iterator[Proved]:
    """The properties with their outcomes, in their order; ``told`` hears of each as it is begun, by whichever process.

    An error is raised where it would be in one process: after the outcomes before it.
    """
    order = sorted(range(len(properties)), key=lambda place: -seconds(properties[place]))
    known = _Known(properties)
    found: dict[int, bytes] = {}
    following = 0
    jobs = done(
        order,
        _begin,
        _Work(tuple(properties), settings),
        processes=min(processes, len(properties)),
        told=None if told is None else lambda begun: told(properties[order[begun]].id),
    )
    with closing(jobs) as results:
        for begun, sent in results:
            found[order[begun]] = sent
            while following in found:
                outcome = known.loads(found.pop(following))
                if isinstance(outcome, Exception):
                    raise outcome
                yield Proved(properties[following], *outcome)
                following += 1


@dataclass(frozen=True)
class _Work:
    properties: tuple[Ready, ...]
    settings: Any


def _begin(work: _Work) -> Callable[[int], bytes]:
    from dte_rules.analysis.prove.run import prove

    known = _Known(work.properties)
    gc.freeze()  # the packs stay to the end: the collector needn't look at them again and again
    gc.set_threshold(100_000)  # nor at what a question is made of while it is made

    def job(place: int) -> bytes:
        # what is decided one by one is kept and has no cycles; terms of the solver may
        (gc.enable if work.properties[place].way == "solver" else gc.disable)()
        try:
            (found,) = prove([work.properties[place]], settings=work.settings)
        except Exception as error:
            return known.dumps(error)
        return known.dumps([getattr(found, field.name) for field in fields(Proved)[1:]])

    return job


class _Known:
    """Sends outcomes from process to process without what both have: the cases and the packs of the properties."""

    def __init__(self, properties: Sequence[Ready]) -> None:
        sides = [side for ready in properties for question in ready.questions for side in question.sides]
        sides += [question.claims.side for ready in properties for question in ready.questions if question.claims is not None]
        policies = {id(side.policy): side.policy for side in sides}
        self._things: list[Any] = [*sides, *policies.values()]
        self._places: Mapping[int, int] = {id(thing): place for place, thing in enumerate(self._things)}

    def dumps(self, outcome: Any) -> bytes:
        """An outcome as it is sent."""
        sent = io.BytesIO()
        pickler = _Pickler(sent, pickle.HIGHEST_PROTOCOL)
        pickler.places = self._places
        pickler.dump(outcome)
        return sent.getvalue()

    def loads(self, sent: bytes) -> Any:
        """An outcome that was sent."""
        unpickler = _Unpickler(io.BytesIO(sent))
        unpickler.things = self._things
        return unpickler.load()


class _Pickler(pickle.Pickler):
    places: Mapping[int, int]

    def persistent_id(self, obj: Any) -> Any:
        return self.places.get(id(obj))


class _Unpickler(pickle.Unpickler):
    things: Sequence[Any]

    def persistent_load(self, pid: Any) -> Any:
        return self.things[pid]
