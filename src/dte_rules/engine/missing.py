"""What is missing: everything unknown that can still change a verdict, and the smallest sets of it that would settle it.

This walks the rules of an undetermined decision backwards with the reference meaning; it runs only for undetermined decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dte_rules.engine import reference
from dte_rules.engine.clues import Clues
from dte_rules.engine.decision import MissingSet
from dte_rules.engine.facts import environment
from dte_rules.engine.narrowed import NarrowedRules, Spent
from dte_rules.engine.plan import Plan
from dte_rules.engine.settling import PLAIN, Settling
from dte_rules.engine.verdict import Verdict
from dte_rules.feel.evaluate import Environment
from dte_rules.feel.values import needs_of
from dte_rules.program.nodes import Decision, Program, Rule

Conclude = Callable[[Rule, Environment], Mapping[str, Any]]
"""What a rule concludes."""


@dataclass(frozen=True)
class Missing:
    """Names of what is missing, and the sets that would settle the verdict."""

    names: tuple[str, ...] = ()
    sets: tuple[MissingSet, ...] = ()


class Finder:
    """Finds what is missing for undetermined decisions; what the plan alone says is worked out once, when it is first needed.

    Safe to share between threads.
    """

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program, self.plan = program, plan
        self._rules = NarrowedRules()

    @cached_property
    def _clues(self) -> Clues:
        return Clues(self.program, self.plan)

    def names(self, facts: Any, as_of: date, run: reference.Run) -> tuple[str, ...]:
        """As `needs_of_run`."""
        return self._names(facts, as_of, run, Spent())

    def missing(self, facts: Any, as_of: date, run: reference.Run) -> Missing:
        """As `missing_of`."""
        spent = Spent()
        names = self._names(facts, as_of, run, spent)
        if self.plan.absent:
            verdicts: tuple[Verdict, ...] = ("met", "not_met")
            return Missing(names, tuple(MissingSet.model_construct(facts=(name,), verdicts=verdicts) for name in names))
        settling = self.settling(facts, as_of, spent)
        sets = settling.sets()
        names = tuple(settling.telling(names, sets))
        weight = dict.fromkeys(names, (0, 0))
        for found in sets:
            for name in found.facts:
                alone, often = weight.get(name, (0, 0))
                weight[name] = (alone + (len(found.facts) == 1), often + 1)
        ranked = sorted(names, key=lambda name: (-weight[name][0], -weight[name][1]))  # stable: else in the order of the rules
        return Missing(tuple(ranked), sets)

    def settling(self, facts: Any, as_of: date, spent: Spent | None = None) -> Settling:
        """What finds the sets for facts on a day, and goes on from what was spent already."""
        return Settling(self._clues, self._rules, facts, as_of, Spent() if spent is None else spent)

    def _names(self, facts: Any, as_of: date, run: reference.Run, spent: Spent) -> tuple[str, ...]:
        return _needs(self.program, self.plan, facts, as_of, run, lambda rule, env: self._rules.conclude(rule, env, spent))


def missing_of(program: Program, plan: Plan, facts: Any, as_of: date, run: reference.Run) -> Missing:
    """What is missing for an undetermined decision. A `Finder` finds it faster for many."""
    return Finder(program, plan).missing(facts, as_of, run)


def needs_of_run(program: Program, plan: Plan, facts: Any, as_of: date, run: reference.Run) -> tuple[str, ...]:
    """Everything unknown that can still change the verdict of an undetermined decision, in the order of the rules."""
    return _needs(program, plan, facts, as_of, run, reference.conclude)


def _needs(program: Program, plan: Plan, facts: Any, as_of: date, run: reference.Run, concluded: Conclude) -> tuple[str, ...]:
    if plan.absent:
        return plan.absent
    values: dict[str, Any] = {}
    found = run.values

    def conclude(slot: str) -> Any:
        if slot not in values:
            value = found[slot]
            if isinstance(value, PLAIN):
                values[slot] = value
            else:
                values.update(concluded(plan.by_slot[slot], env))
        return values[slot]

    env = environment(program, facts, as_of, conclude)
    names: dict[str, None] = {}
    for slot in _open_slots(plan.decision, run):
        value = conclude(slot)
        if slot in plan.decision.delegates and value is not False:
            names[slot.rpartition(".")[2]] = None
        wanted = needs_of(value) or (frozenset() if value is not None else frozenset([slot.rpartition(".")[2]]))
        names.update(dict.fromkeys(sorted(wanted)))
    return tuple(names)


def _open_slots(decision: Decision, run: reference.Run) -> list[str]:
    found = run.unsettled(decision.requires + decision.excludes)
    found += [slot for slot in decision.delegates if run.values[slot] is not False]
    found += run.unsettled(decision.empowers + decision.soft)
    return found + [slot for slot in decision.grants if run.known(slot) is None]
