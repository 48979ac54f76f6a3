"""Plans of programs with a fault: the original's, with no more worked out again than the fault changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dte_rules.analysis.mutation_mutants import Mutant
from dte_rules.engine import plan as planning
from dte_rules.engine.decide import other_readings
from dte_rules.engine.face import Other
from dte_rules.engine.plan import Plan, Readings, changes, era, reads
from dte_rules.program.nodes import Period, Program, Rule, Table

Key = tuple[str, int, Readings]


class Plans:
    """The plans of a program, each made once."""

    def __init__(self, program: Program) -> None:
        self.program, self.days = program, changes(program)
        self._plans: dict[Key, Plan] = {}
        self._others: dict[Key, tuple[Other, ...]] = {}

    def key(self, decision: str, as_of: date, readings: Readings) -> tuple[Any, ...]:
        """What a plan depends on."""
        return decision, era(self.days, as_of), readings

    def plan(self, decision: str, as_of: date, readings: Readings) -> Plan:
        """The plan of a question."""
        key = (decision, era(self.days, as_of), readings)
        if key not in self._plans:
            self._plans[key] = planning.plan(self.program, decision, as_of, readings)
        return self._plans[key]

    def others(self, decision: str, as_of: date, readings: Readings) -> tuple[Other, ...]:
        """The plans of the other readings that change a rule."""
        key = (decision, era(self.days, as_of), readings)
        if key not in self._others:
            self._others[key] = other_readings(self.program, self.plan(decision, as_of, readings), as_of)
        return self._others[key]


class FaultyPlans(Plans):
    """The plans of a program with a fault. Where the fault changes nothing of a plan, it is the original's own object."""

    def __init__(self, original: Plans, mutant: Mutant) -> None:
        super().__init__(mutant.program(original.program))
        self.original, self.mutant = original, mutant
        before = original.program.rules
        self.moved = any(before[n].period != rule.period or before[n].under != rule.under for n, rule in mutant.rules.items())
        names = {slot for rule in mutant.rules.values() if rule.kind == "parameter" for slot in rule.slots}
        places = set(mutant.rules)
        if names:
            places |= {n for n, rule in enumerate(before) if names.intersection(reads(rule))}
        self.places = places if not self.moved else set()

    def key(self, decision: str, as_of: date, readings: Readings) -> tuple[Any, ...]:
        """What a plan depends on, and the original's too."""
        return decision, era(self.days, as_of), era(self.original.days, as_of), readings

    def plan(self, decision: str, as_of: date, readings: Readings) -> Plan:
        """The plan of a question."""
        key: Any = self.key(decision, as_of, readings)
        if key not in self._plans:
            self._plans[key] = self._made(decision, as_of, readings)
        return self._plans[key]

    def others(self, decision: str, as_of: date, readings: Readings) -> tuple[Other, ...]:
        """The plans of the other readings; those of the original where none changes."""
        key: Any = self.key(decision, as_of, readings)
        if key not in self._others:
            theirs = self.original.others(decision, as_of, readings)
            if self.moved:
                found = other_readings(self.program, self.plan(decision, as_of, readings), as_of)
                same = [(o.interpretation, o.reading, o.plan) for o in found] == [(o.interpretation, o.reading, o.plan) for o in theirs]
                self._others[key] = theirs if same else found
            else:
                made = tuple(replace(other, plan=self.plan(decision, as_of, other.plan.readings)) for other in theirs)
                same = all(one.plan is other.plan for one, other in zip(made, theirs, strict=True))
                self._others[key] = theirs if same else made
        return self._others[key]

    def _made(self, decision: str, as_of: date, readings: Readings) -> Plan:
        before = self.original.plan(decision, as_of, readings)
        if self.moved:
            after = planning.plan(self.program, decision, as_of, readings)
            return before if _bare(after) == _bare(before) else after
        other = self.mutant.decision is not None and self.mutant.decision.id == decision
        return planning.revised(self.program, before, as_of, sorted(self.places), decision=other)


def _bare(plan: Plan) -> Plan:
    """The plan without the days and readings that put its rules in force: it has been worked out already that they are."""
    return replace(plan, rules=tuple(map(bare, plan.rules)))


def bare(rule: Rule) -> Rule:
    """The rule of a plan without the days and readings that put it in force."""
    body = rule.body
    if isinstance(body, Table):
        body = replace(body, rows=tuple(replace(row, period=Period()) for row in body.rows))
    return replace(rule, body=body, period=Period(), under=())
