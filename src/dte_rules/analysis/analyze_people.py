"""People near the edges of the rules whom a reading decides otherwise than the default does, tried before the solver is asked.

The solver alone proves that there is nobody; but where somebody is, the engine, asked about some hundred generated people, mostly
finds one before the solver has taken in what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from dateutil.relativedelta import relativedelta

from dte_rules.analysis.analyze_findings import Options, Shown
from dte_rules.analysis.analyze_law import Law
from dte_rules.analysis.generate import Generator, Made
from dte_rules.analysis.generate_facts import consistent
from dte_rules.analysis.generate_frame import Slot, State
from dte_rules.analysis.generate_mining import paths_behind
from dte_rules.analysis.typical import AGO, HERE, wanted_at
from dte_rules.analysis.witness import EncodingDisagrees, Policy, Replay, Witness, in_order, plain_number
from dte_rules.engine.plan import Plan, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.feel.types import DATE
from dte_rules.vocabulary.implication import KNOWN

DIRECTED, PLAIN, FREE = 300, 1000, 600
"""How many are tried who differ from a typical person in what the reading bears on, who differ in anything, and, again in what the
reading bears on, who are asked about on other days."""

MONTHS = 36
"""In how many months before the day asked about a fact is put at the month's end."""
LEAST, BEST = 1, 3
UNDETERMINED: Verdict = "undetermined"


@dataclass(frozen=True)
class Apart:
    """A person by the default and by the departed plan; whether the verdicts differ, or only what goes with them."""

    default: Shown
    departed: Shown

    @property
    def verdict(self) -> bool:
        """Whether the verdicts differ."""
        return self.default.decision.verdict != self.departed.decision.verdict


_Tried = tuple[Made, Any, tuple[Any, ...] | None]
"""A person, the facts as an engine reads them, and what is told by the default readings, if that was asked already."""


class People:
    """Generated people, the same every time."""

    def __init__(self, policy: Policy, options: Options) -> None:
        self.policy, self.options = policy, options
        self._generators: dict[str, Generator] = {}
        self._plain: dict[str, list[_Tried]] = {}

    def apart(self, decision: str, law: Law) -> Apart | None:
        """Somebody of whom all that is read is known and whom the two plans of a stretch decide differently, if possible in the verdict."""
        if decision not in self._generators:
            self._generators[decision] = Generator(self.policy.program, self.policy.vocabulary, decision)
        own = self._generators[decision]
        departed = dict(law.plans[1].readings)
        best: tuple[int, Made] | None = None
        for stage in self._stages(decision, law, own):
            for made, facts, before in stage:
                if not law.first <= made.state.as_of <= law.last or made.state.readings:
                    continue
                worth = _worth(before or _told(own, made.state, {}, facts), _told(own, made.state, departed, facts))
                if worth > (best[0] if best else 0) and _known(own, made.state):
                    best = worth, made
                    if worth == BEST:
                        break
            if best is not None and best[0] > LEAST:
                break
        if best is None:
            return None
        least, found = best

        def keeps(state: State) -> bool:
            told = _told(own, state, {}), _told(own, state, departed)
            return law.first <= state.as_of <= law.last and _worth(*told) >= least and _known(own, state)

        return self._shown(self._nearer(own, own.fewer(found, keeps).state, keeps), law)

    def _nearer(self, own: Generator, state: State, keeps: Callable[[State], bool]) -> State:
        """The person with as much as can be of what the typical one has."""
        frame, typical = own.frame, self.options.typical
        for slot in sorted(frame.slots, key=lambda slot: slot.kind != "all"):
            name = slot.path if slot.kind == "all" else slot.name
            wanted = _wanted(wanted_at(typical, name), state.as_of, self.policy.program.jurisdiction)
            if wanted is None:
                continue
            values = frame.options.of(slot.path, state.as_of)
            if slot.kind == "all" and wanted in values:
                nearer = frame.changed(state, [(slot, list(values).index(wanted))])
            elif slot.kind == "fact" and frame.has(state.facts, slot.address):
                nearer = frame.changed(state, ())
                frame.put(nearer.facts, slot.address, wanted, state.as_of)
            else:
                continue
            nearer = replace(nearer, facts=consistent(self.policy.vocabulary, nearer.facts))
            if nearer.facts != state.facts and keeps(nearer):
                state = nearer
        return state

    def _stages(self, decision: str, law: Law, own: Generator) -> Iterator[Iterable[_Tried]]:
        """People to try; where somebody was found in one of the stages whose verdict differs, there's no need of the next."""
        slots = _bearing(own, law)
        if law.first <= own.day <= law.last:
            random = Random(1)
            if slots:
                yield (_ready(own, own.sample(random, unknowns=False, fixed=True, slots=slots)) for _ in range(DIRECTED))
            if decision not in self._plain:
                plain = (_ready(own, made) for made in islice(own.samples(1, unknowns=False, fixed=True), PLAIN))
                self._plain[decision] = [(made, facts, _told(own, made.state, {}, facts)) for made, facts, _ in plain]
            yield self._plain[decision]
        random = Random(2)
        if slots:
            yield (_ready(own, own.sample(random, unknowns=False, slots=slots)) for _ in range(FREE))
        yield (_ready(own, made) for made in _at_ends_of_months(own, slots))

    def _shown(self, state: State, law: Law) -> Apart | None:
        """The person as the engine decides; None where the vocabulary has no such person."""
        witness = Witness(_plain(state.facts), state.as_of)
        try:
            return Apart(*(self._decided(witness, each) for each in law.plans))
        except EncodingDisagrees:
            return None

    def _decided(self, witness: Witness, made: Plan) -> Shown:
        decision = Replay(self.policy, made).decide(witness)
        return Shown(in_order(witness.facts, self.policy.vocabulary), witness.as_of, made.readings, decision)


