"""Readings: whom each decides otherwise than the default does, or the proof that it changes nothing for anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

from dte_rules.analysis.analyze_findings import Aspect, Effective, Finding, Options, Shown, Stretch
from dte_rules.analysis.analyze_ground import Doubts, shown, softs_of, space_of
from dte_rules.analysis.analyze_law import Law, nearby, shape, stretches
from dte_rules.analysis.analyze_people import Apart, People
from dte_rules.analysis.analyze_roles import VERDICTS
from dte_rules.analysis.encode import Encoded, encode, known, reencode
from dte_rules.analysis.logic import Bit, conj, disj, iff, neg
from dte_rules.analysis.search import Found, Nobody, Search, Soft, Unsure
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Space
from dte_rules.analysis.values import Value, differ
from dte_rules.analysis.witness import EncodingDisagrees, Policy
from dte_rules.engine.decision import Decision
from dte_rules.engine.plan import Plan
from dte_rules.program.nodes import Interpretation

Where = Literal["nearby", "near", "whole", "unknown"]
"""Among whom is looked: people who are soonest found, those with longer lists, everybody whose facts are known, and everybody."""

_CLOSE = ("nearby", "near")


@dataclass(frozen=True)
class Asked:
    """A reading other than the default, and the stretches of each decision in which it changes a rule: the default plan, and its own."""

    interpretation: Interpretation
    reading: str
    laws: tuple[tuple[str, tuple[Law, ...]], ...]

    @property
    def name(self) -> str:
        """How it is called: ``interpretation: reading``."""
        return f"{self.interpretation.id}: {self.reading}"


def departures(policy: Policy, decisions: tuple[str, ...], options: Options) -> Iterator[Asked]:
    """Every reading that isn't the default, with what it touches, the latest law first."""
    program = policy.program
    others = [
        (interpretation, reading.id) for interpretation in program.interpretations.values() for reading in interpretation.readings[1:]
    ]
    touched: list[list[tuple[str, tuple[Law, ...]]]] = [[] for _ in others]
    choices = [(), *(((interpretation.id, reading),) for interpretation, reading in others)]
    for decision in decisions:
        # the stretches of all readings together, so that they can share the facts of each
        several = stretches(program, decision, choices, options.horizon)
        for place in range(len(others)):
            pairs = (replace(law, plans=(law.plans[0], law.plans[place + 1])) for law in reversed(several))
            laws = tuple(law for law in pairs if shape(law.plans[0]) != shape(law.plans[1]))
            if laws:
                touched[place].append((decision, laws))
    return (Asked(interpretation, reading, tuple(laws)) for (interpretation, reading), laws in zip(others, touched, strict=True))


class Judge:
    """Judges readings one after another; the default plan of a stretch is encoded once for all of them."""

    def __init__(self, policy: Policy, asked: Sequence[Asked], options: Options, doubts: Doubts) -> None:
        self.policy, self.options, self.doubts = policy, options, doubts
        self._plans: dict[tuple[str, Stretch], list[Plan]] = {}
        for decision, law in ((decision, law) for each in asked for decision, laws in each.laws for law in laws):
            known = self._plans.setdefault((decision, law.stretch), [law.plans[0]])
            known.append(law.plans[1])
        self._bench: dict[tuple[str, Stretch, Where], _Bench] = {}
        self._people = People(policy, options)

    def judge(self, asked: Asked) -> Effective | Finding | None:
        """What a reading changes, shown by a person; a finding where it is proved to change nothing; None where it can't be told.

        Everybody is looked at whose facts are all known, the latest stretch of law first, and where there is nobody also those of
        whom something is unknown.

        Raises:
            EncodingDisagrees: where the engine decides otherwise than the solver.
        """
        # only the proof that there is nobody takes the whole horizon
        trials: tuple[tuple[Where, bool], ...] = (
            ("nearby", True),
            ("nearby", False),
            ("near", False),
            ("whole", False),
            ("unknown", False),
        )
        less: tuple[str, Apart] | None = None  # somebody of whom not the verdict differs, but what goes with it
        for decision, laws in asked.laws:
            apart = self._people.apart(decision, laws[0])
            if apart is not None and apart.verdict:
                return _effective(asked, decision, apart.default, apart.departed)
            if apart is not None and less is None:
                less = decision, apart
        doubt = False
        for where, verdict in trials:
            if less is not None and not verdict:
                return _effective(asked, less[0], less[1].default, less[1].departed)
            doubt = False
            for decision, laws in asked.laws:
                for law in laws[:1] if where in _CLOSE else laws:
                    found = self._compared(law, decision, where, asked, verdict)
                    if isinstance(found, Unsure):
                        doubt = True
                    elif isinstance(found, tuple):
                        return replace(_effective(asked, decision, *found), known=where != "unknown")
            if doubt and where == "whole":
                break
        if doubt:
            if asked.name not in self.doubts.not_analysed:
                self.doubts.unsure.setdefault(asked.name)
            return None
        own = asked.interpretation
        read = tuple(decision for decision, _ in asked.laws)
        return Finding("idle-reading", "warning", own.id, None, own.span, own.cites, None, read, reading=(own.id, asked.reading))

    def _compared(self, law: Law, decision: str, where: Where, asked: Asked, verdict: bool) -> tuple[Shown, Shown] | Nobody | Unsure:
        """A person whom the two plans of a stretch decide differently; with ``verdict``, only one whose verdict differs."""
        key = decision, law.stretch, where
        if key not in self._bench:
            several, horizon = replace(law, plans=tuple(self._plans[decision, law.stretch])), self.options.horizon
            if where in _CLOSE:
                several, horizon = nearby(several, horizon, where == "nearby")
            elif where == "unknown":
                horizon = replace(horizon, mode="partial")
            self._bench[key] = _Bench.of(self.policy, several, replace(self.options, horizon=horizon))
        bench = self._bench[key].branch()
        a, b = bench.default, reencode(bench.default, law.plans[1])
        try:
            goal = disj(*(_verdicts(a, b) if verdict else [*_verdicts(a, b), *_differences(a, b)]))
        except NotEncoded as gap:
            self.doubts.not_analysed.setdefault(asked.name, str(gap))
            return Unsure(str(gap))
        possible = bench.search.holds(goal)
        if not possible:
            return Nobody() if possible is False else Unsure("timeout")
        answer = bench.search.find(goal, softs=bench.softs)
        return (shown(answer, a, self.policy), shown(answer, b, self.policy)) if isinstance(answer, Found) else answer


