"""Asks the solver of a fault: who is decided differently because of it, or the proof that within the horizon nobody is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from dte_rules.analysis.diff import FIRST, LAST
from dte_rules.analysis.encode import Encoded, Encoder, encode
from dte_rules.analysis.generate_frame import State
from dte_rules.analysis.generate_runner import Runner
from dte_rules.analysis.logic import Bit, conj, disjoined, iff, neg
from dte_rules.analysis.meaning import usual_day
from dte_rules.analysis.mutation_mutants import Mutant
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans
from dte_rules.analysis.search import Found, Search
from dte_rules.analysis.shown import result, shown_differs
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Horizon, Space
from dte_rules.analysis.typical import texts_of, typical_facts, wishes
from dte_rules.analysis.values import identical
from dte_rules.analysis.witness import EncodingDisagrees, Witness, in_order
from dte_rules.engine.plan import Plan, Readings, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import Period, Program, Rule
from dte_rules.vocabulary import Vocabulary

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")
MOST_TOGETHER = 4
"""Of so many interpretations all readings together are tried."""


@dataclass(frozen=True)
class Differs:
    """Somebody is decided differently; the engine has confirmed it of both programs."""

    decision: str
    state: State


@dataclass(frozen=True)
class Same:
    """It is proved that within the horizon nobody is decided differently."""


@dataclass(frozen=True)
class Untold:
    """It could not be told; the reason in words for a report."""

    reason: str


Told = Differs | Same | Untold


@dataclass(frozen=True)
class _Question:
    """A stretch of law and a choice of readings for which the fault changes the plan."""

    decision: str
    period: tuple[date, date]
    readings: Readings
    before: Plan
    after: Plan


class Prover:
    """Compares a program with its mutants over the same symbolic person."""

    def __init__(self, program: Program, vocabulary: Vocabulary, seconds: float, horizon: Horizon | None = None) -> None:
        self.program, self.vocabulary, self.seconds = program, vocabulary, seconds
        self.horizon = horizon or Horizon("partial")
        self.typical: Mapping[str, Any] = typical_facts()

    def told(self, decisions: Sequence[str], plans: Plans, faulty: FaultyPlans) -> Told:
        """What the solver says of a fault that bears on some decisions; somebody of whom all is known, if there is such a person.

        Raises:
            EncodingDisagrees: where the engine decides a witness otherwise than the solver.
        """
        # of this process's own time, so that what is told rests less on what else the machine does
        deadline = time.process_time() + self.seconds
        proved: set[_Cone] = set()
        doubts: dict[str, None] = {}
        partly: list[_Pair] = []

        def left() -> float:
            return deadline - time.process_time()

        for question in (question for decision in decisions for question in self._questions(decision, plans, faulty)):
            cone = _cone(question)
            if cone in proved:
                continue
            if left() <= 0:
                doubts["time"] = None
                break
            try:
                if cone is not None and _Pair(self, _only(question, cone), self.horizon, left()).same:
                    proved.add(cone)
                    continue
                pair = _Pair(self, question, self.horizon, min(left(), self.seconds / 3))
                there = pair.anybody()  # who is wholly known is among those of whom something may be unknown
                if there is False:
                    continue
                witness = self._short(question, left()) if left() > 0 else None
                if witness is None and left() > 0:
                    witness = _Pair(self, question, replace(self.horizon, mode="complete"), left()).witness()
            except NotEncoded as gap:
                doubts[str(gap)] = None
                continue
            if witness is not None:
                return self._replayed(question, witness, plans, faulty)
            if there:
                partly.append(pair)
            else:
                doubts["time"] = None
        for pair in partly:
            witness = pair.witness()
            if witness is not None:
                return self._replayed(pair.question, witness, plans, faulty)
            doubts["time"] = None
        return Untold("; ".join(doubts)) if doubts else Same()

    def _short(self, question: _Question, seconds: float) -> Witness | None:
        """Somebody with one member in each list at most, of whom all is known: seldom are more needed, and less is quickly told."""
        pair = _Pair(self, question, replace(self.horizon, mode="complete", slots=1), min(seconds, self.seconds / 4))
        return pair.witness()

    def _questions(self, decision: str, plans: Plans, faulty: FaultyPlans) -> Iterator[_Question]:
        """Where the plans differ: the stretches of law, the last first, under the usual readings and departures from them."""
        days = sorted({day for day in (*plans.days, *faulty.days) if FIRST < day <= LAST})
        stretches = list(zip([FIRST, *days], [*(day - timedelta(days=1) for day in days), LAST], strict=True))
        seen: set[Any] = set()
        for readings in self._departures(faulty.mutant):
            found: list[_Question] = []
            for period in reversed(stretches):
                before, after = plans.plan(decision, period[0], readings), faulty.plan(decision, period[0], readings)
                key = period, before.rules, before.decision, after.rules, after.decision
                if before is after or key in seen:
                    continue  # nothing has changed, or the departure changes nothing of what the decision reads
                seen.add(key)
                last = found[-1] if found else None
                if last is not None and _follows(period, last.period) and _alike(last, before, after):
                    found[-1] = replace(last, period=(period[0], last.period[1]))
                else:
                    found.append(_Question(decision, period, readings, before, after))
            yield from found

    def _departures(self, mutant: Mutant) -> Iterator[Readings]:
        """All readings together of what the changed rules ask, and each other departure by itself."""
        asked = {name for rule in mutant.rules.values() for name in (*reads(rule), *(name for name, _ in rule.under))}
        own = [i for i in self.program.interpretations.values() if i.id in asked][:MOST_TOGETHER]
        others = [i for i in self.program.interpretations.values() if i not in own]
        for readings in product(*(i.readings for i in own)):
            chosen = [(i.id, r.id) for i, r in zip(own, readings, strict=True) if r.id != i.default]
            yield tuple(sorted(chosen))
        yield from (((i.id, r.id),) for i in others for r in i.readings if r.id != i.default)

    def _replayed(self, question: _Question, witness: Witness, plans: Plans, faulty: FaultyPlans) -> Differs:
        """The witness as a question, which the engine must decide differently by both programs."""
        facts = in_order(_exact(witness.facts), self.vocabulary)
        self.vocabulary.model.model_validate(facts)
        state = State(facts, witness.as_of, dict(question.readings))
        old = Runner(self.program, self.vocabulary, question.decision, plans).shown(state)
        new = Runner(faulty.program, self.vocabulary, question.decision, faulty).shown(state)
        if old == new:
            raise EncodingDisagrees(self.program.name, question.decision, "different decisions", str(old), facts, witness.as_of)
        return Differs(question.decision, state)


def _follows(earlier: tuple[date, date], later: tuple[date, date]) -> bool:
    return earlier[1] + timedelta(days=1) == later[0]


def _alike(question: _Question, before: Plan, after: Plan) -> bool:
    return replace(question.before, readings=()) == replace(before, readings=()) and replace(question.after, readings=()) == replace(
        after, readings=()
    )


class _Pair:
    """Both plans of a question over one person."""

    def __init__(self, prover: Prover, question: _Question, horizon: Horizon, seconds: float) -> None:
        self.prover, self.question = prover, question
        program, period = prover.program, question.period
        self.space = Space.of(
            [program],
            [question.before, question.after],
            as_of=period[0] if period[0] == period[1] else Period(period[0], period[1] + timedelta(days=1)),
            horizon=horizon,
            vocabularies=[prover.vocabulary],
            texts=[*texts_of(prover.typical), program.jurisdiction],
        )
        self.search = Search(self.space, timeout=seconds)
        self.before = encode(program, question.before, self.space)
        self.after = self._after(program, question.after)
        """The plan with the fault."""
        self.same = question.before.decision == question.after.decision and self._same >= {
            slot for plan in (question.before, question.after) for rule in plan.rules for slot in rule.slots
        }
        """Whether all rules are proved to conclude the same."""
        self._goal: Bit | None = None

    def _after(self, program: Program, plan: Plan) -> Encoded:
        """The plan with the fault, in which what can't have changed, or is proved not to have, keeps the value that it has without."""
        encoder = Encoder(program, self.space, {})
        old = self.question.before.by_slot
        self._same: set[str] = set()
        for rule in plan.rules:
            kept = {slot: self.before.slots[slot] for slot in rule.slots if slot in self.before.slots}
            unchanged = old.get(rule.slots[0]) == rule and all(name in self._same or name not in plan.by_slot for name in reads(rule))
            if not unchanged or len(kept) < len(rule.slots):
                encoder.conclude(rule)
                concluded = [slot for slot in rule.slots if slot in encoder.slots and slot in kept]
                unchanged = len(concluded) == len(rule.slots) and self.search.disproved(
                    neg(conj(*(identical(kept[slot], encoder.slots[slot]) for slot in concluded)))
                )
            if unchanged:
                encoder.slots.update(kept)
                self._same.update(rule.slots)
        return Encoded(program, plan, self.space, encoder.slots, encoder.gaps)

    @property
    def goal(self) -> Bit:
        """That something that a decision shows is different."""
        if self._goal is None:
            self._goal = False if self.same else disjoined(_differences(self.before, self.after))
        return self._goal

    def anybody(self) -> bool | None:
        """Whether anything that a decision shows is different for anybody; None where the solver can't tell."""
        return self.search.holds(self.goal)

    def witness(self) -> Witness | None:
        """Somebody for whom it is; None where there is nobody, or the solver can't tell."""
        plans, day = (self.question.before, self.question.after), usual_day(self.question.period)
        softs = wishes(self.space, plans, self.prover.typical, day=day, places=[self.prover.program.jurisdiction])
        answer = self.search.find(self.goal, softs=softs)
        return answer.witness if isinstance(answer, Found) else None


