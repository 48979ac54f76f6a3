"""The smallest sets of what is missing that would settle an undetermined decision, found with the reference meaning.

Conditions are taken apart as far as they are connectives; the rest is tried under suppositions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice, product
from math import prod
from typing import Any

from dte_rules.engine.clues import Clues
from dte_rules.engine.decision import MissingSet
from dte_rules.engine.facts import NOTHING as NONE_SUPPOSED
from dte_rules.engine.facts import FactRecord, environment
from dte_rules.engine.narrowed import NarrowedRules, Spent
from dte_rules.engine.supports import MOST_TRIES, NOTHING, UNSUPPOSABLE, Support, both, either, minimal, search
from dte_rules.engine.suppositions import Suppositions, type_at
from dte_rules.engine.verdict import Verdict, granted, verdict_of
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.operators import divide, multiply
from dte_rules.feel.types import NUMBER, Record
from dte_rules.feel.values import PartialList, Unknown, members_of, needs_of
from dte_rules.program.nodes import Decision, Formula, Group

PLAIN = (bool, Decimal, str, date)
"""Values that are taken over as they are; lists and records are read again, with their paths."""
TRUE_OR_FALSE = (True, False)
DEFINITE: tuple[Verdict, ...] = ("met", "discretionary", "not_met")
MOST_SHARES = 100
"""How many pairs of a known number and one of the rules' are multiplied and divided."""
FEW = 4
"""A name with more values than this is not asked whether it is idle."""
Pair = tuple[tuple[Support, ...], tuple[Support, ...]]
"""Supports of a condition's being true, and of its being false."""


class _Given(Suppositions):
    """Suppositions that keep to what is given: an event without its day has happened, so that day is not after the day asked about.

    A number that is compared with a share of another (``online <= total * 0.5``) turns where the known one is such a share of it.
    """

    def _candidates(self, name: str) -> Sequence[Any]:
        found = super()._candidates(name)
        if type_at(self.program.facts, name) == NUMBER:
            return tuple(dict.fromkeys([*found, *self._shares]))
        owner, _, field = name.rpartition(".")
        member = type_at(self.program.facts, owner) if owner.endswith("]") else None
        if isinstance(member, Record) and (member.name, field) in self.clues.events:
            return tuple(day for day in found if day <= self.as_of)
        return found

    @cached_property
    def _shares(self) -> Sequence[Any]:
        own = dict.fromkeys(value for value in self.known if type(value) is Decimal)
        pairs = islice(((number, rate) for number in own for rate in self.clues.numbers), MOST_SHARES)
        return [share for number, rate in pairs for share in (divide(number, rate), multiply(number, rate)) if share is not None]