def _bearing(own: Generator, law: Law) -> list[Slot]:
    """The slots of facts on which the rules rest that the reading changes, and of what is compared with these."""
    default, departed = law.plans
    pairs = ((departed, default), (default, departed))
    changed = {slot for made, other in pairs for rule in made.rules if other.by_slot.get(rule.slots[0]) != rule for slot in rule.slots}
    near = changed | {slot for rule in own.mined.rules if not changed.isdisjoint(reads(rule)) for slot in rule.slots}
    return [slot for slot in own.slots_for(paths_behind(own.program, near), ()) if slot.kind != "reading"]


def _at_ends_of_months(own: Generator, slots: Iterable[Slot]) -> Iterator[Made]:
    """The typical person with one day at the end of a month: where months are counted, readings part there."""
    first = own.day.replace(day=1)
    ends = [first - relativedelta(months=months) - timedelta(days=1) for months in range(MONTHS)]
    for slot in slots:
        if slot.kind == "fact" and own.frame.vocabulary.types[slot.path] == DATE and own.frame.has(own.bases[0].facts, slot.address):
            for day in ends:
                state = own.frame.changed(own.bases[0], ())
                own.frame.put(state.facts, slot.address, day, state.as_of)
                yield Made(replace(state, facts=consistent(own.vocabulary, state.facts)), 0, ())


def _ready(own: Generator, made: Made) -> _Tried:
    return made, own.runner.builder(made.state.facts), None


def _told(own: Generator, state: State, readings: Mapping[str, str], facts: Any = None) -> tuple[Any, ...]:
    """What is told of a reading: verdict, amount, effect, dates and values; not which conditions fail."""
    facts = own.runner.builder(state.facts) if facts is None else facts
    verdict, amount, effect, _, dates, values, *_ = own.runner.shown(State(state.facts, state.as_of, readings), facts)
    return verdict, amount, effect, dates, values


def _worth(before: tuple[Any, ...], after: tuple[Any, ...]) -> int:
    """How much a difference says: nothing, that only what goes with the verdict differs, that a verdict does, that both are definite."""
    if before == after:
        return 0
    if before[0] == after[0]:
        return LEAST
    return BEST - (UNDETERMINED in (before[0], after[0]))


def _known(own: Generator, state: State) -> bool:
    """Whether all facts are known that are read, but for those of which knowing them says something by itself."""
    vocabulary = own.frame.vocabulary
    telling = {rule.field for rules in vocabulary.implications.values() for rule in rules if rule.value is KNOWN}
    return all(_has(state.facts, path.split("."), telling) for path in own.frame.read)


def _has(value: Any, steps: list[str], telling: Collection[str]) -> bool:
    if isinstance(value, list):
        return all(_has(member, steps, telling) for member in value)
    if not steps:
        return value is not None
    below = value.get(steps[0]) if isinstance(value, Mapping) else None
    return steps[0] in telling if below is None else _has(below, steps[1:], telling)


def _wanted(value: Any, as_of: date, here: str) -> Any:
    """What the typical person's facts have, as the rules have it."""
    if value == HERE:
        return here
    if isinstance(value, str) and (ago := AGO.fullmatch(value)):
        return as_of - relativedelta(months=int(ago[1]))
    if isinstance(value, bool):
        return value
    return Decimal(value) if isinstance(value, int) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return plain_number(value) if isinstance(value, Decimal) else value
