"""From a question to a decision: picks the plan, runs an engine, and puts together what it concluded."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, Literal

from dte_rules.engine import reference
from dte_rules.engine.compiled import Compiled, Variants, compile_plan, compile_variants, exported
from dte_rules.engine.decision import Decision as Made
from dte_rules.engine.face import Face, Other, Prepared, conditions_of
from dte_rules.engine.plan import Plan, Readings, changes, plan
from dte_rules.engine.reference import Run
from dte_rules.engine.runtime import Between, certain
from dte_rules.program.nodes import Decision, Program

EngineName = Literal["compiled", "reference", "durable"]
SIMPLE = frozenset({Decimal, str, bool, date})
CACHE_LIMIT = 256
"""How many questions (decision, stretch of law, readings) are kept compiled; beyond that the oldest is dropped."""


class ReferencePrepared:
    """A question for the reference interpreter: each reading is run from the start."""

    def __init__(self, program: Program, base: Plan, others: tuple[Other, ...]) -> None:
        self.program, self.base, self.others = program, base, others

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""
        return reference.run(self.program, self.base, facts, as_of)

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading."""
        return [reference.run(self.program, other.plan, facts, as_of) for other in self.others]

    def truths(self, run: Run) -> Any:
        """How each condition came out."""
        return tuple([value if isinstance(value, bool) else None for value in map(run.values.get, conditions_of(self.base.decision))])


class CompiledPrepared:
    """A question for the compiled engine: other readings share what they don't change."""

    def __init__(self, program: Program, base: Plan, others: tuple[Other, ...]) -> None:
        self.base, self.others = base, others
        self.compiled: Compiled = compile_plan(program, base)
        self.variants: Variants = compile_variants(program, self.compiled, [other.plan for other in others])
        self._truths = truths_of(base.decision, self.compiled.places)

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""
        verdict, values = self.compiled.function(facts, as_of)
        return CompiledRun(self.compiled.slots, values, verdict, self.compiled.places)

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading; None where that is the same."""
        assert isinstance(base, CompiledRun)
        results = self.variants.function(facts, as_of, base.raw)
        return [
            None if result is None else CompiledRun(slots, result[1], result[0], places)
            for result, slots, places in zip(results, self.variants.slots, self.variants.places, strict=True)
        ]

    def truths(self, run: Run) -> Any:
        """How each condition came out."""
        assert isinstance(run, CompiledRun)
        return self._truths(run.raw)


def truths_of(decision: Decision, places: Mapping[str, int]) -> Callable[[tuple[Any, ...]], Any]:
    """What takes from a run's values how each condition of a decision came out."""
    found = [places[slot] for slot in conditions_of(decision) if slot in places]
    return itemgetter(*found) if found else len


class CompiledRun(Run):
    """A run of the compiled engine; its values are exported as they are read."""

    raw: tuple[Any, ...]
    places: Mapping[str, int]

    def __init__(self, slots: tuple[str, ...], raw: tuple[Any, ...], verdict: Any, places: Mapping[str, int] | None = None) -> None:
        own = self.__dict__
        own["raw"], own["verdict"] = raw, verdict
        own["places"] = {slot: place for place, slot in enumerate(slots)} if places is None else places

    @property
    def values(self) -> Mapping[str, Any]:
        """Slots to values."""
        return _Exported(self.places, self.raw)

    def known(self, slot: str | None) -> Any:
        """A slot's value if it is known, else None."""
        place = None if slot is None else self.places.get(slot)
        value = None if place is None else self.raw[place]
        if value is None or type(value) in SIMPLE:
            return value
        return exported(value) if certain(value) else None

    def days(self, slot: str) -> tuple[date, date] | None:
        """The days between which a date lies; both are the same where it is known."""
        place = self.places.get(slot)
        value = None if place is None else self.raw[place]
        if type(value) is date:
            return value, value
        return (value.low, value.high) if type(value) is Between and type(value.low) is date and value.high is not None else None

    def those(self, slots: Iterable[str], truth: bool) -> list[str]:
        """The conditions among the slots that are so."""
        places, raw = self.places, self.raw
        return [slot for slot in slots if slot in places and raw[places[slot]] is truth]

    def unsettled(self, slots: Iterable[str]) -> list[str]:
        """The conditions among the slots that are neither true nor false."""
        places, raw = self.places, self.raw
        return [slot for slot in slots if type(raw[places[slot]]) is not bool]


class _Exported(Mapping[str, Any]):
    """Slots to values, exported as they are read."""

    __slots__ = ("_places", "_raw")

    def __init__(self, places: Mapping[str, int], raw: tuple[Any, ...]) -> None:
        self._places, self._raw = places, raw

    def __getitem__(self, slot: str) -> Any:
        return exported(self._raw[self._places[slot]])

    def get(self, slot: str, default: Any = None) -> Any:
        place = self._places.get(slot)
        return default if place is None else exported(self._raw[place])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


Prepare = Callable[[Program, Plan, tuple[Other, ...]], Prepared]


class Decider:
    """Answers the questions of one program with one engine. Safe to share between threads; pickles without its cache."""

    def __init__(self, program: Program, engine: EngineName = "compiled") -> None:
        self.program, self.engine = program, engine
        self._days = changes(program)
        self._cache: dict[tuple[str, int, Readings], Face] = {}
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Decider], tuple[Program, EngineName]]:
        return Decider, (self.program, self.engine)

    def prepared(self, decision: str, as_of: date, readings: Readings) -> Face:
        """The question made ready; made once for each stretch of law and choice of readings."""
        key = (decision, bisect_right(self._days, as_of), readings)
        found = self._cache.get(key)
        if found is None:
            base = plan(self.program, decision, as_of, readings)
            question = self._prepare()(self.program, base, other_readings(self.program, base, as_of))
            found = Face(self.program, question)
            with self._lock:
                while len(self._cache) >= CACHE_LIMIT:
                    del self._cache[next(iter(self._cache))]
                self._cache[key] = found
        return found

    def _prepare(self) -> Prepare:
        if self.engine == "durable":
            from dte_rules.engine import durable

            return durable.DurablePrepared
        return ReferencePrepared if self.engine == "reference" else CompiledPrepared

    def decide(self, decision: str, facts: Any, as_of: date, readings: Mapping[str, str], *, alternatives: bool = True) -> Made:
        """The decision for facts that are closed under their implications, with what other readings give if that is wanted."""
        return self.prepared(decision, as_of, self.departures(readings)).decision(facts, as_of, alternatives=alternatives)

    def era(self, as_of: date) -> int:
        """Which stretch between changes of the law a day lies in."""
        return bisect_right(self._days, as_of)

    def departures(self, readings: Mapping[str, str]) -> Readings:
        """The readings that differ from the defaults."""
        if not readings:
            return ()
        return tuple(sorted((i, r) for i, r in readings.items() if r != self.program.interpretations[i].default))


def other_readings(program: Program, base: Plan, as_of: date) -> tuple[Other, ...]:
    """The other readings that change a rule of the plan, one interpretation at a time."""
    chosen = dict(base.readings)
    found = []
    for interpretation in program.interpretations.values():
        current = chosen.get(interpretation.id, interpretation.default)
        for reading in interpretation.readings:
            if reading.id == current:
                continue
            rest = {**chosen, interpretation.id: reading.id}
            departures = tuple(sorted((i, r) for i, r in rest.items() if r != program.interpretations[i].default))
            changed = plan(program, base.decision.id, as_of, departures)
            if changed.rules != base.rules or changed.decision != base.decision:
                found.append(Other(interpretation.id, reading.id, changed))
    return tuple(found)