class Settling:
    """Finds the minimal sets for one decision."""

    def __init__(self, clues: Clues, rules: NarrowedRules, facts: Any, as_of: date, spent: Spent) -> None:
        self.program, self.plan, self.facts, self.as_of = clues.program, clues.plan, facts, as_of
        self.suppositions = _Given(self.program, self.plan, facts, as_of, clues=clues)
        self._bearing, self._rules, self._spent = clues.bearing, rules, spent
        self._kept: dict[tuple[str, frozenset[tuple[str, int]]], Mapping[str, Any]] = {}
        self._pairs: dict[str, Pair] = {}
        self.base = self._supposing(NONE_SUPPOSED)

    def _supposing(self, supposed: Mapping[str, Any]) -> Environment:
        """An environment in which slots are concluded as they are asked for, under suppositions.

        What is known is not changed by more knowledge, so only slots that rest on what is supposed are concluded again.
        """
        values: dict[str, Any] = {}

        def conclude(slot: str) -> Any:
            if slot not in values:
                before = self.base.lookup(slot) if supposed else None
                if isinstance(before, PLAIN) or (isinstance(before, Unknown) and before.needs.isdisjoint(supposed)):
                    values[slot] = before
                else:
                    values.update(self._concluded(slot, supposed, env))
            return values[slot]

        env = environment(self.program, self.facts, self.as_of, conclude, supposed)
        return env

    def _concluded(self, slot: str, supposed: Mapping[str, Any], env: Environment) -> Mapping[str, Any]:
        """What a slot's rule concludes; it is kept by those suppositions that can bear on it, for the same come again with others."""
        bearing = frozenset([(name, id(value)) for name, value in supposed.items() if self._bearing.bears(name, slot)])
        found = self._kept.get((slot, bearing))
        if found is None:
            found = self._rules.conclude(self.plan.by_slot[slot], env, self._spent)
            if all(isinstance(value, (*PLAIN, Unknown)) for value in found.values()):  # records know what else was supposed
                self._kept[slot, bearing] = found
        return found

    def telling(self, names: Sequence[str], sets: Sequence[MissingSet]) -> list[str]:
        """The names that can still change the verdict: those of some minimal set, and others for which that can't be ruled out."""
        sure = {name for found in sets for name in found.facts}
        return [name for name in names if name in sure or not self._idle(name, [other for other in names if other != name])]

    def _idle(self, name: str, others: Sequence[str]) -> bool:
        """Whether no values of the others were found with which this name makes a difference, all of them having been tried."""
        own = self.suppositions.of(name)
        columns = [self.suppositions.of(other) for other in others]
        lists = any(isinstance(value, tuple) for column in columns for value in column[:1])  # not all lists can be tried
        if not own or len(own) > FEW or lists or not all(columns) or prod(map(len, columns)) * len(own) > MOST_TRIES:
            return False
        for values in product(*columns):
            if self._spent.enough():
                return False
            rest = dict(zip(others, values, strict=True))
            if len({self._decide({**rest, name: value}) for value in own}) > 1:
                return False
        return True

    def sets(self) -> tuple[MissingSet, ...]:
        """The inclusion-minimal sets, each with the verdicts that values of it can lead to."""
        d = self.plan.decision
        requires, excludes = [self.slot(s) for s in d.requires], [self.slot(s) for s in d.excludes]
        refusal = either([f for _, f in requires] + [t for t, _ in excludes])
        granting = both(
            [t for t, _ in requires]
            + [f for _, f in excludes]
            + [self._delegation(s) for s in d.delegates]
            + [self._known(s) for s in d.grants]
            + [self._discretion(d)]
        )
        found: dict[frozenset[str], tuple[set[Verdict], Support]] = {}
        for support in minimal([*refusal, *granting]):
            found[frozenset(support)] = (set(), support)
        for names in list(found):
            verdicts = self._verdicts(names, [s for s in (*refusal, *granting) if frozenset(s) == names], names in map(frozenset, refusal))
            if verdicts:
                found[names] = (verdicts, found[names][1])
            else:
                del found[names]
        return tuple(
            MissingSet.model_construct(facts=tuple(sorted(names)), verdicts=tuple(v for v in DEFINITE if v in verdicts))
            for names, (verdicts, _) in found.items()
        )

    def _verdicts(self, names: frozenset[str], supports: Sequence[Support], refuses: bool) -> set[Verdict]:
        """The verdicts that values of these names lead to, tried by deciding; supports are tried first."""
        unsure: set[Verdict] = {"not_met", "met"} if refuses and len(supports) > 1 else {"not_met"} if refuses else {"met", "not_met"}
        if any(value is UNSUPPOSABLE for support in supports for value in support.values()):
            return unsure
        ordered = sorted(names)
        reached: set[Verdict] = set()
        reachable = self._reachable(names)
        others = (dict(zip(ordered, values, strict=True)) for values in product(*map(self.suppositions.of, ordered)))
        for tried, supposed in enumerate(chain(supports, others), 1):
            if self._spent.enough():
                return reached or unsure
            verdict = self._decide(supposed)
            if verdict != "undetermined":
                reached.add(verdict)
            if reached == reachable or (tried > MOST_TRIES // 4 and reached) or tried > MOST_TRIES:
                break
        return reached

    def _reachable(self, names: frozenset[str]) -> set[Verdict]:
        """The verdicts that are not ruled out for want of anything but these names: what rests on none of them stays as it is."""
        d = self.plan.decision
        open_ended = [self.base.lookup(slot) for slot in d.requires + d.excludes + d.delegates + d.grants]
        if any(isinstance(value, Unknown) and value.needs.isdisjoint(names) for value in open_ended):
            return {"not_met"}
        return {"met", "not_met", "discretionary"} if d.soft or d.empowers else {"met", "not_met"}

    def _decide(self, supposed: Mapping[str, Any]) -> Verdict:
        env = self._supposing(supposed)
        return verdict_of(self.plan.decision, {slot: env.lookup(slot) for slot in self.plan.decision.slots if slot in self.plan.by_slot})

    # --- supports of slots ---

    def slot(self, name: str) -> Pair:
        """The supports of a condition slot."""
        if name not in self._pairs:
            value = self.base.lookup(name)
            rule = self.plan.by_slot[name]
            if isinstance(value, bool):
                pair: Pair = (NOTHING, ()) if value else ((), NOTHING)
            elif isinstance(rule.body, Group):
                parts = [self.slot(member) for member in rule.body.members]
                pair = _and(parts) if rule.body.kind == "all" else _or(parts)
                pair = (pair[1], pair[0]) if rule.body.kind == "none" else pair
            elif isinstance(rule.body, Formula):
                pair = self.condition(rule.body.expr, {})
            else:
                pair = self._searched(lambda env: env.lookup(name), value)
            self._pairs[name] = pair
        return self._pairs[name]

    def condition(self, expr: core.Expr, local: Mapping[str, Any]) -> Pair:
        """The supports of a condition's being true and false."""
        value = evaluate(expr, self.base, local)
        if isinstance(value, bool):
            return (NOTHING, ()) if value else ((), NOTHING)
        match expr:
            case core.And(operands):
                return _and([self.condition(o, local) for o in operands])
            case core.Or(operands):
                return _or([self.condition(o, local) for o in operands])
            case core.Not(operand):
                true, false = self.condition(operand, local)
                return false, true
            case core.Ref(name) if name in self.plan.by_slot:
                return self.slot(name)
            case core.Quantified(kind, var, source, test):
                members = evaluate(source, self.base, local)
                if isinstance(members, tuple) or (isinstance(members, PartialList) and all(m.certain for m in members_of(members))):
                    parts = [self.condition(test, {**local, var: m.value}) for m in members_of(members)]
                    return _or(parts) if kind == "some" else _and(parts)
            case _:
                pass
        return self._searched(lambda env: evaluate(expr, env, local if env is self.base else self._renewed(local, env)), value)

    def _renewed(self, local: Mapping[str, Any], env: Environment) -> dict[str, Any]:
        """Members of lists under suppositions: the same records, with what is supposed of their fields."""
        return {name: replace(v, supposed=env.supposed) if isinstance(v, FactRecord) else v for name, v in local.items()}

    def _searched(self, outcome: Callable[[Environment], Any], value: Any) -> Pair:
        names = sorted(needs_of(value))
        found = self._search(names, lambda env: _truth(outcome(env)), TRUE_OR_FALSE)
        return found[True], found[False]

    def _search(
        self, names: Sequence[str], outcome: Callable[[Environment], Any], outcomes: Sequence[Any]
    ) -> Mapping[Any, tuple[Support, ...]]:
        def tried(supposed: Mapping[str, Any]) -> Any:
            self._spent.steps += 1
            return outcome(self._supposing(supposed))

        return search(names, self.suppositions.of, tried, outcomes, enough=self._spent.enough)

    def _known(self, name: str) -> tuple[Support, ...]:
        """Supports of a grant's being known."""
        value = self.base.lookup(name)
        if granted(value):
            return NOTHING
        names = sorted(needs_of(value)) or [name.rpartition(".")[2]]
        found = self._search(names, lambda env: granted(env.lookup(name)) or None, (True,))
        return found[True]

    def _delegation(self, name: str) -> tuple[Support, ...]:
        """Supports of a delegation's standing no longer in the way: it doesn't apply, or the other document is known."""
        document: Support = {name.rpartition(".")[2]: UNSUPPOSABLE}
        _, false = self.slot(name)
        return either([false, (document,)]) if NOTHING[0] not in false else NOTHING

    def _discretion(self, decision: Decision) -> tuple[Support, ...]:
        """Supports of knowing whether discretion remains."""
        powers = [self.slot(s) for s in decision.empowers]
        soft = [self.slot(s) for s in decision.soft]
        some = either([t for t, _ in powers] + [f for _, f in soft])
        none = both([f for _, f in powers] + [t for t, _ in soft])
        return either([some, none])


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _and(parts: Sequence[Pair]) -> Pair:
    return both([t for t, _ in parts]), either([f for _, f in parts])


def _or(parts: Sequence[Pair]) -> Pair:
    return either([t for t, _ in parts]), both([f for _, f in parts])