@dataclass(frozen=True)
class _Bench:
    """The facts of a stretch, its default plan over them, and a solver."""

    policy: Policy
    law: Law
    options: Options
    default: Encoded
    search: Search

    @classmethod
    def of(cls, policy: Policy, law: Law, options: Options) -> _Bench:
        space = space_of(policy, law, options)
        return cls(policy, law, options, encode(policy.program, law.plans[0], space), Search(space, timeout=options.timeout))

    def branch(self) -> _Bench:
        """One of its own for a reading: what another has brought in would weigh on the solver."""
        space = _branched(self.default.space)
        return replace(self, default=replace(self.default, space=space), search=Search(space, timeout=self.options.timeout))

    @property
    def softs(self) -> list[Soft]:
        """Wishes that keep witnesses readable."""
        return softs_of(self.policy, self.law, self.default.space, self.options)


def _branched(space: Space) -> Space:
    """The same facts; what is defined of them from now on is defined here alone."""
    parts = {name: copy(getattr(space, name)) for name in ("leaves", "lists", "_constraints", "_values", "_open")}
    return replace(space, define=space.define.branch(), **parts)


def _verdicts(a: Encoded, b: Encoded) -> Iterator[Bit]:
    return (neg(iff(a.verdict(v), b.verdict(v))) for v in VERDICTS)


def _differences(a: Encoded, b: Encoded) -> Iterator[Bit]:
    """In what the two plans can differ for somebody, besides the verdict."""
    both = conj(a.grants, b.grants)
    first, second = a.plan.decision, b.plan.decision
    before = {"amount": first.amount, "effect": first.effect, **dict(first.values)}
    after = {"amount": second.amount, "effect": second.effect, **dict(second.values)}
    for name in {**before, **after}:
        yield conj(both, _unlike(_value(a, before.get(name)), _value(b, after.get(name))))
    before, after = dict(first.dates), dict(second.dates)
    for name in {**before, **after}:
        yield _unlike(_value(a, before.get(name)), _value(b, after.get(name)))


def _value(encoded: Encoded, slot: str | None) -> Value | None:
    return None if slot is None else encoded.value(slot)


def _unlike(a: Value | None, b: Value | None) -> Bit:
    """That one is known and the other is not, or both are and differ."""
    first, second = (False if value is None else known(value) for value in (a, b))
    alone = neg(iff(first, second))
    return alone if a is None or b is None else disj(alone, conj(first, second, differ(a, b)))


def _effective(asked: Asked, decision: str, default: Shown, departed: Shown) -> Effective:
    aspects = tuple(_aspects(default.decision, departed.decision))
    if not aspects:
        told = f"another outcome under {asked.name}"
        raise EncodingDisagrees(default.decision.region, decision, told, "the same", default.facts, default.as_of)
    return Effective(asked.interpretation.id, asked.reading, tuple(name for name, _ in asked.laws), aspects, default, departed)


def _aspects(a: Decision, b: Decision) -> Iterator[Aspect]:
    names: tuple[Aspect, ...] = ("verdict", "amount", "effect", "values", "dates")
    for name in names:
        if getattr(a, name) != getattr(b, name) or (name == "dates" and a.latest != b.latest):
            yield name