@dataclass(frozen=True)
class _Cone:
    """The changed rules and all that they rest on: where it is the same, so is a proof that they conclude the same."""

    period: tuple[date, date]
    before: tuple[Rule, ...]
    after: tuple[Rule, ...]


def _cone(question: _Question) -> _Cone | None:
    """The cone of what has changed; None for a changed decision."""
    before, after = question.before, question.after
    if before.decision != after.decision:
        return None
    slots: set[str] = set()
    todo = [slot for rule in after.rules if before.by_slot.get(rule.slots[0]) != rule for slot in rule.slots]
    todo += [slot for slot in before.by_slot if slot not in after.by_slot]
    while todo:
        slot = todo.pop()
        sides = [plan.by_slot[slot] for plan in (before, after) if slot in plan.by_slot]
        if sides and slot not in slots:
            slots.update(slot for rule in sides for slot in rule.slots)
            todo += [name for rule in sides for name in reads(rule)]
    kept = [tuple(rule for rule in plan.rules if slots.intersection(rule.slots)) for plan in (before, after)]
    return _Cone(question.period, *kept)


def _only(question: _Question, cone: _Cone) -> _Question:
    """The question as far as its plans lie in the cone."""
    before, after = (
        replace(plan, rules=rules, by_slot={slot: rule for rule in rules for slot in rule.slots})
        for plan, rules in ((question.before, cone.before), (question.after, cone.after))
    )
    return replace(question, before=before, after=after)


