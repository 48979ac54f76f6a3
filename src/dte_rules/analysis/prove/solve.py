"""Proves properties about symbolic persons by the solver, law by law; examples are decided by the engine before they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from typing import Any, Literal

from dte_rules.analysis.days import Day
from dte_rules.analysis.encode import encode
from dte_rules.analysis.logic import Bit, conj, disj, neg
from dte_rules.analysis.meaning import stretch, usual_day, wished_places
from dte_rules.analysis.operators import truth
from dte_rules.analysis.prove.across import Across, Posed
from dte_rules.analysis.prove.concrete import Actual, decided, facts_in, plan_of, shown, supposed_of, then_word, value_over
from dte_rules.analysis.prove.context import facts_in_sight, reads, texts_in
from dte_rules.analysis.prove.model import Branch, Days, Example, Question, Ready, Side
from dte_rules.analysis.prove.sides import AS_OF
from dte_rules.analysis.prove.twin import Twin
from dte_rules.analysis.search import Found, Nobody, Search, Soft
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.space import Horizon, Space
from dte_rules.analysis.typical import texts_of, typical_facts, wishes
from dte_rules.analysis.values import Ordered, settled
from dte_rules.analysis.witness import EncodingDisagrees, in_order, of_vocabulary, witness_of
from dte_rules.engine.plan import Plan, changes
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import Record
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Period

TIMEOUT = 30.0


@dataclass(frozen=True)
class Settings:
    """How the solver is used: the seconds for one question, and the facts of a typical person."""

    timeout: float = TIMEOUT
    typical: Mapping[str, Any] = field(default_factory=typical_facts)


def horizon_of(ready: Ready) -> Horizon:
    """The horizon of a property."""
    asked = ready.form.horizon
    return Horizon("complete" if asked.facts == "known" else "partial", asked.members)


def solved(ready: Ready, question: Question, choices: Mapping[str, str | bool], settings: Settings) -> Branch:
    """What comes out of one question under one choice for the points left open."""
    idle = True
    unsettled: Branch | None = None
    for days in laws(question):
        try:
            found = _Posed(ready, question, choices, settings, days).answer()
        except NotEncoded as gap:
            return Branch(choices, "could_not_tell", why=str(gap))
        idle = idle and found.idle
        if found.outcome in ("fails", "could_not_tell"):
            return found
        if found.outcome == "not_specified":
            unsettled = unsettled or found
    return unsettled or Branch(choices, "holds", idle=idle)


def laws(question: Question) -> Iterator[dict[str, Days]]:
    """For each case, a stretch of days in which the law stays the same; every combination, but those that the order of days rules out."""
    groups = _groups(question.sides)
    options: list[list[Days]] = []
    for leader, members in groups.items():
        side = next(s for s in question.sides if s.name == leader)
        span = side.days or period_of(question)
        programs = {s.policy.program.name: s.policy.program for s in question.sides if s.name in members}
        cuts = sorted({day for p in programs.values() for day in changes(p) if span.first < day <= span.last})
        starts = [span.first, *cuts]
        ends = [*(cut - timedelta(days=1) for cut in cuts), span.last]
        options.append([Days(a, b) for a, b in zip(starts, ends, strict=True)])
    for chosen in product(*options):
        days = {member: span for members, span in zip(groups.values(), chosen, strict=True) for member in members}
        if all(days[s.name].last >= days[s.like].first for s in question.sides if s.like is not None and AS_OF in s.rises):
            yield days


def period_of(question: Question) -> Days:
    """The days that a property is about where it names none: since the law last changed, to the end of the known calendar."""
    first, last = stretch([side.policy.program for side in question.sides], None)
    return Days(first, last)


def _groups(sides: Sequence[Side]) -> dict[str, tuple[str, ...]]:
    """The cases that are asked for one day, by the first of them."""
    leader: dict[str, str] = {}
    for side in sides:
        own = side.like is None or AS_OF in side.differs or AS_OF in side.rises
        leader[side.name] = side.name if own or side.like is None else leader[side.like]
    return {name: tuple(m for m, first in leader.items() if first == name) for name in dict.fromkeys(leader.values())}


class _Posed:
    """A question put to the solver, in one stretch of law for each case."""

    def __init__(
        self, ready: Ready, question: Question, choices: Mapping[str, str | bool], settings: Settings, days: Mapping[str, Days]
    ) -> None:
        self.ready, self.question, self.choices, self.settings, self.days = ready, question, choices, settings, days
        self.supposed = supposed_of(choices)
        self.plans: dict[str, Plan] = {s.name: plan_of(s, days[s.name].first, choices) for s in question.sides}
        self.spaces = self._spaces()
        points = {name: settled(value) for name, value in self.supposed.items()}
        self.cases: dict[str, Posed] = {}
        for side in question.sides:
            space, program = self.spaces[side.name], side.policy.program
            self.cases[side.name] = Posed(space, encode(program, self.plans[side.name], space, supposed=points))
        for side in question.sides:
            self._give(side)
        across = Across(self.cases, self.supposed)
        self.given, self.then = truth(across.value(question.given, {})), truth(across.value(question.then, {}))
        for space in self.spaces.values():
            if isinstance(space, Twin):
                space.mirrored()
        if ready.form.horizon.events == "have_happened":
            for space in self.spaces.values():
                _all_happened(space)
        first, *others = self.spaces.values()
        self.search = Search(first, timeout=settings.timeout, expands=True)
        for space in others:
            self.search.also(space)

    def answer(self) -> Branch:
        """What comes out."""
        counter = self.search.holds(self.given.t, neg(self.then.t))
        if counter is None:
            return Branch(self.choices, "could_not_tell", why="timeout")
        if not counter:
            return Branch(self.choices, "holds", idle=self.search.holds(self.given.t) is False)
        refuted = self._found(self.given.t, disj(self.then.f, self.then.null))
        if refuted is not None:
            return refuted if refuted.outcome != "holds" else self._unsettled()
        return self._unsettled()

    def _unsettled(self) -> Branch:
        found = self._found(self.given.t, self.then.unknown)
        assert found is not None
        # with facts unknown the statement may be unknown for their sake: then it is simply not borne out
        complete = self.ready.form.horizon.facts == "known"
        if found.outcome != "fails" or not complete:
            return found
        return Branch(self.choices, "not_specified", found.example)

    def _found(self, *goals: Bit) -> Branch | None:
        answer = self.search.find(*goals, softs=self._softs())
        if isinstance(answer, Found):
            return Branch(self.choices, "fails", self._example(answer))
        return None if isinstance(answer, Nobody) else Branch(self.choices, "could_not_tell", why=answer.reason)

    # --- the persons -----------------------------------------------------------------------------------------------------

    def _spaces(self) -> dict[str, Space]:
        sides = self.question.sides
        programs = list({s.policy.program.name: s.policy.program for s in sides}.values())
        texts = {*texts_of(self.settings.typical), *(p.jurisdiction for p in programs)}
        for expr in (self.question.given, self.question.then, *(e for s in sides for e in s.facts.values())):
            texts |= texts_in(expr)
        made: dict[str, Space] = {}
        for side in sides:
            days = self.days[side.name]
            if side.like is None:
                made[side.name] = Space.of(
                    programs,
                    list(self.plans.values()),
                    as_of=days.first if days.first == days.last else Period(days.first, days.last + timedelta(days=1)),
                    horizon=horizon_of(self.ready),
                    vocabularies=[s.policy.vocabulary for s in sides],
                    texts=sorted(texts),
                    context=z3.Context(),  # the answer is to be the same whatever else is proved, here or in another process
                )
                continue
            own_day = AS_OF in side.differs or AS_OF in side.rises
            made[side.name] = Twin.on(
                made[side.like],
                side.name,
                loose=side.differs,
                rising=side.rises,
                growing=side.adds,
                knowing=side.knows_more,
                days=(days.first, days.last) if own_day else None,
            )
        return made

    def _give(self, side: Side) -> None:
        """The facts that a case gives."""
        space, env = self.spaces[side.name], Environment(_none)
        for path, expr in side.facts.items():
            value = evaluate(expr, env)
            _touch(space, path)
            if value is None:
                space.require(_unknown(space, path))
                continue
            bit = space.equals(path, value) if path in space.leaves else None
            if bit is None:
                raise NotEncoded(f"{path} = {value}, which lies beyond the horizon")
            space.require(bit)

    def _softs(self) -> list[Soft]:
        codes = list(dict.fromkeys(s.policy.program.jurisdiction for s in self.question.sides))
        pool = next(iter(self.spaces.values())).pool
        places = tuple(codes) if len(codes) != 2 else wished_places(codes[0], codes[1], "a", pool.places)
        found: list[Soft] = []
        for name, space in self.spaces.items():
            days = self.days[name]
            day = usual_day((days.first, days.last))
            found += wishes(space, [self.plans[name]], self.settings.typical, day=day, places=places)
        return found

    def _example(self, answer: Found) -> Example:
        """The cases decided by the engine; what the solver says must come out of them."""
        actual: dict[str, Actual] = {}
        told: dict[str, Mapping[str, Any]] = {}
        for side in self.question.sides:
            witness = witness_of(answer.model, self.spaces[side.name])
            vocabulary = side.policy.vocabulary
            told[side.name] = in_order(of_vocabulary(witness.facts, vocabulary), vocabulary)
            closed = facts_in(vocabulary, told[side.name])
            actual[side.name] = decided(side, self.plans[side.name], closed, witness.as_of, self.supposed)
        given = value_over(self.question.given, actual, self.supposed)
        then = value_over(self.question.then, actual, self.supposed)
        wanted: Literal["false", "null", "unknown"] = (
            "unknown" if answer.holds(self.then.unknown) else "null" if answer.holds(self.then.null) else "false"
        )
        got = then_word(then) if then is not True else "true"
        exprs = (self.question.given, self.question.then)
        parts = {s.name: frozenset[str]().union(*(reads(expr, s.name) for expr in exprs)) for s in self.question.sides}
        cases = tuple(
            replace(
                shown(actual[s.name], told[s.name], self.choices, parts[s.name]),
                named=tuple(dict.fromkeys(path for expr in exprs for path in facts_in_sight(expr, s.name))),
            )
            for s in self.question.sides
        )
        if given is not True or got != wanted:
            raise self._disagrees(actual, f"given true, then {wanted}", f"given {given}, then {got}")
        for side, case in zip(self.question.sides, cases, strict=True):
            verdicts = {v for v in ("met", "not_met", "discretionary", "undetermined") if answer.holds(self._verdict(side, v))}
            if not self.supposed and case.decision.verdict not in verdicts:
                raise self._disagrees(actual, " or ".join(verdicts), case.decision.verdict)
        missing = tuple(sorted(then.needs)) if isinstance(then, Unknown) else ()
        return Example(cases, wanted, missing=missing)

    def _verdict(self, side: Side, verdict: Any) -> Bit:
        try:
            return self.cases[side.name].encoded.verdict(verdict)
        except NotEncoded:
            return True

    def _disagrees(self, actual: Mapping[str, Actual], wanted: str, got: str) -> EncodingDisagrees:
        first = next(iter(actual.values()))
        program = first.side.policy.program
        return EncodingDisagrees(program.name, self.ready.id, wanted, got, first.facts.model_dump(exclude_none=True), first.as_of)


def _unknown(space: Space, path: str) -> Bit:
    """That a fact, or a list, is not known."""
    if path in space.lists:
        return neg(space.lists[path][1])
    if path not in space.leaves:
        raise NotEncoded(f"{path} = null")
    return neg(space.leaves[path].known)


def _touch(space: Space, path: str) -> None:
    """Makes the symbols of a path; a member of a list that is named is there."""
    current = ""
    for step in path.split("."):
        name, _, rest = step.partition("[")
        if current:
            space.field(current, name)
        else:
            space.root(name)
        current = f"{current}.{name}" if current else name
        if rest:
            if int(rest[:-1]) > space.horizon.slots:
                raise NotEncoded(f"{path}, which lies beyond the horizon")
            size, known, _ = space.lists[current]
            space.require(conj(known, size >= int(rest[:-1])))
            current = f"{current}[{rest}"


def _all_happened(space: Space) -> None:
    """No event of the space lies after the day asked about, known or not."""
    for path, leaf in space.leaves.items():
        record = space.type_at(leaf.parent)
        if not isinstance(record, Record) or not isinstance(leaf.value, Ordered) or not isinstance(leaf.value.low, Day):
            continue
        field = path.rpartition(".")[2]
        if any(v.events.get(record.name) == field for v in space.vocabularies):
            space.require(leaf.value.low.key <= space.as_of.key)


def _none(name: str) -> Any:
    raise LookupError(name)
