"""Cases of a decision, near the edges of its rules: one distribution, for Hypothesis's choices and for a seeded generator."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from dte_rules.analysis.generate_facts import consistent
from dte_rules.analysis.generate_frame import Frame, Slot, State
from dte_rules.analysis.generate_mining import mine
from dte_rules.analysis.generate_options import Options
from dte_rules.analysis.generate_runner import Runner
from dte_rules.analysis.generate_search import bases, days_around, days_worth_asking, edges_around
from dte_rules.engine.plan import changes
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

DEPARTURES = (1,) * 12 + (2,) * 10 + (3,) * 6 + (0, 4, 4, 5, 6, 8, 12)
"""How many departures a case has, as often as the number stands here."""
UNKNOWN = 5
"""Of how many departures of facts one makes the fact unknown."""
FIRST_BASE = 0.45
"""How often the most typical case is the base."""
TODAY = date(2026, 1, 15)
"""The day of questions on a program whose rules have no periods. Nothing reads the clock."""


@dataclass(frozen=True)
class Made:
    """A case as it was made: the base's number and the departures from it, and the state that they give."""

    state: State
    base: int
    departures: tuple[tuple[Slot, int], ...]


class Generator:
    """Makes cases of one decision of a program. ``also`` are paths of facts that depart too, though no rule reads them."""

    def __init__(self, program: Program, vocabulary: Vocabulary, decision: str, also: tuple[str, ...] = ()) -> None:
        self.program, self.vocabulary, self.decision = program, vocabulary, decision
        mined = mine(program, decision)
        self.mined = replace(mined, read={**mined.read, **dict.fromkeys(also)}) if also else mined
        self.runner = Runner(program, vocabulary, decision)
        options = Options(vocabulary, self.mined, program.jurisdiction)
        readings = {i: tuple(r.id for r in program.interpretations[i].readings) for i in self.mined.interpretations}
        own = sorted({d for rule in self.mined.rules for d in (rule.period.start, rule.period.end) if d is not None})
        inside, days = days_worth_asking(own or list(changes(program)), self.runner, TODAY)
        frame = Frame(vocabulary, options, days, readings)
        self.bases = bases(frame, self.runner, inside, Random(0))
        first = self.bases[0]
        days = list(dict.fromkeys([*days, *days_around(frame, self.runner, first)]))
        self.frame = Frame(vocabulary, options, days, readings)
        found: dict[str, dict[Any, None]] = {}
        for base in self.bases[:3]:
            for name, value in edges_around(frame, self.runner, base):
                found.setdefault(name, {})[value] = None
        self.frame.extra = {name: tuple(values) for name, values in found.items()}
        self._index()

    def _index(self) -> None:
        """Numbers every option of every slot, so that one number is a departure."""
        some = self.bases[0].as_of
        weights = []
        for slot in self.frame.slots:
            count = len(self.frame.values(slot, some)) if slot.kind == "fact" else slot.count
            weights.append(max(count, 1))
        self._ends = list(accumulate(weights))
        self.known_count = self._ends[-1]
        self.unknowable = self.frame.unknowable()
        self.count = self.known_count + len(self.unknowable)

    @property
    def day(self) -> date:
        """The day that is asked about where nothing else is said."""
        return self.bases[0].as_of

    def departure(self, number: int) -> tuple[Slot, int]:
        """A departure by its number; the last ones make something unknown."""
        if number >= self.known_count:
            return self.unknowable[number - self.known_count], -1
        low, high = 0, len(self._ends) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if number < self._ends[middle] else (middle + 1, high)
        before = self._ends[low - 1] if low else 0
        return self.frame.slots[low], number - before

    def made(self, base: int, departures: Sequence[tuple[Slot, int]]) -> Made:
        """The case that departures from a base give."""
        state = self.frame.changed(self.bases[base], departures)
        state = State(consistent(self.vocabulary, state.facts), state.as_of, state.readings)
        return Made(state, base, tuple(departures))

    def sample(self, random: Random, *, unknowns: bool = True, fixed: bool = False, slots: Sequence[Slot] = ()) -> Made:
        """A case by a seeded generator; a ``fixed`` one keeps the base's day and readings. Only ``slots`` depart, if any are given."""
        count = len(self.bases) if unknowns else len(self.bases) - 1
        base = 0 if random.random() < FIRST_BASE or count < 2 else random.randrange(1, count)
        if fixed and self.bases[base].as_of != self.day:
            base = 0
        departures: list[tuple[Slot, int]] = []
        meant = slots or self.frame.slots
        for _ in range(random.choice(DEPARTURES)):
            if unknowns and self.unknowable and random.randrange(UNKNOWN * (1 + bool(slots))) == 0:
                departures.append((random.choice(self.unknowable), -1))
                continue
            slot = meant[random.randrange(len(meant))]
            if fixed and slot.kind in ("day", "reading"):
                continue
            options = len(self.frame.values(slot, self.day)) if slot.kind == "fact" else slot.count
            departures.append((slot, random.randrange(max(options, 1))))
        return self.made(base, departures)

    def slots_for(self, paths: Collection[str], interpretations: Collection[str]) -> list[Slot]:
        """The slots that bear on facts at these paths, the readings of these interpretations, and the day."""

        def bears(slot: Slot) -> bool:
            if slot.kind == "reading":
                return slot.name in interpretations
            if slot.kind == "all":
                return any(path in paths for path in slot.name.split(" = "))
            return slot.kind == "day" or slot.path in paths

        return [slot for slot in self.frame.slots if bears(slot)]

    def samples(self, seed: int, *, unknowns: bool = True, fixed: bool = False) -> Iterator[Made]:
        """Cases without end, the same for a seed every time. The bases come first."""
        random = Random(seed)
        for number in range(len(self.bases) - (not unknowns)):
            if not fixed or (self.bases[number].as_of == self.day and not self.bases[number].readings):
                yield self.made(number, ())
        while True:
            yield self.sample(random, unknowns=unknowns, fixed=fixed)

    def fewer(self, made: Made, keeps: Any) -> Made:
        """The case with departures left out, one by one, as long as ``keeps`` holds of it; from the first base if that will do."""
        for base in dict.fromkeys((0, made.base)):
            current = self.made(base, made.departures)
            if not keeps(current.state):
                continue
            while True:
                shorter = (self.made(base, current.departures[:n] + current.departures[n + 1 :]) for n in range(len(current.departures)))
                found = next((one for one in shorter if keeps(one.state)), None)
                if found is None:
                    return current
                current = found
        return made


@lru_cache(maxsize=64)
def _cached(key: _Key) -> Generator:
    return Generator(key.program, key.vocabulary, key.decision, key.also)


@dataclass(frozen=True, eq=False)
class _Key:
    program: Program
    vocabulary: Vocabulary
    decision: str
    also: tuple[str, ...]

    def __hash__(self) -> int:
        return hash((self.program.digest, self.decision, self.also))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key):
            return NotImplemented
        same = self.program is other.program or (bool(self.program.digest) and self.program.digest == other.program.digest)
        return same and (self.decision, self.also) == (other.decision, other.also) and self.vocabulary is other.vocabulary


def generator(program: Program, vocabulary: Vocabulary, decision: str, also: tuple[str, ...] = ()) -> Generator:
    """The generator of a decision; made once for a program."""
    return _cached(_Key(program, vocabulary, decision, also))
