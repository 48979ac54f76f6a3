"""Decides many generated questions quickly: verdict and conclusions only, each plan compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from dte_rules.analysis.generate_facts import Builder
from dte_rules.analysis.generate_frame import State
from dte_rules.engine.compiled import Compiled, compile_plan
from dte_rules.engine.decide import CompiledRun
from dte_rules.engine.face import failing, known, outcome
from dte_rules.engine.plan import Plan, Readings, changes, era, plan
from dte_rules.engine.reference import Run
from dte_rules.program.nodes import Group, Program
from dte_rules.vocabulary import Vocabulary

MOST_PLANS = 400
WEIGHTS = {True: 1.0, False: 0.0}
HALF = 0.4
"""What an unknown condition is worth on the way to one that holds."""


class Planner(Protocol):
    """Where plans come from."""

    def plan(self, decision: str, as_of: date, readings: Readings) -> Plan:
        """The plan of a question."""

    def key(self, decision: str, as_of: date, readings: Readings) -> tuple[Any, ...]:
        """What a plan depends on."""


class _Planning:
    """Plans as they are asked for."""

    def __init__(self, program: Program) -> None:
        self.program, self.days = program, changes(program)

    def plan(self, decision: str, as_of: date, readings: Readings) -> Plan:
        """The plan of a question."""
        return plan(self.program, decision, as_of, readings)

    def key(self, decision: str, as_of: date, readings: Readings) -> tuple[Any, ...]:
        """What a plan depends on."""
        return decision, era(self.days, as_of), readings


class Runner:
    """Answers one decision of a program."""

    def __init__(self, program: Program, vocabulary: Vocabulary, decision: str, planner: Planner | None = None) -> None:
        self.program, self.decision = program, decision
        self.builder = Builder(vocabulary)
        self._planner = planner or _Planning(program)
        self._compiled: dict[tuple[Any, ...], Compiled] = {}

    def compiled(self, as_of: date, readings: Mapping[str, str]) -> Compiled:
        """The plan of a day under readings, compiled."""
        chosen = tuple(sorted(readings.items()))
        key = self._planner.key(self.decision, as_of, chosen)
        found = self._compiled.get(key)
        if found is None:
            if len(self._compiled) >= MOST_PLANS:
                self._compiled.clear()
            found = self._compiled[key] = compile_plan(self.program, self._planner.plan(self.decision, as_of, chosen))
        return found

    def run(self, state: State, facts: Any = None) -> tuple[Compiled, Run]:
        """What the rules conclude for a state."""
        compiled = self.compiled(state.as_of, state.readings)
        verdict, values = compiled.function(self.builder(state.facts) if facts is None else facts, state.as_of)
        return compiled, CompiledRun(compiled.slots, values, verdict, compiled.places)

    def signature(self, state: State) -> tuple[Any, ...]:
        """The verdict and every condition's truth: what changes where a value crosses an edge."""
        verdict, values = self.compiled(state.as_of, state.readings).function(self.builder(state.facts), state.as_of)
        return verdict, *(value if value is True or value is False else None for value in values)

    def shown(self, state: State, facts: Any = None) -> tuple[Any, ...]:
        """What a decision shows of what the rules conclude; where that is not enough for a verdict, also which conditions are open."""
        compiled, run = self.run(state, facts)
        found = shown(compiled.plan, run)
        if run.verdict != "undetermined":
            return found
        wanted = compiled.plan.decision
        every = wanted.requires + wanted.excludes + wanted.soft + wanted.delegates + wanted.empowers
        return (*found, tuple(slot for slot in every if not isinstance(run.values[slot], bool)))

    def score(self, state: State) -> float:
        """How near the state is to being met."""
        compiled, run = self.run(state)
        wanted = compiled.plan.decision
        points = {"met": 3.0, "discretionary": 2.5, "undetermined": 0.5, "not_met": 0.0}[run.verdict]
        points += sum(self._near(compiled.plan, run.values, slot, wanted=True) for slot in wanted.requires)
        points += sum(self._near(compiled.plan, run.values, slot, wanted=False) for slot in wanted.excludes)
        points += 0.3 * sum(self._near(compiled.plan, run.values, slot, wanted=True) for slot in wanted.soft)
        points += 0.3 * sum(self._near(compiled.plan, run.values, slot, wanted=False) for slot in wanted.delegates)
        return points + 0.5 * sum(known(run, slot) is not None for slot in wanted.grants)

    def _near(self, plan: Plan, values: Mapping[str, Any], slot: str, *, wanted: bool) -> float:
        value = values.get(slot)
        if isinstance(value, bool):
            return WEIGHTS[value is wanted]
        rule = plan.by_slot.get(slot)
        if rule is not None and isinstance(rule.body, Group):
            parts = [self._near(plan, values, member, wanted=wanted) for member in rule.body.members]
            return max(parts, default=HALF) if (rule.body.kind == "any") is wanted else sum(parts) / max(len(parts), 1)
        return HALF


def shown(plan: Plan, run: Run) -> tuple[Any, ...]:
    """What a decision shows of a run: verdict, amount, effect, failed conditions, dates and values."""
    wanted = plan.decision
    dates = tuple((name, _plain(run.values.get(slot))) for name, slot in wanted.dates)
    values = tuple((name, known(run, slot)) for name, slot in wanted.values)
    return (*outcome(wanted, run), tuple(failing(wanted, run)) if run.verdict != "met" else (), dates, values)


def _plain(value: Any) -> Any:
    """A value, or the earlier end of an unknown one, as a decision shows it."""
    low = getattr(value, "low", value)
    return low if isinstance(low, date) else None