def _exact(value: Any) -> Any:
    """Facts with decimals for all numbers, as engines compute with them."""
    if isinstance(value, Mapping):
        return {name: _exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_exact(part) for part in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _differences(before: Encoded, after: Encoded) -> Iterator[Bit]:
    """Everything in which two decisions can show a difference, but what is missing: verdict, what is granted, what fails, dates, values."""
    a, b = before.plan.decision, after.plan.decision
    for verdict in VERDICTS:
        yield neg(iff(before.verdict(verdict), after.verdict(verdict)))
    both = conj(before.grants, after.grants)
    for old, new in ((a.amount, b.amount), (a.effect, b.effect)):
        yield conj(both, shown_differs(result(before, old), result(after, new)))
    refused = neg(before.verdict("met"))
    for slot in dict.fromkeys((*a.requires, *a.excludes, *a.soft, *b.requires, *b.excludes, *b.soft)):
        yield conj(refused, neg(iff(_fails(before, slot), _fails(after, slot))))
    for olds, news, bounds in ((dict(a.dates), dict(b.dates), True), (dict(a.values), dict(b.values), False)):
        for name in dict.fromkeys((*olds, *news)):
            yield shown_differs(result(before, olds.get(name)), result(after, news.get(name)), bounds=bounds)


def _fails(encoded: Encoded, slot: str) -> Bit:
    decision = encoded.plan.decision
    return encoded.fails(slot) if slot in decision.requires + decision.excludes + decision.soft else False
