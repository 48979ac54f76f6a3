"""Compares two packs in meaning: for each decision that both have, whom one grants and the other refuses, or the proof of nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dte_rules.analysis.effects import Effects
from dte_rules.analysis.encode import Encoded, encode
from dte_rules.analysis.logic import Bit, conj, disj, equal, neg
from dte_rules.analysis.meaning import (
    Direction,
    EffectPair,
    Meaning,
    Options,
    Person,
    SideName,
    hard_slots,
    says_something,
    shared,
    stretch,
    usual_day,
    wished_places,
)
from dte_rules.analysis.numbers import Num, num_equal
from dte_rules.analysis.search import Found, Search, Soft, Unsure
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Space
from dte_rules.analysis.structure import Packs, Structure, packs, structure
from dte_rules.analysis.typical import texts_of, wishes
from dte_rules.analysis.values import Ordered, Text, differ
from dte_rules.analysis.witness import EncodingDisagrees, Policy, Replay, Witness, in_order, settled_plan
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Plan, plan
from dte_rules.program.nodes import Group, Period

_SIDES: tuple[SideName, SideName] = ("a", "b")


@dataclass(frozen=True)
class Compared:
    """Two packs compared: what each has, and each decision side by side and in meaning."""

    a: Policy
    b: Policy
    day: date
    packs: Packs
    decisions: tuple[tuple[Structure, Meaning], ...]


def compare(
    a: Policy, b: Policy, decisions: Sequence[str] = (), options: Options | None = None, told: Callable[[str], None] | None = None
) -> Compared:
    """Two packs compared, in some decisions or all that both have; ``told`` hears of each decision before it is compared.

    Raises:
        EncodingDisagrees: where the engine decides a witness otherwise than the solver.
    """
    options = options or Options()
    day = usual_day(stretch([a.program, b.program], options.as_of))
    found: list[tuple[Structure, Meaning]] = []
    for decision in decisions or shared(a.program, b.program):
        if told is not None:
            told(decision)
        found.append((structure(a.program, b.program, decision, day), compare_decision(a, b, decision, options)))
    return Compared(a, b, day, packs(a.program, b.program, day), tuple(found))


def compare_decision(a: Policy, b: Policy, decision: str, options: Options | None = None) -> Meaning:
    """A decision of two packs compared in meaning. Witnesses are replayed through the engine.

    Raises:
        EncodingDisagrees: where the engine decides a witness otherwise than the solver.
    """
    options = options or Options()
    period = stretch([a.program, b.program], options.as_of)
    try:
        return Comparison(a, b, decision, options, period).meaning()
    except NotEncoded as gap:
        return Meaning(decision, period, options.horizon, not_analysed=str(gap))


class Comparison:
    """Two plans over the same person: encoded once, asked often.

    Raises:
        NotEncoded: where either verdict isn't encoded.
    """

    def __init__(self, a: Policy, b: Policy, decision: str, options: Options, period: tuple[date, date]) -> None:
        self.decision, self.options, self.period = decision, options, period
        self.policies: dict[SideName, Policy] = {"a": a, "b": b}
        self.plans: dict[SideName, Plan] = {}
        self.settled: dict[SideName, tuple[str, ...]] = {}
        for side, policy in self.policies.items():
            chosen = options.readings.get(side, {})
            readings = tuple(sorted((i, r) for i, r in chosen.items() if i in policy.program.interpretations))
            made = plan(policy.program, decision, period[0], readings)
            if options.settle and made.decision.delegates and says_something(made):
                self.settled[side] = tuple(slot.rpartition(".")[2] for slot in made.decision.delegates)
                made = settled_plan(made)
            self.plans[side] = made
        self.space = Space.of(
            [p.program for p in self.policies.values()],
            list(self.plans.values()),
            as_of=period[0] if period[0] == period[1] else Period(period[0], period[1] + timedelta(days=1)),
            horizon=options.horizon,
            vocabularies=[p.vocabulary for p in self.policies.values()],
            texts=list(texts_of([options.typical, options.near or {}])) + [p.program.jurisdiction for p in self.policies.values()],
        )
        self.encoded = {side: encode(p.program, self.plans[side], self.space) for side, p in self.policies.items()}
        self.replays = {side: Replay(p, self.plans[side]) for side, p in self.policies.items()}
        for encoded in self.encoded.values():  # everything is encoded before the first question
            encoded.verdict("met")
        self.search = Search(self.space, timeout=options.timeout, expands=True)
        self.unsure: list[str] = []

    def meaning(self) -> Meaning:
        sides: tuple[SideName, SideName] = ("a", "b")
        unspecified = tuple(side for side in sides if self._never_decides(side))
        directions: tuple[Direction, ...] = ()
        if not unspecified:
            directions = tuple(self.direction(granter) for granter in sides)
        amounts, same_amount, no_amount = self.amounts()
        effects, same_effect = self.effects()
        return Meaning(
            self.decision,
            self.period,
            self.options.horizon,
            directions,
            amounts,
            same_amount,
            no_amount,
            effects,
            same_effect,
            self.values(),
            unspecified,
            self.settled,
            unsure=tuple(self.unsure),
        )

    def _never_decides(self, side: SideName) -> bool:
        encoded = self.encoded[side]
        return self.search.holds(disj(encoded.grants, encoded.verdict("not_met"))) is False

    # --- who is granted and who is refused ---------------------------------------------------------------------------

    def direction(self, granter: SideName) -> Direction:
        """Whom one side grants and the other does not: one person for each condition that alone can make it so."""
        refuser: SideName = "b" if granter == "a" else "a"
        grants, other = self.encoded[granter].grants, self.encoded[refuser]
        softs = self.softs(granter)
        if self.options.brief:
            refusal, open_ = self.search.holds(grants, other.verdict("not_met")), self.search.holds(grants, other.verdict("undetermined"))
            untold = tuple(name for name, sure in (("refused", refusal), ("undetermined", open_)) if sure is None)
            return Direction(granter, (), refusal is False, refusal is True, None, open_ is False, untold)
        unsure: list[str] = []
        found: list[Person] = []
        for slot in hard_slots(other.plan):
            alone = self._alone(other, slot)
            for route, only in self._routes(granter, refuser, slot):
                person = self.person(slot.rpartition(".")[2], softs, unsure, grants, alone, only, route=route)
                found += [] if person is None else [person]
        nobody = False
        if not found:  # perhaps only several conditions together
            doubts = len(unsure)
            person = self.person(None, softs, unsure, grants, other.verdict("not_met"))
            found += [] if person is None else [person]
            nobody = person is None and len(unsure) == doubts
        if nobody:
            unsure.clear()  # the proof covers each condition
        doubts = len(unsure)
        open_person = self.person(None, softs, unsure, grants, other.verdict("undetermined"))
        never = open_person is None and len(unsure) == doubts
        return Direction(granter, tuple(found), nobody, bool(found), open_person, never, tuple(unsure))

    def _routes(self, granter: SideName, refuser: SideName, slot: str) -> list[tuple[str | None, Bit]]:
        """The ways in which the granter's condition of that name holds by one member of its group alone; else one way."""
        encoded, name = self.encoded[granter], slot.rpartition(".")[2]
        own = next((s for s in hard_slots(encoded.plan) if s.rpartition(".")[2] == name), None)
        rule = encoded.plan.by_slot.get(own) if own else None
        if (
            rule is None
            or not isinstance(rule.body, Group)
            or rule.body.kind != "any"
            or rule.body == self.plans[refuser].by_slot[slot].body
        ):
            return [(None, True)]
        members = rule.body.members
        bits = [(m, conj(encoded.truth(m).t, *(encoded.truth(o).f for o in members if o != m))) for m in members]
        ways = [
            (m.rpartition(".")[2], bit)
            for m, bit in bits
            if self.search.holds(encoded.grants, self._alone(self.encoded[refuser], slot), bit)
        ]
        return [*ways] or [(None, True)]

    def _alone(self, encoded: Encoded, slot: str) -> Bit:
        """That a condition fails, and no other of the hard part."""
        return conj(encoded.fails(slot), *(neg(encoded.fails(s)) for s in hard_slots(encoded.plan) if s != slot))

    def person(self, because: str | None, softs: Sequence[Soft], unsure: list[str], *goals: Bit, route: str | None = None) -> Person | None:
        """A person for whom the goals hold, decided by both engines; None where there is nobody, or the solver can't tell."""
        answer = self.search.find(*goals, softs=softs)
        if isinstance(answer, Found):
            return replace(self.replayed(answer, because), route=route)
        if isinstance(answer, Unsure):
            unsure.append(because or "undetermined")
        return None

    def replayed(self, answer: Found, because: str | None) -> Person:
        """The witness with both decisions of the engine, which must be those of the solver."""
        decided: dict[SideName, Decision] = {}
        for side in self.policies:
            wanted = [v for v in ("met", "not_met", "discretionary", "undetermined") if answer.holds(self.encoded[side].verdict(v))]
            decided[side] = self.replays[side].expect(answer.witness, *wanted)
            if decided[side].verdict != "not_met":
                continue
            failed = self.replays[side].failed(answer.witness)
            for slot in hard_slots(self.plans[side]):
                if (slot in failed) != answer.holds(self.encoded[side].fails(slot)):
                    raise EncodingDisagrees(side, self.decision, slot, str(failed), answer.witness.facts, answer.witness.as_of)
        witness: Witness = answer.witness
        facts = in_order(witness.facts, self.policies["a"].vocabulary)
        return Person(facts, witness.as_of, decided["a"], decided["b"], because)

    def softs(self, granter: SideName) -> list[Soft]:
        """The wishes, with the places of the narrower region, else of the granter's, first."""
        a, b = (self.policies[side].program.jurisdiction for side in _SIDES)
        places = wished_places(a, b, granter, self.space.pool.places)
        return wishes(
            self.space,
            self.plans.values(),
            self.options.typical,
            day=usual_day(self.period),
            places=places,
            fixed=self.options.near,
        )

    # --- what is granted -----------------------------------------------------------------------------------------------

    def amounts(self) -> tuple[tuple[Person, ...], bool | None, tuple[SideName, ...]]:
        """People whom both grant with different amounts, and whether it is proved that there is none."""
        slots = {side: made.decision.amount for side, made in self.plans.items()}
        missing: tuple[SideName, ...] = tuple(side for side, slot in slots.items() if slot is None)
        if missing:
            return (), None, missing
        values = [self.encoded[side].value(slot) for side, slot in slots.items() if slot is not None]
        a, b = values
        if not isinstance(a, Ordered) or not isinstance(b, Ordered) or not isinstance(a.low, Num) or not isinstance(b.low, Num):
            raise NotEncoded("an amount that is no number")
        both = conj(*(e.grants for e in self.encoded.values()), neg(num_equal(a.low, b.low)))
        if self.search.holds(both) is False:
            return (), True, ()
        if self.options.brief:
            return (), False, ()
        person = self.person(None, self.softs("a"), self.unsure, both)
        return ((person,), False, ()) if person else ((), None, ())

    def values(self) -> tuple[tuple[str, Person], ...]:
        """The other results that both have by one name, and that differ for somebody whom both grant."""
        first, second = (dict(self.plans[side].decision.values) for side in _SIDES)
        found: list[tuple[str, Person]] = []
        for name in first:
            if name not in second:
                continue
            results = [self.encoded[side].value(values[name]) for side, values in zip(_SIDES, (first, second), strict=True)]
            goal = conj(*(e.grants for e in self.encoded.values()), differ(results[0], results[1]))
            person = self.person(None, self.softs("a"), self.unsure, goal)
            if person is not None:
                found.append((name, person))
        return tuple(found)

    def effects(self) -> tuple[tuple[EffectPair, ...], bool | None]:
        """Pairs of effects that one case can have on the two sides, each with a person."""
        slots = {side: made.decision.effect for side, made in self.plans.items()}
        if None in slots.values():
            return (), None
        a, b = (self.encoded[side].value(slot) for side, slot in slots.items() if slot is not None)
        if not isinstance(a, Text) or not isinstance(b, Text):
            raise NotEncoded("an effect that is no text")
        order = Effects.read()
        found: list[EffectPair] = []
        both: list[Bit] = [e.grants for e in self.encoded.values()]
        seen: list[Bit] = [neg(equal(a.code, b.code))]
        softs = self.softs("a")
        if self.options.brief:
            there = self.search.holds(*both, *seen)
            return (), None if there is None else not there
        while True:
            person = self.person(None, softs, self.unsure, *both, *seen)
            if person is None or person.a.effect is None or person.b.effect is None:
                return tuple(found), None if self.unsure and not found else not found
            found.append(EffectPair(person.a.effect, person.b.effect, order.order(person.a.effect, person.b.effect), person))
            seen.append(
                neg(conj(equal(a.code, self.space.pool.code(person.a.effect)), equal(b.code, self.space.pool.code(person.b.effect))))
            )
