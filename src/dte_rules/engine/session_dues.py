"""The days of a duty whose date is the first of several, as ``min(for report in unmade return due(report))``.

A decision shows the first alone, and goes on showing it when it is over. A session tells each of them as it passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dte_rules.engine.compiled import compile_plan
from dte_rules.engine.plan import Plan
from dte_rules.engine.runtime import Between, Partial
from dte_rules.engine.session_changes import Days
from dte_rules.feel import core
from dte_rules.feel.types import DATE, ListOf
from dte_rules.program.nodes import Formula, Program, Rule


class Dues:
    """All days of which the dates of a plan are the first."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self._names: dict[str, str] = {}
        rules: list[Rule] = []
        if plan.decision.modality == "duty":  # elsewhere, as of two ends of a validity, only the first counts
            for name, slot in plan.decision.dates:
                found = _several(plan, core.Ref(slot, type=DATE))
                if found is not None:
                    self._names[name] = f"{slot}.several"
                    rules.append(Rule(self._names[name], "term", found.type, Formula(found)))
        self._compiled = compile_plan(program, replace(plan, rules=(*plan.rules, *rules))) if rules else None

    def of(self, facts: Any, as_of: date) -> Mapping[str, tuple[Days, ...]]:
        """The days, by the name of the date that is the first of them; of those that are known to be among them."""
        if self._compiled is None:
            return {}
        _, values = self._compiled.function(facts, as_of)
        return {name: tuple(_days(values[self._compiled.places[slot]])) for name, slot in self._names.items()}


def _several(plan: Plan, expr: core.Expr) -> core.Expr | None:
    """The list of days of which an expression takes the first; None where it takes the first of none."""
    dates = ListOf(DATE)
    match expr:
        case core.Call("min", (several,)) if several.type == dates:
            return several
        case core.If(condition, then, otherwise):
            one, other = _several(plan, then), _several(plan, otherwise)
            if one is None and other is None:
                return None
            none = core.MakeList((), type=dates)
            return core.If(condition, one or none, other or none, type=dates)
        case core.Ref(name) if (rule := plan.by_slot.get(name)) is not None and isinstance(rule.body, Formula):
            return _several(plan, rule.body.expr)
        case _:
            return None


def _days(value: Any) -> Iterator[Days]:
    if type(value) is Partial:  # what may be one of them is not told
        value = tuple(day for day, sure in zip(value.values, value.sure, strict=True) if sure)
    for day in value if type(value) is tuple else ():
        if type(day) is date:
            yield day, day
        elif type(day) is Between and type(day.low) is date and type(day.high) is date:
            yield day.low, day.high
